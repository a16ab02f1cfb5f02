// `gatewright synth`: what the files ask for, normalised, for machines and for reviewers. Offline.
import { desiredDocument, type LoadedProject } from '../../config';
import { type Diagnostic, hasErrors } from '../../model/diagnostic';
import { isList, isObject, type Json } from '../../model/json';
import type { Desired } from '../../model/resource';
import { safeJson } from '../../render/sanitise';
import type { Args } from '../args';
import type { Command } from '../commands';
import type { Context } from '../context';
import { EXIT } from '../exit-codes';
import { Failure } from '../failure';
import { PROJECT_FLAGS, readProject, seenFromHere } from '../project';
import { printDiagnostics } from '../report';

/** Members in the order of RFC 8785, so that two documents of one meaning are one text. */
function sorted(value: Json): Json {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}

export const command: Command = {
  flags: [...PROJECT_FLAGS, 'to'],
  about:
    'Prints the desired document: variables resolved, layers merged, shorthands expanded, members sorted. ' +
    'Needs no workspace and no credentials; secrets stay references. plan --desired takes the file. --to terraform prints ' +
    'Terraform JSON, --to bundle a Databricks bundle with a target for each of ours; what they cannot say is warned about, ' +
    'field by field, and with --strict refused.',
  examples: [
    'gatewright synth -t prod > desired.json',
    'gatewright synth -t prod --to terraform > main.tf.json',
    'gatewright synth --to bundle > databricks.yml',
  ],
  async run(args, context) {
    const loaded = readProject(args, context);
    const desired = sound(loaded);
    printDiagnostics(loaded.diagnostics, context, { texts: loaded.texts, noColour: args.on('no-color') });
    const to = args.text('to') ?? 'json';
    if (to === 'json') context.stdout.write(`${safeJson(sorted(desiredDocument(desired)))}\n`);
    if (to === 'terraform') {
      const { terraformForm, terraformJson } = require('../../engines') as typeof import('../../engines');
      const form = terraformForm(desired);
      report(form.diagnostics, loaded, args, context);
      context.stdout.write(`${safeJson(terraformJson(form))}\n`);
    }
    if (to === 'bundle') {
      const { bundleForm } = require('../../engines') as typeof import('../../engines');
      const { documentYaml } =
        require('../../render/document-yaml') as typeof import('../../render/document-yaml');
      const form = bundleForm(everyTarget(desired, loaded, args, context), desired.target);
      report(form.diagnostics, loaded, args, context);
      context.stdout.write(documentYaml(form.document));
    }
    return EXIT.ok;
  },
};

function sound({ desired, diagnostics, texts }: LoadedProject): Desired {
  if (desired === undefined || hasErrors(diagnostics)) throw new Failure(diagnostics, EXIT.invalid, texts);
  return desired;
}

/** A bundle holds all targets, unless one is named. */
function everyTarget(desired: Desired, loaded: LoadedProject, args: Args, context: Context): Desired[] {
  if (args.text('target') !== undefined) return [desired];
  return loaded.targets.length === 0
    ? [desired]
    : loaded.targets.map((target) =>
        target === desired.target ? desired : sound(readProject(args, context, { target })),
      );
}

function report(
  diagnostics: readonly Diagnostic[],
  { texts }: LoadedProject,
  args: Args,
  context: Context,
): void {
  const strict = args.on('strict');
  const shown = seenFromHere(diagnostics, args, context).map(
    (one): Diagnostic => (strict && one.severity === 'warning' ? { ...one, severity: 'error' } : one),
  );
  if (hasErrors(shown)) throw new Failure(shown, EXIT.invalid, texts);
  printDiagnostics(shown, context, { texts, noColour: args.on('no-color') });
}
