// A plan for code scanning: what it does and what is refused, at the lines that ask for it.
import type { EffectCode } from '../plan/effect-sentences';
import type { Plan } from '../plan/types';
import { findingsOf } from './findings';
import type { HandEdit } from './origin-text';
import type { PlanView } from './plan-order';
import { type RuleWords, type SarifRun, sarif } from './sarif';

const TITLES: Readonly<Record<EffectCode, string>> = {
  created: 'Something new answers calls',
  replaced: 'Something is deleted and made anew',
  deleted: 'Something is deleted',
  adopted: 'Something comes under management',
  released: 'Something is no longer managed',
  'traffic-moves': 'Traffic moves',
  'traffic-share': 'A share of traffic changes',
  'entity-added': 'A model is added',
  'entity-removed': 'A model answers no more',
  'model-changed': 'Another model answers',
  'version-changed': 'Another version answers',
  'limit-set': 'A limit is set',
  'limit-raised': 'A limit rises',
  'limit-lowered': 'A limit falls',
  'limit-closed': 'Calls are refused',
  'limit-opened': 'Refused calls are let through again',
  'limit-removed': 'A limit goes',
  'guard-on': 'A filter is switched on',
  'guard-off': 'A filter is switched off',
  'guard-changed': 'A filter does something else',
  'words-changed': 'Other words are refused',
  'topics-changed': 'Other topics are admitted',
  'fallback-on': 'Failed calls go on to the next model',
  'fallback-off': 'Failed calls go no further',
  'logging-on': 'Calls are logged',
  'logging-off': 'Calls are no longer logged',
  'logging-moved': 'Calls are logged elsewhere',
  'logging-place': 'The place of a log that is off changes',
  'usage-on': 'Usage is tracked',
  'usage-off': 'Usage is no longer tracked',
  'access-given': 'Somebody gets access',
  'access-raised': 'Somebody may do more',
  'access-lowered': 'Somebody may do less',
  'access-taken': 'Somebody loses access',
  'credential-changed': 'A credential is read from elsewhere',
  generic: 'A setting changes',
};

const HAND_EDITS: Readonly<Record<HandEdit['undone'], string>> = {
  reverted: 'A change made in the workspace is reverted',
  overwritten: 'A change made in the workspace is overwritten',
  'made-anew': 'What is gone from the workspace is made anew',
};

export interface PlanSarifOptions extends Pick<SarifRun, 'version' | 'fallback' | 'file'> {
  readonly as: PlanView;
}

export function planSarif(plan: Plan, { as, ...run }: PlanSarifOptions): string {
  return sarif({
    ...run,
    category: plan.target === '' ? as : `${as}/${plan.target}`,
    results: findingsOf(plan, as),
    describe: (rule) => wordsOf(rule, as),
  });
}

function wordsOf(rule: string, as: PlanView): RuleWords {
  const [head = '', name = ''] = rule.split('/');
  if (head === 'effect') {
    const title = Object.hasOwn(TITLES, name) ? TITLES[name as EffectCode] : name;
    const help =
      as === 'drift'
        ? 'The workspace is not as the files say. The sentence tells what applying them would do: apply them, or write what is live into the files.'
        : 'The sentence tells what applying the files would do.';
    return { title, help };
  }
  if (head === 'hand-edit') {
    const help =
      'Somebody made it in the workspace after the base was applied, and applying the files would undo it. The result says how to keep it.';
    return { title: HAND_EDITS[name as HandEdit['undone']], help };
  }
  if (head === 'guard') {
    const help = 'A guard keeps a change out of the plan. The result names the way out.';
    return { title: `The guard "${name}" refuses a change`, help };
  }
  if (head === 'drift') {
    return name === 'missing'
      ? {
          title: 'What the files declare is missing',
          help: 'Apply the files, or take its entry out of them.',
        }
      : {
          title: 'What the files remove is still there',
          help: 'Apply the files, or take its entry out of `removed`.',
        };
  }
  if (head === 'orphan') {
    const help = 'Declare it again, or take it away with an entry under `removed`.';
    return { title: 'Something is stamped as ours, and no file names it', help };
  }
  return { title: name.replace(/-/g, ' '), help: 'Something a reviewer should know that is no difference.' };
}
