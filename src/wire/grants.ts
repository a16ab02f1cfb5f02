// Grants of Unity Catalog on the wire: privileges by principal, changed by what is added and what is removed.
// https://docs.databricks.com/api/workspace/grants
import type { Assignment } from '../model/assign';
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS, keyed } from '../model/keys';
import { itemKey } from '../model/path';
import type { LiveResource } from '../model/resource';
import type { Operation } from './operation';
import type { Extra, ManageRight, StepDraft, WantedAssignment } from './step';

export const FIELD = 'grants';

/** "A few minutes": https://docs.databricks.com/aws/en/ai-gateway/govern-model-services */
const SPREADS_MS = 5 * 60_000;

export interface GrantOperations {
  readonly read: Operation;
  readonly change: Operation;
}

/** `type` as paths of grants call the kind: `model_service`. */
export function grantOperations(type: string): GrantOperations {
  const path = `/api/2.1/unity-catalog/permissions/${type}/{name}`;
  return {
    read: { id: 'grants.get', method: 'GET', path, retry: 'read', pace: 'read' },
    change: { id: 'grants.patch', method: 'PATCH', path, retry: 'desired-state', pace: 'patch' },
  };
}

/** Direct grants alone: what a schema or catalog conveys cannot be changed here, and is not answered. */
export function grantsExtra(operation: Operation): Extra {
  return {
    field: FIELD,
    operation,
    // Zero asks for pages of the server's size; without it no pages are made, which is to go away.
    query: { max_results: '0' },
    spreadsMs: SPREADS_MS,
    params: ({ name }) => ({ name }),
    fromWire: (pages) =>
      pages.flatMap(({ privilege_assignments: list }) => (isList(list) ? list : [])).filter(isObject),
  };
}

/** Taking privileges away goes first, giving them goes last. */
export function grantSteps(wanted: readonly WantedAssignment[], operation: Operation): StepDraft[] {
  const tightening = wanted.filter(({ direction }) => direction === 'tightens');
  const opening = wanted.filter(({ direction }) => direction !== 'tightens');
  const step = (list: readonly WantedAssignment[], phase: StepDraft['phase']): StepDraft[] =>
    list.length === 0 ? [] : [{ operation, phase, ours: list.map(({ path, value }) => ({ path, value })) }];
  return [...step(tightening, 'tighten'), ...step(opening, 'open')];
}

/** What each principal gains and loses against what it holds now. */
export function grantChanges(ours: readonly Assignment[], live: LiveResource | undefined): JsonObject {
  const held = keyed(KEY_CODECS.grant, live?.fields[FIELD]).items;
  const changes = ours.flatMap(({ path, value }) => {
    const principal = itemKey(path[1] ?? '[]');
    const before = privileges(held.get(principal));
    const after = privileges(value);
    const add = after.filter((one) => !before.includes(one));
    const remove = before.filter((one) => !after.includes(one));
    if (add.length === 0 && remove.length === 0) return [];
    return [{ principal, ...(add.length > 0 ? { add } : {}), ...(remove.length > 0 ? { remove } : {}) }];
  });
  return { changes };
}

function privileges(value: Json | undefined): string[] {
  return isList(value) ? value.map(String) : [];
}

/** ALL_PRIVILEGES does not convey it. A grant calls everybody by the bare name. */
export const MANAGE: ManageRight = {
  field: FIELD,
  conveyed: (held) => privileges(held).includes('MANAGE'),
  itemOf: (caller) => caller.slice(caller.indexOf(':') + 1),
  source: 'https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/privileges',
};
