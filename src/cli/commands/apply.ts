// `gatewright apply`: plans, asks, applies; or applies a saved plan. Exit codes say the worst that happened.
import type { Desired } from '../../model/resource';
import type { Plan } from '../../plan/types';
import type { Outcome, Result } from '../../reconcile/events';
import { applySummary } from '../../render/apply-text';
import { planText } from '../../render/plan-text';
import { safeJson } from '../../render/sanitise';
import type { Args } from '../args';
import { basisOf } from '../base';
import type { Command } from '../commands';
import type { Context } from '../context';
import { EXIT, type ExitCode, worst } from '../exit-codes';
import { failure } from '../failure';
import { journalOf } from '../journal';
import { makePlanFor, PLANNING_FLAGS, readDesired, readPlanFile } from '../planning';
import { Progress } from '../progress';
import { paintFor, widthFor } from '../report';
import { openWorkspace, WORKSPACE_FLAGS, type Workspace } from '../workspace';

/** Writes at once; reads are wider. */
const DEFAULT_WRITERS = 8;
const PROOF_MS = 60_000;
const SETTLE_MS = 45 * 60_000;
/** A cancelled CI job is killed 7.5 s after its first signal. https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation */
const GRACE_MS = 6_000;

const EXIT_OF: Readonly<Record<Outcome, ExitCode>> = {
  applied: EXIT.ok,
  accepted: EXIT.ok,
  already: EXIT.ok,
  stale: EXIT.stale,
  failed: EXIT.failed,
  partial: EXIT.partial,
  unproved: EXIT.partial,
  unknown: EXIT.partial,
  'not-started': EXIT.ok,
};

export const command: Command = {
  flags: [...PLANNING_FLAGS, 'since', 'rotate', 'yes', 'format', 'expect-digest', 'no-wait'],
  choices: { format: ['text', 'json'] },
  operands: ['[plan]'],
  about:
    'Makes the workspace as the files say, or as a saved plan says. Shows the plan and asks first, unless --yes is given or a plan is. ' +
    'Everything is read again before it is written, and read back until it is as asked.',
  examples: ['gatewright apply -t sandbox', 'gatewright apply plan.json', 'gatewright apply -t prod --yes'],
  async run(args, context) {
    const file = args.operands[0];
    const saved = file === undefined ? undefined : readPlanFile(file, context, args).plan;
    if (saved !== undefined) refuseWhatMakesPlans(args, saved);
    const desired =
      saved === undefined ? readDesired(args, context) : { host: saved.host, target: saved.target };
    const basis = saved === undefined ? basisOf(desired as Desired, args, context) : {};
    const workspace = await openWorkspace(args, context, desired, { readOnly: false });
    try {
      if (saved !== undefined && saved.host !== workspace.host) {
        throw failure('other-host', `the plan was made for ${saved.host}, this is ${workspace.host}`, {
          help: 'plan again for this workspace',
        });
      }
      const plan = saved ?? (await makePlanFor(desired as Desired, workspace, args, context, basis));
      return await decideAndApply(plan, workspace, args, context, saved !== undefined);
    } finally {
      await workspace.close();
    }
  },
};

/** A saved plan is applied as it was approved; a flag that would have made another one must not seem to. */
function refuseWhatMakesPlans(args: Args, plan: Plan): void {
  const target = args.text('target');
  if (target !== undefined && target !== plan.target) {
    const made = plan.target === '' ? 'for no target' : `for target "${plan.target}"`;
    throw failure('other-target', `the plan was made ${made}, not for "${target}"`, {
      help: 'leave out --target, or plan again',
    });
  }
  const idle = [...PLANNING_FLAGS, 'rotate' as const].find(
    (flag) => flag !== 'target' && !WORKSPACE_FLAGS.includes(flag) && args.on(flag),
  );
  if (idle === undefined) return;
  throw failure('usage', `--${idle} has no effect on a saved plan, which is applied as it is`, {
    help: 'leave it out, or plan again with it',
  });
}

