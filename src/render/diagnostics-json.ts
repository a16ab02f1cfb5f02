// Diagnostics for programs: a JSON array in the order given. Members are a public contract, places are
// 1-based, and a member that has nothing to say is absent.
import type { Diagnostic, Location } from '../model/diagnostic';
import { safeJson } from './sanitise';

function place(at: Location | undefined): object {
  if (at === undefined) return {};
  const { file, line, column, length } = at;
  return { file, line, column, ...(length === undefined ? {} : { length }) };
}

export function diagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  const rows = diagnostics.map(({ code, severity, message, at, label, because, help }) => ({
    code,
    severity,
    message,
    ...place(at),
    ...(label === undefined ? {} : { label }),
    ...(because === undefined ? {} : { because: { text: because.text, ...place(because.at) } }),
    ...(help === undefined ? {} : { help }),
  }));
  return `${safeJson(rows)}\n`;
}
