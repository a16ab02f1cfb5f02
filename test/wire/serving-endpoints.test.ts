// Serving endpoints on the wire: what an answer means, which requests make a set of assignments true.
import type { JsonObject } from '../../src/model/json';
import { kindOf } from '../../src/model/kinds';
import type { Direction } from '../../src/model/resource';
import { sortOf, servingEndpoints as wire } from '../../src/wire/serving-endpoints';

const { fields } = kindOf('serving_endpoints');

function live(more: JsonObject) {
  return wire.fromWire({ name: 'chat', id: 'e1', creator: 'ana@example.com', ...more }, true);
}

type Wish = [path: string, value: null | boolean | number | string, direction: Direction];

function bodies(raw: JsonObject, wishes: Wish[], stamp?: string) {
  const now = live(raw);
  const assignments = wishes.map(([path, value, direction]) => ({ path: path.split(' '), value, direction }));
  const steps = wire.update({
    name: 'chat',
    live: now,
    declared: {},
    assignments,
    fields,
    ...(stamp === undefined ? {} : { stamp }),
  });
  return steps.map(({ operation, phase, ours }) => [
    operation.id,
    phase,
    wire.body({ operation: operation.id, ours }, 'chat', now),
  ]);
}

const PUT = 'serving-endpoints.put-ai-gateway';
const limit = (key: string, calls: number) => ({ key, renewal_period: 'minute', calls });
const logging = { enabled: true, catalog_name: 'ml', schema_name: 'logs', table_name_prefix: 'chat' };

test('a put carries every sibling as it was, in its order, unknown to nobody', () => {
  const gateway = {
    fallback_config: { enabled: true },
    rate_limits: [
      { calls: 9, key: 'endpoint', renewal_period: 'minute' },
      { principal: 'ops', key: 'user_group', calls: 5, renewal_period: 'minute' },
    ],
    inference_table_config: logging,
  };
  const [[, , body] = []] = bodies({ ai_gateway: gateway }, [
    ['ai_gateway rate_limits [user] calls', 3, 'tightens'],
  ]);
  expect(JSON.stringify(body)).toBe(
    JSON.stringify({
      ...gateway,
      rate_limits: [...gateway.rate_limits, { key: 'user', renewal_period: 'minute', calls: 3 }],
    }),
  );
});

test('a limit of zero reaches the wire', () => {
  expect(bodies({}, [['ai_gateway rate_limits [endpoint] calls', 0, 'tightens']])).toEqual([
    [PUT, 'tighten', { rate_limits: [{ key: 'endpoint', renewal_period: 'minute', calls: 0 }] }],
  ]);
});

test('what tightens and what loosens go in two puts, the stricter first', () => {
  const raw = { ai_gateway: { rate_limits: [{ key: 'user', calls: 60, renewal_period: 'minute' }] } };
  const puts = bodies(raw, [
    ['ai_gateway rate_limits [user] calls', 600, 'loosens'],
    ['ai_gateway guardrails input safety', true, 'tightens'],
  ]);
  expect(puts).toEqual([
    [PUT, 'tighten', { ...raw.ai_gateway, guardrails: { input: { safety: true } } }],
    [
      PUT,
      'open',
      {
        rate_limits: [{ key: 'user', renewal_period: 'minute', calls: 600 }],
        guardrails: { input: { safety: true } },
      },
    ],
  ]);
});

test('where the state in between would hold more limits than the API takes, one put has no state in between', () => {
  const limit = (index: number) => ({
    key: 'user',
    principal: `u${index}@example.com`,
    calls: 1,
    renewal_period: 'minute',
  });
  const raw = { ai_gateway: { rate_limits: Array.from({ length: 20 }, (_, index) => limit(index)) } };
  const puts = bodies(raw, [
    ['ai_gateway rate_limits [user:u0@example.com] calls', null, 'loosens'],
    ['ai_gateway rate_limits [user] calls', 5, 'tightens'],
  ]);
  expect(puts).toHaveLength(1);
});

