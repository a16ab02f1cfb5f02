import { call, EXTERNAL, start, stopAll } from './support';

afterEach(stopAll);

test('list and get answer the same endpoint, the list without what belongs to the detail', async () => {
  const simulator = await start({
    state: {
      serving_endpoints: [
        {
          name: 'chat',
          config: { served_entities: [EXTERNAL] },
          email_notifications: { on_update_failure: ['ana@example.com'] },
          tags: [{ key: 'team', value: 'support' }, { key: 'cost' }],
          ai_gateway: { usage_tracking_config: { enabled: true } },
        },
      ],
    },
  });
  const one = await call(simulator, 'GET', '/serving-endpoints/chat');
  expect(one.status).toBe(200);
  expect(one.body).toMatchObject({
    name: 'chat',
    creator: 'ana@example.com',
    permission_level: 'CAN_MANAGE',
    state: { ready: 'READY', config_update: 'NOT_UPDATING' },
    route_optimized: false,
    description: '',
    tags: [{ key: 'cost' }, { key: 'team', value: 'support' }],
    config: {
      config_version: 1,
      served_entities: [
        { name: 'gpt', external_model: EXTERNAL.external_model, state: { deployment: 'DEPLOYMENT_READY' } },
      ],
      traffic_config: {
        routes: [{ served_entity_name: 'gpt', served_model_name: 'gpt', traffic_percentage: 100 }],
      },
    },
  });
  expect(one.body.id).toMatch(/^[0-9a-f]{32}$/);
  const list = await call(simulator, 'GET', '/serving-endpoints');
  expect(list.body.endpoints).toHaveLength(1);
  const [item] = list.body.endpoints;
  expect(item).toMatchObject({
    id: one.body.id,
    ai_gateway: { usage_tracking_config: { enabled: true } },
    config: {
      served_entities: [
        { name: 'gpt', external_model: { name: 'gpt-5', provider: 'openai', task: 'llm/v1/chat' } },
      ],
    },
  });
  expect(item).not.toHaveProperty('email_notifications');
  expect(item.config).not.toHaveProperty('traffic_config');
  expect(JSON.stringify(item)).not.toContain('openai_api_key');
});

test('list items leave out what the knob names, also inside blocks', async () => {
  const simulator = await start({
    state: {
      settings: { list_omits: ['ai_gateway', 'state.ready'] },
      serving_endpoints: [{ name: 'chat', ai_gateway: { usage_tracking_config: { enabled: true } } }],
    },
  });
  const [item] = (await call(simulator, 'GET', '/serving-endpoints')).body.endpoints;
  expect(item).not.toHaveProperty('ai_gateway');
  expect(item.state).toEqual({ config_update: 'NOT_UPDATING' });
  const one = await call(simulator, 'GET', '/serving-endpoints/chat');
  expect(one.body.ai_gateway).toBeDefined();
  expect(one.body.state.ready).toBe('NOT_READY');
});

test('an empty workspace lists no endpoints', async () => {
  const simulator = await start();
  expect((await call(simulator, 'GET', '/serving-endpoints')).body).toEqual({ endpoints: [] });
});

test('what is absent is 404, what is no route is another 404', async () => {
  const simulator = await start();
  const one = await call(simulator, 'GET', '/serving-endpoints/none');
  expect(one.status).toBe(404);
  expect(one.body).toMatchObject({
    error_code: 'RESOURCE_DOES_NOT_EXIST',
    message: "Endpoint with name 'none' does not exist.",
  });
  expect(one.body.details[0]['@type']).toContain('RequestInfo');
  const route = await call(simulator, 'GET', '/serving-end');
  expect(route.status).toBe(404);
  expect(route.body.error_code).toBe('ENDPOINT_NOT_FOUND');
});

test('a path segment is decoded', async () => {
  const simulator = await start({ state: { serving_endpoints: [{ name: 'a b' }] } });
  expect((await call(simulator, 'GET', '/serving-endpoints/a%20b')).body.name).toBe('a b');
  expect((await call(simulator, 'GET', '/serving-endpoints/%zz')).status).toBe(404);
});

