// One endpoint as the workspace holds it, and the three texts it is read as: GET one, an item of the list,
// the state file. Texts are made once after each change, so that ten thousand reads cost no copying.
import { answered, type Grant, levelOf } from './acl';
import { isObject, type Json, type JsonObject, objectsOf, textOf } from './json';
import { kindOf } from './kinds';
import type { Shuffle } from './shuffle';
import type { Bookkeeping, EndpointKind, Me, Settings } from './types';

/** What an item of the list never carries. https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (ServingEndpoint) */
const DETAIL_ONLY = [
  'pending_config',
  'email_notifications',
  'route_optimized',
  'endpoint_url',
  'data_plane_info',
];
const ITEM_ENTITY = ['name', 'entity_name', 'entity_version', 'foundation_model', 'type'];
const ITEM_MODEL = ['name', 'model_name', 'model_version'];
const ITEM_EXTERNAL = ['name', 'provider', 'task'];

export class Endpoint {
  #texts: { detail?: string; item?: string; state?: string } = {};

  constructor(
    /** As GET answers it, but for the caller's permission level. Never changed in place. */
    readonly body: JsonObject,
    readonly grants: readonly Grant[],
    readonly book: Readonly<Bookkeeping>,
  ) {}

  get name(): string {
    return textOf(this.body.name)!;
  }

  get id(): string | undefined {
    return textOf(this.body.id);
  }

  get kind(): EndpointKind {
    return kindOf(this.body);
  }

  get updating(): boolean {
    return isObject(this.body.state) && this.body.state.config_update === 'IN_PROGRESS';
  }

  /** Made by Databricks: without id, hence without access control list. */
  get systemOwned(): boolean {
    return this.id === undefined && this.kind === 'pay_per_token';
  }

  with(change: { body?: JsonObject; grants?: readonly Grant[]; book?: Bookkeeping }): Endpoint {
    return new Endpoint(change.body ?? this.body, change.grants ?? this.grants, change.book ?? this.book);
  }

  level(me: Required<Me>): string | undefined {
    const seeded = textOf(this.body.permission_level);
    if (seeded !== undefined) return seeded;
    return levelOf(me, this.grants) ?? (this.systemOwned ? 'CAN_QUERY' : undefined);
  }

  detail(me: Required<Me>, shuffle?: Shuffle): string {
    if (shuffle !== undefined) return JSON.stringify(shuffle.value(this.#shown(me)));
    this.#texts.detail ??= JSON.stringify(this.#shown(me));
    return this.#texts.detail;
  }

  item(me: Required<Me>, settings: Settings, shuffle?: Shuffle): string {
    if (shuffle !== undefined) return JSON.stringify(shuffle.value(this.#summary(me, settings)));
    this.#texts.item ??= JSON.stringify(this.#summary(me, settings));
    return this.#texts.item;
  }

  /** For the state file; a seed made of it is the same endpoint. */
  get state(): string {
    this.#texts.state ??= JSON.stringify({
      ...this.body,
      permissions: answered(this.grants),
      _simulator: { ...this.book, complete: true },
    });
    return this.#texts.state;
  }

  #shown(me: Required<Me>): JsonObject {
    return { ...this.body, permission_level: this.level(me) };
  }

  #summary(me: Required<Me>, settings: Settings): JsonObject {
    const item = this.#shown(me);
    for (const key of DETAIL_ONLY) delete item[key];
    if (isObject(item.config)) item.config = summaryOf(item.config);
    for (const path of settings.list_omits ?? []) omit(item, path.split('.'));
    return item;
  }
}

function summaryOf(config: JsonObject): JsonObject {
  const out: JsonObject = {};
  if (Array.isArray(config.served_entities)) {
    out.served_entities = objectsOf(config.served_entities).map((entity) => {
      const one = only(entity, ITEM_ENTITY);
      if (isObject(entity.external_model)) one.external_model = only(entity.external_model, ITEM_EXTERNAL);
      return one;
    });
  }
  if (Array.isArray(config.served_models)) {
    out.served_models = objectsOf(config.served_models).map((model) => only(model, ITEM_MODEL));
  }
  return out;
}

function only(from: JsonObject, keys: readonly string[]): JsonObject {
  const out: JsonObject = {};
  for (const key of keys) if (from[key] !== undefined) out[key] = from[key];
  return out;
}

/** Leaves a member out of a copy; the blocks on the way are copied, not shared. */
function omit(from: JsonObject, path: readonly string[]): void {
  const [head, ...rest] = path;
  if (head === undefined || from[head] === undefined) return;
  if (rest.length === 0) {
    delete from[head];
    return;
  }
  const block: Json | undefined = from[head];
  if (!isObject(block)) return;
  const copy = { ...block };
  omit(copy, rest);
  from[head] = copy;
}
