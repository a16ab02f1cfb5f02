// Serving endpoints on the wire: what a list item and a get answer mean, and what `plan` and `reconcile` ask of
// this API. https://docs.databricks.com/api/workspace/servingendpoints
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import type { Path } from '../model/path';
import type { LiveResource } from '../model/resource';
import { AI_GATEWAY_MEMBERS } from './ai-gateway';
import { configFromWire, routesOf, unknownConfigMembers } from './endpoint-config';
import { hazards } from './endpoint-hazards';
import * as op from './endpoint-operations';
import { body, configOf, create, destroy, KIND, STAMP_PATH, STAMP_TAG, update } from './endpoint-steps';
import { unknownMembers } from './members';
import type { Operation } from './operation';
import type { Extra, KindWire, Need } from './step';

const SETTLING: Readonly<Record<string, LiveResource['settling']>> = {
  NOT_UPDATING: 'settled',
  IN_PROGRESS: 'pending',
  UPDATE_FAILED: 'failed',
  UPDATE_CANCELED: 'cancelled',
};

/** https://github.com/databricks/terraform-provider-databricks/issues/5796 */
const OTHER_PATH = {
  code: 'other-path',
  message:
    'what is set here holds for calls to the serving endpoint; calls to the same model through Unity AI Gateway pass it by',
};

/** A list item never has these whole. https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (ServingEndpoint) */
const NOT_LISTED = ['config', 'email_notifications', 'route_optimized'];
/** A list item may leave these out though the endpoint has them. */
const MAYBE_LISTED = ['ai_gateway', 'tags', 'description', 'telemetry_config'];

function fromWire(raw: JsonObject, whole: boolean): LiveResource {
  const tags = isList(raw.tags) ? raw.tags.filter(isObject) : [];
  const stamp = tags.find((tag) => tag.key === STAMP_TAG)?.value;
  const sort = sortOf(raw);
  const settling = settlingOf(raw);
  const base = settling === 'pending' ? (raw.pending_config ?? raw.config) : raw.config;
  const config = configFromWire(base);
  const listed = whole ? [] : [...NOT_LISTED, ...MAYBE_LISTED.filter((field) => raw[field] === undefined)];
  return {
    kind: KIND,
    name: nameOf(raw),
    ...(typeof raw.id === 'string' && raw.id !== '' ? { id: raw.id } : {}),
    sort,
    fields: {
      ...(whole && config !== undefined ? { config } : {}),
      ...(isObject(raw.ai_gateway) ? { ai_gateway: raw.ai_gateway } : {}),
      ...(isList(raw.tags) ? { tags: tags.filter((tag) => tag.key !== STAMP_TAG) } : {}),
      ...(isObject(raw.telemetry_config) ? { telemetry_config: telemetry(raw.telemetry_config) } : {}),
      ...Object.fromEntries(
        Object.entries({
          email_notifications: raw.email_notifications,
          description: raw.description,
          route_optimized: raw.route_optimized,
          budget_policy_id: raw.effective_budget_policy_id,
        }).flatMap(([field, value]) =>
          value === undefined || value === null || value === '' ? [] : [[field, value]],
        ),
      ),
    },
    unknownFields: [...listed, 'permissions'],
    unknownMembers: [
      ...unknownMembers(raw.ai_gateway, AI_GATEWAY_MEMBERS, 'ai_gateway'),
      ...unknownConfigMembers(base),
    ],
    ...(typeof stamp === 'string' ? { stamp } : {}),
    settling,
    said: messages(raw),
    systemOwned: sort === 'pay_per_token',
    ...(sort === 'pay_per_token' ? { caution: OTHER_PATH } : {}),
    raw,
  };
}

function settlingOf(raw: JsonObject): LiveResource['settling'] {
  const state = isObject(raw.state) ? raw.state.config_update : undefined;
  return (typeof state === 'string' ? SETTLING[state] : undefined) ?? 'settled';
}

