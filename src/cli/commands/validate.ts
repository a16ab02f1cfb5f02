// `gatewright validate`: are the files right? Offline, needs no credentials, checks every target unless one is named.
import { hasErrors } from '../../model/diagnostic';
import { diagnosticsGithub } from '../../render/diagnostics-github';
import { diagnosticsJson } from '../../render/diagnostics-json';
import { diagnosticsText, summaryText } from '../../render/diagnostics-text';
import type { Command } from '../commands';
import { EXIT, worst } from '../exit-codes';
import { fromCheckout, ROOT_FILE } from '../plan-output';
import { POLICY_FLAGS, readPolicies } from '../policies';
import { policyCheck } from '../policy-check';
import { PROJECT_FLAGS, readProject } from '../project';
import { paintFor, widthFor } from '../report';
import { toolVersion } from '../version';

/** These are placed by whoever shows them, by the path from the top of the checkout. */
const PLACED: readonly (string | undefined)[] = ['github', 'sarif'];

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

export const command: Command = {
  flags: [...PROJECT_FLAGS, ...POLICY_FLAGS, 'format'],
  choices: { format: ['text', 'json', 'sarif', 'junit', 'github'] },
  about:
    'Reads gatewright.yaml and the files that it includes, and says what is wrong with them and where. ' +
    'Needs no workspace and no credentials. Without --target every target is checked. Policies are held against what the files say. ' +
    'Exits 3 when the configuration is invalid, 4 when a policy blocks.',
  examples: ['gatewright validate', 'gatewright validate -o github'],
  async run(args, context) {
    const { stdout } = context;
    // https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    const checkout = PLACED.includes(args.text('format')) ? context.env.GITHUB_WORKSPACE : undefined;
    const loaded = readProject(args, context, {
      allTargets: true,
      ...(checkout === undefined || checkout === '' ? {} : { from: checkout }),
    });
    const { files, desired } = loaded;
    const invalid = hasErrors(loaded.diagnostics);
    const policies = invalid ? undefined : readPolicies(args, context);
    const checked =
      policies === undefined ? undefined : policyCheck(policies, loaded, args, context, checkout);
    const diagnostics = [...loaded.diagnostics, ...(checked?.diagnostics ?? [])];
    const texts = new Map([...(policies?.texts ?? []), ...loaded.texts]);
    const paint = paintFor(stdout, context, args.on('no-color'));
    switch (args.text('format')) {
      case 'json':
        stdout.write(diagnosticsJson(diagnostics));
        break;
      case 'github':
        stdout.write(diagnosticsGithub(diagnostics));
        break;
      case 'sarif': {
        const { diagnosticsSarif } =
          require('../../render/diagnostics-sarif') as typeof import('../../render/diagnostics-sarif');
        const fallback = fromCheckout(args, context)(ROOT_FILE);
        stdout.write(diagnosticsSarif(diagnostics, { version: toolVersion(context), fallback }));
        break;
      }
      case 'junit': {
        const { diagnosticsJunit } =
          require('../../render/diagnostics-junit') as typeof import('../../render/diagnostics-junit');
        stdout.write(diagnosticsJunit(diagnostics, [...texts.keys()]));
        break;
      }
      default: {
        const found = summaryText(diagnostics);
        const all = `${count(desired?.resources.length ?? 0, 'resource')} in ${count(files.length, 'file')}`;
        stdout.write(diagnosticsText(diagnostics, { texts, paint, width: widthFor(stdout, context) }));
        for (const line of checked?.summary ?? []) stdout.write(`${line}\n`);
        if (invalid) stdout.write(`${paint.error('invalid')}: ${found}\n`);
        else
          stdout.write(
            `${checked?.exit ? paint.error('blocked') : paint.good('valid')}: ${all}${found === '' ? '' : ` (${found})`}\n`,
          );
      }
    }
    return worst([invalid ? EXIT.invalid : EXIT.ok, checked?.exit ?? EXIT.ok]);
  },
};
