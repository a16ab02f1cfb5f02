// A plan as findings for tools that know nothing of plans: each has a rule, a level, a place in a file if there is
// one, and an identity that stays the same from run to run while its values change. Pure.
import type { Severity } from '../model/diagnostic';
import type { Direction, Origin } from '../model/resource';
import type { ChangeEffect, Difference, Plan } from '../plan/types';
import { type DriftSort, declaredBy, driftSorts, subjectKey } from './drift';
import { ownedBy, saysOf } from './origin-text';
import { type Entry, entriesOf, type PlanView } from './plan-order';

export interface Finding {
  /** `effect/limit-raised`, `hand-edit/reverted`, `guard/brake`, `orphan`, `notice/other-path`. */
  readonly rule: string;
  readonly level: Severity;
  readonly message: string;
  readonly help?: string;
  readonly at?: Origin;
  /** What it is about, without any value. */
  readonly identity: readonly string[];
}

const PLAN_LEVELS: Readonly<Record<Direction, Severity>> = {
  loosens: 'warning',
  moves: 'note',
  tightens: 'note',
  neutral: 'note',
};
/** What applying would tighten is looser in the workspace than the files say. */
const DRIFT_LEVELS: Readonly<Record<Direction, Severity>> = {
  tightens: 'error',
  moves: 'warning',
  loosens: 'warning',
  neutral: 'warning',
};
const RANKS: readonly Severity[] = ['error', 'warning', 'note'];

/** The worst first. */
export function findingsOf(plan: Plan, view: PlanView): Finding[] {
  const sorts = driftSorts(plan);
  const entryOf = (entry: Entry) =>
    view === 'drift'
      ? driftFindings(entry, sorts.get(subjectKey(entry.subject)), plan)
      : [...undoneFindings(entry), ...entryFindings(entry, view, plan)];
  const found = [
    ...entriesOf(plan, view).flatMap(entryOf),
    ...plan.orphans.map(
      (orphan): Finding => ({
        rule: 'orphan',
        level: view === 'drift' ? 'warning' : 'note',
        message: `${orphan.name} is ${ownedBy(orphan, plan)} and named by no file`,
        identity: ['orphan', orphan.kind, orphan.name],
      }),
    ),
    ...plan.notices.map(
      ({ code, severity, message, help, address }): Finding => ({
        rule: `notice/${code}`,
        level: severity,
        message,
        ...(help === undefined ? {} : { help }),
        identity: ['notice', code, address ?? ''],
      }),
    ),
  ];
  return RANKS.flatMap((level) => found.filter((finding) => finding.level === level));
}

/** What is so, rather than what would be done; a difference by what the files mean to do about it. */
function driftFindings(entry: Entry, sort: DriftSort | undefined, plan: Plan): Finding[] {
  const { subject, change, refused } = entry;
  const at = refused?.provenance ?? change?.differences.find(({ provenance }) => provenance)?.provenance;
  const one = (rule: string, message: string): Finding[] => [
    {
      rule,
      level: 'error',
      message,
      ...(at === undefined ? {} : { at }),
      identity: ['drift', rule, subject.kind, subject.name],
    },
  ];
  switch (sort) {
    case 'missing':
      return one('drift/missing', `${subject.name} is declared and missing`);
    case 'lingering':
      return one('drift/lingering', `${subject.name} is still there though removed`);
    default:
      return entryFindings(entry, 'drift', plan);
  }
}

/** Loud, whichever way it moves: the plan looks the same otherwise. */
function undoneFindings({ subject, undone }: Entry): Finding[] {
  return undone.map((edit): Finding => {
    const field = edit.path === '' ? '' : `${edit.path}: `;
    return {
      rule: `hand-edit/${edit.undone}`,
      level: 'warning',
      message: `${subject.name}: ${field}${saysOf(edit)}`,
      help: edit.keep,
      ...(edit.at === undefined ? {} : { at: edit.at }),
      identity: ['hand-edit', subject.kind, subject.name, edit.path],
    };
  });
}

function entryFindings(entry: Entry, view: PlanView, plan: Plan): Finding[] {
  const { subject, refused } = entry;
  const differing = view === 'drift' && entry.differences.length > 0;
  if (refused !== undefined && !differing) {
    const { guard, message, help, provenance } = refused;
    return [
      {
        rule: `guard/${guard}`,
        level: 'error',
        message,
        help,
        ...(provenance === undefined ? {} : { at: provenance }),
        identity: ['guard', guard, subject.kind, subject.name],
      },
    ];
  }
  const levels = view === 'drift' ? DRIFT_LEVELS : PLAN_LEVELS;
  return entry.effects.map((effect): Finding => {
    const difference = behind(effect, entry.differences);
    const ends = effect.code === 'deleted' || effect.code === 'replaced';
    const at = difference?.provenance;
    return {
      rule: `effect/${effect.code}`,
      level: ends ? 'warning' : levels[effect.direction],
      message:
        view === 'drift'
          ? `${subject.name} differs from ${declaredBy(plan)}. Applying ${plan.base === undefined ? 'them' : 'it'}: ${effect.text}`
          : `${subject.name}: ${effect.text}`,
      ...(at === undefined ? {} : { at }),
      identity: ['effect', effect.code, subject.kind, subject.name, difference?.path ?? ''],
    };
  });
}

/** Beside the sum of all traffic one that comes or goes is told without its share. */
function saysLess(effect: ChangeEffect, { effect: own }: Difference): boolean {
  const comes = effect.code === 'entity-added' && own.code === 'entity-added';
  const goes = effect.code === 'entity-removed' && own.code === 'entity-removed';
  return (comes || goes) && own.args.entity === effect.args.entity;
}

/** The field that says so, or for what is summed up the first that has part in it. */
function behind(effect: ChangeEffect, differences: readonly Difference[]): Difference | undefined {
  const own =
    differences.find((difference) => difference.effect.text === effect.text) ??
    differences.find((difference) => saysLess(effect, difference));
  if (own !== undefined || effect.code === 'adopted') return own;
  const summed = effect.code === 'traffic-moves' ? ['traffic-share', 'entity-added', 'entity-removed'] : [];
  return (
    differences.find((difference) => summed.includes(difference.effect.code)) ??
    differences.find(({ provenance }) => provenance !== undefined)
  );
}
