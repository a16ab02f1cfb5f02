// What a plan says of changes that somebody made in the workspace: that it would undo them, what base, live and desired
// are, and what to write to keep them. Loud, because the plan looks the same otherwise. Pure; says only what the plan says.
import { isObject } from '../model/json';
import type { Change, Difference, Plan } from '../plan/types';
import { BLOCK, isByHand, runsOf } from './difference-runs';
import { placeOf, placesOf, value } from './plan-words';
import { oneLine } from './sanitise';

export interface HandEdit {
  readonly says: string;
  readonly keep: string;
}

/** `acts`: the plan would write it. */
export function handEdit(difference: Difference, plan: Plan, acts: boolean): HandEdit | undefined {
  const { origin, live, desired } = difference;
  if (isObject(live) || isObject(desired)) return handEditOfAll([difference], difference.path, plan, acts);
  const { base, target } = plan;
  if (base === undefined || !isByHand(difference)) return undefined;
  const undone = origin === 'drift' ? 'REVERTS' : 'OVERWRITES';
  const what = acts ? `${undone} what was changed in the workspace` : 'changed in the workspace';
  const also = origin === 'both' ? `, and in the files since ${oneLine(base.name)}` : '';
  const three = `live ${value(live)}, base ${value(difference.base ?? null)}, desired ${value(desired)}`;
  return { says: `${what}${also}: ${three}`, keep: keepText(difference, target) };
}

/** Of much that comes or goes together, below one path. */
export function handEditOfAll(
  differences: readonly Difference[],
  path: string,
  { base, target }: Plan,
  acts: boolean,
): HandEdit | undefined {
  const [first] = differences;
  if (base === undefined || first === undefined || !isByHand(first)) return undefined;
  const [here, there] = first.live === null ? ['removed from', 'have it'] : ['added to', 'have none of it'];
  const undone = acts ? `${first.origin === 'drift' ? 'REVERTS' : 'OVERWRITES'} what was ` : '';
  const says =
    first.origin === 'drift'
      ? `${undone}${here} the workspace: base and desired ${there}`
      : `${undone}changed in the workspace, and in the files since ${oneLine(base.name)}`;
  const places = placesOf(differences.flatMap(({ provenance }) => provenance ?? []));
  const at = places.length === 0 ? 'in the files' : `at ${places.join(', ')}`;
  const alone = target === '' ? '' : `, or for this target alone under targets.${oneLine(target)}`;
  const field = oneLine(path);
  const keep =
    first.live === null
      ? `to keep it so, take ${field} out ${at}`
      : `to keep it, declare ${field} as it is ${at}${alone}`;
  return { says, keep };
}

/** What to write where, for the plan to leave the live value; and who else reads that line. */
function keepText({ path, live, desired, provenance }: Difference, target: string): string {
  const field = oneLine(path);
  const at = provenance === undefined ? 'in the files' : `at ${placeOf(provenance)}`;
  const overlay = `targets.${oneLine(target)}`;
  const alone =
    target === '' || provenance === undefined || provenance.layer === `target ${target}`
      ? ''
      : `, or for this target alone ${live === null ? 'say null' : 'say so'} under ${overlay}`;
  const made =
    provenance?.variables === true ? '; the value there is made of variables, which others may use' : '';
  const shared = provenance?.layer.startsWith('preset ') === true ? '; others may use that preset' : '';
  if (live === null) return `to keep it so, take ${field} out ${at}${alone}${made}${shared}`;
  const what = desired === null ? `declare ${field} as` : `set ${field} to`;
  return `to keep it, ${what} ${value(live)} ${at}${alone}${made}${shared}`;
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

/** One line that adds up what the plan would do to whose changes. */
export function originsText(plan: Plan): string | undefined {
  const { base } = plan;
  if (base === undefined) return undefined;
  const made = plan.changes.filter(({ action }) => action === 'create');
  const anew = made.filter((change) => goneAndMadeAnew(change, plan) !== undefined);
  // What is told as one counts as one.
  const all = plan.changes
    .filter(({ action }) => action !== 'create')
    .flatMap(({ differences }) => runsOf(differences))
    .flatMap((run) => (run.length < BLOCK ? run : run.slice(0, 1)));
  const count = (origin: Difference['origin']) => all.filter((one) => one.origin === origin).length;
  const said = [
    // What is made is one change, however much it has.
    [count('intent') + made.length - anew.length, 'by the files'],
    [count('drift'), 'by hand (to be reverted)'],
    [count('both'), 'by both (to be overwritten)'],
    [anew.length, 'gone by hand (to be made anew)'],
  ].flatMap(([number, words]) => (number === 0 ? [] : [`${number} ${words}`]));
  if (said.length === 0) return undefined;
  const commit = base.commit === undefined ? '' : ` (${base.commit.slice(0, 12)})`;
  return `Changed since ${oneLine(base.name)}${commit}: ${said.join(', ')}.`;
}
