// The simulator's public nouns: options, the state that people write by hand, faults, the request log. Types only.
import type { Json, JsonObject } from './json';

export interface SimulatorOptions {
  /** State is loaded from this file and written to it, whole and atomically, after each change and before the answer. */
  stateFile?: string;
  /** Seed; wins over what the file holds. */
  state?: WorkspaceState;
  /** When set, any other bearer token is answered 401; when absent any is accepted. Without one it is always 401. */
  token?: string;
  /** `manual`: time stands until `advance`. Default `real`. */
  clock?: 'real' | 'manual';
  /** Milliseconds since 1970, for the real clock. Default: the machine's. */
  now?: () => number;
  /** Real milliseconds before each answer. Default 0. */
  latencyMs?: number;
  /** Answers 429 with Retry-After beyond it. */
  rateLimit?: { requestsPerSecond: number };
  /** One line for each request on stderr. Default false. */
  log?: boolean;
  /** Called when a request has had its effect and before it is answered: a test may look at the workspace then. */
  handled?: (request: RecordedRequest) => void;
}

/** What a workspace holds. Plain JSON; `README.md` says how to write one. */
export interface WorkspaceState {
  me?: Me;
  serving_endpoints?: SeededEndpoint[];
  /** Without this member there are a few that Databricks made, in `system.ai`. */
  model_services?: SeededService[];
  model_provider_services?: SeededService[];
  mcp_services?: SeededService[];
  /** Of the former generation, read only: answered as written. */
  gateway_endpoints_v2?: JsonObject[];
  settings?: Settings;
  /** Payload tables that exist, `catalog.schema.prefix_payload`; kept only with `settings.tables_persist`. */
  tables?: string[];
  /** How far the clock was advanced, in milliseconds. */
  advanced_ms?: number;
  /** How many endpoints and services were ever created: each gets another id or etag, also under a name used before. */
  generation?: number;
}

/** The caller. Default: ana@example.com in the groups users and admins. */
export interface Me {
  user_name?: string;
  display_name?: string;
  id?: string;
  groups?: string[];
  /** A service principal; `user_name` is then its application id. */
  service_principal?: boolean;
}

/** An endpoint as GET answers it, in part or whole, and what GET does not answer: permissions and bookkeeping. */
export interface SeededEndpoint extends JsonObject {
  name: string;
  permissions?: Json;
  _simulator?: Bookkeeping & JsonObject;
}

/** A service of Unity Catalog as GET answers it, in part or whole, and what GET does not answer: grants and bookkeeping. */
export interface SeededService extends JsonObject {
  /** `main.ai.chat`, or with its kind before it, `model-services/main.ai.chat`. */
  name: string;
  /** `{principal, privileges}` each, with privileges as names, or as objects that may be inherited. */
  grants?: Json;
  /** The same as `config.service_policies`. */
  service_policies?: Json;
}

export interface Bookkeeping {
  /** When the update under way settles, in milliseconds since 1970; null: never by itself. */
  settles_at?: number | null;
  /** How it ends. Default NOT_UPDATING. */
  outcome?: 'NOT_UPDATING' | 'UPDATE_FAILED' | 'UPDATE_CANCELED';
  /** Deployment messages by entity name, shown when it fails. */
  messages?: Record<string, string>;
  /** How the next configs sent to this endpoint end. */
  next_outcome?: 'NOT_UPDATING' | 'UPDATE_FAILED' | 'UPDATE_CANCELED';
  next_messages?: Record<string, string>;
  /** Entity names in the order in which the last config named them: the fallback order, which GET does not show. */
  entity_order?: string[];
  /** The legacy limits, which no GET answers. */
  rate_limits?: Json;
}

export type EndpointKind =
  | 'external'
  | 'provisioned_throughput'
  | 'pay_per_token'
  | 'custom'
  | 'agent'
  | 'none';

export type Feature = 'rate_limits' | 'inference_tables' | 'usage_tracking' | 'guardrails' | 'fallbacks';

/** The knobs, each with its default in `state.ts`; `README.md` has a table of them. */
export interface Settings {
  list_omits?: string[];
  update_duration_ms?: number;
  catalogs?: string[];
  feature_disabled?: { kind: EndpointKind | '*'; feature: Feature }[];
  feature_disabled_status?: 404 | 500;
  gateway_409_while_updating?: boolean;
  stale_reads?: number;
  shuffle_seed?: number;
  tables_persist?: boolean;
  keeps_unknown?: boolean;
  cleared_gateway?: 'omitted' | 'empty' | 'null' | 'disabled';
  system_refusal?: 400 | 403;
  updates_per_5_minutes?: number;
  acls_disabled?: boolean;
  update_outcomes?: { entity: string; outcome: 'UPDATE_FAILED' | 'UPDATE_CANCELED'; message?: string }[];
  principals?: string[];
  connections?: string[];
  empty_list?: 'omitted' | 'null' | 'empty';
  etag_refusal?: 400 | 409 | 412;
  grant_delay_ms?: number;
  int64_as_text?: boolean;
  sign_in?: {
    /** Service principals; one without a secret can only exchange identity tokens. */
    clients?: { id: string; secret?: string }[];
    /** Identity tokens that a federation policy accepts. */
    identity_tokens?: string[];
    /** Default 3600. */
    token_lifetime_s?: number;
  };
}

/** An injected failure. The request must match every member given of method, path and operation. */
export interface Fault {
  method?: string;
  /** The whole path, exact or as a pattern. */
  path?: string | RegExp;
  /** `serving-endpoints.put-ai-gateway`, see the routes. */
  operation?: string;
  /** Fires from the n-th match on, 1-based. Default 1. */
  nth?: number;
  /** How often. Default 1; 0 is for ever. */
  times?: number;
  /** `after`: the handler ran, the write happened, and the answer is lost or changed. Default `before`. */
  when?: 'before' | 'after';
  status?: number;
  body?: Json;
  headers?: Record<string, string>;
  /** The Retry-After header: seconds, or a date as text. */
  retryAfter?: number | string;
  action?: FaultAction;
  /** Real milliseconds between two bytes of a slow body. Default 100. */
  delayMs?: number;
}

export type FaultAction =
  | 'reset'
  | 'stall'
  | 'cut-body'
  | 'slow-body'
  | 'html'
  | 'empty'
  | 'redirect'
  | 'stale-read'
  | 'wrong-type';

export interface RecordedRequest {
  readonly index: number;
  /** Milliseconds since 1970 by the simulator's clock. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed JSON, credentials replaced by `[redacted]`; undefined without a body or when it was no JSON. */
  readonly body: Json | undefined;
  readonly operation: string | undefined;
  /** null: no answer was sent, or not yet. */
  status: number | null;
  readonly headers: { readonly 'user-agent'?: string };
}
