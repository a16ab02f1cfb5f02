// A plan as test results, a case per resource. As a plan, what a guard refuses fails; as drift, what differs.
import type { Plan } from '../plan/types';
import { type JunitCase, junit } from './junit';
import { actionText, type Entry, entriesOf, isMissing, type PlanView } from './plan-order';

export function planJunit(plan: Plan, as: PlanView): string {
  const entries = entriesOf(plan, as);
  // A first apply's stamp is no drift, so that resource passes.
  const told = new Set(entries.map(({ subject }) => `${subject.kind} ${subject.name}`));
  const passed = plan.changes.filter(({ kind, name }) => !told.has(`${kind} ${name}`));
  const cases: JunitCase[] = [
    ...entries.map((entry) => (as === 'drift' ? driftCase(entry) : planCase(entry))),
    ...plan.orphans.map(({ kind, name }): JunitCase => {
      const message = 'it is stamped as ours and named by no file';
      const found: JunitCase = { group: kind, name };
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
  if (refused === undefined) return { ...found, output: [actionText(entry), ...told].join('\n') };
  const { guard, message, help } = refused;
  return {
    ...found,
    outcome: { as: 'failure', type: guard, message, details: [...told, help].join('\n') },
  };
}

function driftCase(entry: Entry): JunitCase {
  const { subject, refused, differences } = entry;
  const found: JunitCase = { group: subject.kind, name: subject.name };
  if (differences.length > 0) {
    const count = `${differences.length} ${differences.length === 1 ? 'field differs' : 'fields differ'} from the files`;
    const details = ['Applying the files would do this:', ...entry.effects.map(({ text }) => text)].join(
      '\n',
    );
    return { ...found, outcome: { as: 'failure', type: 'drift', message: count, details } };
  }
  if (refused === undefined) return found;
  const { guard, message, help } = refused;
  // What a guard keeps from being applied says nothing about drift.
  if (!isMissing(refused)) return { ...found, output: `${message}\n${help}` };
  return { ...found, outcome: { as: 'failure', type: guard, message, details: help } };
}
