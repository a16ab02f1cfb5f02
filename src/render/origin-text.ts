// What a plan says of changes that somebody made in the workspace: that it would undo them, what base, live and desired
// are, and what to write to keep them. Loud, because the plan looks the same otherwise. Pure; says only what the plan says.
import type { Change, Difference, Plan } from '../plan/types';
import { placeOf, value } from './plan-words';
import { oneLine } from './sanitise';

export interface HandEdit {
  readonly says: string;
  readonly keep: string;
}

/** `acts`: the plan would write it. */
export function handEdit(difference: Difference, { base }: Plan, acts: boolean): HandEdit | undefined {
  const { origin, live, desired } = difference;
  if (base === undefined || (origin !== 'drift' && origin !== 'both')) return undefined;
  const undone = origin === 'drift' ? 'REVERTS' : 'OVERWRITES';
  const what = acts ? `${undone} what was changed in the workspace` : 'changed in the workspace';
  const also = origin === 'both' ? `, and in the files since ${oneLine(base.name)}` : '';
  const three = `live ${value(live)}, base ${value(difference.base ?? null)}, desired ${value(desired)}`;
  return { says: `${what}${also}: ${three}`, keep: keepText(difference) };
}

/** What to write where, for the plan to leave the live value. */
function keepText({ path, live, desired, provenance }: Difference): string {
  const field = oneLine(path);
  const at = provenance === undefined ? 'in the files' : `at ${placeOf(provenance)}`;
  const through =
    provenance?.variables === true ? ', where variables give the value: check who else uses them' : '';
  if (live === null) return `to keep it so, take ${field} out ${at}${through}`;
  const verb = desired === null ? 'declare' : 'set';
  const to = desired === null ? `as ${value(live)}` : `to ${value(live)}`;
  return `to keep it, ${verb} ${field} ${to} ${at}${through}`;
}

/** Of a create: the base had the object already. */
export function goneAndMadeAnew(
  { action, differences, address }: Change,
  { base }: Plan,
): HandEdit | undefined {
  if (base === undefined || action !== 'create' || !differences.some(isByHand)) return undefined;
  const name = oneLine(base.name);
  return {
    says: `MAKES ANEW what ${name} has and the workspace has not: deleted there, or never applied`,
    keep: `to leave it gone, take ${oneLine(address)} out of the files`,
  };
}

function isByHand({ origin }: Difference): boolean {
  return origin === 'drift' || origin === 'both';
}

/** One line that adds up what the plan would do to whose changes. */
export function originsText(plan: Plan): string | undefined {
  const { base } = plan;
  if (base === undefined) return undefined;
  const anew = plan.changes.filter((change) => goneAndMadeAnew(change, plan) !== undefined);
  const all = plan.changes
    .filter((change) => !anew.includes(change))
    .flatMap(({ differences }) => differences);
  const count = (origin: Difference['origin']) => all.filter((one) => one.origin === origin).length;
  const said = [
    [count('intent'), 'by the files'],
    [count('drift'), 'by hand, to be reverted'],
    [count('both'), 'by both, to be overwritten'],
    [anew.length, 'gone by hand, to be made anew'],
  ].flatMap(([number, words]) => (number === 0 ? [] : [`${number} ${words}`]));
  if (said.length === 0) return undefined;
  const commit = base.commit === undefined ? '' : ` (${base.commit.slice(0, 12)})`;
  return `Changed since ${oneLine(base.name)}${commit}: ${said.join(', ')}.`;
}
