// The project as the flags name it, for every command that reads config: where it lies, how its
// diagnostics are printed. Knows no workspace.
import { statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { LoadedProject } from '../config';
import { type Diagnostic, hasErrors, type Location, sortDiagnostics } from '../model/diagnostic';
import type { Args } from './args';
import type { Context } from './context';
import { EXIT } from './exit-codes';
import { Failure } from './failure';
import type { FlagName } from './flags';

/** The flags that every command takes which reads a project. */
export const PROJECT_FLAGS: readonly FlagName[] = ['target', 'var', 'strict'];

/**
 * Reads and judges the files that the flags name. Throws only when there is no project. Diagnostics name files as
 * seen from `from` (default: where the command runs), so that a click on one opens it.
 */
export function readProject(
  args: Args,
  context: Context,
  options: { readonly allTargets?: boolean; readonly from?: string; readonly target?: string } = {},
): LoadedProject {
  // Loaded here: who asks only for the folder has no use for a YAML reader.
  const { diskSource, loadProject } = require('../config') as typeof import('../config');
  const target = options.target ?? args.text('target');
  const directory = projectDirectory(args, context);
  const loaded = loadProject({
    source: diskSource(directory),
    runApp: (app) => {
      const { appRunner } = require('./app') as typeof import('./app');
      return appRunner(directory, context)(app);
    },
    variables: args.pairs('var'),
    strict: args.on('strict'),
    today: new Date(context.clock.now()).toISOString().slice(0, 10),
    ...(target === undefined ? {} : { target }),
    ...(options.allTargets === true && target === undefined ? { allTargets: true } : {}),
  });
  const missing = loaded.diagnostics.find((diagnostic) => diagnostic.code === 'no-project');
  // Not an invalid config but none: what went wrong is the way here, so say where that led.
  if (missing !== undefined)
    throw new Failure([{ ...missing, message: `${missing.message} in ${directory}` }]);
  return seenFrom(options.from ?? context.cwd, directory, loaded);
}

function seenFrom(from: string, directory: string, loaded: LoadedProject): LoadedProject {
  const way = relative(from, directory).split(sep).join('/');
  if (way === '') return loaded;
  const file = (name: string) => `${way}/${name}`;
  const place = (at: Location): Location => ({ ...at, file: file(at.file) });
  const moved = (diagnostic: Diagnostic): Diagnostic => {
    const { at, because } = diagnostic;
    return {
      ...diagnostic,
      ...(at === undefined ? {} : { at: place(at) }),
      ...(because?.at === undefined ? {} : { because: { ...because, at: place(because.at) } }),
    };
  };
  return {
    ...loaded,
    diagnostics: loaded.diagnostics.map(moved),
    texts: new Map([...loaded.texts].map(([name, text]) => [file(name), text])),
    names: loaded.names.map((name) => ({ ...name, at: place(name.at) })),
  };
}

/** In the order of their places, which were those in the project, as seen from where the command runs. */
export function seenFromHere(
  diagnostics: readonly Diagnostic[],
  args: Args,
  context: Context,
): readonly Diagnostic[] {
  const way = relative(context.cwd, projectDirectory(args, context)).split(sep).join('/');
  const sorted = sortDiagnostics(diagnostics);
  if (way === '') return sorted;
  return sorted.map((one) =>
    one.at === undefined ? one : { ...one, at: { ...one.at, file: `${way}/${one.at.file}` } },
  );
}

export function projectDirectory(args: Args, context: Context): string {
  return resolve(context.cwd, args.text('directory') ?? '.');
}

/** The project of the folder; undefined where none has been begun. What is there and invalid ends the run with exit 3. */
export function projectIfAny(args: Args, context: Context): LoadedProject | undefined {
  const root = statSync(join(projectDirectory(args, context), 'gatewright.yaml'), { throwIfNoEntry: false });
  // `gatewright import > gatewright.yaml`: the shell has made the file, and nothing stands in it.
  const isBegun = root !== undefined && root.size > 0;
  if (!isBegun && args.text('target') === undefined) return undefined;
  const loaded = readProject(args, context);
  if (hasErrors(loaded.diagnostics)) throw new Failure(loaded.diagnostics, EXIT.invalid, loaded.texts);
  return loaded;
}
