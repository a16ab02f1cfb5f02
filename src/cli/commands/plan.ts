// `gatewright plan`: what would apply do? Reads the workspace with GET alone and writes nothing to it.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { planJson } from '../../render/plan-json';
import { planText } from '../../render/plan-text';
import type { Command } from '../commands';
import { makePlanFor, PLANNING_FLAGS, planExit, readDesired } from '../planning';
import { POLICY_FLAGS, readPolicies } from '../policies';
import { projectDirectory } from '../project';
import { paintFor, widthFor } from '../report';
import { openWorkspace } from '../workspace';

export const command: Command = {
  flags: [...PLANNING_FLAGS, ...POLICY_FLAGS, 'format', 'out', 'detailed-exitcode'],
  choices: { format: ['text', 'json'] },
  about:
    'Compares the files with the workspace and prints what apply would do, which policy blocks what, and which guard refuses what. Only reads. ' +
    'Exits 0 with or without changes, 2 with changes when --detailed-exitcode is given, 4 when a policy blocks something, 5 when a guard refuses something.',
  examples: ['gatewright plan -t prod', 'gatewright plan -t prod --out plan.json'],
  async run(args, context) {
    const desired = readDesired(args, context);
    const policies = readPolicies(args, context);
    const workspace = await openWorkspace(args, context, desired, { readOnly: true });
    try {
      const plan = await makePlanFor(desired, workspace, args, context, policies);
      const out = args.text('out');
      if (out !== undefined) {
        writeFileSync(resolve(projectDirectory(args, context), out), context.secrets.redact(planJson(plan)));
      }
      const { stdout } = context;
      const options = {
        paint: paintFor(stdout, context, args.on('no-color')),
        width: widthFor(stdout, context),
      };
      stdout.write(
        args.text('format') === 'json'
          ? planJson(plan)
          : planText(plan, { ...options, verbose: args.on('verbose') }),
      );
      return planExit(plan, args.on('detailed-exitcode'));
    } finally {
      await workspace.close();
    }
  },
};
