// A body that replaces loses nothing: what is deprecated goes back as it came, what this version does not know goes
// back as `preview` says or the request is not sent. For the config, both of its routes, and the gateway.
import fc from 'fast-check';
import { isList, isObject, type Json, type JsonObject } from '../../src/model/json';
import { ENVIRONMENT, type WholeEstate, wholeEstates } from '../generators/config';
import { casesOr, Loop, SEED } from './loop';

/** Each is an apply of whole endpoints, some 35 ms; test/deep has more. */
const CASES = casesOr(500);
/** Guards that ask, and are not what this is about. */
const ALLOWED = ['adopt-removes', 'brake'].flatMap((guard) => ['--allow', guard]);

type Block = Record<string, Json>;

interface Plant {
  /** Below the endpoint; `0` is the first item of a list, found again by its name. */
  readonly path: readonly string[];
  readonly value: Json;
  readonly deprecated?: true;
}

const PLANTS: Readonly<Record<string, Plant>> = {
  'a part of the config': { path: ['config', 'shadow_config'], value: { percentage: 5 } },
  'a part of the split': { path: ['config', 'traffic_config', 'mirror_to'], value: 'shadow' },
  'a part of an entity': { path: ['config', 'served_entities', '0', 'autoscaling'], value: { target: 3 } },
  'a legacy table': {
    path: ['config', 'auto_capture_config'],
    value: { catalog_name: 'ml', schema_name: 'old', table_name_prefix: 'chat', enabled: false },
    deprecated: true,
  },
  'a block of the gateway': { path: ['ai_gateway', 'cost_controls'], value: { budget: 9 } },
  'a guardrail': { path: ['ai_gateway', 'guardrails', 'output', 'jailbreak'], value: true },
  'a part of the table': { path: ['ai_gateway', 'inference_table_config', 'sampling'], value: 0.5 },
  'words of a guardrail': {
    path: ['ai_gateway', 'guardrails', 'input', 'invalid_keywords'],
    value: ['confidential'],
    deprecated: true,
  },
};

/** The requests that replace what a path leads into. */
const REPLACES: readonly { readonly ends: RegExp; readonly field: string; block(body: JsonObject): Json }[] =
  [
    {
      ends: /\/serving-endpoints\/pt\/[^/]+\/config$/,
      field: 'config',
      block: (body) => body.config ?? null,
    },
    { ends: /\/serving-endpoints\/[^/]+\/config$/, field: 'config', block: (body) => body },
    { ends: /\/ai-gateway$/, field: 'ai_gateway', block: (body) => body },
  ];

let loop: Loop;
const counts: Record<string, number> = { refused: 0 };

beforeAll(async () => {
  loop = await Loop.open(ENVIRONMENT);
});

afterAll(async () => {
  await loop.close();
  process.stdout.write(`members that replace: seed ${SEED}, ${JSON.stringify(counts)}\n`);
});

/** Sets a value; gives whether there was a place for it. */
function plant(root: Block, [name = '', ...rest]: readonly string[], value: Json): boolean {
  if (rest.length === 0) {
    root[name] = value;
    return true;
  }
  const inner = root[name];
  const next = isList(inner) ? inner[Number(rest[0])] : (inner ?? {});
  if (!isObject(next)) return false;
  root[name] ??= next as Json;
  return plant(next as Block, isList(inner) ? rest.slice(1) : rest, value);
}

function found(root: Json | undefined, [name, ...rest]: readonly string[], entity: string): Json | undefined {
  if (name === undefined) return root;
  if (isList(root)) {
    return found(
      root.find((item) => isObject(item) && item.name === entity),
      rest,
      entity,
    );
  }
  return isObject(root) ? found(root[name], rest, entity) : undefined;
}

/** What a file says about it itself is another matter. */
function isDeclared(root: Json | undefined, [name, ...rest]: readonly string[]): boolean {
  if (root === null || name === undefined) return true;
  return isObject(root) && Object.hasOwn(root, name) && isDeclared(root[name], rest);
}

async function holds([generated, which, says]: [WholeEstate, string, boolean]): Promise<void> {
  const { path, value, deprecated } = PLANTS[which]!;
  const estate = JSON.parse(JSON.stringify(generated)) as WholeEstate;
  const entries = estate.config.serving_endpoints as Record<string, Block>;
  const planted = new Map<string, { entity: string; says: boolean }>();
  for (const live of estate.live as Block[]) {
    const entry = entries[String(live.name)]!;
    const entities = isObject(entry.config) ? entry.config.served_entities : undefined;
    if (path[0] === 'config' && entities === undefined) continue;
    if (isDeclared(entry, path) || !plant(live, path, value)) continue;
    const served = isObject(live.config) ? live.config.served_entities : undefined;
    const entity = String((isList(served) ? served.filter(isObject) : [])[0]?.name);
    // A list is whole: what is to be said of one of its items is said in it, by a map.
    const sayable = !path.includes('0') || (isObject(entities) && entity in entities);
    const covers = says && sayable && deprecated === undefined;
    if (covers) {
      const way = path.map((name) => (name === '0' ? entity : name));
      const preview = isObject(entry.preview) ? { ...entry.preview } : {};
      plant(preview, way, value);
      entry.preview = preview;
    }
    planted.set(String(live.name), { entity, says: covers });
  }
  loop.prepare(estate);
  loop.simulator.seed({
    ...loop.simulator.snapshot(),
    settings: { keeps_unknown: true },
  });
  const ran = await loop.gatewright('apply', '--yes', ...ALLOWED);
  for (const { method, path: to, body } of ran.requests) {
    const replaced = method === 'PUT' ? REPLACES.find(({ ends }) => ends.test(to)) : undefined;
    const name = /\/serving-endpoints\/(?:pt\/)?([^/]+)\//.exec(to)?.[1] ?? '';
    const there = planted.get(name);
    if (replaced === undefined || replaced.field !== path[0] || there === undefined) continue;
    const route = to.replace(name, '');
    counts[route] = (counts[route] ?? 0) + 1;
    const kept = found(replaced.block(body as JsonObject), path.slice(1), there.entity);
    // Unless the file says what it is to be, what nobody knows is not replaced at all.
    expect({ which, to, out: ran.out, sent: deprecated ?? there.says, kept }).toEqual({
      which,
      to,
      out: ran.out,
      sent: true,
      kept: value,
    });
  }
  if (ran.out.includes('refused: unknown-member')) counts.refused = (counts.refused ?? 0) + 1;
}

test(
  `what replaces loses nothing (${CASES} cases)`,
  async () => {
    const cases = fc.tuple(wholeEstates, fc.constantFrom(...Object.keys(PLANTS)), fc.boolean());
    await fc.assert(fc.asyncProperty(cases, holds), { numRuns: CASES, seed: SEED });
    expect(counts.refused).toBeGreaterThan(CASES / 10);
    for (const route of [
      '/api/2.0/serving-endpoints//config',
      '/api/2.0/serving-endpoints/pt//config',
      '/api/2.0/serving-endpoints//ai-gateway',
    ])
      expect({ route, often: (counts[route] ?? 0) > CASES / 1_000 }).toEqual({ route, often: true });
  },
  CASES * 300,
);
