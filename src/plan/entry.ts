// What is found of one entry, in the words of a plan: where each difference comes from and which way it moves, what its
// requests would do besides, what is refused.
import type { JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import { pathText } from '../model/path';
import type { DesiredResource, LiveResource } from '../model/resource';
import { wireOf } from '../wire';
import type { Hazard, Need, StepDraft } from '../wire/step';
import type { FieldDifference } from './diff';
import { directionOf } from './direction';
import { type LiveEstate, liveKey } from './estate';
import { originOf } from './expand';
import type { Action, Difference, Refused, Subject } from './types';

export function differencesOf(
  found: readonly FieldDifference[],
  resource: DesiredResource,
  live: LiveResource,
  again: readonly FieldDifference[] = [],
): Difference[] {
  const around = { live: live.fields, sort: live.sort, fields: kindOf(resource.kind).fields };
  return [...found, ...again].map((one) => {
    const provenance = originOf(resource, pathText(one.path));
    return {
      path: pathText(one.path),
      segments: one.path,
      live: one.live,
      desired: one.desired,
      origin: 'unknown',
      direction: directionOf(one, around),
      ...(again.includes(one) ? { again: true as const } : {}),
      ...(provenance === undefined ? {} : { provenance }),
    };
  });
}

export function hazardsOf(drafts: readonly StepDraft[], live: LiveResource): Hazard[] {
  return drafts.flatMap(({ operation, ours }) =>
    wireOf(live.kind).hazards({ operation: operation.id, ours }, live),
  );
}

/** What it would lead to, and is not there. */
export function lackingOf(kind: string, desired: JsonObject, { lacking }: LiveEstate): Need[] {
  if (lacking === undefined || lacking.size === 0) return [];
  return wireOf(kind)
    .needs(desired)
    .filter((need) => lacking.has(liveKey(need.kind, need.name)));
}

export function refusedOf(
  subject: Subject,
  resource: DesiredResource,
  why: Omit<Refused, keyof Subject | 'differences'>,
  action?: Action,
  differences: readonly Difference[] = [],
): Refused {
  const provenance = resource.origins[''];
  return {
    ...subject,
    ...why,
    ...(action === undefined ? {} : { action }),
    differences,
    ...(provenance === undefined ? {} : { provenance }),
  };
}
