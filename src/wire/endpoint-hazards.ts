// What a request about a serving endpoint would do that its sender does not mean: lose a credential, send traffic
// nowhere, ask for what this sort cannot have. Found before anything is sent; a guard of that name refuses it.
import { isList, isObject, type JsonObject } from '../model/json';
import type { LiveResource } from '../model/resource';
import { lostCredentials, routesOf } from './endpoint-config';
import * as op from './endpoint-operations';
import { body, configOf, NOT_IN_UNITS } from './endpoint-steps';
import type { Hazard, StepLike } from './step';

export function hazards(step: StepLike, live: LiveResource): Hazard[] {
  if ([op.PUT_PERMISSIONS.id, op.PATCH_PERMISSIONS.id].includes(step.operation) && live.id === undefined)
    return [NO_ACCESS_LIST];
  const sent = body(step, live.name, live);
  if (!isObject(sent)) return [];
  switch (step.operation) {
    case op.PUT_CONFIG.id:
      return configHazards(sent, live);
    case op.PUT_UNITS_CONFIG.id:
      return configHazards(isObject(sent.config) ? sent.config : {}, live);
    case op.CREATE.id:
    case op.CREATE_UNITS.id: {
      const config = isObject(sent.config) ? sent.config : {};
      const beyond = step.operation === op.CREATE_UNITS.id ? NOT_IN_UNITS.filter((field) => sent[field]) : [];
      return [...configHazards(config, live), ...captureHazards(config), ...unitsHazards(beyond)];
    }
    default:
      return [];
  }
}

/** https://github.com/databricks/terraform-provider-databricks/issues/5261 */
const NO_ACCESS_LIST: Hazard = {
  guard: 'unavailable',
  message: 'it has no id, and so no access control list',
  help: 'Remove permissions: who may call its model is decided in Unity Catalog, by EXECUTE on it.',
};

function unitsHazards(fields: readonly string[]): Hazard[] {
  return fields.map((field) => ({
    guard: 'unavailable',
    message: `an endpoint in model units cannot have ${field}`,
    help: 'Remove it. https://docs.databricks.com/api/workspace/servingendpoints/createprovisionedthroughputendpoint',
  }));
}

function configHazards(config: JsonObject, live: LiveResource): Hazard[] {
  return [...credentialHazards(config, live), ...routeHazards(config)];
}

/** https://docs.databricks.com/aws/en/machine-learning/model-serving/inference-tables */
function captureHazards(config: JsonObject): Hazard[] {
  if (config.auto_capture_config === undefined) return [];
  return [
    {
      guard: 'table-lost',
      message: 'it logs to a legacy inference table (auto_capture_config), which a new endpoint cannot have',
      help: 'Switch it off first, and log by ai_gateway.inference_table_config instead.',
    },
  ];
}

function credentialHazards(config: JsonObject, live: LiveResource): Hazard[] {
  return lostCredentials(config, configOf(live)).map((entity) => ({
    guard: 'credential-lost',
    message: `the credential of "${entity}" was given in plain text, so it cannot be read, and this would lose it`,
    help: `Declare the credential of "${entity}": as {{secrets/scope/key}}, or its _plaintext twin as \${env.NAME}.`,
  }));
}

function routeHazards(config: JsonObject): Hazard[] {
  const routes = routesOf(config);
  if (routes.length === 0) return [];
  const entities = new Set(
    (isList(config.served_entities) ? config.served_entities.filter(isObject) : []).map(({ name }) => name),
  );
  const dangling = routes
    .filter(({ served_entity_name: name }) => !entities.has(name ?? null))
    .map(({ served_entity_name: name }) => String(name));
  const sum = routes.reduce((total, { traffic_percentage: share }) => total + Number(share), 0);
  return [
    ...(dangling.length > 0
      ? [
          {
            guard: 'route-dangles',
            message: `traffic would go to ${dangling.join(', ')}, which would no longer be there`,
            help: 'Declare the whole split (traffic_percentage of each entity) together with the entities.',
          },
        ]
      : []),
    ...(sum !== 100
      ? [
          {
            guard: 'split-sum',
            message: `the shares of traffic would add up to ${sum}, not 100`,
            help: 'Declare the share of every entity: what the file does not name keeps the share that it has.',
          },
        ]
      : []),
  ];
}
