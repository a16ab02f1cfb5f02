// The sections of a file that declare resources, and the names that are known and not taken yet. Adding a kind is a
// definition in the authored schema, rows in the model's field table, and a row here.
import { KINDS } from '../model/kinds';
import { checkEndpoint } from './endpoint-rules';
import { completeEndpoint, settleTraffic, spreadTraffic } from './endpoint-shorthands';
import type { Findings } from './findings';
import type { LayerValue, MapValue } from './layers';
import type { Node } from './node';
import type { MergedEntry } from './resources';
import type { ValidatorName } from './validators';

export interface Section {
  /** The section of the file, and the kind of its resources. */
  readonly kind: string;
  /** Members of an entry that are sent; the rest steers us. */
  readonly fields: readonly string[];
  /** Those of them that may be written on an object that somebody else made. */
  readonly attachable: readonly string[];
  /** The validator of an entry once its variables are filled in. */
  readonly entry: ValidatorName;
  /** What a name must look like; `glob` adds what a pattern may use. */
  readonly name: RegExp;
  readonly glob: RegExp;
  readonly nameSays: string;
  /** Its member in an entry under `removed`. */
  readonly removedAs: string;
  /** Shorthands said in full: in a layer as it was written, then by item. */
  complete(node: Node, findings: Findings): Node;
  spread(value: LayerValue, findings: Findings): LayerValue;
  /** What follows from an entry as a whole, once its layers are merged. */
  settle(value: MapValue): MapValue;
  /** What an entry takes beyond its schema, once its layers are merged. */
  check(entry: MergedEntry, findings: Findings): void;
}

export const SECTIONS: readonly Section[] = [
  {
    kind: 'serving_endpoints',
    fields: [
      'config',
      'ai_gateway',
      'permissions',
      'tags',
      'description',
      'route_optimized',
      'budget_policy_id',
      'email_notifications',
      'telemetry_config',
    ],
    attachable: ['ai_gateway', 'tags', 'permissions', 'email_notifications', 'telemetry_config'],
    entry: 'serving_endpoint',
    // Length and letters: https://docs.databricks.com/api/workspace/servingendpoints/create
    name: /^[A-Za-z0-9_-]{1,63}$/,
    glob: /^[A-Za-z0-9_*?-]{1,63}$/,
    nameSays: '1 to 63 letters, digits, "-" and "_"',
    removedAs: 'serving_endpoint',
    complete: completeEndpoint,
    spread: spreadTraffic,
    settle: settleTraffic,
    check: checkEndpoint,
  },
];

/** Where an unknown name was written: the file itself, an entry of a section, a target. */
export type NameHolder = 'file' | 'entry' | 'config' | 'target';

/** Part of the language, and not supported by this version. */
const COMES_NEXT: Readonly<Partial<Record<NameHolder, readonly string[]>>> = {
  file: ['app', 'model_services', 'model_provider_services', 'mcp_services', 'modules', 'policies'],
  target: ['model_services', 'model_provider_services', 'mcp_services'],
};

export function comesNext(holder: NameHolder, name: string): boolean {
  return COMES_NEXT[holder]?.includes(name) ?? false;
}

/** Deprecated on the wire, with the modern spelling. https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go */
const OLD = {
  auto_capture_config: 'ai_gateway.inference_table_config',
  served_models: 'config.served_entities',
};
const MODERN: Readonly<Partial<Record<NameHolder, Readonly<Record<string, string>>>>> = {
  entry: { ...OLD, rate_limits: 'ai_gateway.rate_limits' },
  config: OLD,
};

/** Where a field of an endpoint is written today. */
export function modernSpelling(holder: NameHolder | undefined, name: string): string | undefined {
  const names = holder === undefined ? undefined : MODERN[holder];
  return names !== undefined && Object.hasOwn(names, name) ? names[name] : undefined;
}

/** Why a value at a path of the file cannot be null, where the field table says. */
export function whyNotNull(path: readonly string[]): string | undefined {
  const rows = KINDS.flatMap(({ rows }) => rows.filter((row) => row.unsettable));
  const ends = path.map((_, index) => path.slice(index).join('.'));
  return rows.find((row) => ends.includes(row.path))?.reason;
}

/** What a `get` answers and no write takes. https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (ServingEndpointDetailed) */
const ANSWERED_ONLY: readonly string[] = [
  'id',
  'creator',
  'creator_display_name',
  'creator_kind',
  'creation_timestamp',
  'last_updated_timestamp',
  'state',
  'pending_config',
  'task',
  'permission_level',
  'endpoint_url',
  'endpoint_type',
  'data_plane_info',
  'effective_budget_policy_id',
  'capabilities',
];

export function isAnsweredOnly(name: string): boolean {
  return ANSWERED_ONLY.includes(name);
}

/** Top-level names by which files of other tools are known. */
const OTHER_FILES: Readonly<Record<string, string>> = {
  resources: 'a Databricks bundle',
  model_list: 'a LiteLLM configuration',
  routes: 'an MLflow gateway configuration',
};

export function otherFile(name: string): string | undefined {
  return Object.hasOwn(OTHER_FILES, name) ? OTHER_FILES[name] : undefined;
}
