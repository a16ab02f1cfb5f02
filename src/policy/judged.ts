// What is judged, and how far it is known: entries of files alone, a plan's end state, the workspace as it is.
import { assign } from '../model/assign';
import { isObject, type JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import { addressOf, type Desired, type DesiredResource, type LiveResource } from '../model/resource';
import { type LiveEstate, liveKey } from '../plan/estate';
import { expand, mergeFields } from '../plan/expand';
import type { Change, Difference, Plan } from '../plan/types';
import type { Judged } from './evaluate';
import type { ChangeView } from './rule';
import { Self } from './self';

/** Files alone. What a new object would be made of is known; of an entry that governs what is there, only what it says. */
export function judgedFiles(desired: Desired): Judged[] {
  return desired.resources.map((resource) => ({ resource, self: declaredSelf(resource, desired) }));
}

function declaredSelf(resource: DesiredResource, desired: Desired): Self {
  const whole = saidBy(resource);
  const made = kindOf(resource.kind).madeBy.some((path) => inside(whole, path));
  return new Self({
    address: addressOf(resource),
    kind: resource.kind,
    name: resource.name,
    target: desired.target,
    manage: resource.manage,
    protect: resource.protect || desired.protect,
    labels: resource.labels,
    fields: whole,
    ...(resource.only === undefined ? {} : { sort: resource.only }),
    complete: resource.manage === 'full' && made,
    unknown: [],
    systemOwned: false,
  });
}

function inside(fields: JsonObject, path: string): boolean {
  let value: unknown = fields;
  for (const member of path.split('.')) value = isObject(value) ? value[member] : undefined;
  return value !== undefined && value !== null;
}

function saidBy({ kind, fields, preview }: DesiredResource): JsonObject {
  return mergeFields(fields, preview, kindOf(kind).fields);
}

/** What the workspace will be like once the plan is applied, resource by resource; what goes is judged as it goes. */
export function judgedPlan(desired: Desired, live: LiveEstate, plan: Plan): Judged[] {
  const unread = live.listed.filter(({ kind, name }) => !live.resources.has(liveKey(kind, name)));
  const { governed } = expand(desired, [...live.resources.values(), ...unread]);
  const changes = new Map(plan.changes.map((change) => [liveKey(change.kind, change.name), change]));
  const refused = new Map(plan.refused.map((one) => [liveKey(one.kind, one.name), one]));
  const planned = new Set(
    [...plan.changes, ...plan.unchanged, ...plan.observed, ...plan.refused].map(({ kind, name }) =>
      liveKey(kind, name),
    ),
  );
  const judged = governed.flatMap(({ resource }): Judged[] => {
    const key = liveKey(resource.kind, resource.name);
    if (!planned.has(key)) return [];
    const change = changes.get(key);
    return [ended(resource, desired, live.resources.get(key), change, refused.get(key)?.differences ?? [])];
  });
  const going = plan.changes.flatMap((change): Judged[] => {
    const one = live.resources.get(liveKey(change.kind, change.name));
    if ((change.action !== 'delete' && change.action !== 'release') || one === undefined) return [];
    const self = liveSelf(one, desired.target, change.address);
    return [{ self, oldSelf: self, change: viewOf(change) }];
  });
  return [...judged, ...going];
}

function ended(
  resource: DesiredResource,
  desired: Desired,
  live: LiveResource | undefined,
  change: Change | undefined,
  refused: readonly Difference[],
): Judged {
  const declared = declaredSelf(resource, desired);
  if (live === undefined) {
    const self = change?.action === 'create' ? createdSelf(resource, desired, change) : declared;
    return { resource, self, ...(change === undefined ? {} : { change: viewOf(change) }) };
  }
  const { fields: table } = kindOf(resource.kind);
  const differences = change?.differences ?? refused;
  const assignments = differences.map(({ segments, desired: value }) => ({ path: segments, value }));
  const fields =
    resource.manage === 'observe' ? live.fields : assign(live.fields, assignments, table, live.sort);
  const oldSelf = liveSelf(live, desired.target, addressOf(resource), resource);
  const self = new Self({
    ...identity(resource, desired),
    name: live.name,
    fields,
    declared: saidBy(resource),
    sort: live.sort,
    complete: true,
    unknown: live.unknownFields,
    systemOwned: live.systemOwned,
  });
  return { resource, self, oldSelf, ...(change === undefined ? {} : { change: viewOf(change) }) };
}

function createdSelf(resource: DesiredResource, desired: Desired, change: Change): Self {
  return new Self({
    ...identity(resource, desired),
    fields: change.desired,
    complete: true,
    unknown: [],
    systemOwned: false,
  });
}

function identity(resource: DesiredResource, desired: Desired) {
  return {
    address: addressOf(resource),
    kind: resource.kind,
    name: resource.name,
    target: desired.target,
    manage: resource.manage,
    protect: resource.protect || desired.protect,
    labels: resource.labels,
  };
}

/** An object as the workspace has it. What the files say beside it comes from the entry that governs it. */
export function liveSelf(
  live: LiveResource,
  target: string,
  address: string,
  resource?: DesiredResource,
): Self {
  return new Self({
    address,
    kind: live.kind,
    name: live.name,
    target,
    manage: resource?.manage ?? 'observe',
    protect: resource?.protect ?? false,
    labels: resource?.labels ?? {},
    fields: live.fields,
    sort: live.sort,
    complete: true,
    unknown: live.unknownFields,
    systemOwned: live.systemOwned,
  });
}

function viewOf({ action, differences }: Change): ChangeView {
  return {
    action,
    moves: differences.map(({ path, segments, live, desired, direction }) => ({
      path,
      segments,
      live,
      desired,
      direction,
    })),
  };
}
