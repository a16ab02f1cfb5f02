// Waivers over findings: exact, dated, for one value, and never silent. A waiver that fits nothing, has expired or is for
// what cannot be waived is an error of its own. Pure: the day comes in.
import type { Diagnostic } from '../model/diagnostic';
import type { RuleSeverity, Waiver } from '../model/policy';
import type { PolicyFinding } from '../plan/policy-report';
import type { Rule } from './rule';

/** Days that a waiver may hold, by the severity of what it is for. A critical finding is mended, not waived. */
export const MOST_DAYS: Readonly<Record<RuleSeverity, number>> = {
  critical: 0,
  high: 90,
  medium: 180,
  low: 365,
};
/** A note goes out this many days before the last. */
const SOON = 14;
const DAY = 86_400_000;

export interface WaiverRequest {
  readonly findings: readonly PolicyFinding[];
  readonly waivers: readonly Waiver[];
  /** Those that are written but not where waivers are read from: shown, and lifting nothing. */
  readonly pending?: readonly Waiver[];
  readonly rules: readonly Rule[];
  readonly target: string;
  /** A date such as `2026-11-20`. */
  readonly today: string;
  /** Every address that was judged. A waiver about another is not judged, unless none has it. */
  readonly judged: ReadonlySet<string>;
  /** Every address of the project. */
  readonly known: ReadonlySet<string>;
  /** Rules that have nothing to say before a plan is made: of their waivers it cannot be said that they are unused. */
  readonly silent?: ReadonlySet<string>;
}

export interface Waived {
  readonly findings: readonly PolicyFinding[];
  readonly diagnostics: readonly Diagnostic[];
}

export function applyWaivers(request: WaiverRequest): Waived {
  const { waivers, findings, pending = [] } = request;
  const diagnostics: Diagnostic[] = [];
  const holding = new Map<PolicyFinding, Waiver>();
  const seen = new Map<string, Waiver>();
  for (const waiver of waivers) {
    const problem = problemOf(waiver, request, seen);
    if (problem !== undefined) {
      diagnostics.push({ severity: 'error', at: waiver.at, ...problem });
      continue;
    }
    if (!isHere(waiver, request.target)) continue;
    const finding = findings.find((one) => fits(waiver, one, request));
    const answer = finding === undefined ? unused(waiver, request) : refusal(waiver, finding);
    if (answer !== undefined) diagnostics.push({ severity: 'error', at: waiver.at, ...answer });
    else if (finding !== undefined) {
      holding.set(finding, waiver);
      const days = daysBetween(request.today, waiver.expires);
      if (days <= SOON) diagnostics.push(soon(waiver, days));
    }
  }
  return {
    findings: findings.map((finding) => {
      const waiver = holding.get(finding);
      if (waiver !== undefined) return waived(finding, waiver);
      const asked = pending.find((one) => isHere(one, request.target) && fits(one, finding, request));
      return asked === undefined ? finding : { ...finding, pending: asked.id };
    }),
    diagnostics,
  };
}

function waived(finding: PolicyFinding, { id, expires, approvedBy, reason }: Waiver): PolicyFinding {
  return {
    ...finding,
    outcome: 'waived',
    blocks: false,
    waiver: { id, expires, approved_by: approvedBy, reason },
  };
}

type Problem = Pick<Diagnostic, 'code' | 'message' | 'help' | 'because'>;

