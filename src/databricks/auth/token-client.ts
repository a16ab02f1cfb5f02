// Fetches tokens, and nothing else: a POST of a form to one token endpoint, or a GET of one identity token. Separate
// from the workspace client, so that a run that may only read can still log in. Follows no redirect.

import { isObject, type JsonObject } from '../../model/json';
import { parseAnswer, refusalOf } from '../answer';
import type { Clock } from '../clock';
import { tidy } from '../errors';
import { normaliseHost } from '../origin';
import type { Proxies } from '../proxy';
import { backoffMs, retryAfterMs } from '../retry';
import { createTransport, DEADLINES, type Deadlines, type Incoming } from '../transport';
import type { Token } from './bearer';
import { AuthError } from './error';
import { printable } from './method';

export interface TokenRequest {
  /** https, or http to loopback. */
  readonly url: string;
  /** Sent as a POST; without it the request is a GET. */
  readonly form?: Readonly<Record<string, string>> | undefined;
  readonly authorization?: string | undefined;
  /** Kept out of what the endpoint says. */
  readonly secrets: readonly string[];
  /** For an endpoint that refuses: what to check. */
  readonly help: string;
}

export interface TokenClient {
  /** The JSON object that the endpoint answers. @throws AuthError */
  ask(request: TokenRequest): Promise<JsonObject>;
}

export interface TokenClientOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly deadlines?: Partial<Deadlines> | undefined;
  readonly proxies?: Proxies | undefined;
}

const ATTEMPTS = 4;
const MAX_BYTES = 256 * 1024;
/** Asking for a token changes nothing, so whatever may pass is asked again. */
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

export function createTokenClient(options: TokenClientOptions): TokenClient {
  return { ask: (request) => ask(request, options) };
}

async function ask(request: TokenRequest, options: TokenClientOptions): Promise<JsonObject> {
  const { url, origin } = endpoint(request.url);
  const transport = createTransport({
    origin,
    connections: 1,
    deadlines: { ...DEADLINES, ...options.deadlines },
    proxies: options.proxies,
  });
  try {
    for (let attempt = 1; ; attempt++) {
      const incoming = await transport.send({
        method: request.form === undefined ? 'GET' : 'POST',
        path: url.pathname + url.search,
        headers: {
          accept: 'application/json',
          'user-agent': 'gatewright',
          ...(request.authorization === undefined ? {} : { authorization: request.authorization }),
          ...(request.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        body: request.form === undefined ? undefined : new URLSearchParams(request.form).toString(),
        maxBytes: MAX_BYTES,
        signal: undefined,
      });
      const wait = waitFor(incoming, attempt, options);
      if (wait === undefined) return understood(incoming, url, request);
      await options.clock.sleep(wait);
    }
  } finally {
    await transport.close();
  }
}

/** @throws AuthError without the text, which may hold a ticket. */
function endpoint(text: string): { url: URL; origin: string } {
  try {
    const url = new URL(text);
    if (url.username === '' && url.password === '') return { url, origin: normaliseHost(url.origin) };
  } catch {
    // Told below.
  }
  throw new AuthError(
    'bad-host',
    'the address of the token endpoint is not an https URL',
    'Check the environment.',
  );
}

function waitFor(incoming: Incoming, attempt: number, options: TokenClientOptions): number | undefined {
  if (attempt >= ATTEMPTS || incoming.ended === 'tls') return undefined;
  if (incoming.ended !== 'answer') return backoffMs(attempt, false, undefined, options.random);
  if (!TRANSIENT.has(incoming.status)) return undefined;
  const asked = retryAfterMs(incoming.headers['retry-after'], incoming.headers.date, options.clock.now());
  return backoffMs(attempt, incoming.status === 429, asked, options.random);
}

function understood(incoming: Incoming, url: URL, request: TokenRequest): JsonObject {
  const place = url.host + url.pathname;
  if (incoming.ended !== 'answer') {
    throw new AuthError(
      'token-unreachable',
      `no token came from ${place}: ${incoming.reason}`,
      'Check the network, the proxy and the host, and run again.',
    );
  }
  const { status, text, headers } = incoming;
  if (status >= 200 && status < 300) {
    const { body, problem } = parseAnswer(text, headers['content-type']);
    if (isObject(body)) return body;
    throw new AuthError(
      'token-unreachable',
      `${place} sent no token: ${problem ?? 'it is not an object'}`,
      request.help,
    );
  }
  const said = refusalOf(text, headers['content-type']);
  const message = tidy(said.message, request.secrets) || `no message${said.instead}`;
  const refused = status >= 300 && !TRANSIENT.has(status);
  throw new AuthError(
    refused ? 'token-refused' : 'token-unreachable',
    `${place} answered ${status}: ${status < 400 ? 'a redirect, which is never followed' : message}`,
    refused ? request.help : 'Run again later.',
  );
}

/** An OAuth answer as a token. `expires_in` in seconds, as a number or digits. @throws AuthError */
export function tokenOf(answer: JsonObject, place: string, now: number): Token {
  const { access_token: value, token_type: type, expires_in: life } = answer;
  if (typeof value !== 'string' || (typeof type === 'string' && type.toLowerCase() !== 'bearer')) {
    throw new AuthError(
      'token-unreachable',
      `${place} answered without a bearer token`,
      'Check the host and run again.',
    );
  }
  const seconds = typeof life === 'number' || typeof life === 'string' ? Number(life) : Number.NaN;
  return {
    value: printable(value, `the token of ${place}`),
    expiresAt: Number.isFinite(seconds) ? now + seconds * 1000 : undefined,
  };
}
