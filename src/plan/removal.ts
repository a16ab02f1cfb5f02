// An entry under `removed`: the object goes, or only our stamp on it. What cannot be seen, or is not ours, stays.
import { kindOf } from '../model/kinds';
import type { LiveResource, RemovedResource } from '../model/resource';
import { wireOf } from '../wire';
import type { Need } from '../wire/step';
import { fingerprint } from './digest';
import { type DraftRequest, liveKey } from './estate';
import { type Allowances, deletes } from './guards';
import type { Drafted } from './ordering';
import { orderedSteps, stepOf } from './steps';
import type { Refused, Subject } from './types';

/** Neither: there is nothing to do. */
export interface Removal {
  readonly change?: Drafted;
  readonly refused?: Refused;
  /** What the object that is to go needed. */
  readonly needed?: readonly Need[];
}

export function removal(
  removed: RemovedResource,
  subject: Subject,
  { desired, live: estate }: DraftRequest,
  allowances: Allowances,
): Removal {
  const key = liveKey(removed.kind, removed.name);
  const live = estate.resources.get(key);
  const refused = { ...subject, differences: [], provenance: removed.origin };
  if (live === undefined) {
    const unseen = estate.unseen.get(key);
    if (unseen === undefined) return {};
    const message = `${removed.name} cannot be read: ${unseen}`;
    return { refused: { ...refused, guard: 'unseen', message, help: 'Ask for the right to view it.' } };
  }
  if (!removed.destroy) return release(removed, subject, live, desired.project);
  const why = deletes({ live, project: desired.project, protected: desired.protect }, allowances);
  if (why !== undefined) return { refused: { ...refused, ...why, action: 'delete' } };
  const wire = wireOf(removed.kind);
  return {
    change: {
      ...subject,
      ...(live.id === undefined ? {} : { id: live.id }),
      action: 'delete',
      differences: [],
      steps: wire.destroy(live, false).map((draft) => stepOf(draft, subject, live)),
      desired: {},
      stamp: { live: live.stamp ?? null, desired: live.stamp ?? null },
      reason: removed.reason,
      fingerprint: fingerprint(live.id, []),
    },
    needed: wire.needs(live.fields),
  };
}

function release(removed: RemovedResource, subject: Subject, live: LiveResource, project: string): Removal {
  if (live.stamp !== project) return {};
  const drafts = wireOf(removed.kind).update({
    name: live.name,
    live,
    declared: {},
    assignments: [],
    stamp: null,
    fields: kindOf(removed.kind).fields,
  });
  return {
    change: {
      ...subject,
      ...(live.id === undefined ? {} : { id: live.id }),
      action: 'release',
      differences: [],
      steps: orderedSteps(drafts, subject, live),
      desired: {},
      stamp: { live: live.stamp, desired: null },
      reason: removed.reason,
      fingerprint: fingerprint(live.id, []),
    },
  };
}
