// Origins where one path does not tell all: blocks, items that come and go whole, alternatives, objects that are gone;
// what a base tells besides: what is released, what only it names, and that it has no say in what is done.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import type { JsonObject } from '../../src/model/json';
import type { Desired, DesiredResource, LiveResource } from '../../src/model/resource';
import type { Base } from '../../src/plan/origins';
import type { PlanRequest } from '../../src/plan/plan';
import type { Plan } from '../../src/plan/types';
import { wireOf } from '../../src/wire';
import { attached, entry, live, PROJECT, planOf, userLimit, withUserLimit } from './make';

const base = (resources: readonly DesiredResource[], more: Partial<Base> = {}): Base => ({
  desired: { project: PROJECT, target: '', protect: false, resources, removed: [] },
  name: 'main',
  ...more,
});

function plan(
  resources: readonly DesiredResource[],
  before: readonly DesiredResource[],
  has: readonly LiveResource[],
  more: Partial<PlanRequest> = {},
): Plan {
  return planOf(resources, { live: has }, { base: base(before), ...more }).plan;
}

/** `path origin base`, in order. */
function origins({ changes, refused, observed }: Plan): string[] {
  return [...changes, ...refused, ...observed].flatMap(({ differences }) =>
    differences.map(
      (one) => `${one.path} ${one.origin}${one.base === undefined ? '' : ` ${JSON.stringify(one.base)}`}`,
    ),
  );
}

const one = (desired: JsonObject, before: JsonObject, has: JsonObject) =>
  origins(plan([entry('chat', desired)], [entry('chat', before)], [live('chat', has)]));

const list = (...served_entities: JsonObject[]): JsonObject => ({ config: { served_entities } });
const map = (served_entities: JsonObject): JsonObject => ({ config: { served_entities } });
const gpt = (version: string, more: JsonObject = {}) => ({
  name: 'gpt',
  entity_name: 'm.s.gpt',
  entity_version: version,
  ...more,
});
const other = { name: 'other', entity_name: 'm.s.other', entity_version: '1' };
const GPT = 'config.served_entities[gpt]';

describe('items that come and go whole', () => {
  test('somebody took one away: each of its fields is drift', () => {
    expect(one(list(gpt('1'), other), list(gpt('1'), other), list(other))).toEqual([
      `${GPT}.entity_name drift "m.s.gpt"`,
      `${GPT}.entity_version drift "1"`,
    ]);
  });

  test('somebody took one away while the files changed it', () => {
    expect(one(list(gpt('2'), other), list(gpt('1'), other), list(other))).toEqual([
      `${GPT}.entity_name drift "m.s.gpt"`,
      `${GPT}.entity_version both "1"`,
    ]);
  });

  test('somebody added one', () => {
    expect(one(list(other), list(other), list(gpt('1'), other))).toEqual([`${GPT} drift null`]);
  });

  test('somebody added what the files now declare otherwise', () => {
    expect(one(list(gpt('2'), other), list(other), list(gpt('1'), other))).toEqual([
      `${GPT}.entity_version both null`,
    ]);
    expect(
      one(map({ gpt: { entity_name: 'm.s.gpt', entity_version: null } }), list(other), list(gpt('1'), other)),
    ).toEqual([`${GPT}.entity_version drift null`]);
  });

  test('the files take one away: intent, unless somebody changed it meanwhile', () => {
    const gone = list(other);
    expect(one(gone, list(gpt('1'), other), list(gpt('1'), other))).toEqual([
      `${GPT} intent {"entity_name":"m.s.gpt","entity_version":"1"}`,
    ]);
    expect(one(gone, list(gpt('1'), other), list(gpt('2'), other))).toEqual([
      `${GPT} both {"entity_name":"m.s.gpt","entity_version":"1"}`,
    ]);
    expect(one(gone, map({ other: { entity_version: '1' } }), list(gpt('1'), other))).toEqual([
      `${GPT} intent`,
    ]);
  });

  test('a list that becomes a map owns less, and less is drift', () => {
    const limits = { ai_gateway: { rate_limits: [{ key: 'user', calls: 5, renewal_period: 'minute' }] } };
    const two = {
      ai_gateway: {
        rate_limits: [
          { key: 'user', calls: 5, renewal_period: 'minute' },
          { key: 'endpoint', calls: 9, renewal_period: 'minute' },
        ],
      },
    };
    expect(one(limits, userLimit(5), two)).toEqual(['ai_gateway.rate_limits[endpoint].calls intent']);
    expect(one(limits, limits, two)).toEqual(['ai_gateway.rate_limits[endpoint].calls drift null']);
    const mapped = plan([entry('chat', userLimit(5))], [entry('chat', limits)], [live('chat', two)]);
    expect(mapped.changes).toEqual([]);
    expect(mapped.notices.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'released: managed in main and no longer, left as it is: ai_gateway.rate_limits[endpoint]',
    ]);
  });
});

