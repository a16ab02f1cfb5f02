// Access control lists of endpoints: entries, their two written forms, what a caller may do. Knows no request.
//
// Forms: https://docs.databricks.com/api/workspace/servingendpoints/getpermissions
import { isObject, type Json, type JsonObject, objectsOf, textOf } from './json';
import type { Me } from './types';

export const LEVELS = ['CAN_VIEW', 'CAN_QUERY', 'CAN_MANAGE'] as const;
export type Level = (typeof LEVELS)[number];
export const PRINCIPALS = ['user_name', 'group_name', 'service_principal_name'] as const;

export interface Grant {
  readonly by: (typeof PRINCIPALS)[number];
  readonly principal: string;
  readonly level: Level;
  /** Set on what comes from the parent object and cannot be changed here. */
  readonly from?: readonly string[];
}

const PARENT: readonly string[] = ['/serving-endpoints'];
const ADMINS: Grant = { by: 'group_name', principal: 'admins', level: 'CAN_MANAGE', from: PARENT };

export const ADMIN_GROUP = 'admins';

export function isLevel(value: unknown): value is Level {
  return (LEVELS as readonly unknown[]).includes(value);
}

/** The list of an object just made: its maker may manage it, and so may admins. */
export function firstGrants(creator: string | undefined, byServicePrincipal: boolean): Grant[] {
  const by = byServicePrincipal ? 'service_principal_name' : 'user_name';
  return creator === undefined ? [ADMINS] : [{ by, principal: creator, level: 'CAN_MANAGE' }, ADMINS];
}

/** Direct grants first, what is inherited after them; admins always inherit. */
export function withInherited(direct: readonly Grant[], before: readonly Grant[] = [ADMINS]): Grant[] {
  const inherited = before.filter((grant) => grant.from !== undefined);
  return [...direct, ...(inherited.length > 0 ? inherited : [ADMINS])];
}

/** Reads the form of a request (`permission_level`) and of an answer (`all_permissions`), bare or under `access_control_list`. */
export function grantsOf(value: Json | undefined): Grant[] {
  const list = isObject(value) ? value.access_control_list : value;
  return objectsOf(list).flatMap((entry) => {
    const by = PRINCIPALS.find((key) => textOf(entry[key]) !== undefined);
    if (by === undefined)
      throw new Error('a permission names user_name, group_name or service_principal_name');
    const principal = textOf(entry[by])!;
    const levels = Array.isArray(entry.all_permissions) ? objectsOf(entry.all_permissions) : [entry];
    return levels.map((one) => {
      if (!isLevel(one.permission_level))
        throw new Error(`a permission_level is one of ${LEVELS.join(', ')}`);
      const grant: Grant = { by, principal, level: one.permission_level };
      if (one.inherited !== true) return grant;
      const from = Array.isArray(one.inherited_from_object) ? one.inherited_from_object.map(String) : PARENT;
      return { ...grant, from };
    });
  });
}

/** One entry for each principal, all its levels within. */
export function answered(grants: readonly Grant[]): JsonObject[] {
  const entries = new Map<string, { entry: JsonObject; levels: Json[] }>();
  for (const grant of grants) {
    const key = `${grant.by}:${grant.principal}`;
    const found = entries.get(key) ?? { entry: { [grant.by]: grant.principal }, levels: [] };
    if (grant.by !== 'group_name') found.entry.display_name = grant.principal;
    const level: JsonObject = { permission_level: grant.level, inherited: grant.from !== undefined };
    if (grant.from !== undefined) level.inherited_from_object = [...grant.from];
    found.levels.push(level);
    entries.set(key, found);
  }
  return [...entries.values()].map(({ entry, levels }) => ({ ...entry, all_permissions: levels }));
}

/** The caller's best level, or undefined. Admins of the workspace manage everything. */
export function levelOf(me: Required<Me>, grants: readonly Grant[]): Level | undefined {
  if (me.groups.includes(ADMIN_GROUP)) return 'CAN_MANAGE';
  let best = -1;
  for (const grant of grants) {
    const mine =
      grant.by === 'group_name' ? me.groups.includes(grant.principal) : grant.principal === me.user_name;
    if (mine) best = Math.max(best, LEVELS.indexOf(grant.level));
  }
  return LEVELS[best];
}
