// The client against a real server: each row of the retry table, and what must hold whatever the server does.
import { createServer } from 'node:net';
import fc from 'fast-check';
import type { Credentials } from '../../src/databricks/credentials';
import { AmbiguousError, ApiError, ReadOnlyError, TransportError } from '../../src/databricks/errors';
import { type Client, type ClientOptions, createClient, type RequestEvent } from '../../src/databricks/http';
import type { Operation, RetryClass } from '../../src/wire/operation';
import { JumpingClock } from './clocks';
import { json, reset, type Step, text, Workspace } from './workspace';

const TOKEN = 'dapi-0123456789abcdef#;=x~?~?>';

const OPERATIONS: Readonly<Record<RetryClass, Operation>> = {
  read: { id: 'chat.get', method: 'GET', path: '/api/chat/{name}', retry: 'read', pace: 'read' },
  'desired-state': {
    id: 'chat.gateway',
    method: 'PUT',
    path: '/api/chat/{name}',
    retry: 'desired-state',
    pace: 'patch',
  },
  'read-back': {
    id: 'chat.config',
    method: 'PUT',
    path: '/api/chat/{name}/config',
    retry: 'read-back',
    pace: 'write',
  },
  create: { id: 'chat.create', method: 'POST', path: '/api/chat/{name}', retry: 'create', pace: 'write' },
  delete: { id: 'chat.delete', method: 'DELETE', path: '/api/chat/{name}', retry: 'delete', pace: 'patch' },
};
const LIST: Operation = { id: 'chat.list', method: 'GET', path: '/api/chat', retry: 'read', pace: 'read' };
const CLASSES = Object.keys(OPERATIONS) as RetryClass[];
const UNCLEAR: RetryClass[] = ['read-back', 'create', 'delete'];
const OK = json(200, { ok: true });

const workspace = new Workspace();
const clients: Client[] = [];
let clock: JumpingClock;

