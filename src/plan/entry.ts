// What is found of one entry, in the words of a plan: where each difference comes from and which way it moves, what its
// requests would do besides, what it does in sentences, what is refused.
import type { JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import { pathText } from '../model/path';
import type { DesiredResource, LiveResource } from '../model/resource';
import { wireOf } from '../wire';
import type { Hazard, Need, StepDraft } from '../wire/step';
import { declared } from './asked';
import type { FieldDifference } from './diff';
import { directionOf } from './direction';
import { changeEffects, differenceEffects, refusedEffects, type Summed } from './effects';
import { type DraftRequest, type LiveEstate, liveKey } from './estate';
import { originOf } from './expand';
import type { Action, Change, Difference, Refused, Subject } from './types';

export function differencesOf(
  found: readonly FieldDifference[],
  resource: DesiredResource,
  live: LiveResource,
  again: readonly FieldDifference[] = [],
): Difference[] {
  const around = { live: live.fields, sort: live.sort, fields: kindOf(resource.kind).fields };
  const all = [...found, ...again];
  const { kind, name, sort } = live;
  const effects = differenceEffects(
    { kind, name, sort, live: live.fields, declared: declared(resource) },
    all,
  );
  return all.map((one, index) => {
    const provenance = originOf(resource, pathText(one.path));
    return {
      path: pathText(one.path),
      segments: one.path,
      live: one.live,
      desired: one.desired,
      origin: 'unknown',
      direction: directionOf(one, around),
      effect: effects[index]!,
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

/** What is done to one object, in sentences. */
export function effectsOf(
  { action, kind, name, differences, stamp }: Doing,
  { desired, live }: DraftRequest,
): Summed {
  const { sort, fields } = live.resources.get(liveKey(kind, name)) ?? { sort: '', fields: {} };
  const of = { kind, name, sort, live: fields, declared: {} };
  const { project } = desired;
  return changeEffects({ action, differences, of, project, ...(stamp === undefined ? {} : { stamp }) });
}

interface Doing extends Pick<Subject, 'kind' | 'name'> {
  readonly action?: Action | undefined;
  readonly differences: readonly Difference[];
  readonly stamp?: Change['stamp'];
}

/** Why an entry is refused; what it would do follows from its differences. */
export type Why = Omit<Refused, keyof Subject | 'differences' | 'effects'>;

export function refusedOf(
  subject: Subject,
  resource: DesiredResource,
  why: Why,
  request: DraftRequest,
  action?: Action,
  differences: readonly Difference[] = [],
): Refused {
  const provenance = resource.origins[''];
  return {
    ...subject,
    ...why,
    ...(action === undefined ? {} : { action }),
    effects: refusedEffects(effectsOf({ ...subject, action, differences }, request).effects),
    differences,
    ...(provenance === undefined ? {} : { provenance }),
  };
}