describe('tokens', () => {
  const get = (url: string, headers: Record<string, string>) =>
    fetch(`${url}/api/2.0/serving-endpoints`, { headers }).then((r) => r.status);

  test('any bearer is accepted unless one is set, none never is', async () => {
    const any = await start();
    expect(await get(any.url, {})).toBe(401);
    expect(await get(any.url, { authorization: 'Basic x' })).toBe(401);
    expect(await get(any.url, { authorization: 'Bearer whatever' })).toBe(200);
    const one = await start({ token: 'right' });
    expect(await get(one.url, { authorization: 'Bearer wrong' })).toBe(401);
    expect(await get(one.url, { authorization: 'Bearer right' })).toBe(200);
  });

  test('host metadata needs none', async () => {
    const simulator = await start({ token: 'right' });
    const response = await fetch(`${simulator.url}/.well-known/databricks-config`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ oidc_endpoint: `${simulator.url}/oidc` });
  });
});

test('Me is the seeded caller', async () => {
  const simulator = await start({ state: { me: { user_name: 'bo@example.com', groups: ['users'] } } });
  expect((await call(simulator, 'GET', '/api/2.0/preview/scim/v2/Me')).body).toMatchObject({
    userName: 'bo@example.com',
    active: true,
    groups: [{ display: 'users' }],
  });
  simulator.seed({ me: { user_name: '11111111-2222-3333-4444-555555555555', service_principal: true } });
  expect((await call(simulator, 'GET', '/api/2.0/preview/scim/v2/Me')).body).toMatchObject({
    applicationId: '11111111-2222-3333-4444-555555555555',
  });
});

test('a caller without rights does not see an endpoint', async () => {
  const simulator = await start({
    state: {
      me: { user_name: 'bo@example.com', groups: ['users'] },
      serving_endpoints: [
        { name: 'hidden', creator: 'ana@example.com' },
        {
          name: 'usable',
          creator: 'ana@example.com',
          permissions: [{ group_name: 'users', permission_level: 'CAN_QUERY' }],
        },
        { name: 'databricks-gpt' },
      ],
    },
  });
  const list = await call(simulator, 'GET', '/serving-endpoints');
  expect(
    list.body.endpoints.map((one: { name: string; permission_level: string }) => [
      one.name,
      one.permission_level,
    ]),
  ).toEqual([
    ['usable', 'CAN_QUERY'],
    ['databricks-gpt', 'CAN_QUERY'],
  ]);
  expect((await call(simulator, 'GET', '/serving-endpoints/hidden')).body.error_code).toBe(
    'PERMISSION_DENIED',
  );
  expect((await call(simulator, 'PUT', '/serving-endpoints/usable/ai-gateway', {})).status).toBe(403);
  expect((await call(simulator, 'PUT', '/serving-endpoints/databricks-gpt/ai-gateway', {})).status).toBe(403);
});

test('unordered lists come back shuffled, the same way for the same seed', async () => {
  const entities = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...EXTERNAL, name }));
  const state = {
    settings: { shuffle_seed: 7 },
    serving_endpoints: [{ name: 'chat', config: { served_entities: entities } }],
  };
  const orders = async () => {
    const simulator = await start({ state });
    const out: string[] = [];
    for (let i = 0; i < 6; i++) {
      const { body } = await call(simulator, 'GET', '/serving-endpoints/chat');
      out.push(body.config.served_entities.map((one: { name: string }) => one.name).join(''));
    }
    return out;
  };
  const first = await orders();
  expect(new Set(first).size).toBeGreaterThan(1);
  expect(first.every((order) => [...order].sort().join('') === 'abcde')).toBe(true);
  expect(await orders()).toEqual(first);
});

test('reads after a write are as stale as the knob says, in the list too', async () => {
  const simulator = await start({
    state: { settings: { stale_reads: 2 }, serving_endpoints: [{ name: 'chat' }] },
  });
  await call(simulator, 'PUT', '/serving-endpoints/chat/ai-gateway', {
    usage_tracking_config: { enabled: true },
  });
  const seen = async () =>
    (await call(simulator, 'GET', '/serving-endpoints/chat')).body.ai_gateway !== undefined;
  const listed = async () =>
    (await call(simulator, 'GET', '/serving-endpoints')).body.endpoints[0].ai_gateway !== undefined;
  expect(await seen()).toBe(false);
  expect(await listed()).toBe(false);
  expect(await seen()).toBe(true);
  expect(await listed()).toBe(true);
});
