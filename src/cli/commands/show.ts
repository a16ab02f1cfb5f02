// `gatewright show`: a saved plan, as `plan` would have printed it. Works on old and altered plans too, and says so.
import type { Command } from '../commands';
import { EXIT } from '../exit-codes';
import { planOutput, REVIEW_FORMATS } from '../plan-output';
import { readPlanFile } from '../planning';
import { printDiagnostics } from '../report';

export const command: Command = {
  flags: ['format'],
  choices: { format: REVIEW_FORMATS },
  operands: ['<plan>'],
  about: 'Prints a plan that `gatewright plan --out` saved, with its requests. Asks no workspace.',
  examples: ['gatewright show plan.json', 'gatewright show plan.json -o markdown'],
  async run(args, context) {
    const file = args.operands[0] ?? '';
    const { plan, problem } = readPlanFile(file, context, args, true);
    if (problem !== undefined) {
      const { code, message, help } = problem;
      printDiagnostics([{ code, severity: 'warning', message: `${file}: ${message}`, help }], context, {
        noColour: args.on('no-color'),
      });
    }
    context.stdout.write(planOutput(plan, 'plan', args, context, { verbose: true }));
    return EXIT.ok;
  },
};
