// From the config that somebody wrote to the config that GET answers: names, sizes, routes and the mirror
// under the deprecated name. Pure; refuses nothing.
//
// Defaults: https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (ServedEntityInput, TrafficConfig)
// Mirror of served_models: https://github.com/databricks/cli/issues/3880 · order: https://github.com/databricks/terraform-provider-databricks/issues/5188
import { byName, byText, isObject, type Json, type JsonObject, objectsOf, textOf } from './json';
import { withoutSecrets } from './secrets';

export interface Making {
  readonly creator: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly deployment: 'DEPLOYMENT_READY' | 'DEPLOYMENT_CREATING';
}

export function entityName(entity: JsonObject): string | undefined {
  const given = textOf(entity.name);
  if (given !== undefined) return given;
  const external = isObject(entity.external_model) ? textOf(entity.external_model.name) : undefined;
  if (external !== undefined) return external.replace(/[.:]/g, '-');
  const name = textOf(entity.entity_name) ?? textOf(entity.model_name);
  if (name === undefined) return undefined;
  const version = textOf(entity.entity_version) ?? textOf(entity.model_version);
  const leaf = name.slice(name.lastIndexOf('.') + 1);
  return version === undefined ? leaf : `${leaf}-${version}`;
}

/** An entity as GET answers it; what is given wins over every default, credentials fall away. */
export function completeEntity(input: JsonObject, making: Making): JsonObject {
  const { burst_scaling_enabled: _writeOnly, ...given } = withoutSecrets(input);
  const out: JsonObject = { name: entityName(given), ...given };
  if (isObject(given.foundation_model) || isObject(given.external_model)) return dated(out, making);
  out.workload_type ??= 'CPU';
  const sized = given.workload_size ?? given.min_provisioned_concurrency ?? given.max_provisioned_concurrency;
  const throughput =
    given.provisioned_model_units ?? given.min_provisioned_throughput ?? given.max_provisioned_throughput;
  if (throughput !== undefined) out.scale_to_zero_enabled = false;
  else if (sized === undefined) out.workload_size = 'Small';
  return dated(out, making);
}

function dated(entity: JsonObject, making: Making): JsonObject {
  const system = isObject(entity.foundation_model) && making.creator === undefined;
  if (system) return entity;
  entity.creator ??= making.creator;
  entity.creation_timestamp ??= making.now;
  entity.state ??= {
    deployment: making.deployment,
    deployment_state_message: making.deployment === 'DEPLOYMENT_READY' ? '' : 'Deploying',
  };
  return entity;
}

/** A config as GET answers it. `null` for a member that would be filled in leaves it out. */
export function completeConfig(input: JsonObject, making: Making): JsonObject {
  const { served_entities, served_models, traffic_config, ...rest } = input;
  const out: JsonObject = { ...rest };
  const entities = objectsOf(served_entities)
    .map((entity) => completeEntity(entity, making))
    .sort(byName);
  if (Array.isArray(served_entities)) out.served_entities = entities;
  if (Array.isArray(served_models)) {
    out.served_models = objectsOf(served_models)
      .map((model) => dated({ name: entityName(model), ...withoutSecrets(model) }, making))
      .sort(byName);
  } else if (served_models !== null && entities.some((entity) => entity.entity_name !== undefined)) {
    const mirrored = entities.filter((entity) => !isObject(entity.foundation_model)).map(asModel);
    if (mirrored.length > 0) out.served_models = mirrored;
  }
  const routes = routesOf(traffic_config, out);
  if (routes !== undefined) {
    out.traffic_config = { ...(isObject(traffic_config) ? traffic_config : {}), routes };
  }
  return out;
}

/** A request's config, deprecated names put into the modern ones: the server keeps one sort and answers both. */
export function modernised(config: JsonObject): JsonObject {
  const { served_models, name: _repeated, ...rest } = config;
  if (!Array.isArray(served_models)) return rest;
  const served_entities = objectsOf(served_models).map(({ model_name, model_version, ...entity }) => ({
    ...entity,
    entity_name: model_name,
    entity_version: model_version,
  }));
  return { ...rest, served_entities };
}

/** An entity under the deprecated names. */
function asModel(entity: JsonObject): JsonObject {
  const { entity_name, entity_version, ...rest } = entity;
  const model: JsonObject = { ...rest, model_name: entity_name };
  if (entity_version !== undefined) model.model_version = entity_version;
  return model;
}

/** Both names on every route, sorted; all traffic to the only entity when nobody said. https://github.com/databricks/cli/issues/5708 */
function routesOf(given: Json | undefined, config: JsonObject): Json[] | undefined {
  if (given === null) return undefined;
  if (isObject(given)) {
    return objectsOf(given.routes)
      .map((route) => {
        const name = route.served_entity_name ?? route.served_model_name;
        return { ...route, served_entity_name: name, served_model_name: name };
      })
      .sort((a, b) => byText(textOf(a.served_entity_name) ?? '', textOf(b.served_entity_name) ?? ''));
  }
  const all = [...objectsOf(config.served_entities), ...objectsOf(config.served_models)];
  const names = new Set(all.map((entity) => textOf(entity.name)));
  const [only] = names;
  const system = all.some((entity) => isObject(entity.foundation_model) && entity.creator === undefined);
  if (names.size !== 1 || only === undefined || system) return undefined;
  return [{ served_entity_name: only, served_model_name: only, traffic_percentage: 100 }];
}
