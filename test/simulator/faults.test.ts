import { call, start, stopAll } from './support';

afterEach(stopAll);

const SEED = { serving_endpoints: [{ name: 'chat' }] };
const GATEWAY = '/serving-endpoints/chat/ai-gateway';
const USAGE = { usage_tracking_config: { enabled: true } };

async function workspace() {
  const simulator = await start({ state: SEED });
  const written = () => simulator.snapshot().serving_endpoints![0]!.ai_gateway !== undefined;
  return { simulator, written };
}

test('a status before the handler: nothing is written, and the next request passes', async () => {
  const { simulator, written } = await workspace();
  simulator.addFault({ operation: 'serving-endpoints.put-ai-gateway', status: 503, retryAfter: 3 });
  const first = await call(simulator, 'PUT', GATEWAY, USAGE);
  expect(first).toMatchObject({ status: 503, body: { error_code: 'TEMPORARILY_UNAVAILABLE' } });
  expect(first.headers.get('retry-after')).toBe('3');
  expect(written()).toBe(false);
  expect((await call(simulator, 'PUT', GATEWAY, USAGE)).status).toBe(200);
});

test('a status after the handler: it is written and the answer says otherwise', async () => {
  const { simulator, written } = await workspace();
  simulator.addFault({ method: 'put', when: 'after', status: 500 });
  expect((await call(simulator, 'PUT', GATEWAY, USAGE)).status).toBe(500);
  expect(written()).toBe(true);
});

test('from the n-th match, so many times', async () => {
  const { simulator } = await workspace();
  simulator.addFault({ path: '/api/2.0/serving-endpoints', nth: 2, times: 2, status: 500 });
  const seen: number[] = [];
  for (let i = 0; i < 5; i++) seen.push((await call(simulator, 'GET', '/serving-endpoints')).status);
  expect(seen).toEqual([200, 500, 500, 200, 200]);
});

test('for ever, by pattern, until cleared', async () => {
  const { simulator } = await workspace();
  simulator.addFault({ path: '/api/2.0/serving-endpoints/.*', times: 0, status: 500 });
  for (let i = 0; i < 3; i++)
    expect((await call(simulator, 'GET', '/serving-endpoints/chat')).status).toBe(500);
  expect((await call(simulator, 'GET', '/serving-endpoints')).status).toBe(200);
  simulator.clearFaults();
  expect((await call(simulator, 'GET', '/serving-endpoints/chat')).status).toBe(200);
});

test('body and headers of the fault win', async () => {
  const { simulator } = await workspace();
  simulator.addFault({
    status: 409,
    body: { error_code: 'ABORTED', message: 'busy' },
    headers: { 'X-A': 'b' },
  });
  const answer = await call(simulator, 'GET', '/serving-endpoints');
  expect(answer).toMatchObject({ status: 409, body: { error_code: 'ABORTED', message: 'busy' } });
  expect(answer.headers.get('x-a')).toBe('b');
});

test.each(['before', 'after'] as const)('a reset %s the handler', async (when) => {
  const { simulator, written } = await workspace();
  simulator.addFault({ action: 'reset', when });
  await expect(call(simulator, 'PUT', GATEWAY, USAGE)).rejects.toThrow();
  expect(written()).toBe(when === 'after');
  expect(simulator.requests[0]!.status).toBeNull();
});

test('a cut body', async () => {
  const { simulator, written } = await workspace();
  simulator.addFault({ action: 'cut-body', when: 'after' });
  await expect(call(simulator, 'PUT', GATEWAY, USAGE)).rejects.toThrow();
  expect(written()).toBe(true);
  simulator.addFault({ action: 'cut-body' });
  await expect(call(simulator, 'GET', '/serving-endpoints')).rejects.toThrow();
});

test('a stalled answer ends with the simulator', async () => {
  const { simulator } = await workspace();
  simulator.addFault({ action: 'stall' });
  const waiting = call(simulator, 'GET', '/serving-endpoints');
  const refused = expect(waiting).rejects.toThrow();
  await expect(Promise.race([waiting, new Promise((r) => setTimeout(r, 50, 'still'))])).resolves.toBe(
    'still',
  );
  await simulator.close();
  await refused;
});

test('a slow body arrives whole', async () => {
  const { simulator } = await workspace();
  simulator.seed({});
  simulator.addFault({ action: 'slow-body', delayMs: 1 });
  expect((await call(simulator, 'GET', '/serving-endpoints')).body).toEqual({ endpoints: [] });
});

test('a page, nothing, another type, a redirect', async () => {
  const { simulator } = await workspace();
  for (const action of ['html', 'empty', 'wrong-type', 'redirect'] as const) simulator.addFault({ action });
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(await call(simulator, 'GET', '/serving-endpoints'));
  const [html, empty, wrong, redirect] = answers;
  expect(html).toMatchObject({ status: 200, body: expect.stringContaining('<html>') });
  expect(html!.headers.get('content-type')).toContain('text/html');
  expect(empty).toMatchObject({ status: 200, body: '' });
  expect(wrong).toMatchObject({ status: 200, body: 'OK' });
  expect(redirect!.status).toBe(302);
  expect(redirect!.headers.get('location')).toBe('/login.html');
});

test('one stale read answers what stood before the last write', async () => {
  const { simulator } = await workspace();
  await call(simulator, 'PUT', GATEWAY, USAGE);
  simulator.addFault({ action: 'stale-read', operation: 'serving-endpoints.get' });
  const gateway = async () => (await call(simulator, 'GET', '/serving-endpoints/chat')).body.ai_gateway;
  expect(await gateway()).toBeUndefined();
  expect(await gateway()).toEqual(USAGE);
  simulator.addFault({ action: 'stale-read', operation: 'serving-endpoints.list' });
  expect((await call(simulator, 'GET', '/serving-endpoints')).body.endpoints[0].ai_gateway).toBeUndefined();
});

test('requests beyond the limit are 429 with a time to wait', async () => {
  const simulator = await start({ rateLimit: { requestsPerSecond: 2 } });
  const status = async () => (await call(simulator, 'GET', '/serving-endpoints')).status;
  expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
  const refused = await call(simulator, 'GET', '/serving-endpoints');
  expect(refused.headers.get('retry-after')).toBe('1');
  simulator.advance(1000);
  expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
});
