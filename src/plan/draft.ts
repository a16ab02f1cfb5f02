// One entry at a time: which action makes it so, which guard refuses it, what is left alone. Knows kinds only
// through their rows and their wire.
import { leavesOf } from '../model/assign';
import type { JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import { pathText } from '../model/path';
import type { LiveResource, RemovedResource } from '../model/resource';
import { wireOf } from '../wire';
import type { Need, StepDraft } from '../wire/step';
import { asked, awaits, compareFields, declared, isUnused, meant, needsReplace, onTop } from './asked';
import { brake } from './brake';
import { creation } from './creation';
import type { Comparison } from './diff';
import { fingerprint } from './digest';
import { differencesOf, hazardsOf, lackingOf, refusedOf } from './entry';
import { type DraftRequest, liveKey } from './estate';
import type { Governed } from './expand';
import { type Allowances, refusal } from './guards';
import { cautionNotices, keptByServer, unsettled, unused, warnings } from './notices';
import { type Drafted, inTurn, ranked, withoutHastyDeletes } from './ordering';
import { isOwnRight } from './own-right';
import { removal } from './removal';
import { isRotated, nothingToRotate, rotated } from './rotation';
import { orderedSteps, stepOf } from './steps';
import type { Action, Change, Difference, Notice, Plan, Refused, Subject } from './types';

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
    this.notices.push(...warnings(subject, live));
    const { project } = this.request.desired;
    const setAside = this.request.live.setAside?.get(liveKey(resource.kind, resource.name));
    const entry = asked(resource, live, setAside, project);
    const desired = meant(entry, live);
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
    const asks = resource.manage !== 'observe' && isRotated(subject, this.request.rotate ?? []);
    const past = this.request.past?.get(liveKey(resource.kind, resource.name));
    const again =
      asks || (past !== undefined && resource.manage !== 'observe')
        ? rotated(comparison, desired, live, asks || past === undefined ? undefined : declared(past))
        : [];
    if (asks && again.length === 0) this.notices.push(nothingToRotate(subject));
    const differences = differencesOf(
      comparison.differences.filter((one) => !kept.includes(one)),
      resource,
      live,
      again,
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
    const lacking = lackingOf(live.kind, desired, this.request.live);
    const protectedBy = resource.protect || this.request.desired.protect;
    const why = refusal(
      {
        subject,
        governed,
        live,
        action,
        differences,
        project,
        lacking,
        hazards,
        lockOut,
        protected: protectedBy,
      },
      this.allowances,
    );
    if (why !== undefined)
      return void this.refused.push(refusedOf(subject, resource, why, action, differences));
    if (live.caution !== undefined) {
      this.#cautions.set(live.caution.code, [...(this.#cautions.get(live.caution.code) ?? []), live]);
    }
    for (const path of comparison.preserved) {
      if (path.length > 1) this.preserved.push({ ...subject, path: pathText(path) });
    }
    for (const path of comparison.unverifiable) {
      if (!again.some((one) => one.path === path))
        this.unverifiable.push({ ...subject, path: pathText(path) });
    }
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
    const found = creation(governed, subject, this.request, this.allowances);
    if ('guard' in found) this.refused.push(found);
    else this.#push(found);
  }

  /** An entry under `removed`: the object goes, or only our stamp on it. */
  remove(removed: RemovedResource, subject: Subject): void {
    const found = removal(removed, subject, this.request, this.allowances);
    if (found.refused !== undefined) this.refused.push(found.refused);
    else if (found.change === undefined) this.unchanged.push(subject);
    else this.#push(found.change);
    if (found.needed !== undefined) this.#needed.set(liveKey(removed.kind, removed.name), found.needed);
  }

  #push(change: Drafted): void {
    this.#changes.push(ranked(change));
  }

  cautions(): Notice[] {
    return cautionNotices(this.#cautions);
  }

  /** Brakes look at all changes at once, so they come last. `ours`: how many the project may write, selected or not. */
  settle(ours: number): Change[] {
    const refused = brake(this.#changes, ours, this.allowances);
    for (const [change, why] of refused) {
      const { address, kind, name, action, differences } = change;
      this.refused.push({ address, kind, name, action, differences, ...why });
    }
    const kept = this.#changes.filter((change) => !refused.has(change));
    const { changes, refused: hasty } = withoutHastyDeletes(kept, this.refused);
    this.refused.push(...hasty);
    return inTurn(changes, this.#needed);
  }
}
