// Other engines' files as ours: what is taken, what is not and why, that no credential comes along, and that the way there
// and back and there again ends where it began.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { takenFiles } from '../../src/cli/taking';
import { fromBundle, fromTerraform } from '../../src/engines';
import type { JsonObject } from '../../src/model/json';
import { load } from '../config/project';
import { wholeEstates } from '../generators/config';
import { type EngineName, exported, imported, meaning } from './round-trip';
import * as documented from './terraform-files';

const ROOT = process.env.GATEWRIGHT_CORPUS ?? join(__dirname, '../../../shared/corpus');
const RUNS = Math.min(Number(process.env.GATEWRIGHT_CASES ?? 100), 300);
const bundles = existsSync(join(ROOT, 'C')) ? readdirSync(join(ROOT, 'C')).sort() : [];

function goesRound(root: JsonObject, engine: EngineName) {
  const first = imported(root, engine);
  const again = imported(exported(first.desired, engine), engine);
  expect(meaning(again.desired)).toBe(meaning(first.desired));
  const third = imported(exported(again.desired, engine), engine);
  expect(third.text).toBe(again.text);
  expect(again.notTaken).toEqual([]);
  return first;
}

/** How many endpoints a bundle of the corpus has, and the paths in them that are not taken. */
const BUNDLES: Readonly<Record<string, { endpoints: number; not?: readonly string[] }>> = {
  '02': { endpoints: 4 },
  '03': { endpoints: 1 },
  '05': { endpoints: 1 },
  '06': { endpoints: 1 },
  '07': { endpoints: 1 },
  '09': { endpoints: 0 },
  '11': { endpoints: 1, not: ['config.auto_capture_config'] },
  '13': { endpoints: 1, not: ['config.auto_capture_config'] },
  '15': { endpoints: 0, not: [''] },
  '16': {
    endpoints: 1,
    not: ['config.served_entities.0.external_model.openai_config.openai_api_key_plaintext'],
  },
  '18': { endpoints: 0 },
};

if (bundles.length > 0)
  test.each(bundles)('bundle %s', (file) => {
    const root = (parse(readFileSync(join(ROOT, 'C', file), 'utf8')) ?? {}) as JsonObject;
    const expected = BUNDLES[file.slice(0, 2)]!;
    const first = imported(root, 'bundle');
    expect(first.desired.resources).toHaveLength(expected.endpoints);
    expect(first.notTaken.map(({ path }) => path)).toEqual(expected.not ?? []);
    expect(first.text).not.toContain('sk-dummy');
    // A part of an endpoint cannot be said in a bundle, which would be told so.
    if (!file.startsWith('16')) goesRound(root, 'bundle');
  });

test.each(Object.entries(documented.CONFIGS))('terraform %s', (_, { root, not = [], endpoints = 1 }) => {
  const first = goesRound(root, 'terraform');
  expect(first.desired.resources).toHaveLength(endpoints);
  expect(first.notTaken.map(({ path }) => path)).toEqual(not);
});

test('a state is taken as answered: nothing empty, nothing computed, no credential', () => {
  const first = imported(documented.STATE, 'terraform');
  expect(first.text).toBe(documented.STATE_AS_OURS);
  expect(first.notTaken).toEqual([
    {
      address: 'module.llm.databricks_model_serving.chat["eu"]',
      path: 'config.served_entities.0.external_model.openai_config.openai_api_key_plaintext',
      reason:
        'openai_api_key_plaintext holds a literal credential: Put it into a secret scope and write {{secrets/SCOPE/KEY}} here. Consider the written one leaked',
    },
  ]);
  expect(JSON.stringify(first)).not.toContain('state-credential');
});

test('a plan is taken as what it plans', () => {
  const { values, ...others } = documented.STATE;
  expect(imported({ ...others, planned_values: values! }, 'terraform').text).toBe(documented.STATE_AS_OURS);
});

test('a raw state says the same', () => {
  expect(imported(documented.RAW_STATE, 'terraform').text).toBe(documented.STATE_AS_OURS);
});

