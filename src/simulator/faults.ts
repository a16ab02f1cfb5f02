// Injected failures: which request they hit, and how the wire then behaves. Knows no operation's meaning.
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { pause } from './clock';
import { errorBody, errorOfStatus } from './errors';
import { readFault } from './knobs';
import type { Fault } from './types';

export interface Hit {
  readonly method: string;
  readonly path: string;
  readonly operation: string | undefined;
}

export class Faults {
  #rows: { readonly fault: Fault; readonly path: RegExp | undefined; matched: number; fired: number }[] = [];

  /** @throws Error when a word in it is not known or the path is no pattern. */
  add(given: Fault): void {
    const fault = readFault(given);
    this.#rows.push({ fault, path: patternOf(fault.path), matched: 0, fired: 0 });
  }

  clear(): void {
    this.#rows = [];
  }

  get all(): Fault[] {
    return this.#rows.map((row) => row.fault);
  }

  /** Counts the request for every fault that it matches; the first that is due fires. */
  next(hit: Hit): Fault | undefined {
    let firing: Fault | undefined;
    for (const row of this.#rows) {
      const { fault } = row;
      if (fault.method !== undefined && fault.method.toUpperCase() !== hit.method) continue;
      if (fault.operation !== undefined && fault.operation !== hit.operation) continue;
      if (row.path !== undefined && fault.path !== hit.path && !row.path.test(hit.path)) continue;
      row.matched++;
      const times = fault.times ?? 1;
      if (firing !== undefined || row.matched < (fault.nth ?? 1) || (times > 0 && row.fired >= times))
        continue;
      row.fired++;
      firing = fault;
    }
    return firing;
  }
}

function patternOf(path: string | RegExp | undefined): RegExp | undefined {
  if (path === undefined || path instanceof RegExp) return path;
  return new RegExp(`^(?:${path})$`);
}

/** What goes over the wire: an answer, or a broken one. */
export interface Outgoing {
  status: number;
  headers: OutgoingHttpHeaders;
  text: string;
}

const LOGIN_PAGE = '<!doctype html><html><head><title>Sign in</title></head><body>Sign in</body></html>';

/** The answer as the fault changes it. `usual` is what the handler said, when it ran. */
export function faulty(fault: Fault, usual: Outgoing | undefined, request: number): Outgoing {
  const headers: OutgoingHttpHeaders = { 'content-type': 'application/json', ...usual?.headers };
  let status = fault.status ?? usual?.status ?? 200;
  let text = usual?.text ?? '{}';
  if (fault.status !== undefined) text = JSON.stringify(errorBody(errorOfStatus(fault.status), request));
  switch (fault.action) {
    case 'html':
      headers['content-type'] = 'text/html; charset=utf-8';
      text = LOGIN_PAGE;
      break;
    case 'empty':
      text = '';
      break;
    case 'redirect':
      status = fault.status ?? 302;
      headers.location = '/login.html';
      text = '';
      break;
    case 'wrong-type':
      text = '"OK"';
      break;
  }
  if (fault.body !== undefined) text = JSON.stringify(fault.body);
  if (fault.retryAfter !== undefined) headers['retry-after'] = String(fault.retryAfter);
  for (const [name, value] of Object.entries(fault.headers ?? {})) headers[name.toLowerCase()] = value;
  return { status, headers, text };
}

/** Sends the answer the way the fault asks for. Resolves to the status sent, null when none was. */
export async function send(
  res: ServerResponse,
  outgoing: Outgoing,
  fault: Fault | undefined,
): Promise<number | null> {
  const { status, headers, text } = outgoing;
  const body = Buffer.from(text);
  switch (fault?.action) {
    case 'reset':
      res.socket?.resetAndDestroy();
      return null;
    case 'stall':
      return null;
    case 'cut-body':
      res.writeHead(status, { ...headers, 'content-length': Math.max(body.length, 2) });
      res.write(body.subarray(0, Math.floor(body.length / 2)), () => res.socket?.destroy());
      return status;
    case 'slow-body':
      res.writeHead(status, { ...headers, 'content-length': body.length });
      for (const byte of body) {
        if (res.destroyed) return status;
        res.write(Buffer.of(byte));
        await pause(fault.delayMs ?? 100);
      }
      res.end();
      return status;
    default:
      res.writeHead(status, { ...headers, 'content-length': body.length });
      res.end(body);
      return status;
  }
}
