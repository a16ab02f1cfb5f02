// An endpoint of another engine's file as ours: its blocks unwrapped, its texts translated, empty members dropped. What
// is not taken is said with its path and the reason; never its value. Knows no engine but through what it is handed.
import { emptyObject, isList, isObject, type Json, type JsonObject } from '../model/json';
import type { Path } from '../model/path';
import { type Field, type Fields, isBlock, type Leaf } from './shape';

export interface NotTaken {
  /** The resource in the engine's file: `databricks_model_serving.chat`. */
  readonly address: string;
  /** Inside it; empty for the whole of it. */
  readonly path: string;
  /** Without a full stop. */
  readonly reason: string;
}

/** A variable that a file refers to. */
export interface TakenVariable {
  readonly name: string;
  readonly type?: 'integer' | 'boolean';
  readonly fallback?: boolean | number | string;
}

export interface TakenEndpoint {
  readonly address: string;
  /** What the engine calls it. */
  readonly label: string;
  readonly key: string;
  /** In the authoring form, in the API's field names. */
  readonly entry: JsonObject;
  /** Further resources of the engine that say something of it: its grants. */
  readonly beside: readonly string[];
  /** The only target that names it. */
  readonly onlyIn?: string;
}

export interface TakenTarget {
  readonly name: string;
  readonly entry: JsonObject;
}

export interface Taken {
  readonly endpoints: readonly TakenEndpoint[];
  readonly variables: readonly TakenVariable[];
  readonly targets: readonly TakenTarget[];
  readonly notTaken: readonly NotTaken[];
  /** Of a bundle: its name. */
  readonly project?: string;
}

export interface Texts {
  /** A text as it stands in our files, or why it cannot. `from` is a name for a credential, `${env.NAME}`. */
  ours(value: string, path: Path, leaf: Leaf): { readonly text: string } | { readonly reason: string };
}

/** What is deprecated has no field in our files. */
const OLD: Readonly<Record<string, string>> = {
  rate_limits: 'it is deprecated: ai_gateway.rate_limits takes its place',
  'config.auto_capture_config':
    'it is deprecated: ai_gateway.inference_table_config takes its place, and what is live stays as it is',
};
const NAME = /^[A-Za-z0-9_-]{1,63}$/;

export class Taker {
  readonly notTaken: NotTaken[] = [];

  constructor(
    readonly address: string,
    private readonly texts: Texts,
    /** The values were answered, not written: what is empty or zero says nothing. */
    private readonly answered = false,
  ) {}

  not(path: Path, reason: string): void {
    this.notTaken.push({ address: this.address, path: path.join('.'), reason });
  }

  members(value: JsonObject, fields: Fields, path: Path = []): JsonObject {
    const taken = emptyObject();
    for (const name of Object.keys(value)) {
      const at = [...path, name];
      const inner = value[name] ?? null;
      if (this.#isEmpty(inner)) continue;
      const old = OLD[at.join('.')];
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (old !== undefined) this.not(at, old);
      else if (field === undefined) this.not(at, 'it is no field of a serving endpoint');
      else {
        const said = this.#field(inner, field, at);
        if (said !== undefined) taken[name] = said;
      }
    }
    return taken;
  }

  /** Where values were written, an empty text is one. */
  #isEmpty(value: Json): boolean {
    return isEmpty(value) && (this.answered || !hasText(value));
  }