/** The name of the table that logs go to is answered, never sent. */
function telemetry(block: JsonObject): JsonObject {
  if (!isObject(block.inference_table_config)) return block;
  const { name: _answered, ...table } = block.inference_table_config;
  return { ...block, inference_table_config: table };
}

/** What the entities say of themselves: those of the update under way, or of the last one where it went wrong. */
function messages(raw: JsonObject): string[] {
  const config = raw.pending_config ?? raw.config;
  const entities =
    isObject(config) && isList(config.served_entities) ? config.served_entities.filter(isObject) : [];
  return entities.flatMap(({ name, state }) => {
    if (!isObject(state) || typeof state.deployment !== 'string') return [];
    const message = typeof state.deployment_state_message === 'string' ? state.deployment_state_message : '';
    return [
      `${String(name)}: ${state.deployment.replace('DEPLOYMENT_', '').toLowerCase()}${message === '' ? '' : ` (${message})`}`,
    ];
  });
}

function nameOf(raw: JsonObject): string {
  if (typeof raw.name !== 'string' || raw.name === '') throw new Error('a serving endpoint without a name');
  return raw.name;
}

/**
 * Which sort of endpoint an answer describes. `endpoint_type` is undocumented, so it decides only where
 * present; the name prefix alone never does, because customers' endpoints are called `databricks-...` too.
 * https://github.com/databricks/terraform-provider-databricks/issues/3845
 */
export function sortOf(raw: JsonObject): string {
  const config = isObject(raw.config) ? raw.config : {};
  const pending = isObject(raw.pending_config) ? raw.pending_config : {};
  const listed = [config.served_entities, config.served_models, pending.served_entities].find(
    (list): list is readonly Json[] => isList(list) && list.length > 0,
  );
  const entities = (listed ?? []).filter(isObject);
  const ownerless = raw.id === undefined && raw.creator === undefined;
  if (raw.endpoint_type === 'FOUNDATION_MODEL_API') return 'pay_per_token';
  if (ownerless && entities.some((entity) => isObject(entity.foundation_model))) return 'pay_per_token';
  if (entities.some((entity) => isObject(entity.external_model))) return 'external';
  const provisioned = ['provisioned_model_units', 'min_provisioned_throughput', 'max_provisioned_throughput'];
  if (entities.some((entity) => provisioned.some((field) => entity[field] !== undefined))) {
    return 'provisioned_throughput';
  }
  if (entities.some((entity) => isObject(entity.foundation_model) && entity.entity_name !== undefined)) {
    return 'provisioned_throughput';
  }
  if (typeof raw.task === 'string' && raw.task.startsWith('agent/')) return 'agent';
  if (isObject(raw.tile_endpoint_metadata)) return 'agent';
  return entities.length === 0 ? 'no_config' : 'custom';
}

function items(answer: Json | undefined): JsonObject[] {
  // The list leaves `endpoints` out when there are none.
  const list = isObject(answer) ? (answer.endpoints ?? []) : undefined;
  if (!isList(list) || !list.every(isObject))
    throw new Error('a list of serving endpoints without "endpoints"');
  return [...list] as JsonObject[];
}

/** The sort that a declaration makes; what it does not tell counts as custom. */
function declaredSort(declared: JsonObject): string {
  const config = isObject(declared.config) ? declared.config : {};
  const entities = config.served_entities;
  const list = isList(entities) ? entities : isObject(entities) ? Object.values(entities) : [];
  return sortOf({ id: 'declared', creator: 'declared', config: { served_entities: list } });
}

/** An endpoint of external models cannot become one of other models, nor the other way. */
function irreplaceable(declared: JsonObject, live: LiveResource): Path[] {
  if (!isObject(declared.config) || !isList(declared.config.served_entities)) return [];
  const wanted = declaredSort(declared);
  if (wanted === 'no_config' || live.sort === 'no_config') return [];
  return (wanted === 'external') === (live.sort === 'external') ? [] : [['config', 'served_entities']];
}

