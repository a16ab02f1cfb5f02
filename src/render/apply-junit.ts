// What an apply came to, as test results: a case per resource.
import type { Plan } from '../plan/types';
import type { Result } from '../reconcile/events';
import { SAID } from './apply-text';
import { type JunitCase, junit } from './junit';

/** What a guard kept out fails too; what was as asked already passes. */
export function applyJunit({ target, refused, unchanged }: Plan, results: readonly Result[]): string {
  return junit(`gatewright apply${target === '' ? '' : ` ${target}`}`, [
    ...results.map(caseOf),
    ...refused.map(({ kind, name, guard, message, help }): JunitCase => {
      const outcome = { as: 'failure' as const, type: guard, message, details: help };
      return { group: kind, name, outcome };
    }),
    ...unchanged.map(({ kind, name }): JunitCase => ({ group: kind, name })),
  ]);
}

function caseOf({ subject, outcome, message, help, fields = [] }: Result): JunitCase {
  const found: JunitCase = { group: subject.kind, name: subject.name };
  const details = [
    ...(message === undefined ? [] : [message]),
    ...fields.map(({ path, expected, found: live }) => `${path}: expected ${expected}, found ${live}`),
    ...(help === undefined ? [] : [help]),
  ].join('\n');
  if (outcome === 'applied' || outcome === 'already' || outcome === 'accepted')
    return { ...found, output: [SAID[outcome], details].filter((text) => text !== '').join('\n') };
  const as = outcome === 'not-started' ? 'skipped' : 'failure';
  return { ...found, outcome: { as, type: outcome, message: SAID[outcome], details } };
}
