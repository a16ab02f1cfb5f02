// A run that cannot go on, with all that a person needs to know. Commands throw it; `run` prints it to
// stderr as diagnostics and exits with its code.
import type { Diagnostic } from '../model/diagnostic';
import { EXIT, type ExitCode } from './exit-codes';

export class Failure extends Error {
  constructor(
    readonly diagnostics: readonly Diagnostic[],
    readonly exitCode: ExitCode = EXIT.failed,
    /** Texts of files for the code frames. */
    readonly texts: ReadonlyMap<string, string> = new Map(),
  ) {
    super(diagnostics.map((diagnostic) => diagnostic.message).join('; '));
    this.name = 'Failure';
  }
}

/** One error without a place in a file. */
export function failure(
  code: string,
  message: string,
  more: { readonly help?: string; readonly exitCode?: ExitCode } = {},
): Failure {
  const help = more.help === undefined ? {} : { help: more.help };
  return new Failure([{ code, severity: 'error', message, ...help }], more.exitCode);
}
