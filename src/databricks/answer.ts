// Reads what a workspace sent: an answer to use, or an error and what it means for another attempt. Pure.
import { isObject, type Json } from '../model/json';
import type { Operation } from '../wire/operation';
import { ApiError, type Asked, kindOfAnswer, TransportError, tidy } from './errors';
import { retryAfterMs, type Signal } from './retry';
import type { Incoming } from './transport';

export interface Answer {
  readonly status: number;
  /** Absent when the workspace sent none: a delete, or 204. */
  readonly body: Json | undefined;
}

export interface Trouble {
  readonly error: ApiError | TransportError;
  readonly signal: Signal;
  readonly timedOut: boolean;
  /** The header that was sent with it. */
  readonly authorization?: string | undefined;
}

export type Outcome = { readonly answer: Answer } | Trouble;

export interface Setting {
  readonly origin: string;
  readonly now: number;
  readonly secrets: readonly string[];
}

/** What an answer means. Anything that is neither 2xx nor an error status is a redirect or makes no sense. */
export function understand(
  operation: Operation,
  asked: Asked,
  incoming: Extract<Incoming, { ended: 'answer' }>,
  setting: Setting,
): Outcome {
  const { status } = incoming;
  if (status >= 200 && status < 300) return success(operation, asked, incoming, setting);
  if (status >= 300 && status < 400) {
    const reason = tidy(`${status}${placeOf(incoming.headers.location, setting.origin)}`, setting.secrets);
    const error = new TransportError(asked, new URL(setting.origin).host, 'redirect', reason);
    return { error, signal: 'redirect', timedOut: false };
  }
  const said = refusalOf(incoming.text, incoming.headers['content-type']);
  const message = said.message || (incoming.headers['x-databricks-reason-phrase'] ?? '');
  const kind = kindOfAnswer(status, said.errorCode, message);
  const wait = retryAfterMs(incoming.headers['retry-after'], incoming.headers.date, setting.now);
  const error = new ApiError(asked, {
    status,
    kind,
    detail: tidy(message, setting.secrets) || `no message${said.instead}`,
    ...(said.errorCode === undefined ? {} : { errorCode: said.errorCode }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
  return { error, signal: kind === 'unexpected' ? 'malformed' : kind, timedOut: false };
}

/** Every operation answers an object; a write may answer null where nothing is left. */
function success(
  operation: Operation,
  asked: Asked,
  { status, text, headers }: Extract<Incoming, { ended: 'answer' }>,
  setting: Setting,
): Outcome {
  if (text === '' && (operation.method === 'DELETE' || status === 204)) {
    return { answer: { status, body: undefined } };
  }
  const { body, problem } = parseAnswer(text, headers['content-type']);
  if (isObject(body) || (body === null && operation.method !== 'GET')) return { answer: { status, body } };
  const host = new URL(setting.origin).host;
  const detail = `unexpected answer from ${host}: ${problem ?? 'it is JSON, but not an object'}`;
  return {
    error: new ApiError(asked, { status, kind: 'unexpected', detail }),
    signal: 'malformed',
    timedOut: false,
  };
}

/** ` to sso.example.com`: no more of a foreign URL than that, since the rest may hold a ticket. */
function placeOf(location: string | undefined, origin: string): string {
  if (location === undefined) return '';
  try {
    return ` to ${new URL(location, origin).host}`;
  } catch {
    return '';
  }
}

/** A success body. `problem` says why there is no `body`, without repeating any of it. */
export function parseAnswer(
  text: string | undefined,
  contentType: string | undefined,
): { readonly body?: Json; readonly problem?: string } {
  if (text === undefined) return { problem: 'it is longer than allowed' };
  if (text === '') return { problem: 'it is empty' };
  if (!isJsonType(contentType)) return { problem: `it is ${typeName(contentType)}, not JSON` };
  try {
    return { body: JSON.parse(text) as Json };
  } catch {
    return { problem: 'it is not complete JSON' };
  }
}

/**
 * What a refusal says: `{error_code, message}`, older forms of it, SCIM's `detail`, or the text form `CODE: message`.
 * A page of HTML says nothing worth repeating.
 */
export function refusalOf(
  text: string | undefined,
  contentType: string | undefined,
): { readonly errorCode: string | undefined; readonly message: string; readonly instead: string } {
  if (text === undefined || text === '') return { errorCode: undefined, message: '', instead: '' };
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    const legacy = /^([A-Z][A-Z_]{2,62}): (\S.*)$/s.exec(text);
    if (legacy?.[1] !== undefined && legacy[2] !== undefined) {
      return { errorCode: legacy[1], message: legacy[2], instead: '' };
    }
    return { errorCode: undefined, message: '', instead: `, ${typeName(contentType)} instead` };
  }
  if (!isObject(body)) return { errorCode: undefined, message: '', instead: '' };
  const { error_code: code, message, detail, error_description: description, error } = body;
  const said = [message, detail, description, error].find((part) => typeof part === 'string' && part !== '');
  return {
    errorCode: typeof code === 'string' && /^[A-Za-z][\w.-]{0,63}$/.test(code) ? code : undefined,
    message: typeof said === 'string' ? said : '',
    instead: '',
  };
}

function isJsonType(contentType: string | undefined): boolean {
  return contentType === undefined || /^application\/([\w.-]+\+)?json\b/i.test(contentType.trim());
}

function typeName(contentType: string | undefined): string {
  const name = contentType?.split(';')[0]?.trim() ?? '';
  return /^[\w.+-]{1,40}\/[\w.+-]{1,60}$/.test(name) ? name : 'something else';
}
