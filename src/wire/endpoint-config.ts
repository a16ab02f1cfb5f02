// A serving endpoint's `config` on the wire: what of an answer may be sent back, what is only ever answered,
// how older answers say the same, and the body of a put, which replaces the config whole.
// https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (EndpointCoreConfigInput)
import { type Assignment, assign } from '../model/assign';
import { BLOCK_SETTINGS, CREDENTIALS, PROVIDER_BLOCKS } from '../model/endpoint-config-fields';
import type { FieldTable } from '../model/fields';
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import { isItem, itemKey, type Path } from '../model/path';
import { type Members, unknownMembers } from './members';

const EXTERNAL_MODEL: Members = {
  name: true,
  provider: true,
  task: true,
  ...Object.fromEntries(Object.values(PROVIDER_BLOCKS).map((block) => [block, true as const])),
};

const ENTITY: Members = {
  name: true,
  entity_name: true,
  entity_version: true,
  external_model: EXTERNAL_MODEL,
  environment_vars: true,
  instance_profile_arn: true,
  workload_size: true,
  workload_type: true,
  scale_to_zero_enabled: true,
  min_provisioned_concurrency: true,
  max_provisioned_concurrency: true,
  min_provisioned_throughput: true,
  max_provisioned_throughput: true,
  provisioned_model_units: true,
  burst_scaling_enabled: true,
};

/** Refused beside an external model, also where the workspace answers it. https://github.com/databricks/terraform-provider-databricks/issues/3690 */
const NOT_EXTERNAL = [
  'workload_size',
  'workload_type',
  'scale_to_zero_enabled',
  'min_provisioned_concurrency',
  'max_provisioned_concurrency',
];

/** All that an entity in model units may be sent with. https://docs.databricks.com/api/workspace/servingendpoints/createprovisionedthroughputendpoint */
const IN_UNITS = [
  'name',
  'entity_name',
  'entity_version',
  'provisioned_model_units',
  'burst_scaling_enabled',
];

/** Answered, never sent. `type` and `price` are undocumented and were seen in answers. */
const ENTITY_ANSWERED = [
  'creation_timestamp',
  'creator',
  'state',
  'foundation_model',
  'type',
  'served_model_name',
];

const ROUTE: Members = { served_entity_name: true, served_model_name: true, traffic_percentage: true };
const TRAFFIC: Members = { routes: [ROUTE] };
/** Deprecated, and lost for good when it is left out; `state` is answered alone. */
const AUTO_CAPTURE: Members = {
  catalog_name: true,
  schema_name: true,
  table_name_prefix: true,
  enabled: true,
};
const AUTO_CAPTURE_ANSWERED = ['state'];

const CONFIG_ANSWERED = ['config_version', 'served_models', 'start_time'];

/** Members of a served model of older days, and what they are called now. */
const SERVED_MODEL: Readonly<Record<string, string>> = {
  model_name: 'entity_name',
  model_version: 'entity_version',
};

/** The config of an answer as what could be sent: entities, routes, and what is deprecated and must not be lost. */
export function configFromWire(config: Json | undefined): JsonObject | undefined {
  if (!isObject(config)) return undefined;
  const entities = entitiesOf(config);
  const { traffic_config: traffic, auto_capture_config: capture, ...others } = config;
  const rest = without(others, ['served_entities', ...CONFIG_ANSWERED]);
  return {
    ...(entities === undefined ? {} : { served_entities: entities.map(sendable) }),
    ...(isObject(traffic) && isList(traffic.routes)
      ? { traffic_config: { ...traffic, routes: traffic.routes.filter(isObject).map(routeFromWire) } }
      : {}),
    ...rest,
    ...(isObject(capture) ? { auto_capture_config: without(capture, AUTO_CAPTURE_ANSWERED) } : {}),
  };
}

