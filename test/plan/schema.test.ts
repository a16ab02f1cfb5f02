// What plan and drift print as JSON, and what plan saves, is what the published schema promises: over stories that
// between them fill every part of a plan.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { run } from '../../src/cli/run';
import type { Json } from '../../src/model/json';
import { type SeededEndpoint, Simulator } from '../../src/simulator';
import { world } from '../cli/world';

const SCHEMA = JSON.parse(readFileSync(join(__dirname, '../../schemas/plan.schema.json'), 'utf8'));
const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, validateFormats: false });
const validate = ajv.compile(SCHEMA);

const STAMP = { key: 'gatewright_project', value: 'llm-platform' };
const limits = (...calls: number[]) => ({
  rate_limits: calls.map((count, index) => ({
    calls: count,
    key: 'user',
    ...(index === 0 ? {} : { principal: `u${index}@example.com` }),
    renewal_period: 'minute',
  })),
});
const entities = { served_entities: [{ name: 'own', entity_name: 'ml.models.own', entity_version: '1' }] };
const NEXT = { served_entities: [{ name: 'own', entity_name: 'ml.models.own', entity_version: '2' }] };
const logging = { enabled: true, catalog_name: 'ml', schema_name: 'logs', table_name_prefix: 'chat' };
const external = (key: Record<string, string>) => ({
  served_entities: [
    {
      name: 'gpt',
      external_model: { name: 'gpt-5', provider: 'openai', task: 'llm/v1/chat', openai_config: key },
    },
  ],
});

const BEHIND = {
  name: 'made',
  provider: 'databricks-model-serving',
  task: 'llm/v1/chat',
  databricks_model_serving_config: {
    databricks_workspace_url: 'https://adb-12.azuredatabricks.net',
    databricks_api_token: '{{secrets/a/b}}',
  },
};

// biome-ignore lint/suspicious/noExplicitAny: a schema is looked into freely here
type Any = any;

interface Story {
  readonly live: readonly SeededEndpoint[];
  readonly entries: Record<string, unknown>;
  readonly more?: Record<string, unknown>;
  readonly flags?: readonly string[];
  /** The entries of a commit before, called `deployed`. */
  readonly before?: Record<string, unknown>;
}