beforeAll(() => workspace.open());
afterAll(() => workspace.close());
beforeEach(() => {
  clock = new JumpingClock();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

class TestCredentials implements Credentials {
  readonly authType = 'pat';
  refreshed = 0;
  renewable = false;
  token = TOKEN;

  async headers() {
    return { authorization: `Bearer ${this.token}` };
  }

  async refresh() {
    this.refreshed += 1;
    this.token = `${TOKEN}-${this.refreshed}`;
    return this.renewable;
  }

  secrets() {
    return [this.token];
  }
}

function client(options: Partial<ClientOptions> = {}): Client {
  const made = createClient({
    origin: workspace.origin,
    credentials: new TestCredentials(),
    userAgent: 'gatewright/0.0.0 nodejs/20 os/linux auth/pat',
    readOnly: false,
    clock,
    random: () => 0.5,
    ...options,
  });
  clients.push(made);
  return made;
}

async function ends(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (answer) => answer,
    (error: unknown) => error,
  );
}

function call(retry: RetryClass, options: Partial<ClientOptions> = {}): Promise<unknown> {
  return ends(client(options).call(OPERATIONS[retry], { name: 'a' }, { body: { x: 1 } }));
}

function everythingIn(error: unknown): string {
  const parts: string[] = [];
  for (let part = error; part instanceof Error; part = part.cause) {
    parts.push(part.message, part.stack ?? '', JSON.stringify(part), JSON.stringify(Object.entries(part)));
  }
  return parts.join('\n');
}

describe('a request', () => {
  test('carries path, query, body and the headers of the credential, and no more', async () => {
    workspace.script(json(201, { id: '1' }));
    const answer = await client().call(
      OPERATIONS.create,
      { name: 'a b' },
      { body: { name: 'ä' }, query: { update_mask: 'a,b', page: 2, left: undefined } },
    );
    expect(answer).toEqual({ status: 201, body: { id: '1' } });
    expect(workspace.arrived).toHaveLength(1);
    const [arrived] = workspace.arrived;
    expect(arrived?.url).toBe('/api/chat/a%20b?update_mask=a%2Cb&page=2');
    expect(arrived?.body).toBe('{"name":"ä"}');
    expect(arrived?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(arrived?.headers['user-agent']).toBe('gatewright/0.0.0 nodejs/20 os/linux auth/pat');
    expect(arrived?.headers['content-type']).toBe('application/json');
  });

  test('reuses connections and opens no more than the slots for reads and writes together', async () => {
    const slow: Step = (response, request, socket) => setTimeout(() => OK(response, request, socket), 5);
    workspace.script(slow);
    const before = workspace.connections;
    const narrow = client({ slots: { reads: 4, writes: 1 } });
    await Promise.all(Array.from({ length: 40 }, (_, n) => narrow.call(OPERATIONS.read, { name: `n${n}` })));
    expect(workspace.arrived).toHaveLength(40);
    expect(workspace.connections - before).toBeLessThanOrEqual(4 + 1);
    expect(narrow.stats).toEqual({ requests: 40, retries: 0, throttled: 0 });
  });

  test('reports each attempt without a header, a body or a query', async () => {
    const events: RequestEvent[] = [];
    workspace.script(json(503, {}), reset, OK);
    await client({ onRequest: (event) => events.push(event) }).call(
      LIST,
      {},
      { query: { page_token: 'secret-page' } },
    );
    expect(events.map(({ attempt, status, failure }) => [attempt, status, failure])).toEqual([
      [1, 503, undefined],
      [2, undefined, expect.any(String)],
      [3, 200, undefined],
    ]);
    expect(JSON.stringify(events)).not.toContain(TOKEN);
    expect(JSON.stringify(events)).not.toContain('secret-page');
    expect(Object.keys(events[0]!).sort()).toEqual([
      'attempt',
      'failure',
      'method',
      'ms',
      'operation',
      'path',
      'status',
    ]);
  });

  test.each(['http://example.com', 'https://example.com/path', 'https://u:p@example.com'])(
    '%s is refused',
    (origin) => {
      expect(() => client({ origin })).toThrow(/the host/);
    },
  );

  test.each(CLASSES.filter((name) => name !== 'read'))(
    '%s is refused by a client that may only read',
    async (retry) => {
      workspace.script(OK);
      const error = await call(retry, { readOnly: true });
      expect(error).toBeInstanceOf(ReadOnlyError);
      expect(workspace.arrived).toHaveLength(0);
    },
  );
});

describe('after a failure', () => {
  const mayHaveHappened: [string, Step][] = [
    ...[500, 502, 503, 504, 408, 425, 499].map((status): [string, Step] => [
      `${status}`,
      json(status, { error_code: 'SOME_CODE', message: 'm' }),
    ]),
    ['a reset', reset],
    ['a closed connection', (_r, _q, socket) => void socket.end()],
    [
      'a reset inside the body',
      (response, _q, socket) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"a":');
        setTimeout(() => socket.resetAndDestroy(), 5);
      },
    ],
    [
      'headers that are too long',
      (response) => {
        response.writeHead(200, { 'x-long': 'x'.repeat(20_000) });
        response.end('{}');
      },
    ],
  ];

  test.each(mayHaveHappened)('%s: repeated where that is harmless, else told as unclear', async (_, step) => {
    for (const retry of ['read', 'desired-state'] as const) {
      workspace.script(step, OK);
      expect(await call(retry)).toEqual({ status: 200, body: { ok: true } });
      expect(workspace.arrived).toHaveLength(2);
      expect(clock.slept.splice(0)).toEqual([125]);
    }
    for (const retry of UNCLEAR) {
      workspace.script(step, OK);
      expect(await call(retry)).toBeInstanceOf(AmbiguousError);
      expect(workspace.arrived).toHaveLength(1);
    }
  });

  test('429 waits and is repeated for every class', async () => {
    for (const retry of CLASSES) {
      workspace.script(json(429, { error_code: 'REQUEST_LIMIT_EXCEEDED', message: 'slow' }), OK);
      expect(await call(retry)).toEqual({ status: 200, body: { ok: true } });
      expect(clock.slept.splice(0)).toEqual([250]);
    }
  });

  const answers: [number, string | undefined, string][] = [
    [400, 'INVALID_PARAMETER_VALUE', 'invalid'],
    [400, 'RESOURCE_ALREADY_EXISTS', 'exists'],
    [400, undefined, 'invalid'],
    [403, 'PERMISSION_DENIED', 'forbidden'],
    [404, 'RESOURCE_DOES_NOT_EXIST', 'not-found'],
    [404, undefined, 'not-found'],
    [404, 'FEATURE_DISABLED', 'feature-disabled'],
    [409, 'RESOURCE_ALREADY_EXISTS', 'exists'],
    [422, undefined, 'invalid'],
    [500, 'FEATURE_DISABLED', 'feature-disabled'],
    [501, 'NOT_IMPLEMENTED', 'feature-disabled'],
  ];

  test.each(answers)('%d %s is final: %s', async (status, error_code, kind) => {
    for (const retry of CLASSES) {
      workspace.script(json(status, { error_code, message: 'no' }));
      const error = await call(retry);
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ status, kind, code: `api-${kind}`, errorCode: error_code, detail: 'no' });
      expect((error as ApiError).help).toMatch(/\.$/);
      expect(workspace.arrived).toHaveLength(1);
    }
    expect(clock.slept).toEqual([]);
  });

  test.each([
    [409, 'RESOURCE_CONFLICT'],
    [409, 'ABORTED'],
    [409, undefined],
    [412, undefined],
  ])('%d %s is a conflict: reads repeat, for writes the caller waits', async (status, error_code) => {
    const busy = json(status, { error_code, message: 'is currently being updated' });
    workspace.script(busy, OK);
    expect(await call('read')).toEqual({ status: 200, body: { ok: true } });
    for (const retry of CLASSES.slice(1)) {
      workspace.script(busy, OK);
      expect(await call(retry)).toMatchObject({ kind: 'conflict', code: 'api-conflict' });
      expect(workspace.arrived).toHaveLength(1);
    }
  });

  test('an unclear attempt stays unclear when the next ones fail for certain', async () => {
    for (const last of [json(403, { message: 'no' }), json(429, {})]) {
      workspace.script(reset, last);
      const error = await call('desired-state');
      expect(error).toBeInstanceOf(AmbiguousError);
      expect((error as AmbiguousError).cause).toBeInstanceOf(ApiError);
    }
    workspace.script(reset, json(409, {}));
    expect(await call('desired-state')).toMatchObject({ code: 'api-conflict' });
    workspace.script(json(503, {}));
    expect(await call('desired-state')).toBeInstanceOf(AmbiguousError);
    expect(workspace.arrived).toHaveLength(4);
    workspace.script(json(503, {}));
    expect(await call('read')).toMatchObject({ kind: 'unavailable' });
  });

  test('nothing listens: repeated for every class, and certainly never sent', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    for (const retry of CLASSES) {
      const error = await call(retry, { origin: `http://127.0.0.1:${port}` });
      expect(error).toMatchObject({ kind: 'never-sent', code: 'unreachable', reason: 'ECONNREFUSED' });
      expect(clock.slept.splice(0)).toEqual([125, 250, 500]);
    }
  });

  test('a name that does not resolve was never sent', async () => {
    const error = await call('create', { origin: 'https://gatewright.invalid', pacing: false });
    expect(error).toMatchObject({ kind: 'never-sent' });
  });

  test('a TLS failure ends it at once', async () => {
    const error = await call('read', { origin: workspace.origin.replace('http:', 'https:') });
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ kind: 'tls', code: 'tls-failure' });
    expect(clock.slept).toEqual([]);
  });

  test.each([301, 302, 303, 307, 308])(
    '%d is never followed, and shows no more than the host',
    async (status) => {
      for (const retry of CLASSES) {
        workspace.script(text(status, 'x', { location: 'https://sso.example.com/login?ticket=s3cret' }));
        const error = await call(retry);
        expect(error).toMatchObject({ kind: 'redirect', code: 'redirected' });
        expect((error as Error).message).toContain('sso.example.com');
        expect(everythingIn(error)).not.toContain('s3cret');
        expect(workspace.arrived).toHaveLength(1);
      }
    },
  );
});

