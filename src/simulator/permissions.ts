// Permissions of an endpoint, addressed by its id: read, replace, merge, and the levels there are.
//
// https://docs.databricks.com/api/workspace/servingendpoints/setpermissions · the highest level of a principal
// counts, and admins cannot be lowered: https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/permissions
import { ADMIN_GROUP, answered, type Grant, grantsOf, LEVELS, PRINCIPALS, withInherited } from './acl';
import type { Endpoint } from './endpoint';
import { ApiError, absent, denied, invalid } from './errors';
import { type JsonObject, objectsOf, textOf } from './json';
import { type Answer, type Call, json } from './routing';
import { readBody, type Shape } from './shapes';
import type { Workspace } from './state';

const REQUEST: Shape = {
  fields: {
    access_control_list: {
      list: {
        fields: {
          user_name: 'string',
          group_name: 'string',
          service_principal_name: 'string',
          permission_level: { oneOf: LEVELS },
        },
        required: ['permission_level'],
      },
    },
  },
};

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  CAN_VIEW: 'Can view the endpoint',
  CAN_QUERY: 'Can view and query the endpoint',
  CAN_MANAGE: 'Can view, query, change and delete the endpoint and its permissions',
};

/** As the refusal of an absent principal names it. */
const PRINCIPAL_TYPES: Readonly<Record<Grant['by'], string>> = {
  user_name: 'UserName',
  group_name: 'GroupName',
  service_principal_name: 'ServicePrincipalName',
};

export function getPermissions(workspace: Workspace, call: Call): Answer {
  const endpoint = addressed(workspace, call);
  const older = workspace.grantReads.take(endpoint.id!, call.stale);
  if (older) return { status: 200, text: older.detail };
  return json(shown(endpoint), workspace.shuffle);
}

/** Replaces the direct grants; what is inherited stays. */
export function setPermissions(workspace: Workspace, call: Call): Answer {
  return write(workspace, call, (_before, given) => given);
}

/** Sets the level of each principal named; the others keep theirs. */
export function updatePermissions(workspace: Workspace, call: Call): Answer {
  return write(workspace, call, (before, given) => {
    const named = new Set(given.map(key));
    return [...before.filter((grant) => !named.has(key(grant))), ...given];
  });
}

export function getPermissionLevels(workspace: Workspace, call: Call): Answer {
  addressed(workspace, call);
  const permission_levels = LEVELS.map((permission_level) => ({
    permission_level,
    description: DESCRIPTIONS[permission_level],
  }));
  return json({ permission_levels });
}

function write(
  workspace: Workspace,
  call: Call,
  merge: (before: Grant[], given: Grant[]) => Grant[],
): Answer {
  const endpoint = addressed(workspace, call);
  const body = readBody(REQUEST, call.body, { unknown: 'drop' });
  const given = requested(objectsOf(body.access_control_list), workspace);
  const direct = endpoint.grants.filter((grant) => grant.from === undefined);
  const next = endpoint.with({ grants: withInherited(merge(direct, given), endpoint.grants) });
  const older = { detail: JSON.stringify(shown(endpoint)), item: '' };
  workspace.grantReads.wrote(endpoint.id!, older, workspace.settings.stale_reads ?? 0);
  workspace.put(next);
  return json(shown(next), workspace.shuffle);
}

/** The endpoint whose id the path holds. A name there, or nothing we ever gave as an id, is refused in words. */
function addressed(workspace: Workspace, call: Call): Endpoint {
  if (workspace.settings.acls_disabled)
    throw new ApiError(
      workspace.settings.feature_disabled_status ?? 404,
      'FEATURE_DISABLED',
      'ACLs for inference-endpoint are disabled or not available in this tier.',
    );
  const id = call.params.id!;
  const endpoint = workspace.withId(id);
  if (endpoint === undefined) {
    if (!/^[0-9a-f]{32}$/.test(id)) throw invalid(`'${id}' is not a valid Inference Endpoint ID.`);
    throw absent(`Endpoint with id '${id}' does not exist.`);
  }
  if (endpoint.level(workspace.me) !== 'CAN_MANAGE')
    throw denied(`You do not have CAN_MANAGE permission on the endpoint '${endpoint.name}'.`);
  return endpoint;
}

function requested(entries: readonly JsonObject[], workspace: Workspace): Grant[] {
  const highest = new Map<string, Grant>();
  for (const [index, entry] of entries.entries()) {
    const named = PRINCIPALS.filter((by) => textOf(entry[by]));
    if (named.length !== 1)
      throw invalid(`access_control_list[${index}]: exactly one of ${PRINCIPALS.join(', ')} must be set.`);
    const grant = grantsOf([entry])[0]!;
    if (grant.by === 'group_name' && grant.principal === ADMIN_GROUP)
      throw invalid(
        `access_control_list[${index}]: permissions of the group ${ADMIN_GROUP} cannot be changed.`,
      );
    const known = workspace.settings.principals;
    if (known !== undefined && !known.includes(grant.principal))
      throw absent(`Principal: ${PRINCIPAL_TYPES[grant.by]}(${grant.principal}) does not exist`);
    const other = highest.get(key(grant));
    if (other === undefined || LEVELS.indexOf(other.level) < LEVELS.indexOf(grant.level))
      highest.set(key(grant), grant);
  }
  return [...highest.values()];
}

function shown(endpoint: Endpoint): JsonObject {
  return {
    object_id: `/serving-endpoints/${endpoint.id}`,
    object_type: 'serving-endpoint',
    access_control_list: answered(endpoint.grants),
  };
}

function key(grant: Grant): string {
  return `${grant.by}:${grant.principal}`;
}