const STORIES: Record<string, Story> = {
  'sends a credential again': {
    live: [{ name: 'keyed', config: external({ openai_api_key_plaintext: 'x' }), tags: [STAMP] }],
    entries: { keyed: { config: external({ openai_api_key_plaintext: '${env.OPENAI_KEY}' }) } },
    flags: ['--rotate', 'keyed'],
  },
  'refuses to send a credential again': {
    live: [
      {
        name: 'keyed',
        config: { ...external({ openai_api_key_plaintext: 'x' }), newer: true },
        tags: [STAMP],
      },
    ],
    entries: { keyed: { config: external({ openai_api_key_plaintext: '${env.OPENAI_KEY}' }) } },
    flags: ['--rotate', 'keyed'],
  },
  'adopts, moves a table, leaves a sibling': {
    live: [
      {
        name: 'chat',
        ai_gateway: {
          ...limits(5),
          inference_table_config: logging,
          usage_tracking_config: { enabled: true },
        },
      },
    ],
    entries: {
      chat: {
        ai_gateway: {
          rate_limits: { user: { calls: 60 } },
          inference_table_config: { ...logging, schema_name: 'audit' },
        },
      },
    },
  },
  'refuses for every reason that one entry can have': {
    live: [
      { name: 'theirs', tags: [{ key: 'gatewright_project', value: 'search-team' }] },
      { name: 'ui', ai_gateway: limits(5, 6) },
      { name: 'later', ai_gateway: { later: { on: true } }, tags: [STAMP] },
    ],
    entries: {
      theirs: { ai_gateway: { rate_limits: { user: { calls: 1 } } } },
      ui: { ai_gateway: { rate_limits: [{ key: 'user', calls: 1 }] } },
      later: { ai_gateway: { rate_limits: { user: { calls: 1 } } } },
      gone: { manage: 'attach', tags: { team: 'a' } },
    },
  },
  'observes, suppresses, warns, finds orphans': {
    live: [
      { name: 'seen', ai_gateway: limits(5) },
      { name: 'databricks-gpt' },
      { name: 'forgotten', tags: [STAMP] },
      { name: 'rolling', config: entities, pending_config: entities, tags: [STAMP] },
      { name: 'settling', config: entities, pending_config: NEXT, tags: [STAMP] },
      { name: 'next', config: entities, tags: [STAMP] },
    ],
    entries: {
      seen: { manage: 'observe', ai_gateway: { rate_limits: { user: { calls: 1 } } } },
      'databricks-*': {
        manage: 'attach',
        ai_gateway: { usage_tracking_config: null, rate_limits: { user: { calls: 1 } } },
      },
      'nothing-*': { manage: 'attach', kind: 'external', tags: {} },
      rolling: { tags: { team: 'a' } },
      settling: { config: NEXT },
      next: { config: NEXT },
    },
    flags: ['--allow', 'takeover:nobody'],
  },
  'creates, replaces, deletes, releases, sends what is never answered': {
    live: [
      { name: 'fixed', config: entities, route_optimized: false, tags: [STAMP], ai_gateway: limits(5) },
      { name: 'old', tags: [STAMP] },
      { name: 'let-go', tags: [STAMP] },
      { name: 'keyed', config: external({ openai_api_key: '{{secrets/a/b}}' }), tags: [STAMP] },
    ],
    entries: {
      made: { config: entities, tags: { team: 'a' } },
      front: { config: { served_entities: [{ name: 'made', external_model: BEHIND }] } },
      fixed: { config: entities, route_optimized: true },
      keyed: { config: external({ openai_api_key_plaintext: '${env.OPENAI_KEY}' }) },
    },
    more: {
      removed: [
        { serving_endpoint: 'old', reason: 'replaced by made', since: '2026-01-01' },
        { serving_endpoint: 'let-go', reason: 'goes to another team', since: '2026-01-01', destroy: false },
      ],
    },
    flags: ['--allow', 'replace:fixed'],
  },
  'tells intent from drift, and finds what only the base names': {
    live: [
      { name: 'chat', ai_gateway: limits(5), tags: [STAMP] },
      { name: 'fixed', config: entities, route_optimized: false, tags: [STAMP] },
      { name: 'seen', ai_gateway: limits(5) },
      { name: 'databricks-gpt', ai_gateway: limits(5) },
    ],
    before: {
      chat: { ai_gateway: { rate_limits: { user: { calls: 9 } } } },
      fixed: { route_optimized: false },
      seen: { manage: 'observe', ai_gateway: { rate_limits: { user: { calls: 9 } } } },
      'databricks-gpt': { manage: 'attach', ai_gateway: { rate_limits: { user: { calls: 5 } } } },
    },
    entries: {
      chat: { ai_gateway: { rate_limits: { user: { calls: '${var.calls}' } } } },
      fixed: { name: '${var.fixed}', route_optimized: '${var.optimised}' },
      seen: { manage: 'observe', ai_gateway: { rate_limits: { user: { calls: '${var.calls}' } } } },
    },
    more: { variables: { calls: { default: 9 }, optimised: { default: true }, fixed: { default: 'fixed' } } },
    flags: ['--base', 'deployed'],
  },
  'plans only what changed': {
    live: [{ name: 'chat', ai_gateway: limits(5), tags: [STAMP] }],
    before: { chat: { ai_gateway: { rate_limits: { user: { calls: 9 } } } } },
    entries: { chat: { ai_gateway: { rate_limits: { user: { calls: 8 } } } } },
    flags: ['--since', 'deployed'],
  },
  'finds nothing to do': { live: [{ name: 'chat', tags: [STAMP] }], entries: { chat: {} } },
};

let simulator: Simulator;
let directory: string;
beforeAll(async () => {
  simulator = await Simulator.start({ clock: 'manual' });
  directory = mkdtempSync(join(tmpdir(), 'gatewright-schema-'));
});
afterAll(async () => {
  await simulator.close();
  rmSync(directory, { recursive: true });
});

/** No configuration of whoever runs the tests, no network. */
const gitEnv = () => ({
  PATH: process.env.PATH,
  HOME: directory,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ana',
  GIT_AUTHOR_EMAIL: 'ana@example.com',
  GIT_COMMITTER_NAME: 'Ana',
  GIT_COMMITTER_EMAIL: 'ana@example.com',
});

function git(...words: string[]): void {
  execFileSync('git', words, { cwd: directory, env: gitEnv(), stdio: 'pipe' });
}

function write(entries: Record<string, unknown>, more: Record<string, unknown>): void {
  const text = JSON.stringify({ project: 'llm-platform', serving_endpoints: entries, ...more });
  writeFileSync(join(directory, 'gatewright.yaml'), text);
}

async function gatewright(...argv: string[]) {
  const context = world({
    cwd: directory,
    env: {
      ...gitEnv(),
      DATABRICKS_HOST: simulator.url,
      DATABRICKS_TOKEN: 'dapi-0123456789',
      OPENAI_KEY: 'sk-canary-0123456789',
    },
  });
  const code = await run(argv, context);
  return { code, out: context.out(), err: context.err() };
}

function expectValid(text: string): Json {
  const value = JSON.parse(text);
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
  return value;
}

const seen = new Set<string>();

