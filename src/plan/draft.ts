// One entry at a time: which action makes it so, which guard refuses it, what is left alone. Knows kinds only
// through their rows and their wire.
import { assign, leavesOf, valueAt } from '../model/assign';
import type { JsonObject } from '../model/json';
import { type Kind, kindOf } from '../model/kinds';
import { pathText } from '../model/path';
import type { Desired, DesiredResource, LiveResource, RemovedResource } from '../model/resource';
import { wireOf } from '../wire';
import type { StepDraft } from '../wire/step';
import { type Comparison, compare, type FieldDifference } from './diff';
import { fingerprint, sha256 } from './digest';
import { directionOf, worst } from './direction';
import { changeEffects, differenceEffects, type Summed } from './effects';
import { type LiveEstate, liveKey } from './estate';
import { type Governed, mergeFields, originOf } from './expand';
import { type Allowances, brake, deletes, refusal } from './guards';
import { isOwnRight } from './own-right';
import { orderedSteps, stepOf } from './steps';
import type { Action, Change, Difference, Notice, Plan, Refused, Subject } from './types';

/** What an entry declares, with what it sends beyond the schema. */
export function declared(resource: DesiredResource): JsonObject {
  return mergeFields(resource.fields, resource.preview, kindOf(resource.kind).fields);
}

export function compareWith(resource: DesiredResource, live: LiveResource): Comparison {
  return compareFields(declared(resource), live);
}

function compareFields(desired: JsonObject, live: LiveResource): Comparison {
  return compare({
    desired,
    live: live.fields,
    name: live.name,
    sort: live.sort,
    fields: kindOf(live.kind).fields,
  });
}

/** Differences that only another object under the same name can make true. */
export function needsReplace(
  resource: DesiredResource,
  live: LiveResource,
  { differences }: Comparison,
): boolean {
  const { fields } = kindOf(live.kind);
  const fixed = differences.some(({ path }) =>
    path.some((_, depth) => fields.row(path.slice(0, depth + 1), live.sort)?.immutable === true),
  );
  return fixed || wireOf(live.kind).irreplaceable(declared(resource), live).length > 0;
}

export interface DraftRequest {
  readonly desired: Pick<Desired, 'project' | 'protect'>;
  readonly live: LiveEstate;
}

export class Draft {
  readonly unchanged: Subject[] = [];
  readonly suppressed: Plan['suppressed'][number][] = [];
  readonly preserved: Plan['preserved'][number][] = [];
  readonly unverifiable: Plan['unverifiable'][number][] = [];
  readonly refused: Refused[] = [];
  readonly observed: Plan['observed'][number][] = [];
  readonly notices: Notice[] = [];
  readonly #changes: Change[] = [];
  readonly #cautions = new Map<string, LiveResource[]>();

  constructor(
    readonly request: DraftRequest,
    readonly allowances: Allowances,
  ) {}

