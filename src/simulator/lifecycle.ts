// POST create, ordinary and provisioned throughput, and DELETE.
//
// https://docs.databricks.com/api/workspace/servingendpoints/create · a name is taken once: 409
import { firstGrants } from './acl';
import { AI_GATEWAY, gatewayOf } from './ai-gateway';
import { startUpdate } from './config';
import { CONFIG, checkConfig, PT_CONFIG } from './config-rules';
import { Endpoint } from './endpoint';
import { invalid, taken } from './errors';
import { isObject, type JsonObject, objectsOf, textOf } from './json';
import { entitiesOf, kindOf } from './kinds';
import { countUpdate } from './limiter';
import { EMAIL_NOTIFICATIONS } from './notifications';
import { refuseReservedName, refuseSystemOwned } from './ownership';
import { checkLegacyLimits, LEGACY_LIMITS } from './rate-limits';
import type { Answer, Call } from './routing';
import { readBody, type Shape } from './shapes';
import type { Workspace } from './state';
import { checkTags, sortedTags, TAGS } from './tags';
import { TELEMETRY, telemetryOf, telemetryTypeOf } from './telemetry';
import type { Bookkeeping } from './types';

const SHARED = {
  name: 'string',
  ai_gateway: AI_GATEWAY,
  budget_policy_id: 'string',
  email_notifications: EMAIL_NOTIFICATIONS,
  tags: TAGS,
} as const satisfies Record<string, Shape>;

const CREATE: Shape = {
  fields: {
    ...SHARED,
    config: CONFIG,
    description: 'string',
    rate_limits: LEGACY_LIMITS,
    route_optimized: 'boolean',
    telemetry_config: TELEMETRY,
  },
  required: ['name'],
};
const CREATE_PT: Shape = { fields: { ...SHARED, config: PT_CONFIG }, required: ['name', 'config'] };

const NAME = /^[A-Za-z0-9_-]{1,63}$/;

export function createEndpoint(workspace: Workspace, call: Call): Answer {
  return create(workspace, call, CREATE);
}

export function createPtEndpoint(workspace: Workspace, call: Call): Answer {
  return create(workspace, call, CREATE_PT);
}

function create(workspace: Workspace, call: Call, shape: Shape): Answer {
  const wanted = readBody(shape, call.body, workspace.reading);
  const name = wanted.name as string;
  if (!NAME.test(name))
    throw invalid(`Endpoint name '${name}' must be 1 to 63 letters, digits, dashes or underscores.`);
  refuseReservedName(name, workspace);
  if (workspace.peek(name) !== undefined) throw taken(`Endpoint with name '${name}' already exists.`);
  const config = isObject(wanted.config) && Object.keys(wanted.config).length > 0 ? wanted.config : undefined;
  if (config !== undefined) checkConfig(config, undefined);
  const kind = kindOf({ id: 'new', config });
  if (wanted.route_optimized === true && kind !== 'custom')
    throw invalid('route_optimized is only supported for endpoints with custom models.');
  const tags = sortedTags(objectsOf(wanted.tags));
  checkTags(tags);
  const book: Bookkeeping = {};
  if (wanted.rate_limits !== undefined) book.rate_limits = checkLegacyLimits(wanted.rate_limits);
  const gatewayed =
    wanted.ai_gateway === undefined ? undefined : gatewayOf(workspace, wanted.ai_gateway, {}, name, kind);
  countUpdate(workspace);

  const now = workspace.clock.now();
  const creator = workspace.me.user_name;
  const body: JsonObject = {
    name,
    id: workspace.nextId(name),
    creator,
    creation_timestamp: now,
    last_updated_timestamp: now,
    state: { ready: 'NOT_READY', config_update: 'NOT_UPDATING' },
    description: wanted.description ?? '',
    route_optimized: wanted.route_optimized ?? false,
  };
  if (tags.length > 0) body.tags = tags;
  if (wanted.email_notifications !== undefined) body.email_notifications = wanted.email_notifications;
  if (wanted.budget_policy_id !== undefined) body.effective_budget_policy_id = wanted.budget_policy_id;
  if (gatewayed !== undefined && Object.keys(gatewayed.gateway).length > 0)
    body.ai_gateway = gatewayed.gateway;
  if (gatewayed?.table !== undefined) workspace.tables.add(gatewayed.table);
  if (body.route_optimized === true)
    body.endpoint_url = `${call.origin}/serving-endpoints/${name}/invocations`;
  const task = taskOf(config);
  if (task !== undefined) body.task = task;
  const telemetry =
    telemetryTypeOf(kind) === undefined ? telemetryOf(wanted.telemetry_config, undefined, name) : undefined;
  if (telemetry !== undefined) body.telemetry_config = telemetry;

  const made = new Endpoint(body, firstGrants(creator, workspace.me.service_principal), book);
  const endpoint = config === undefined ? made : startUpdate(workspace, made, config);
  workspace.put(endpoint);
  return { status: 200, text: endpoint.detail(workspace.me, workspace.shuffle) };
}

function taskOf(config: JsonObject | undefined): string | undefined {
  const [entity] = entitiesOf(config);
  return isObject(entity?.external_model) ? textOf(entity.external_model.task) : undefined;
}

/** Answers nothing. */
export function deleteEndpoint(workspace: Workspace, call: Call): Answer {
  const endpoint = call.writable(workspace);
  refuseSystemOwned(endpoint, workspace, 'deleted');
  workspace.remove(endpoint);
  return { status: 200, text: '' };
}
