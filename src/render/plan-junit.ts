// A plan as test results, a case per resource. As a plan, what a guard refuses fails; as drift, what differs.
import type { Plan } from '../plan/types';
import { type DriftSort, declaredBy, driftSorts, subjectKey } from './drift';
import { type JunitCase, junit } from './junit';
import { ownedBy, saysOf } from './origin-text';
import { actionText, type Entry, entriesOf, type PlanView } from './plan-order';

export function planJunit(plan: Plan, as: PlanView): string {
  const entries = entriesOf(plan, as);
  const sorts = driftSorts(plan);
  // A first apply's stamp is no drift, so that resource passes.
  const told = new Set(entries.map(({ subject }) => `${subject.kind} ${subject.name}`));
  const passed = plan.changes.filter(({ kind, name }) => !told.has(`${kind} ${name}`));
  const cases: JunitCase[] = [
    ...entries.map((entry) =>
      as === 'drift'
        ? driftCase(entry, sorts.get(subjectKey(entry.subject)), declaredBy(plan))
        : planCase(entry),
    ),
    ...plan.orphans.map((orphan): JunitCase => {
      const message = `it is ${ownedBy(orphan, plan)} and named by no file`;
      const found: JunitCase = { group: orphan.kind, name: orphan.name };
      return as === 'drift'
        ? { ...found, outcome: { as: 'failure', type: 'orphan', message } }
        : { ...found, output: message };
    }),
    ...[...passed, ...plan.unchanged].map(({ kind, name }): JunitCase => ({ group: kind, name })),
  ];
  return junit(`gatewright ${as}${plan.target === '' ? '' : ` ${plan.target}`}`, cases);
}

function planCase(entry: Entry): JunitCase {
  const { subject, refused } = entry;
  const found: JunitCase = { group: subject.kind, name: subject.name };
  const told = entry.effects.map(({ text }) => text);
  const undone = entry.undone.flatMap((edit) => [
    `${edit.path === '' ? '' : `${edit.path}: `}${saysOf(edit)}`,
    edit.keep,
  ]);
  if (refused === undefined) return { ...found, output: [actionText(entry), ...told, ...undone].join('\n') };
  const { guard, message, help } = refused;
  return {
    ...found,
    outcome: { as: 'failure', type: guard, message, details: [...told, help].join('\n') },
  };
}

function driftCase(
  { subject, refused, differences, effects }: Entry,
  sort: DriftSort | undefined,
  declared: string,
): JunitCase {
  const found: JunitCase = { group: subject.kind, name: subject.name };
  const failed = (message: string, details: readonly string[] = [], type = 'drift'): JunitCase => ({
    ...found,
    outcome: {
      as: 'failure',
      type,
      message,
      ...(details.length === 0 ? {} : { details: details.join('\n') }),
    },
  });
  switch (sort) {
    case 'differing': {
      const count = `${differences.length} ${differences.length === 1 ? 'field differs' : 'fields differ'} from ${declared}`;
      return failed(count, [`Applying ${declared} would do this:`, ...effects.map(({ text }) => text)]);
    }
    case 'missing':
      return failed(refused?.message ?? 'it is declared and missing', [], 'missing');
    case 'unreadable':
      return failed(
        refused?.message ?? 'it cannot be read',
        refused === undefined ? [] : [refused.help],
        'unreadable',
      );
    case 'lingering':
      return failed('still there though removed');
    // What a guard keeps from being applied says nothing about drift.
    case undefined:
      return refused === undefined ? found : { ...found, output: `${refused.message}\n${refused.help}` };
  }
}
