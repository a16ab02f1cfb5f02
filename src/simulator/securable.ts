// One service of Unity Catalog as the workspace holds it (model, model provider, or MCP service), the texts it
// is read as, and what every kind of them says of itself. Texts are made once after each change.
import { isObject, type Json, type JsonObject, textOf } from './json';
import { assignments, type Privilege, rightOf } from './privileges';
import { COUNTS } from './service-limits';
import type { Shape } from './shapes';
import type { Shuffle } from './shuffle';
import type { Workspace } from './state';
import type { Me, Settings } from './types';
import { leafOf, SYSTEM_SCHEMA, schemaOf } from './uc-names';

/** A write under way: what was asked has its shape, and what the mask leaves alone is as it was. */
export interface Draft {
  readonly workspace: Workspace;
  readonly name: string;
  /** The config that stands; empty on create. */
  readonly before: JsonObject;
  readonly config: JsonObject;
  /** Whether this write replaces that part of the config: `routing.destinations`. */
  readonly touches: (part: string) => boolean;
  /** Filled by the kind: payload tables that this write starts, outputs beside the config. */
  readonly tables: string[];
  readonly outputs: JsonObject;
}

export interface Kind {
  /** First part of a resource name and of the path. */
  readonly path: string;
  /** The member of a list answer, and of the state. */
  readonly list: 'model_services' | 'model_provider_services' | 'mcp_services';
  /** The type in paths of grants; with `_id`, the query parameter that names a new one. */
  readonly type: string;
  readonly label: string;
  /** Kinds that share one namespace in a schema. */
  readonly shares: readonly string[];
  /** What of a body can be written: `comment` and `config`. */
  readonly shape: Shape;
  readonly masks: readonly string[];
  /** Of those, the ones that what Databricks made takes. */
  readonly systemMasks: readonly string[];
  /** Where the value of a mask lies when its name does not say it. */
  readonly placeOf?: (mask: string, config: JsonObject) => string;
  /** The config as it will be stored. @throws ApiError 400 */
  readonly settled: (draft: Draft) => JsonObject;
  /** The config as a list of view BASIC shows it. */
  readonly basic: (config: JsonObject) => JsonObject;
  /** What a seed without config has, and what one with a config is completed by. */
  readonly seeded: (name: string, config: JsonObject) => { config: JsonObject; outputs: JsonObject };
}

/** Grants as they stood before a change that has not spread yet. */
export interface Earlier {
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly grants: readonly Privilege[];
}

export class Securable {
  #texts: { detail?: string; item?: string; state?: string } = {};

  constructor(
    readonly kind: Kind,
    /** catalog.schema.leaf */
    readonly name: string,
    /** As GET answers it. Never changed in place. */
    readonly body: JsonObject,
    readonly grants: readonly Privilege[],
    readonly earlier: readonly Earlier[] = [],
  ) {}

  get schema(): string {
    return schemaOf(this.name);
  }

  get leaf(): string {
    return leafOf(this.name);
  }

  get config(): JsonObject {
    return isObject(this.body.config) ? this.body.config : {};
  }

  get systemOwned(): boolean {
    return this.schema === SYSTEM_SCHEMA;
  }

  with(change: {
    body?: JsonObject;
    grants?: readonly Privilege[];
    earlier?: readonly Earlier[];
  }): Securable {
    const { body = this.body, grants = this.grants, earlier = this.earlier } = change;
    return new Securable(this.kind, this.name, body, grants, earlier);
  }

  /** The grants that have spread by then. */
  grantsAt(now: number): readonly Privilege[] {
    return this.earlier.find(({ until }) => until > now)?.grants ?? this.grants;
  }

  rightOf(me: Required<Me>, now: number): 'manage' | 'see' | undefined {
    return rightOf(me, textOf(this.body.effective_owner), this.grantsAt(now));
  }

  /** GET one, and an item of a list of view FULL. */
  detail(settings: Settings, shuffle?: Shuffle): string {
    if (shuffle !== undefined) return JSON.stringify(shuffle.value(shown(this.body, settings)));
    this.#texts.detail ??= JSON.stringify(shown(this.body, settings));
    return this.#texts.detail;
  }

  /** An item of a list of view BASIC. */
  item(settings: Settings, shuffle?: Shuffle): string {
    if (shuffle !== undefined) return JSON.stringify(shuffle.value(this.#basic(settings)));
    this.#texts.item ??= JSON.stringify(this.#basic(settings));
    return this.#texts.item;
  }

  /** For the state file; a seed made of it is the same service. */
  get state(): string {
    const earlier = this.earlier.map(({ until, grants }) => ({ until, grants: assignments(grants, true) }));
    this.#texts.state ??= JSON.stringify({
      ...this.body,
      grants: assignments(this.grants, true),
      _simulator: earlier.length > 0 ? { complete: true, earlier_grants: earlier } : { complete: true },
    });
    return this.#texts.state;
  }

  #basic(settings: Settings): JsonObject {
    if (!isObject(this.body.config)) return shown(this.body, settings);
    const { service_policies: _attached, rate_limits, ...rest } = this.body.config;
    const config = this.kind.basic(rest);
    if (Array.isArray(rate_limits)) config.rate_limits = rate_limits.map(withoutPrincipal);
    return shown({ ...this.body, config }, settings);
  }
}

function withoutPrincipal(limit: Json): Json {
  if (!isObject(limit)) return limit;
  const { principal: _named, ...rest } = limit;
  return rest;
}

/** Counts are answered as numbers, or as their digits: see `int64_as_text`. */
function shown(body: JsonObject, settings: Settings): JsonObject {
  if (settings.int64_as_text !== true) return body;
  if (!isObject(body.config) || !Array.isArray(body.config.rate_limits)) return body;
  const rate_limits = body.config.rate_limits.map((limit) => {
    if (!isObject(limit)) return limit;
    const texts = COUNTS.filter((count) => limit[count] !== undefined).map((count) => [
      count,
      String(limit[count]),
    ]);
    return { ...limit, ...Object.fromEntries(texts) };
  });
  return { ...body, config: { ...body.config, rate_limits } };
}
