import { request } from 'node:http';
import { call, EXTERNAL, start, stopAll } from './support';

afterEach(stopAll);

test('the request log says what was asked, and never a credential', async () => {
  const simulator = await start({ state: { serving_endpoints: [{ name: 'chat' }] } });
  const openai_config = { openai_api_key_plaintext: 'sk-one', openai_api_key: 'sk-two' };
  const secret = { bearer_token_auth: { token: 'sk-three' }, openai_config, token: 'a word' };
  await call(simulator, 'GET', '/serving-endpoints?a=1');
  await call(simulator, 'PUT', '/serving-endpoints/chat/ai-gateway', { rate_limits: [], secret });
  await call(simulator, 'PUT', '/serving-endpoints/chat/ai-gateway', '{');
  expect(simulator.requests).toEqual([
    {
      index: 0,
      at: Date.UTC(2026, 0, 1),
      method: 'GET',
      path: '/api/2.0/serving-endpoints',
      query: { a: '1' },
      body: undefined,
      operation: 'serving-endpoints.list',
      status: 200,
      headers: { 'user-agent': 'test/1' },
    },
    expect.objectContaining({
      index: 1,
      status: 200,
      body: {
        rate_limits: [],
        secret: {
          bearer_token_auth: { token: '[redacted]' },
          openai_config: { openai_api_key_plaintext: '[redacted]', openai_api_key: '[redacted]' },
          token: 'a word',
        },
      },
    }),
    expect.objectContaining({ index: 2, status: 400, body: undefined }),
  ]);
  simulator.clearRequests();
  expect(simulator.requests).toEqual([]);
});

test('a reference is no credential', async () => {
  const simulator = await start();
  await call(simulator, 'PUT', '/serving-endpoints/chat/ai-gateway', EXTERNAL);
  expect(simulator.requests[0]!.body).toEqual(EXTERNAL);
});

test('requests, faults, state and clock can be driven from outside', async () => {
  const simulator = await start();
  const control = (method: string, what: string, body?: unknown) =>
    call(simulator, method, `/_simulator/${what}`, body);
  const state = { serving_endpoints: [{ name: 'x', pending_config: { served_entities: [EXTERNAL] } }] };
  expect((await control('PUT', 'state', state)).status).toBe(200);
  expect((await control('POST', 'faults', { operation: 'serving-endpoints.get', status: 500 })).status).toBe(
    200,
  );
  expect((await control('GET', 'faults')).body).toHaveLength(1);
  expect((await call(simulator, 'GET', '/serving-endpoints/x')).status).toBe(500);
  expect((await control('GET', 'requests')).body).toMatchObject([{ index: 0, status: 500 }]);
  await control('DELETE', 'requests');
  await control('DELETE', 'faults');
  expect(simulator.requests).toHaveLength(0);
  expect((await call(simulator, 'GET', '/serving-endpoints/x')).body.state.config_update).toBe('IN_PROGRESS');
  expect((await control('POST', 'clock', { advance_ms: 120_000 })).status).toBe(200);
  expect((await control('GET', 'state')).body.serving_endpoints[0].state.config_update).toBe('NOT_UPDATING');
  expect(simulator.requests).toHaveLength(1);
});

test.each([
  ['GET', 'nothing', undefined, 404],
  ['POST', 'clock', {}, 400],
  ['POST', 'clock', { advance_ms: -1 }, 400],
  ['POST', 'faults', 3, 400],
  ['POST', 'faults', { path: '(' }, 400],
  ['POST', 'faults', '{', 400],
  ['PUT', 'state', { serving_endpoints: [{}] }, 400],
])('%s %s %j is refused', async (method, what, body, status) => {
  const simulator = await start();
  expect((await call(simulator, method, `/_simulator/${what}`, body)).status).toBe(status);
});

test.each([{ host: 'evil.example.com' }, { origin: 'http://127.0.0.1:1' }])(
  'the control plane refuses a page in a browser: %j',
  async (headers) => {
    const simulator = await start();
    const status = await new Promise((resolve, reject) => {
      request(`${simulator.url}/_simulator/state`, { headers }, (res) => resolve(res.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  },
);

test('a real clock ticks on after it was advanced', async () => {
  let now = 1000;
  const simulator = await start({ clock: 'real', now: () => now });
  simulator.advance(500);
  now = 1100;
  await call(simulator, 'GET', '/serving-endpoints');
  expect(simulator.requests[0]!.at).toBe(1600);
});
