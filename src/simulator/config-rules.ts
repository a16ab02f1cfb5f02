// What a config must be: shapes, then rules that span fields. Pure; knows neither the clock nor other endpoints.
//
// Shapes and exclusions: https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go
// At most 15 entities: https://github.com/databricks/databricks-sdk-py/issues/1496 · defaults sent for external
// models are refused: https://github.com/databricks/terraform-provider-databricks/issues/3676
import { entityName } from './entities';
import { invalid } from './errors';
import { isObject, type Json, type JsonObject, objectsOf, textOf } from './json';
import { entitiesOf } from './kinds';
import { checkExternalModel, EXTERNAL_MODEL } from './providers';
import type { Shape } from './shapes';

const SIZES = {
  workload_size: 'string',
  workload_type: 'string',
  scale_to_zero_enabled: 'boolean',
  min_provisioned_concurrency: 'integer',
  max_provisioned_concurrency: 'integer',
  min_provisioned_throughput: 'integer',
  max_provisioned_throughput: 'integer',
  provisioned_model_units: 'integer',
  burst_scaling_enabled: 'boolean',
  environment_vars: { map: 'string' },
  instance_profile_arn: 'string',
} as const satisfies Record<string, Shape>;

const ENTITY: Shape = {
  fields: {
    name: 'string',
    entity_name: 'string',
    entity_version: 'string',
    external_model: EXTERNAL_MODEL,
    ...SIZES,
  },
};

const MODEL: Shape = {
  fields: { name: 'string', model_name: 'string', model_version: 'string', ...SIZES },
  required: ['model_name', 'model_version'],
};

const TRAFFIC: Shape = {
  fields: {
    routes: {
      list: {
        fields: { served_entity_name: 'string', served_model_name: 'string', traffic_percentage: 'integer' },
        required: ['traffic_percentage'],
      },
    },
  },
};

const AUTO_CAPTURE: Shape = {
  fields: { catalog_name: 'string', schema_name: 'string', table_name_prefix: 'string', enabled: 'boolean' },
};

/** `name` repeats the endpoint's, which official clients send here and nobody answers. */
export const CONFIG: Shape = {
  fields: {
    name: 'string',
    served_entities: { list: ENTITY },
    served_models: { list: MODEL },
    traffic_config: TRAFFIC,
    auto_capture_config: AUTO_CAPTURE,
  },
};

export const PT_CONFIG: Shape = {
  fields: {
    served_entities: {
      list: {
        fields: {
          name: 'string',
          entity_name: 'string',
          entity_version: 'string',
          provisioned_model_units: 'integer',
          burst_scaling_enabled: 'boolean',
        },
        required: ['entity_name', 'provisioned_model_units'],
      },
    },
    traffic_config: TRAFFIC,
  },
  required: ['served_entities'],
};

const MOST_ENTITIES = 15;
const NAME = /^[A-Za-z0-9_-]+$/;
/** What an entity may not carry beside an external model. */
const NOT_EXTERNAL = ['entity_name', 'entity_version', ...Object.keys(SIZES)].filter(
  (key) => key !== 'environment_vars' && key !== 'instance_profile_arn',
);
const AUTO_CAPTURE_PLACE = ['catalog_name', 'schema_name', 'table_name_prefix'];

/** @param before the config that serves, if any. @throws ApiError 400 */
export function checkConfig(config: JsonObject, before: JsonObject | undefined): void {
  if (config.served_entities !== undefined && config.served_models !== undefined)
    throw invalid('Only one of served_entities and served_models may be set.');
  const list = config.served_models === undefined ? 'served_entities' : 'served_models';
  const entities = entitiesOf(config);
  if (entities.length === 0) throw invalid('At least one served entity is required.');
  if (entities.length > MOST_ENTITIES) throw invalid(`At most ${MOST_ENTITIES} served entities are allowed.`);
  const names = new Set<string>();
  for (const [index, entity] of entities.entries()) {
    const at = `${list}[${index}]`;
    checkEntity(entity, at);
    const name = entityName(entity)!;
    if (!NAME.test(name))
      throw invalid(`${at}.name: '${name}' may hold letters, digits, dashes and underscores.`);
    if (names.has(name)) throw invalid(`${at}.name: '${name}' is used twice.`);
    names.add(name);
  }
  checkKinds(entities, before);
  checkTraffic(config.traffic_config, names);
  checkAutoCapture(config.auto_capture_config, before?.auto_capture_config);
}

