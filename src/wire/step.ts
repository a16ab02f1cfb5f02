// A step: one request of a change, in a form that a plan can carry. `ours` is what apply sends unchanged;
// the rest of a full-replace body comes from its own re-read.
import type { Assignment } from '../model/assign';
import type { FieldTable } from '../model/fields';
import type { Json, JsonObject } from '../model/json';
import type { Path } from '../model/path';
import type { Direction, LiveResource } from '../model/resource';
import type { Operation, Query } from './operation';

/** Steps of one resource run in this order: what tightens, then what moves traffic, then what opens, then the rest. */
export const PHASES = ['tighten', 'config', 'open', 'telemetry'] as const;
export type Phase = (typeof PHASES)[number];

export interface StepDraft {
  readonly operation: Operation;
  readonly phase: Phase;
  readonly ours: readonly Assignment[];
  /** It is accepted at once and settles later: the next step waits for that. */
  readonly settles?: true;
  /** What a reviewer must know about the time between this step and the next. */
  readonly note?: string;
}

export interface WantedAssignment extends Assignment {
  readonly direction: Direction;
}

export interface Wanted {
  readonly name: string;
  /** Absent: it is to be made. */
  readonly live?: LiveResource;
  /** All that is declared, wire-shaped where it is whole. Write-only members are found here alone. */
  readonly declared: JsonObject;
  /** What differs. */
  readonly assignments: readonly WantedAssignment[];
  /** The project to stamp it with, when its first write is due; `null` takes the stamp away. */
  readonly stamp?: string | null;
  readonly fields: FieldTable;
}

/** Something that a request would do which its sender does not mean. A guard of that name refuses it. */
export interface Hazard {
  readonly guard: string;
  readonly message: string;
  readonly help: string;
}

/** A field that needs a read of its own, such as an access control list. */
export interface Extra {
  readonly field: string;
  readonly operation: Operation;
  readonly query?: Query;
  /** How long a change of it may take until it is answered, in milliseconds; absent: no longer than any other. */
  readonly spreadsMs?: number;
  /** Undefined when the object cannot have it. */
  params(live: LiveResource): Record<string, string> | undefined;
  fromWire(pages: readonly JsonObject[]): Json;
}

/** One list to be asked for, all its pages. */
export interface Listing {
  readonly operation: Operation;
  readonly query?: Query;
  /** What it is a list of, when it is not of everything: `main.ai`. Without it a refusal ends the run. */
  readonly of?: string;
}

/** Something that must be there first. */
export interface Need {
  readonly kind: string;
  readonly name: string;
}

/** What `plan` and `reconcile` ask of one API. One constant per kind, see `wire/index.ts`. */
export interface KindWire {
  readonly kind: string;
  /** Where the stamp stands; ownership is unknown while that field is. */
  readonly stampPath?: Path;
  /** The lists that show what these names and patterns may mean. */
  lists(names: readonly string[]): readonly Listing[];
  readonly get: Operation;
  readonly extras: readonly Extra[];
  readonly operations: readonly Operation[];
  /** Fields that an update under way is about: what is compared of them is what it will end in. */
  readonly updated: readonly string[];
  /** The items of a list answer, as the API has them. Throws when the answer has another shape. */
  items(answer: Json | undefined): JsonObject[];
  nameOf(raw: JsonObject): string;
  /** `whole`: a list item leaves fields out, a get does not. */
  fromWire(raw: JsonObject, whole: boolean): LiveResource;
  /** Which sort of object a declaration makes. */
  sortOf(declared: JsonObject): string;
  /** What a declaration means for an object beside what it says: fields that it would otherwise leave pointing nowhere. */
  implied(declared: JsonObject, live: LiveResource): JsonObject;
  /** Differences that no request can make true on the object as it is, beyond those of immutable fields. */
  irreplaceable(declared: JsonObject, live: LiveResource): Path[];
  /** Of what is live, what a new object under the same name is to have too. */
  carried(live: LiveResource): JsonObject;
  update(wanted: Wanted & { readonly live: LiveResource }): StepDraft[];
  create(wanted: Wanted): StepDraft[];
  /** `successor`: it is deleted to be made anew. */
  destroy(live: LiveResource, successor: boolean): StepDraft[];
  /** Objects that must be there first: of what is declared, or of what is live. */
  needs(declared: JsonObject): Need[];
  /** They are in this workspace or nowhere, so that a name that is not found here leads nowhere. */
  readonly needsHere?: true;
  params(operation: Operation, name: string, live: LiveResource | undefined): Record<string, string>;
  /** The request body of a step against what is live now. */
  body(step: StepLike, name: string, live: LiveResource | undefined): Json | undefined;
  /** The query of a step, but for an etag. */
  query?(step: StepLike, name: string): Query;
  /** The block, as path text, that a write to this path replaces whole. */
  replaced(path: Path): string;
  hazards(step: StepLike, live: LiveResource): Hazard[];
  /** The right that nobody takes from themselves. */
  readonly manageRight?: ManageRight;
}

export interface ManageRight {
  /** The access field. */
  readonly field: string;
  /** Whether what somebody holds lets them manage. */
  conveyed(held: Json): boolean;
  /** The item of a caller, `user:ana@example.com`, in that field. */
  itemOf(caller: string): string;
  /** Where that is written. */
  readonly source: string;
}

export interface StepLike {
  readonly operation: string;
  readonly ours: readonly Assignment[];
}
