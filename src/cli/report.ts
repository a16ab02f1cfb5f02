// How diagnostics and failures leave the process. The one place that decides on colour and width.
import type { Diagnostic } from '../model/diagnostic';
import { diagnosticsText } from '../render/diagnostics-text';
import { type Paint, painter } from '../render/paint';
import { manyLines } from '../render/sanitise';
import type { Context, Sink } from './context';
import { EXIT, type ExitCode } from './exit-codes';
import { Failure } from './failure';

/** https://no-color.org: any value but the empty one. */
export function paintFor(sink: Sink, context: Context, noColour: boolean): Paint {
  const { NO_COLOR, TERM } = context.env;
  return painter(sink.isTTY && !noColour && (NO_COLOR ?? '') === '' && TERM !== 'dumb');
}

/** Cells of a line: the terminal's, else what COLUMNS says, else 80. */
export function widthFor(sink: Sink, context: Context): number {
  const asked = Number(context.env.COLUMNS);
  return sink.columns ?? (Number.isInteger(asked) && asked >= 40 ? asked : 80);
}

/** Diagnostics to stderr, for commands whose stdout is data. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  context: Context,
  options: { readonly texts?: ReadonlyMap<string, string>; readonly noColour: boolean },
): void {
  context.stderr.write(
    diagnosticsText(diagnostics, {
      texts: options.texts ?? new Map(),
      width: widthFor(context.stderr, context),
      paint: paintFor(context.stderr, context, options.noColour),
    }),
  );
}

/** An error of another folder that says its code, its cause and the way out. */
function carried(error: unknown): Diagnostic | undefined {
  const said = error as { readonly code?: unknown; readonly message?: unknown; readonly help?: unknown } | null;
  if (typeof said?.code !== 'string' || typeof said.message !== 'string' || typeof said.help !== 'string') return undefined;
  return { code: said.code, severity: 'error', message: said.message, help: said.help };
}

export function printFailure(
  error: unknown,
  verbose: boolean,
  noColour: boolean,
  context: Context,
): ExitCode {
  if (error instanceof Failure) {
    printDiagnostics(error.diagnostics, context, { texts: error.texts, noColour });
    return error.exitCode;
  }
  const diagnostic = carried(error) ?? unexpected(error, verbose);
  printDiagnostics([diagnostic], context, { noColour });
  if (verbose && error instanceof Error) context.stderr.write(`${manyLines(error.stack ?? '')}\n`);
  return EXIT.failed;
}

/** Errors of the operating system say enough by themselves; anything else is a fault of ours. */
function unexpected(error: unknown, verbose: boolean): Diagnostic {
  const message = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] || 'no message';
  const system = typeof (error as { syscall?: unknown } | null)?.syscall === 'string';
  if (system) return { code: 'system', severity: 'error', message };
  return {
    code: 'unexpected',
    severity: 'error',
    message,
    ...(verbose ? {} : { help: 'this is a fault in gatewright; run again with --verbose to see where' }),
  };
}
