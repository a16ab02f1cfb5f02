// `gatewright drift`: is the workspace still as the files say? Only reads. What a first apply would bring
// in unasked (a stamp alone) is no drift.
import { driftCount } from '../../render/drift';
import { planOutputs, tellCi } from '../ci-files';
import type { Command } from '../commands';
import { EXIT } from '../exit-codes';
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
      const drift = driftCount(plan);
      const exit = drift > 0 ? EXIT.differences : EXIT.ok;
      context.stdout.write(planOutput(plan, 'drift', args, context));
      tellCi(context, args.on('no-color'), {
        summary: () => {
          const { planMarkdown } =
            require('../../render/plan-markdown') as typeof import('../../render/plan-markdown');
          return planMarkdown(plan, { as: 'drift' });
        },
        outputs: { ...planOutputs(plan, exit), drift },
      });
      return exit;
    } finally {
      await workspace.close();
    }
  },
};
