// Policies over files alone, target by target: diagnostics at their lines, a summary, an exit code. Reads the project once
// more for each target, because entries differ between them.
import { relative, sep } from 'node:path';
import type { LoadedProject } from '../config';
import type { Diagnostic } from '../model/diagnostic';
import { sortDiagnostics } from '../model/diagnostic';
import type { Desired } from '../model/resource';
import { failing, findingDiagnostic, policySummary } from '../render/policy-text';
import type { Args } from './args';
import type { Context } from './context';
import { type ExitCode, worst } from './exit-codes';
import { judgeFiles, type Policies, policyExit } from './policies';
import { projectDirectory, readProject } from './project';

export interface PolicyCheck {
  readonly diagnostics: readonly Diagnostic[];
  /** One line a target. */
  readonly summary: readonly string[];
  readonly exit: ExitCode;
}

export function policyCheck(
  policies: Policies,
  loaded: LoadedProject,
  args: Args,
  context: Context,
  from = context.cwd,
): PolicyCheck {
  const all = desiredOf(loaded, args, context);
  const said = new Map<string, { readonly diagnostic: Diagnostic; readonly targets: string[] }>();
  const summary: string[] = [];
  const exits: ExitCode[] = [];
  const prefix = prefixOf(from, projectDirectory(args, context));
  for (const desired of all) {
    const report = judgeFiles(policies, desired, context.clock.now());
    const where = all.length > 1 ? `${desired.target}: ` : '';
    summary.push(`${where}${policySummary(report)}`);
    exits.push(policyExit(report));
    const found = failing(report).map(findingDiagnostic).map(seenBy(prefix));
    for (const diagnostic of [...found, ...report.problems]) {
      const { at, code, message } = diagnostic;
      const key = `${at?.file}:${at?.line}:${at?.column} ${code} ${message}`;
      const before = said.get(key);
      if (before === undefined) said.set(key, { diagnostic, targets: [desired.target] });
      else before.targets.push(desired.target);
    }
  }
  const diagnostics = [...said.values()].map(({ diagnostic, targets }) =>
    targets.length === all.length
      ? diagnostic
      : { ...diagnostic, message: `${diagnostic.message} (${targets.join(', ')})` },
  );
  return { diagnostics: sortDiagnostics(diagnostics), summary, exit: worst(exits) };
}

/** The target that is named, else each of them. */
function desiredOf(loaded: LoadedProject, args: Args, context: Context): Desired[] {
  const one = loaded.desired === undefined ? [] : [loaded.desired];
  if (args.text('target') !== undefined || loaded.targets.length < 2) return one;
  return loaded.targets.flatMap((target) =>
    loaded.desired?.target === target ? one : (readProject(args, context, { target }).desired ?? []),
  );
}

function prefixOf(from: string, directory: string): string {
  const way = relative(from, directory).split(sep).join('/');
  return way === '' ? '' : `${way}/`;
}

/** Places of entries are named from the project's folder, diagnostics from where the command runs. */
const seenBy =
  (prefix: string) =>
  (diagnostic: Diagnostic): Diagnostic =>
    diagnostic.at === undefined
      ? diagnostic
      : { ...diagnostic, at: { ...diagnostic.at, file: `${prefix}${diagnostic.at.file}` } };
