// What of a plan counts as drift: one place for it, so that the words and the exit code cannot be two things. Pure.
import type { Change, Difference, Plan, Refused, Subject } from '../plan/types';
import { oneLine } from './sanitise';

export type Differing = Subject & { readonly differences: readonly Difference[] };

export interface Drift {
  readonly differing: readonly Differing[];
  readonly missing: readonly (Change | Refused)[];
  readonly unreadable: readonly Refused[];
  /** Under `removed`, and still there or still stamped. */
  readonly lingering: readonly (Change | Refused)[];
  readonly orphans: Plan['orphans'];
}

/** A stamp that is missing is no drift; what a guard would refuse to mend is. */
export function driftOf({ changes, observed, refused, orphans }: Plan): Drift {
  const unreadable = refused.filter(({ guard }) => guard === 'unseen');
  const acts = (one: Change | Refused, ...actions: readonly Change['action'][]) =>
    one.action !== undefined && actions.includes(one.action);
  const entries = [...changes, ...refused.filter(({ guard }) => guard !== 'unseen')];
  const missing = entries.filter((one) => acts(one, 'create') || ('guard' in one && one.guard === 'missing'));
  const lingering = entries.filter((one) => acts(one, 'delete', 'release'));
  const apart: ReadonlySet<Differing> = new Set([...missing, ...lingering]);
  const differing = [...entries, ...observed].filter((one) => one.differences.length > 0 && !apart.has(one));
  return { differing, missing, unreadable, lingering, orphans };
}

export type DriftSort = Exclude<keyof Drift, 'orphans'>;

/** Why each resource counts, by `subjectKey`. */
export function driftSorts(plan: Plan): ReadonlyMap<string, DriftSort> {
  const { orphans: _, ...sorts } = driftOf(plan);
  const names = Object.keys(sorts) as DriftSort[];
  return new Map(names.flatMap((sort) => sorts[sort].map((one) => [subjectKey(one), sort] as const)));
}

export function subjectKey({ address, kind, name }: Subject): string {
  return JSON.stringify([address, kind, name]);
}

/** How many resources are not as the files say. */
export function driftCount(plan: Plan): number {
  return Object.values(driftOf(plan)).reduce((sum, { length }) => sum + length, 0);
}

/** What drift is measured by: the files here, or those of a base. */
export function declaredBy({ base }: Plan): string {
  return base === undefined ? 'the files' : oneLine(base.name);
}

/** `3 differ from the files, 1 missing`; `none`. */
export function driftCounts(plan: Plan): string {
  const { differing, missing, unreadable, lingering, orphans } = driftOf(plan);
  const declared = declaredBy(plan);
  const counted: [number, string][] = [
    [differing.length, `${differing.length === 1 ? 'differs' : 'differ'} from ${declared}`],
    [missing.length, 'missing'],
    [unreadable.length, 'cannot be read'],
    [lingering.length, 'still there though removed'],
    [orphans.length, 'stamped and named by no file'],
  ];
  const said = counted.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return said.length === 0 ? 'none' : said.join(', ');
}
