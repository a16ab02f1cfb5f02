// An entry that nothing live answers to: it is made, unless it may be there unseen, or was never to be made by us.
import { assign, leavesOf, valueAt } from '../model/assign';
import type { JsonObject } from '../model/json';
import { type Kind, kindOf } from '../model/kinds';
import type { DesiredResource, LiveResource } from '../model/resource';
import { wireOf } from '../wire';
import { asked } from './asked';
import { sha256 } from './digest';
import { differencesOf, hazardsOf, lackingOf, refusedOf } from './entry';
import { type DraftRequest, liveKey } from './estate';
import type { Governed } from './expand';
import { type Allowances, refusal } from './guards';
import type { Drafted } from './ordering';
import { stepOf } from './steps';
import type { Refused, Subject } from './types';

export function creation(
  governed: Governed,
  subject: Subject,
  request: DraftRequest,
  allowances: Allowances,
): Drafted | Refused {
  const { resource } = governed;
  const wire = wireOf(resource.kind);
  const kind = kindOf(resource.kind);
  const key = liveKey(resource.kind, resource.name);
  const unseen = request.live.unseen.get(key);
  if (unseen !== undefined) {
    const help = 'Ask for the right to view it; what cannot be seen is never created.';
    return refusedOf(subject, resource, {
      guard: 'unseen',
      message: `${resource.name} cannot be read: ${unseen}`,
      help,
    });
  }
  const setAside = request.live.setAside?.get(key);
  const whole = asked(resource, undefined, setAside, request.desired.project);
  const made = kind.madeBy.some((path) => valueAt(whole, path.split('.'), kind.fields, '') !== undefined);
  if (resource.manage !== 'full' || !made) {
    return refusedOf(subject, resource, missing(resource, kind));
  }
  const { project } = request.desired;
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
    lacking: lackingOf(resource.kind, whole, request.live),
    // The steps after the first are about what that makes.
    hazards: hazardsOf(drafts.slice(0, 1), nothing),
    lockOut: false,
    protected: false,
  };
  const why = refusal({ ...candidate, action: 'create' }, allowances);
  if (why !== undefined) return refusedOf(subject, resource, why, 'create', differences);
  return {
    ...subject,
    action: 'create',
    differences,
    steps: drafts.map((draft) => stepOf(draft, subject, undefined)),
    desired: withoutNulls(whole, kind),
    ...(wire.stampPath === undefined ? {} : { stamp: { live: null, desired: project } }),
    ...(setAside === undefined ? {} : { carried: setAside.carried }),
    fingerprint: sha256({ absent: resource.name }),
  };
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
