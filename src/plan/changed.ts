// What of the config is another than at a base: `--since` reads and plans that and nothing else. By names alone, so
// that nothing has to be read to know it. Pure.
import picomatch from 'picomatch';
import { canonicalJson, type Json } from '../model/json';
import type { Desired, DesiredResource, RemovedResource } from '../model/resource';
import { liveKey } from './estate';

export interface Named {
  readonly kind: string;
  readonly name: string;
}

export interface Changed {
  /** Whether what is said of an object may be another than before. Errs on the side of yes. */
  has(subject: Named): boolean;
  /** All of them. Undefined where only the workspace can tell: a glob changed, or the project has another name. */
  readonly names: readonly Named[] | undefined;
  /** How many of the entries. */
  readonly entries: number;
}

export function changedSince(desired: Desired, base: Desired): Changed {
  // Every stamp is another.
  if (desired.project !== base.project)
    return { has: () => true, names: undefined, entries: desired.resources.length };
  const exact = differing(desired.resources.filter(isExact), base.resources.filter(isExact));
  const removed = differing(desired.removed, base.removed, 'left only');
  const globs = differing(desired.resources.filter(isGlob), base.resources.filter(isGlob));
  const names = new Map(
    [...exact, ...removed].map(({ kind, name }) => [liveKey(kind, name), { kind, name }] as const),
  );
  const reached = globs.map(({ kind, name }) => ({ kind, test: picomatch(name, { dot: true }) }));
  return {
    has: ({ kind, name }) =>
      names.has(liveKey(kind, name)) || reached.some((glob) => glob.kind === kind && glob.test(name)),
    names: globs.length === 0 ? [...names.values()] : undefined,
    entries: desired.resources.filter((entry) => [...exact, ...globs].includes(entry)).length,
  };
}

const isGlob = ({ pattern }: DesiredResource) => pattern;
const isExact = ({ pattern }: DesiredResource) => !pattern;

/** What stands on one side alone, or differently on both. */
function differing<T extends DesiredResource | RemovedResource>(
  left: readonly T[],
  right: readonly T[],
  sides: 'both' | 'left only' = 'both',
): T[] {
  const [before, after] = [new Set(right.map(meaning)), new Set(left.map(meaning))];
  return [
    ...left.filter((one) => !before.has(meaning(one))),
    ...(sides === 'both' ? right.filter((one) => !after.has(meaning(one))) : []),
  ];
}

/** All that is said of an object, without where it is said and what the entry is called. */
function meaning(entry: DesiredResource | RemovedResource): string {
  const { key: _, origins: _1, origin: _2, ...said } = entry as DesiredResource & RemovedResource;
  return canonicalJson(said as unknown as Json);
}
