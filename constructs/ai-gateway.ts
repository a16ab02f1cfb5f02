// The gateway block in TypeScript's spelling, and its translation to the API's.
// https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (AiGatewayConfig)
import type { Json, JsonObject } from '../src/model/json';

export interface Limit {
  /** Calls a minute; 0 refuses all. @default left as it is */
  readonly calls?: number | null;
  /** Tokens a minute; 0 refuses all. @default left as it is */
  readonly tokens?: number | null;
}

export interface Guardrails {
  /** Personal data: let it pass, refuse the request, or mask it. */
  readonly pii?: { readonly behavior: 'NONE' | 'BLOCK' | 'MASK' } | null;
  readonly safety?: boolean | null;
}

export interface InferenceTable {
  readonly enabled: boolean;
  /** Needed to enable. */
  readonly catalogName?: string;
  /** Needed to enable. */
  readonly schemaName?: string;
  /** The table is `<prefix>_payload`. @default the endpoint's name */
  readonly tableNamePrefix?: string;
}

export interface AiGateway {
  /** By `endpoint`, `user`, `user:<e-mail>`, `user_group:<name>`, `service_principal:<application id>`; only these keys are owned. */
  readonly rateLimits?: Readonly<Record<string, Limit | null>> | null;
  readonly guardrails?: { readonly input?: Guardrails | null; readonly output?: Guardrails | null } | null;
  readonly inferenceTableConfig?: InferenceTable | null;
  readonly usageTrackingConfig?: { readonly enabled: boolean } | null;
  /** External models only. */
  readonly fallbackConfig?: { readonly enabled: boolean } | null;
}

/** Keys of a limit map are data, not field names. */
const MAPS = new Set(['rateLimits']);

export function aiGatewayEntry(gateway: AiGateway): JsonObject {
  return snake(gateway as unknown as JsonObject) as JsonObject;
}

function snake(value: Json, isMap = false): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value as JsonObject).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    members.map(([name, inner]) => [
      isMap ? name : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snake(inner, MAPS.has(name)),
    ]),
  );
}
