import type { Settings } from '../../src/simulator';
import { type Body, CUSTOM, call, EXTERNAL, PROVISIONED, start, stopAll } from './support';

afterEach(stopAll);

const ENDPOINTS = [
  { name: 'external', config: { served_entities: [EXTERNAL] } },
  { name: 'custom', config: { served_entities: [CUSTOM] } },
  { name: 'provisioned', config: { served_entities: [PROVISIONED] } },
  {
    name: 'agent',
    task: 'agent/v1/responses',
    config: { served_entities: [{ entity_name: 'main.ml.agent', entity_version: '1' }] },
  },
  { name: 'databricks-gpt' },
  { name: 'empty' },
];

async function workspace(settings: Settings = {}) {
  const simulator = await start({ state: { settings, serving_endpoints: ENDPOINTS } });
  const put = (name: string, body: unknown) =>
    call(simulator, 'PUT', `/serving-endpoints/${name}/ai-gateway`, body);
  const get = async (name: string) => (await call(simulator, 'GET', `/serving-endpoints/${name}`)).body;
  return { simulator, put, get };
}

const TABLE = { enabled: true, catalog_name: 'main', schema_name: 'logs' };

test('the body replaces the whole block and comes back', async () => {
  const { put, get } = await workspace();
  const whole = {
    fallback_config: { enabled: true },
    guardrails: {
      input: { pii: { behavior: 'BLOCK' }, safety: true },
      output: { pii: { behavior: 'MASK' } },
    },
    inference_table_config: { ...TABLE, table_name_prefix: 'chat' },
    rate_limits: [{ calls: 0, key: 'user', renewal_period: 'minute' }],
    usage_tracking_config: { enabled: true },
  };
  const answer = await put('external', whole);
  expect(answer).toMatchObject({ status: 200, body: whole });
  expect((await get('external')).ai_gateway).toEqual(whole);
  await put('external', { usage_tracking_config: { enabled: true } });
  expect((await get('external')).ai_gateway).toEqual({ usage_tracking_config: { enabled: true } });
});

test('the same body twice is the same state', async () => {
  const { put, get } = await workspace({ tables_persist: true });
  const body = { inference_table_config: TABLE, rate_limits: [{ calls: 5, renewal_period: 'minute' }] };
  await put('external', body);
  const first = await get('external');
  expect((await put('external', body)).status).toBe(200);
  expect(await get('external')).toEqual(first);
});

test.each([
  ['omitted', {}, undefined],
  ['empty', {}, {}],
  ['null', null, null],
  [
    'disabled',
    { inference_table_config: { enabled: false }, usage_tracking_config: { enabled: false } },
    { inference_table_config: { enabled: false }, usage_tracking_config: { enabled: false } },
  ],
] as const)('a cleared block may come back as %s', async (cleared_gateway, answered, read) => {
  const { put, get } = await workspace({ cleared_gateway });
  await put('external', { rate_limits: [{ calls: 5, renewal_period: 'minute' }] });
  expect((await put('external', {})).body).toEqual(answered);
  expect((await get('external')).ai_gateway).toEqual(read);
});

test('unknown members are dropped, or kept where the knob says so', async () => {
  const body = { usage_tracking_config: { enabled: true, level: 'all' }, extra: 1 };
  const dropping = await workspace();
  expect((await dropping.put('external', body)).body).toEqual({ usage_tracking_config: { enabled: true } });
  const keeping = await workspace({ keeps_unknown: true });
  expect((await keeping.put('external', body)).body).toEqual(body);
  expect((await keeping.get('external')).ai_gateway).toEqual(body);
});

