// `gatewright plan`: what would apply do? Reads the workspace with GET alone and writes nothing to it.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { planJson } from '../../render/plan-json';
import { basisOf } from '../base';
import { planOutputs, tellCi } from '../ci-files';
import type { Command } from '../commands';
import { planOutput, REVIEW_FORMATS } from '../plan-output';
import { makePlanFor, PLANNING_FLAGS, planExit, readDesired } from '../planning';
import { POLICY_FLAGS, readPolicies } from '../policies';
import { projectDirectory } from '../project';
import { openWorkspace } from '../workspace';

export const command: Command = {
  flags: [...PLANNING_FLAGS, ...POLICY_FLAGS, 'since', 'rotate', 'format', 'out', 'detailed-exitcode'],
  choices: { format: REVIEW_FORMATS },
  about:
    'Compares the files with the workspace and prints what apply would do, which policy blocks what, and which guard refuses what. Only reads. ' +
    'With --base, the config as it was last applied, it tells what the config changed from what was changed in the workspace. ' +
    'Exits 0 with or without changes, 2 with changes when --detailed-exitcode is given, 4 when a policy blocks something, 5 when a guard refuses something.',
  examples: [
    'gatewright plan -t prod',
    'gatewright plan -t prod --out plan.json',
    'gatewright plan -t prod --base origin/main',
    'gatewright plan -t prod --base origin/main -o markdown > comment.md',
  ],
  async run(args, context) {
    const desired = readDesired(args, context);
    const basis = basisOf(desired, args, context);
    const policies = readPolicies(args, context);
    const workspace = await openWorkspace(args, context, desired, { readOnly: true });
    try {
      const plan = await makePlanFor(desired, workspace, args, context, basis, policies);
      const out = args.text('out');
      if (out !== undefined) {
        writeFileSync(resolve(projectDirectory(args, context), out), context.secrets.redact(planJson(plan)));
      }
      const exit = planExit(plan, args.on('detailed-exitcode'));
      context.stdout.write(planOutput(plan, 'plan', args, context, { verbose: args.on('verbose') }));
      tellCi(context, args.on('no-color'), {
        summary: () => {
          const { planMarkdown } =
            require('../../render/plan-markdown') as typeof import('../../render/plan-markdown');
          return planMarkdown(plan);
        },
        outputs: planOutputs(plan, exit),
      });
      return exit;
    } finally {
      await workspace.close();
    }
  },
};
