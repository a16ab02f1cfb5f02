// PUT .../ai-gateway: replaces the whole block, five members, all optional; what is left out is removed.
//
// Shapes and two-step rule: https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go
// Full replace: https://github.com/databricks/terraform-provider-databricks/issues/4798
// Limits: https://docs.databricks.com/aws/en/ai-gateway/configure-ai-gateway-endpoints
import { ApiError, conflict, invalid } from './errors';
import { isObject, type Json, type JsonObject, objectsOf, textOf } from './json';
import { offers } from './kinds';
import { type Answer, type Call, json } from './routing';
import { readBody, type Shape } from './shapes';
import type { Workspace } from './state';
import type { EndpointKind, Feature } from './types';

const SIDE: Shape = {
  fields: {
    pii: { fields: { behavior: { oneOf: ['NONE', 'BLOCK', 'MASK'] } } },
    safety: 'boolean',
    invalid_keywords: { list: 'string' },
    valid_topics: { list: 'string' },
  },
};

const RATE_LIMIT: Shape = {
  fields: {
    calls: 'integer',
    tokens: 'integer',
    key: { oneOf: ['endpoint', 'user', 'user_group', 'service_principal'] },
    principal: 'string',
    renewal_period: { oneOf: ['minute'] },
  },
  required: ['renewal_period'],
};

export const AI_GATEWAY: Shape = {
  fields: {
    fallback_config: { fields: { enabled: 'boolean' }, required: ['enabled'] },
    guardrails: { fields: { input: SIDE, output: SIDE } },
    inference_table_config: {
      fields: {
        enabled: 'boolean',
        catalog_name: 'string',
        schema_name: 'string',
        table_name_prefix: 'string',
      },
    },
    rate_limits: { list: RATE_LIMIT },
    usage_tracking_config: { fields: { enabled: 'boolean' } },
  },
};

const MOST_LIMITS = 20;
const MOST_GROUP_LIMITS = 5;
/** Which keys take a principal. */
const PRINCIPAL: Readonly<Record<string, 'never' | 'optional' | 'required'>> = {
  endpoint: 'never',
  user: 'optional',
  user_group: 'required',
  service_principal: 'required',
};

const FEATURE_NAMES: Readonly<Record<Feature, string>> = {
  rate_limits: 'Rate limits',
  inference_tables: 'Inference table',
  usage_tracking: 'Usage tracking',
  guardrails: 'AI Guardrails',
  fallbacks: 'Fallbacks',
};

export function putAiGateway(workspace: Workspace, call: Call): Answer {
  const endpoint = call.writable(workspace);
  if (endpoint.updating && workspace.settings.gateway_409_while_updating)
    throw conflict(`Endpoint '${endpoint.name}' is currently being updated.`);
  const before = isObject(endpoint.body.ai_gateway) ? endpoint.body.ai_gateway : {};
  const { gateway, table } = gatewayOf(workspace, call.body, before, endpoint.name, endpoint.kind);
  const { ai_gateway: _replaced, ...rest } = endpoint.body;
  const body: JsonObject = { ...rest };
  const stored = storedForm(gateway, workspace);
  if (stored !== undefined) body.ai_gateway = stored;
  if (table !== undefined) workspace.tables.add(table);
  workspace.put(endpoint.with({ body }));
  return json(stored === undefined ? {} : stored);
}

/** The block as it would be stored, and the payload table that it starts. Changes nothing. @throws ApiError */
export function gatewayOf(
  workspace: Workspace,
  body: Json | undefined,
  before: JsonObject,
  name: string,
  kind: EndpointKind,
): { gateway: JsonObject; table: string | undefined } {
  const gateway = readBody(AI_GATEWAY, body, workspace.reading);
  checkRateLimits(objectsOf(gateway.rate_limits));
  if (Array.isArray(gateway.rate_limits)) {
    gateway.rate_limits = objectsOf(gateway.rate_limits).map((limit) =>
      limit.key === undefined ? { key: 'endpoint', ...limit } : limit,
    );
  }
  for (const feature of switchedOn(gateway)) {
    if (!offers(kind, feature, workspace.settings)) throw disabled(feature, workspace);
  }
  const table = inferenceTable(workspace, gateway, before, name);
  return { gateway: withKindDefaults(gateway, kind), table };
}

/** What a block that switches everything off comes back as: see `cleared_gateway`. */
function storedForm(gateway: JsonObject, workspace: Workspace): JsonObject | null | undefined {
  if (Object.keys(gateway).length > 0) return gateway;
  switch (workspace.settings.cleared_gateway ?? 'omitted') {
    case 'omitted':
      return undefined;
    case 'empty':
      return {};
    case 'null':
      return null;
    case 'disabled':
      return { inference_table_config: { enabled: false }, usage_tracking_config: { enabled: false } };
  }
}

