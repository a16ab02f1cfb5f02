import type { SeededEndpoint, Settings } from '../../src/simulator';
import { type Body, CUSTOM, call, EXTERNAL, PROVISIONED, start, stopAll } from './support';

afterEach(stopAll);

async function workspace(endpoint: Partial<SeededEndpoint> = {}, settings: Settings = {}) {
  const simulator = await start({
    state: {
      settings,
      serving_endpoints: [
        { name: 'chat', config: { served_entities: [EXTERNAL] }, ...endpoint },
        { name: 'databricks-gpt' },
        {
          name: 'databricks-app',
          id: '0123456789abcdef0123456789abcdef',
          config: { served_entities: [CUSTOM] },
        },
      ],
    },
  });
  const put = (body: unknown, name = 'chat') =>
    call(simulator, 'PUT', `/serving-endpoints/${name}/config`, body);
  const get = async (name = 'chat') => (await call(simulator, 'GET', `/serving-endpoints/${name}`)).body;
  return { simulator, put, get };
}

const model = (name: string, change: object = {}) => ({
  ...EXTERNAL,
  name,
  external_model: { ...EXTERNAL.external_model, ...change },
});
const split = (...shares: [string, number][]) => ({
  routes: shares.map(([served_entity_name, traffic_percentage]) => ({
    served_entity_name,
    traffic_percentage,
  })),
});

test('a config is pending until the clock has moved far enough, and the former one serves meanwhile', async () => {
  const { simulator, put, get } = await workspace();
  const traffic_config = split(['b', 80], ['a', 20]);
  const answer = await put({ served_entities: [model('b'), model('a')], traffic_config });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    state: { ready: 'READY', config_update: 'IN_PROGRESS' },
    config: { config_version: 1, served_entities: [{ name: 'gpt' }] },
    pending_config: { config_version: 2, served_entities: [{ name: 'a' }, { name: 'b' }] },
  });
  simulator.advance(119_999);
  expect((await get()).state.config_update).toBe('IN_PROGRESS');
  simulator.advance(1);
  const after = await get();
  expect(after).not.toHaveProperty('pending_config');
  expect(after.state).toEqual({ ready: 'READY', config_update: 'NOT_UPDATING' });
  expect(after.config).toMatchObject({
    config_version: 2,
    served_entities: [{ name: 'a', state: { deployment: 'DEPLOYMENT_READY' } }, { name: 'b' }],
    traffic_config: {
      routes: [
        { served_entity_name: 'a', served_model_name: 'a', traffic_percentage: 20 },
        { served_entity_name: 'b', served_model_name: 'b', traffic_percentage: 80 },
      ],
    },
  });
  expect(simulator.snapshot().serving_endpoints![0]!._simulator!.entity_order).toEqual(['b', 'a']);
});

test('a real clock settles by itself', async () => {
  let now = 0;
  const simulator = await start({
    clock: 'real',
    now: () => now,
    state: { serving_endpoints: [{ name: 'chat' }] },
  });
  await call(simulator, 'PUT', '/serving-endpoints/chat/config', { served_entities: [EXTERNAL] });
  now = 1999;
  expect((await call(simulator, 'GET', '/serving-endpoints/chat')).body.state.config_update).toBe(
    'IN_PROGRESS',
  );
  now = 2000;
  expect((await call(simulator, 'GET', '/serving-endpoints/chat')).body.state.config_update).toBe(
    'NOT_UPDATING',
  );
});

