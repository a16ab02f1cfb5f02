// A diagnostic as the message of a failed test: its code, its cause, its place, the way out.
import type { Diagnostic } from '../../src/model/diagnostic';

export function diagnosticText({ code, message, at, label, help }: Diagnostic): string {
  const place = at === undefined ? '' : ` at ${at.file}:${at.line}:${at.column}`;
  const more = [label, help].filter((text) => text !== undefined).join('. ');
  return `${code}: ${message}${place}${more === '' ? '' : ` (${more})`}`;
}