function checkEntity(entity: JsonObject, at: string): void {
  if (isObject(entity.external_model)) {
    const extra = NOT_EXTERNAL.find((key) => entity[key] !== undefined);
    if (extra !== undefined) throw invalid(`${at}.${extra} cannot be set for an external model.`);
    checkExternalModel(entity.external_model, `${at}.external_model`);
    return;
  }
  if (entity.entity_name === undefined) throw invalid(`${at}: entity_name or external_model is required.`);
  const { min_provisioned_concurrency: min, max_provisioned_concurrency: max } = entity;
  if (entity.workload_size !== undefined && (min !== undefined || max !== undefined))
    throw invalid(`${at}: workload_size cannot be set together with provisioned concurrency.`);
  if ((min === undefined) !== (max === undefined))
    throw invalid(`${at}: min_ and max_provisioned_concurrency must be set together.`);
  for (const what of ['concurrency', 'throughput']) {
    const least = entity[`min_provisioned_${what}`];
    const most = entity[`max_provisioned_${what}`];
    if (typeof least === 'number' && typeof most === 'number' && least > most)
      throw invalid(`${at}: min_provisioned_${what} must not exceed max_provisioned_${what}.`);
  }
}

/** External models among themselves, of one task, now as before. */
function checkKinds(entities: readonly JsonObject[], before: JsonObject | undefined): void {
  const models = entities.map((entity) => entity.external_model).filter(isObject);
  if (models.length > 0 && models.length < entities.length)
    throw invalid('External models cannot be served together with other entities.');
  const tasks = new Set(models.map((model) => model.task));
  if (tasks.size > 1) throw invalid('All external models of an endpoint must have the same task.');
  const [old] = entitiesOf(before);
  if (old !== undefined && isObject(old.external_model) !== models.length > 0)
    throw invalid('An endpoint cannot change between external models and other entities.');
}

function checkTraffic(traffic: Json | undefined, names: ReadonlySet<string>): void {
  if (!isObject(traffic) || !Array.isArray(traffic.routes)) {
    if (names.size > 1) throw invalid('traffic_config is required with more than one served entity.');
    return;
  }
  const routed = new Set<string>();
  let sum = 0;
  for (const [index, route] of objectsOf(traffic.routes).entries()) {
    const at = `traffic_config.routes[${index}]`;
    const { served_entity_name: entity, served_model_name: model, traffic_percentage } = route;
    if (entity !== undefined && model !== undefined && entity !== model)
      throw invalid(`${at}: served_entity_name and served_model_name differ.`);
    const name = textOf(entity) ?? textOf(model);
    if (name === undefined || !names.has(name))
      throw invalid(`${at}: '${name ?? ''}' is not a served entity.`);
    if (routed.has(name)) throw invalid(`${at}: '${name}' is routed twice.`);
    routed.add(name);
    const percentage = traffic_percentage as number;
    if (percentage < 0 || percentage > 100)
      throw invalid(`${at}.traffic_percentage must be between 0 and 100.`);
    sum += percentage;
  }
  const unrouted = [...names].find((name) => !routed.has(name));
  if (unrouted !== undefined) throw invalid(`traffic_config: '${unrouted}' has no route.`);
  if (sum !== 100) throw invalid(`traffic_config: the percentages sum to ${sum}, not to 100.`);
}

/** Deprecated: what is on stays as it is or goes off for good. */
function checkAutoCapture(wanted: Json | undefined, before: Json | undefined): void {
  if (!isObject(wanted) || wanted.enabled === false) return;
  const old = isObject(before) ? before : {};
  if (!isObject(before) || old.enabled === false)
    throw invalid('auto_capture_config can no longer be enabled; use ai_gateway.inference_table_config.');
  for (const key of AUTO_CAPTURE_PLACE) {
    if (wanted[key] !== undefined && wanted[key] !== old[key])
      throw invalid(`auto_capture_config.${key} cannot be changed.`);
  }
}
