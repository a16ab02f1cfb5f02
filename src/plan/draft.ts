// One entry at a time: which action makes it so, which guard refuses it, what is left alone. Knows kinds only
// through their rows and their wire.
import { assign, leavesOf, valueAt } from '../model/assign';
import type { FieldTable } from '../model/fields';
import { canonicalJson, isList, type JsonObject } from '../model/json';
import { KEY_CODECS, keyed } from '../model/keys';
import { type Kind, kindOf } from '../model/kinds';
import { pathText } from '../model/path';
import type { Desired, DesiredResource, LiveResource, RemovedResource } from '../model/resource';
import { wireOf } from '../wire';
import type { Hazard, Need, StepDraft } from '../wire/step';
import { type Comparison, compare, type FieldDifference } from './diff';
import { fingerprint, sha256 } from './digest';
import { directionOf, worst } from './direction';
import { isRemoved, type LiveEstate, liveKey, type SetAside } from './estate';
import { type Governed, mergeFields, originOf } from './expand';
import { type Allowances, brake, deletes, refusal } from './guards';
import { isOwnRight } from './own-right';
import { orderedSteps, stepOf } from './steps';
import type { Action, Change, Difference, Notice, Plan, Refused, Subject } from './types';

/** What an entry declares, with what it sends beyond the schema. */
function declared(resource: DesiredResource): JsonObject {
  const { fields } = kindOf(resource.kind);
  const all = mergeFields(resource.fields, resource.preview, fields);
  return resource.manage === 'attach' ? additive(all, fields) : all;
}

/** A list of what others share with us, by key: it removes nobody. */
function additive(all: JsonObject, fields: FieldTable): JsonObject {
  return Object.fromEntries(
    Object.entries(all).map(([field, value]) => {
      const row = fields.row([field], '');
      if (row?.additive !== true || row.keyed === undefined || !isList(value)) return [field, value];
      return [field, Object.fromEntries(keyed(KEY_CODECS[row.keyed], value).items)];
    }),
  );
}

/** What an entry asks for: what it declares, over what a replace of it that was cut short has set aside. */
export function asked(
  resource: DesiredResource,
  live: LiveResource | undefined,
  setAside: SetAside | undefined,
  project: string,
): JsonObject {
  const own = declared(resource);
  if (setAside === undefined || resource.manage !== 'full') return own;
  if (live !== undefined && !isSuccessor(live, setAside, project)) return own;
  const { kind, name } = resource;
  return onTop(setAside.carried, own, { kind, name, sort: live?.sort ?? wireOf(kind).sortOf(own) });
}

/**
 * Whether it was made by us since, and perhaps not all of it; what others made has settings of its own. Of what carries
 * no stamp it cannot be told: it is taken as ours, and what that changes is shown.
 */
function isSuccessor(live: LiveResource, setAside: SetAside, project: string): boolean {
  const stampable = wireOf(live.kind).stampPath !== undefined;
  return live.id !== setAside.id && (!stampable || live.stamp === project);
}

export function compareFields(desired: JsonObject, live: LiveResource): Comparison {
  return compare({
    desired,
    live: live.fields,
    name: live.name,
    sort: live.sort,
    fields: kindOf(live.kind).fields,
  });
}