  #field(value: Json, field: Field, path: Path): Json | undefined {
    if (!isBlock(field)) return this.#leaf(value, field, path);
    const items = isList(value) ? value.filter((each) => each !== null) : [value];
    if (!items.every(isObject)) {
      this.not(path, 'it is an expression, which only its engine can work out');
      return undefined;
    }
    const before = this.notTaken.length;
    const said = (items as JsonObject[]).map((each, index) => {
      const at = field.block === 'one' ? path : [...path, String(index)];
      return this.members(each, field.fields, at);
    });
    if (field.block !== 'one') {
      // A list is the whole list: without one of its items, or with less of it, it would say something else. Of an entity
      // what is not named keeps its live value.
      const isPartial = this.notTaken.length > before && path.at(-1) !== 'served_entities';
      if (isPartial) this.not(path, 'it is left out whole, because a part of it is');
      return isPartial ? undefined : said;
    }
    if (said.length > 1) this.not(path, 'it stands more than once');
    const [only] = said;
    return said.length !== 1 || only === undefined || Object.keys(only).length === 0 ? undefined : only;
  }

  #leaf(value: Json, leaf: Leaf, path: Path): Json | undefined {
    if (isList(value)) {
      const said = value.map((each) => this.#leaf(each, { ...leaf, type: 'string' }, path));
      return said.includes(undefined) ? undefined : (said as Json[]);
    }
    if (isObject(value)) {
      const map = emptyObject();
      for (const key of Object.keys(value)) {
        const said = this.#leaf(value[key] ?? null, { ...leaf, type: 'string' }, [...path, key]);
        if (said !== undefined && said !== null) map[key] = said;
      }
      return Object.keys(map).length === 0 ? undefined : map;
    }
    if (this.answered && value === 0 && leaf.required !== true) return undefined;
    if (typeof value !== 'string') return leaf.type === 'string' && value !== null ? String(value) : value;
    const said = this.texts.ours(value, path, leaf);
    if ('reason' in said) {
      this.not(path, said.reason);
      return undefined;
    }
    if (leaf.type === 'number' && /^-?\d+(\.\d+)?$/.test(said.text)) return Number(said.text);
    if (leaf.type === 'bool' && /^(true|false)$/.test(said.text)) return said.text === 'true';
    return said.text;
  }
}

/** Absent, or nothing in it. `[]` of a list is dropped too: an engine writes it where nothing was said. */
export function isEmpty(value: Json): boolean {
  if (value === null || value === '') return true;
  if (isList(value)) return value.every(isEmpty);
  return isObject(value) && Object.values(value).every(isEmpty);
}

function hasText(value: Json): boolean {
  if (isList(value)) return value.some(hasText);
  return isObject(value) ? Object.values(value).some(hasText) : typeof value === 'string';
}

/** Models of older days are entities by other names. */
export function withEntities(body: JsonObject): JsonObject {
  const config = isList(body.config) ? body.config[0] : body.config;
  if (!isObject(config)) return body;
  const { served_models: models, ...rest } = config;
  if (models === undefined) return body;
  const isSaid = !isEmpty(config.served_entities ?? null);
  if (isSaid || isEmpty(models)) return { ...body, config: rest };
  const entities = (isList(models) ? models : [models]).map((model) =>
    isObject(model)
      ? Object.fromEntries(
          Object.entries(model).map(([name, value]) => [
            name.replace(/^model_(name|version)$/, 'entity_$1'),
            value,
          ]),
        )
      : model,
  );
  return { ...body, config: { ...rest, served_entities: entities } };
}

/** Routes by the one name that we know. */
export function withModernRoutes(entry: JsonObject): JsonObject {
  const config = entry.config;
  const traffic = isObject(config) ? config.traffic_config : undefined;
  if (!isObject(config) || !isObject(traffic) || !isList(traffic.routes)) return entry;
  const routes = traffic.routes.map((route) => {
    if (!isObject(route)) return route;
    const { served_model_name: old, served_entity_name: modern, ...rest } = route;
    const name = modern ?? old;
    return { ...(name === undefined ? {} : { served_entity_name: name }), ...rest };
  });
  return { ...entry, config: { ...config, traffic_config: { ...traffic, routes } } };
}

/** The key of an entry, and what has to be said of its name. */
export function keyAndName(name: Json | undefined, label: string): { key: string; named: JsonObject } {
  if (typeof name === 'string' && NAME.test(name)) return { key: name, named: {} };
  const key = label.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 63);
  return { key, named: typeof name === 'string' ? { name } : {} };
}
