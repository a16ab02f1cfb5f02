// What an object is before and after a change, as effects ask for it: values by path, who answers, and how primary
// traffic is split. Finds its way by the field table alone.
import { assign, valueAt } from '../model/assign';
import type { EffectRule } from '../model/effect-rules';
import type { FieldTable } from '../model/fields';
import { isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS, keyed } from '../model/keys';
import { type Kind, kindOf } from '../model/kinds';
import { isItem, type Path } from '../model/path';
import type { FieldDifference } from './diff';
import type { Share } from './effect-sentences';
import { quoted } from './effect-words';

/** Where calls go: shares of primary traffic, and whether a failed call goes on to the next. */
export interface Routing {
  readonly answers: readonly Share[];
  readonly fallback: boolean;
}

export interface SceneOf {
  readonly kind: string;
  readonly name: string;
  readonly sort: string;
  readonly live: JsonObject;
  readonly declared: JsonObject;
}

/** A rule, and the path (a part of the one asked about) whose row has it. */
export interface Ruled {
  readonly rule: EffectRule;
  readonly at: Path;
}

export type Side = 'live' | 'after';

export class Scene {
  readonly kind: Kind;
  readonly fields: FieldTable;
  readonly after: JsonObject;
  readonly #labels = new Map<string, ReadonlyMap<string, string>>();
  readonly #routings = new Map<Side, Routing | undefined>();

  constructor(
    readonly of: SceneOf,
    differences: readonly FieldDifference[],
  ) {
    this.kind = kindOf(of.kind);
    this.fields = this.kind.fields;
    const wanted = differences.map(({ path, desired }) => ({ path, value: desired }));
    this.after = assign(of.live, wanted, this.fields, of.sort);
  }

  /** The rules along a path, the outermost first. */
  rules(path: Path): Ruled[] {
    return path.flatMap((_, depth) => {
      const at = path.slice(0, depth + 1);
      const rule = this.fields.row(at, this.of.sort)?.effect;
      return rule === undefined ? [] : [{ rule, at }];
    });
  }

  at(side: Side, path: Path): Json | undefined {
    return valueAt(this.#root(side), path, this.fields, this.of.sort);
  }

  /** The value, or what its absence means. */
  meant(side: Side, path: Path): Json {
    const value = this.at(side, path);
    return value ?? this.fields.standard(path, this.of.sort, this.of.name) ?? null;
  }

  items(side: Side, list: Path): ReadonlyMap<string, Json> {
    const codec = this.fields.row(list, this.of.sort)?.keyed;
    return codec === undefined ? new Map() : keyed(KEY_CODECS[codec], this.at(side, list)).items;
  }

  /** Names of the items of a list that is declared whole, in its order; empty where only some are. */
  declaredOrder(list: Path): string[] {
    const codec = this.fields.row(list, this.of.sort)?.keyed;
    const value = valueAt(this.of.declared, list, this.fields, this.of.sort);
    if (codec === undefined || value === undefined) return [];
    const { whole, items } = keyed(KEY_CODECS[codec], value);
    return whole ? [...items.keys()] : [];
  }

  /** What an item of a list is, in words; two that are the same are told apart by their keys. */
  label(list: Path, key: string, side: Side): string {
    return this.#labelsOf(list, side).get(key) ?? quoted(key);
  }

  /** The same without its version; undefined when nothing names it but its key. */
  model(list: Path, key: string, side: Side): string | undefined {
    return this.#named(list, this.items(side, list).get(key));
  }

  /** Undefined for what routes nothing. */
  routing(side: Side): Routing | undefined {
    if (!this.#routings.has(side)) this.#routings.set(side, this.#routing(side));
    return this.#routings.get(side);
  }

  #routing(side: Side): Routing | undefined {
    const traffic = this.#traffic;
    if (traffic === undefined) return undefined;
    const keys = [...this.items(side, traffic.entities).keys()];
    const split = this.#shares(side, traffic.path, keys);
    const answers = keys.map((entity) => ({
      entity,
      label: this.label(traffic.entities, entity, side),
      points: split === undefined ? null : (split.get(entity) ?? 0),
    }));
    return { answers, fallback: this.#fallback(side) };
  }

  /** The model of one that traffic is routed to, without its version. */
  routed(entity: string, side: Side): string {
    return (this.#traffic && this.model(this.#traffic.entities, entity, side)) ?? '';
  }

  /** Where the shares stand, and the list of those that they lead to. */
  get #traffic(): { readonly path: string; readonly entities: Path } | undefined {
    for (const { path, effect } of this.kind.rows)
      if (effect?.family === 'traffic') return { path, entities: effect.entities.split('.') };
    return undefined;
  }

  #fallback(side: Side): boolean {
    const row = this.kind.rows.find(({ effect }) => effect?.family === 'fallback');
    return row !== undefined && this.meant(side, row.path.split('.')) === true;
  }

  /** Undefined when the split is not known; one that answers alone gets everything unasked. */
  #shares(side: Side, pattern: string, entities: readonly string[]): ReadonlyMap<string, number> | undefined {
    const [list = '', member = ''] = pattern.split('[]');
    const routes = [...this.items(side, list.split('.'))].flatMap(([key, value]): [string, number][] => {
      const points = member === '' ? value : isObject(value) ? value[member.slice(1)] : undefined;
      return typeof points === 'number' ? [[key, points]] : [];
    });
    if (routes.length > 0) return new Map(routes);
    const [only] = entities;
    return only !== undefined && entities.length === 1 ? new Map([[only, 100]]) : undefined;
  }

