// The plan as data: serialisable, ordered, versioned. No closures, no layout, no secrets. The published
// contract is schemas/plan.schema.json; a field here is a promise there.
import type { Assignment } from '../model/assign';
import type { Json, JsonObject } from '../model/json';
import type { Path } from '../model/path';
import type { Direction, Origin } from '../model/resource';
import type { Need, Phase } from '../wire/step';

export const PLAN_FORMAT = 'gatewright/plan/1';

/** release: only our stamp goes, the object stays. */
export type Action = 'create' | 'update' | 'replace' | 'adopt' | 'delete' | 'release';

/** hot: served without a pause · rolling: takes minutes, the old config serves meanwhile · replace: downtime and a new id. */
export type Availability = 'hot' | 'rolling' | 'replace';

/** What changed since the base: the config, the workspace, both. Unknown without a base. */
export type DifferenceOrigin = 'intent' | 'drift' | 'both' | 'unknown';

export interface Difference {
  /** For people: `ai_gateway.rate_limits[user].calls`. */
  readonly path: string;
  /** For machines: the same, by segment; items of keyed lists stand in brackets. */
  readonly segments: Path;
  /** `null` when the workspace has none. */
  readonly live: Json;
  /** `null` when it is to be removed. */
  readonly desired: Json;
  readonly origin: DifferenceOrigin;
  /** What the base says of it; `null`: it is to be absent. Left out without a base, and where the base does not manage it. */
  readonly base?: Json;
  readonly direction: Direction;
  /** It cannot be read back and is sent once more because that was asked for; `live` is not known. */
  readonly again?: true;
  readonly provenance?: Origin;
}

export interface Step {
  readonly operation: string;
  readonly phase: Phase;
  readonly method: string;
  readonly path: string;
  /** The request as it would be sent now. Apply sends `ours` unchanged and takes the rest from its own re-read. */
  readonly body?: Json;
  readonly ours: readonly Assignment[];
  /** It is accepted at once and settles later; the next step waits for that. */
  readonly settles?: true;
  readonly note?: string;
}

/** Who is meant: the entry of the config, and the object in the workspace. */
export interface Subject {
  /** `serving_endpoints.chat`; of a glob, the glob's entry. */
  readonly address: string;
  readonly kind: string;
  readonly name: string;
}

export interface Change extends Subject {
  readonly id?: string;
  readonly action: Action;
  readonly availability: Availability;
  /** Of all its differences, the one to worry about most. */
  readonly direction: Direction;
  readonly differences: readonly Difference[];
  readonly steps: readonly Step[];
  /** All that the config declares of it, normalised: apply compares its re-read with this and never reads the config again. */
  readonly desired: JsonObject;
  /** The stamp that it is to carry when done, and the one that it carries (`null`: none); of a delete, twice the same. */
  readonly stamp?: { readonly live: string | null; readonly desired: string | null };
  /** Of a replace: what the object has beyond the config, which the new one is given too. */
  readonly carried?: JsonObject;
  /** Why it is removed, in the words of the file. */
  readonly reason?: string;
  /** Objects whose changes must be applied before. */
  readonly after: readonly Need[];
  /** SHA-256 of the id and of every managed field as it was live. */
  readonly fingerprint: string;
}

/** A difference that is deliberately not acted on, with the row that says so. */
export interface Suppressed extends Subject {
  readonly path: string;
  readonly live: Json;
  readonly desired: Json;
  readonly reason: string;
  readonly source: string;
}

/** Live, not declared, and therefore left as it is. */
export interface Preserved extends Subject {
  readonly path: string;
}

/** Declared and write-only: it is sent along with a change of its block, and can be no drift. */
export interface Unverifiable extends Subject {
  readonly path: string;
}

/** A change that a guard keeps out of the plan. */
export interface Refused extends Subject {
  readonly guard: string;
  readonly message: string;
  /** What was counted or found, and the limit it broke, where there is one. */
  readonly measured?: string;
  readonly limit?: string;
  readonly help: string;
  readonly action?: Action;
  readonly differences: readonly Difference[];
  readonly provenance?: Origin;
}

/** Differences of an entry that is only observed. */
export interface Watched extends Subject {
  readonly differences: readonly Difference[];
}

export interface Orphan {
  readonly kind: string;
  readonly name: string;
  readonly id?: string;
  /** No stamp tells that it is ours: the base managed it. */
  readonly known_by?: 'base';
}

/** What origins are told by. */
export interface PlanBase {
  /** As it was asked for: a git ref, or a file. */
  readonly name: string;
  readonly commit?: string;
  /** Only what changed since is planned. */
  readonly since?: true;
}

/** Something a reviewer should read that is no difference. */
export interface Notice {
  readonly code: string;
  readonly severity: 'warning' | 'note';
  readonly message: string;
  readonly address?: string;
  readonly help?: string;
}

export interface Plan {
  readonly format: typeof PLAN_FORMAT;
  readonly tool: string;
  /** RFC 3339, UTC. */
  readonly created_at: string;
  readonly project: string;
  readonly target: string;
  /** The workspace's origin, or `simulator`. A saved plan is applied nowhere else. */
  readonly host: string;
  readonly digest: string;
  readonly base?: PlanBase;
  readonly changes: readonly Change[];
  readonly unchanged: readonly Subject[];
  /** Of those, what is as declared only when an update that is under way has ended well: apply waits for it. */
  readonly pending: readonly Subject[];
  readonly suppressed: readonly Suppressed[];
  readonly preserved: readonly Preserved[];
  readonly unverifiable: readonly Unverifiable[];
  readonly refused: readonly Refused[];
  readonly observed: readonly Watched[];
  readonly orphans: readonly Orphan[];
  readonly notices: readonly Notice[];
  /** The allowances it was made with. */
  readonly allowed: readonly string[];
}
