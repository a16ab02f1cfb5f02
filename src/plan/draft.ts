// One entry at a time: which action makes it so, which guard refuses it, what is left alone. Knows kinds only
// through their rows and their wire.
import { assign, leavesOf, valueAt } from '../model/assign';
import { isList, type JsonObject } from '../model/json';
import { KEY_CODECS, keyed } from '../model/keys';
import { type Kind, kindOf } from '../model/kinds';
import { pathText } from '../model/path';
import type { Desired, DesiredResource, LiveResource, RemovedResource } from '../model/resource';
import { wireOf } from '../wire';
import type { Need, StepDraft } from '../wire/step';
import { type Comparison, compare, type FieldDifference } from './diff';
import { fingerprint, sha256 } from './digest';
import { directionOf, worst } from './direction';
import { type LiveEstate, liveKey } from './estate';
import { type Governed, mergeFields, originOf } from './expand';
import { type Allowances, brake, deletes, refusal } from './guards';
import { isOwnRight } from './own-right';
import { orderedSteps, stepOf } from './steps';
import type { Action, Change, Difference, Notice, Plan, Refused, Subject } from './types';

/** What an entry declares, with what it sends beyond the schema. */
export function declared({ kind, manage, fields, preview }: DesiredResource): JsonObject {
  const all = mergeFields(fields, preview, kindOf(kind).fields);
  return manage === 'attach' ? additive(all, kind) : all;
}

/** Who may use what somebody else made is theirs to decide: a list adds to it there, and takes nobody's right. */
function additive(all: JsonObject, kind: string): JsonObject {
  const field = wireOf(kind).manageRight?.field ?? '';
  const codec = kindOf(kind).fields.row([field], '')?.keyed;
  const list = all[field];
  if (codec === undefined || !isList(list)) return all;
  return { ...all, [field]: Object.fromEntries(keyed(KEY_CODECS[codec], list).items) };
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
  readonly pending: Subject[] = [];
  readonly suppressed: Plan['suppressed'][number][] = [];
  readonly preserved: Plan['preserved'][number][] = [];
  readonly unverifiable: Plan['unverifiable'][number][] = [];
  readonly refused: Refused[] = [];
  readonly observed: Plan['observed'][number][] = [];
  readonly notices: Notice[] = [];
  readonly #changes: Change[] = [];
  /** What the objects that are to go needed, by their key. */
  readonly #needed = new Map<string, readonly Need[]>();
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
    for (const warning of live.warnings ?? [])
      this.notices.push({ ...warning, severity: 'warning', address: subject.address });
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
    const stampable = wireOf(live.kind).stampPath !== undefined;
    const adopting = stampable && resource.manage === 'full' && live.stamp !== this.request.desired.project;
    if (differences.length === 0 && !adopting) {
      if (resource.manage !== 'observe' && awaits(live, desired)) this.pending.push(subject);
      return void this.unchanged.push(subject);
    }
    if (resource.manage === 'observe') {
      if (differences.length === 0) this.unchanged.push(subject);
      else this.observed.push({ ...subject, differences });
      return;
    }
    const replacing = needsReplace(resource, live, comparison);
    const action: Action = replacing ? 'replace' : adopting ? 'adopt' : 'update';
    const { project } = this.request.desired;
    const stamp =
      stampable && resource.manage === 'full' ? { live: live.stamp ?? null, desired: project } : undefined;
    const stampDue = stampable && (adopting || replacing) ? project : undefined;
    const carried = replacing ? wireOf(live.kind).carried(live) : undefined;
    const drafts = this.#drafts(action, desired, carried, live, differences, stampDue);
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
      const whole = onTop(carried ?? {}, desired, live);
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
    const asked = declared(resource);
    const whole =
      setAside === undefined ? asked : onTop(setAside, asked, { ...resource, sort: wire.sortOf(asked) });
    const made = kind.madeBy.some((path) => valueAt(whole, path.split('.'), kind.fields, '') !== undefined);
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
      ...(wire.stampPath === undefined ? {} : { stamp: project }),
      fields: kind.fields,
    });
    this.#push({
      ...subject,
      action: 'create',
      differences,
      steps: drafts.map((draft) => stepOf(draft, subject, undefined)),
      desired: withoutNulls(whole, kind),
      ...(wire.stampPath === undefined ? {} : { stamp: { live: null, desired: project } }),
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
      stamp: { live: live.stamp ?? null, desired: live.stamp ?? null },
      reason: removed.reason,
      fingerprint: fingerprint(live.id, []),
    });
    this.#needed.set(key, wireOf(removed.kind).needs(live.fields));
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
    why: Omit<Refused, keyof Subject | 'differences'>,
    action?: Action,
    differences: readonly Difference[] = [],
  ): void {
    const provenance = resource.origins[''];
    this.refused.push({
      ...subject,
      ...why,
      ...(action === undefined ? {} : { action }),
      differences,
      ...(provenance === undefined ? {} : { provenance }),
    });
  }

  #push(change: Omit<Change, 'availability' | 'direction' | 'after'>): void {
    const rolling = change.steps.some((step) => step.settles === true);
    this.#changes.push({
      ...change,
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
      const { address, kind, name, action, differences } = change;
      this.refused.push({ address, kind, name, action, differences, ...why });
    }
    const kept = this.#changes.filter((change) => !refused.has(change));
    const keys = new Set(kept.map(({ kind, name }) => liveKey(kind, name)));
    return kept.map((change) => ({
      ...change,
      after:
        change.action === 'delete'
          ? this.#whoNeeds(change, kept)
          : change.after.filter(({ kind, name }) => keys.has(liveKey(kind, name))),
    }));
  }

  /** Of two that go, the one that needs the other goes first. */
  #whoNeeds({ kind, name }: Change, kept: readonly Change[]): Need[] {
    return kept
      .filter((other) =>
        (this.#needed.get(liveKey(other.kind, other.name)) ?? []).some(
          (need) => need.kind === kind && need.name === name,
        ),
      )
      .map((other) => ({ kind: other.kind, name: other.name }));
  }
}

