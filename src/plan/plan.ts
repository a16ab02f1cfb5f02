// Desired and live in, plan out. Pure: reads no clock, no disk, no network; the caller hands over all three.
import type { Diagnostic } from '../model/diagnostic';
import { kindOf } from '../model/kinds';
import { pathText } from '../model/path';
import { addressOf, type Desired, type DesiredResource, type LiveResource } from '../model/resource';
import { wireOf } from '../wire';
import { pathOf } from '../wire/operation';
import { PHASES, type StepDraft } from '../wire/step';
import { type Comparison, compare } from './diff';
import { fingerprint, planDigest } from './digest';
import { directionOf, worst } from './direction';
import { expand, type Governed, mergeFields } from './expand';
import { Allowances, brake, refusal } from './guards';
import type { Action, Change, Difference, Notice, Orphan, Plan, Refused, Step, Subject } from './types';
import { PLAN_FORMAT } from './types';

/** What refresh found out about the workspace. Keys are `<kind> <name>`. */
export interface LiveEstate {
  readonly resources: ReadonlyMap<string, LiveResource>;
  /** Not in the list, and 404 on their own. */
  readonly absent: ReadonlySet<string>;
  /** Neither seen nor known to be absent, with the reason. Never created. */
  readonly unseen: ReadonlyMap<string, string>;
  readonly notices: readonly Notice[];
}

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

export function liveKey(kind: string, name: string): string {
  return `${kind} ${name}`;
}

export function makePlan(request: PlanRequest): Planned {
  const { desired, live } = request;
  const allowances = new Allowances(request.allow ?? []);
  const expansion = expand(desired, [...live.resources.values()]);
  const draft = new Draft(request, allowances);
  for (const governed of expansion.governed) draft.add(governed);
  const changes = draft.settle();
  const plan: Omit<Plan, 'digest'> = {
    format: PLAN_FORMAT,
    tool: request.tool,
    created_at: new Date(request.now).toISOString(),
    project: desired.project,
    target: desired.target,
    host: request.host,
    changes,
    unchanged: draft.unchanged,
    suppressed: draft.suppressed,
    preserved: draft.preserved,
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
    allowed: [...(request.allow ?? [])],
  };
  return { plan: { ...plan, digest: planDigest(plan) }, diagnostics: expansion.diagnostics };
}

/** What an entry declares, with what it sends beyond the schema. */
export function declared(resource: DesiredResource) {
  return mergeFields(resource.fields, resource.preview, kindOf(resource.kind).fields);
}

export function compareWith(resource: DesiredResource, live: LiveResource): Comparison {
  return compare({
    desired: declared(resource),
    live: live.fields,
    name: live.name,
    sort: live.sort,
    fields: kindOf(resource.kind).fields,
  });
}

class Draft {
  readonly unchanged: Subject[] = [];
  readonly suppressed: Plan['suppressed'][number][] = [];
  readonly preserved: Plan['preserved'][number][] = [];
  readonly refused: Refused[] = [];
  readonly observed: Plan['observed'][number][] = [];
  readonly notices: Notice[] = [];
  readonly #changes: Change[] = [];
  readonly #cautions = new Map<string, LiveResource[]>();
  #ours = 0;

  constructor(
    readonly request: PlanRequest,
    readonly allowances: Allowances,
  ) {}

  add(governed: Governed): void {
    const { resource } = governed;
    const subject: Subject = { address: addressOf(resource), kind: resource.kind, name: resource.name };
    if (this.request.select !== undefined && !this.request.select(subject)) return;
    if (resource.manage === 'full') this.#ours += 1;
    const live = this.request.live.resources.get(liveKey(resource.kind, resource.name));
    if (live === undefined) return this.#missing(resource, subject);
    if (live.settling !== 'settled') this.notices.push(unsettled(subject, live));
    const comparison = compareWith(resource, live);
    const differences = comparison.differences.map((one): Difference => {
      const provenance = provenanceOf(resource, pathText(one.path));
      return {
        path: pathText(one.path),
        segments: one.path,
        live: one.live,
        desired: one.desired,
        origin: 'unknown',
        direction: directionOf(one, {
          live: live.fields,
          sort: live.sort,
          fields: kindOf(resource.kind).fields,
        }),
        ...(provenance === undefined ? {} : { provenance }),
      };
    });
    for (const one of comparison.suppressed) {
      const { reason, source } = one.row;
      this.suppressed.push({
        ...subject,
        path: pathText(one.path),
        live: one.live,
        desired: one.desired,
        reason,
        source,
      });
    }
    const adopting = resource.manage === 'full' && live.stamp !== this.request.desired.project;
    if (differences.length === 0 && !adopting) return void this.unchanged.push(subject);
    if (resource.manage === 'observe') return this.#watch(subject, differences);
    this.#change(governed, subject, live, comparison, differences, adopting ? 'adopt' : 'update');
  }