function checkRateLimits(limits: readonly JsonObject[]): void {
  if (limits.length > MOST_LIMITS)
    throw invalid(`At most ${MOST_LIMITS} rate limits are allowed per endpoint.`);
  if (limits.filter((limit) => limit.key === 'user_group').length > MOST_GROUP_LIMITS)
    throw invalid(`At most ${MOST_GROUP_LIMITS} user group rate limits are allowed per endpoint.`);
  const seen = new Set<string>();
  for (const [index, limit] of limits.entries()) {
    const at = `rate_limits[${index}]`;
    const key = textOf(limit.key) ?? 'endpoint';
    const counts = (['calls', 'tokens'] as const).filter((kind) => limit[kind] !== undefined);
    if (counts.length !== 1) throw invalid(`${at}: exactly one of calls and tokens must be set.`);
    if (Number(limit[counts[0]!]) < 0) throw invalid(`${at}.${counts[0]} must not be negative.`);
    const named = textOf(limit.principal) !== undefined && limit.principal !== '';
    if (PRINCIPAL[key] === 'never' && named) throw invalid(`${at}: the key ${key} takes no principal.`);
    if (PRINCIPAL[key] === 'required' && !named) throw invalid(`${at}: the key ${key} needs a principal.`);
    const identity = JSON.stringify([key, limit.principal ?? '', counts[0]]);
    if (seen.has(identity))
      throw invalid(`${at}: a rate limit with the same key and principal is given twice.`);
    seen.add(identity);
  }
}

function switchedOn(gateway: JsonObject): Feature[] {
  const enabled = (block: Json | undefined) => isObject(block) && block.enabled === true;
  const guards = isObject(gateway.guardrails) && Object.values(gateway.guardrails).some(guarding);
  const on: [Feature, boolean][] = [
    ['fallbacks', enabled(gateway.fallback_config)],
    ['guardrails', guards],
    ['inference_tables', enabled(gateway.inference_table_config)],
    ['rate_limits', objectsOf(gateway.rate_limits).length > 0],
    ['usage_tracking', enabled(gateway.usage_tracking_config)],
  ];
  return on.filter(([, given]) => given).map(([feature]) => feature);
}

function guarding(side: Json | undefined): boolean {
  if (!isObject(side)) return false;
  const pii = isObject(side.pii) && side.pii.behavior !== undefined && side.pii.behavior !== 'NONE';
  const lists = [side.invalid_keywords, side.valid_topics];
  return pii || side.safety === true || lists.some((list) => Array.isArray(list) && list.length > 0);
}

/** Seen with status 404 and with 500; the form: https://github.com/databricks/unity-gateway/issues/53 */
function disabled(feature: Feature, workspace: Workspace): ApiError {
  return new ApiError(
    workspace.settings.feature_disabled_status ?? 404,
    'FEATURE_DISABLED',
    `${FEATURE_NAMES[feature]} is not currently supported for this endpoint type in this workspace.`,
  );
}

/** Checks the block, fills in its prefix, and says which payload table it newly starts. */
function inferenceTable(
  workspace: Workspace,
  gateway: JsonObject,
  before: JsonObject,
  name: string,
): string | undefined {
  const wanted = gateway.inference_table_config;
  if (!isObject(wanted) || wanted.enabled !== true) return undefined;
  const catalog = textOf(wanted.catalog_name);
  const schema = textOf(wanted.schema_name);
  if (!catalog || !schema)
    throw invalid(
      'inference_table_config: catalog_name and schema_name are required to enable inference tables.',
    );
  const prefix = textOf(wanted.table_name_prefix) || name;
  wanted.table_name_prefix = prefix;
  const known = workspace.settings.catalogs;
  if (known !== undefined && !known.includes(`${catalog}.${schema}`))
    throw invalid(`Schema '${catalog}.${schema}' does not exist.`);
  const table = `${catalog}.${schema}.${prefix}_payload`;
  const old = before.inference_table_config;
  if (isObject(old) && old.enabled === true) {
    const oldTable = `${old.catalog_name}.${old.schema_name}.${old.table_name_prefix ?? name}_payload`;
    if (oldTable === table) return undefined;
    throw invalid(
      'The catalog, schema and table prefix of an inference table cannot be changed while it is enabled. Disable inference tables first.',
    );
  }
  if (!workspace.settings.tables_persist) return undefined;
  if (workspace.tables.has(table)) throw invalid(`Table '${table}' already exists.`);
  return table;
}

/**
 * What comes back although it was never sent.
 * Pay-per-token: usage tracking is on by default. Provisioned throughput: the provider reads both as computed,
 * https://github.com/databricks/terraform-provider-databricks/blob/main/serving/resource_model_serving_provisioned_throughput.go
 */
function withKindDefaults(gateway: JsonObject, kind: EndpointKind): JsonObject {
  if (kind === 'pay_per_token') return { usage_tracking_config: { enabled: true }, ...gateway };
  if (kind !== 'provisioned_throughput') return gateway;
  const out: JsonObject = { usage_tracking_config: { enabled: false }, ...gateway };
  if (isObject(out.guardrails) && isObject(out.guardrails.input)) {
    const input: JsonObject = { pii: { behavior: 'NONE' }, ...out.guardrails.input };
    out.guardrails = { ...out.guardrails, input };
  }
  return out;
}
