// `gatewright drift`: is the workspace still as the files say? Only reads. What a first apply would bring
// in unasked (a stamp alone) is no drift.
import type { Plan } from '../../plan/types';
import { driftCount } from '../../render/plan-order';
import { planOutputs, tellCi } from '../ci-files';
import type { Command } from '../commands';
import { EXIT, type ExitCode } from '../exit-codes';
import { planOutput, REVIEW_FORMATS } from '../plan-output';
import { makePlanFor, PLANNING_FLAGS, readDesired } from '../planning';
import { openWorkspace } from '../workspace';

export const command: Command = {
  flags: [...PLANNING_FLAGS, 'format'],
  choices: { format: REVIEW_FORMATS },
  about:
    'Compares the workspace with the files, for a nightly run. Managed fields that differ, also of what is only observed, ' +
    'resources that are missing, and stamped resources that no file names count as drift. Only reads. Exits 2 when there is drift.',
  examples: ['gatewright drift -t prod', 'gatewright drift -t prod -o junit > drift.xml'],
  async run(args, context) {
    const desired = readDesired(args, context);
    const workspace = await openWorkspace(args, context, desired, { readOnly: true });
    try {
      const plan = await makePlanFor(desired, workspace, args, context);
      const exit = driftExit(plan);
      context.stdout.write(planOutput(plan, 'drift', args, context));
      tellCi(context, args.on('no-color'), {
        summary: () => {
          const { planMarkdown } =
            require('../../render/plan-markdown') as typeof import('../../render/plan-markdown');
          return planMarkdown(plan, { as: 'drift' });
        },
        outputs: { ...planOutputs(plan, exit), drift: driftCount(plan) },
      });
      return exit;
    } finally {
      await workspace.close();
    }
  },
};

function driftExit(plan: Plan): ExitCode {
  const differing = [...plan.changes, ...plan.observed, ...plan.refused].some(
    (one) => one.differences.length > 0,
  );
  const missing = plan.refused.some(({ guard }) => guard === 'missing' || guard === 'unseen');
  return differing || missing || plan.orphans.length > 0 ? EXIT.differences : EXIT.ok;
}
