// A plan as annotations beside the lines that ask for it. GitHub shows ten of each level for a step, so the worst
// come first. https://docs.github.com/en/actions/reference/limits
import type { Diagnostic } from '../model/diagnostic';
import type { Plan } from '../plan/types';
import { diagnosticsGithub } from './diagnostics-github';
import { driftCounts } from './drift';
import { findingsOf } from './findings';
import { originsText } from './origin-text';
import { type PlanView, planCounts } from './plan-order';
import { oneLine } from './sanitise';

export interface PlanGithubOptions {
  readonly as: PlanView;
  /** A file as seen from the top of the checkout. */
  readonly file?: (file: string) => string;
}

export function planGithub(plan: Plan, { as, file = (name) => name }: PlanGithubOptions): string {
  const annotations = findingsOf(plan, as).map(
    ({ rule, level, message, help, at }): Diagnostic => ({
      code: rule,
      severity: level,
      message,
      ...(at === undefined ? {} : { at: { ...at, file: file(at.file) } }),
      ...(help === undefined ? {} : { help }),
    }),
  );
  const target = plan.target === '' ? '' : `target ${oneLine(plan.target)}, `;
  const counts = as === 'drift' ? `Drift` : `Plan`;
  const origins = as === 'plan' ? originsText(plan) : undefined;
  return [
    diagnosticsGithub(annotations),
    `${counts} (${target}${oneLine(plan.host)}): ${as === 'drift' ? driftCounts(plan) : planCounts(plan)}.\n`,
    origins === undefined ? '' : `${origins}\n`,
    as === 'plan' && plan.changes.length > 0 ? `Digest ${plan.digest}\n` : '',
  ].join('');
}
