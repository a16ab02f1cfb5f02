// What a rule may read of a resource, the same for every kind. Reading what cannot be known throws `Unknown`, so that
// no rule can take it for absent by forgetting to ask. Knows no kind and no field of the API.

/** A value that the files do not say and the workspace was not asked for, or does not tell. */
export class Unknown extends Error {
  constructor(readonly path: string) {
    super(`${path} is not known`);
    this.name = 'Unknown';
  }
}

/** The fact does not exist for objects of this sort: the rule has nothing to say of them. */
export class Inapplicable extends Error {
  constructor(readonly fact: string) {
    super(`${fact} does not exist here`);
    this.name = 'Inapplicable';
  }
}

/** Items of which there may be more than are known: whoever asks for all of them hears so after the known ones. */
export class Seen<T> implements Iterable<T> {
  constructor(
    private readonly items: readonly T[],
    /** Where more may stand. */
    private readonly incomplete?: string,
  ) {}

  *[Symbol.iterator](): Iterator<T> {
    yield* this.items;
    if (this.incomplete !== undefined) throw new Unknown(this.incomplete);
  }

  some(test: (item: T) => boolean): boolean {
    return this.find(test) !== undefined;
  }

  find(test: (item: T) => boolean): T | undefined {
    for (const item of this) if (test(item)) return item;
    return undefined;
  }

  /** All of them, or `Unknown`. */
  all(): readonly T[] {
    return [...this];
  }
}

/** service: everybody together · user-default: each user without one of their own. */
export type LimitScope = 'service' | 'user-default' | 'user' | 'group' | 'service-principal' | 'request-tag';

export interface Limit {
  readonly scope: LimitScope;
  readonly principal?: string;
  /** A minute. An hourly limit counts a sixtieth. */
  readonly requests?: number;
  readonly tokens?: number;
  readonly at: string;
}

export interface Grant {
  readonly type: 'user' | 'group' | 'service-principal';
  readonly principal: string;
  readonly level: 'view' | 'use' | 'manage' | 'other';
  readonly at: string;
}

export interface Destination {
  readonly name: string;
  /** `databricks` where the workspace serves the model itself. */
  readonly provider: string;
  readonly model: string;
  readonly hosting: 'external' | 'workspace';
  readonly task?: string;
  readonly region?: string;
  /** Percent of the traffic; a fallback has 0. */
  readonly share: number;
  readonly role: 'primary' | 'fallback';
  /** How it shows who asks: by a key, or by an identity of the platform. */
  readonly auth: 'key' | 'identity' | 'none';
  /** Whether its provider takes an identity instead of a key. */
  readonly identityOffered: boolean;
  readonly at: string;
}

export interface Credential {
  /** reference: into a secret scope · resolved: filled in from the environment of whoever applies. */
  readonly form: 'reference' | 'resolved';
  readonly field: string;
  readonly text: string;
  readonly at: string;
}

export interface Text {
  readonly text: string;
  readonly at: string;
}

export type Pii = 'NONE' | 'MASK' | 'BLOCK';

/** What the table of facts has a row for. */
export type FactName =
  | 'guards.input.pii'
  | 'guards.input.safety'
  | 'guards.output.pii'
  | 'guards.output.safety'
  | 'guards.deprecated'
  | 'usage'
  | 'logging.enabled'
  | 'logging.catalog'
  | 'logging.schema'
  | 'fallback'
  | 'limits'
  | 'grants'
  | 'destinations'
  | 'tags'
  | 'description'
  | 'urls'
  | 'texts'
  | 'credentials'
  | 'forwarding'
  | 'any-target';
