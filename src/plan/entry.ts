// What is found of one entry, in the words of a plan: where each difference comes from and which way it moves, what its
// requests would do besides, what is refused.
import { kindOf } from '../model/kinds';
import { pathText } from '../model/path';
import type { DesiredResource, LiveResource } from '../model/resource';
import { wireOf } from '../wire';
import type { Hazard, StepDraft } from '../wire/step';
import type { FieldDifference } from './diff';
import { directionOf } from './direction';
import { originOf } from './expand';
import type { Action, Difference, Refused, Subject } from './types';

export function differencesOf(
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

export function hazardsOf(drafts: readonly StepDraft[], live: LiveResource): Hazard[] {
  return drafts.flatMap(({ operation, ours }) =>
    wireOf(live.kind).hazards({ operation: operation.id, ours }, live),
  );
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