describe('rate limits', () => {
  const minute = { renewal_period: 'minute' };
  const cases: [string, Body, string | undefined][] = [
    ['calls of zero', [{ calls: 0, ...minute }], undefined],
    [
      'calls and tokens apart',
      [
        { calls: 1, key: 'user', ...minute },
        { tokens: 1, key: 'user', ...minute },
      ],
      undefined,
    ],
    ['a user', [{ calls: 1, key: 'user', principal: 'bo@example.com', ...minute }], undefined],
    ['both in one', [{ calls: 1, tokens: 1, ...minute }], 'exactly one of calls and tokens'],
    ['neither', [{ ...minute }], 'exactly one of calls and tokens'],
    ['no period', [{ calls: 1 }], 'renewal_period is required'],
    ['another period', [{ calls: 1, renewal_period: 'hour' }], 'not one of minute'],
    ['another key', [{ calls: 1, key: 'team', ...minute }], 'not one of endpoint'],
    ['less than none', [{ calls: -1, ...minute }], 'must not be negative'],
    ['a fraction', [{ calls: 1.5, ...minute }], 'whole number'],
    ['text', [{ calls: '5', ...minute }], 'whole number'],
    ['endpoint with principal', [{ calls: 1, principal: 'x', ...minute }], 'takes no principal'],
    ['group without', [{ calls: 1, key: 'user_group', ...minute }], 'needs a principal'],
    ['service principal without', [{ calls: 1, key: 'service_principal', ...minute }], 'needs a principal'],
    [
      'the same twice',
      [
        { calls: 1, ...minute },
        { calls: 2, key: 'endpoint', ...minute },
      ],
      'given twice',
    ],
    [
      '21',
      Array.from({ length: 21 }, (_, i) => ({ calls: 1, key: 'user', principal: `${i}`, ...minute })),
      'At most 20',
    ],
    [
      '6 groups',
      Array.from({ length: 6 }, (_, i) => ({ calls: 1, key: 'user_group', principal: `${i}`, ...minute })),
      'At most 5',
    ],
  ];

  test.each(cases)('%s', async (_name, rate_limits, refusal) => {
    const { put, get } = await workspace();
    const answer = await put('external', { rate_limits });
    if (refusal === undefined) {
      expect(answer.status).toBe(200);
      return;
    }
    expect(answer.status).toBe(400);
    expect(answer.body.error_code).toBe('INVALID_PARAMETER_VALUE');
    expect(answer.body.message).toContain(refusal);
    expect((await get('external')).ai_gateway).toBeUndefined();
  });

  test('keep their order and get their key', async () => {
    const { put } = await workspace();
    const rate_limits = [
      { tokens: 9, key: 'user', ...minute },
      { calls: 9, ...minute },
    ];
    expect((await put('external', { rate_limits })).body.rate_limits).toEqual([
      { key: 'user', tokens: 9, ...minute },
      { key: 'endpoint', calls: 9, ...minute },
    ]);
  });
});

describe('inference tables', () => {
  test('need catalog and schema, which must exist; the prefix defaults to the name', async () => {
    const { put } = await workspace({ catalogs: ['main.logs'] });
    expect((await put('external', { inference_table_config: { enabled: true } })).body.message).toContain(
      'required',
    );
    const elsewhere = await put('external', { inference_table_config: { ...TABLE, schema_name: 'other' } });
    expect(elsewhere).toMatchObject({
      status: 400,
      body: { message: "Schema 'main.other' does not exist." },
    });
    expect((await put('external', { inference_table_config: TABLE })).body.inference_table_config).toEqual({
      ...TABLE,
      table_name_prefix: 'external',
    });
  });

  test.each([{ catalog_name: 'other' }, { schema_name: 'other' }, { table_name_prefix: 'other' }])(
    'move in two steps: %p',
    async (change) => {
      const { put } = await workspace();
      await put('external', { inference_table_config: TABLE });
      const moved = { inference_table_config: { ...TABLE, ...change } };
      const refused = await put('external', moved);
      expect(refused).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
      expect(refused.body.message).toContain('cannot be changed while it is enabled');
      expect((await put('external', { inference_table_config: { ...TABLE, enabled: false } })).status).toBe(
        200,
      );
      expect((await put('external', moved)).status).toBe(200);
    },
  );

  test('leave a table behind that blocks its name, where tables persist', async () => {
    const { put, simulator } = await workspace({ tables_persist: true });
    await put('external', { inference_table_config: TABLE });
    await put('external', {});
    const again = await put('external', { inference_table_config: TABLE });
    expect(again).toMatchObject({
      status: 400,
      body: { message: "Table 'main.logs.external_payload' already exists." },
    });
    expect(simulator.snapshot().tables).toEqual(['main.logs.external_payload']);
    expect(
      (await put('external', { inference_table_config: { ...TABLE, table_name_prefix: 'two' } })).status,
    ).toBe(200);
  });

  test('can be enabled again at once where they do not', async () => {
    const { put } = await workspace();
    await put('external', { inference_table_config: TABLE });
    await put('external', {});
    expect((await put('external', { inference_table_config: TABLE })).status).toBe(200);
  });
});

