// What can go wrong between us and a workspace, as errors with a code, one sentence and a way out. Server messages
// are carried redacted and capped. Never holds a header, a request body or a token; knows no terminal.
import type { Operation } from '../wire/operation';
import { redact } from './redact';

export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'exists'
  | 'conflict'
  | 'feature-disabled'
  | 'throttled'
  | 'unavailable'
  | 'internal'
  | 'cancelled'
  | 'unexpected';

interface KindRow {
  readonly kind: ErrorKind;
  readonly status?: readonly number[];
  readonly code?: readonly string[];
  readonly message?: RegExp;
}

/**
 * First row that fits wins; a row fits when every column that it has fits. Codes stand before statuses because some
 * come under more than one status: FEATURE_DISABLED under 404 and 500, an existing name under 400 and 409.
 * https://github.com/databricks/databricks-sdk-go/tree/main/apierr
 */
const KINDS: readonly KindRow[] = [
  { kind: 'feature-disabled', code: ['FEATURE_DISABLED', 'NOT_IMPLEMENTED'] },
  { kind: 'exists', status: [400, 409], code: ['RESOURCE_ALREADY_EXISTS', 'ALREADY_EXISTS'] },
  { kind: 'conflict', status: [400, 409], code: ['RESOURCE_CONFLICT', 'ABORTED'] },
  { kind: 'throttled', code: ['REQUEST_LIMIT_EXCEEDED'] },
  { kind: 'unauthenticated', status: [400, 403], code: ['UNAUTHENTICATED'] },
  // A bad or expired token can come as 403, told apart from a missing right by its words alone.
  // https://github.com/databricks/databricks-sdk-go/issues/917, https://github.com/databricks/databricks-vscode/issues/583
  {
    kind: 'unauthenticated',
    status: [403],
    message: /^invalid access token|^token is expir|\(token expired\)/i,
  },
  { kind: 'forbidden', status: [400, 401], code: ['PERMISSION_DENIED'] },
  { kind: 'not-found', status: [400], code: ['RESOURCE_DOES_NOT_EXIST', 'ENDPOINT_NOT_FOUND', 'NOT_FOUND'] },
  { kind: 'unauthenticated', status: [401] },
  { kind: 'forbidden', status: [403] },
  { kind: 'not-found', status: [404, 410] },
  { kind: 'unavailable', status: [408, 425, 502, 503, 504] },
  { kind: 'conflict', status: [409, 412] },
  { kind: 'throttled', status: [429] },
  { kind: 'cancelled', status: [499] },
  { kind: 'feature-disabled', status: [501] },
];

export function kindOfAnswer(status: number, errorCode: string | undefined, message = ''): ErrorKind {
  const row = KINDS.find(
    (candidate) =>
      (candidate.status === undefined || candidate.status.includes(status)) &&
      (candidate.message === undefined || candidate.message.test(message)) &&
      (candidate.code === undefined || (errorCode !== undefined && candidate.code.includes(errorCode))),
  );
  if (row !== undefined) return row.kind;
  if (status >= 500) return 'internal';
  return status >= 400 ? 'invalid' : 'unexpected';
}

const HELP: Readonly<Record<ErrorKind, string>> = {
  invalid: 'Correct the declaration: the workspace says what it does not take.',
  unauthenticated:
    'Renew the token or log in again; `gatewright doctor` shows which credential is used and why.',
  forbidden:
    'Give the principal that runs this CAN_MANAGE on the endpoint, or the Unity Catalog grant that the message names.',
  'not-found': 'Check the name and the workspace; what one may not see can also be answered as not found.',
  exists: 'Adopt it under its name, or choose another name.',
  conflict: 'Another update is under way: wait until it has settled, then run again.',
  'feature-disabled':
    'This workspace or this sort of endpoint does not offer it: remove the field, or ask a workspace admin to enable it.',
  throttled:
    'Wait a minute and run again, or lower --parallelism; other tools share the limits of the workspace.',
  unavailable: 'Run again later; running again goes on where this stopped.',
  internal: 'Run again; if it stays, report the message to Databricks support.',
  cancelled: 'Run again; the workspace gave up on the request.',
  unexpected:
    'Check that the host is a workspace URL and that no proxy or sign-in page answers in its place.',
};

/** Longest server message that is kept, in UTF-16 code units. */
const MESSAGE_CAP = 500;

export function tidy(text: string, secrets: readonly string[]): string {
  const safe = redact(text, secrets).trim();
  return safe.length <= MESSAGE_CAP ? safe : `${safe.slice(0, MESSAGE_CAP).replace(/\p{Cs}$/u, '')}…`;
}

