// One attempt over one connection pool: deadlines, size caps, and what a broken connection means. Follows no
// redirect, retries nothing, knows no operation. The connection library is loaded with the first attempt.
import type { Dispatcher } from 'undici';
import { isLoopback } from './origin';
import { createPool } from './pool';
import type { Proxies } from './proxy';

/** Milliseconds, per attempt, by the machine's own timers: they bound sockets, not decisions. */
export interface Deadlines {
  readonly connect: number;
  readonly headers: number;
  /** Between two pieces of the body. */
  readonly idle: number;
  /** All of it: a drip of one byte at a time defeats the idle deadline. */
  readonly total: number;
}

export const DEADLINES: Deadlines = { connect: 10_000, headers: 30_000, idle: 15_000, total: 60_000 };

export interface Outgoing {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

export type Incoming =
  | {
      readonly ended: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | undefined>>;
      /** Absent when the body was longer than allowed, or broke off under a status that decides without it. */
      readonly text: string | undefined;
    }
  | {
      readonly ended: 'never-sent' | 'ambiguous' | 'tls';
      readonly reason: string;
      readonly timedOut: boolean;
    }
  /** The caller's signal ended it. */
  | { readonly ended: 'aborted'; readonly reason: string; readonly sent: boolean };

export interface Transport {
  send(request: Outgoing): Promise<Incoming>;
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly origin: string;
  readonly connections: number;
  readonly deadlines: Deadlines;
  /** Ignored for loopback. */
  readonly proxies?: Proxies | undefined;
  /** Instead of a pool of our own; it is not closed by `close`. */
  readonly dispatcher?: Dispatcher | undefined;
}

export function createTransport(options: TransportOptions): Transport {
  const { deadlines } = options;
  let pool: Dispatcher | undefined = options.dispatcher;
  function dispatcher(): Dispatcher {
    pool ??= connect(options);
    return pool;
  }
  return {
    send: (request) => send(dispatcher(), options.origin, request, deadlines),
    async close() {
      if (options.dispatcher === undefined) await pool?.close();
    },
  };
}

function connect({ origin, connections, deadlines, proxies }: TransportOptions): Dispatcher {
  const pool = { connections, pipelining: 1, connect: { timeout: deadlines.connect } };
  if (proxies === undefined || isLoopback(origin)) return createPool(origin, pool);
  const { EnvHttpProxyAgent } = require('undici') as typeof import('undici');
  // Empty rather than absent: what is absent the library would read from the environment itself.
  return new EnvHttpProxyAgent({
    ...pool,
    httpProxy: proxies.http ?? '',
    httpsProxy: proxies.https ?? '',
    noProxy: proxies.bypass ?? '',
    requestTls: { timeout: deadlines.connect },
    proxyTls: { timeout: deadlines.connect },
  });
}

async function send(
  dispatcher: Dispatcher,
  origin: string,
  request: Outgoing,
  deadlines: Deadlines,
): Promise<Incoming> {
  const stop = new AbortController();
  const total = AbortSignal.timeout(deadlines.total);
  const expire = () => stop.abort();
  total.addEventListener('abort', expire);
  request.signal?.addEventListener('abort', expire);
  try {
    if (request.signal?.aborted) return { ended: 'aborted', reason: 'interrupted', sent: false };
    const response = await dispatcher.request({
      origin,
      method: request.method,
      path: request.path,
      headers: request.headers,
      body: request.body ?? null,
      signal: stop.signal,
      headersTimeout: deadlines.headers,
      bodyTimeout: deadlines.idle,
    });
    const status = response.statusCode;
    const headers = firstOfEach(response.headers);
    if (status >= 300 && status < 400) {
      response.body.on('error', () => {}).destroy();
      return { ended: 'answer', status, headers, text: undefined };
    }
    try {
      return { ended: 'answer', status, headers, text: await read(response.body, request.maxBytes) };
    } catch (error) {
      // A refusal stands without its message; a success without its body does not.
      if (status >= 400) return { ended: 'answer', status, headers, text: undefined };
      throw error;
    }
  } catch (error) {
    if (request.signal?.aborted) return { ended: 'aborted', reason: 'interrupted', sent: true };
    if (total.aborted) {
      return {
        ended: 'ambiguous',
        reason: `no complete answer within ${deadlines.total / 1000} s`,
        timedOut: true,
      };
    }
    return failure(error);
  } finally {
    total.removeEventListener('abort', expire);
    request.signal?.removeEventListener('abort', expire);
  }
}

function read(
  body: NodeJS.ReadableStream & { destroy(): unknown },
  maxBytes: number,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) {
        chunks.push(chunk);
      } else {
        resolve(undefined);
        body.destroy();
      }
    });
    body.on('end', () => resolve(Buffer.concat(chunks, size).toString('utf8')));
    body.on('error', reject);
    body.on('close', () => reject(new Error('the body broke off')));
  });
}

function firstOfEach(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
]);
const TIMED_OUT = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);
/** https://nodejs.org/api/tls.html#x509-certificate-error-codes, and what OpenSSL itself says. */
const TLS =
  /^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|ERROR_IN_CERT|EPROTO)/;

/** What a socket error means. Only what certainly happened before the request left counts as never sent. */
export function failure(error: unknown): Extract<Incoming, { timedOut: boolean }> {
  const { code, syscall, name, errors, message } = (
    typeof error === 'object' && error !== null ? error : {}
  ) as {
    code?: unknown;
    syscall?: unknown;
    name?: unknown;
    errors?: unknown;
    message?: unknown;
  };
  const proxy = /^Proxy response \((\d{3})\)/.exec(String(message));
  if (proxy !== null)
    return { ended: 'never-sent', reason: `the proxy answered ${proxy[1]}`, timedOut: false };
  const reason =
    typeof code === 'string' && code !== '' ? code : typeof name === 'string' ? name : 'unknown failure';
  const timedOut = TIMED_OUT.has(reason);
  if (TLS.test(reason)) return { ended: 'tls', reason, timedOut };
  const connecting = (part: unknown) => (part as { syscall?: unknown } | null)?.syscall === 'connect';
  const never =
    NEVER_SENT.has(reason) ||
    syscall === 'connect' ||
    (Array.isArray(errors) && errors.length > 0 && errors.every(connecting));
  return { ended: never ? 'never-sent' : 'ambiguous', reason, timedOut };
}
