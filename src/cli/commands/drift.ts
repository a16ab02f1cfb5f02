// `gatewright drift`: is the workspace still as the files say? Only reads. What a first apply would bring
// in unasked (a stamp alone) is no drift.
import type { Plan } from '../../plan/types';
import { driftOf, driftText } from '../../render/drift-text';
import { planJson } from '../../render/plan-json';
import { readBaseAsDesired } from '../base';
import type { Command } from '../commands';
import { EXIT, type ExitCode } from '../exit-codes';
import { makePlanFor, PLANNING_FLAGS, readDesired } from '../planning';
import { paintFor, widthFor } from '../report';
import { openWorkspace } from '../workspace';

export const command: Command = {
  flags: [...PLANNING_FLAGS, 'format'],
  choices: { format: ['text', 'json'] },
  about:
    'Compares the workspace with the files, for a nightly run. Managed fields that differ, also of what is only observed, ' +
    'resources that are missing, and stamped resources that no file names count as drift. With --base the files are those of a git ref, such as what was last applied. Only reads. Exits 2 when there is drift.',
  examples: [
    'gatewright drift -t prod',
    'gatewright drift -t prod --base deployed',
    'gatewright drift -t prod -o json',
  ],
  async run(args, context) {
    const name = args.text('base');
    const base = name === undefined ? undefined : readBaseAsDesired(name, args, context);
    const desired = base?.desired ?? readDesired(args, context);
    const workspace = await openWorkspace(args, context, desired, { readOnly: true });
    try {
      const plan = await makePlanFor(desired, workspace, args, context, base && { base });
      const { stdout } = context;
      const options = {
        paint: paintFor(stdout, context, args.on('no-color')),
        width: widthFor(stdout, context),
      };
      if (args.text('format') === 'json') stdout.write(planJson(plan));
      else stdout.write(driftText(plan, options));
      return driftExit(plan);
    } finally {
      await workspace.close();
    }
  },
};

function driftExit(plan: Plan): ExitCode {
  return Object.values(driftOf(plan)).some((found) => found.length > 0) ? EXIT.differences : EXIT.ok;
}