  #rule(list: Path): Extract<EffectRule, { family: 'entity' }> | undefined {
    const rule = this.fields.row([...list, '[]'], this.of.sort)?.effect;
    return rule?.family === 'entity' ? rule : undefined;
  }

  #named(list: Path, item: Json | undefined): string | undefined {
    return this.#rule(list)
      ?.labels.map((template) => filled(template, item))
      .find((text) => text !== undefined);
  }

  #labelsOf(list: Path, side: Side): ReadonlyMap<string, string> {
    const id = `${side} ${list.join('.')}`;
    const known = this.#labels.get(id);
    if (known !== undefined) return known;
    const version = this.#rule(list)?.version ?? '';
    const name = (item: Json) => {
      const text = this.#named(list, item);
      const of = version === '' ? undefined : filled(` version {${version}}`, item);
      return text === undefined ? undefined : `${text}${of ?? ''}`;
    };
    // The same words for two keys, on either side, would hide that traffic moves between them.
    const keysOf = new Map<string, Set<string>>();
    for (const each of ['live', 'after'] as const) {
      for (const [key, item] of this.items(each, list)) {
        const text = name(item);
        if (text !== undefined) keysOf.set(text, (keysOf.get(text) ?? new Set()).add(key));
      }
    }
    const labels = new Map(
      [...this.items(side, list)].map(([key, item]) => {
        const text = name(item) ?? quoted(key);
        return [key, (keysOf.get(text)?.size ?? 0) > 1 ? `${text} (${quoted(key)})` : text];
      }),
    );
    this.#labels.set(id, labels);
    return labels;
  }

  #root(side: Side): JsonObject {
    return side === 'live' ? this.of.live : this.after;
  }
}

/** `{a.b} {c}` over an object; undefined when a hole stays empty. */
export function filled(template: string, value: Json | undefined): string | undefined {
  let whole = template !== '';
  const text = template.replace(/\{([^}]+)\}/g, (_, path: string) => {
    const found = path
      .split('.')
      .reduce<Json | undefined>((node, name) => (isObject(node) ? node[name] : undefined), value);
    if (typeof found === 'string' && found !== '') return quoted(found);
    if (typeof found === 'number') return String(found);
    whole = false;
    return '';
  });
  return whole ? text : undefined;
}

/** The list that an item segment stands in, and its key; of the last item in the path. */
export function itemOf(path: Path): { readonly list: Path; readonly key: string } | undefined {
  const at = path.findLastIndex(isItem);
  return at < 0 ? undefined : { list: path.slice(0, at), key: (path[at] ?? '[]').slice(1, -1) };
}