describe('features by kind', () => {
  const FEATURES: Record<string, Body> = {
    fallbacks: { fallback_config: { enabled: true } },
    guardrails: { guardrails: { output: { safety: true } } },
    inference_tables: { inference_table_config: TABLE },
    rate_limits: { rate_limits: [{ calls: 1, renewal_period: 'minute' }] },
    usage_tracking: { usage_tracking_config: { enabled: true } },
  };
  const OFFERED: Record<string, string> = {
    external: 'fallbacks guardrails inference_tables rate_limits usage_tracking',
    provisioned: 'guardrails inference_tables rate_limits usage_tracking',
    'databricks-gpt': 'guardrails inference_tables rate_limits usage_tracking',
    custom: 'inference_tables rate_limits usage_tracking',
    agent: 'inference_tables',
    empty: 'fallbacks guardrails inference_tables rate_limits usage_tracking',
  };

  test.each(Object.keys(OFFERED))('%s', async (name) => {
    const { put } = await workspace();
    const taken: string[] = [];
    for (const [feature, body] of Object.entries(FEATURES)) {
      const answer = await put(name, body);
      if (answer.status === 200) taken.push(feature);
      else expect(answer).toMatchObject({ status: 404, body: { error_code: 'FEATURE_DISABLED' } });
    }
    expect(taken.join(' ')).toBe(OFFERED[name]);
  });

  test('switched off is never refused', async () => {
    const { put } = await workspace();
    const off = {
      fallback_config: { enabled: false },
      guardrails: { input: { pii: { behavior: 'NONE' }, safety: false } },
      rate_limits: [],
      usage_tracking_config: { enabled: false },
    };
    expect((await put('agent', off)).status).toBe(200);
  });

  test('a workspace may offer less, and say so with 500', async () => {
    const { put } = await workspace({
      feature_disabled: [{ kind: 'custom', feature: 'rate_limits' }],
      feature_disabled_status: 500,
    });
    expect(await put('custom', FEATURES.rate_limits)).toMatchObject({
      status: 500,
      body: {
        error_code: 'FEATURE_DISABLED',
        message: 'Rate limits is not currently supported for this endpoint type in this workspace.',
      },
    });
    expect((await put('external', FEATURES.rate_limits)).status).toBe(200);
  });
});

test('what was never sent comes back for endpoints that Databricks hosts', async () => {
  const { put, get } = await workspace();
  expect((await get('databricks-gpt')).ai_gateway).toEqual({ usage_tracking_config: { enabled: true } });
  expect((await put('databricks-gpt', {})).body).toEqual({ usage_tracking_config: { enabled: true } });
  expect((await put('databricks-gpt', { usage_tracking_config: { enabled: false } })).body).toEqual({
    usage_tracking_config: { enabled: false },
  });
  expect((await put('provisioned', { guardrails: { input: { safety: true } } })).body).toEqual({
    guardrails: { input: { pii: { behavior: 'NONE' }, safety: true } },
    usage_tracking_config: { enabled: false },
  });
});

test.each([
  ['no JSON', '{"rate_limits":', 'BAD_REQUEST'],
  ['nothing', undefined, 'BAD_REQUEST'],
  ['a list', '[]', 'INVALID_PARAMETER_VALUE'],
  ['another behaviour', '{"guardrails":{"input":{"pii":{"behavior":"WARN"}}}}', 'INVALID_PARAMETER_VALUE'],
  ['a wrong type', '{"usage_tracking_config":{"enabled":"yes"}}', 'INVALID_PARAMETER_VALUE'],
  ['a fallback block that says nothing', '{"fallback_config":{}}', 'INVALID_PARAMETER_VALUE'],
])('%s is refused with 400', async (_name, body, error_code) => {
  const { put } = await workspace();
  expect(await put('external', body)).toMatchObject({ status: 400, body: { error_code } });
});

test('null is absent', async () => {
  const { put } = await workspace();
  expect(
    (await put('external', { guardrails: null, usage_tracking_config: { enabled: null } })).body,
  ).toEqual({
    usage_tracking_config: {},
  });
});

test('an absent endpoint is 404', async () => {
  const { put } = await workspace();
  expect(await put('none', {})).toMatchObject({
    status: 404,
    body: { error_code: 'RESOURCE_DOES_NOT_EXIST' },
  });
});
