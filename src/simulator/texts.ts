// What an endpoint says in text: its OpenAPI document, metrics, logs. Small and true in form; the simulator
// serves no model, so there is little to say.
//
// https://docs.databricks.com/api/workspace/servingendpoints/exportmetrics and its siblings
import { absent } from './errors';
import { textOf } from './json';
import { entitiesOf } from './kinds';
import { type Answer, type Call, json } from './routing';
import type { Workspace } from './state';

export function getOpenApi(workspace: Workspace, call: Call): Answer {
  const { name } = call.endpoint(workspace);
  const document = {
    openapi: '3.1.0',
    info: { title: name, version: '1' },
    servers: [{ url: `${call.origin}/serving-endpoints/${name}` }],
    paths: { '/invocations': { post: { responses: { '200': { description: 'An answer' } } } } },
  };
  return { status: 200, text: JSON.stringify(document), type: 'text/plain' };
}

export function getMetrics(workspace: Workspace, call: Call): Answer {
  const endpoint = call.endpoint(workspace);
  const lines = ['# TYPE request_count_total counter'];
  for (const entity of entitiesOf(endpoint.body.config)) {
    lines.push(`request_count_total{endpoint_name="${endpoint.name}",served_entity_name="${entity.name}"} 0`);
  }
  return { status: 200, text: `${[...lines, '# EOF'].join('\n')}\n`, type: 'text/plain' };
}

export function getLogs(workspace: Workspace, call: Call): Answer {
  const endpoint = call.endpoint(workspace);
  const wanted = call.params.entity!;
  const entities = [...entitiesOf(endpoint.body.config), ...entitiesOf(endpoint.body.pending_config)];
  if (!entities.some((entity) => textOf(entity.name) === wanted))
    throw absent(`Served entity '${wanted}' of the endpoint '${endpoint.name}' does not exist.`);
  return json({ logs: '' });
}