test('the order of a list that has one is a difference of its own', () => {
  const KIND = 'model_services';
  const fallbacks = (...names: string[]): JsonObject => ({
    config: {
      routing: {
        fallback: {
          destinations: names.map((name) => ({
            name,
            provisioned_throughput_config: { model_serving_endpoint: name },
          })),
        },
      },
    },
  });
  const of = (fields: JsonObject) => entry('chat', fields, { kind: KIND, name: 'main.ai.chat' });
  const has = (fields: JsonObject): LiveResource => ({
    ...wireOf(KIND).fromWire({ name: 'model-services/main.ai.chat', etag: 'e', config: {} }, true),
    fields,
    unknownFields: [],
  });
  const found = (desired: JsonObject, before: JsonObject, now: JsonObject) =>
    plan([of(desired)], [of(before)], [has(now)])
      .changes.flatMap(({ differences }) => differences)
      .map(({ origin, base: was, desired: wants }) => [origin, was, wants]);
  const [ab, ba, abc, cab] = [
    fallbacks('a', 'b'),
    fallbacks('b', 'a'),
    fallbacks('a', 'b', 'c'),
    fallbacks('c', 'a', 'b'),
  ];
  expect(found(ab, ab, ab)).toEqual([]);
  expect(found(ab, ab, ba)).toEqual([['drift', ['a', 'b'], ['a', 'b']]]);
  expect(found(ba, ab, ab)).toEqual([['intent', ['a', 'b'], ['b', 'a']]]);
  expect(found(abc, ab, ba)).toEqual(expect.arrayContaining([['both', ['a', 'b'], ['a', 'b', 'c']]]));
  expect(found(cab, cab, abc)).toEqual([['drift', ['c', 'a', 'b'], ['c', 'a', 'b']]]);
});

describe('alternatives', () => {
  const small = { workload_size: 'Small' };
  const wide = { min_provisioned_concurrency: 4, max_provisioned_concurrency: 8 };

  test('somebody took the other one', () => {
    expect(one(list(gpt('1', small)), list(gpt('1', small)), list(gpt('1', wide)))).toEqual([
      `${GPT}.workload_size drift "Small"`,
      `${GPT}.min_provisioned_concurrency drift null`,
      `${GPT}.max_provisioned_concurrency drift null`,
    ]);
  });

  test('the files took the other one', () => {
    expect(one(list(gpt('1', small)), list(gpt('1', wide)), list(gpt('1', wide)))).toEqual([
      `${GPT}.workload_size intent`,
      `${GPT}.min_provisioned_concurrency intent 4`,
      `${GPT}.max_provisioned_concurrency intent 8`,
    ]);
  });
});

test('in a block that is off nothing counts as managed', () => {
  const table = (enabled: boolean, schema_name: string) => ({
    ai_gateway: { inference_table_config: { enabled, catalog_name: 'ml', schema_name } },
  });
  expect(one(table(true, 'a'), table(false, 'a'), table(false, 'b'))).toEqual([
    'ai_gateway.inference_table_config.enabled intent false',
    'ai_gateway.inference_table_config.schema_name intent',
  ]);
  expect(one(table(true, 'a'), table(true, 'a'), table(false, 'b'))).toEqual([
    'ai_gateway.inference_table_config.enabled drift true',
    'ai_gateway.inference_table_config.schema_name drift "a"',
  ]);
  expect(one(table(true, 'a'), table(false, 'a'), table(true, 'b'))).toEqual([
    'ai_gateway.inference_table_config.schema_name drift "a"',
  ]);
});

test('what was known to be filled in by the server counts as what the base asked for', () => {
  const raw = {
    endpoint_type: 'FOUNDATION_MODEL_API',
    ai_gateway: { usage_tracking_config: { enabled: true } },
  };
  const tracking = (enabled: boolean | null) => ({
    ai_gateway: { usage_tracking_config: enabled === null ? null : { enabled } },
  });
  const has = [live('databricks-gpt', raw, null)];
  const found = plan(
    [attached('databricks-gpt', tracking(false))],
    [attached('databricks-gpt', tracking(null))],
    has,
  );
  expect(origins(found)).toEqual(['ai_gateway.usage_tracking_config.enabled intent null']);
});

