// What a change is among the others: how it is felt, what must be there before it, what must wait for the rest.
import { wireOf } from '../wire';
import type { Need } from '../wire/step';
import { worst } from './direction';
import { isRemoved, liveKey } from './estate';
import type { Change, Refused } from './types';

/** A change by itself. */
export type Drafted = Omit<Change, 'availability' | 'direction' | 'after'>;

export function ranked(change: Drafted): Change {
  const rolling = change.steps.some((step) => step.settles === true);
  return {
    ...change,
    availability:
      change.action === 'replace' ? 'replace' : rolling && change.action !== 'create' ? 'rolling' : 'hot',
    direction: worst(change.differences.map(({ direction }) => direction)),
    after: wireOf(change.kind).needs(change.desired),
  };
}

/** Apply deletes nothing while something else is not done; what is refused is not done either. */
export function withoutHastyDeletes(
  changes: readonly Change[],
  refused: readonly Refused[],
): { readonly changes: readonly Change[]; readonly refused: readonly Refused[] } {
  const undone = refused.find(({ address }) => !isRemoved(address));
  if (undone === undefined) return { changes, refused: [] };
  const hasty = changes
    .filter(({ action }) => action === 'delete')
    .map(
      ({ address, kind, name }): Refused => ({
        address,
        kind,
        name,
        guard: 'delete-waits',
        message: `nothing is deleted while something else is refused: ${undone.name}`,
        help: `See to that first, or delete this alone: --select ${address}`,
        action: 'delete',
        differences: [],
      }),
    );
  return { changes: changes.filter(({ action }) => action !== 'delete'), refused: hasty };
}

/** What each needs of the others comes before it; of two that go, the one that needs the other goes first. */
export function inTurn(changes: readonly Change[], needed: ReadonlyMap<string, readonly Need[]>): Change[] {
  const keys = new Set(changes.map(({ kind, name }) => liveKey(kind, name)));
  return changes.map((change) => ({
    ...change,
    after:
      change.action === 'delete'
        ? whoNeeds(change, changes, needed)
        : change.after.filter(({ kind, name }) => keys.has(liveKey(kind, name))),
  }));
}

function whoNeeds(
  { kind, name }: Change,
  changes: readonly Change[],
  needed: ReadonlyMap<string, readonly Need[]>,
): Need[] {
  return changes
    .filter((other) =>
      (needed.get(liveKey(other.kind, other.name)) ?? []).some(
        (need) => need.kind === kind && need.name === name,
      ),
    )
    .map((other) => ({ kind: other.kind, name: other.name }));
}
