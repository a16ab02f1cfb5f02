// Guards that look at all changes at once: how many are updated, how many go.
import type { Allowances, Refusal } from './guards';
import type { Change } from './types';

/** Brakes: updates of more than this share of what is ours stop the run, once there are enough to count. */
const BRAKE = { share: 0.3, least: 10 } as const;
/** How many deletes a plan may hold unasked. */
const DELETES = 1;

/** Creates, adopts and pure tightening do not count: a brake is against the runaway loosening of an estate. */
export function brake(
  changes: readonly Change[],
  ours: number,
  allowances: Allowances,
): Map<Change, Refusal> {
  return new Map([...deleteBudget(changes, allowances), ...updateBrake(changes, ours, allowances)]);
}

function deleteBudget(changes: readonly Change[], allowances: Allowances): [Change, Refusal][] {
  const counted = changes.filter(({ action }) => action === 'delete');
  if (counted.length <= DELETES) return [];
  const help = 'Remove them in changes of their own, or say --allow delete-budget.';
  const why = {
    guard: 'delete-budget',
    message: `this plan deletes ${counted.length}`,
    measured: String(counted.length),
    limit: String(DELETES),
    help,
  };
  return counted
    .filter(({ name }) => !allowances.allows('delete-budget', name))
    .map((change) => [change, why]);
}

function updateBrake(changes: readonly Change[], ours: number, allowances: Allowances): [Change, Refusal][] {
  const counts = ({ action, direction }: Change) =>
    action === 'replace' || (action === 'update' && direction !== 'tightens');
  const counted = changes.filter(counts);
  if (ours < BRAKE.least || counted.length <= ours * BRAKE.share) return [];
  const measured = `${counted.length} of ${ours} (${percent(counted.length / ours)})`;
  const why = {
    guard: 'brake',
    message: `this plan updates ${measured} of what the project manages`,
    measured,
    limit: percent(BRAKE.share),
    help: 'If that is meant, say --allow brake. Otherwise look for a preset or a variable that reaches further than it should.',
  };
  return counted.filter(({ name }) => !allowances.allows('brake', name)).map((change) => [change, why]);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).replace(/\.0$/, '')} %`;
}