  #watch(subject: Subject, differences: readonly Difference[]): void {
    if (differences.length === 0) this.unchanged.push(subject);
    else this.observed.push({ ...subject, differences });
  }

  #change(
    governed: Governed,
    subject: Subject,
    live: LiveResource,
    comparison: Comparison,
    differences: readonly Difference[],
    action: Action,
  ): void {
    const { project } = this.request.desired;
    const refusedBy = refusal({ subject, governed, live, action, differences, project }, this.allowances);
    const provenance = governed.resource.origins[''];
    if (refusedBy !== undefined) {
      this.refused.push({
        ...subject,
        ...refusedBy,
        action,
        differences,
        ...(provenance === undefined ? {} : { provenance }),
      });
      return;
    }
    if (live.caution !== undefined) {
      this.#cautions.set(live.caution.code, [...(this.#cautions.get(live.caution.code) ?? []), live]);
    }
    for (const path of comparison.preserved) this.preserved.push({ ...subject, path: pathText(path) });
    const stamp = action === 'adopt' ? { live: live.stamp ?? null, desired: project } : undefined;
    this.#changes.push({
      ...subject,
      ...(live.id === undefined ? {} : { id: live.id }),
      action,
      availability: 'hot',
      direction: worst(differences.map(({ direction }) => direction)),
      differences,
      steps: stepsOf(subject, live, differences, stamp?.desired),
      desired: declared(governed.resource),
      ...(stamp === undefined ? {} : { stamp }),
      fingerprint: fingerprint(live.id, comparison.managed),
    });
  }

  #missing(resource: DesiredResource, subject: Subject): void {
    const key = liveKey(resource.kind, resource.name);
    const unseen = this.request.live.unseen.get(key);
    const provenance = resource.origins[''];
    const place = { ...(provenance === undefined ? {} : { provenance }), differences: [] };
    if (unseen !== undefined) {
      this.refused.push({
        ...subject,
        guard: 'unseen',
        message: `${resource.name} cannot be read: ${unseen}`,
        help: 'Ask for the right to view it; what cannot be seen is never created.',
        ...place,
      });
      return;
    }
    this.refused.push({
      ...subject,
      guard: 'missing',
      message: `there is no ${kindOf(resource.kind).noun} "${resource.name}" in this workspace`,
      help: 'Check the name and the target, or remove the entry: this version governs what exists and creates nothing.',
      ...place,
    });
  }

  /** One notice for all that a caution holds for: thirty endpoints are one thing to know. */
  cautions(): Notice[] {
    return [...this.#cautions].map(([code, lives]) => {
      const names = lives.map(({ name }) => name);
      const shown =
        names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
      return { code, severity: 'note', message: `${shown}: ${lives[0]?.caution?.message}` };
    });
  }

  /** Brakes look at all changes at once, so they come last. */
  settle(): Change[] {
    const refused = brake(this.#changes, this.#ours, this.allowances);
    for (const [change, why] of refused) {
      const { address, kind, name, action, differences } = change;
      this.refused.push({ address, kind, name, action, differences, ...why });
    }
    return this.#changes.filter((change) => !refused.has(change));
  }
}

function provenanceOf(resource: DesiredResource, path: string) {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['), 0))) {
    const origin = resource.origins[at];
    if (origin !== undefined) return origin;
  }
  return resource.origins[''];
}

function stepsOf(
  subject: Subject,
  live: LiveResource,
  differences: readonly Difference[],
  stamp?: string,
): Step[] {
  const wire = wireOf(subject.kind);
  const drafts = wire.steps({
    name: subject.name,
    live,
    assignments: differences.map(({ segments, desired, direction }) => ({
      path: segments,
      value: desired,
      direction,
    })),
    ...(stamp === undefined ? {} : { stamp }),
    fields: kindOf(subject.kind).fields,
  });
  return [...drafts]
    .sort((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase))
    .map((draft) => step(draft, subject, live));
}

function step(
  { operation, params, phase, ours, note }: StepDraft,
  subject: Subject,
  live: LiveResource,
): Step {
  const body = wireOf(subject.kind).body({ operation: operation.id, ours }, live);
  return {
    operation: operation.id,
    phase,
    method: operation.method,
    path: pathOf(operation, params),
    ...(body === undefined ? {} : { body }),
    ours,
    ...(note === undefined ? {} : { note }),
  };
}

function unsettled(subject: Subject, live: LiveResource): Notice {
  const said = {
    pending: 'a config update is under way',
    failed: 'its last config update failed; what served before still serves',
    cancelled: 'its last config update was cancelled',
    settled: '',
  }[live.settling];
  return {
    code: `update-${live.settling}`,
    severity: 'warning',
    address: subject.address,
    message: `${subject.name}: ${said}`,
  };
}

/** Ours by their stamp, and no file names them. Shown, never deleted. */
function orphans(desired: Desired, live: LiveEstate, governed: readonly Governed[]): Orphan[] {
  const named = new Set(governed.map(({ resource }) => liveKey(resource.kind, resource.name)));
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
