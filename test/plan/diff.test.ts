// The differ against the table: absent, null and zero are three things; lists are whole, maps own their keys.
import type { JsonObject } from '../../src/model/json';
import { kindOf } from '../../src/model/kinds';
import { pathText } from '../../src/model/path';
import { compare } from '../../src/plan/diff';

const { fields } = kindOf('serving_endpoints');

function diff(desired: JsonObject, live: JsonObject, sort = 'external') {
  const found = compare({ desired, live, name: 'chat', sort, fields });
  return {
    differences: found.differences.map(({ path, live: was, desired: is }) => [pathText(path), was, is]),
    preserved: found.preserved.map(pathText),
    suppressed: found.suppressed.map(({ path }) => pathText(path)),
  };
}

const limits = (...list: JsonObject[]) => ({ ai_gateway: { rate_limits: list } });
const user = (calls: number) => ({ key: 'user', calls, renewal_period: 'minute' });

test('what is not declared is preserved, never a difference', () => {
  const live = {
    ai_gateway: { usage_tracking_config: { enabled: true }, rate_limits: [user(5)] },
    tags: [{ key: 'a', value: '1' }],
  };
  expect(diff({ ai_gateway: { usage_tracking_config: { enabled: true } } }, live)).toEqual({
    differences: [],
    preserved: ['ai_gateway.rate_limits', 'tags'],
    suppressed: [],
  });
});

test('a list is the whole list: what it does not name is to go', () => {
  expect(diff(limits(user(0)), limits(user(5), { calls: 9, renewal_period: 'minute' })).differences).toEqual([
    ['ai_gateway.rate_limits[user].calls', 5, 0],
    ['ai_gateway.rate_limits[endpoint].calls', 9, null],
  ]);
});

test('a map owns only its own keys, and null removes one', () => {
  const desired = { ai_gateway: { rate_limits: { user: null } } };
  expect(diff(desired, limits(user(0), { key: 'endpoint', calls: 9, renewal_period: 'minute' }))).toEqual({
    differences: [['ai_gateway.rate_limits[user].calls', 0, null]],
    preserved: ['ai_gateway.rate_limits[endpoint]'],
    suppressed: [],
  });
});

test('calls and tokens of one key are two limits', () => {
  const desired = { ai_gateway: { rate_limits: { user: { calls: 5 } } } };
  const live = limits(user(5), { key: 'user', tokens: 100, renewal_period: 'minute' });
  expect(diff(desired, live)).toEqual({
    differences: [],
    preserved: ['ai_gateway.rate_limits[user].tokens'],
    suppressed: [],
  });
  expect(diff(limits(user(5)), live).differences).toEqual([
    ['ai_gateway.rate_limits[user].tokens', 100, null],
  ]);
});

test('off is what absence means, so asking for either where the other is live is no difference', () => {
  const off = {
    ai_gateway: {
      usage_tracking_config: { enabled: false },
      fallback_config: null,
      guardrails: { input: { pii: { behavior: 'NONE' } } },
    },
  };
  expect(diff(off, {}).differences).toEqual([]);
  expect(
    diff({ ai_gateway: null }, { ai_gateway: { fallback_config: { enabled: false } } }).differences,
  ).toEqual([]);
});

test('null on a block removes each thing that it has', () => {
  const live = {
    ai_gateway: {
      guardrails: { input: { safety: true, pii: { behavior: 'BLOCK' } }, output: { safety: false } },
    },
  };
  expect(diff({ ai_gateway: { guardrails: null } }, live).differences).toEqual([
    ['ai_gateway.guardrails.input.safety', true, null],
    ['ai_gateway.guardrails.input.pii.behavior', 'BLOCK', null],
  ]);
});

test('sets are compared without order and repetition', () => {
  const guard = (words: string[]) => ({ ai_gateway: { guardrails: { input: { invalid_keywords: words } } } });
  expect(diff(guard(['b', 'a']), guard(['a', 'b', 'a'])).differences).toEqual([]);
  expect(diff(guard(['b']), guard(['a'])).differences).toHaveLength(1);
});

test('a logging block that is off and stays off is not compared further', () => {
  const table = (enabled: boolean, schema: string) => ({
    ai_gateway: { inference_table_config: { enabled, catalog_name: 'ml', schema_name: schema } },
  });
  expect(diff(table(false, 'a'), table(false, 'b'))).toEqual({
    differences: [],
    preserved: [],
    suppressed: ['ai_gateway.inference_table_config.schema_name'],
  });
  expect(diff(table(true, 'a'), table(true, 'b')).differences).toEqual([
    ['ai_gateway.inference_table_config.schema_name', 'b', 'a'],
  ]);
  expect(diff({ ai_gateway: { inference_table_config: null } }, table(false, 'b')).differences).toEqual([]);
});

test('the table prefix defaults to the name of the endpoint', () => {
  const prefix = (value: string | null) => ({
    ai_gateway: { inference_table_config: { table_name_prefix: value } },
  });
  const live = { ai_gateway: { inference_table_config: { enabled: true, table_name_prefix: 'chat' } } };
  expect(
    diff(prefix('chat'), { ai_gateway: { inference_table_config: { enabled: true } } }).differences,
  ).toEqual([]);
  expect(diff(prefix(null), live).differences).toEqual([]);
});

