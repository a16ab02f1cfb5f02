// Diagnostics: what was found, where, and the way out. Positions are 1-based everywhere; text readers
// convert once, here nobody does. Knows no renderer.

export type Severity = 'error' | 'warning' | 'note';

/** A place in a file. `line` and `column` are 1-based; `column` counts UTF-16 code units. `length` of the marked text, 1 when unknown. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length?: number;
}

export interface Diagnostic {
  /** Kebab-case words, a public contract. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence: the cause. */
  readonly message: string;
  /** The offence. Absent only where no file is at fault (a network failure, say). */
  readonly at?: Location;
  /** Stands beside the carets: `did you mean "rate_limits"?`. */
  readonly label?: string;
  /** The second place: the schema, rule, layer or other entry that decided it. */
  readonly because?: { readonly text: string; readonly at?: Location };
  /** The way out, one sentence. */
  readonly help?: string;
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

/** Sorted by file, line, column, then code: the order in which people read and machines compare. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const key = (d: Diagnostic) => d.at ?? { file: '', line: 0, column: 0 };
  return [...diagnostics].sort((a, b) => {
    const x = key(a);
    const y = key(b);
    if (x.file !== y.file) return x.file < y.file ? -1 : 1;
    return x.line - y.line || x.column - y.column || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
  });
}