/** What is wrong with a waiver whatever was found. */
function problemOf(waiver: Waiver, request: WaiverRequest, seen: Map<string, Waiver>): Problem | undefined {
  const { id, created, expires } = waiver;
  const key = `${idOf(waiver, request.rules)}\n${waiver.resource}\n${waiver.finding ?? ''}`;
  const twin = seen.get(key) ?? seen.get(`id ${id}`);
  seen.set(key, waiver).set(`id ${id}`, waiver);
  if (twin !== undefined) {
    const because = { text: 'the first stands here', at: twin.at };
    return { code: 'waiver-twice', message: `${id} stands here twice`, because, help: 'Keep one of them.' };
  }
  if (!request.rules.some((rule) => rule.id === waiver.rule || rule.alias === waiver.rule)) {
    const help = '`gatewright policy list` names them all.';
    return { code: 'waiver-unknown-rule', message: `${id} is for "${waiver.rule}", which is no rule`, help };
  }
  if (!isDay(created) || !isDay(expires) || expires < created)
    return {
      code: 'waiver-dates',
      message: `${id} is from ${created} until ${expires}`,
      help: 'Correct the dates.',
    };
  if (created > request.today)
    return {
      code: 'waiver-dates',
      message: `${id} was created on ${created}, which is not past`,
      help: 'Correct it.',
    };
  if (expires < request.today) {
    const help = 'Mend what it was for and remove it, or have it approved again.';
    return { code: 'waiver-expired', message: `${id} expired on ${expires}`, help };
  }
  const address = addressIn(waiver);
  if (isHere(waiver, request.target) && !request.known.has(address)) {
    const help = 'Write the address as a report shows it, or remove the waiver.';
    return {
      code: 'waiver-unknown-resource',
      message: `${id} is for ${address}, which nothing declares`,
      help,
    };
  }
  return undefined;
}

/** Of a finding: why it cannot be waived, or not for so long. */
function refusal({ id, created, expires, fingerprint }: Waiver, finding: PolicyFinding): Problem | undefined {
  if (finding.enforcement === 'mandatory') {
    const because = finding.because;
    return {
      code: 'waiver-of-mandatory',
      message: `${id} is for ${finding.rule}, which is mandatory`,
      ...(because === undefined ? {} : { because }),
      help: 'Mend it: what is mandatory cannot be waived.',
    };
  }
  const most = MOST_DAYS[finding.severity];
  if (daysBetween(created, expires) > most) {
    const message =
      most === 0
        ? `${id} is for a critical finding, which cannot be waived`
        : `${id} holds for more than the ${most} days that a ${finding.severity} finding may be waived`;
    return { code: 'waiver-too-long', message, help: most === 0 ? 'Mend it.' : 'Let it expire earlier.' };
  }
  if (fingerprint === finding.fingerprint) return undefined;
  return {
    code: 'waiver-lapsed',
    message: `${id} was for another value: ${finding.message}`,
    help: `Have it approved again, with fingerprint: ${finding.fingerprint}`,
  };
}

function unused(waiver: Waiver, request: WaiverRequest): Problem | undefined {
  const rule = idOf(waiver, request.rules);
  if (!request.judged.has(addressIn(waiver)) || request.silent?.has(rule)) return undefined;
  const several = request.findings.filter(
    (one) => one.rule === rule && one.address === addressIn(waiver) && one.outcome === 'fail',
  );
  if (several.length > 0) {
    const names = several.map(({ finding }) => finding).join(', ');
    return {
      code: 'waiver-unused',
      message: `${waiver.id} names no finding of ${rule} that there is`,
      help: `Name one of them as finding: ${names}`,
    };
  }
  return {
    code: 'waiver-unused',
    message: `${waiver.id} waives nothing: ${rule} finds nothing about ${addressIn(waiver)}`,
    help: 'Remove it.',
  };
}

function soon({ id, expires, at }: Waiver, days: number): Diagnostic {
  const when = days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`;
  return {
    code: 'waiver-expires',
    severity: 'warning',
    message: `${id} expires ${when}, on ${expires}`,
    at,
    help: 'Mend what it is for, or have it approved again.',
  };
}

function fits(waiver: Waiver, finding: PolicyFinding, { rules }: WaiverRequest): boolean {
  return (
    finding.outcome === 'fail' &&
    finding.rule === idOf(waiver, rules) &&
    finding.address === addressIn(waiver) &&
    finding.finding === (waiver.finding ?? '')
  );
}

const idOf = ({ rule }: Waiver, rules: readonly Rule[]) =>
  rules.find(({ id, alias }) => id === rule || alias === rule)?.id ?? rule;
const addressIn = ({ resource }: Waiver) => resource.slice(resource.indexOf('/') + 1);

function isHere({ resource }: Waiver, target: string): boolean {
  const slash = resource.indexOf('/');
  return slash < 0 || resource.slice(0, slash) === target;
}

const isDay = (text: string) =>
  !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
const daysBetween = (from: string, until: string) => Math.round((Date.parse(until) - Date.parse(from)) / DAY);
