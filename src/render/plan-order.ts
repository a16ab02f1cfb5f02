// A plan as a list of findings, the worst first: what all formats for reviewers and for machines share. Pure.
import type { Direction } from '../model/resource';
import type {
  Action,
  Change,
  ChangeEffect,
  Difference,
  Plan,
  Refused,
  Subject,
  Watched,
} from '../plan/types';
import { driftOf } from './drift';
import { type HandEdit, undoneBy } from './origin-text';

export interface Entry {
  readonly subject: Subject;
  readonly kind: 'change' | 'refused' | 'observed';
  readonly change?: Change;
  readonly refused?: Refused;
  readonly direction: Direction;
  readonly effects: readonly ChangeEffect[];
  readonly differences: readonly Difference[];
  /** What somebody made in the workspace, and the change would undo; in drift, none. */
  readonly undone: readonly HandEdit[];
}

/** `drift`: what only a first apply would bring in unasked, such as a stamp, is left out. */
export type PlanView = 'plan' | 'drift';

/** Within one direction: what ends service first, what only stops managing last. */
const ACTIONS: readonly Action[] = ['replace', 'delete', 'update', 'adopt', 'create', 'release'];

/** The worst first. */
export function entriesOf(plan: Plan, view: PlanView = 'plan'): Entry[] {
  const drift = driftOf(plan);
  const counted = new Set<unknown>([...drift.differing, ...drift.missing, ...drift.lingering]);
  const changes = plan.changes
    .filter((change) => view === 'plan' || counted.has(change))
    .map(
      (change): Entry => ({
        ...common(change, view),
        kind: 'change',
        change,
        undone: view === 'plan' ? undoneBy(change, plan) : [],
      }),
    );
  const refused = plan.refused.map((one): Entry => ({ ...common(one, view), kind: 'refused', refused: one }));
  const blocked = blockedByPolicy(plan).map(
    (one): Entry => ({ ...common(one, view), kind: 'refused', refused: one }),
  );
  const observed = plan.observed.map((one): Entry => ({ ...common(one, view), kind: 'observed' }));
  const ranked = [...refused, ...blocked, ...changes, ...observed].map((entry, index) => ({ entry, index }));
  return ranked
    .sort((a, b) => rank(a.entry, view) - rank(b.entry, view) || a.index - b.index)
    .map(({ entry }) => entry);
}

/** What a policy keeps out stands beside what a guard refuses: both wait for somebody. */
function blockedByPolicy({ policy }: Plan): Refused[] {
  return (policy?.blocked ?? []).map(({ rules, ...one }) => {
    const findings =
      policy?.findings.filter(({ address, blocks }) => blocks && address === one.address) ?? [];
    return {
      ...one,
      guard: rules.join(', '),
      message: findings.map(({ message }) => message).join('; '),
      help: findings.map(({ help }) => help).join(' '),
      effects: [],
    };
  });
}

function common({ address, kind, name, effects, differences }: Change | Refused | Watched, view: PlanView) {
  const has = (way: Direction) => differences.some(({ direction }) => direction === way);
  const direction = worstFirst(view).find(has) ?? 'neutral';
  return { subject: { address, kind, name }, direction, effects, differences, undone: [] };
}

/** What applying would tighten is looser in the workspace than the files allow. */
export function worstFirst(view: PlanView): readonly Direction[] {
  return view === 'drift'
    ? ['tightens', 'moves', 'loosens', 'neutral']
    : ['loosens', 'moves', 'tightens', 'neutral'];
}

/** Refused first: somebody has to act on it. Then what takes an endpoint away, then what undoes a hand edit, then by direction. */
function rank({ kind, change, direction, undone }: Entry, view: PlanView): number {
  if (kind === 'refused') return 0;
  const ends = change?.action === 'replace' || change?.action === 'delete';
  const way = undone.length > 0 ? 0 : 1 + worstFirst(view).indexOf(direction);
  const by = (ends ? 0 : 1 + way) * ACTIONS.length;
  return 1 + by + (change === undefined ? ACTIONS.length - 1 : ACTIONS.indexOf(change.action));
}

/** `update, rolling`; what ends service says so by itself. */
export function actionText(entry: Entry): string {
  if (entry.refused !== undefined) return `refused: ${entry.refused.guard}`;
  if (entry.change === undefined) return 'observed';
  const { action, availability } = entry.change;
  return action === 'update' || action === 'adopt' ? `${action}, ${availability}` : action;
}

const VERBS: readonly (readonly [Action, string])[] = [
  ['create', 'to create'],
  ['update', 'to update'],
  ['replace', 'to replace'],
  ['adopt', 'to adopt'],
  ['delete', 'to delete'],
  ['release', 'to release'],
];

/** `2 to update, 1 refused, 40 unchanged`. */
export function planCounts(plan: Plan): string {
  const counts = VERBS.flatMap(([action, verb]) => {
    const count = plan.changes.filter((change) => change.action === action).length;
    return count === 0 ? [] : [`${count} ${verb}`];
  });
  const rest = [
    ...(plan.unchanged.length > 0 ? [`${plan.unchanged.length} unchanged`] : []),
    ...(plan.observed.length > 0 ? [`${plan.observed.length} observed`] : []),
    ...((plan.policy?.blocked.length ?? 0) > 0 ? [`${plan.policy?.blocked.length} blocked`] : []),
    ...(plan.refused.length > 0 ? [`${plan.refused.length} refused`] : []),
  ];
  return [...(counts.length === 0 ? ['nothing to change'] : counts), ...rest].join(', ');
}