/** What is carried over with the declaration on top, and without what that rules out. */
function onTop(
  carried: JsonObject,
  desired: JsonObject,
  { kind, name, sort }: Pick<LiveResource, 'kind' | 'name' | 'sort'>,
): JsonObject {
  const { fields } = kindOf(kind);
  const { differences } = compare({ desired, live: carried, name, sort, fields });
  const gone = differences.flatMap(({ path, desired: value }) => (value === null ? [{ path, value }] : []));
  return mergeFields(assign(carried, gone, fields, sort), desired, fields);
}

function differencesOf(
  found: readonly FieldDifference[],
  resource: DesiredResource,
  live: LiveResource,
): Difference[] {
  const around = { live: live.fields, sort: live.sort, fields: kindOf(resource.kind).fields };
  return found.map((one) => {
    const provenance = originOf(resource, pathText(one.path));
    return {
      path: pathText(one.path),
      segments: one.path,
      live: one.live,
      desired: one.desired,
      origin: 'unknown',
      direction: directionOf(one, around),
      ...(provenance === undefined ? {} : { provenance }),
    };
  });
}

function missing(resource: DesiredResource, kind: Kind): Omit<Refused, keyof Subject | 'differences'> {
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

/** Whether what is declared holds only once an update that is under way has ended. */
export function awaits({ kind, settling }: LiveResource, desired: JsonObject): boolean {
  return settling === 'pending' && wireOf(kind).updated.some((field) => desired[field] !== undefined);
}

function unsettled(subject: Subject, live: LiveResource): Notice {
  const said = {
    pending: `a config update of ${subject.name} is under way; what is compared is what it will end in`,
    failed: `the last config update of ${subject.name} failed; what served before still serves`,
    cancelled: `the last config update of ${subject.name} was cancelled; what served before still serves`,
    settled: '',
  }[live.settling];
  const parts = (live.said ?? []).length > 0 ? `. ${live.said?.join('; ')}` : '';
  return {
    code: `update-${live.settling}`,
    severity: 'warning',
    address: subject.address,
    message: `${said}${parts}`,
  };
}
