// GET list and GET one of the former generation's gateway endpoints, which no public call can write. Answers
// them as they were seeded.
//
// Undocumented; read by https://github.com/databricks/unity-gateway (src/ucode/databricks.py)
import { absent } from './errors';
import { byText, type JsonObject, textOf } from './json';
import { countIn, pageOf, tokenIn } from './pages';
import { type Answer, type Call, json } from './routing';
import type { Workspace } from './state';

const LIST = 'gateway-endpoints-v2';
const MOST_ON_A_PAGE = 100;

export function listGatewayEndpoints(workspace: Workspace, call: Call): Answer {
  const all = new Map(workspace.gatewayEndpoints.map((one) => [textOf(one.name)!, one]));
  const size = Math.min(countIn(call.query, 'page_size') || MOST_ON_A_PAGE, MOST_ON_A_PAGE);
  const page = pageOf([...all.keys()].sort(byText), LIST, tokenIn(call.query, LIST), size);
  const endpoints = page.names.map((name) => itemOf(all.get(name)!));
  return json(page.token === undefined ? { endpoints } : { endpoints, next_page_token: page.token });
}

export function getGatewayEndpoint(workspace: Workspace, call: Call): Answer {
  const found = workspace.gatewayEndpoints.find((one) => one.name === call.params.name);
  if (found === undefined) throw absent(`AI Gateway endpoint '${call.params.name}' does not exist.`);
  return json(found);
}

function itemOf({ supported_api_types: _detail, ...item }: JsonObject): JsonObject {
  return item;
}
