// Answers and bodies that others published, through the whole loop: an answer becomes a workspace, is imported, plans to
// nothing but adoption, is changed and converges; a body becomes config, is applied and plans to nothing. What nobody's
// API takes is refused where it stands. The files lie outside of the project; where they are absent, this is skipped.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isList, isObject, type Json, type JsonObject } from '../src/model/json';
import type { SeededEndpoint } from '../src/simulator';
import { Loop, methodsOf } from './properties/loop';

const ROOT = process.env.GATEWRIGHT_CORPUS ?? join(__dirname, '../../shared/corpus');
/** A: answers of the API. B: bodies sent to it. */
const FILES = ['A', 'B'].flatMap((kind) => {
  const folder = join(ROOT, kind);
  return existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((file) => `${kind}/${file}`)
    : [];
});
/** At most this share of what people did not make up may not fit. */
const MOST_UNFIT = 0.1;
const GATEWAY = [
  'rate_limits',
  'guardrails',
  'inference_table_config',
  'usage_tracking_config',
  'fallback_config',
];
const SETTINGS = { update_duration_ms: 0 };

type Outcome = { readonly as: 'fits' | 'refused' | 'does not fit'; readonly why: string };
const outcomes = new Map<string, Outcome>();
let loop: Loop;

/** The collection's own list says which files hold a shape that no API has. */
function inventedFiles(): ReadonlySet<string> {
  const index = join(ROOT, 'INDEX.md');
  const rows = existsSync(index) ? readFileSync(index, 'utf8').split('\n') : [];
  const marked = rows.filter((row) => /\binvented\b|must be rejected|wrong shape/i.test(row));
  return new Set(marked.flatMap((row) => /^\| (\S+) \|/.exec(row)?.[1] ?? []));
}
const INVENTED = inventedFiles();

function project(head: JsonObject): void {
  const { directory } = loop;
  rmSync(join(directory, 'gateways'), { recursive: true, force: true });
  mkdirSync(join(directory, 'gateways'));
  writeFileSync(join(directory, 'gatewright.yaml'), JSON.stringify({ project: 'corpus', ...head }));
}

async function planned(): Promise<{
  changes: { action: string; differences: unknown[] }[];
  refused: unknown[];
}> {
  const { code, out, err } = await loop.gatewright('plan', '-o', 'json');
  expect({ code, err }).toEqual({ code: 0, err });
  return JSON.parse(out);
}

/** Endpoints as an answer has them: a list in either of its forms, or one. */
function endpointsIn(answer: Json): JsonObject[] | undefined {
  const list =
    isObject(answer) && isList(answer.endpoints) ? answer.endpoints : isList(answer) ? answer : [answer];
  const all = list.filter(isObject);
  return all.length > 0 && all.every(({ name }) => typeof name === 'string') ? all : undefined;
}

async function roundTrip(seeds: readonly JsonObject[]): Promise<Outcome> {
  const names = seeds.map(({ name }) => String(name));
  project({ include: ['gateways/*.yaml'] });
  loop.simulator.seed({ serving_endpoints: seeds as unknown as SeededEndpoint[], settings: SETTINGS });
  const imported = await loop.gatewright('import', ...names, '--into', 'gateways');
  expect(methodsOf(imported)).toEqual(new Set(['GET']));
  const count = Number(/^Imported (\d+) /.exec(imported.err)?.[1]);
  if (count < names.length) return { as: 'does not fit', why: imported.err.split('\n').slice(1).join(' ') };

  const { changes, refused } = await planned();
  expect(refused).toEqual([]);
  for (const { action, differences } of changes)
    expect({ action, differences }).toEqual({ action: 'adopt', differences: [] });

  // One more limit for everybody: a change that every sort of endpoint takes, but for agents.
  const change = (seed: JsonObject) =>
    String(seed.task).startsWith('agent/')
      ? { tags: { corpus: 'changed' } }
      : { ai_gateway: { rate_limits: { user: { calls: 7 } } } };
  const serving_endpoints = Object.fromEntries(seeds.map((seed) => [String(seed.name), change(seed)]));
  const head = { project: 'corpus', include: ['gateways/*.yaml'], targets: { here: { serving_endpoints } } };
  writeFileSync(join(loop.directory, 'gatewright.yaml'), JSON.stringify(head));
  const applied = await loop.gatewright('apply', '--yes');
  expect({ code: applied.code, out: applied.out }).toEqual({ code: 0, out: applied.out });
  expect(applied.requests.filter(({ method }) => method !== 'GET').length).toBeGreaterThanOrEqual(
    names.length,
  );
  expect((await planned()).changes).toEqual([]);
  const leftOut = (imported.err.match(/ is left out| cannot be declared/g) ?? []).length;
  const said = leftOut === 0 ? '' : `, ${leftOut} left out`;
  return { as: 'fits', why: `${names.length} imported${said}, changed, converged` };
}

/** A body as the entry that it becomes, and what has to be there for it. */
function entryOf(body: Json): { readonly entry: JsonObject; readonly on?: JsonObject } {
  const value = isList(body) ? manifest(body) : body;
  if (!isObject(value)) return { entry: {} };
  if (isList(value.access_control_list))
    return { entry: { permissions: value.access_control_list }, on: EXTERNAL };
  if (isList(value.served_entities) || isList(value.served_models)) return { entry: { config: value } };
  const isGateway = Object.keys(value).every((name) => GATEWAY.includes(name));
  return isGateway ? { entry: { ai_gateway: value }, on: EXTERNAL } : { entry: value };
}