test('a redirect is told at once, whatever comes after its headers', async () => {
  workspace.script((response) => {
    response.writeHead(302, { location: '/login' });
    response.write('<html>');
  });
  expect(await call('read', { deadlines: { idle: 60_000 } })).toMatchObject({ kind: 'redirect' });
});

describe('an answer that makes no sense', () => {
  const nonsense: [string, Step][] = [
    ['a page of HTML', text(200, '<html>login</html>', { 'content-type': 'text/html; charset=utf-8' })],
    ['cut JSON', text(200, '{"a": [1,', { 'content-type': 'application/json' })],
    ['nothing', text(200, '', { 'content-type': 'application/json' })],
    ['a list', json(200, [1])],
    ['a number', json(200, 7)],
    ['another type', text(200, '{}', { 'content-type': 'text/plain' })],
    [
      'unasked compression',
      text(200, '\u001f\u008b', { 'content-type': 'application/json', 'content-encoding': 'gzip' }),
    ],
  ];

  test.each(nonsense.filter(([name]) => name !== 'nothing'))(
    '%s: once more for reads, unclear for writes',
    async (_, step) => {
      workspace.script(step, OK);
      expect(await call('read')).toEqual({ status: 200, body: { ok: true } });
      workspace.script(step);
      const error = await call('read');
      expect(error).toMatchObject({ kind: 'unexpected', status: 200 });
      expect((error as Error).message).toContain(`unexpected answer from ${new URL(workspace.origin).host}`);
      expect(workspace.arrived).toHaveLength(2);
      workspace.script(step);
      expect(await call('desired-state')).toBeInstanceOf(AmbiguousError);
      expect(workspace.arrived).toHaveLength(2);
      for (const retry of UNCLEAR) {
        workspace.script(step);
        expect(await call(retry)).toBeInstanceOf(AmbiguousError);
        expect(workspace.arrived).toHaveLength(1);
      }
    },
  );

  test('an empty body is an answer to a delete, and under 204, and to nothing else', async () => {
    workspace.script(text(200, ''));
    expect(await call('delete')).toEqual({ status: 200, body: undefined });
    workspace.script(text(204, ''));
    expect(await call('desired-state')).toEqual({ status: 204, body: undefined });
    workspace.script(text(200, ''));
    expect(await call('read')).toMatchObject({ kind: 'unexpected' });
    workspace.script(json(200, null));
    expect(await call('desired-state')).toEqual({ status: 200, body: null });
    expect(await call('read')).toMatchObject({ kind: 'unexpected' });
  });

  test('too much of it is not read to the end, a collection may be longer', async () => {
    const long = json(200, { text: 'x'.repeat(3 * 1024 * 1024) });
    workspace.script(long);
    expect(await call('read')).toMatchObject({
      kind: 'unexpected',
      detail: expect.stringContaining('longer'),
    });
    expect(await ends(client().call(LIST, {}))).toMatchObject({ status: 200 });
    expect(await ends(client({ maxBytes: { collection: 1000 } }).call(LIST, {}))).toMatchObject({
      kind: 'unexpected',
    });
  });

  test.each([
    ['<html>gateway</html>', 'text/html', 'no message, text/html instead', undefined],
    ['RESOURCE_EXHAUSTED: too many', 'text/plain', 'too many', 'RESOURCE_EXHAUSTED'],
    ['{"detail":"scim says"}', 'application/json', 'scim says', undefined],
    ['{"error":"invalid_client","error_description":"why"}', 'application/json', 'why', undefined],
    ['[1]', 'application/json', 'no message', undefined],
    ['', 'application/json', 'no message', undefined],
    [
      '{"error_code":403,"message":"Invalid access token."}',
      'application/json',
      'Invalid access token.',
      undefined,
    ],
  ])('a refusal that says %s', async (body, type, detail, errorCode) => {
    workspace.script(text(400, body, { 'content-type': type }));
    expect(await call('read')).toMatchObject({ detail, errorCode, kind: 'invalid' });
  });

  test('a refusal keeps its status when its body breaks off', async () => {
    workspace.script((response, _q, socket) => {
      response.writeHead(403, { 'content-length': '100' });
      response.write('{');
      setTimeout(() => socket.resetAndDestroy(), 5);
    });
    expect(await call('create')).toMatchObject({ kind: 'forbidden' });
  });
});