test('one update at a time: 409, also for telemetry, and for the gateway where told so', async () => {
  const usage = { usage_tracking_config: { enabled: true } };
  const { simulator, put } = await workspace({ config: { served_entities: [CUSTOM] } });
  const gateway = () => call(simulator, 'PUT', '/serving-endpoints/chat/ai-gateway', usage);
  await put({ served_entities: [CUSTOM] });
  const busy = {
    status: 409,
    body: { error_code: 'RESOURCE_CONFLICT', message: expect.stringContaining('being updated') },
  };
  expect(await put({ served_entities: [CUSTOM] })).toMatchObject(busy);
  expect(await call(simulator, 'PATCH', '/serving-endpoints/chat/telemetry-config', {})).toMatchObject(busy);
  expect((await gateway()).status).toBe(200);
  simulator.seed({ ...simulator.snapshot(), settings: { gateway_409_while_updating: true } });
  expect(await gateway()).toMatchObject(busy);
  simulator.advance(120_000);
  expect((await gateway()).status).toBe(200);
  expect((await put({ served_entities: [CUSTOM] })).body.pending_config.config_version).toBe(3);
});

test.each([
  ['UPDATE_FAILED', 'DEPLOYMENT_FAILED'],
  ['UPDATE_CANCELED', 'DEPLOYMENT_ABORTED'],
] as const)('a config may end in %s, by endpoint or by entity', async (outcome, deployment) => {
  const message = 'container image creation failed';
  const told = await workspace({ _simulator: { next_outcome: outcome, next_messages: { gpt: message } } });
  const row = await workspace({}, { update_outcomes: [{ entity: 'gpt-5', outcome, message }] });
  for (const { simulator, put, get } of [told, row]) {
    await put({ served_entities: [EXTERNAL] });
    simulator.advance(120_000);
    const after = await get();
    expect(after.state).toEqual({ ready: 'READY', config_update: outcome });
    expect(after.config.config_version).toBe(1);
    expect(after.pending_config.served_entities[0].state).toEqual({
      deployment,
      deployment_state_message: message,
    });
    expect((await put({ served_entities: [EXTERNAL] })).body.pending_config.config_version).toBe(3);
  }
});

test('what was left out is gone', async () => {
  const auto_capture_config = {
    catalog_name: 'main',
    schema_name: 'logs',
    table_name_prefix: 'x',
    enabled: true,
  };
  const { simulator, put, get } = await workspace({
    config: { served_entities: [{ ...CUSTOM, environment_vars: { A: '1' } }], auto_capture_config },
  });
  expect((await get()).config.auto_capture_config).toEqual(auto_capture_config);
  await put({ served_entities: [CUSTOM] });
  simulator.advance(120_000);
  const { config } = await get();
  expect(config).not.toHaveProperty('auto_capture_config');
  expect(config.served_entities[0]).not.toHaveProperty('environment_vars');
});

test('credentials are taken, forgotten, and needed again', async () => {
  const literal = { openai_api_key_plaintext: 'sk-literal' };
  const { simulator, put, get } = await workspace();
  expect((await put({ served_entities: [model('gpt', { openai_config: literal })] })).status).toBe(200);
  simulator.advance(120_000);
  const entity = (await get()).config.served_entities[0];
  expect(entity.external_model.openai_config).toEqual({});
  const again = await put({
    served_entities: [{ name: entity.name, external_model: entity.external_model }],
  });
  expect(again).toMatchObject({ status: 400, body: { message: expect.stringContaining('openai_api_key') } });
  expect(JSON.stringify([simulator.snapshot(), simulator.requests])).not.toContain('sk-literal');
});

test('burst scaling is written and never read', async () => {
  const { put, get } = await workspace({ config: { served_entities: [PROVISIONED] } });
  await put({ served_entities: [{ ...PROVISIONED, burst_scaling_enabled: false }] });
  const [entity] = (await get()).pending_config.served_entities;
  expect(entity).not.toHaveProperty('burst_scaling_enabled');
  expect(entity.scale_to_zero_enabled).toBe(false);
});

test('served_models are taken in the place of entities and come back under both names', async () => {
  const { put } = await workspace({ config: { served_entities: [CUSTOM] } });
  const served_models = [{ model_name: 'main.ml.fraud', model_version: '4', workload_size: 'Small' }];
  const { pending_config } = (await put({ served_models })).body;
  expect(pending_config.served_models[0]).toMatchObject({
    name: 'fraud-4',
    model_name: 'main.ml.fraud',
    model_version: '4',
  });
  expect(pending_config.served_entities[0]).toMatchObject({
    name: 'fraud-4',
    entity_name: 'main.ml.fraud',
    entity_version: '4',
  });
});

