// `gatewright plan`: what would apply do? Reads the workspace with GET alone and writes nothing to it.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { planJson } from '../../render/plan-json';
import { planText } from '../../render/plan-text';
import { basisOf } from '../base';
import type { Command } from '../commands';
import { makePlanFor, PLANNING_FLAGS, planExit, readDesired } from '../planning';
import { projectDirectory } from '../project';
import { paintFor, widthFor } from '../report';
import { openWorkspace } from '../workspace';

export const command: Command = {
  flags: [...PLANNING_FLAGS, 'since', 'rotate', 'format', 'out', 'detailed-exitcode'],
  choices: { format: ['text', 'json'] },
  about:
    'Compares the files with the workspace and prints what apply would do, and which guard refuses what. Only reads. ' +
    'With --base, the config as it was last applied, it tells what the config changed from what was changed in the workspace. ' +
    'Exits 0 with or without changes, 2 with changes when --detailed-exitcode is given, 5 when a guard refuses something.',
  examples: [
    'gatewright plan -t prod',
    'gatewright plan -t prod --out plan.json',
    'gatewright plan -t prod --base origin/main',
  ],
  async run(args, context) {
    const desired = readDesired(args, context);
    const basis = basisOf(desired, args, context);
    const workspace = await openWorkspace(args, context, desired, { readOnly: true });
    try {
      const plan = await makePlanFor(desired, workspace, args, context, basis);
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
