// Drift as text: the same plan, told as what is so rather than as what would be done. Pure; decides what counts
// as drift, so that the words and the exit code cannot be two things.
import type { Direction } from '../model/resource';
import type { Change, Difference, Plan, Refused, Subject } from '../plan/types';
import { PlanText, type PlanTextOptions } from './plan-text';
import { value } from './plan-words';
import { oneLine } from './sanitise';
import { wrap } from './width';

type Differing = Subject & { readonly differences: readonly Difference[] };

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

export function driftText(plan: Plan, options: PlanTextOptions = {}): string {
  return `${new DriftText(plan, options).lines().join('\n')}\n`;
}

/** Which way live lies from what is declared: a change that would tighten it says that it is looser. */
const LIES: Readonly<Record<Direction, string>> = {
  tightens: 'looser',
  loosens: 'stricter',
  moves: 'elsewhere',
  neutral: '',
};
const COLOUR: Readonly<Record<Direction, Direction>> = {
  tightens: 'loosens',
  loosens: 'tightens',
  moves: 'moves',
  neutral: 'neutral',
};

class DriftText extends PlanText {
  override lines(): string[] {
    const drift = driftOf(this.plan);
    const { error } = this.paint;
    const warnings = this.plan.notices.filter(({ severity }) => severity === 'warning');
    const blocks = [
      ...drift.differing.map((one) => this.#differing(one)),
      ...drift.missing.map((one) => [
        `${this.title('-', one)}  ${error('missing')}`,
        ...this.place('provenance' in one ? one.provenance : undefined),
      ]),
      ...drift.unreadable.map((one) => [
        `${this.title('!', one)}  ${error('cannot be read')}`,
        ...this.wrapped('', oneLine(one.message), 4),
        ...this.place('provenance' in one ? one.provenance : undefined),
      ]),
      ...drift.lingering.map((one) => [`${this.title('+', one)}  ${error('still there')}`]),
      ...(drift.orphans.length > 0 ? [this.orphans()] : []),
      ...(warnings.length > 0 ? [warnings.flatMap((notice) => this.notice(notice))] : []),
    ];
    return [...blocks.flatMap((block) => [...block, '']), ...this.#counts(drift)];
  }

  #differing(one: Differing): string[] {
    return [
      `${this.title('≠', one)}`,
      ...one.differences.flatMap((difference) => this.#difference(difference)),
      ...this.suppressed(one),
    ];
  }

  #difference({ path, segments, live, desired, direction, provenance }: Difference): string[] {
    const label = { text: LIES[direction], colour: this.colourOf(COLOUR[direction]) };
    const said = `is ${value(live)}, declared ${value(desired)}`;
    return [...this.valueAt('', { path, segments }, said, label), ...this.place(provenance)];
  }

  #counts({ differing, missing, unreadable, lingering, orphans }: Drift): string[] {
    const { base } = this.plan;
    const declaredBy = base === undefined ? 'the files' : oneLine(base.name);
    const counted: [number, string][] = [
      [differing.length, `${differing.length === 1 ? 'differs' : 'differ'} from ${declaredBy}`],
      [missing.length, 'missing'],
      [unreadable.length, 'cannot be read'],
      [lingering.length, 'still there though removed'],
      [orphans.length, 'stamped and named by no file'],
    ];
    const said = counted.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
    return wrap(`Drift (${this.where()}): ${said.length === 0 ? 'none' : said.join(', ')}.`, this.width);
  }
}
