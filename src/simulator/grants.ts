// Grants on services: read, change, and the effective ones. A change takes a while to spread: `grant_delay_ms`.
//
// https://docs.databricks.com/api/workspace/grants · the lower-case type and the bare name, as official clients
// send them: https://github.com/databricks/terraform-provider-databricks/blob/main/catalog/permissions/permissions.go
import { ApiError, invalid } from './errors';
import { type JsonObject, objectsOf } from './json';
import { countIn, pageOf, tokenIn } from './pages';
import { assignments, type Privilege } from './privileges';
import { type Answer, type Call, json } from './routing';
import type { Securable } from './securable';
import { KINDS } from './securable-kinds';
import { readBody, type Shape } from './shapes';
import type { Workspace } from './state';
import { manageable } from './unity-services';

const PATCH: Shape = {
  fields: {
    changes: {
      list: {
        fields: { principal: 'string', add: { list: 'string' }, remove: { list: 'string' } },
        required: ['principal'],
      },
    },
    omit_permissions_in_response: 'boolean',
  },
};
/** Open words: the API has had privileges before its clients knew them. */
const PRIVILEGE = /^[A-Z][A-Z0-9_]*$/;
const LEAST_ON_A_PAGE = 150;

export function getGrants(workspace: Workspace, call: Call): Answer {
  return shown(workspace, call, false);
}

export function getEffectiveGrants(workspace: Workspace, call: Call): Answer {
  return shown(workspace, call, true);
}

export function patchGrants(workspace: Workspace, call: Call): Answer {
  const found = addressed(workspace, call);
  const patch = readBody(PATCH, call.body, { unknown: 'drop' });
  let grants = found.grants;
  for (const [index, change] of objectsOf(patch.changes).entries())
    grants = changed(grants, change, `changes[${index}]`, workspace);
  const now = workspace.clock.now();
  const delay = workspace.settings.grant_delay_ms ?? 0;
  const pending = found.earlier.filter(({ until }) => until > now);
  const earlier = delay > 0 ? [...pending, { until: now + delay, grants: found.grants }] : pending;
  const older = { detail: JSON.stringify(answer(found.grantsAt(now), false)), item: '' };
  workspace.grantReads.wrote(keyOf(found), older, workspace.settings.stale_reads ?? 0);
  workspace.securables.hold(found.with({ grants, earlier }));
  workspace.save();
  if (patch.omit_permissions_in_response === true) return json({});
  return json(answer(grants, false), workspace.shuffle);
}

function shown(workspace: Workspace, call: Call, effective: boolean): Answer {
  const found = addressed(workspace, call);
  const older = effective ? undefined : workspace.grantReads.take(keyOf(found), call.stale);
  if (older) return { status: 200, text: older.detail };
  const size = sizeIn(call.query);
  const only = call.query.get('principal');
  const all = assignments(found.grantsAt(workspace.clock.now()), effective);
  const kept = all.filter(({ principal }) => !only || principal === only);
  const page = pageOf(
    kept.map(({ principal }) => principal as string),
    keyOf(found),
    tokenIn(call.query, keyOf(found)),
    size,
  );
  const body: JsonObject = {};
  const listed = kept.filter(({ principal }) => page.names.includes(principal as string));
  if (listed.length > 0) body.privilege_assignments = listed;
  if (page.token !== undefined) body.next_page_token = page.token;
  return json(body, workspace.shuffle);
}

function answer(grants: readonly Privilege[], effective: boolean): JsonObject {
  const listed = assignments(grants, effective);
  return listed.length > 0 ? { privilege_assignments: listed } : {};
}

/** max_results: left out is all, 0 the server's choice, and a page holds at least 150. */
function sizeIn(query: URLSearchParams): number | undefined {
  const asked = countIn(query, 'max_results');
  if (asked !== undefined && asked > 0 && asked < LEAST_ON_A_PAGE)
    throw invalid(`max_results must be 0 or at least ${LEAST_ON_A_PAGE}.`);
  return asked === undefined ? undefined : LEAST_ON_A_PAGE;
}

function addressed(workspace: Workspace, call: Call): Securable {
  const type = call.params.type!.toLowerCase();
  const kind = KINDS.find((one) => one.type === type);
  if (kind === undefined)
    throw invalid(`'${call.params.type}' is not one of ${KINDS.map((one) => one.type).join(', ')}.`);
  return manageable(workspace, kind, call);
}

/** Removes, then adds. What a schema conveys stays. */
function changed(
  grants: readonly Privilege[],
  change: JsonObject,
  at: string,
  workspace: Workspace,
): readonly Privilege[] {
  const principal = change.principal as string;
  const added = (change.add ?? []) as string[];
  const removed = (change.remove ?? []) as string[];
  if (principal === '') throw invalid(`${at}.principal must not be empty.`);
  const wrong = [...added, ...removed].find((privilege) => !PRIVILEGE.test(privilege));
  if (wrong !== undefined) throw invalid(`${at}: '${wrong}' is not a privilege.`);
  const twice = added.find((privilege) => removed.includes(privilege));
  if (twice !== undefined) throw invalid(`${at}: ${twice} cannot be both added and removed.`);
  const known = workspace.settings.principals;
  if (added.length > 0 && known !== undefined && !known.includes(principal))
    throw new ApiError(404, 'PRINCIPAL_DOES_NOT_EXIST', `Could not find principal with name ${principal}`);
  const named = new Set([...added, ...removed]);
  const kept = grants.filter(
    (one) => one.from !== undefined || one.principal !== principal || !named.has(one.privilege),
  );
  return [...kept, ...[...new Set(added)].map((privilege) => ({ principal, privilege }))];
}

const keyOf = ({ kind, name }: Securable) => `${kind.path}/${name}`;