/** Differences that only another object under the same name can make true. */
export function needsReplace(desired: JsonObject, live: LiveResource, { differences }: Comparison): boolean {
  const { fields } = kindOf(live.kind);
  const fixed = differences.some(({ path }) =>
    path.some((_, depth) => fields.row(path.slice(0, depth + 1), live.sort)?.immutable === true),
  );
  return fixed || wireOf(live.kind).irreplaceable(desired, live).length > 0;
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
    const { project } = this.request.desired;
    const setAside = this.request.live.setAside?.get(liveKey(resource.kind, resource.name));
    const entry = asked(resource, live, setAside, project);
    const desired = mergeFields(entry, wireOf(live.kind).implied(entry, live), kindOf(live.kind).fields);
    if (isUnused(setAside, live, project)) this.notices.push(unused(subject));
    const comparison = compareFields(desired, live);
    this.#leftAlone(comparison, subject);
    const own = comparison.differences.filter((one) =>
      isOwnRight(live.kind, one, this.request.live.caller ?? []),
    );
    // Left out of a list it is kept; asked to go, by a null of its own, it is refused as any lesser right is.
    const said = new Set(
      leavesOf(desired, kindOf(live.kind).fields, live.sort).map(({ path }) => pathText(path)),
    );
    const kept = own.filter((one) => one.desired === null && !said.has(pathText(one.path)));
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
    const adopting = stampable && resource.manage === 'full' && live.stamp !== project;
    if (differences.length === 0 && !adopting) {
      if (resource.manage !== 'observe' && awaits(live, desired)) this.pending.push(subject);
      this.notices.push(...keptByServer(subject, comparison));
      return void this.unchanged.push(subject);
    }
    if (resource.manage === 'observe') {
      if (differences.length === 0) this.unchanged.push(subject);
      else this.observed.push({ ...subject, differences });
      return;
    }
    const replacing = needsReplace(desired, live, comparison);
    const action: Action = replacing ? 'replace' : adopting ? 'adopt' : 'update';
    const stamp =
      stampable && resource.manage === 'full' ? { live: live.stamp ?? null, desired: project } : undefined;
    const stampDue = stampable && (adopting || replacing) ? project : undefined;
    const carried = replacing ? wireOf(live.kind).carried(live) : undefined;
    const drafts = this.#drafts(action, desired, carried, live, differences, stampDue);
    const lockOut = own.length > kept.length;
    const hazards = hazardsOf(drafts, live);
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
        ...wire.destroy(live, true),
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
    const whole = asked(resource, undefined, setAside, this.request.desired.project);
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
    const drafts = wire.create({
      name: resource.name,
      declared: whole,
      assignments: [],
      ...(wire.stampPath === undefined ? {} : { stamp: project }),
      fields: kind.fields,
    });
    const candidate = {
      subject,
      governed,
      live: nothing,
      differences,
      project,
      // The steps after the first are about what that makes.
      hazards: hazardsOf(drafts.slice(0, 1), nothing),
      lockOut: false,
      protected: false,
    };
    const why = refusal({ ...candidate, action: 'create' }, this.allowances);
    if (why !== undefined) return this.#refuse(subject, resource, why, 'create', differences);
    this.#push({
      ...subject,
      action: 'create',
      differences,
      steps: drafts.map((draft) => stepOf(draft, subject, undefined)),
      desired: withoutNulls(whole, kind),
      ...(wire.stampPath === undefined ? {} : { stamp: { live: null, desired: project } }),
      ...(setAside === undefined ? {} : { carried: setAside.carried }),
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
      .destroy(live, false)
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
    const kept = this.#withoutHastyDeletes(this.#changes.filter((change) => !refused.has(change)));
    const keys = new Set(kept.map(({ kind, name }) => liveKey(kind, name)));
    return kept.map((change) => ({
      ...change,
      after:
        change.action === 'delete'
          ? this.#whoNeeds(change, kept)
          : change.after.filter(({ kind, name }) => keys.has(liveKey(kind, name))),
    }));
  }

  /** Apply deletes nothing while something else is not done; what is refused is not done either. */
  #withoutHastyDeletes(changes: readonly Change[]): Change[] {
    const undone = this.refused.find(({ address }) => !isRemoved(address));
    if (undone === undefined) return [...changes];
    for (const { address, kind, name } of changes.filter(({ action }) => action === 'delete')) {
      this.refused.push({
        address,
        kind,
        name,
        guard: 'delete-waits',
        message: `nothing is deleted while something else is refused: ${undone.name}`,
        help: `See to that first, or delete this alone: --select ${address}`,
        action: 'delete',
        differences: [],
      });
    }
    return changes.filter(({ action }) => action !== 'delete');
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

/** What the workspace keeps as it is, whatever is asked: said even where nothing else is. */
function keptByServer(subject: Subject, { suppressed }: Comparison): Notice[] {
  return suppressed
    .filter(({ row }) => row.fixed === true)
    .map(({ path, live, desired, row }) => ({
      code: 'kept',
      severity: 'note',
      address: subject.address,
      message: `${pathText(path)} is ${canonicalJson(live)}, asked for ${canonicalJson(desired)}: ${row.reason}`,
    }));
}

function hazardsOf(drafts: readonly StepDraft[], live: LiveResource): Hazard[] {
  return drafts.flatMap(({ operation, ours }) =>
    wireOf(live.kind).hazards({ operation: operation.id, ours }, live),
  );
}

/** What was set aside is of no use where somebody else has made a new one. */
function isUnused(setAside: SetAside | undefined, live: LiveResource, project: string): boolean {
  return setAside !== undefined && live.id !== setAside.id && !isSuccessor(live, setAside, project);
}

function unused(subject: Subject): Notice {
  return {
    code: 'set-aside-unused',
    severity: 'warning',
    address: subject.address,
    message: `a replace of ${subject.name} was cut short, and somebody else has made a new one since: what was set aside is not given to it`,
    help: 'Compare it with the file under .gatewright/journal, then delete that file.',
  };
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