describe('legacy inference tables', () => {
  const on = { catalog_name: 'main', schema_name: 'logs', table_name_prefix: 'x', enabled: true };
  const seed = (auto_capture_config: object) => ({
    config: { served_entities: [CUSTOM], auto_capture_config } as Body,
  });
  const ask = async (before: object | undefined, wanted: object) => {
    const { put } = await workspace(
      before === undefined ? { config: { served_entities: [CUSTOM] } } : seed(before),
    );
    return (await put({ served_entities: [CUSTOM], auto_capture_config: wanted })).status;
  };
  test('stay or go, and are never begun, moved or revived', async () => {
    expect(await ask(on, on)).toBe(200);
    expect(await ask(on, { enabled: false })).toBe(200);
    expect(await ask(undefined, { enabled: false })).toBe(200);
    expect(await ask(undefined, on)).toBe(400);
    expect(await ask({ ...on, enabled: false }, on)).toBe(400);
    expect(await ask(on, { ...on, schema_name: 'other' })).toBe(400);
  });
});

describe('rules', () => {
  const two = [model('a'), model('b')];
  const openai = (openai_config: object) => [model('gpt', { openai_config })];
  const bedrock = (amazon_bedrock_config: object) => [
    model('gpt', { provider: 'amazon-bedrock', openai_config: undefined, amazon_bedrock_config }),
  ];
  const custom = (custom_provider_config: object) => [
    model('gpt', { provider: 'custom', openai_config: undefined, custom_provider_config }),
  ];
  const key = '{{secrets/llm/key}}';
  const region = { aws_region: 'eu-west-1', bedrock_provider: 'Anthropic' };
  const azure = {
    openai_api_type: 'azure',
    openai_api_base: 'https://example.com',
    openai_api_version: '2024-10-21',
    openai_deployment_name: 'gpt',
  };
  const entra = {
    ...azure,
    openai_api_type: 'azuread',
    microsoft_entra_tenant_id: 't',
    microsoft_entra_client_id: 'c',
  };

  const external: [string, Body, string | undefined][] = [
    ['nothing', {}, 'At least one served entity'],
    ['an empty list', { served_entities: [] }, 'At least one served entity'],
    [
      'both lists',
      { served_entities: two, served_models: [{ model_name: 'x', model_version: '1' }] },
      'Only one of',
    ],
    ['16 entities', { served_entities: Array.from({ length: 16 }, (_, i) => model(`e${i}`)) }, 'At most 15'],
    ['neither sort', { served_entities: [{ name: 'x' }] }, 'entity_name or external_model'],
    ['a bad name', { served_entities: [model('a.b')] }, 'may hold letters'],
    ['a name twice', { served_entities: [model('a'), model('a')] }, 'used twice'],
    ['no split', { served_entities: two }, 'traffic_config is required'],
    ['a split', { served_entities: two, traffic_config: split(['a', 100], ['b', 0]) }, undefined],
    ['a split of 99', { served_entities: two, traffic_config: split(['a', 50], ['b', 49]) }, 'sum to 99'],
    [
      'a share below 0',
      { served_entities: two, traffic_config: split(['a', 101], ['b', -1]) },
      'between 0 and 100',
    ],
    [
      'a share in text',
      {
        served_entities: [model('a')],
        traffic_config: { routes: [{ served_entity_name: 'a', traffic_percentage: '100' }] },
      },
      'whole number',
    ],
    [
      'a route to nothing',
      { served_entities: two, traffic_config: split(['a', 50], ['c', 50]) },
      "'c' is not a served entity",
    ],
    ['a route twice', { served_entities: two, traffic_config: split(['a', 50], ['a', 50]) }, 'routed twice'],
    [
      'an entity without route',
      { served_entities: two, traffic_config: split(['a', 100]) },
      "'b' has no route",
    ],
    [
      'two tasks',
      {
        served_entities: [model('a'), model('b', { task: 'llm/v1/embeddings' })],
        traffic_config: split(['a', 50], ['b', 50]),
      },
      'same task',
    ],
    [
      'mixed kinds',
      { served_entities: [model('a'), CUSTOM], traffic_config: split(['a', 50], ['fraud', 50]) },
      'served together',
    ],
    ['another sort than before', { served_entities: [CUSTOM] }, 'cannot change between'],
    [
      'a size for an external model',
      { served_entities: [{ ...EXTERNAL, workload_size: 'Small' }] },
      'workload_size cannot be set',
    ],
    [
      'scaling for an external model',
      { served_entities: [{ ...EXTERNAL, scale_to_zero_enabled: false }] },
      'scale_to_zero_enabled cannot be set',
    ],
    ['an unknown provider', { served_entities: [model('a', { provider: 'azure' })] }, 'not one of'],
    [
      'the block of another provider',
      { served_entities: [model('a', { anthropic_config: { anthropic_api_key: key } })] },
      'takes openai_config, not anthropic_config',
    ],
    [
      'no block',
      { served_entities: [model('a', { openai_config: undefined })] },
      'openai_config is required',
    ],
    ['no task', { served_entities: [model('a', { task: undefined })] }, 'task is required'],
    ['no key', { served_entities: openai({}) }, 'one of openai_api_key'],
    [
      'both keys',
      { served_entities: openai({ openai_api_key: key, openai_api_key_plaintext: 'x' }) },
      'exactly one of openai_api_key',
    ],
    [
      'a literal for a reference',
      { served_entities: openai({ openai_api_key: 'sk-x' }) },
      'must be a secret reference',
    ],
    ['azure', { served_entities: openai({ ...azure, openai_api_key: key }) }, undefined],
    [
      'azure without base',
      { served_entities: openai({ ...azure, openai_api_key: key, openai_api_base: undefined }) },
      'openai_api_base is required',
    ],
    ['entra', { served_entities: openai({ ...entra, microsoft_entra_client_secret: key }) }, undefined],
    [
      'entra without secret',
      { served_entities: openai({ ...entra, openai_api_key: key }) },
      'microsoft_entra_client_secret',
    ],
    [
      'entra without tenant',
      { served_entities: openai({ ...entra, microsoft_entra_tenant_id: undefined }) },
      'microsoft_entra_tenant_id is required',
    ],
    [
      'bedrock by profile',
      { served_entities: bedrock({ ...region, instance_profile_arn: 'arn:x' }) },
      undefined,
    ],
    [
      'bedrock by keys',
      {
        served_entities: bedrock({ ...region, aws_access_key_id: key, aws_secret_access_key_plaintext: 'x' }),
      },
      undefined,
    ],
    [
      'bedrock by half',
      { served_entities: bedrock({ ...region, aws_access_key_id: key }) },
      'aws_secret_access_key',
    ],
    [
      'bedrock by both',
      { served_entities: bedrock({ ...region, aws_access_key_id: key, instance_profile_arn: 'arn:x' }) },
      'not both',
    ],
    [
      'bedrock of nobody',
      { served_entities: bedrock({ ...region, bedrock_provider: 'openai' }) },
      'bedrock_provider must be one of',
    ],
    [
      'a custom provider',
      {
        served_entities: custom({
          custom_provider_url: 'https://example.com',
          bearer_token_auth: { token: key },
        }),
      },
      undefined,
    ],
    [
      'a custom provider unsigned',
      { served_entities: custom({ custom_provider_url: 'https://example.com' }) },
      'exactly one of api_key_auth',
    ],
    [
      'a custom provider without key',
      { served_entities: custom({ custom_provider_url: 'https://example.com', api_key_auth: { key: 'x' } }) },
      'value_plaintext is required',
    ],
  ];

  test.each(external)('external models: %s', async (_name, body, refusal) => {
    const { put, get } = await workspace();
    const answer = await put(body);
    if (refusal === undefined) expect(answer.status).toBe(200);
    else {
      expect(answer).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
      expect(answer.body.message).toContain(refusal);
      expect((await get()).state.config_update).toBe('NOT_UPDATING');
    }
  });

  const bare = { name: 'fraud', entity_name: 'main.ml.fraud', entity_version: '3' };
  const customs: [string, Body, string | undefined][] = [
    ['concurrency', { ...bare, min_provisioned_concurrency: 4, max_provisioned_concurrency: 8 }, undefined],
    ['half of it', { ...bare, min_provisioned_concurrency: 4 }, 'set together'],
    [
      'upside down',
      { ...bare, min_provisioned_concurrency: 8, max_provisioned_concurrency: 4 },
      'must not exceed',
    ],
    [
      'and a size',
      { ...CUSTOM, min_provisioned_concurrency: 4, max_provisioned_concurrency: 8 },
      'cannot be set together',
    ],
    ['a version in digits', { ...bare, entity_version: 3 }, 'must be a string'],
    [
      'throughput upside down',
      { ...bare, min_provisioned_throughput: 9, max_provisioned_throughput: 1 },
      'must not exceed',
    ],
  ];

  test.each(customs)('custom models: %s', async (_name, entity, refusal) => {
    const { put } = await workspace({ config: { served_entities: [CUSTOM] } });
    const answer = await put({ served_entities: [entity] });
    expect(answer.status).toBe(refusal === undefined ? 200 : 400);
    if (refusal !== undefined) expect(answer.body.message).toContain(refusal);
  });
});