  add(governed: Governed, subject: Subject): void {
    const { resource } = governed;
    const live = this.request.live.resources.get(liveKey(resource.kind, resource.name));
    if (live === undefined) return this.#missing(governed, subject);
    if (live.settling !== 'settled') this.notices.push(unsettled(subject, live));
    const desired = declared(resource);
    const comparison = compareFields(desired, live);
    this.#leftAlone(comparison, subject);
    const own = comparison.differences.filter((one) =>
      isOwnRight(live.kind, one, this.request.live.caller ?? []),
    );
    const kept = own.filter((one) => one.desired === null);
    for (const one of kept) {
      const reason = 'it is the right of whoever runs this to manage it, and is kept';
      const source = wireOf(live.kind).manageRight?.source ?? '';
      this.suppressed.push({
        ...subject,
        path: pathText(one.path),
        live: one.live,
        desired: null,
        reason,
        source,
      });
    }
    const differences = differencesOf(
      comparison.differences.filter((one) => !kept.includes(one)),
      resource,
      live,
    );
    const adopting = resource.manage === 'full' && live.stamp !== this.request.desired.project;
    if (differences.length === 0 && !adopting) return void this.unchanged.push(subject);
    if (resource.manage === 'observe') {
      if (differences.length === 0) this.unchanged.push(subject);
      else {
        const { effects } = this.#effects(subject, undefined, differences);
        this.observed.push({ ...subject, effects, differences });
      }
      return;
    }
    const replacing = needsReplace(resource, live, comparison);
    const action: Action = replacing ? 'replace' : adopting ? 'adopt' : 'update';
    const { project } = this.request.desired;
    const stamp = adopting || replacing ? { live: live.stamp ?? null, desired: project } : undefined;
    const carried = replacing ? wireOf(live.kind).carried(live) : undefined;
    const drafts = this.#drafts(action, desired, carried, live, differences, stamp?.desired);
    const lockOut = own.length > kept.length;
    const hazards = drafts.flatMap((draft) =>
      wireOf(live.kind).hazards({ operation: draft.operation.id, ours: draft.ours }, live),
    );
    const protectedBy = resource.protect || this.request.desired.protect;
    const why = refusal(
      { subject, governed, live, action, differences, project, hazards, lockOut, protected: protectedBy },
      this.allowances,
    );
    if (why !== undefined) return this.#refuse(subject, resource, why, action, differences);
    if (live.caution !== undefined) {
      this.#cautions.set(live.caution.code, [...(this.#cautions.get(live.caution.code) ?? []), live]);
    }
    for (const path of comparison.preserved) {
      if (path.length > 1) this.preserved.push({ ...subject, path: pathText(path) });
    }
    for (const path of comparison.unverifiable) this.unverifiable.push({ ...subject, path: pathText(path) });
    const steps = replacing
      ? drafts.map((draft, index) => stepOf(draft, subject, index === 0 ? live : undefined))
      : orderedSteps(drafts, subject, live);
    this.#push({
      ...subject,
      ...(live.id === undefined ? {} : { id: live.id }),
      action,
      differences,
      steps,
      desired,
      ...(stamp === undefined ? {} : { stamp }),
      ...(carried === undefined ? {} : { carried }),
      fingerprint: fingerprint(live.id, comparison.managed),
    });
  }

  #drafts(
    action: Action,
    desired: JsonObject,
    carried: JsonObject | undefined,
    live: LiveResource,
    differences: readonly Difference[],
    stamp: string | undefined,
  ): StepDraft[] {
    const wire = wireOf(live.kind);
    const { fields } = kindOf(live.kind);
    const stamped = stamp === undefined ? {} : { stamp };
    if (action === 'replace') {
      const whole = mergeFields(carried ?? {}, desired, fields);
      return [
        ...wire.destroy(),
        ...wire.create({ name: live.name, declared: whole, assignments: [], ...stamped, fields }),
      ];
    }
    const assignments = differences.map(({ segments, desired: value, direction }) => ({
      path: segments,
      value,
      direction,
    }));
    return wire.update({ name: live.name, live, declared: desired, assignments, ...stamped, fields });
  }

  #leftAlone(comparison: Comparison, subject: Subject): void {
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
  }

  #missing(governed: Governed, subject: Subject): void {
    const { resource } = governed;
    const wire = wireOf(resource.kind);
    const kind = kindOf(resource.kind);
    const key = liveKey(resource.kind, resource.name);
    const unseen = this.request.live.unseen.get(key);
    if (unseen !== undefined) {
      const help = 'Ask for the right to view it; what cannot be seen is never created.';
      return this.#refuse(subject, resource, {
        guard: 'unseen',
        message: `${resource.name} cannot be read: ${unseen}`,
        help,
      });
    }
    const setAside = this.request.live.setAside?.get(key);
    const whole = mergeFields(setAside ?? {}, declared(resource), kind.fields);
    const made = kind.madeBy.some((field) => whole[field] !== undefined);
    if (resource.manage !== 'full' || !made) {
      return this.#refuse(subject, resource, missing(resource, kind));
    }
    const { project } = this.request.desired;
    const sort = wire.sortOf(whole);
    const nothing: LiveResource = {
      kind: resource.kind,
      name: resource.name,
      sort,
      fields: {},
      unknownFields: [],
      unknownMembers: [],
      settling: 'settled',
      systemOwned: false,
      raw: {},
    };
    const leaves = leavesOf(whole, kind.fields, sort).filter(({ value }) => value !== null);
    const differences = differencesOf(
      leaves.map(({ path, value }) => ({ path, live: null, desired: value })),
      resource,
      nothing,
    );
    const candidate = {
      subject,
      governed,
      live: nothing,
      differences,
      project,
      hazards: [],
      lockOut: false,
      protected: false,
    };
    const why = refusal({ ...candidate, action: 'create' }, this.allowances);
    if (why !== undefined) return this.#refuse(subject, resource, why, 'create', differences);
    const drafts = wire.create({
      name: resource.name,
      declared: whole,
      assignments: [],
      stamp: project,
      fields: kind.fields,
    });
    this.#push({
      ...subject,
      action: 'create',
      differences,
      steps: drafts.map((draft) => stepOf(draft, subject, undefined)),
      desired: withoutNulls(whole, kind),
      stamp: { live: null, desired: project },
      ...(setAside === undefined ? {} : { carried: setAside }),
      fingerprint: sha256({ absent: resource.name }),
    });
  }

  /** An entry under `removed`: the object goes, or only our stamp on it. */
  remove(removed: RemovedResource, subject: Subject): void {
    const { project } = this.request.desired;
    const key = liveKey(removed.kind, removed.name);
    const live = this.request.live.resources.get(key);
    if (live === undefined) {
      const unseen = this.request.live.unseen.get(key);
      if (unseen === undefined) return void this.unchanged.push(subject);
      this.refused.push({
        ...subject,
        guard: 'unseen',
        message: `${removed.name} cannot be read: ${unseen}`,
        help: 'Ask for the right to view it.',
        effects: [],
        differences: [],
        provenance: removed.origin,
      });
      return;
    }
    if (!removed.destroy) return this.#release(removed, subject, live);
    const why = deletes({ live, project, protected: this.request.desired.protect }, this.allowances);
    if (why !== undefined) {
      this.refused.push({
        ...subject,
        ...why,
        action: 'delete',
        effects: this.#effects(subject, 'delete', []).effects,
        differences: [],
        provenance: removed.origin,
      });
      return;
    }
    const steps = wireOf(removed.kind)
      .destroy()
      .map((draft) => stepOf(draft, subject, live));
    this.#push({
      ...subject,
      ...(live.id === undefined ? {} : { id: live.id }),
      action: 'delete',
      differences: [],
      steps,
      desired: {},
      reason: removed.reason,
      fingerprint: fingerprint(live.id, []),
    });
  }

  #release(removed: RemovedResource, subject: Subject, live: LiveResource): void {
    if (live.stamp !== this.request.desired.project) return void this.unchanged.push(subject);
    const wire = wireOf(removed.kind);
    const drafts = wire.update({
      name: live.name,
      live,
      declared: {},
      assignments: [],
      stamp: null,
      fields: kindOf(removed.kind).fields,
    });
    this.#push({
      ...subject,
      ...(live.id === undefined ? {} : { id: live.id }),
      action: 'release',
      differences: [],
      steps: orderedSteps(drafts, subject, live),
      desired: {},
      stamp: { live: live.stamp, desired: null },
      reason: removed.reason,
      fingerprint: fingerprint(live.id, []),
    });
  }

  #refuse(
    subject: Subject,
    resource: DesiredResource,
    why: Omit<Refused, keyof Subject | 'differences' | 'effects'>,
    action?: Action,
    differences: readonly Difference[] = [],
  ): void {
    const provenance = resource.origins[''];
    this.refused.push({
      ...subject,
      ...why,
      ...(action === undefined ? {} : { action }),
      effects: this.#effects(subject, action, differences).effects,
      differences,
      ...(provenance === undefined ? {} : { provenance }),
    });
  }

  #effects(
    subject: Subject,
    action: Action | undefined,
    differences: readonly Difference[],
    stamp?: Change['stamp'],
  ): Summed {
    const { kind, name } = subject;
    const { sort, fields } = this.request.live.resources.get(liveKey(kind, name)) ?? { sort: '', fields: {} };
    const of = { kind, name, sort, live: fields, declared: {} };
    const { project } = this.request.desired;
    return changeEffects({ action, differences, of, project, ...(stamp === undefined ? {} : { stamp }) });
  }

  #push(change: Omit<Change, 'availability' | 'direction' | 'after' | 'effects' | 'routing'>): void {
    const rolling = change.steps.some((step) => step.settles === true);
    this.#changes.push({
      ...change,
      ...this.#effects(change, change.action, change.differences, change.stamp),
      availability:
        change.action === 'replace' ? 'replace' : rolling && change.action !== 'create' ? 'rolling' : 'hot',
      direction: worst(change.differences.map(({ direction }) => direction)),
      after: wireOf(change.kind).needs(change.desired),
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

  /** Brakes look at all changes at once, so they come last. `ours`: how many the project may write, selected or not. */
  settle(ours: number): Change[] {
    const refused = brake(this.#changes, ours, this.allowances);
    for (const [change, why] of refused) {
      const { address, kind, name, action, effects, differences } = change;
      this.refused.push({ address, kind, name, action, effects, differences, ...why });
    }
    const kept = this.#changes.filter((change) => !refused.has(change));
    const names = new Set(kept.map(({ kind, name }) => liveKey(kind, name)));
    return kept.map((change) => ({
      ...change,
      after: change.after.filter((name) => names.has(liveKey(change.kind, name))),
    }));
  }
}

