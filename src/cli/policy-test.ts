// `policy test`: a team's own cases. Project files whose lines end in `# expect: RULE` are judged by the policies here,
// and what is flagged must be what is expected.
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type Diagnostic, hasErrors } from '../model/diagnostic';
import { expectationsIn, mismatches } from '../policy/expectations';
import { diagnosticsText } from '../render/diagnostics-text';
import { safeJson } from '../render/sanitise';
import type { Args } from './args';
import type { Context } from './context';
import { EXIT, type ExitCode } from './exit-codes';
import { Failure, failure } from './failure';
import { judgeFiles, type Policies, readPolicies } from './policies';
import { paintFor, widthFor } from './report';

export function test(files: readonly string[], args: Args, context: Context): ExitCode {
  if (files.length === 0)
    throw failure('usage', 'policy test takes files', {
      help: 'name project files with lines "# expect: RULE"',
    });
  const read = readPolicies(args, context);
  if (read === undefined)
    throw failure('no-policy', 'no policy holds here', {
      help: 'write gatewright.policy.yaml, or name one with --policy',
    });
  // A case says what must be found; what is waived in the project is not waived in it.
  const policies: Policies = { ...read, waivers: [], pending: [] };
  const texts = new Map<string, string>();
  const wrong = files.flatMap((file) => problemsOf(file, policies, texts, args, context));
  const expected = [...texts].reduce((sum, [file, text]) => sum + expectationsIn(file, text).length, 0);
  if (args.text('format') === 'json') {
    context.stdout.write(`${safeJson({ format: 'gatewright/policy-test/1', files, expected, wrong })}\n`);
  } else {
    const paint = paintFor(context.stdout, context, args.on('no-color'));
    context.stdout.write(diagnosticsText(wrong, { texts, paint, width: widthFor(context.stdout, context) }));
    const verdict =
      wrong.length === 0 ? paint.good('all as expected') : paint.error(`${wrong.length} not as expected`);
    context.stdout.write(
      `${verdict}: ${files.length} ${files.length === 1 ? 'file' : 'files'}, ${expected} expectations\n`,
    );
  }
  return wrong.length === 0 ? EXIT.ok : EXIT.failed;
}

function problemsOf(
  file: string,
  policies: Policies,
  texts: Map<string, string>,
  args: Args,
  context: Context,
): Diagnostic[] {
  const { loadProject, textSource } = require('../config') as typeof import('../config');
  const path = resolve(context.cwd, file);
  const text = readFileSync(path, 'utf8');
  const target = args.text('target');
  const loaded = loadProject({
    source: textSource({ [file]: text }),
    root: file,
    ...(target === undefined ? {} : { target }),
  });
  if (hasErrors(loaded.diagnostics) || loaded.desired === undefined)
    throw new Failure(loaded.diagnostics, EXIT.invalid, loaded.texts);
  texts.set(file, loaded.texts.get(file) ?? '');
  const { findings } = judgeFiles(policies, loaded.desired, context.clock.now());
  const known = new Map(policies.active.rules.flatMap(({ rule }) => [[rule.alias, rule.id] as const]));
  const expected = expectationsIn(file, text).map((one) => ({
    ...one,
    rule: known.get(one.rule) ?? one.rule,
  }));
  return mismatches(expected, findings).map(({ as, line, rule, message }) => ({
    code: as === 'missing' ? 'not-flagged' : 'flagged',
    severity: 'error',
    message: as === 'missing' ? `${rule} does not flag this line` : `${rule} flags this line: ${message}`,
    at: { file, line, column: 1 },
    help:
      as === 'missing'
        ? `Hold the rule, or take the expectation away (${basename(file)}).`
        : `Correct it, or end the line with: # expect: ${rule}`,
  }));
}
