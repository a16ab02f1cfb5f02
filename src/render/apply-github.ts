// What an apply came to, as annotations: what did not end well, and what a guard kept out; the rest is one line.
import type { Diagnostic } from '../model/diagnostic';
import type { Plan } from '../plan/types';
import type { Result } from '../reconcile/events';
import { applySummary, SAID } from './apply-text';
import { diagnosticsGithub } from './diagnostics-github';

/** `file`: a file as seen from the top of the checkout. */
export function applyGithub(
  plan: Plan,
  results: readonly Result[],
  file: (name: string) => string = (name) => name,
): string {
  const annotations = results.flatMap(({ subject, outcome, message, help }): Diagnostic[] => {
    if (outcome === 'applied' || outcome === 'already' || outcome === 'accepted') return [];
    const change = plan.changes.find(({ kind, name }) => kind === subject.kind && name === subject.name);
    const at = change?.differences.find(({ provenance }) => provenance !== undefined)?.provenance;
    return [
      {
        code: `apply/${outcome}`,
        severity: outcome === 'not-started' ? 'warning' : 'error',
        message: `${subject.name}: ${SAID[outcome]}${message === undefined ? '' : `; ${message}`}`,
        ...(at === undefined ? {} : { at: { ...at, file: file(at.file) } }),
        ...(help === undefined ? {} : { help }),
      },
    ];
  });
  const refused = plan.refused.map(
    ({ name, guard, message, help, provenance }): Diagnostic => ({
      code: `guard/${guard}`,
      severity: 'error',
      message: `${name}: ${message}`,
      ...(provenance === undefined ? {} : { at: { ...provenance, file: file(provenance.file) } }),
      help,
    }),
  );
  return `${diagnosticsGithub([...annotations, ...refused])}${applySummary(results)}`;
}
