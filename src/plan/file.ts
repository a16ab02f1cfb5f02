// A plan that came from a file: is it one of ours, whole, and unaltered? Its digest binds what it will do;
// anything that apply acts on is part of that digest or checked against it here.
import { isList, isObject, type Json } from '../model/json';
import { planDigest } from './digest';
import { PLAN_FORMAT, type Plan } from './types';

export interface PlanProblem {
  readonly code: string;
  readonly message: string;
  readonly help: string;
}

const AGAIN = 'make a new one with `gatewright plan --out FILE`';

export function checkPlan(value: unknown): PlanProblem | undefined {
  if (!isObject(value)) return { code: 'not-a-plan', message: 'this is not a plan', help: AGAIN };
  const { format } = value;
  if (typeof format !== 'string' || !format.startsWith('gatewright/plan/')) {
    return { code: 'not-a-plan', message: 'this is not a plan', help: AGAIN };
  }
  if (format !== PLAN_FORMAT) {
    return {
      code: 'foreign-plan',
      message: `its format is ${format}, this version writes ${PLAN_FORMAT}`,
      help: AGAIN,
    };
  }
  if (!wellFormed(value))
    return { code: 'not-a-plan', message: 'parts of the plan are missing', help: AGAIN };
  const plan = value as unknown as Plan;
  if (planDigest(plan) !== plan.digest) {
    return {
      code: 'altered-plan',
      message: 'it was altered since it was made: its digest does not fit what it says',
      help: AGAIN,
    };
  }
  return undefined;
}

function wellFormed(value: { readonly [key: string]: Json }): boolean {
  const lists = [
    'changes',
    'unchanged',
    'pending',
    'suppressed',
    'preserved',
    'unverifiable',
    'refused',
    'observed',
    'orphans',
    'notices',
    'allowed',
  ];
  const texts = ['tool', 'created_at', 'project', 'target', 'host', 'digest'];
  if (!lists.every((name) => isList(value[name])) || !texts.every((name) => typeof value[name] === 'string'))
    return false;
  return (value.changes as readonly Json[]).every(
    (change) =>
      isObject(change) &&
      isList(change.steps) &&
      isList(change.differences) &&
      isObject(change.desired) &&
      ['kind', 'name', 'address', 'action', 'fingerprint'].every(
        (name) => typeof change[name] === 'string',
      ) &&
      change.steps.every((step) => isObject(step) && isList(step.ours) && typeof step.operation === 'string'),
  );
}