describe('deadlines', () => {
  const stall: Step = () => {};

  test('no headers', async () => {
    workspace.script(stall, OK);
    expect(await call('read', { deadlines: { headers: 50 } })).toMatchObject({ status: 200 });
    workspace.script(stall);
    expect(await call('create', { deadlines: { headers: 50 } })).toMatchObject({
      code: 'outcome-unknown',
      cause: { reason: 'UND_ERR_HEADERS_TIMEOUT' },
    });
  });

  test('a body that stands still', async () => {
    workspace.script((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
    }, OK);
    expect(await call('read', { deadlines: { idle: 50 } })).toMatchObject({ status: 200 });
    expect(workspace.arrived).toHaveLength(2);
  });

  test('a body that drips', async () => {
    workspace.script((response, _q, socket) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 10);
      socket.on('close', () => clearInterval(drip));
    });
    const error = await call('read', { deadlines: { idle: 1000, total: 150 }, attempts: 2 });
    expect(error).toMatchObject({ kind: 'ambiguous', reason: 'no complete answer within 0.15 s' });
    expect(workspace.arrived).toHaveLength(2);
  });

  test('the connection itself', async () => {
    // The backlog of a server that never accepts swallows the handshake of TLS: nothing answers, nothing was sent.
    const mute = createServer(() => {});
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    const sockets: { destroy(): void }[] = [];
    mute.on('connection', (socket) => sockets.push(socket));
    const error = await call('create', {
      origin: `https://127.0.0.1:${port}`,
      deadlines: { connect: 50 },
      attempts: 2,
    });
    expect(error).toMatchObject({ kind: 'never-sent', reason: 'UND_ERR_CONNECT_TIMEOUT' });
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => mute.close(resolve));
  });
});

