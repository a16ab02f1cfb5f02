// `gatewright synth`: what the files ask for, normalised, for machines and for reviewers. Offline.
import { desiredDocument } from '../../config';
import { hasErrors } from '../../model/diagnostic';
import { isList, isObject, type Json } from '../../model/json';
import { safeJson } from '../../render/sanitise';
import type { Command } from '../commands';
import { EXIT } from '../exit-codes';
import { Failure } from '../failure';
import { PROJECT_FLAGS, readProject } from '../project';
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
  flags: PROJECT_FLAGS,
  about:
    'Prints the desired document: variables resolved, layers merged, shorthands expanded, members sorted. ' +
    'Needs no workspace and no credentials; secrets stay references. plan --desired takes the file.',
  examples: ['gatewright synth -t prod > desired.json'],
  async run(args, context) {
    const { desired, diagnostics, texts } = readProject(args, context);
    if (desired === undefined || hasErrors(diagnostics)) throw new Failure(diagnostics, EXIT.invalid, texts);
    printDiagnostics(diagnostics, context, { texts, noColour: args.on('no-color') });
    context.stdout.write(`${safeJson(sorted(desiredDocument(desired)))}\n`);
    return EXIT.ok;
  },
};
