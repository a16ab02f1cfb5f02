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
