// Create, get, list, update, delete of services in Unity Catalog, the same for each kind. What a kind holds and
// refuses is in its own file.
//
// https://docs.databricks.com/api/workspace/aigateway and
// https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/service/catalog.py (AiGatewayAPI)
import { denied, invalid, taken } from './errors';
import { etagAfter, refuseStaleEtag } from './etags';
import { isObject, type JsonObject, textOf } from './json';
import { METASTORE_ID, noSecurable, refuseAbsentSchema } from './metastore';
import { refusal } from './ownership';
import { countIn, tokenIn } from './pages';
import { type Answer, type Call, type Handler, json } from './routing';
import { withoutSecrets } from './secrets';
import { type Draft, type Kind, Securable } from './securable';
import { readBody } from './shapes';
import type { Workspace } from './state';
import { timeText } from './times';
import { checkName, named, SYSTEM_SCHEMA } from './uc-names';
import { masked, maskOf, withoutEmpty } from './update-mask';

const MOST_ON_A_PAGE = 100;
const LONGEST_COMMENT = 65_536;

export const create =
  (kind: Kind): Handler =>
  (workspace, call) => {
    const schema = named('schemas', call.query.get('parent') ?? undefined, 2, 'parent');
    const leaf = checkName(call.query.get(`${kind.type}_id`) ?? '', 1, `${kind.type}_id`);
    refuseAbsentSchema(workspace, schema);
    if (schema === SYSTEM_SCHEMA)
      throw refusal(`Schema '${schema}' is managed by Databricks: nothing can be created in it.`, workspace);
    const name = `${schema}.${leaf}`;
    for (const path of kind.shares) {
      if (workspace.securables.get({ path }, name) !== undefined)
        throw taken(`'${name}' already exists (${path}/${name}).`);
    }
    const given = withoutEmpty(readBody(kind.shape, call.body, workspace.reading));
    if (!isObject(given.config)) throw invalid('config is required.');
    const { user_name: maker } = workspace.me;
    const now = timeText(workspace.clock.now());
    const made: JsonObject = {
      effective_owner: maker,
      metastore_id: METASTORE_ID,
      create_time: now,
      created_by: maker,
    };
    const securable = new Securable(kind, name, { name: `${kind.path}/${name}`, ...made }, []);
    const id = () => workspace.nextId(`${kind.path}/${name}`);
    return write(workspace, securable, given, () => true, id);
  };

export const get =
  (kind: Kind): Handler =>
  (workspace, call) => {
    const name = checkName(call.params.name!, 3, 'name');
    const older = workspace.securables.older(kind, name, call.stale);
    if (older === null) throw noSecurable(kind.label, name);
    if (older !== undefined) return { status: 200, text: older.detail };
    const found = visible(workspace, kind, call);
    return { status: 200, text: found.detail(workspace.settings, workspace.shuffle) };
  };

export const list =
  (kind: Kind): Handler =>
  (workspace, call) => {
    const schema = named('schemas', call.query.get('parent') ?? undefined, 2, 'parent');
    const view = call.query.get('view') || 'BASIC';
    if (view !== 'BASIC' && view !== 'FULL') throw invalid(`view: '${view}' is not one of BASIC, FULL.`);
    const size = Math.min(countIn(call.query, 'page_size') || MOST_ON_A_PAGE, MOST_ON_A_PAGE);
    const after = tokenIn(call.query, `${kind.path}/${schema}`);
    refuseAbsentSchema(workspace, schema);
    const { texts, token } = workspace.securables.page(kind, schema, view === 'FULL' ? 'detail' : 'item', {
      after,
      size,
      stale: call.stale,
    });
    const members: string[] = [];
    const empty = workspace.settings.empty_list ?? 'omitted';
    if (texts.length > 0 || empty === 'empty') members.push(`"${kind.list}":[${texts.join(',')}]`);
    else if (empty === 'null') members.push(`"${kind.list}":null`);
    if (token !== undefined) members.push(`"next_page_token":${JSON.stringify(token)}`);
    return { status: 200, text: `{${members.join(',')}}` };
  };

export const patch =
  (kind: Kind): Handler =>
  (workspace, call) => {
    const found = manageable(workspace, kind, call);
    const mask = maskOf(kind, call.query.get('update_mask'));
    const owned = found.systemOwned && mask.find((path) => !kind.systemMasks.includes(path));
    if (owned)
      throw refusal(
        `${kind.label} '${found.name}' is managed by Databricks: ${owned} cannot be changed.`,
        workspace,
      );
    refuseStaleEtag(found, call.query, workspace.settings);
    const after = masked(kind, mask, call.body, found.body, workspace.reading);
    return write(workspace, found, after, (part) => mask.some((path) => path === 'config' || path === part));
  };

export const remove =
  (kind: Kind): Handler =>
  (workspace, call) => {
    const found = manageable(workspace, kind, call);
    if (found.systemOwned)
      throw refusal(
        `${kind.label} '${found.name}' is managed by Databricks and cannot be deleted.`,
        workspace,
      );
    refuseStaleEtag(found, call.query, workspace.settings);
    workspace.securables.remove(found);
    workspace.save();
    return json({});
  };

/** Checks what was asked and stores it. `touched` knows the paths of masks, `former` what the next etag follows on. */
function write(
  workspace: Workspace,
  found: Securable,
  asked: JsonObject,
  touched: (path: string) => boolean,
  former: () => string = () => textOf(found.body.etag) ?? found.name,
): Answer {
  const { kind, name, config: before, body } = found;
  if ((textOf(asked.comment)?.length ?? 0) > LONGEST_COMMENT)
    throw invalid(`comment: at most ${LONGEST_COMMENT} characters are allowed.`);
  const draft: Draft = {
    workspace,
    name,
    before,
    config: isObject(asked.config) ? asked.config : {},
    touches: (part) => touched(`config.${part}`),
    tables: [],
    outputs: {},
  };
  const config = withoutSecrets(kind.settled(draft));
  const { comment: _replaced, ...rest } = body;
  const after: JsonObject = {
    ...rest,
    ...(asked.comment === undefined ? {} : { comment: asked.comment }),
    config,
    ...draft.outputs,
    update_time: timeText(workspace.clock.now()),
    updated_by: workspace.me.user_name,
    etag: etagAfter(former()),
  };
  const next = found.with({ body: after });
  workspace.securables.put(next);
  if (workspace.settings.tables_persist) for (const table of draft.tables) workspace.tables.add(table);
  workspace.save();
  return { status: 200, text: next.detail(workspace.settings, workspace.shuffle) };
}

/** @throws ApiError 404; 403 when the caller holds no right on it */
export function visible(workspace: Workspace, kind: Kind, call: Call): Securable {
  const name = checkName(call.params.name!, 3, 'name');
  const found = workspace.securables.get(kind, name);
  if (found === undefined) throw noSecurable(kind.label, name);
  if (found.rightOf(workspace.me, workspace.clock.now()) === undefined)
    throw denied(`You do not have permission to see the ${kind.label.toLowerCase()} '${name}'.`);
  return found;
}

/** The same, for a write. @throws ApiError 404; 403 without ownership or MANAGE */
export function manageable(workspace: Workspace, kind: Kind, call: Call): Securable {
  const found = visible(workspace, kind, call);
  if (found.rightOf(workspace.me, workspace.clock.now()) === 'manage') return found;
  throw denied(`You neither own the ${kind.label.toLowerCase()} '${found.name}' nor hold MANAGE on it.`);
}
