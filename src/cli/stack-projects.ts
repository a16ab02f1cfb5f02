// The targets of a project that become stacks: all that have a workspace, or the one that is named. Knows no cdktf.
import type { LoadedProject } from '../config';
import { type Diagnostic, hasErrors } from '../model/diagnostic';
import type { Desired } from '../model/resource';
import { type Args, checkArgs, readCommandLine } from './args';
import type { Context } from './context';
import { EXIT } from './exit-codes';
import { Failure } from './failure';
import { EVERYWHERE } from './flags';
import { PROJECT_FLAGS, readProject, seenFromHere } from './project';

export interface StackProject {
  /** `llm-platform-prod`. */
  readonly id: string;
  readonly loaded: LoadedProject;
  readonly desired: Desired;
  /** Diagnostics with files as seen from where the program runs. */
  readonly seen: (diagnostics: readonly Diagnostic[]) => readonly Diagnostic[];
}

/** Throws what a command throws for a project that is not there or not valid. */
export function stackProjects(
  directory: string | undefined,
  target: string | undefined,
  context: Context,
): StackProject[] {
  const words = [
    ...(directory === undefined ? [] : ['--directory', directory]),
    ...(target === undefined ? [] : ['--target', target]),
  ];
  const rules = { command: 'cdktf', flags: [...EVERYWHERE, ...PROJECT_FLAGS], operands: [] };
  const args: Args = checkArgs(readCommandLine(['cdktf', ...words]), rules);
  const first = readProject(args, context);
  if (target !== undefined || first.targets.length === 0) return [stack(first, args, context)];
  const each = first.targets.map((name) =>
    stack(readProject(args, context, { target: name }), args, context),
  );
  const deployed = each.filter(({ desired }) => desired.host !== 'simulator');
  return deployed.length === 0 ? each : deployed;
}

function stack(loaded: LoadedProject, args: Args, context: Context): StackProject {
  const { desired, diagnostics, texts } = loaded;
  if (desired === undefined || hasErrors(diagnostics)) throw new Failure(diagnostics, EXIT.invalid, texts);
  return {
    id: [desired.project, desired.target].filter((part) => part !== '').join('-'),
    loaded,
    desired,
    seen: (found) => seenFromHere(found, args, context),
  };
}
