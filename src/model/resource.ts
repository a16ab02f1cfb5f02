// The nouns between config and plan: what is desired, what is live. Plain data, no behaviour.
import type { Location } from './diagnostic';
import type { JsonObject } from './json';

/** Which way a difference moves governance. */
export type Direction = 'tightens' | 'loosens' | 'moves' | 'neutral';

/** full: ours, stamped · attach: made by somebody else, only the named fields are governed · observe: read, never written. */
export type Manage = 'full' | 'attach' | 'observe';

/** Where a value was written, and in which layer (`preset standard`, `file`, `target prod`). */
export interface Origin extends Location {
  readonly layer: string;
  /** What stands there is made of variables. */
  readonly variables?: true;
}

/**
 * One entry of the config, normalised: variables resolved, layers merged, shorthands expanded.
 *
 * `fields` holds only what is declared. Absent is unmanaged, `null` removes, a value sets. A keyed list
 * stands as a list (the whole list) or as an object by item key (only its own keys).
 */
export interface DesiredResource {
  /** A row of `KINDS`, e.g. `serving_endpoints`. */
  readonly kind: string;
  /** The key in the file; with the kind it is the address, `serving_endpoints.chat`. */
  readonly key: string;
  /** The name in the workspace, or a glob when `pattern` is true. */
  readonly name: string;
  readonly pattern: boolean;
  readonly manage: Manage;
  readonly protect: boolean;
  /** Facts that policies read; never sent. */
  readonly labels: Readonly<Record<string, string>>;
  /** `kind:` of a glob entry: which sort of live object it governs. */
  readonly only?: string;
  readonly fields: JsonObject;
  /** Fields that the schema does not know, sent as they are. Same nesting as `fields`. */
  readonly preview: JsonObject;
  /** By path text: '' is the entry itself, else e.g. `ai_gateway.rate_limits[user].calls`. */
  readonly origins: Readonly<Record<string, Origin>>;
}

/** Something that an entry under `removed` says is to go. */
export interface RemovedResource {
  /** A row of `KINDS`. */
  readonly kind: string;
  /** The name in the workspace. */
  readonly name: string;
  readonly reason: string;
  /** A date, `2026-11-20`. */
  readonly since: string;
  /** False only stops managing it. */
  readonly destroy: boolean;
  readonly origin: Origin;
}

export interface Desired {
  readonly project: string;
  /** Empty when the project has no targets. */
  readonly target: string;
  /** `simulator`, an URL origin, or absent: then the environment decides. */
  readonly host?: string;
  readonly protect: boolean;
  readonly resources: readonly DesiredResource[];
  /** Sorted by kind, then name. No resource has the name of one of them. */
  readonly removed: readonly RemovedResource[];
}

export function addressOf(resource: { readonly kind: string; readonly key: string }): string {
  return `${resource.kind}.${resource.key}`;
}

/** What the workspace answers, translated by `wire` into the same field names as `fields` above; keyed lists stand as lists. */
export interface LiveResource {
  readonly kind: string;
  readonly name: string;
  /** What tells it from another that is made under its name: the workspace's own id, or the moment it was made. Pay-per-token endpoints have none. */
  readonly id?: string;
  /** The sort of object: `external`, `pay_per_token`, ... a row's `when` names it. */
  readonly sort: string;
  readonly fields: JsonObject;
  /** Top-level fields that this answer did not carry though the object may have them: unknown, not absent. */
  readonly unknownFields: readonly string[];
  /** Members that no schema of ours knows, as path text: lost where a write replaces the block around them. */
  readonly unknownMembers: readonly string[];
  /** The project whose stamp it carries. */
  readonly stamp?: string;
  /** `settled`, or what the workspace says is under way or went wrong. */
  readonly settling: 'settled' | 'pending' | 'failed' | 'cancelled';
  /** What its parts say of themselves while it settles, one line each. */
  readonly said?: readonly string[];
  /** True for what the platform owns: it cannot be created, stamped, deleted. */
  readonly systemOwned: boolean;
  /** Of kinds that have one: another after each write. */
  readonly etag?: string;
  /** What is wrong with it, whether or not anything of it is to change. */
  readonly warnings?: readonly {
    readonly code: string;
    readonly message: string;
    readonly help: string;
  }[];
  /** What a reader of any plan about it should know, the same words for every object that it holds for. */
  readonly caution?: { readonly code: string; readonly message: string };
  /** The answer itself, which a full-replace write is merged into. */
  readonly raw: JsonObject;
}
