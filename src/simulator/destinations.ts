// Destinations of a model service: one row a type says which block it takes and what that leads to. Reads and
// refuses; changes nothing.
//
// https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/service/catalog.py (ModelServiceConfigDestinationConfig)
import { invalid } from './errors';
import { isObject, type Json, type JsonObject, objectsOf, textOf } from './json';
import { entitiesOf } from './kinds';
import type { Shape } from './shapes';
import type { Workspace } from './state';
import { checkTargetTypes, MODEL_TARGET, targetOf } from './targets';
import { named } from './uc-names';

interface Type {
  readonly block: string;
  readonly shape: Shape;
  /** The block with its outputs. @throws ApiError 400 when it leads nowhere */
  readonly resolved: (block: JsonObject, workspace: Workspace, at: string) => JsonObject;
}

/** The kind that external destinations lead to. */
export const PROVIDER = { path: 'model-provider-services' } as const;

const TYPES: Readonly<Record<string, Type>> = {
  DESTINATION_TYPE_PAY_PER_TOKEN_FOUNDATION_MODEL: {
    block: 'pay_per_token_config',
    shape: { fields: { model: 'string' }, required: ['model'] },
    resolved: (block, _workspace, at) => {
      named('models', block.model, 3, `${at}.model`);
      return block;
    },
  },
  DESTINATION_TYPE_PROVISIONED_THROUGHPUT_FOUNDATION_MODEL: {
    block: 'provisioned_throughput_config',
    shape: { fields: { model_serving_endpoint: 'string' }, required: ['model_serving_endpoint'] },
    resolved: (block, workspace, at) => {
      const name = named(
        'serving-endpoints',
        block.model_serving_endpoint,
        1,
        `${at}.model_serving_endpoint`,
      );
      const endpoint = workspace.peek(name);
      if (endpoint === undefined) throw invalid(`${at}: serving endpoint '${name}' does not exist.`);
      if (endpoint.kind !== 'provisioned_throughput')
        throw invalid(`${at}: serving endpoint '${name}' has no provisioned throughput.`);
      const [entity] = entitiesOf(endpoint.body.config ?? endpoint.body.pending_config);
      return { ...block, model: entity?.entity_name };
    },
  },
  DESTINATION_TYPE_EXTERNAL_FOUNDATION_MODEL: {
    block: 'external_model_config',
    shape: {
      fields: { model_provider_service: 'string', target: MODEL_TARGET },
      required: ['model_provider_service', 'target'],
    },
    resolved: (block, workspace, at) => {
      const name = named(PROVIDER.path, block.model_provider_service, 3, `${at}.model_provider_service`);
      const provider = workspace.securables.get(PROVIDER, name);
      if (provider === undefined) throw invalid(`${at}: model provider service '${name}' does not exist.`);
      const target = block.target as JsonObject;
      checkTargetTypes(target, `${at}.target`);
      if (target.endpoint_route)
        throw invalid(`${at}.target.endpoint_route cannot be set for a destination.`);
      if (provider.config.allow_all_targets !== true && targetOf(provider.config, target.model) === undefined)
        throw invalid(`${at}.target: '${name}' does not list the model '${target.model}'.`);
      return block;
    },
  },
};

export const DESTINATION: Shape = {
  fields: {
    name: 'string',
    destination_type: { oneOf: Object.keys(TYPES) },
    traffic_percentage: 'integer',
    ...Object.fromEntries(Object.values(TYPES).map(({ block, shape }) => [block, shape])),
  },
  required: ['name', 'destination_type'],
};

const MOST = 10;
const MOST_FALLBACKS = 5;

