// Which way a difference moves governance, by the table's rules.
import type { Json, JsonObject } from '../../src/model/json';
import { kindOf } from '../../src/model/kinds';
import { directionOf, worst } from '../../src/plan/direction';

const { fields } = kindOf('serving_endpoints');

function direction(path: string[], live: Json, desired: Json, around: JsonObject = {}) {
  return directionOf({ path, live, desired }, { live: around, sort: 'external', fields });
}

const pii = ['ai_gateway', 'guardrails', 'input', 'pii', 'behavior'];
const calls = (key: string) => ['ai_gateway', 'rate_limits', `[${key}]`, 'calls'];
const having = (...limits: [string, number][]) => ({
  ai_gateway: {
    rate_limits: limits.map(([text, count]) => {
      const [key = '', principal] = text.split(':');
      return {
        key,
        ...(principal === undefined ? {} : { principal }),
        calls: count,
        renewal_period: 'minute',
      };
    }),
  },
});

test.each([
  ['NONE', 'MASK', 'tightens'],
  ['MASK', 'BLOCK', 'tightens'],
  ['BLOCK', 'MASK', 'loosens'],
  ['BLOCK', null, 'loosens'],
  [null, 'MASK', 'tightens'],
  ['HASH', 'MASK', 'moves'],
])('personal data %s → %s %s', (live, desired, expected) => {
  expect(direction(pii, live, desired)).toBe(expected);
});

test.each([
  [60, 30, 'tightens'],
  [30, 60, 'loosens'],
  [60, 0, 'tightens'],
  [0, 60, 'loosens'],
  [null, 60, 'tightens'],
  [60, null, 'loosens'],
])('the endpoint limit %s → %s %s', (live, desired, expected) => {
  expect(direction(calls('endpoint'), live, desired)).toBe(expected);
});

describe('a limit that overrides others is weighed against them', () => {
  test.each([
    ['user:ana@example.com', null, 500, [['user', 60]], 'loosens'],
    ['user:ana@example.com', null, 10, [['user', 60]], 'tightens'],
    [
      'user:ana@example.com',
      500,
      null,
      [
        ['user', 60],
        ['user:ana@example.com', 500],
      ],
      'tightens',
    ],
    ['user:ana@example.com', null, 500, [], 'tightens'],
    [
      'user:ana@example.com',
      null,
      50,
      [
        ['user', 60],
        ['user_group:ops', 10],
      ],
      'moves',
    ],
    ['user_group:ops', null, 100, [['user_group:dev', 10]], 'moves'],
    ['user_group:ops', null, 100, [['user', 60]], 'loosens'],
    ['user', null, 60, [['user:ana@example.com', 500]], 'tightens'],
    ['endpoint', null, 1, [['user', 60]], 'tightens'],
  ] as [string, number | null, number | null, [string, number][], string][])(
    '%s %s → %s beside %j %s',
    (key, live, desired, others, expected) => {
      expect(direction(calls(key), live, desired, having(...others))).toBe(expected);
    },
  );
});

test('switches, sets, places', () => {
  expect(direction(['ai_gateway', 'usage_tracking_config', 'enabled'], true, false)).toBe('loosens');
  expect(direction(['ai_gateway', 'fallback_config', 'enabled'], false, true)).toBe('moves');
  const schema = ['ai_gateway', 'inference_table_config', 'schema_name'];
  const logging = { ai_gateway: { inference_table_config: { enabled: true } } };
  expect(direction(schema, 'a', 'b', logging)).toBe('moves');
  expect(direction(schema, 'a', 'b')).toBe('neutral');
  const words = ['ai_gateway', 'guardrails', 'input', 'invalid_keywords'];
  expect(direction(words, ['a'], ['a', 'b'])).toBe('tightens');
  expect(direction(words, ['a', 'b'], ['a'])).toBe('loosens');
  expect(direction(words, ['a'], ['b'])).toBe('moves');
  expect(direction(['tags', '[team]'], 'a', 'b')).toBe('neutral');
});

test('the worst of many is the one to worry about', () => {
  expect(worst(['tightens', 'loosens', 'neutral'])).toBe('loosens');
  expect(worst(['tightens', 'moves'])).toBe('moves');
  expect(worst([])).toBe('neutral');
});

describe('of a service', () => {
  const of =
    (kind: string) =>
    (path: string, live: Json, desired: Json, around: JsonObject = {}) =>
      directionOf(
        { path: path.split(' '), live, desired },
        { live: around, sort: 'own', fields: kindOf(kind).fields },
      );

  test.each([
    [null, ['EXECUTE'], 'loosens'],
    [['EXECUTE', 'MANAGE'], ['MANAGE'], 'tightens'],
    [['EXECUTE'], ['MANAGE'], 'moves'],
    [['EXECUTE'], null, 'tightens'],
  ])('privileges %j → %j %s', (live, desired, expected) => {
    expect(of('model_services')('grants [ops]', live, desired)).toBe(expected);
  });

  test.each([
    [null, ['read_*'], 'tightens'],
    [['read_*'], ['read_mail', 'read_all'], 'tightens'],
    [['read_mail'], ['read_*'], 'loosens'],
    [['read_*'], null, 'loosens'],
    [['a'], ['b'], 'moves'],
    [null, ['*'], 'neutral'],
  ])('tools %j → %j %s', (live, desired, expected) => {
    expect(of('mcp_services')('config include_tool_selectors', live, desired)).toBe(expected);
  });

  test.each([
    ['allow_all_targets', null, true, 'loosens'],
    ['forward_headers', true, null, 'tightens'],
    ['targets [gpt] native_api_types', null, ['a'], 'loosens'],
    ['targets [gpt] native_api_types', ['a', 'b'], ['a'], 'tightens'],
    ['inference_table parent', null, 'schemas/a.b', 'tightens'],
    ['inference_table parent', 'schemas/a.b', null, 'loosens'],
  ])('%s %j → %j %s', (path, live, desired, expected) => {
    expect(of('model_provider_services')(`config ${path}`, live, desired)).toBe(expected);
  });

  const limits = (...list: [key: string, period: string, requests: number][]) => ({
    config: {
      rate_limits: list.map(([key, period, requests]) => ({ key, renewal_period: period, requests })),
    },
  });
  test.each([
    ['user:ana', 50, limits(['user_default', 'minute', 10]), 'loosens'],
    ['user:ana', 5, limits(['user_default', 'minute', 10]), 'tightens'],
    ['user:ana/hour', 5, limits(['user_default', 'minute', 10]), 'moves'],
    ['user:ana/hour', 50, limits(['user_default', 'hour', 10], ['user_default', 'minute', 1]), 'loosens'],
    ['service/hour', 50, limits(['service', 'minute', 1]), 'tightens'],
  ])('the limit %s of %i beside %j %s', (key, count, around, expected) => {
    const direction = of('model_services');
    expect(direction(`config rate_limits [${key}] requests`, null, count, around)).toBe(expected);
  });
});
