// Catalogs and schemas, read only: whether a thing that is to be created has where to lie.
//
// https://docs.databricks.com/api/workspace/catalogs/list and https://docs.databricks.com/api/workspace/schemas/list
// · max_results left out is all of them, 0 the server's choice
import { invalid } from './errors';
import { byText, type JsonObject } from './json';
import { catalogExists, METASTORE_ID, noCatalog, refuseAbsentSchema, schemasOf } from './metastore';
import { countIn, pageOf, tokenIn } from './pages';
import { type Answer, type Call, json } from './routing';
import type { Workspace } from './state';
import { checkName, leafOf, SYSTEM_SCHEMA, schemaOf } from './uc-names';

const MOST_ON_A_PAGE = 100;
const SYSTEM_CATALOG = schemaOf(SYSTEM_SCHEMA);
const SYSTEM_OWNER = 'System user';

export function listCatalogs(workspace: Workspace, call: Call): Answer {
  const names = new Set(schemasOf(workspace).map(schemaOf));
  return listed('catalogs', [...names], call, (name) => catalog(workspace, name));
}

export function getCatalog(workspace: Workspace, call: Call): Answer {
  const name = checkName(call.params.name!, 1, 'name');
  if (!catalogExists(workspace, name)) throw noCatalog(name);
  return json(catalog(workspace, name));
}

export function listSchemas(workspace: Workspace, call: Call): Answer {
  const parent = call.query.get('catalog_name');
  if (!parent) throw invalid('catalog_name is required.');
  if (!catalogExists(workspace, parent)) throw noCatalog(parent);
  const names = schemasOf(workspace).filter((name) => schemaOf(name) === parent);
  return listed('schemas', names, call, (name) => schema(workspace, name));
}

export function getSchema(workspace: Workspace, call: Call): Answer {
  const name = checkName(call.params.name!, 2, 'full_name');
  refuseAbsentSchema(workspace, name);
  return json(schema(workspace, name));
}

function listed(
  list: string,
  names: readonly string[],
  call: Call,
  shown: (name: string) => JsonObject,
): Answer {
  const asked = countIn(call.query, 'max_results');
  const size = asked === undefined ? undefined : Math.min(asked || MOST_ON_A_PAGE, MOST_ON_A_PAGE);
  const page = pageOf([...names].sort(byText), list, tokenIn(call.query, list), size);
  const body: JsonObject = { [list]: page.names.map(shown) };
  if (page.token !== undefined) body.next_page_token = page.token;
  return json(body);
}

function catalog(workspace: Workspace, name: string): JsonObject {
  return { name, full_name: name, securable_type: 'CATALOG', ...held(workspace, name) };
}

function schema(workspace: Workspace, full: string): JsonObject {
  const parent = schemaOf(full);
  return { name: leafOf(full), catalog_name: parent, full_name: full, ...held(workspace, parent) };
}

function held(workspace: Workspace, catalogName: string): JsonObject {
  const system = catalogName === SYSTEM_CATALOG;
  return {
    catalog_type: system ? 'SYSTEM_CATALOG' : 'MANAGED_CATALOG',
    owner: system ? SYSTEM_OWNER : workspace.me.user_name,
    metastore_id: METASTORE_ID,
  };
}