async function decideAndApply(
  plan: Plan,
  workspace: Workspace,
  args: Args,
  context: Context,
  saved: boolean,
): Promise<ExitCode> {
  const json = args.text('format') === 'json';
  const out = json ? context.stderr : context.stdout;
  const options = { paint: paintFor(out, context, args.on('no-color')), width: widthFor(out, context) };
  out.write(planText(plan, options));
  const expected = args.text('expect-digest');
  if (expected !== undefined && expected !== plan.digest) {
    throw failure('digest-differs', `the plan's digest is ${plan.digest}, not ${expected}`, {
      help: 'what was approved is no longer what would be done: review the plan again',
      exitCode: EXIT.stale,
    });
  }
  const refused = plan.refused.length > 0 ? EXIT.refused : EXIT.ok;
  // What is as asked needs nothing of what an earlier replace set aside.
  if (!saved) for (const subject of plan.unchanged) journalOf(args, context, plan).drop(subject);
  const waits = plan.pending.length > 0 && !args.on('no-wait');
  if (plan.changes.length === 0 && !waits) {
    if (json) printResults(plan, [], context);
    return refused;
  }
  const agreed = plan.changes.length === 0 || saved || args.on('yes') || expected !== undefined;
  if (!agreed && !(await confirmed(plan, context))) {
    context.stderr.write('nothing was applied\n');
    return worst([EXIT.failed, refused]);
  }
  const { results, interrupted } = await carryOut(plan, workspace, args, context, json);
  const exit = worst([refused, ...results.map(({ outcome }) => EXIT_OF[outcome])]);
  return interrupted ? EXIT.interrupted : exit;
}

function printResults({ digest }: Plan, results: readonly Result[], context: Context): void {
  context.stdout.write(`${safeJson({ format: 'gatewright/apply/1', digest, results })}\n`);
}

/** Masked in every output before it is first used. */
function secretFrom(name: string, context: Context): string | undefined {
  const value = context.env[name];
  if (value !== undefined) context.secrets.add(value);
  return value;
}

async function confirmed(plan: Plan, context: Context): Promise<boolean> {
  if (!context.stdin.isTTY) {
    throw failure('not-confirmed', 'nobody can be asked here', { help: 'say --yes, or apply a saved plan' });
  }
  const noun = plan.changes.length === 1 ? 'this change' : `these ${plan.changes.length} changes`;
  const answer = await context.stdin.question(`Apply ${noun} to ${plan.host}? Only "yes" is taken: `);
  return answer.trim() === 'yes';
}

async function carryOut(plan: Plan, workspace: Workspace, args: Args, context: Context, json: boolean) {
  const { apply } = require('../../reconcile/apply') as typeof import('../../reconcile/apply');
  const out = json ? context.stderr : context.stdout;
  const progress = new Progress(out, context, args.on('no-color'));
  const journal = journalOf(args, context, plan);
  const interrupt = new AbortController();
  const stopListening = context.signals.onInterrupt(() => {
    progress.pause();
    if (!interrupt.signal.aborted)
      context.stderr.write('interrupted: finishing what is in flight, starting nothing new\n');
    interrupt.abort();
  });
  let results: readonly Result[] = [];
  try {
    for await (const event of apply({
      plan,
      client: workspace.client,
      clock: context.clock,
      parallelism: Math.min(args.number('parallelism') ?? DEFAULT_WRITERS, DEFAULT_WRITERS),
      proofMs: Math.min(PROOF_MS, args.number('timeout') ?? PROOF_MS),
      wait: !args.on('no-wait'),
      secret: (name) => secretFrom(name, context),
      journal,
      settleMs: args.number('timeout') ?? SETTLE_MS,
      interrupt: interrupt.signal,
      graceMs: GRACE_MS,
    })) {
      progress.show(event);
      if (event.type === 'finished') results = event.results;
    }
  } finally {
    stopListening();
    progress.pause();
  }
  out.write(applySummary(results));
  if (json) printResults(plan, results, context);
  return { results, interrupted: interrupt.signal.aborted };
}
