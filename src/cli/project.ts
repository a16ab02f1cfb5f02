// The project as the flags name it, for every command that reads config: where it lies, how its
// diagnostics are printed. Knows no workspace.
import { resolve } from 'node:path';
import type { LoadedProject } from '../config';
import type { Args } from './args';
import type { Context } from './context';
import type { FlagName } from './flags';

/** The flags that every command takes which reads a project. */
export const PROJECT_FLAGS: readonly FlagName[] = ['target', 'var', 'strict'];

/** Reads and judges the files that the flags name. Never throws for what a file says. */
export function readProject(
  args: Args,
  context: Context,
  options: { readonly allTargets?: boolean } = {},
): LoadedProject {
  // Loaded here: who asks only for the folder has no use for a YAML reader.
  const { diskSource, loadProject } = require('../config') as typeof import('../config');
  const target = args.text('target');
  return loadProject({
    source: diskSource(projectDirectory(args, context)),
    variables: args.pairs('var'),
    strict: args.on('strict'),
    ...(target === undefined ? {} : { target }),
    ...(options.allTargets === true && target === undefined ? { allTargets: true } : {}),
  });
}

export function projectDirectory(args: Args, context: Context): string {
  return resolve(context.cwd, args.text('directory') ?? '.');
}
