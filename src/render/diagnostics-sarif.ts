// Diagnostics for code scanning.
import type { Diagnostic } from '../model/diagnostic';
import { becauseText } from './diagnostics-text';
import { type SarifRun, sarif } from './sarif';

/** An identity is the message, which names what it is about: a line that moves changes nothing. */
export function diagnosticsSarif(
  diagnostics: readonly Diagnostic[],
  run: Pick<SarifRun, 'version' | 'fallback'>,
): string {
  const results = diagnostics.map(({ code, severity, message, label, because, help, at }) => ({
    rule: code,
    level: severity,
    message: [
      label === undefined ? message : `${message}: ${label}`,
      ...(because === undefined ? [] : [becauseText(because)]),
    ].join('. '),
    ...(help === undefined ? {} : { help }),
    ...(at === undefined ? {} : { at }),
    identity: [at?.file ?? '', message],
  }));
  return sarif({ ...run, category: 'validate', results });
}