test('a table that moves takes no limit along that would be one too many in between', () => {
  const limit = (index: number) => ({
    key: 'user',
    principal: `u${index}@example.com`,
    calls: 1,
    renewal_period: 'minute',
  });
  const rate_limits = Array.from({ length: 20 }, (_, index) => limit(index));
  const puts = bodies({ ai_gateway: { rate_limits, inference_table_config: logging } }, [
    ['ai_gateway rate_limits [user:u0@example.com] calls', null, 'loosens'],
    ['ai_gateway rate_limits [user] calls', 5, 'tightens'],
    ['ai_gateway inference_table_config schema_name', 'audit', 'moves'],
  ]);
  expect(puts.map(([, , body]) => (body as { rate_limits: unknown[] }).rate_limits.length)).toEqual([20, 20]);
});

test('an inference table moves in two steps and keeps the prefix that nobody named', () => {
  const puts = bodies({ ai_gateway: { inference_table_config: logging } }, [
    ['ai_gateway inference_table_config schema_name', 'audit', 'moves'],
  ]);
  expect(puts).toEqual([
    [PUT, 'open', { inference_table_config: { ...logging, enabled: false } }],
    [PUT, 'open', { inference_table_config: { ...logging, schema_name: 'audit' } }],
  ]);
});

test('a prefix that the workspace does not show is the name, so another one is a move as well', () => {
  const { table_name_prefix: _, ...unnamed } = logging;
  const puts = bodies({ ai_gateway: { inference_table_config: unnamed } }, [
    ['ai_gateway inference_table_config table_name_prefix', 'assistant', 'moves'],
  ]);
  expect(puts).toEqual([
    [PUT, 'open', { inference_table_config: { ...unnamed, enabled: false } }],
    [PUT, 'open', { inference_table_config: { ...logging, table_name_prefix: 'assistant' } }],
  ]);
});

test('what tightens goes before the gap in logging, what opens after it', () => {
  const gateway = { inference_table_config: logging, rate_limits: [limit('user', 60)] };
  const puts = bodies({ ai_gateway: gateway }, [
    ['ai_gateway inference_table_config schema_name', 'audit', 'moves'],
    ['ai_gateway rate_limits [user] calls', 600, 'loosens'],
    ['ai_gateway guardrails input safety', true, 'tightens'],
  ]);
  const guarded = { ...gateway, guardrails: { input: { safety: true } } };
  expect(puts).toEqual([
    [PUT, 'tighten', guarded],
    [PUT, 'open', { ...guarded, inference_table_config: { ...logging, enabled: false } }],
    [
      PUT,
      'open',
      {
        ...guarded,
        inference_table_config: { ...logging, schema_name: 'audit' },
        rate_limits: [limit('user', 600)],
      },
    ],
  ]);
});

test('a table that is switched off and moved is switched off with what opens', () => {
  const gateway = { inference_table_config: logging, rate_limits: [limit('user', 60)] };
  const puts = bodies({ ai_gateway: gateway }, [
    ['ai_gateway inference_table_config enabled', false, 'loosens'],
    ['ai_gateway inference_table_config schema_name', 'audit', 'moves'],
    ['ai_gateway rate_limits [user] calls', 600, 'loosens'],
  ]);
  const opened = {
    inference_table_config: { ...logging, enabled: false },
    rate_limits: [limit('user', 600)],
  };
  expect(puts).toEqual([
    [PUT, 'open', opened],
    [
      PUT,
      'open',
      { ...opened, inference_table_config: { ...opened.inference_table_config, schema_name: 'audit' } },
    ],
  ]);
});

test('fallback that ends goes before the config, fallback that begins after it', () => {
  const change = (value: boolean) =>
    bodies({ ai_gateway: { fallback_config: { enabled: !value } } }, [
      ['ai_gateway fallback_config enabled', value, 'moves'],
    ]).map(([, phase]) => phase);
  expect({ ends: change(false), begins: change(true) }).toEqual({ ends: ['tighten'], begins: ['open'] });
});

test('a table that is off is put on at another place in one step', () => {
  const puts = bodies({ ai_gateway: { inference_table_config: { ...logging, enabled: false } } }, [
    ['ai_gateway inference_table_config schema_name', 'audit', 'neutral'],
    ['ai_gateway inference_table_config enabled', true, 'tightens'],
  ]);
  expect(puts).toEqual([[PUT, 'tighten', { inference_table_config: { ...logging, schema_name: 'audit' } }]]);
});

