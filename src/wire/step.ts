// A step: one request of a change, in a form that a plan can carry. `ours` is what apply sends unchanged;
// the rest of a full-replace body comes from its own re-read.
import type { Assignment } from '../model/assign';
import type { FieldTable } from '../model/fields';
import type { Json, JsonObject } from '../model/json';
import type { Path } from '../model/path';
import type { Direction, LiveResource } from '../model/resource';
import type { Operation } from './operation';

/** Steps of one resource run in this order: what tightens, then what moves traffic, then what opens, then the rest. */
export const PHASES = ['tighten', 'config', 'open', 'telemetry'] as const;
export type Phase = (typeof PHASES)[number];

export interface StepDraft {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
  readonly phase: Phase;
  readonly ours: readonly Assignment[];
  /** What a reviewer must know about the time between this step and the next. */
  readonly note?: string;
}

export interface WantedAssignment extends Assignment {
  readonly direction: Direction;
}

export interface Wanted {
  readonly name: string;
  readonly live: LiveResource;
  readonly assignments: readonly WantedAssignment[];
  /** The project to stamp it with, when its first write is due. */
  readonly stamp?: string;
  readonly fields: FieldTable;
}

/** What `plan` and `reconcile` ask of one API. One constant per kind, see `wire/index.ts`. */
export interface KindWire {
  readonly kind: string;
  /** Where the stamp stands; ownership is unknown while that field is. */
  readonly stampPath?: Path;
  readonly list: Operation;
  readonly get: Operation;
  /** The items of a list answer, as the API has them. Throws when the answer has another shape. */
  items(answer: Json | undefined): JsonObject[];
  nameOf(raw: JsonObject): string;
  /** `whole`: a list item leaves fields out, a get does not. */
  fromWire(raw: JsonObject, whole: boolean): LiveResource;
  steps(wanted: Wanted): StepDraft[];
  /** The request body of a step against what is live now. */
  body(
    step: { readonly operation: string; readonly ours: readonly Assignment[] },
    live: LiveResource,
  ): Json | undefined;
  readonly operations: readonly Operation[];
}