/** The primary destinations as GET answers them. @throws ApiError 400 */
export function primaryDestinations(list: Json | undefined, workspace: Workspace, at: string): JsonObject[] {
  const all = objectsOf(list);
  if (all.length < 1 || all.length > MOST) throw invalid(`${at}: 1 to ${MOST} destinations are required.`);
  let sum = 0;
  for (const [index, { traffic_percentage: share }] of all.entries()) {
    if (share === undefined && all.length > 1)
      throw invalid(`${at}[${index}].traffic_percentage is required with more than one destination.`);
    const percentage = Number(share ?? 100);
    if (percentage < 0 || percentage > 100)
      throw invalid(`${at}[${index}].traffic_percentage must be between 0 and 100.`);
    sum += percentage;
  }
  if (sum !== 100) throw invalid(`${at}: the percentages sum to ${sum}, not to 100.`);
  return all.map((destination, index) => resolved(destination, workspace, `${at}[${index}]`));
}

/** The same of the fallback destinations, which may be none. @throws ApiError 400 */
export function fallbackDestinations(list: Json | undefined, workspace: Workspace, at: string): JsonObject[] {
  const all = objectsOf(list);
  if (all.length > MOST_FALLBACKS)
    throw invalid(`${at}: at most ${MOST_FALLBACKS} destinations are allowed.`);
  return all.map((destination, index) => {
    if (destination.traffic_percentage)
      throw invalid(`${at}[${index}]: a fallback destination takes no traffic_percentage.`);
    return resolved(destination, workspace, `${at}[${index}]`);
  });
}

function resolved(destination: JsonObject, workspace: Workspace, at: string): JsonObject {
  if (destination.name === '') throw invalid(`${at}.name must not be empty.`);
  const type = TYPES[destination.destination_type as string]!;
  for (const { block } of Object.values(TYPES)) {
    if (block !== type.block && destination[block] !== undefined)
      throw invalid(`${at}: ${destination.destination_type} takes ${type.block}, not ${block}.`);
  }
  const block = destination[type.block];
  if (!isObject(block)) throw invalid(`${at}.${type.block} is required for ${destination.destination_type}.`);
  const { is_deleted: _output, ...rest } = destination;
  return { ...rest, [type.block]: type.resolved(block, workspace, `${at}.${type.block}`) };
}

/** API types that a destination offers: its own, or those that its provider (by name) lists for the model. */
export function apiTypesOf(
  destination: JsonObject,
  configOf: (provider: string) => JsonObject | undefined,
): string[] {
  const external = destination.external_model_config;
  if (!isObject(external) || !isObject(external.target)) return ['mlflow/v1/chat/completions'];
  const provider = (textOf(external.model_provider_service) ?? '').slice(PROVIDER.path.length + 1);
  const listed = targetOf(configOf(provider) ?? {}, external.target.model);
  const types = external.target.native_api_types ?? listed?.native_api_types;
  return Array.isArray(types) ? types.map(String) : [];
}

/** The routing with `is_deleted` on what leads to the target, a resource name; itself when nothing does. */
export function withMark(routing: JsonObject, target: string): JsonObject {
  const { destinations, fallback } = routing;
  const primary = marked(destinations, target);
  const second = isObject(fallback) ? marked(fallback.destinations, target) : undefined;
  if (primary === undefined && second === undefined) return routing;
  const out: JsonObject = { ...routing };
  if (primary !== undefined) out.destinations = primary;
  if (second !== undefined) out.fallback = { ...(fallback as JsonObject), destinations: second };
  return out;
}

function marked(list: Json | undefined, target: string): Json[] | undefined {
  if (!Array.isArray(list) || !list.some((one) => leadsTo(one, target))) return undefined;
  return list.map((one) => (leadsTo(one, target) ? { ...(one as JsonObject), is_deleted: true } : one));
}

function leadsTo(destination: Json, target: string): boolean {
  if (!isObject(destination)) return false;
  const { external_model_config: external, provisioned_throughput_config: provisioned } = destination;
  return (
    (isObject(external) && external.model_provider_service === target) ||
    (isObject(provisioned) && provisioned.model_serving_endpoint === target)
  );
}
