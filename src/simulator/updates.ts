// Updates of a config take time: they settle on the clock, well or badly. Called before every request, so
// that nobody sees an update that should have ended.
//
// https://docs.databricks.com/aws/en/machine-learning/model-serving/manage-serving-endpoints · a failed update leaves the former config serving
import type { Endpoint } from './endpoint';
import { isObject, type JsonObject, objectsOf, textOf } from './json';
import type { Workspace } from './state';

const LISTS = ['served_entities', 'served_models'] as const;

export function settle(workspace: Workspace): void {
  const now = workspace.clock.now();
  for (const name of [...workspace.updating]) {
    const endpoint = workspace.peek(name);
    if (endpoint === undefined) continue;
    const due = endpoint.book.settles_at;
    if (typeof due === 'number' && due <= now) workspace.settle(settled(endpoint, due));
  }
}

function settled(endpoint: Endpoint, at: number): Endpoint {
  const { settles_at: _done, outcome = 'NOT_UPDATING', messages, ...book } = endpoint.book;
  const { pending_config, ...rest } = endpoint.body;
  const state = isObject(rest.state) ? rest.state : {};
  const body: JsonObject = { ...rest, last_updated_timestamp: at };
  if (outcome === 'NOT_UPDATING') {
    body.state = { ...state, ready: 'READY', config_update: 'NOT_UPDATING' };
    if (isObject(pending_config)) {
      const { start_time: _start, ...config } = pending_config;
      body.config = deployed(config, 'DEPLOYMENT_READY', {});
    }
    return endpoint.with({ body, book });
  }
  body.state = { ...state, config_update: outcome };
  const deployment = outcome === 'UPDATE_FAILED' ? 'DEPLOYMENT_FAILED' : 'DEPLOYMENT_ABORTED';
  if (isObject(pending_config)) body.pending_config = deployed(pending_config, deployment, messages ?? {});
  return endpoint.with({ body, book });
}

function deployed(
  config: JsonObject,
  deployment: string,
  messages: Readonly<Record<string, string>>,
): JsonObject {
  const out: JsonObject = { ...config };
  for (const list of LISTS) {
    if (!Array.isArray(config[list])) continue;
    out[list] = objectsOf(config[list]).map((entity) => {
      const said = messages[textOf(entity.name) ?? ''];
      const usual = deployment === 'DEPLOYMENT_READY' ? '' : 'The deployment did not succeed.';
      return { ...entity, state: { deployment, deployment_state_message: said ?? usual } };
    });
  }
  return out;
}
