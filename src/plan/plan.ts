// Desired and live in, plan out. Pure: reads no clock, no disk, no network; the caller hands over all three.
import type { Diagnostic } from '../model/diagnostic';
import { kindOf } from '../model/kinds';
import type { Desired } from '../model/resource';
import { wireOf } from '../wire';
import { planDigest } from './digest';
import { Draft } from './draft';
import { type LiveEstate, liveKey, subjectOf } from './estate';
import { expand, type Governed } from './expand';
import { Allowances } from './guards';
import { type Base, entriesOf, traced } from './origins';
import type { Notice, Orphan, Plan, Subject } from './types';
import { PLAN_FORMAT } from './types';

export interface PlanRequest {
  readonly desired: Desired;
  readonly live: LiveEstate;
  readonly host: string;
  readonly tool: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly allow?: readonly string[];
  /** Addresses or names of those whose credentials are to be sent again. */
  readonly rotate?: readonly string[];
  /** What is left out is not planned. It still counts as named, and its exact name still goes before any glob. */
  readonly select?: (subject: Subject) => boolean;
  /** Tells intent from drift. */
  readonly base?: Base;
  /** What the caller found out on the way. */
  readonly notices?: readonly Notice[];
}

export interface Planned {
  readonly plan: Plan;
  /** Errors that only the workspace could show, such as globs that disagree. */
  readonly diagnostics: readonly Diagnostic[];
}

export function makePlan({
  desired,
  live,
  host,
  tool,
  now,
  allow = [],
  rotate = [],
  select = () => true,
  base,
  notices = [],
}: PlanRequest): Planned {
  const allowances = new Allowances(allow);
  const unread = live.listed.filter(({ kind, name }) => !live.resources.has(liveKey(kind, name)));
  const listed = [...live.resources.values(), ...unread];
  const expansion = expand(desired, listed);
  const past = base === undefined ? undefined : entriesOf(base, listed).before;
  const draft = new Draft({ desired, live, rotate, ...(past && { past }) }, allowances);
  for (const governed of expansion.governed) {
    const subject = subjectOf(governed.resource);
    if (select(subject)) draft.add(governed, subject);
  }
  for (const removed of desired.removed) {
    const subject = subjectOf(removed);
    if (select(subject)) draft.remove(removed, subject);
  }
  const left = new Set(
    desired.resources.map(subjectOf).flatMap((entry) => (select(entry) ? [] : [entry.address])),
  );
  const ours = expansion.governed.filter(
    ({ resource }) =>
      resource.manage !== 'observe' &&
      (live.resources.has(liveKey(resource.kind, resource.name)) ||
        // Not looked at because nothing changed: it counts as what it was.
        (base?.since === true && !select(subjectOf(resource)))),
  );
  const changes = draft.settle(ours.length);
  const plan: Omit<Plan, 'digest'> = {
    format: PLAN_FORMAT,
    tool,
    created_at: new Date(now).toISOString(),
    project: desired.project,
    target: desired.target,
    host,
    changes,
    unchanged: draft.unchanged,
    pending: draft.pending,
    suppressed: draft.suppressed,
    preserved: draft.preserved,
    unverifiable: draft.unverifiable,
    refused: draft.refused,
    observed: draft.observed,
    orphans: orphans(desired, live, expansion.governed).filter(({ kind, name }) =>
      select({ address: `${kind}.${name}`, kind, name }),
    ),
    notices: [
      ...notices,
      ...live.notices,
      ...expansion.notices.filter(({ address }) => address === undefined || !left.has(address)),
      ...draft.notices,
      ...draft.cautions(),
      ...withoutStamp(desired, base),
      ...unusedAllowances(allowances),
    ],
    allowed: [...allow],
  };
  const whole: Plan = { ...plan, digest: planDigest(plan) };
  const { diagnostics, governed } = expansion;
  if (base === undefined) return { plan: whole, diagnostics };
  return { plan: traced(whole, { base, desired, live, listed, governed, select }), diagnostics };
}

/** Ours by their stamp, and no file names them. Shown, never deleted. */
function orphans(desired: Desired, live: LiveEstate, governed: readonly Governed[]): Orphan[] {
  const named = new Set([
    ...governed.map(({ resource }) => liveKey(resource.kind, resource.name)),
    ...desired.removed.map(({ kind, name }) => liveKey(kind, name)),
  ]);
  return [...live.resources.values()]
    .filter((one) => one.stamp === desired.project && !named.has(liveKey(one.kind, one.name)))
    .map(({ kind, name, id }) => ({ kind, name, ...(id === undefined ? {} : { id }) }));
}

/** What cannot be stamped and is named no more cannot be told from what was never ours. */
function withoutStamp({ resources }: Desired, base: Base | undefined): Notice[] {
  // It says itself that orphans were not looked for.
  if (base?.since === true) return [];
  const kinds = new Set(resources.map(({ kind }) => kind));
  const nouns = [...kinds].filter((kind) => wireOf(kind).stampPath === undefined).map(nounOf);
  if (nouns.length === 0) return [];
  return [
    {
      code: 'no-stamp',
      severity: 'note',
      message:
        base === undefined
          ? `${nouns.join(' and ')} cannot say whose they are, so those that no file names any more are not looked for`
          : `${nouns.join(' and ')} cannot say whose they are: those that no file names any more are known by ${base.name} alone`,
    },
  ];
}

const nounOf = (kind: string) => `${kindOf(kind).noun}s`;

function unusedAllowances(allowances: Allowances): Notice[] {
  return allowances.given
    .filter((text) => !allowances.used.has(text))
    .map((text) => ({
      code: 'unused-allowance',
      severity: 'warning',
      message: `--allow ${text} allowed nothing`,
      help: 'Remove it, so that it does not outlive its reason.',
    }));
}
