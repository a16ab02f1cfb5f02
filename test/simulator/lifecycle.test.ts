import type { Settings } from '../../src/simulator';
import { type Body, CUSTOM, call, EXTERNAL, start, stopAll } from './support';

afterEach(stopAll);

async function workspace(settings: Settings = {}) {
  const simulator = await start({
    state: { settings, serving_endpoints: [{ name: 'taken' }, { name: 'databricks-gpt' }] },
  });
  const create = (body: unknown, path = '/serving-endpoints') => call(simulator, 'POST', path, body);
  const get = async (name: string) => (await call(simulator, 'GET', `/serving-endpoints/${name}`)).body;
  return { simulator, create, get };
}

test('a create answers the endpoint being made, and it settles', async () => {
  const { simulator, create, get } = await workspace();
  const answer = await create({
    name: 'chat',
    config: { served_entities: [EXTERNAL] },
    ai_gateway: { fallback_config: { enabled: true } },
    description: 'for support',
    budget_policy_id: 'policy',
    email_notifications: { on_update_failure: ['ana@example.com'] },
    tags: [{ key: 'b' }, { key: 'a', value: '1' }],
    rate_limits: [{ calls: 5, renewal_period: 'minute' }],
  });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    name: 'chat',
    creator: 'ana@example.com',
    creation_timestamp: Date.UTC(2026, 0, 1),
    permission_level: 'CAN_MANAGE',
    state: { ready: 'NOT_READY', config_update: 'IN_PROGRESS' },
    pending_config: { config_version: 1 },
    description: 'for support',
    effective_budget_policy_id: 'policy',
    task: 'llm/v1/chat',
    ai_gateway: { fallback_config: { enabled: true } },
    tags: [{ key: 'a', value: '1' }, { key: 'b' }],
  });
  for (const key of ['config', 'budget_policy_id', 'rate_limits'])
    expect(answer.body).not.toHaveProperty(key);
  simulator.advance(120_000);
  expect(await get('chat')).toMatchObject({
    state: { ready: 'READY', config_update: 'NOT_UPDATING' },
    config: { config_version: 1, served_entities: [{ name: 'gpt' }] },
  });
  const list = (await call(simulator, 'GET', '/serving-endpoints')).body.endpoints;
  expect(list.map((one: Body) => one.name)).toEqual(['taken', 'databricks-gpt', 'chat']);
});

test('a create that fails leaves an endpoint that is not ready', async () => {
  const { simulator, create, get } = await workspace({
    update_outcomes: [{ entity: 'gpt', outcome: 'UPDATE_FAILED', message: 'bad key' }],
  });
  await create({ name: 'chat', config: { served_entities: [EXTERNAL] } });
  simulator.advance(120_000);
  const after = await get('chat');
  expect(after.state).toEqual({ ready: 'NOT_READY', config_update: 'UPDATE_FAILED' });
  expect(after).not.toHaveProperty('config');
  expect(after.pending_config.served_entities[0].state.deployment_state_message).toBe('bad key');
});

test('without config it settles at once', async () => {
  const { create } = await workspace();
  for (const body of [{ name: 'one' }, { name: 'two', config: {} }]) {
    const answer = await create(body);
    expect(answer.body.state).toEqual({ ready: 'NOT_READY', config_update: 'NOT_UPDATING' });
    expect(answer.body).not.toHaveProperty('config');
  }
});

test('model units have their own route', async () => {
  const { create } = await workspace();
  const units = { entity_name: 'system.ai.llama', entity_version: '1', provisioned_model_units: 50 };
  const answer = await create(
    { name: 'llama', config: { served_entities: [units] }, ai_gateway: {} },
    '/serving-endpoints/pt',
  );
  expect(answer.body).toMatchObject({
    pending_config: { served_entities: [{ name: 'llama-1', provisioned_model_units: 50 }] },
    ai_gateway: { usage_tracking_config: { enabled: false } },
  });
  expect((await create({ name: 'other' }, '/serving-endpoints/pt')).status).toBe(400);
});