/** All of them: a stable `code` in kebab-case words, a one-sentence `message`, a way out in `help`. */
export abstract class DatabricksError extends Error {
  abstract readonly code: string;
  abstract readonly help: string;
}

export interface Asked {
  /** The operation's id. */
  readonly operation: string;
  readonly method: Operation['method'];
  /** As sent, percent-encoded, without query. */
  readonly path: string;
}

/** The workspace answered, and the answer is a refusal or makes no sense. */
export class ApiError extends DatabricksError {
  readonly code: string;
  readonly help: string;
  readonly operation: string;
  readonly method: Operation['method'];
  readonly path: string;
  readonly status: number;
  /** The API's own code, `RESOURCE_CONFLICT`; absent when the answer carried none. */
  readonly errorCode: string | undefined;
  readonly kind: ErrorKind;
  /** The server's message, redacted and capped, or ours when it sent none. */
  readonly detail: string;
  /** What `Retry-After` asked for, capped. Milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    asked: Asked,
    answer: { status: number; kind: ErrorKind; errorCode?: string; detail: string; retryAfterMs?: number },
  ) {
    const code = answer.errorCode === undefined ? '' : ` ${answer.errorCode}`;
    super(`${asked.method} ${asked.path} was answered ${answer.status}${code}: ${answer.detail}`);
    this.name = 'ApiError';
    this.code = `api-${answer.kind}`;
    this.help = HELP[answer.kind];
    this.operation = asked.operation;
    this.method = asked.method;
    this.path = asked.path;
    this.status = answer.status;
    this.errorCode = answer.errorCode;
    this.kind = answer.kind;
    this.detail = answer.detail;
    this.retryAfterMs = answer.retryAfterMs;
  }
}

export type TransportKind = 'never-sent' | 'ambiguous' | 'tls' | 'redirect';

const TRANSPORT: Readonly<Record<TransportKind, { code: string; says: string; help: string }>> = {
  'never-sent': {
    code: 'unreachable',
    says: 'could not be reached',
    help: 'Check the host, the network and the proxy; nothing was sent.',
  },
  ambiguous: {
    code: 'connection-lost',
    says: 'broke off before its answer was complete',
    help: 'Check the network and run again.',
  },
  tls: {
    code: 'tls-failure',
    says: 'did not prove who it is',
    help: 'Check the host; for a private certificate authority set NODE_EXTRA_CA_CERTS to its PEM file. Nothing was sent.',
  },
  redirect: {
    code: 'redirected',
    says: 'answered with a redirect, which is never followed',
    help: 'Check that the host is the workspace URL itself and that its network policy lets you in.',
  },
};

/** No usable answer came. `never-sent` is certain: the workspace has not seen the request. */
export class TransportError extends DatabricksError {
  readonly code: string;
  readonly help: string;
  readonly operation: string;
  readonly method: Operation['method'];
  readonly path: string;
  readonly kind: TransportKind;
  /** Why, in the words of the socket: `ECONNRESET`, `no answer within 30 s`. */
  readonly reason: string;

  constructor(asked: Asked, host: string, kind: TransportKind, reason: string) {
    super(`${host} ${TRANSPORT[kind].says} (${asked.method} ${asked.path}: ${reason})`);
    this.name = 'TransportError';
    this.code = TRANSPORT[kind].code;
    this.help = TRANSPORT[kind].help;
    this.operation = asked.operation;
    this.method = asked.method;
    this.path = asked.path;
    this.kind = kind;
    this.reason = reason;
  }
}

/** A write was sent and nobody knows whether it took effect: read the resource before doing anything else. */
export class AmbiguousError extends DatabricksError {
  readonly code = 'outcome-unknown';
  readonly help = 'Run again: what took effect is read back first, and only the rest is done.';
  readonly operation: string;
  readonly method: Operation['method'];
  readonly path: string;
  override readonly cause: ApiError | TransportError;

  constructor(asked: Asked, cause: ApiError | TransportError) {
    super(`${asked.method} ${asked.path} may or may not have taken effect: ${cause.message}`);
    this.name = 'AmbiguousError';
    this.operation = asked.operation;
    this.method = asked.method;
    this.path = asked.path;
    this.cause = cause;
  }
}

/** A write was asked of a client that may only read. Nothing was sent. */
export class ReadOnlyError extends DatabricksError {
  readonly code = 'read-only';
  readonly help = 'Only `gatewright apply` writes.';
  readonly operation: string;

  constructor(asked: Asked) {
    super(`${asked.method} ${asked.path} was refused: this run may only read`);
    this.name = 'ReadOnlyError';
    this.operation = asked.operation;
  }
}
