import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SeededEndpoint, WorkspaceState } from '../../src/simulator';
import { CUSTOM, call, EXTERNAL, start, stopAll } from './support';

afterEach(stopAll);

async function get(seed: SeededEndpoint) {
  const simulator = await start({ state: { serving_endpoints: [seed] } });
  return (await call(simulator, 'GET', `/serving-endpoints/${seed.name}`)).body;
}

test('a name alone is an endpoint without config', async () => {
  const body = await get({ name: 'chat' });
  expect(body).not.toHaveProperty('config');
  expect(body).toMatchObject({
    creator: 'ana@example.com',
    state: { ready: 'NOT_READY', config_update: 'NOT_UPDATING' },
  });
  expect(body.id).toHaveLength(32);
});

test('a databricks- name alone is pay-per-token, without id and creator', async () => {
  const body = await get({ name: 'databricks-gpt' });
  expect(body).toMatchObject({
    endpoint_type: 'FOUNDATION_MODEL_API',
    ai_gateway: { usage_tracking_config: { enabled: true } },
    config: { served_entities: [{ foundation_model: { name: 'system.ai.databricks-gpt' } }] },
  });
  for (const key of ['id', 'creator', 'description']) expect(body).not.toHaveProperty(key);
  expect(body.config).not.toHaveProperty('traffic_config');
});

test('null leaves out what would be filled in, and is null elsewhere', async () => {
  const body = await get({ name: 'chat', id: null, state: null, creation_timestamp: null, config: null });
  for (const key of ['id', 'state', 'creation_timestamp']) expect(body).not.toHaveProperty(key);
  expect(body.config).toBeNull();
});

test('an empty config stays empty', async () => {
  expect((await get({ name: 'mas-1', config: {} })).config).toEqual({});
});

test('served_models alone stay alone', async () => {
  const config = { served_models: [{ model_name: 'ads', model_version: '2', workload_size: 'Small' }] };
  const body = await get({ name: 'ads', config });
  expect(body.config).not.toHaveProperty('served_entities');
  expect(body.config.served_models[0]).toMatchObject({
    name: 'ads-2',
    model_name: 'ads',
    model_version: '2',
  });
  expect(body.config.traffic_config.routes[0].served_entity_name).toBe('ads-2');
});

test('entities are sorted, mirrored and completed; null stops the mirror', async () => {
  const two = [
    { ...CUSTOM, name: 'b' },
    { entity_name: 'main.ml.a', entity_version: '1' },
  ];
  const { config } = await get({ name: 'x', config: { served_entities: two } });
  expect(config.served_entities.map((one: { name: string }) => one.name)).toEqual(['a-1', 'b']);
  expect(config.served_entities[0]).toMatchObject({ workload_type: 'CPU', workload_size: 'Small' });
  expect(config.served_models.map((one: { model_name: string }) => one.model_name)).toEqual([
    'main.ml.a',
    'main.ml.fraud',
  ]);
  expect(config).not.toHaveProperty('traffic_config');
  const bare = await get({ name: 'x', config: { served_entities: two, served_models: null } });
  expect(bare.config).not.toHaveProperty('served_models');
});

test('legacy inference tables and unknown members at any level come back', async () => {
  const body = await get({
    name: 'x',
    config: {
      served_entities: [{ ...CUSTOM, new_field: { deep: [1] } }],
      auto_capture_config: {
        catalog_name: 'main',
        schema_name: 'logs',
        enabled: true,
        state: { payload_table: { name: 'x' } },
      },
    },
    tile_endpoint_metadata: { problem_type: 'KA' },
    ai_gateway: { future_config: { on: true }, usage_tracking_config: { enabled: true, level: 'x' } },
  });
  expect(body.config.served_entities[0].new_field).toEqual({ deep: [1] });
  expect(body.config.auto_capture_config.state.payload_table.name).toBe('x');
  expect(body.tile_endpoint_metadata).toEqual({ problem_type: 'KA' });
  expect(body.ai_gateway).toEqual({
    future_config: { on: true },
    usage_tracking_config: { enabled: true, level: 'x' },
  });
});

test('an unknown member inside a replaced block is replaced away', async () => {
  const simulator = await start({
    state: { serving_endpoints: [{ name: 'x', ai_gateway: { future_config: { on: true } }, future: 1 }] },
  });
  await call(simulator, 'PUT', '/serving-endpoints/x/ai-gateway', {
    usage_tracking_config: { enabled: true },
  });
  const { body } = await call(simulator, 'GET', '/serving-endpoints/x');
  expect(body.ai_gateway).toEqual({ usage_tracking_config: { enabled: true } });
  expect(body.future).toBe(1);
});

