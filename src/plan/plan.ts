// Desired and live in, plan out. Pure: reads no clock, no disk, no network; the caller hands over all three.
import type { Diagnostic } from '../model/diagnostic';
import { addressOf, type Desired } from '../model/resource';
import { planDigest } from './digest';
import { Draft } from './draft';
import { type LiveEstate, liveKey } from './estate';
import { expand, type Governed } from './expand';
import { Allowances } from './guards';
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
  readonly select?: (subject: Subject) => boolean;
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
  select = () => true,
}: PlanRequest): Planned {
  const allowances = new Allowances(allow);
  const expansion = expand(desired, [...live.resources.values()]);
  const draft = new Draft({ desired, live }, allowances);
  for (const governed of expansion.governed) {
    const subject = subjectOf(governed);
    if (select(subject)) draft.add(governed, subject);
  }
  for (const removed of desired.removed) {
    const subject: Subject = { address: `removed.${removed.name}`, kind: removed.kind, name: removed.name };
    if (select(subject)) draft.remove(removed, subject);
  }
  const changes = draft.settle();
  const plan: Omit<Plan, 'digest'> = {
    format: PLAN_FORMAT,
    tool,
    created_at: new Date(now).toISOString(),
    project: desired.project,
    target: desired.target,
    host,
    changes,
    unchanged: draft.unchanged,
    suppressed: draft.suppressed,
    preserved: draft.preserved,
    unverifiable: draft.unverifiable,
    refused: draft.refused,
    observed: draft.observed,
    orphans: orphans(desired, live, expansion.governed),
    notices: [
      ...live.notices,
      ...expansion.notices,
      ...draft.notices,
      ...draft.cautions(),
      ...unusedAllowances(allowances),
    ],
    allowed: [...allow],
  };
  return { plan: { ...plan, digest: planDigest(plan) }, diagnostics: expansion.diagnostics };
}

function subjectOf({ resource }: Governed): Subject {
  return { address: addressOf(resource), kind: resource.kind, name: resource.name };
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