test('targets, variables and overrides of a bundle become ours', () => {
  const taken = fromBundle(
    parse(`
bundle: { name: shop }
include: [more/*.yml]
variables: { catalog: { default: ml }, limit: { default: 10 }, cluster: { lookup: { cluster: x } } }
resources:
  model_serving_endpoints:
    chat:
      name: chat-\${bundle.target}
      lifecycle: { prevent_destroy: true }
      config: { served_entities: [{ name: m, entity_name: "\${var.catalog}.models.m", entity_version: 3, workload_size: Small }] }
      ai_gateway: { rate_limits: [{ key: user, renewal_period: minute, calls: "\${var.limit}" }] }
      tags: [{ key: cluster, value: "\${var.cluster}" }, { key: root, value: "\${workspace.root_path}" }]
  jobs: { nightly: { name: nightly } }
targets:
  dev: { default: true, workspace: { host: "https://dev.example.com/" } }
  prod:
    workspace: { host: "https://prod.example.com" }
    variables: { limit: 5 }
    resources: { model_serving_endpoints: { chat: { ai_gateway: { usage_tracking_config: { enabled: true } } }, only: { tags: [{ key: a, value: b }] } } }
`) as JsonObject,
  );
  const files = takenFiles(taken, 'full');
  expect(JSON.parse(JSON.stringify(files.root))).toEqual([
    {
      name: 'variables',
      entries: [
        { key: 'bundle_target', value: {}, notes: [] },
        { key: 'catalog', value: { default: 'ml' }, notes: [] },
        { key: 'limit', value: { type: 'integer', default: 10 }, notes: [] },
      ],
    },
    {
      name: 'targets',
      entries: [
        {
          key: 'dev',
          value: { default: true, host: 'https://dev.example.com', variables: { bundle_target: 'dev' } },
          notes: [],
        },
        {
          key: 'prod',
          value: {
            host: 'https://prod.example.com',
            variables: { limit: 5, bundle_target: 'prod' },
            serving_endpoints: { chat: { ai_gateway: { usage_tracking_config: { enabled: true } } } },
          },
          notes: [],
        },
      ],
    },
  ]);
  expect(files.entries.map(({ key, value }) => [key, value.name, value.only_in, value.protect])).toEqual([
    ['chat', 'chat-${var.bundle_target}', undefined, true],
    ['only', undefined, ['prod'], undefined],
  ]);
  expect(files.notTaken.map(({ address, path }) => `${address} ${path}`.trim())).toEqual([
    'resources.jobs.nightly',
    'resources.model_serving_endpoints.chat tags.1.value',
    'resources.model_serving_endpoints.chat tags',
    'include',
    'variables.cluster lookup',
  ]);
});

test('a list that cannot be taken whole is not taken at all', () => {
  const { notTaken, endpoints } = fromTerraform({
    resource: {
      databricks_model_serving: {
        chat: {
          name: 'chat',
          tags: [
            { key: 'a', value: 'b' },
            { key: 'c', value: '${module.x.y}' },
          ],
          dynamic: { ai_gateway: {} },
        },
      },
    },
  });
  expect(endpoints[0]!.entry).toEqual({});
  expect(notTaken.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
    'tags.1.value: ${module.x.y} is an expression, which only Terraform can work out',
    'tags: it is left out whole, because a part of it is',
  ]);
});

test.each<EngineName>(['terraform', 'bundle'])(
  'what is generated and can be said in %s comes back as it was said',
  (engine) => {
    fc.assert(
      fc.property(wholeEstates, (estate) => {
        const { desired } = load(JSON.stringify(estate.config));
        const first = imported(exported(desired!, engine), engine);
        const again = imported(exported(first.desired, engine), engine);
        expect(meaning(again.desired)).toBe(meaning(first.desired));
        expect(exported(again.desired, engine)).toEqual(exported(first.desired, engine));
      }),
      { numRuns: RUNS },
    );
  },
);

test('whatever JSON comes, nothing but a report comes of it', () => {
  const names = fc.constantFrom(
    'resource',
    'databricks_model_serving',
    'chat',
    'name',
    'config',
    'served_entities',
    'tags',
    'ai_gateway',
    'resources',
    'model_serving_endpoints',
    'targets',
    'variables',
    'values',
    'root_module',
    '__proto__',
    'x',
  );
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { maxDepth: 7 },
      fc.constantFrom(
        null,
        1,
        true,
        '',
        'chat',
        '${var.x}',
        '${',
        '${"}"}',
        '%{ if x }',
        'sk-abcdefghijklmnopqrstuvwxyz',
      ),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.array(fc.tuple(names, tie('json')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
    ),
  }));
  fc.assert(
    fc.property(fc.array(fc.tuple(names, json), { maxLength: 4 }), (pairs) => {
      const root = Object.fromEntries(pairs) as JsonObject;
      for (const take of [fromBundle, fromTerraform]) {
        const { entries } = takenFiles(take(root), 'full');
        expect(JSON.stringify(entries)).not.toContain('sk-abc');
      }
    }),
    { numRuns: RUNS },
  );
});

test('many faults settle, and of two resources with one name one is taken', () => {
  const serving = Object.fromEntries(
    Array.from({ length: 250 }, (_, index) => [
      `e${index}`,
      {
        name: index === 249 ? 'e0' : `e${index}`,
        config: {
          served_entities: {
            name: 'gpt',
            external_model: {
              name: 'gpt-5',
              provider: 'openai',
              task: 'llm/v1/chat',
              openai_config: { openai_api_key_plaintext: `written-out-${index}` },
            },
          },
        },
      },
    ]),
  );
  const { desired, text, notTaken } = imported(
    { resource: { databricks_model_serving: serving } },
    'terraform',
  );
  expect(text).not.toContain('written-out');
  expect(desired.resources).toHaveLength(249);
  expect(notTaken.filter(({ path }) => path.endsWith('openai_api_key_plaintext'))).toHaveLength(249 + 1);
  expect(notTaken.filter(({ path }) => path === '')).toHaveLength(1);
});