describe('Retry-After', () => {
  const date = new Date(Date.UTC(2026, 0, 1, 0, 0, 7)).toUTCString();

  test.each([
    ['seconds', { 'retry-after': '3' }, 3000],
    ['zero', { 'retry-after': '0' }, 0],
    [
      'a date, by the clock of the answer',
      { 'retry-after': date, date: new Date(Date.UTC(2026, 0, 1, 0, 0, 2)).toUTCString() },
      5000,
    ],
    ['a far date', { 'retry-after': 'Fri, 01 Jan 2099 00:00:00 GMT' }, 60_000],
    ['a far number', { 'retry-after': '86400' }, 60_000],
    ['a date gone by', { 'retry-after': 'Fri, 01 Jan 1999 00:00:00 GMT' }, 0],
  ])('%s is the least that is waited', async (_, headers, least) => {
    for (const status of [429, 503]) {
      workspace.script(json(status, {}, headers), OK);
      expect(await call('read')).toMatchObject({ status: 200 });
      const [slept] = clock.slept.splice(0);
      expect(slept).toBeGreaterThanOrEqual(least);
      expect(slept).toBeLessThanOrEqual(least + 500);
    }
  });

  test('a date without a Date header is measured by our clock', async () => {
    workspace.script((response, request, socket) => {
      response.sendDate = false;
      json(429, {}, { 'retry-after': date })(response, request, socket);
    }, OK);
    await call('read');
    expect(clock.slept[0]).toBe(7000 + 250);
  });

  test('what cannot be read is as if it were not there', async () => {
    workspace.script(json(429, {}, { 'retry-after': 'soon' }), OK);
    await call('read');
    expect(clock.slept).toEqual([250]);
  });
});

describe('401', () => {
  test('is refreshed once, then final; a write is repeated too, since nothing was done', async () => {
    for (const retry of CLASSES) {
      const credentials = new TestCredentials();
      credentials.renewable = true;
      workspace.script(json(401, {}), OK);
      expect(await call(retry, { credentials })).toMatchObject({ status: 200 });
      expect(workspace.arrived.map((request) => request.headers.authorization)).toEqual([
        `Bearer ${TOKEN}`,
        `Bearer ${TOKEN}-1`,
      ]);
      workspace.script(json(401, { message: 'expired' }));
      expect(await call(retry, { credentials })).toMatchObject({ kind: 'unauthenticated' });
      expect(workspace.arrived).toHaveLength(2);
    }
  });

  test.each(['Invalid access token.', 'Token is expiring within 30 seconds. (token expired)'])(
    'as a 403 that says %s',
    async (message) => {
      const credentials = new TestCredentials();
      credentials.renewable = true;
      for (const step of [
        json(403, { error_code: 403, message }),
        text(403, '<html>', { 'content-type': 'text/html', 'x-databricks-reason-phrase': message }),
      ]) {
        workspace.script(step, OK);
        expect(await call('create', { credentials })).toMatchObject({ status: 200 });
        workspace.script(step);
        expect(await call('read', { credentials })).toMatchObject({
          kind: 'unauthenticated',
          detail: message,
        });
      }
    },
  );

  test('is final when the credential cannot be renewed', async () => {
    const credentials = new TestCredentials();
    workspace.script(json(401, {}));
    expect(await call('read', { credentials })).toMatchObject({ kind: 'unauthenticated' });
    expect([workspace.arrived.length, credentials.refreshed]).toEqual([1, 1]);
  });
});

