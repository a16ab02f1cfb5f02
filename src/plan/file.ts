// A plan that came from a file: is it one of ours, whole, and unaltered? Its digest binds what it will do;
// anything that apply acts on is part of that digest or checked against it here.
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import { WIRES } from '../wire';
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
  if (!PLAN(value))
    return {
      code: 'not-a-plan',
      message: 'it does not have the shape of a plan of this version',
      help: AGAIN,
    };
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

type Check = (value: Json | undefined) => boolean;

const text: Check = (value) => typeof value === 'string';
const number: Check = (value) => typeof value === 'number';
const present: Check = (value) => value !== undefined;
const textOrNull: Check = (value) => value === null || text(value);
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    isList(value) && value.every(check);
const shaped =
  (members: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) &&
    Object.entries(members).every(([name, check]) =>
      check(Object.hasOwn(value, name) ? value[name] : undefined),
    );

const SUBJECT = { address: text, kind: text, name: text };
const DIFFERENCE = shaped({
  path: text,
  segments: listOf(text),
  live: present,
  desired: present,
  direction: oneOf('tightens', 'loosens', 'moves', 'neutral'),
  again: maybe((value) => value === true),
  provenance: maybe(shaped({ file: text, line: number, column: number, layer: text })),
});
const STEP = shaped({
  operation: text,
  method: text,
  path: text,
  ours: listOf(shaped({ path: listOf(text), value: present })),
  note: maybe(text),
});
const CHANGE = shaped({
  ...SUBJECT,
  id: maybe(text),
  action: oneOf('create', 'update', 'replace', 'adopt', 'delete', 'release'),
  availability: text,
  differences: listOf(DIFFERENCE),
  steps: listOf(STEP),
  desired: isObject,
  stamp: maybe(shaped({ live: textOrNull, desired: textOrNull })),
  carried: maybe(isObject),
  reason: maybe(text),
  after: listOf(shaped({ kind: text, name: text })),
  fingerprint: text,
});

/** What apply and show go by. The published schema says more; what it says beyond this does no harm. */
const PLAN = shaped({
  tool: text,
  created_at: text,
  project: text,
  target: text,
  host: text,
  digest: text,
  changes: listOf((change) => CHANGE(change) && known(change as JsonObject)),
  unchanged: listOf(shaped(SUBJECT)),
  pending: listOf(shaped(SUBJECT)),
  suppressed: listOf(shaped({ ...SUBJECT, path: text, live: present, desired: present, reason: text })),
  preserved: listOf(shaped({ ...SUBJECT, path: text })),
  unverifiable: listOf(shaped({ ...SUBJECT, path: text })),
  refused: listOf(
    shaped({ ...SUBJECT, guard: text, message: text, help: text, differences: listOf(DIFFERENCE) }),
  ),
  observed: listOf(shaped({ ...SUBJECT, differences: listOf(DIFFERENCE) })),
  orphans: listOf(shaped({ kind: text, name: text })),
  notices: listOf(
    shaped({
      code: text,
      severity: oneOf('warning', 'note'),
      message: text,
      address: maybe(text),
      help: maybe(text),
    }),
  ),
  allowed: listOf(text),
});

/** Kinds and operations that this version can carry out. */
function known({ kind, steps }: JsonObject): boolean {
  const operations = WIRES.find((wire) => wire.kind === kind)?.operations.map(({ id }) => id) ?? [];
  return (steps as readonly JsonObject[]).every(({ operation }) => operations.includes(String(operation)));
}