describe('an object that is gone', () => {
  const made = (tags: JsonObject, version = '1') => entry('chat', { ...list(gpt(version)), tags });

  test.each<[string, DesiredResource[], string[]]>([
    [
      'the base does not know it',
      [],
      [`${GPT}.entity_name intent`, `${GPT}.entity_version intent`, 'tags[a] intent'],
    ],
    [
      'the base has it so',
      [made({ a: '1' })],
      [`${GPT}.entity_name drift "m.s.gpt"`, `${GPT}.entity_version drift "1"`, 'tags[a] drift "1"'],
    ],
    [
      'the base has it otherwise',
      [made({ a: '2' }, '2')],
      [`${GPT}.entity_name drift "m.s.gpt"`, `${GPT}.entity_version both "2"`, 'tags[a] both "2"'],
    ],
    [
      'the base has it in another form, and asks for absence',
      [entry('chat', { ...map({ gpt: { entity_name: 'm.s.gpt' } }), tags: { a: null } })],
      [`${GPT}.entity_name drift "m.s.gpt"`, `${GPT}.entity_version intent`, 'tags[a] intent null'],
    ],
  ])('%s', (_, before, expected) => {
    const found = plan([made({ a: '1' })], before, []);
    expect(found.changes.map(({ action }) => action)).toEqual(['create']);
    expect(origins(found)).toEqual(expected);
  });
});

describe('who is meant', () => {
  test('an entry is told by the name in the workspace, not by its key', () => {
    const before = entry('chat', userLimit(60));
    const renamed = { ...entry('talk', userLimit(90)), name: 'chat' };
    expect(origins(plan([renamed], [before], [live('chat', withUserLimit(60))]))).toEqual([
      'ai_gateway.rate_limits[user].calls intent 60',
    ]);
  });

  test('what a glob said at the base counts for what it reached', () => {
    const glob = attached('databricks-*', userLimit(30));
    const has = [live('databricks-gpt', withUserLimit(5), null)];
    expect(origins(plan([attached('databricks-gpt', userLimit(30))], [glob], has))).toEqual([
      'ai_gateway.rate_limits[user].calls drift 30',
    ]);
    expect(origins(plan([glob], [attached('databricks-gpt', userLimit(5))], has))).toEqual([
      'ai_gateway.rate_limits[user].calls intent 5',
    ]);
    const layered = [
      glob,
      attached('databricks-gpt', { ai_gateway: { fallback_config: { enabled: true } } }),
    ];
    expect(origins(plan(layered, layered, has))).toEqual([
      'ai_gateway.rate_limits[user].calls drift 30',
      'ai_gateway.fallback_config.enabled drift true',
    ]);
  });

  test('globs that disagree at the base leave origins unknown, and say so', () => {
    const before = [attached('databricks-*', userLimit(30)), attached('*-gpt', userLimit(40))];
    const found = plan([attached('databricks-gpt', userLimit(30))], before, [
      live('databricks-gpt', withUserLimit(5), null),
    ]);
    expect(origins(found)).toEqual(['ai_gateway.rate_limits[user].calls unknown']);
    expect(found.notices.map(({ code }) => code)).toContain('base-invalid');
    expect(found.base).toBeUndefined();
  });

  test('what is refused or only observed has origins too', () => {
    const watched = entry('chat', userLimit(60), { manage: 'observe' });
    expect(origins(plan([watched], [watched], [live('chat', withUserLimit(5))]))).toEqual([
      'ai_gateway.rate_limits[user].calls drift 60',
    ]);
    const ours = entry('chat', { description: 'a' });
    const found = plan([ours], [ours], [live('chat', { description: 'b' })]);
    expect(found.refused.map(({ guard }) => guard)).toEqual(['replace']);
    expect(origins(found)).toEqual(['description drift "a"']);
  });
});

