// Diagnostics for people: message, place, the line with carets, what decided it, the way out.
// Pure: texts of files come in, nothing is read.
import type { Diagnostic, Location, Severity } from '../model/diagnostic';
import { frameLines } from './code-frame';
import { type Paint, painter } from './paint';
import { oneLine } from './sanitise';
import { wrap } from './width';

export interface TextOptions {
  /** The texts of files by the name that places carry; a file without one is named without a frame. */
  readonly texts?: ReadonlyMap<string, string>;
  /** Cells of a line, default 80. */
  readonly width?: number;
  readonly paint?: Paint;
}

/** The second place on one line: `first written here: gatewright.yaml:3:5`. */
export function becauseText({ text, at }: NonNullable<Diagnostic['because']>): string {
  return at === undefined ? oneLine(text) : `${oneLine(text)}: ${placeText(at)}`;
}

export function placeText(at: Location): string {
  return `${oneLine(at.file)}:${at.line}:${at.column}`;
}

/** Each diagnostic with an empty line after it; '' for none. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], options: TextOptions = {}): string {
  const lines = lineReader(options.texts ?? new Map());
  return diagnostics.map((diagnostic) => `${oneDiagnostic(diagnostic, lines, options)}\n\n`).join('');
}

/** `2 errors, 1 warning`; '' for none. */
export function summaryText(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Severity) => {
    const sum = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return sum === 0 ? [] : [`${sum} ${severity}${sum === 1 ? '' : 's'}`];
  };
  return [...count('error'), ...count('warning'), ...count('note')].join(', ');
}

function oneDiagnostic(
  diagnostic: Diagnostic,
  lines: (file: string) => readonly string[] | undefined,
  options: TextOptions,
): string {
  const paint = options.paint ?? painter(false);
  const mark = paint[diagnostic.severity];
  const { at, because, help } = diagnostic;
  const gutter = Math.max(2, String(at?.line ?? 0).length);
  const indent = ' '.repeat(gutter);
  const head = mark(`${diagnostic.severity}[${oneLine(diagnostic.code)}]`);
  const out = [`${head}${paint.strong(`: ${oneLine(diagnostic.message)}`)}`];
  const source = at === undefined ? undefined : lines(at.file)?.[at.line - 1];
  if (at !== undefined) out.push(`${indent}--> ${placeText(at)}`);
  if (at !== undefined && source !== undefined)
    out.push(...frameLines(source, at, diagnostic.label, { width: options.width ?? 80, gutter, mark }));
  else if (diagnostic.label !== undefined) out.push(`${indent} = ${oneLine(diagnostic.label)}`);
  if (source !== undefined && (because !== undefined || help !== undefined)) out.push(`${indent} |`);
  const width = options.width ?? 80;
  const note = (text: string) => {
    const [first = '', ...rest] = wrap(text, Math.max(width - gutter - 3, 24));
    out.push(`${indent} = ${first}`, ...rest.map((line) => `${indent}   ${line}`));
  };
  if (because !== undefined) note(becauseText(because));
  if (help !== undefined) note(`help: ${oneLine(help)}`);
  return out.join('\n');
}

/** Splits each file once: a file with a thousand faults is not read a thousand times. */
function lineReader(texts: ReadonlyMap<string, string>): (file: string) => readonly string[] | undefined {
  const split = new Map<string, readonly string[]>();
  return (file) => {
    const text = texts.get(file);
    if (text !== undefined && !split.has(file)) split.set(file, text.split('\n'));
    return split.get(file);
  };
}