describe('updates under way', () => {
  const pending = {
    name: 'x',
    config: { served_entities: [CUSTOM] },
    pending_config: { served_entities: [EXTERNAL] },
  };
  const read = async (seed: SeededEndpoint, ms: number) => {
    const simulator = await start({
      state: { settings: { update_duration_ms: 1000 }, serving_endpoints: [seed] },
    });
    simulator.advance(ms);
    return (await call(simulator, 'GET', '/serving-endpoints/x')).body;
  };

  test('settle on the clock', async () => {
    const before = await read(pending, 999);
    expect(before.state.config_update).toBe('IN_PROGRESS');
    expect(before.pending_config).toMatchObject({
      config_version: 2,
      served_entities: [{ name: 'gpt', state: { deployment: 'DEPLOYMENT_CREATING' } }],
    });
    const after = await read(pending, 1000);
    expect(after.state.config_update).toBe('NOT_UPDATING');
    expect(after).not.toHaveProperty('pending_config');
    expect(after.config).toMatchObject({
      config_version: 2,
      served_entities: [{ name: 'gpt', state: { deployment: 'DEPLOYMENT_READY' } }],
    });
  });

  test.each([
    ['UPDATE_FAILED', 'DEPLOYMENT_FAILED'],
    ['UPDATE_CANCELED', 'DEPLOYMENT_ABORTED'],
  ] as const)('end in %s, and the former config serves on', async (outcome, deployment) => {
    const after = await read({ ...pending, _simulator: { outcome, messages: { gpt: 'no such key' } } }, 1000);
    expect(after.state).toEqual({ ready: 'READY', config_update: outcome });
    expect(after.config.served_entities[0].name).toBe('fraud');
    expect(after.pending_config.served_entities[0].state).toEqual({
      deployment,
      deployment_state_message: 'no such key',
    });
  });

  test('never settle by themselves when told so', async () => {
    const after = await read({ ...pending, _simulator: { settles_at: null } }, 1e9);
    expect(after.state.config_update).toBe('IN_PROGRESS');
  });

  test('are shown as seeded when they have ended', async () => {
    const body = await get({ name: 'x', state: { ready: 'READY', config_update: 'UPDATE_FAILED' } });
    expect(body.state).toEqual({ ready: 'READY', config_update: 'UPDATE_FAILED' });
  });
});

test('credentials of a seed are dropped, references stay', async () => {
  const openai_config = { openai_api_key_plaintext: 'sk-literal', openai_api_key: '{{secrets/llm/openai}}' };
  const external = { ...EXTERNAL.external_model, openai_config };
  const simulator = await start({
    state: {
      serving_endpoints: [{ name: 'x', config: { served_entities: [{ external_model: external }] } }],
    },
  });
  expect(JSON.stringify(simulator.snapshot())).not.toContain('sk-literal');
  const { body } = await call(simulator, 'GET', '/serving-endpoints/x');
  expect(body.config.served_entities[0]).toMatchObject({
    name: 'gpt-5',
    external_model: { openai_config: { openai_api_key: '{{secrets/llm/openai}}' } },
  });
});

test.each([
  [{ serving_endpoints: [{}] }, 'needs a name'],
  [{ serving_endpoints: [{ name: 'a' }, { name: 'a' }] }, 'seeded twice'],
  [
    { serving_endpoints: [{ name: 'a', permissions: [{ permission_level: 'CAN_VIEW' }] }] },
    'names user_name',
  ],
  [
    { serving_endpoints: [{ name: 'a', permissions: [{ user_name: 'b', permission_level: 'X' }] }] },
    'is one of',
  ],
])('a bad seed is refused: %j', async (state, message) => {
  await expect(start({ state: state as WorkspaceState })).rejects.toThrow(message);
});

test('a snapshot seeds the same workspace', async () => {
  const state: WorkspaceState = {
    settings: { update_duration_ms: 5 },
    serving_endpoints: [
      { name: 'a', id: null, config: { served_entities: [CUSTOM], served_models: null } },
      {
        name: 'b',
        config: { served_entities: [EXTERNAL] },
        permissions: [{ user_name: 'bo@example.com', permission_level: 'CAN_VIEW' }],
      },
      { name: 'databricks-gpt', ai_gateway: null },
    ],
  };
  const first = await start({ state });
  const second = await start({ state: first.snapshot() });
  expect(second.snapshot()).toEqual(first.snapshot());
  const list = (simulator: typeof first) => call(simulator, 'GET', '/serving-endpoints').then((r) => r.body);
  expect(await list(second)).toEqual(await list(first));
});

describe('the state file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  const stateFile = join(folder, 'deep', 'state.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  test('holds every change before it is answered, and is taken up again', async () => {
    const first = await start({ stateFile, state: { serving_endpoints: [{ name: 'chat' }] } });
    await call(first, 'PATCH', '/serving-endpoints/chat/tags', { add_tags: [{ key: 'a', value: '1' }] });
    expect(JSON.parse(readFileSync(stateFile, 'utf8')).serving_endpoints[0].tags).toEqual([
      { key: 'a', value: '1' },
    ]);
    first.advance(77);
    const second = await start({ stateFile });
    expect(second.snapshot()).toEqual(first.snapshot());
    expect(second.snapshot().advanced_ms).toBe(77);
  });

  test('that is no state is refused by name', async () => {
    writeFileSync(stateFile, '{"serving_endpoints": 3');
    await expect(start({ stateFile })).rejects.toThrow(`${stateFile} holds no state of a simulator`);
  });
});