test('model units have their own route, with a nested body', async () => {
  const units = {
    name: 'llama',
    entity_name: 'system.ai.llama',
    entity_version: '1',
    provisioned_model_units: 50,
  };
  const { simulator, put } = await workspace({ config: { served_entities: [units] } });
  const pt = (body: unknown) => call(simulator, 'PUT', '/serving-endpoints/pt/chat/config', body);
  expect((await pt({ served_entities: [units] })).body.message).toContain('config is required');
  expect(
    (await pt({ config: { served_entities: [{ ...units, provisioned_model_units: undefined }] } })).status,
  ).toBe(400);
  const answer = await pt({ config: { served_entities: [{ ...units, provisioned_model_units: 100 }] } });
  expect(answer.body.pending_config.served_entities[0]).toMatchObject({
    provisioned_model_units: 100,
    scale_to_zero_enabled: false,
  });
  expect((await put({ served_entities: [units] })).status).toBe(409);
});

test.each([
  [undefined, 400, 'INVALID_PARAMETER_VALUE'],
  [403, 403, 'PERMISSION_DENIED'],
] as const)('what Databricks made refuses a config (%p)', async (system_refusal, status, error_code) => {
  const { put } = await workspace({}, system_refusal === undefined ? {} : { system_refusal });
  for (const name of ['databricks-gpt', 'databricks-app']) {
    expect(await put({ served_entities: [CUSTOM] }, name)).toMatchObject({ status, body: { error_code } });
  }
});

test('creates and config updates can be limited in five minutes', async () => {
  const { simulator, put } = await workspace({}, { updates_per_5_minutes: 2, update_duration_ms: 0 });
  expect((await put({ served_entities: [] })).status).toBe(400);
  expect((await put({ served_entities: [EXTERNAL] })).status).toBe(200);
  expect((await call(simulator, 'POST', '/serving-endpoints', { name: 'new' })).status).toBe(200);
  expect(await put({ served_entities: [EXTERNAL] })).toMatchObject({
    status: 429,
    body: { error_code: 'RESOURCE_EXHAUSTED' },
  });
  expect((await call(simulator, 'PUT', '/serving-endpoints/chat/ai-gateway', {})).status).toBe(200);
  simulator.advance(300_000);
  expect((await put({ served_entities: [EXTERNAL] })).status).toBe(200);
});