function differencesOf(
  found: readonly FieldDifference[],
  resource: DesiredResource,
  live: LiveResource,
): Difference[] {
  const around = { live: live.fields, sort: live.sort, fields: kindOf(resource.kind).fields };
  const { kind, name, sort } = live;
  const effects = differenceEffects(
    { kind, name, sort, live: live.fields, declared: declared(resource) },
    found,
  );
  return found.map((one, index) => {
    const provenance = originOf(resource, pathText(one.path));
    return {
      path: pathText(one.path),
      segments: one.path,
      live: one.live,
      desired: one.desired,
      origin: 'unknown',
      direction: directionOf(one, around),
      effect: effects[index]!,
      ...(provenance === undefined ? {} : { provenance }),
    };
  });
}

function missing(
  resource: DesiredResource,
  kind: Kind,
): Omit<Refused, keyof Subject | 'differences' | 'effects'> {
  const help =
    resource.manage === 'full'
      ? `Check the name and the target, remove the entry, or declare its ${kind.madeBy.join(' or ')}: then it is created.`
      : 'Check the name and the target, or remove the entry: what is only attached or observed is never created.';
  return { guard: 'missing', message: `there is no ${kind.noun} "${resource.name}" in this workspace`, help };
}

/** `null` asks for absence, which is how a new object begins. */
function withoutNulls(whole: JsonObject, { fields }: Kind): JsonObject {
  const nulls = leavesOf(whole, fields, '').filter(
    ({ path, value }) => value === null && valueAt(whole, path, fields, '') === undefined,
  );
  return assign(whole, nulls, fields, '');
}

function unsettled(subject: Subject, live: LiveResource): Notice {
  const said = {
    pending: 'a config update is under way; what is compared is what it will end in',
    failed: 'its last config update failed; what served before still serves',
    cancelled: 'its last config update was cancelled; what served before still serves',
    settled: '',
  }[live.settling];
  const parts = (live.said ?? []).length > 0 ? `. ${live.said?.join('; ')}` : '';
  return {
    code: `update-${live.settling}`,
    severity: 'warning',
    address: subject.address,
    message: `${subject.name}: ${said}${parts}`,
  };
}
