// What people write by hand to drive the simulator: the state but for its endpoints and services, and faults. A word that
// is not known is refused, lest a misspelt knob pass for a belief about the API.
import { isObject, type Json, type JsonObject } from './json';
import { readBody, type Shape } from './shapes';
import type { Bookkeeping, Fault, WorkspaceState } from './types';

const KINDS = ['external', 'provisioned_throughput', 'pay_per_token', 'custom', 'agent', 'none', '*'];
const FEATURES = ['rate_limits', 'inference_tables', 'usage_tracking', 'guardrails', 'fallbacks'];
const OUTCOMES = ['NOT_UPDATING', 'UPDATE_FAILED', 'UPDATE_CANCELED'];
const ACTIONS = [
  'reset',
  'stall',
  'cut-body',
  'slow-body',
  'html',
  'empty',
  'redirect',
  'stale-read',
  'wrong-type',
];

export const SETTINGS = {
  fields: {
    acls_disabled: 'boolean',
    catalogs: { list: 'string' },
    cleared_gateway: { oneOf: ['omitted', 'empty', 'null', 'disabled'] },
    connections: { list: 'string' },
    empty_list: { oneOf: ['omitted', 'null', 'empty'] },
    etag_refusal: 'integer',
    feature_disabled: {
      list: {
        fields: { kind: { oneOf: KINDS }, feature: { oneOf: FEATURES } },
        required: ['kind', 'feature'],
      },
    },
    feature_disabled_status: 'integer',
    gateway_409_while_updating: 'boolean',
    grant_delay_ms: 'integer',
    int64_as_text: 'boolean',
    keeps_unknown: 'boolean',
    list_omits: { list: 'string' },
    principals: { list: 'string' },
    shuffle_seed: 'integer',
    sign_in: {
      fields: {
        clients: { list: { fields: { id: 'string', secret: 'string' }, required: ['id'] } },
        identity_tokens: { list: 'string' },
        token_lifetime_s: 'integer',
      },
    },
    stale_reads: 'integer',
    system_refusal: 'integer',
    tables_persist: 'boolean',
    update_duration_ms: 'integer',
    update_outcomes: {
      list: {
        fields: { entity: 'string', outcome: { oneOf: OUTCOMES }, message: 'string' },
        required: ['entity', 'outcome'],
      },
    },
    updates_per_5_minutes: 'integer',
  },
} as const satisfies Shape;

const STATE: Shape = {
  fields: {
    me: {
      fields: {
        user_name: 'string',
        display_name: 'string',
        id: 'string',
        groups: { list: 'string' },
        service_principal: 'boolean',
      },
    },
    serving_endpoints: { list: 'any' },
    model_services: { list: 'any' },
    model_provider_services: { list: 'any' },
    mcp_services: { list: 'any' },
    gateway_endpoints_v2: { list: 'any' },
    settings: SETTINGS,
    tables: { list: 'string' },
    advanced_ms: 'number',
    generation: 'integer',
  },
};

const BOOK: Shape = {
  fields: {
    complete: 'boolean',
    settles_at: 'integer',
    outcome: { oneOf: OUTCOMES },
    messages: { map: 'string' },
    next_outcome: { oneOf: OUTCOMES },
    next_messages: { map: 'string' },
    entity_order: { list: 'string' },
    rate_limits: 'any',
  },
};

const SERVICE_BOOK: Shape = { fields: { complete: 'boolean', earlier_grants: 'any' } };

const FAULT: Shape = {
  fields: {
    method: 'string',
    path: 'any',
    operation: 'string',
    nth: 'integer',
    times: 'integer',
    when: { oneOf: ['before', 'after'] },
    status: 'integer',
    body: 'any',
    headers: { map: 'string' },
    retryAfter: 'any',
    action: { oneOf: ACTIONS },
    delayMs: 'number',
  },
};

/** @throws Error naming the word that is wrong. */
export function readState(state: WorkspaceState): WorkspaceState {
  return readBody(STATE, state as Json, { unknown: 'refuse' }) as WorkspaceState;
}

/** `settles_at: null`, never by itself, stays. @throws Error naming the word that is wrong. */
export function readBook(book: Json | undefined): Bookkeeping & { complete?: boolean } {
  if (book === undefined) return {};
  const read = readBody(BOOK, book, { unknown: 'refuse' });
  if (isObject(book) && book.settles_at === null) read.settles_at = null;
  return read;
}

/** @throws Error naming the word that is wrong. */
export function readServiceBook(book: Json | undefined): JsonObject {
  return book === undefined ? {} : readBody(SERVICE_BOOK, book, { unknown: 'refuse' });
}

/** @throws Error naming the word that is wrong, or when the path is no pattern. */
export function readFault(fault: Fault): Fault {
  return readBody(FAULT, fault as Json, { unknown: 'refuse' }) as Fault;
}