test('what the server fills in unasked is suppressed where it does, and a difference elsewhere', () => {
  const desired = { ai_gateway: { usage_tracking_config: null } };
  const live = { ai_gateway: { usage_tracking_config: { enabled: true } } };
  expect(diff(desired, live, 'pay_per_token')).toMatchObject({
    differences: [],
    suppressed: ['ai_gateway.usage_tracking_config.enabled'],
  });
  expect(diff(desired, live, 'external').differences).toEqual([
    ['ai_gateway.usage_tracking_config.enabled', true, null],
  ]);
});

test('null where the API answers null is nothing', () => {
  expect(
    diff({ ai_gateway: { rate_limits: [] } }, { ai_gateway: { rate_limits: null } }).differences,
  ).toEqual([]);
});

describe('of services', () => {
  const of = (kind: string, desired: JsonObject, live: JsonObject) =>
    compare({
      desired,
      live,
      name: 'main.ai.chat',
      sort: 'own',
      fields: kindOf(kind).fields,
    }).differences.map(({ path, live: was, desired: is }) => [pathText(path), was, is]);
  const fallback = (...names: string[]) => ({
    config: { routing: { fallback: { destinations: names.map((name) => ({ name })) } } },
  });
  const LIST = 'config.routing.fallback.destinations';

  test.each<[string[], string[], unknown[]]>([
    [['a', 'b'], ['a', 'b'], []],
    [['a', 'b'], ['b', 'a'], [[`${LIST}[]`, ['b', 'a'], ['a', 'b']]]],
    [['a'], ['b', 'a'], [[`${LIST}[b]`, {}, null]]],
    [['a'], [], []],
  ])('the order %j, found as %j', (desired, live, expected) => {
    expect(of('model_services', fallback(...desired), fallback(...live))).toEqual(expected);
  });

  test('an order that new ones do not reach by coming last', () => {
    const typed = (...names: string[]) => ({
      config: {
        routing: { fallback: { destinations: names.map((name) => ({ name, destination_type: 't' })) } },
      },
    });
    expect(of('model_services', typed('n', 'a'), typed('a'))).toEqual([
      [`${LIST}[n].destination_type`, null, 't'],
      [`${LIST}[]`, ['a'], ['n', 'a']],
    ]);
    expect(of('model_services', typed('a', 'n'), typed('a')).map(([path]) => path)).toEqual([
      `${LIST}[n].destination_type`,
    ]);
  });

  test('an item comes with what it says, also where that is what its absence would mean', () => {
    const split = (...list: JsonObject[]) => ({ config: { routing: { destinations: list } } });
    expect(
      of(
        'model_services',
        split({ name: 'a' }, { name: 'b', traffic_percentage: 100 }),
        split({ name: 'a' }),
      ),
    ).toEqual([['config.routing.destinations[b].traffic_percentage', null, 100]]);
  });

  test('an item that is owned whole goes with what is at its default', () => {
    const list = (...targets: JsonObject[]) => ({ config: { targets } });
    const one = { model: 'gpt', native_api_types: ['a'], endpoint_route: '' };
    expect(of('model_provider_services', list(), list(one)).map(([path]) => path)).toEqual([
      'config.targets[gpt].native_api_types',
      'config.targets[gpt].endpoint_route',
    ]);
  });

  test('a token that is passed on is there or not, whatever else is answered of it', () => {
    const signed = (anthropic: JsonObject) => ({ config: { anthropic } });
    const relayed = signed({ relayed: {} });
    const direct = signed({ direct: { api_key: {} } });
    expect(of('model_provider_services', relayed, signed({ relayed: { plan: 'x' } }))).toEqual([]);
    expect(of('model_provider_services', relayed, direct)).toEqual([
      ['config.anthropic.relayed', null, {}],
      ['config.anthropic.direct.api_key', {}, null],
    ]);
  });

  test('a prefix that is the name of the service says nothing', () => {
    const table = (more: JsonObject) => ({ config: { inference_table: { parent: 'schemas/a.b', ...more } } });
    expect(of('model_services', table({ table_name_prefix: 'chat' }), table({}))).toEqual([]);
    expect(of('model_services', table({ table_name_prefix: 'main.ai.chat' }), table({}))).toHaveLength(1);
  });
});

describe('what is taken and answered as something else', () => {
  const telemetry = { table_names: { logs_table: 'ml.logs.l', traces_table: 'ml.logs.t' } };
  const compared = (live: JsonObject) =>
    compare({ desired: { telemetry_config: telemetry }, live, name: 'chat', sort: 'custom', fields });

  test('is missing while that is missing', () => {
    for (const live of [{}, { telemetry_config: { enabled_telemetry_features: [] } }]) {
      const { differences, unverifiable } = compared(live);
      expect(differences.map(({ path, desired }) => [path.join('.'), desired])).toEqual([
        ['telemetry_config.table_names.logs_table', 'ml.logs.l'],
        ['telemetry_config.table_names.traces_table', 'ml.logs.t'],
      ]);
      expect(unverifiable).toEqual([]);
    }
  });

  test('cannot be verified once it is answered', () => {
    const { differences, unverifiable } = compared({ telemetry_config: { telemetry_profile_id: 'p1' } });
    expect(differences).toEqual([]);
    expect(unverifiable).toEqual([['telemetry_config', 'table_names']]);
  });
});