function without(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** Older endpoints answer `served_models` alone; newer ones answer both, which say the same. */
function entitiesOf(config: JsonObject): JsonObject[] | undefined {
  if (isList(config.served_entities) && config.served_entities.length > 0)
    return config.served_entities.filter(isObject);
  if (!isList(config.served_models) || config.served_models.length === 0) return undefined;
  return config.served_models
    .filter(isObject)
    .map((model) =>
      Object.fromEntries(Object.entries(model).map(([name, value]) => [SERVED_MODEL[name] ?? name, value])),
    );
}

function sendable(entity: JsonObject): JsonObject {
  const external = isObject(entity.external_model);
  return Object.fromEntries(
    Object.entries(entity).filter(
      ([name, value]) =>
        !ENTITY_ANSWERED.includes(name) && value !== null && !(external && NOT_EXTERNAL.includes(name)),
    ),
  );
}

/** The config as the route for model units takes it. */
export function unitsConfig(config: JsonObject): JsonObject {
  const entities = entityList(config).map((entity) =>
    Object.fromEntries(
      // What nobody here knows was let through by whoever declared it.
      Object.entries(entity).filter(([name]) => IN_UNITS.includes(name) || !Object.hasOwn(ENTITY, name)),
    ),
  );
  return { ...config, ...(entities.length > 0 ? { served_entities: entities } : {}) };
}

function routeFromWire(route: JsonObject): JsonObject {
  return {
    served_entity_name: route.served_entity_name ?? route.served_model_name ?? null,
    traffic_percentage: route.traffic_percentage ?? null,
  };
}

/** Members that neither list knows: sending the config without them might lose them, with them is a guess. */
export function unknownConfigMembers(config: Json | undefined): string[] {
  if (!isObject(config)) return [];
  const known: Members = {
    served_entities: true,
    traffic_config: TRAFFIC,
    auto_capture_config: AUTO_CAPTURE,
  };
  const capture = config.auto_capture_config;
  const asked = without(config, [...CONFIG_ANSWERED, 'served_entities']);
  const top = unknownMembers(
    isObject(capture) ? { ...asked, auto_capture_config: without(capture, AUTO_CAPTURE_ANSWERED) } : asked,
    known,
    'config',
  );
  const entities = (entitiesOf(config) ?? []).map((entity) => without(entity, ENTITY_ANSWERED));
  return [...top, ...unknownMembers({ served_entities: entities }, { served_entities: [ENTITY] }, 'config')];
}

/**
 * The body of a config put: what is live with ours on top. Fallback tries entities in the order of the list, so
 * where ours names every entity they stand in its order; where it names some, the list keeps the order that it has.
 * https://docs.databricks.com/aws/en/ai-gateway/configure-ai-gateway-endpoints
 */
export function configBody(
  live: JsonObject | undefined,
  ours: readonly Assignment[],
  fields: FieldTable,
  sort: string,
): JsonObject {
  const merged = assign({ config: live ?? {} }, ours, fields, sort).config;
  const config = withoutLostRoutes(isObject(merged) ? merged : {}, live, ours);
  const entities = entityList(config);
  const declared = [...new Set(ours.flatMap(({ path }) => entityIn(path) ?? []))];
  const rank = ({ name }: JsonObject) => declared.indexOf(String(name));
  if (entities.length === 0 || entities.some((entity) => rank(entity) < 0)) return config;
  return { ...config, served_entities: [...entities].sort((a, b) => rank(a) - rank(b)) };
}

/** A route that nobody declares goes with the entity that it led to. */
function withoutLostRoutes(
  config: JsonObject,
  live: JsonObject | undefined,
  ours: readonly Assignment[],
): JsonObject {
  const traffic = config.traffic_config;
  if (!isObject(traffic) || !isList(traffic.routes)) return config;
  const stays = entityNames(config);
  const went = entityNames(live).filter((name) => !stays.includes(name));
  const declared = ours
    .filter(({ path, value }) => path[1] === 'traffic_config' && value !== null)
    .map(({ path }) => itemKey(path[3] ?? '[]'));
  const lost = (route: Json) =>
    isObject(route) &&
    went.includes(String(route.served_entity_name)) &&
    !declared.includes(String(route.served_entity_name));
  const routes = traffic.routes.filter((route) => !lost(route));
  if (routes.length > 0) return { ...config, traffic_config: { ...traffic, routes } };
  // With none left, the server sends everything to the only entity.
  const { traffic_config: _empty, ...rest } = config;
  return rest;
}

/** The entity that a path leads into, if any. */
export function entityIn([, list, entity]: Path): string | undefined {
  return list === 'served_entities' && entity !== undefined && isItem(entity) ? itemKey(entity) : undefined;
}

export function entityNames(config: JsonObject | undefined): string[] {
  return entityList(config).map(({ name }) => String(name));
}

export function routesOf(config: JsonObject): JsonObject[] {
  return isObject(config.traffic_config) && isList(config.traffic_config.routes)
    ? config.traffic_config.routes.filter(isObject)
    : [];
}

function entityList(config: JsonObject | undefined): JsonObject[] {
  return isList(config?.served_entities) ? config.served_entities.filter(isObject) : [];
}

/**
 * Entities whose credential a put of `body` would lose: it was given in plain text, so it is not in the answer,
 * and nothing in the body takes its place. https://github.com/databricks/terraform-provider-databricks/issues/5125
 */
export function lostCredentials(body: JsonObject, live: JsonObject | undefined): string[] {
  const before = new Set(entityList(live).map(({ name }) => String(name)));
  return entityList(body)
    .filter(
      ({ name, external_model: model }) =>
        before.has(String(name)) && isObject(model) && !hasCredential(model),
    )
    .map(({ name }) => String(name));
}

function hasCredential(model: JsonObject): boolean {
  const block = PROVIDER_BLOCKS[String(model.provider) as keyof typeof PROVIDER_BLOCKS];
  const settings = block === undefined ? undefined : model[block];
  if (block === undefined || !isObject(settings)) return block === undefined;
  if (typeof settings.instance_profile_arn === 'string') return true;
  // Ways to log in that are newer than this version stand under names that it does not know.
  // https://github.com/databricks/terraform-provider-databricks/issues/5673
  const credentials = CREDENTIALS.filter((path) => path.startsWith(`${block}.`));
  const known = [...BLOCK_SETTINGS[block], ...credentials.map((path) => path.split('.')[1] ?? '')];
  if (Object.keys(settings).some((name) => !known.includes(name.replace(/_plaintext$/, '')))) return true;
  const has = (path: string) =>
    read(model, path) !== undefined || read(model, `${path}_plaintext`) !== undefined;
  // Bedrock's pair is one credential; any other block needs one of its own.
  return block === PROVIDER_BLOCKS['amazon-bedrock'] ? credentials.every(has) : credentials.some(has);
}

function read(root: JsonObject, path: string): Json | undefined {
  return path
    .split('.')
    .reduce<Json | undefined>((node, name) => (isObject(node) ? node[name] : undefined), root);
}
