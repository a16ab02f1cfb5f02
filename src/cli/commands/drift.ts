// `gatewright drift`: is the workspace still as the files say? Only reads. What a first apply would bring
// in unasked (a stamp alone) is no drift.
import { driftCount } from '../../render/drift';
import { readBaseAsDesired } from '../base';
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
    'resources that are missing, and stamped resources that no file names count as drift. With --base the files are those of a git ref, such as what was last applied. Only reads. Exits 2 when there is drift.',
  examples: [
    'gatewright drift -t prod',
    'gatewright drift -t prod --base deployed',
    'gatewright drift -t prod -o junit > drift.xml',
  ],
  async run(args, context) {
    const name = args.text('base');
    const base = name === undefined ? undefined : readBaseAsDesired(name, args, context);
    const desired = base?.desired ?? readDesired(args, context);
    const workspace = await openWorkspace(args, context, desired, { readOnly: true });
    try {
      const plan = await makePlanFor(desired, workspace, args, context, base && { base });
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