/** `[{name, props: [{name, value}]}]`: https://stackql.io */
function manifest(list: readonly Json[]): Json {
  const [first] = list.filter(isObject);
  const props = isObject(first) && isList(first.props) ? first.props.filter(isObject) : [];
  return Object.fromEntries(props.map(({ name, value }) => [String(name), value ?? null]));
}

/** A foundation model, by its name. */
const WORTH: Readonly<Record<string, string>> = { llm_entity: 'system.ai.llm' };

const EXTERNAL: JsonObject = {
  name: 'endpoint',
  config: {
    served_entities: ['a', 'b'].map((name) => ({
      name,
      external_model: {
        name: 'm',
        provider: 'openai',
        task: 'llm/v1/chat',
        openai_config: { openai_api_key: '{{secrets/llm/openai}}' },
      },
    })),
    traffic_config: {
      routes: ['a', 'b'].map((served_entity_name) => ({ served_entity_name, traffic_percentage: 50 })),
    },
  },
};

async function fromConfig(text: string): Promise<Outcome> {
  // What the author's own program would have filled in is a variable here, worth its own name where nothing is known.
  const names = [...new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!))];
  const body: Json = parse(text.replace(/\$\{(\w+)\}/g, (_, name) => '$'.concat('{var.', name, '}')));
  const { entry, on } = entryOf(body);
  const variables = Object.fromEntries(
    names.map((name) => [name, { default: WORTH[name] ?? name.toLowerCase() }]),
  );
  loop.simulator.seed({
    serving_endpoints: (on === undefined ? [] : [on]) as unknown as SeededEndpoint[],
    settings: SETTINGS,
  });
  const rest = on === undefined ? { name: 'endpoint', ...entry } : entry;
  project({ variables, serving_endpoints: { endpoint: rest } });
  const checked = await loop.gatewright('validate', '-o', 'json');
  if (checked.code === 3) return { as: 'refused', why: reasonsIn(checked.out, text) };
  const applied = await loop.gatewright('apply', '--yes');
  if (applied.code !== 0)
    return { as: 'does not fit', why: applied.out.slice(applied.out.indexOf('failed')).replace(/\s+/g, ' ') };
  expect(applied.requests.some(({ method }) => method !== 'GET')).toBe(true);
  const again = await planned();
  expect(again).toMatchObject({ changes: [], refused: [] });
  return { as: 'fits', why: on === undefined ? 'created, plans to nothing' : 'applied, plans to nothing' };
}

/** Every reason names something that stands in the file. */
function reasonsIn(out: string, text: string): string {
  const diagnostics = JSON.parse(out) as { code: string; severity: string; message: string; line?: number }[];
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.length).toBeGreaterThan(0);
  for (const { message, line } of errors) {
    expect(line).toBeGreaterThan(0);
    expect((message.match(/[A-Za-z_]{3,}/g) ?? []).some((word) => text.includes(`"${word}`))).toBe(true);
  }
  return errors.map(({ code, message }) => `${code}: ${message}`).join('; ');
}

async function outcomeOf(file: string): Promise<Outcome> {
  const text = readFileSync(join(ROOT, file), 'utf8');
  if (file.startsWith('B/')) return fromConfig(text);
  const answer: Json = JSON.parse(text);
  const seeds = endpointsIn(answer);
  if (seeds !== undefined) return roundTrip(seeds);
  const isList_ = isObject(answer) && isList(answer.access_control_list);
  return isList_
    ? roundTrip([{ ...EXTERNAL, permissions: answer.access_control_list ?? [] }])
    : fromConfig(text);
}

if (FILES.length === 0) {
  process.stdout.write(`0 files were read: there is no ${ROOT}\n`);
  test.skip(`0 files were read: there is no ${ROOT}`, () => {});
} else {
  beforeAll(async () => {
    loop = await Loop.open();
  });

  afterAll(async () => {
    await loop.close();
    const rows = [...outcomes].map(([file, { as, why }]) => `  ${file.padEnd(56)} ${as}: ${why}\n`);
    process.stdout.write(`${FILES.length} files were read\n${rows.join('')}`);
  });

  describe(`${FILES.length} files`, () => {
    test.each(FILES)('%s', async (file) => {
      const { as, why } = await outcomeOf(file);
      const isInvented = INVENTED.has(file);
      outcomes.set(file, as === 'refused' && !isInvented ? { as: 'does not fit', why } : { as, why });
      if (isInvented) expect({ as, why }).toEqual({ as: 'refused', why });
    });
  });

  test('nearly all of what people did not make up fits', () => {
    const real = [...outcomes].filter(([file]) => !INVENTED.has(file));
    const unfit = real
      .filter(([, { as }]) => as === 'does not fit')
      .map(([file, { why }]) => `${file}: ${why}`);
    expect({ unfit, share: unfit.length / Math.max(1, real.length) <= MOST_UNFIT }).toEqual({
      unfit,
      share: true,
    });
  });
}
