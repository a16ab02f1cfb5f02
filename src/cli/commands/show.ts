// `gatewright show`: a saved plan, as `plan` would have printed it. Works on old and altered plans too, and says so.
import { planJson } from '../../render/plan-json';
import { planText } from '../../render/plan-text';
import type { Command } from '../commands';
import { EXIT } from '../exit-codes';
import { readPlanFile } from '../planning';
import { paintFor, printDiagnostics, widthFor } from '../report';

export const command: Command = {
  flags: ['format'],
  choices: { format: ['text', 'json'] },
  operands: ['<plan>'],
  about: 'Prints a plan that `gatewright plan --out` saved, with its requests. Asks no workspace.',
  examples: ['gatewright show plan.json'],
  async run(args, context) {
    const file = args.operands[0] ?? '';
    const { plan, problem } = readPlanFile(file, context, args, true);
    if (problem !== undefined) {
      const { code, message, help } = problem;
      printDiagnostics([{ code, severity: 'warning', message: `${file}: ${message}`, help }], context, {
        noColour: args.on('no-color'),
      });
    }
    const { stdout } = context;
    const options = {
      paint: paintFor(stdout, context, args.on('no-color')),
      width: widthFor(stdout, context),
    };
    stdout.write(
      args.text('format') === 'json' ? planJson(plan) : planText(plan, { ...options, verbose: true }),
    );
    return EXIT.ok;
  },
};