test.each<[string, Body, number, string]>([
  ['a name that is taken', { name: 'taken' }, 409, 'RESOURCE_ALREADY_EXISTS'],
  ['no name', {}, 400, 'INVALID_PARAMETER_VALUE'],
  ['an empty name', { name: '' }, 400, 'INVALID_PARAMETER_VALUE'],
  ['a long name', { name: 'x'.repeat(64) }, 400, 'INVALID_PARAMETER_VALUE'],
  ['a dotted name', { name: 'a.b' }, 400, 'INVALID_PARAMETER_VALUE'],
  ['a reserved name', { name: 'databricks-mine' }, 400, 'INVALID_PARAMETER_VALUE'],
  ['a bad config', { name: 'x', config: { served_entities: [{}] } }, 400, 'INVALID_PARAMETER_VALUE'],
  ['a bad gateway', { name: 'x', ai_gateway: { rate_limits: [{}] } }, 400, 'INVALID_PARAMETER_VALUE'],
  ['a tag twice', { name: 'x', tags: [{ key: 'a' }, { key: 'a' }] }, 400, 'INVALID_PARAMETER_VALUE'],
  [
    'a legacy limit twice',
    {
      name: 'x',
      rate_limits: [
        { calls: 1, renewal_period: 'minute' },
        { calls: 2, renewal_period: 'minute' },
      ],
    },
    400,
    'INVALID_PARAMETER_VALUE',
  ],
  [
    'a route for external models',
    { name: 'x', route_optimized: true, config: { served_entities: [EXTERNAL] } },
    400,
    'INVALID_PARAMETER_VALUE',
  ],
  [
    'a fallback for custom models',
    { name: 'x', ai_gateway: { fallback_config: { enabled: true } }, config: { served_entities: [CUSTOM] } },
    404,
    'FEATURE_DISABLED',
  ],
])('%s is refused, and nothing is made', async (_name, body, status, error_code) => {
  const { simulator, create } = await workspace();
  expect(await create(body)).toMatchObject({ status, body: { error_code } });
  expect(simulator.snapshot().serving_endpoints).toHaveLength(2);
});

test('route optimisation gives an address', async () => {
  const { create, simulator } = await workspace();
  const answer = await create({ name: 'fast', route_optimized: true, config: { served_entities: [CUSTOM] } });
  expect(answer.body.endpoint_url).toBe(`${simulator.url}/serving-endpoints/fast/invocations`);
});

test('deleted is gone, and the same name is another endpoint', async () => {
  const { simulator, create, get } = await workspace();
  const before = (await get('taken')).id;
  const answer = await call(simulator, 'DELETE', '/serving-endpoints/taken');
  expect(answer).toMatchObject({ status: 200, body: '' });
  expect((await call(simulator, 'DELETE', '/serving-endpoints/taken')).body.error_code).toBe(
    'RESOURCE_DOES_NOT_EXIST',
  );
  expect((await call(simulator, 'GET', `/permissions/serving-endpoints/${before}`)).status).toBe(404);
  const first = (await create({ name: 'taken' })).body.id;
  await call(simulator, 'DELETE', '/serving-endpoints/taken');
  const second = (await create({ name: 'taken' })).body.id;
  expect(new Set([before, first, second]).size).toBe(3);
});

test('a deleted endpoint can be read a while longer where reads are stale, and a new one not yet', async () => {
  const { simulator, create } = await workspace({ stale_reads: 1 });
  const status = async (name: string) => (await call(simulator, 'GET', `/serving-endpoints/${name}`)).status;
  await call(simulator, 'DELETE', '/serving-endpoints/taken');
  expect([await status('taken'), await status('taken')]).toEqual([200, 404]);
  await create({ name: 'new' });
  expect([await status('new'), await status('new')]).toEqual([404, 200]);
});

test.each([
  [undefined, 400],
  [403, 403],
] as const)('what Databricks made cannot be deleted (%p)', async (system_refusal, status) => {
  const { simulator } = await workspace(system_refusal === undefined ? {} : { system_refusal });
  expect((await call(simulator, 'DELETE', '/serving-endpoints/databricks-gpt')).status).toBe(status);
});
