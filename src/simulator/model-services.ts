// The kind "model service": what its config holds, which masks it takes, what makes it valid.
//
// https://docs.databricks.com/api/workspace/aigateway/createmodelservice · masks and fields:
// https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/service/catalog.py (ModelService, update_model_service)
import { apiTypesOf, DESTINATION, fallbackDestinations, PROVIDER, primaryDestinations } from './destinations';
import { invalid } from './errors';
import { isObject, type Json, type JsonObject, objectsOf } from './json';
import { INFERENCE_TABLE, inferenceTable } from './payload-tables';
import type { Draft, Kind } from './securable';
import { checkServiceLimits, SERVICE_LIMITS } from './service-limits';
import { checkServicePolicies, SERVICE_POLICIES } from './service-policies';
import { leafOf } from './uc-names';

const PRIMARY = 'routing.destinations';
const FALLBACK = 'routing.fallback.destinations';
const PAY_PER_TOKEN = 'DESTINATION_TYPE_PAY_PER_TOKEN_FOUNDATION_MODEL';

export const MODEL_SERVICES: Kind = {
  path: 'model-services',
  list: 'model_services',
  type: 'model_service',
  label: 'Model service',
  shares: ['model-services', 'model-provider-services'],
  shape: {
    fields: {
      comment: 'string',
      config: {
        fields: {
          routing: {
            fields: {
              destinations: { list: DESTINATION },
              fallback: { fields: { destinations: { list: DESTINATION } } },
            },
          },
          rate_limits: SERVICE_LIMITS,
          inference_table: INFERENCE_TABLE,
          service_policies: SERVICE_POLICIES,
        },
      },
    },
  },
  masks: [
    'comment',
    'config',
    `config.${PRIMARY}`,
    `config.${FALLBACK}`,
    'config.rate_limits',
    'config.inference_table',
    'config.service_policies',
  ],
  systemMasks: ['config.rate_limits', 'config.inference_table', 'config.service_policies'],
  settled(draft) {
    const { config, workspace, touches, outputs } = draft;
    const out: JsonObject = { ...config };
    if (touches(PRIMARY) || touches(FALLBACK)) {
      out.routing = routingOf(draft);
      outputs.supported_api_types = supportedTypes(
        out.routing as JsonObject,
        (name) => workspace.securables.get(PROVIDER, name)?.config,
      );
    }
    if (touches('rate_limits')) checkServiceLimits(config.rate_limits);
    if (touches('service_policies')) checkServicePolicies(config.service_policies);
    const table = inferenceTable(draft);
    if (table !== undefined) out.inference_table = table;
    return out;
  },
  basic({ routing: _destinations, inference_table: _details, ...rest }) {
    return rest;
  },
  seeded(name, config) {
    const leaf = leafOf(name);
    const model = leaf.startsWith('databricks-') ? leaf : `databricks-${leaf}`;
    const destination = {
      name: model,
      destination_type: PAY_PER_TOKEN,
      pay_per_token_config: { model: `models/system.ai.${model}` },
    };
    const filled = { routing: { destinations: [destination] }, ...config };
    const routing = isObject(filled.routing) ? filled.routing : {};
    return { config: filled, outputs: { supported_api_types: supportedTypes(routing, () => undefined) } };
  },
};

/** What the write leaves alone of the routing stays as it is, also where it leads nowhere by now. */
function routingOf({ workspace, config, touches }: Draft): JsonObject {
  const routing = isObject(config.routing) ? config.routing : {};
  const fallback = isObject(routing.fallback) ? routing.fallback : {};
  const out: JsonObject = { ...routing };
  if (touches(PRIMARY))
    out.destinations = primaryDestinations(routing.destinations, workspace, `config.${PRIMARY}`);
  if (touches(FALLBACK)) {
    const destinations = fallbackDestinations(fallback.destinations, workspace, `config.${FALLBACK}`);
    if (destinations.length > 0) out.fallback = { ...fallback, destinations };
    else delete out.fallback;
  }
  const names = new Set<Json | undefined>();
  for (const { name } of allDestinations(out)) {
    if (names.has(name)) throw invalid(`config.routing: the destination name '${name}' is used twice.`);
    names.add(name);
  }
  return out;
}

function supportedTypes(
  routing: JsonObject,
  configOf: (provider: string) => JsonObject | undefined,
): string[] {
  const types = allDestinations(routing).flatMap((destination) => apiTypesOf(destination, configOf));
  return [...new Set(types)].sort();
}

function allDestinations({ destinations, fallback }: JsonObject): JsonObject[] {
  return [...objectsOf(destinations), ...objectsOf(isObject(fallback) ? fallback.destinations : undefined)];
}
