// What an apply came to, in the format that was asked for, and what a CI job is told of it.
import type { Plan } from '../plan/types';
import type { Outcome, Result } from '../reconcile/events';
import { safeJson } from '../render/sanitise';
import type { Args } from './args';
import { planOutputs, tellCi } from './ci-files';
import type { Context } from './context';
import type { ExitCode } from './exit-codes';
import { fromCheckout } from './plan-output';

export interface Applied {
  readonly plan: Plan;
  readonly results: readonly Result[];
  readonly interrupted: boolean;
  readonly exit: ExitCode;
}

/** What programs get, at the end and in one piece. */
export function appliedOutput({ plan, results, interrupted }: Applied, args: Args, context: Context): string {
  switch (args.text('format')) {
    case 'json':
      return `${safeJson({ format: 'gatewright/apply/1', digest: plan.digest, results })}\n`;
    case 'markdown':
      return applyMarkdownOf(plan, results, interrupted);
    case 'junit': {
      const { applyJunit } = require('../render/apply-junit') as typeof import('../render/apply-junit');
      return applyJunit(plan, results);
    }
    case 'github': {
      const { applyGithub } = require('../render/apply-github') as typeof import('../render/apply-github');
      return applyGithub(plan, results, fromCheckout(args, context));
    }
    default:
      return '';
  }
}

function applyMarkdownOf(plan: Plan, results: readonly Result[], interrupted: boolean): string {
  const { applyMarkdown } = require('../render/apply-markdown') as typeof import('../render/apply-markdown');
  return applyMarkdown(plan, results, { interrupted });
}

/** The summary and the outputs of a CI job. */
export function tellApplied(
  { plan, results, interrupted, exit }: Applied,
  args: Args,
  context: Context,
): void {
  const { applied = 0, already = 0, accepted = 0 } = countOutcomes(results);
  const well = applied + already + accepted;
  tellCi(context, args.on('no-color'), {
    summary: () => applyMarkdownOf(plan, results, interrupted),
    outputs: { ...planOutputs(plan, exit), applied: well, not_applied: plan.changes.length - well },
  });
}

function countOutcomes(results: readonly Result[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const { outcome } of results) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
