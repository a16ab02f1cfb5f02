// The control plane of a served simulator, under /_simulator/: look at requests, inject faults, swap the
// state, move the clock. No token; loopback peers only, and only when they address us by a loopback name, so
// that no web page can reach it through a name of its own.
import type { IncomingMessage } from 'node:http';
import { ApiError, invalid, malformed } from './errors';
import { isObject, type Json } from './json';
import type { Answer } from './routing';
import { json } from './routing';
import type { Served } from './served';
import type { Fault, WorkspaceState } from './types';

export const CONTROL = '/_simulator/';
const LOOPBACK_PEER = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;
const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;

/** @throws ApiError 403 */
export function refuseStrangers(req: IncomingMessage): void {
  const near = LOOPBACK_PEER.test(req.socket.remoteAddress ?? '');
  if (near && LOOPBACK_HOST.test(req.headers.host ?? '') && req.headers.origin === undefined) return;
  throw new ApiError(403, 'PERMISSION_DENIED', 'The control plane answers to this machine only.');
}

/** @throws ApiError 400, 404 */
export function control(served: Served, method: string, what: string, body: Json | undefined): Answer {
  switch (`${method} ${what}`) {
    case 'GET requests':
      return json(served.requests as unknown as Json);
    case 'DELETE requests':
      served.requests = [];
      return json({});
    case 'GET faults':
      return json(served.faults.all as unknown as Json);
    case 'POST faults':
      for (const fault of Array.isArray(body) ? body : [body]) addFault(served, fault);
      return json({});
    case 'DELETE faults':
      served.faults.clear();
      return json({});
    case 'GET state':
      return json(served.snapshot() as unknown as Json);
    case 'PUT state':
      attempt(() => served.workspace.seed(body as WorkspaceState));
      return json({});
    case 'GET identity-token': {
      // As GitHub's, which a job asks: https://docs.github.com/en/actions/reference/security/oidc
      const [value] = served.workspace.settings.sign_in?.identity_tokens ?? [];
      return json(value === undefined ? {} : { value });
    }
    case 'POST clock': {
      const ms = isObject(body) ? body.advance_ms : undefined;
      if (typeof ms !== 'number') throw malformed('advance_ms must be a number of milliseconds.');
      attempt(() => served.advance(ms));
      return json({});
    }
  }
  throw new ApiError(404, 'ENDPOINT_NOT_FOUND', `The control plane has no ${method} ${CONTROL}${what}.`);
}

function addFault(served: Served, fault: Json | undefined): void {
  if (!isObject(fault)) throw malformed('A fault is an object.');
  attempt(() => served.faults.add(fault as Fault));
}

function attempt(action: () => void): void {
  try {
    action();
  } catch (error) {
    throw invalid((error as Error).message);
  }
}