/** The only entity gets all the traffic: where another one served before, its route goes with it. */
function implied(declared: JsonObject, live: LiveResource): JsonObject {
  const config = isObject(declared.config) ? declared.config : {};
  if (!isList(config.served_entities) || config.served_entities.length !== 1) return {};
  if (config.traffic_config !== undefined) return {};
  const [only] = config.served_entities.filter(isObject);
  const routes = routesOf(configOf(live) ?? {});
  if (only === undefined || routes.every(({ served_entity_name: name }) => name === only.name)) return {};
  const route = { served_entity_name: only.name ?? null, traffic_percentage: 100 };
  return { config: { traffic_config: { routes: [route] } } };
}

const CARRIED = [
  'ai_gateway',
  'tags',
  'email_notifications',
  'description',
  'route_optimized',
  'budget_policy_id',
  'permissions',
  'telemetry_config',
];

function carried(live: LiveResource): JsonObject {
  const config = configOf(live);
  const { auto_capture_config: capture, ...rest } = config ?? {};
  // What is off cannot be had again, and need not be.
  const kept = isObject(capture) && capture.enabled === false ? rest : config;
  const all: [string, Json | undefined][] = [
    ['config', kept],
    ...CARRIED.map((field): [string, Json | undefined] => [field, live.fields[field]]),
  ];
  return Object.fromEntries(
    all.flatMap(([name, value]) => (value === undefined || value === null ? [] : [[name, value]])),
  );
}

/** An external model that is another endpoint of this project. */
function needs(declared: JsonObject): Need[] {
  const config = isObject(declared.config) ? declared.config : {};
  const entities = isList(config.served_entities)
    ? config.served_entities
    : isObject(config.served_entities)
      ? Object.values(config.served_entities)
      : [];
  return entities.flatMap((entity) => {
    const model = isObject(entity) && isObject(entity.external_model) ? entity.external_model : {};
    return model.provider === 'databricks-model-serving' && typeof model.name === 'string'
      ? [{ kind: KIND, name: model.name }]
      : [];
  });
}

const PERMISSIONS: Extra = {
  field: 'permissions',
  operation: op.GET_PERMISSIONS,
  // Endpoints without an id have no list: who may call them is decided in Unity Catalog.
  params: ({ id }) => (id === undefined ? undefined : { id }),
  fromWire: ([body]) => directEntries(body ?? {}),
};

/** Direct grants alone: what is inherited cannot be changed here and comes back by itself. */
function directEntries({ access_control_list: list }: JsonObject): Json {
  return (isList(list) ? list : [])
    .filter(isObject)
    .flatMap(({ all_permissions: all, user_name, group_name, service_principal_name }) => {
      const direct = (isList(all) ? all : []).filter(isObject).filter((one) => one.inherited !== true);
      const level = direct[0]?.permission_level;
      if (level === undefined) return [];
      const who = Object.entries({ user_name, group_name, service_principal_name }).filter(
        ([, name]) => typeof name === 'string',
      );
      return [{ ...Object.fromEntries(who), permission_level: level } as JsonObject];
    });
}

function params({ path }: Operation, name: string, live: LiveResource | undefined): Record<string, string> {
  if (path.includes('{id}')) return { id: live?.id ?? '' };
  return path.includes('{name}') ? { name } : {};
}

export const servingEndpoints: KindWire = {
  kind: KIND,
  stampPath: STAMP_PATH,
  // Asked for even when no entry names one: that is how orphans are found.
  lists: () => [{ operation: op.LIST }],
  get: op.GET,
  extras: [PERMISSIONS],
  operations: op.OPERATIONS,
  updated: ['config'],
  items,
  nameOf,
  fromWire,
  sortOf: declaredSort,
  implied,
  irreplaceable,
  carried,
  update,
  create,
  destroy,
  needs,
  params,
  body,
  replaced: ([field = '']) => field,
  hazards,
  manageRight: {
    field: 'permissions',
    conveyed: (level) => level === 'CAN_MANAGE',
    itemOf: (caller) => caller,
    source: 'https://github.com/databricks/terraform-provider-databricks/issues/3111',
  },
};
