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
    message: `${message}${label === undefined ? '' : `: ${label}`}${because === undefined ? '' : ` (${becauseText(because)})`}`,
    ...(help === undefined ? {} : { help }),
    ...(at === undefined ? {} : { at }),
    identity: [at?.file ?? '', message],
  }));
  const describe = (rule: string) => ({
    title: rule.replace(/-/g, ' ').replace(/^./, (first) => first.toUpperCase()),
    help: 'The configuration is not as it must be. The result names the way out.',
  });
  return sarif({ ...run, category: 'validate', results, describe });
}
