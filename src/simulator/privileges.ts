// Grants in Unity Catalog: who holds which privilege on a service, their written forms, what a caller may do.
// Knows no request.
//
// Forms: https://docs.databricks.com/api/workspace/grants/get and …/geteffective
import { ADMIN_GROUP } from './acl';
import { byText, isObject, type Json, type JsonObject, objectsOf, textOf } from './json';
import type { Me } from './types';

export interface Privilege {
  readonly principal: string;
  readonly privilege: string;
  /** Set on what a schema or catalog conveys and cannot be changed here. */
  readonly from?: { readonly type: string; readonly name: string };
}

/** Everybody in the account: https://docs.databricks.com/aws/en/admin/users-groups/groups */
export const EVERYBODY = 'account users';

/** ALL_PRIVILEGES does not convey MANAGE: https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/privileges */
const SEEING: ReadonlySet<string> = new Set(['EXECUTE', 'READ_METADATA', 'MANAGE', 'ALL_PRIVILEGES']);

/** Reads `privileges` of names, as a GET answers them, and of objects, as the effective ones are answered. */
export function privilegesOf(value: Json | undefined): Privilege[] {
  const list = isObject(value) ? value.privilege_assignments : value;
  return objectsOf(list).flatMap((entry) => {
    const principal = textOf(entry.principal);
    if (!principal || !Array.isArray(entry.privileges))
      throw new Error('a grant names a principal and its privileges');
    return entry.privileges.map((one): Privilege => {
      const privilege = textOf(isObject(one) ? one.privilege : one);
      if (!privilege) throw new Error(`a privilege of ${principal} has no name`);
      const name = isObject(one) ? textOf(one.inherited_from_name) : undefined;
      if (name === undefined) return { principal, privilege };
      const type = textOf((one as JsonObject).inherited_from_type) ?? 'SCHEMA';
      return { principal, privilege, from: { type, name } };
    });
  });
}

/** `privilege_assignments` by principal; the inherited ones only where `effective` asks for them. */
export function assignments(all: readonly Privilege[], effective: boolean): JsonObject[] {
  const byPrincipal = new Map<string, Json[]>();
  const sorted = [...all].sort(
    (a, b) => byText(a.principal, b.principal) || byText(a.privilege, b.privilege),
  );
  for (const { principal, privilege, from } of sorted) {
    if (from !== undefined && !effective) continue;
    const inherited = from && { inherited_from_type: from.type, inherited_from_name: from.name };
    const held = byPrincipal.get(principal) ?? [];
    held.push(effective ? { privilege, ...inherited } : privilege);
    byPrincipal.set(principal, held);
  }
  return [...byPrincipal].map(([principal, privileges]) => ({ principal, privileges }));
}

/** What the caller may do with a service of that owner. Admins of the workspace manage everything. */
export function rightOf(
  me: Required<Me>,
  owner: string | undefined,
  all: readonly Privilege[],
): 'manage' | 'see' | undefined {
  const mine = (principal: string | undefined) =>
    principal === me.user_name || principal === EVERYBODY || me.groups.includes(principal ?? '');
  if (me.groups.includes(ADMIN_GROUP) || mine(owner)) return 'manage';
  const held = all.filter(({ principal }) => mine(principal)).map(({ privilege }) => privilege);
  if (held.includes('MANAGE')) return 'manage';
  return held.some((privilege) => SEEING.has(privilege)) ? 'see' : undefined;
}
