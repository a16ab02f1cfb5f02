// Rules over resources: findings, and how often each outcome came. A rule that throws has failed, never passed; what it
// could not know is said. Pure: the day comes in.
import type { Json } from '../model/json';
import type { DesiredResource } from '../model/resource';
import { sha256 } from '../plan/digest';
import type { Outcome, PolicyFinding } from '../plan/policy-report';
import { type ActivePolicy, type ActiveRule, forResource } from './active';
import { placeIn } from './place';
import type { ChangeView, Offence, RuleContext } from './rule';
import type { Self } from './self';
import { Inapplicable, Unknown } from './view';

/** One resource as it is to be judged. */
export interface Judged {
  readonly self: Self;
  readonly oldSelf?: Self;
  readonly change?: ChangeView;
  /** Who declares it, for the places. */
  readonly resource?: DesiredResource;
}

export interface Evaluation {
  readonly findings: readonly PolicyFinding[];
  readonly counts: Readonly<Record<Outcome, number>>;
}

export interface EvaluateRequest {
  readonly policy: ActivePolicy;
  readonly judged: readonly Judged[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** files: nothing is known of the workspace, so what is not known blocks nothing. */
  readonly phase: 'files' | 'plan';
}

interface Verdict {
  readonly outcome: Outcome;
  readonly offences: readonly Offence[];
  readonly unknown?: string;
}

export function evaluate({ policy, judged, now, phase }: EvaluateRequest): Evaluation {
  const counts: Record<Outcome, number> = { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0, waived: 0 };
  const today = dateOf(now);
  const stack = judged.map(({ self }) => self);
  const findings = new Map<string, PolicyFinding>();
  for (const one of judged) {
    const file = one.resource?.origins['']?.file;
    for (const active of policy.rules) {
      const held = forResource(active, file, one.self.target);
      if (held === undefined) continue;
      const verdict = judge(held, one, stack, today);
      counts[verdict.outcome] += 1;
      for (const finding of findingsOf(held, one, verdict, phase)) keepStrictest(findings, finding);
    }
  }
  return { findings: [...findings.values()], counts };
}

export function dateOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

function judge({ rule, params }: ActiveRule, one: Judged, stack: readonly Self[], today: string): Verdict {
  const { self, oldSelf, change } = one;
  const goes = change?.action === 'delete' || change?.action === 'release';
  if (rule.about === 'change' ? change === undefined : goes)
    return { outcome: 'not-applicable', offences: [] };
  if (!rule.needs.every((fact) => self.has(fact))) return { outcome: 'not-applicable', offences: [] };
  const context: RuleContext<Readonly<Record<string, Json>>> = {
    self,
    ...(oldSelf === undefined ? {} : { oldSelf }),
    ...(change === undefined ? {} : { change }),
    stack,
    params,
    today,
  };
  const offences: Offence[] = [];
  const typed = context as Parameters<typeof rule.check>[0];
  try {
    if (rule.applies?.(typed) === false) return { outcome: 'not-applicable', offences };
    for (const offence of rule.check(typed)) offences.push(offence);
  } catch (error) {
    if (error instanceof Inapplicable) return { outcome: 'not-applicable', offences: [] };
    if (!(error instanceof Unknown)) return { outcome: 'fail', offences: [...offences, broken(error)] };
    if (offences.length === 0) return { outcome: 'unknown', offences, unknown: error.path };
  }
  return { outcome: offences.length > 0 ? 'fail' : 'pass', offences };
}

function broken(error: unknown): Offence {
  const message = error instanceof Error ? error.message : String(error);
  return {
    path: '',
    finding: 'rule-error',
    message: `the rule itself failed: ${message}`,
    fix: 'This is a fault of the rule. It counts as not held.',
  };
}

function findingsOf(
  held: ActiveRule,
  one: Judged,
  verdict: Verdict,
  phase: EvaluateRequest['phase'],
): PolicyFinding[] {
  if (verdict.outcome === 'fail')
    return verdict.offences.map((offence) => finding(held, one, offence, 'fail', phase));
  if (verdict.outcome !== 'unknown') return [];
  const path = verdict.unknown ?? '';
  const message = `cannot be judged: ${path} is not known`;
  const fix =
    phase === 'files'
      ? 'Declare it, or let `gatewright plan` ask the workspace.'
      : 'Declare it; `gatewright policy audit` reads also what nobody declares.';
  return [finding(held, one, { path, message, fix, finding: '' }, 'unknown', phase)];
}

function finding(
  { rule, severity, enforcement, because, audit }: ActiveRule,
  { self, resource }: Judged,
  offence: Offence,
  outcome: 'fail' | 'unknown',
  phase: EvaluateRequest['phase'],
): PolicyFinding {
  const which = offence.finding ?? '';
  const at = resource === undefined ? undefined : placeIn(resource, offence.path);
  const stops =
    outcome === 'fail' ? enforcement !== 'advisory' : enforcement === 'mandatory' && phase === 'plan';
  return {
    address: self.address,
    kind: self.kind,
    name: self.name,
    rule: rule.id,
    alias: rule.alias,
    severity,
    enforcement,
    outcome,
    blocks: stops && !audit,
    finding: which,
    path: offence.path,
    message: offence.message,
    help: offence.fix ?? rule.fix,
    controls: rule.controls,
    fingerprint: sha256([rule.id, which, self.valueAt(offence.path)]),
    ...(at === undefined ? {} : { at }),
    because,
  };
}

/** Two policy files may hold the same rule: what it finds is one thing, as strict as the stricter of them. */
function keepStrictest(findings: Map<string, PolicyFinding>, next: PolicyFinding): void {
  const key = `${next.rule}\n${next.kind} ${next.name}\n${next.finding}\n${next.outcome}`;
  const before = findings.get(key);
  if (
    before === undefined ||
    (!before.blocks && next.blocks) ||
    (before.blocks === next.blocks && rank(next) > rank(before))
  )
    findings.set(key, next);
}

const RANKS = ['advisory', 'overridable', 'mandatory'];
const rank = ({ enforcement }: PolicyFinding) => RANKS.indexOf(enforcement);