describe('all retries of a run together', () => {
  test('are ten, or one in ten requests', async () => {
    workspace.script(json(503, {}));
    const one = client();
    for (let n = 0; n < 8; n++) await ends(one.call(OPERATIONS.read, { name: `n${n}` }));
    expect(one.stats).toEqual({ requests: 8 + 10, retries: 10, throttled: 0 });
    workspace.script(OK);
    for (let n = 0; n < 200; n++) await one.call(OPERATIONS.read, { name: `n${n}` });
    workspace.script(json(503, {}));
    for (let n = 0; n < 12; n++) await ends(one.call(OPERATIONS.read, { name: `n${n}` }));
    expect(one.stats.retries).toBe(22);
  });

  test('after five broken connections in a row no call is started, until a rest is over', async () => {
    const one = client();
    workspace.script(reset);
    await ends(one.call(OPERATIONS.read, { name: 'a' }));
    expect(await ends(one.call(OPERATIONS.read, { name: 'b' }))).toMatchObject({ reason: 'ECONNRESET' });
    const seen = workspace.arrived.length;
    const refused = await ends(one.call(OPERATIONS.create, { name: 'c' }));
    expect(refused).toMatchObject({ kind: 'never-sent', reason: expect.stringContaining('5 failures') });
    expect(workspace.arrived).toHaveLength(seen);
    workspace.script(reset);
    clock.time += 10_000;
    // One call feels its way; the others wait for it and are not started when it fails.
    const names = Array.from({ length: 20 }, (_, n) => `n${n}`);
    const later = await Promise.all(names.map((name) => ends(one.call(OPERATIONS.read, { name }))));
    expect(later.filter((error) => (error as TransportError).reason === 'ECONNRESET')).toHaveLength(1);
    expect(workspace.arrived.length).toBeLessThanOrEqual(4);
    workspace.script(OK);
    clock.time += 10_000;
    expect(await ends(one.call(OPERATIONS.read, { name: 'd' }))).toMatchObject({ status: 200 });
    expect(await ends(one.call(OPERATIONS.create, { name: 'e' }))).toMatchObject({ status: 200 });
  });

  test('one cut of many connections fails nobody', async () => {
    let cut = true;
    const sockets: { resetAndDestroy(): void }[] = [];
    workspace.script((response, request, socket) => {
      if (!cut) return OK(response, request, socket);
      sockets.push(socket);
      if (sockets.length < 8) return;
      cut = false;
      for (const waiting of sockets) waiting.resetAndDestroy();
    });
    const wide = client({ slots: { reads: 8 } });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => ends(wide.call(OPERATIONS.read, { name: `n${n}` }))),
    );
    expect(answers).toEqual(Array.from({ length: 20 }, () => ({ status: 200, body: { ok: true } })));
  });
});

