// Model services on the wire: what routes, what falls back, what must be there before them.
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS, keyed } from '../model/keys';
import type { Members } from './members';
import { LIMITS, TABLE } from './service-spec';
import type { Hazard, Need } from './step';
import { unityService } from './unity-services';

export const TARGET: Members = { model: true, native_api_types: true, endpoint_route: true };

const DESTINATION: Members = {
  name: true,
  destination_type: true,
  traffic_percentage: true,
  pay_per_token_config: { model: true },
  provisioned_throughput_config: { model_serving_endpoint: true, model: 'answered' },
  external_model_config: { model_provider_service: true, target: TARGET },
  is_deleted: 'answered',
};

const PRIMARY = 'config.routing.destinations';

/** What destinations of either list lead to, by the kind that comes before the name. */
const LEADS_TO: Readonly<Record<string, string>> = {
  'serving-endpoints': 'serving_endpoints',
  'model-provider-services': 'model_provider_services',
};

/** A single destination receives everything, also when it does not say so: beside another one it will have to. */
function meant(config: JsonObject): JsonObject {
  const { routing } = config;
  if (!isObject(routing) || !isList(routing.destinations)) return config;
  const [first, ...others] = routing.destinations;
  if (!isObject(first) || others.length > 0) return config;
  return { ...config, routing: { ...routing, destinations: [{ traffic_percentage: 100, ...first }] } };
}

function needs({ routing }: JsonObject): Need[] {
  const { destinations, fallback } = isObject(routing) ? routing : {};
  const second = isObject(fallback) ? fallback.destinations : undefined;
  const all = [...valuesOf(destinations), ...valuesOf(second)];
  return all.flatMap((destination) => {
    const { external_model_config: external, provisioned_throughput_config: provisioned } = destination;
    return [
      ...(isObject(external) ? needed(external.model_provider_service) : []),
      ...(isObject(provisioned) ? needed(provisioned.model_serving_endpoint) : []),
    ];
  });
}

/** Either form of a list of destinations. */
function valuesOf(list: Json | undefined): JsonObject[] {
  return [...keyed(KEY_CODECS.destination, list).items.values()].filter(isObject);
}

function needed(resource: Json | undefined): Need[] {
  if (typeof resource !== 'string') return [];
  const slash = resource.indexOf('/');
  const kind = LEADS_TO[resource.slice(0, slash)];
  return kind === undefined ? [] : [{ kind, name: resource.slice(slash + 1) }];
}

/** https://docs.databricks.com/api/workspace/aigateway/createmodelservice: at least one, and several sum to 100. */
function hazards({ routing }: JsonObject): Hazard[] {
  if (!isObject(routing) || routing.destinations === undefined) return [];
  const all = valuesOf(routing.destinations);
  if (all.length === 0) {
    const help = 'Declare at least one destination, or remove the service.';
    return [{ guard: 'no-destination', message: `${PRIMARY} would be empty`, help }];
  }
  const sum = all.reduce((total, { traffic_percentage: share }) => total + Number(share ?? 0), 0);
  if (sum === 100 || (all.length === 1 && all[0]?.traffic_percentage === undefined)) return [];
  return [
    {
      guard: 'split-sum',
      message: `the shares of traffic would add up to ${sum}, not 100`,
      help: 'Declare the share of every destination: what the file does not name keeps the share that it has.',
    },
  ];
}

export const modelServices = unityService({
  kind: 'model_services',
  path: 'model-services',
  type: 'model_service',
  config: {
    routing: { destinations: [DESTINATION], fallback: { destinations: [DESTINATION] } },
    rate_limits: [LIMITS],
    inference_table: TABLE,
  },
  masks: [
    { mask: PRIMARY },
    { mask: 'config.routing.fallback.destinations' },
    { mask: 'config.rate_limits', system: true },
    { mask: 'config.inference_table', system: true },
  ],
  meant,
  needs,
  hazards,
});