describe('what is released', () => {
  const notices = (
    desired: JsonObject,
    before: JsonObject,
    has: LiveResource,
    more: Partial<DesiredResource> = {},
  ) =>
    plan([entry('chat', desired, more)], [entry('chat', before, more)], [has]).notices.flatMap(
      ({ code, message }) =>
        code === 'released' ? [message.replace('managed in main and no longer, left as it is: ', '')] : [],
    );
  const raw = {
    ...withUserLimit(5),
    tags: [
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ],
  };

  test('the outermost of what the files left out, and the workspace has', () => {
    const before = { ...userLimit(5), tags: { a: '1', b: '2', c: '3' } };
    expect(notices({ tags: { a: '1' } }, before, live('chat', raw))).toEqual(['tags[b], ai_gateway']);
    expect(notices(before, before, live('chat', raw))).toEqual([]);
    expect(notices({}, { tags: { c: '3' } }, live('chat', raw))).toEqual([]);
  });

  test('what null takes away is not released, and what was never managed neither', () => {
    expect(notices({ tags: { b: null } }, { tags: { b: '2' } }, live('chat', raw))).toEqual([]);
    expect(notices({ tags: { a: '1' } }, { tags: { a: '1' } }, live('chat', raw))).toEqual([]);
  });

  test('what cannot be read may be there', () => {
    const unread = { ...live('chat', raw), unknownFields: ['permissions'] };
    expect(notices({}, { permissions: { 'group:a': 'CAN_QUERY' } }, unread)).toEqual(['permissions']);
    expect(notices({}, { budget_policy_id: 'x' }, live('chat', raw))).toEqual(['budget_policy_id']);
    expect(notices({ budget_policy_id: 'y' }, { budget_policy_id: 'x' }, live('chat', raw))).toEqual([]);
  });

  test('what was only observed was never managed', () => {
    expect(notices({}, userLimit(5), live('chat', raw), { manage: 'observe' })).toEqual([]);
  });

  test('nothing is said of what is not selected', () => {
    const found = plan([entry('chat', {})], [entry('chat', userLimit(5))], [live('chat', raw)], {
      select: () => false,
    });
    expect(found.notices).toEqual([]);
  });
});

describe('what only the base names', () => {
  const before = [
    attached('databricks-*', userLimit(30)),
    attached('theirs', userLimit(30)),
    attached('taken', userLimit(30)),
    attached('gone', userLimit(30)),
    entry('ours', {}),
    entry('watched', {}, { manage: 'observe' }),
  ];
  const has = [
    live('databricks-gpt', {}, null),
    live('theirs', {}, null),
    live('taken', {}, 'search-team'),
    live('ours'),
    live('watched', {}, null),
    live('stranger', {}, null),
  ];

  test('is left behind: by its stamp where it has one, else by the base', () => {
    expect(plan([], before, has).orphans).toEqual([
      { kind: 'serving_endpoints', name: 'ours', id: 'id-ours' },
      { kind: 'serving_endpoints', name: 'theirs', id: 'id-theirs', known_by: 'base' },
      { kind: 'serving_endpoints', name: 'databricks-gpt', id: 'id-databricks-gpt', known_by: 'base' },
    ]);
  });

  test('is no orphan while anything names it', () => {
    const removed: Desired['removed'] = [
      {
        kind: 'serving_endpoints',
        name: 'theirs',
        reason: 'r',
        since: '2026-01-01',
        destroy: false,
        origin: { file: 'a', line: 1, column: 1, layer: 'file' },
      },
    ];
    const desired = {
      project: PROJECT,
      target: '',
      protect: false,
      resources: [attached('databricks-gpt', {}), entry('ours', {})],
      removed,
    };
    expect(planOf([], { live: has }, { desired, base: base(before) }).plan.orphans).toEqual([]);
  });
});

test('a plan since a base counts what it did not look at as ours, so that brakes measure the estate', () => {
  const names = Array.from({ length: 20 }, (_, index) => `chat-${index}`);
  const changed = names.slice(0, 4);
  const desired = names.map((name) => entry(name, userLimit(changed.includes(name) ? 90 : 60)));
  const before = names.map((name) => entry(name, userLimit(60)));
  const has = changed.map((name) => live(name, withUserLimit(60)));
  const since = planOf(
    desired,
    { live: has },
    { base: base(before, { since: true }), select: ({ name }) => changed.includes(name) },
  ).plan;
  expect(since.refused).toEqual([]);
  expect(since.changes).toHaveLength(4);
  expect(since.base).toEqual({ name: 'main', since: true });
});

test('a plan with a base is what the schema promises', () => {
  const schema = JSON.parse(readFileSync(join(__dirname, '../../schemas/plan.schema.json'), 'utf8'));
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  const place = { file: 'a.yaml', line: 1, column: 1, layer: 'file', variables: true } as const;
  const found = plan(
    [entry('chat', userLimit(60), { origins: { '': place } })],
    [entry('chat', { ...userLimit(60), tags: { a: '1' } }), attached('theirs', {})],
    [live('chat', { ...withUserLimit(5), tags: [{ key: 'a', value: '1' }] }), live('theirs', {}, null)],
    { base: base([entry('chat', userLimit(60)), attached('theirs', {})], { commit: 'c0ffee', since: true }) },
  );
  expect(found.orphans).toHaveLength(1);
  expect(found.changes[0]?.differences[0]).toMatchObject({ origin: 'drift', base: 60, provenance: place });
  validate(found);
  expect(validate.errors).toBeNull();
});