/** Where a value stands in a plan, indices left out: `changes.steps.note`; lists only where they hold something. */
function note(value: Json, path: string): void {
  if (Array.isArray(value)) {
    for (const item of value) note(item, path);
    return;
  }
  seen.add(path);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) note(inner, path === '' ? name : `${path}.${name}`);
}

test.each(Object.entries(STORIES))('%s', async (_, { live, entries, more = {}, flags = [], before }) => {
  simulator.seed({ serving_endpoints: [...live] });
  if (before !== undefined) {
    write(before, {});
    git('init', '--quiet');
    git('add', 'gatewright.yaml');
    git('commit', '--quiet', '--allow-empty', '--message', 'deployed');
    git('tag', '--force', 'deployed');
  }
  write(entries, more);
  const planned = await gatewright('plan', '-o', 'json', '--out', 'plan.json', ...flags);
  expect({ err: planned.err, code: planned.code }).toEqual({
    err: expect.not.stringContaining('error['),
    code: expect.any(Number),
  });
  const plan = expectValid(planned.out);
  note(plan, '');
  expect(expectValid(readFileSync(join(directory, 'plan.json'), 'utf8'))).toEqual(plan);
  expect(expectValid((await gatewright('show', 'plan.json', '-o', 'json')).out)).toEqual(plan);
  expectValid((await gatewright('drift', '-o', 'json')).out);
});

test('what policies find, block and waive', async () => {
  const write = (file: string, value: unknown) => writeFileSync(join(directory, file), JSON.stringify(value));
  const gateway = (user: number) => ({
    ai_gateway: { rate_limits: { endpoint: { calls: 5 }, user: { calls: user } } },
  });
  const names = ['made', 'waived', 'asked'];
  simulator.seed({ serving_endpoints: names.map((name) => ({ name, tags: [STAMP] })) });
  write('gatewright.yaml', {
    project: 'llm-platform',
    serving_endpoints: Object.fromEntries(names.map((name) => [name, gateway(60)])),
  });
  write('gatewright.policy.yaml', { rules: { 'limits-nested': 'on' } });
  const first = JSON.parse((await gatewright('plan', '-o', 'json')).out) as Any;
  const waiver = (name: string) => ({
    id: `W-${name}`,
    rule: 'limits-nested',
    resource: `serving_endpoints.${name}`,
    finding: 'ai_gateway.rate_limits[user].calls',
    category: 'accepted-risk',
    reason: 'Only until the load test is over.',
    ticket: 'SEC-1',
    approved_by: 'group:ai-security',
    created: '1970-01-01',
    expires: '1970-02-01',
    fingerprint: first.policy.findings.find((one: Any) => one.name === name).fingerprint,
  });
  write('base.yaml', { waivers: [waiver('waived'), { ...waiver('waived'), id: 'W-again' }] });
  write('gatewright.waivers.yaml', { waivers: [waiver('waived'), waiver('asked')] });
  const { out, code } = await gatewright(
    'plan',
    '-o',
    'json',
    '--out',
    'plan.json',
    '--waivers-from',
    'base.yaml',
  );
  expect(code).toBe(4);
  const plan = expectValid(out) as Any;
  note(plan, '');
  expect(plan.changes.map(({ name }: Any) => name)).toEqual(['waived']);
  expect(plan.policy.blocked.map(({ name }: Any) => name)).toEqual(['asked', 'made']);
  expect(plan.policy.counts).toMatchObject({ waived: 1, fail: 2 });
  expect(expectValid((await gatewright('show', 'plan.json', '-o', 'json')).out)).toEqual(plan);
  for (const file of ['gatewright.policy.yaml', 'gatewright.waivers.yaml']) rmSync(join(directory, file));
});

test('the stories fill every part of a plan', () => {
  const parts: string[] = [];
  const collect = (schema: Record<string, Any>, path: string): void => {
    const { $ref, items, properties } = schema;
    if (typeof $ref === 'string') collect(SCHEMA.$defs[$ref.split('/').at(-1) ?? ''], path);
    if (items !== undefined) collect(items, path);
    for (const [name, inner] of Object.entries(properties ?? {})) {
      const at = path === '' ? name : `${path}.${name}`;
      parts.push(at);
      if (inner !== true) collect(inner as Record<string, Any>, at);
    }
  };
  collect(SCHEMA, '');
  // An entry is a place that holds no variable; only values in it do.
  seen.add('refused.provenance.variables');
  // What is only observed is never sent, and so never again.
  seen.add('observed.differences.again');
  // A difference is made in one place, whoever keeps its change out of the plan.
  for (const part of ['base', 'again', 'provenance.variables'])
    seen.add(`policy.blocked.differences.${part}`);
  expect(parts.filter((part) => !seen.has(part))).toEqual([]);
});

test('the schema refuses what is no plan', () => {
  for (const value of [{}, { format: 'gatewright/plan/1' }, []]) expect(validate(value)).toBe(false);
});