test('removing the last of a block removes the block', () => {
  const raw = {
    ai_gateway: {
      usage_tracking_config: { enabled: true },
      guardrails: { input: { pii: { behavior: 'BLOCK' } } },
    },
  };
  expect(bodies(raw, [['ai_gateway guardrails input pii behavior', null, 'loosens']])).toEqual([
    [PUT, 'open', { usage_tracking_config: { enabled: true } }],
  ]);
});

test('tags and the stamp are one patch', () => {
  expect(
    bodies(
      { tags: [{ key: 'old', value: '1' }] },
      [
        ['tags [team]', 'support', 'neutral'],
        ['tags [old]', null, 'neutral'],
      ],
      'llm',
    ),
  ).toEqual([
    [
      'serving-endpoints.patch-tags',
      'tighten',
      {
        add_tags: [
          { key: 'team', value: 'support' },
          { key: 'gatewright_project', value: 'llm' },
        ],
        delete_tags: ['old'],
      },
    ],
  ]);
});

test('an answer is read: stamp, what a list item leaves out, what nobody knows', () => {
  const tags = [
    { key: 'gatewright_project', value: 'llm' },
    { key: 'team', value: 'a' },
  ];
  const read = wire.fromWire(
    { name: 'chat', tags, ai_gateway: { guardrails: { input: { shield: 1 } }, burst: {}, later: null } },
    false,
  );
  expect(read).toMatchObject({
    stamp: 'llm',
    fields: { tags: [{ key: 'team', value: 'a' }] },
    unknownFields: [
      'config',
      'email_notifications',
      'route_optimized',
      'description',
      'telemetry_config',
      'permissions',
    ],
    unknownMembers: ['ai_gateway.guardrails.input.shield', 'ai_gateway.burst'],
  });
  expect(wire.fromWire({ name: 'chat' }, false).unknownFields).toEqual(
    expect.arrayContaining(['ai_gateway', 'tags']),
  );
  expect(wire.fromWire({ name: 'chat' }, true).unknownFields).toEqual(['permissions']);
});

test('names of telemetry tables take the place of the profile that they are answered as', () => {
  const now = { telemetry_config: { telemetry_profile_id: 'p1', enabled_telemetry_features: ['A'] } };
  const bodyOf = (declared: JsonObject) =>
    wire
      .update({
        name: 'chat',
        live: live(now),
        declared: { telemetry_config: declared },
        assignments: [
          {
            path: ['telemetry_config', 'enabled_telemetry_features'],
            value: ['B'],
            direction: 'neutral' as const,
          },
        ],
        fields,
      })
      .map(({ operation, ours }) => wire.body({ operation: operation.id, ours }, 'chat', live(now)));
  const table_names = { logs_table: 'ml.logs.chat' };
  expect(bodyOf({ table_names, enabled_telemetry_features: ['B'] })).toEqual([
    { telemetry_config: { table_names, enabled_telemetry_features: ['B'] } },
  ]);
  expect(bodyOf({ enabled_telemetry_features: ['B'] })).toEqual([
    { telemetry_config: { telemetry_profile_id: 'p1', enabled_telemetry_features: ['B'] } },
  ]);
});

test('a list answer is read, also without endpoints; another shape is an error', () => {
  expect(wire.items({})).toEqual([]);
  expect(() => wire.items([])).toThrow('without "endpoints"');
});

test.each([
  ['pay_per_token', { endpoint_type: 'FOUNDATION_MODEL_API' }],
  ['pay_per_token', { config: { served_entities: [{ foundation_model: {} }] } }],
  ['external', { id: '1', config: { served_entities: [{ external_model: {} }] } }],
  ['provisioned_throughput', { id: '1', config: { served_entities: [{ provisioned_model_units: 50 }] } }],
  [
    'provisioned_throughput',
    { id: '1', config: { served_entities: [{ foundation_model: {}, entity_name: 'system.ai.x' }] } },
  ],
  ['agent', { id: '1', task: 'agent/v1/chat', config: {} }],
  [
    'custom',
    { id: '1', name: 'databricks-app-template', config: { served_entities: [{ entity_name: 'ml.a.b' }] } },
  ],
  ['custom', { id: '1', config: { served_models: [{ model_name: 'a' }] } }],
  ['no_config', { id: '1' }],
])('%s is recognised in %j', (sort, raw) => {
  expect(sortOf(raw as JsonObject)).toBe(sort);
});
