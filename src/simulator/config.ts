// PUT .../config, ordinary and provisioned throughput: replaces the config, takes time, one at a time.
//
// https://docs.databricks.com/api/workspace/servingendpoints/updateconfig
import { CONFIG, checkConfig, PT_CONFIG } from './config-rules';
import type { Endpoint } from './endpoint';
import { completeConfig, entityName, modernised } from './entities';
import { conflict } from './errors';
import { isObject, type JsonObject, textOf } from './json';
import { entitiesOf } from './kinds';
import { countUpdate } from './limiter';
import { refuseSystemOwned } from './ownership';
import type { Answer, Call } from './routing';
import { readBody, type Shape } from './shapes';
import type { Workspace } from './state';
import type { Bookkeeping } from './types';

export function putConfig(workspace: Workspace, call: Call): Answer {
  return replaceConfig(workspace, call, CONFIG, (body) => body);
}

export function putPtConfig(workspace: Workspace, call: Call): Answer {
  const nested: Shape = { fields: { config: PT_CONFIG }, required: ['config'] };
  return replaceConfig(workspace, call, nested, (body) => body.config as JsonObject);
}

function replaceConfig(
  workspace: Workspace,
  call: Call,
  shape: Shape,
  configIn: (body: JsonObject) => JsonObject,
): Answer {
  const endpoint = call.writable(workspace);
  refuseSystemOwned(endpoint, workspace, 'updated');
  const config = configIn(readBody(shape, call.body, workspace.reading));
  if (endpoint.updating) throw conflict(`Endpoint '${endpoint.name}' is currently being updated.`);
  const serving = isObject(endpoint.body.config) ? endpoint.body.config : undefined;
  checkConfig(config, serving);
  countUpdate(workspace);
  const next = startUpdate(workspace, endpoint, config);
  workspace.put(next);
  return { status: 200, text: next.detail(workspace.me, workspace.shuffle) };
}

/** The endpoint with `config` pending. `config` has been checked. */
export function startUpdate(workspace: Workspace, endpoint: Endpoint, config: JsonObject): Endpoint {
  const now = workspace.clock.now();
  const { body } = endpoint;
  const pending: JsonObject = {
    ...completeConfig(withAutoCapture(modernised(config), endpoint), {
      creator: textOf(body.creator),
      now,
      deployment: 'DEPLOYMENT_CREATING',
    }),
    config_version: Math.max(versionOf(body.config), versionOf(body.pending_config)) + 1,
    start_time: now,
  };
  const state = isObject(body.state) ? body.state : { ready: 'NOT_READY' };
  const book: Bookkeeping = {
    ...endpoint.book,
    ...ending(workspace, endpoint.book, config),
    settles_at: now + workspace.updateDuration,
  };
  const order = entitiesOf(config).map((entity) => entityName(entity)!);
  if (order.length > 1) book.entity_order = order;
  else delete book.entity_order;
  return endpoint.with({
    body: {
      ...body,
      pending_config: pending,
      state: { ...state, config_update: 'IN_PROGRESS' },
      last_updated_timestamp: now,
    },
    book,
  });
}

/** How this update will end: as the endpoint was told, or as a row of `update_outcomes` says of an entity in it. */
function ending(workspace: Workspace, book: Bookkeeping, config: JsonObject): Bookkeeping {
  if (book.next_outcome !== undefined)
    return { outcome: book.next_outcome, messages: book.next_messages ?? {} };
  for (const entity of entitiesOf(config)) {
    const external = isObject(entity.external_model) ? entity.external_model.name : undefined;
    const known = [entityName(entity), entity.entity_name, external];
    const row = workspace.settings.update_outcomes?.find((one) => known.includes(one.entity));
    if (row !== undefined)
      return { outcome: row.outcome, messages: { [entityName(entity)!]: row.message ?? '' } };
  }
  return { outcome: 'NOT_UPDATING', messages: {} };
}

function versionOf(config: unknown): number {
  return isObject(config) && typeof config.config_version === 'number' ? config.config_version : 0;
}

/** Legacy inference tables: `enabled` and the prefix are filled in, the payload table is known by its old state. */
function withAutoCapture(config: JsonObject, endpoint: Endpoint): JsonObject {
  if (!isObject(config.auto_capture_config)) return config;
  const serving = isObject(endpoint.body.config) ? endpoint.body.config.auto_capture_config : undefined;
  const old = isObject(serving) ? serving : {};
  const given = config.auto_capture_config;
  return {
    ...config,
    auto_capture_config: { enabled: true, table_name_prefix: endpoint.name, ...old, ...given },
  };
}
