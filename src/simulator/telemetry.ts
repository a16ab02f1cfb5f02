// PATCH .../telemetry-config: replaces the block; nothing sent removes it. Custom models only, and not while
// the config is being updated.
//
// https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (TelemetryConfig)
// Refusals: https://github.com/databricks/cli/issues/6106 and the acceptance tests beside it
import { createHash } from 'node:crypto';
import { conflict, invalid } from './errors';
import { isObject, type Json, type JsonObject } from './json';
import { refuseSystemOwned } from './ownership';
import type { Answer, Call } from './routing';
import { readBody, type Shape } from './shapes';
import type { Workspace } from './state';
import type { EndpointKind } from './types';

const TABLES = ['logs_table', 'metrics_table', 'traces_table', 'annotations_table'];
const FEATURES = ['LOGS', 'METRICS', 'TRACES', 'INFERENCE_TABLE'].map((name) => `TELEMETRY_FEATURE_${name}`);

export const TELEMETRY: Shape = {
  fields: {
    table_names: { fields: Object.fromEntries(TABLES.map((table) => [table, 'string' as const])) },
    telemetry_profile_id: 'string',
    enabled_telemetry_features: { list: { oneOf: FEATURES } },
    inference_table_config: { fields: { sampling_fraction: 'number' } },
  },
};

/** Kinds without telemetry, as the refusal names them. */
const REFUSED: Readonly<Partial<Record<EndpointKind, string>>> = {
  external: 'EXTERNAL_MODELS',
  none: 'NO_CONFIG',
  provisioned_throughput: 'FOUNDATION_MODELS',
  pay_per_token: 'FOUNDATION_MODELS',
  agent: 'AGENTS',
};

export function telemetryTypeOf(kind: EndpointKind): string | undefined {
  return REFUSED[kind];
}

export function patchTelemetry(workspace: Workspace, call: Call): Answer {
  const endpoint = call.writable(workspace);
  refuseSystemOwned(endpoint, workspace, 'changed');
  const type = telemetryTypeOf(endpoint.kind);
  if (type !== undefined)
    throw invalid(
      `Telemetry configuration is not supported for endpoint type '${type}'. This API only supports endpoints with custom served models.`,
    );
  const wanted = readBody({ fields: { telemetry_config: TELEMETRY } }, call.body, workspace.reading);
  if (endpoint.updating)
    throw conflict(`Endpoint '${endpoint.name}' is currently being updated. Try again when it has settled.`);
  const { telemetry_config: before, ...rest } = endpoint.body;
  const block = telemetryOf(wanted.telemetry_config, before, endpoint.name);
  const body: JsonObject = block === undefined ? rest : { ...rest, telemetry_config: block };
  const next = endpoint.with({ body });
  workspace.put(next);
  return { status: 200, text: next.detail(workspace.me, workspace.shuffle) };
}

/** The block as GET answers it: table names make a profile, and only its id comes back. @throws ApiError 400 */
export function telemetryOf(
  wanted: Json | undefined,
  before: Json | undefined,
  name: string,
): Json | undefined {
  if (!isObject(wanted)) return undefined;
  const { table_names, ...rest } = wanted;
  const tables = isObject(table_names) && Object.keys(table_names).length > 0;
  if (tables && rest.telemetry_profile_id !== undefined)
    throw invalid('telemetry_config: exactly one of table_names and telemetry_profile_id must be set.');
  const sampling = isObject(rest.inference_table_config)
    ? rest.inference_table_config.sampling_fraction
    : undefined;
  if (typeof sampling === 'number' && (sampling < 0 || sampling > 1))
    throw invalid('telemetry_config.inference_table_config.sampling_fraction must be between 0 and 1.');
  if (rest.telemetry_profile_id !== undefined) return rest;
  if (!tables) return before;
  const profile = createHash('sha256')
    .update(`${name} ${JSON.stringify(table_names)}`)
    .digest('hex')
    .slice(0, 32);
  return { telemetry_profile_id: profile, ...rest };
}
