// From bytes to an operation and back: reads the request, records it, lets the limits and faults have their
// say, checks the token, runs the handler, sends the answer. Knows no operation.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pause } from './clock';
import { CONTROL, control, refuseStrangers } from './control';
import { ApiError, errorBody, errorOfStatus, malformed } from './errors';
import { faulty, type Outgoing, send } from './faults';
import type { Json } from './json';
import { ROUTES } from './routes';
import { Call, type Match, Router } from './routing';
import { redact } from './secrets';
import type { Served } from './served';
import type { RecordedRequest } from './types';
import { settle } from './updates';

const ROUTER = new Router(ROUTES);
const MOST_BYTES = 64 * 1024 * 1024;
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly body: Json | undefined;
  readonly text: string;
  /** Why there is no body to work with, though there should be. */
  readonly broken: ApiError | undefined;
}

export function serve(served: Served, req: IncomingMessage, res: ServerResponse): void {
  answer(served, req, res).catch(() => res.socket?.destroy());
}

async function answer(served: Served, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const incoming = await read(req);
  if (incoming.url.pathname.startsWith(CONTROL)) {
    const what = incoming.url.pathname.slice(CONTROL.length);
    const outgoing = attempt(0, () => {
      refuseStrangers(req);
      if (incoming.broken !== undefined && WITH_BODY.has(incoming.method)) throw incoming.broken;
      return { headers: {}, ...control(served, incoming.method, what, incoming.body) };
    });
    await send(res, outgoing, undefined);
    return;
  }
  const match = ROUTER.match(incoming.method, incoming.url.pathname);
  const recorded = served.record({
    at: served.workspace.clock.now(),
    method: incoming.method,
    path: incoming.url.pathname,
    query: Object.fromEntries(incoming.url.searchParams),
    body: incoming.body === undefined ? undefined : redact(incoming.body),
    operation: match?.route.operation,
    status: null,
    headers: req.headers['user-agent'] === undefined ? {} : { 'user-agent': req.headers['user-agent'] },
  });
  if (served.options.latencyMs) await pause(served.options.latencyMs);
  const fault = served.faults.next(recorded);
  let outgoing: Outgoing | undefined;
  const handled = fault === undefined || fault.when === 'after' || spoilsRead(fault.action, recorded);
  if (handled) outgoing = run(served, incoming, match, recorded, req, fault?.action === 'stale-read');
  if (fault !== undefined) outgoing = faulty(fault, outgoing, recorded.index);
  served.options.handled?.(recorded);
  recorded.status = await send(res, outgoing!, fault);
  if (served.options.log) {
    process.stderr.write(`${recorded.method} ${recorded.path} ${recorded.status ?? 'no answer'}\n`);
  }
}

/** These faults need an answer to spoil; making one changes nothing when the request only reads. */
function spoilsRead(action: string | undefined, request: RecordedRequest): boolean {
  if (request.method !== 'GET') return false;
  return action === 'stale-read' || action === 'slow-body' || action === 'cut-body';
}

function run(
  served: Served,
  incoming: Incoming,
  match: Match | undefined,
  recorded: RecordedRequest,
  req: IncomingMessage,
  stale: boolean,
): Outgoing {
  const wait = served.limit?.take();
  if (wait !== undefined) {
    const text = JSON.stringify(errorBody(errorOfStatus(429), recorded.index));
    return { status: 429, headers: { ...JSON_TYPE, 'retry-after': String(wait) }, text };
  }
  const { method, url } = incoming;
  return attempt(recorded.index, () => {
    if (match?.route.open !== true) authenticate(req.headers.authorization, served);
    if (match === undefined)
      throw new ApiError(404, 'ENDPOINT_NOT_FOUND', `No API found for '${method} ${url.pathname}'`);
    if (incoming.broken !== undefined && WITH_BODY.has(method) && !match.route.open) throw incoming.broken;
    settle(served.workspace);
    const call = new Call(
      method,
      url.pathname,
      match.params,
      url.searchParams,
      incoming.body,
      stale,
      served.url,
      served.options.token,
      incoming.text,
      req.headers.authorization,
    );
    const { status, text, type } = match.route.handler(served.workspace, call);
    return { status, text, headers: type === undefined ? {} : { 'content-type': type } };
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };

function attempt(request: number, action: () => Outgoing): Outgoing {
  try {
    const done = action();
    return { ...done, headers: { ...JSON_TYPE, ...done.headers } };
  } catch (error) {
    const known = error instanceof ApiError ? error : errorOfStatus(500);
    return { status: known.status, headers: JSON_TYPE, text: JSON.stringify(errorBody(known, request)) };
  }
}

function authenticate(header: string | undefined, { options: { token }, workspace }: Served): void {
  const given = /^Bearer (.+)$/i.exec(header ?? '')?.[1];
  if (given === undefined)
    throw new ApiError(
      401,
      'UNAUTHENTICATED',
      'Credential was not sent or was of an unsupported type for this API.',
    );
  if (given === token) return;
  if (workspace.settings.sign_in !== undefined) workspace.signIns.check(given, workspace.clock.now());
  else if (token !== undefined) throw new ApiError(401, 'UNAUTHENTICATED', 'Invalid access token.');
}

async function read(req: IncomingMessage): Promise<Incoming> {
  const method = req.method ?? 'GET';
  const url = new URL(req.url ?? '/', 'http://simulator');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req) {
    size += (chunk as Buffer).length;
    if (size <= MOST_BYTES) chunks.push(chunk as Buffer);
  }
  const text = size > MOST_BYTES ? '' : Buffer.concat(chunks).toString('utf8');
  const fail = (message: string) => ({ method, url, body: undefined, text, broken: malformed(message) });
  if (size > MOST_BYTES) return fail('The request body is too large.');
  if (size === 0) return fail('A JSON body is required.');
  try {
    return { method, url, body: JSON.parse(text), text, broken: undefined };
  } catch {
    return fail('The request body is not valid JSON.');
  }
}
