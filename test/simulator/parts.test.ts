// The smaller operations: notifications, telemetry, legacy limits, texts, tokens.
import { type Body, CUSTOM, call, EXTERNAL, start, stopAll } from './support';

afterEach(stopAll);

async function workspace() {
  const simulator = await start({
    state: {
      serving_endpoints: [
        { name: 'custom', config: { served_entities: [CUSTOM] } },
        { name: 'external', config: { served_entities: [EXTERNAL] } },
        { name: 'empty' },
        { name: 'databricks-gpt' },
      ],
    },
  });
  const patch = (path: string, body: unknown) => call(simulator, 'PATCH', `/serving-endpoints/${path}`, body);
  const get = async (name: string) => (await call(simulator, 'GET', `/serving-endpoints/${name}`)).body;
  return { simulator, patch, get };
}

test('notifications are replaced, and cleared by nothing', async () => {
  const { patch, get } = await workspace();
  const email_notifications = { on_update_failure: ['ana@example.com'], on_update_success: [] };
  expect((await patch('custom/notifications', { email_notifications })).body).toEqual({
    email_notifications,
    name: 'custom',
  });
  expect((await get('custom')).email_notifications).toEqual(email_notifications);
  expect(
    (await patch('custom/notifications', { email_notifications: { on_update_success: ['ana@example.com'] } }))
      .status,
  ).toBe(200);
  expect((await get('custom')).email_notifications).toEqual({ on_update_success: ['ana@example.com'] });
  expect((await patch('custom/notifications', { email_notifications: null })).body).toEqual({
    name: 'custom',
  });
  expect(await get('custom')).not.toHaveProperty('email_notifications');
});

describe('telemetry', () => {
  test('table names become a profile; neither leaves what is there; nothing removes', async () => {
    const { patch, get } = await workspace();
    const set = (telemetry_config?: unknown) => patch('custom/telemetry-config', { telemetry_config });
    const features = { enabled_telemetry_features: ['TELEMETRY_FEATURE_LOGS'] };
    await set({ table_names: { logs_table: 'main.logs.otel' }, ...features });
    const first = (await get('custom')).telemetry_config;
    expect(first).toEqual({ telemetry_profile_id: expect.stringMatching(/^[0-9a-f]{32}$/), ...features });
    await set({ enabled_telemetry_features: [] });
    expect((await get('custom')).telemetry_config).toEqual(first);
    await set({ telemetry_profile_id: 'mine' });
    expect((await get('custom')).telemetry_config).toEqual({ telemetry_profile_id: 'mine' });
    await set();
    expect(await get('custom')).not.toHaveProperty('telemetry_config');
  });

  test.each([
    ['external', 'EXTERNAL_MODELS'],
    ['empty', 'NO_CONFIG'],
  ])('is not for %s', async (name, type) => {
    const { patch } = await workspace();
    expect(await patch(`${name}/telemetry-config`, {})).toMatchObject({
      status: 400,
      body: {
        error_code: 'INVALID_PARAMETER_VALUE',
        message: `Telemetry configuration is not supported for endpoint type '${type}'. This API only supports endpoints with custom served models.`,
      },
    });
  });

  test.each([
    { table_names: { logs_table: 'a' }, telemetry_profile_id: 'b' },
    { telemetry_profile_id: 'b', inference_table_config: { sampling_fraction: 1.5 } },
    { telemetry_profile_id: 'b', enabled_telemetry_features: ['LOGS'] },
  ])('refuses %j', async (telemetry_config) => {
    const { patch } = await workspace();
    expect((await patch('custom/telemetry-config', { telemetry_config })).status).toBe(400);
  });

  test('is dropped without a word at create where it is not offered', async () => {
    const { simulator } = await workspace();
    const telemetry_config = { telemetry_profile_id: 'mine' };
    const make = (name: string, entity: object) =>
      call(simulator, 'POST', '/serving-endpoints', {
        name,
        telemetry_config,
        config: { served_entities: [entity] },
      });
    expect((await make('a', EXTERNAL)).body).not.toHaveProperty('telemetry_config');
    expect((await make('b', CUSTOM)).body.telemetry_config).toEqual(telemetry_config);
  });
});

test('legacy limits are answered once and never read back', async () => {
  const { simulator, get } = await workspace();
  const put = (body: unknown) => call(simulator, 'PUT', '/serving-endpoints/external/rate-limits', body);
  expect((await put({ rate_limits: [{ calls: 9, renewal_period: 'minute' }] })).body).toEqual({
    rate_limits: [{ calls: 9, key: 'endpoint', renewal_period: 'minute' }],
  });
  expect(await get('external')).not.toHaveProperty('rate_limits');
  expect(simulator.snapshot().serving_endpoints![1]!._simulator!.rate_limits).toHaveLength(1);
  expect(
    (await put({ rate_limits: [{ calls: 1, key: 'user_group', renewal_period: 'minute' }] })).status,
  ).toBe(400);
  expect((await put({ rate_limits: [{ renewal_period: 'minute' }] })).status).toBe(400);
});

test('nothing but the gateway of what Databricks made can be changed', async () => {
  const { patch } = await workspace();
  for (const [part, body] of [
    ['notifications', {}],
    ['telemetry-config', {}],
    ['tags', {}],
  ] as const) {
    expect((await patch(`databricks-gpt/${part}`, body)).body.error_code).toBe('INVALID_PARAMETER_VALUE');
  }
});

test('texts', async () => {
  const { simulator } = await workspace();
  const get = (path: string) => call(simulator, 'GET', `/serving-endpoints/${path}`);
  const openapi = await get('custom/openapi');
  expect(openapi.headers.get('content-type')).toBe('text/plain');
  expect(openapi.body.info.title).toBe('custom');
  expect((await get('custom/metrics')).body).toContain(
    'request_count_total{endpoint_name="custom",served_entity_name="fraud"} 0',
  );
  expect((await get('custom/served-models/fraud/logs')).body).toEqual({ logs: '' });
  expect((await get('custom/served-models/fraud/build-logs')).body).toEqual({ logs: '' });
  expect((await get('custom/served-models/none/logs')).status).toBe(404);
});

test('a machine signs in and its token is the one accepted', async () => {
  const simulator = await start({ token: 'right' });
  const server: Body = await (
    await fetch(`${simulator.url}/oidc/.well-known/oauth-authorization-server`)
  ).json();
  const response = await fetch(server.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'all-apis', client_secret: 'hush' }),
  });
  const { access_token }: Body = await response.json();
  const list = await fetch(`${simulator.url}/api/2.0/serving-endpoints`, {
    headers: { authorization: `Bearer ${access_token}` },
  });
  expect(list.status).toBe(200);
  expect(JSON.stringify(simulator.requests)).not.toContain('hush');
});
