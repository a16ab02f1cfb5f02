// Drift as text: the same plan, told as what is so rather than as what would be done. Pure.
import type { Direction } from '../model/resource';
import type { Difference, Plan } from '../plan/types';
import { type Differing, driftCounts, driftOf } from './drift';
import { PlanLines, type PlanTextOptions } from './plan-lines';
import { value } from './plan-words';
import { oneLine } from './sanitise';
import { wrap } from './width';

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

class DriftText extends PlanLines {
  lines(): string[] {
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
    return [
      ...blocks.flatMap((block) => [...block, '']),
      ...wrap(`Drift (${this.where()}): ${driftCounts(this.plan)}.`, this.width),
    ];
  }

  #differing(one: Differing): string[] {
    return [
      `${this.title('≠', one)}`,
      ...one.differences.flatMap((difference) => this.#difference(difference)),
      ...this.suppressed(one),
    ];
  }

  #difference({ path, segments, live, desired, direction, provenance }: Difference): string[] {
    const label = { text: LIES[direction], colour: this.#colourOf(direction) };
    const said = `is ${value(live)}, declared ${value(desired)}`;
    return [...this.valueAt('', { path, segments }, said, label), ...this.place(provenance)];
  }

  #colourOf(direction: Direction): (text: string) => string {
    const { good, error, warning } = this.paint;
    return { tightens: error, loosens: good, moves: warning, neutral: (text: string) => text }[direction];
  }
}