describe('an interrupt', () => {
  test('before anything is sent is no doubt; under way it is one for writes only', async () => {
    const early = new AbortController();
    early.abort(new Error('interrupted'));
    workspace.script(OK);
    const one = client();
    await expect(one.call(OPERATIONS.create, { name: 'a' }, { signal: early.signal })).rejects.toThrow(
      'interrupted',
    );
    expect(workspace.arrived).toHaveLength(0);
    for (const retry of CLASSES) {
      const late = new AbortController();
      workspace.script(() => late.abort(new Error('interrupted')));
      const error = await ends(one.call(OPERATIONS[retry], { name: 'a' }, { signal: late.signal }));
      if (retry === 'read') expect(error).toEqual(new Error('interrupted'));
      else expect(error).toBeInstanceOf(AmbiguousError);
    }
  });

  test('during the wait before a repeat keeps the doubt of the attempt before', async () => {
    for (const retry of ['read', 'desired-state'] as const) {
      const stop = new AbortController();
      workspace.script((response, request, socket) => {
        json(503, {})(response, request, socket);
        response.on('finish', () => stop.abort(new Error('interrupted')));
      });
      const waiting: typeof clock.sleep = (_, signal) =>
        new Promise((_resolve, reject) => {
          if (signal?.aborted) reject(signal.reason);
          signal?.addEventListener('abort', () => reject(signal.reason));
        });
      const one = client({ clock: { now: () => 0, sleep: waiting } });
      const error = await ends(one.call(OPERATIONS[retry], { name: 'a' }, { signal: stop.signal }));
      if (retry === 'read') expect(error).toEqual(new Error('interrupted'));
      else expect(error).toBeInstanceOf(AmbiguousError);
    }
  });
});

describe('secrets', () => {
  test('an echoed token is in no error, however it is written', async () => {
    const echoes = [
      TOKEN,
      encodeURIComponent(TOKEN),
      Buffer.from(TOKEN).toString('base64'),
      Buffer.from(TOKEN).toString('base64url'),
    ];
    const pad = 'p'.repeat(490);
    for (const echo of echoes) {
      const steps = [
        json(400, { error_code: 'BAD_REQUEST', message: `${pad} Bearer ${echo} is wrong` }),
        json(500, { message: `bad ${echo}` }),
        text(400, `BAD_REQUEST: ${echo}`),
        text(302, '', { location: `https://${encodeURIComponent(echo)}.example.com/` }),
        text(200, echo, { 'content-type': 'application/json' }),
      ];
      for (const step of steps) {
        for (const retry of CLASSES) {
          workspace.script(step);
          const error = await call(retry);
          expect(error).toBeInstanceOf(Error);
          for (const form of echoes) expect(everythingIn(error)).not.toContain(form);
        }
      }
    }
  });

  test('further secrets are kept out too, and messages are capped', async () => {
    workspace.script(json(400, { message: `key sk-live-42 ${'x'.repeat(2000)}` }));
    const error = (await call('create', { secrets: () => ['sk-live-42'] })) as ApiError;
    expect(error.detail).toMatch(/^key \*\*\* x+…$/);
    expect(error.detail.length).toBeLessThanOrEqual(501);
  });
});

test('property: whatever the server answers, four attempts at most, each wait within its bounds', async () => {
  const after = fc.oneof(
    fc.constant(undefined),
    fc.integer({ min: -10, max: 1_000_000 }).map(String),
    fc.date({ noInvalidDate: true }).map((at) => at.toUTCString()),
    fc.string({ unit: fc.constantFrom('a', ' ', '1', '-', '.') }),
  );
  const step = fc.record({
    status: fc.constantFrom(200, 400, 401, 404, 409, 429, 429, 500, 503, 504),
    after,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(...CLASSES),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      async (steps, retry, random) => {
        clock = new JumpingClock();
        workspace.script(
          ...steps.map(({ status, after: value }) =>
            json(status, {}, value === undefined ? {} : { 'retry-after': value }),
          ),
        );
        const credentials = new TestCredentials();
        credentials.renewable = true;
        await call(retry, { credentials, random: () => random });
        expect(workspace.arrived.length).toBeLessThanOrEqual(4);
        expect(clock.slept.length).toBeLessThan(workspace.arrived.length || 1);
        for (const ms of clock.slept) {
          expect(ms).toBeGreaterThanOrEqual(0);
          expect(ms).toBeLessThanOrEqual(60_500);
        }
        if (!['read', 'desired-state'].includes(retry)) {
          const repeated = workspace.arrived.length - 1;
          expect(steps.slice(0, repeated).every(({ status }) => status === 429 || status === 401)).toBe(true);
        }
        await Promise.all(clients.splice(0).map((made) => made.close()));
      },
    ),
    { numRuns: 60 },
  );
});
