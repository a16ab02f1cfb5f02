// Layers: preset under file under overlay. A layer is a tree in which keyed lists stand by key, whichever form they
// were written in; merging two layers is associative, so that it does not matter which are merged first.
import { equalJson, isObject, type Json } from '../model/json';
import { KEY_CODECS, type KeyCodec, type KeyCodecName } from '../model/keys';
import { type MapNode, type Node, plain } from './node';

interface FromLayer {
  readonly node: Node;
  /** `file`, `preset standard`, `target prod`. */
  readonly layer: string;
  /** Something that cannot be merged stood underneath, a null say: nothing below shines through. */
  readonly cut: boolean;
}

/** A scalar, or a list that is replaced as a whole. */
export interface LeafValue extends FromLayer {
  readonly kind: 'leaf';
  readonly value: Json;
}

export interface MapValue extends FromLayer {
  readonly kind: 'map';
  readonly members: ReadonlyMap<string, LayerValue>;
}

export interface KeyedValue extends FromLayer {
  readonly kind: 'keyed';
  readonly codec: KeyCodecName;
  /** Some layer wrote the list form: what no layer names is not wanted. */
  readonly whole: boolean;
  readonly items: ReadonlyMap<string, LayerValue>;
  /** Keys in the order in which the topmost list names them, then the next. Empty where only maps were written. */
  readonly order: readonly string[];
}

export type LayerValue = LeafValue | MapValue | KeyedValue;

/** Which lists are keyed, by path text without items: `ai_gateway.rate_limits`. */
export type KeyedPaths = ReadonlyMap<string, KeyCodecName>;

/** Told about the items of keyed lists as they are read. */
export interface ListReader {
  listed(codec: KeyCodecName, key: string, item: Node): void;
  /** An item says what another item of the same list has said; `what` is the member, where the item has several. */
  repeated(key: string, what: string | undefined, item: Node, first: Node, list: Node): void;
}

export function readLayer(node: Node, layer: string, keyedPaths: KeyedPaths, lists: ListReader): LayerValue {
  return new LayerReader(layer, keyedPaths, lists).value(node, '');
}

class LayerReader {
  constructor(
    private readonly layer: string,
    private readonly keyedPaths: KeyedPaths,
    private readonly lists: ListReader,
  ) {}

  value(node: Node, path: string): LayerValue {
    const codec = this.keyedPaths.get(path);
    if (codec !== undefined && node.kind !== 'scalar') return this.#keyed(node, codec);
    if (node.kind === 'map') return this.#map(node, path);
    return this.#leaf(node, plain(node));
  }

  #leaf(node: Node, value: Json): LeafValue {
    return { kind: 'leaf', value, node, layer: this.layer, cut: false };
  }

  #map(node: MapNode, path: string): MapValue {
    const members = new Map<string, LayerValue>();
    for (const [key, { value }] of node.entries)
      members.set(key, this.value(value, path === '' ? key : `${path}.${key}`));
    return { kind: 'map', members, node, layer: this.layer, cut: false };
  }

  #keyed(node: Node, codecName: KeyCodecName): KeyedValue {
    const items = new Map<string, LayerValue>();
    const base = { kind: 'keyed', codec: codecName, node, layer: this.layer, cut: false } as const;
    if (node.kind === 'map') {
      for (const [key, { value }] of node.entries) items.set(key, this.value(value, '[]'));
      return { ...base, whole: false, items, order: [] };
    }
    const codec: KeyCodec = KEY_CODECS[codecName];
    for (const item of node.kind === 'list' ? node.items : []) {
      const entry = plain(item);
      const key = isObject(entry) ? codec.keyOf(entry) : undefined;
      if (key === undefined || !isObject(entry)) continue;
      this.lists.listed(codecName, key, item);
      const value = this.#item(item, codec.valueOf(entry));
      items.set(key, this.#join(node, key, items.get(key), value, codec.joined === true));
    }
    return { ...base, whole: true, items, order: [...items.keys()] };
  }

  /** What an item says besides its key, each value at its own place. */
  #item(item: Node, value: Json): LayerValue {
    const entries = item.kind === 'map' ? item.entries : undefined;
    if (isObject(value)) {
      const members = new Map<string, LayerValue>();
      for (const name of Object.keys(value)) {
        const at = entries?.get(name)?.value;
        members.set(name, at === undefined ? this.#leaf(item, value[name] ?? null) : this.value(at, '[]'));
      }
      return { kind: 'map', members, node: item, layer: this.layer, cut: false };
    }
    const at = [...(entries?.values() ?? [])]
      .reverse()
      .find((entry) => equalJson(plain(entry.value), value))?.value;
    return this.#leaf(at ?? item, value);
  }

  /** Two list items may share a key when they say different things about it: a limit in calls and one in tokens. */
  #join(
    list: Node,
    key: string,
    first: LayerValue | undefined,
    next: LayerValue,
    mayJoin: boolean,
  ): LayerValue {
    if (first === undefined) return next;
    if (!mayJoin || first.kind !== 'map' || next.kind !== 'map') {
      this.lists.repeated(key, undefined, next.node, first.node, list);
      return first;
    }
    const members = new Map(first.members);
    for (const [name, value] of next.members) {
      const before = members.get(name);
      if (before === undefined) members.set(name, value);
      else this.lists.repeated(key, name, value.node, before.node, list);
    }
    return { ...first, members };
  }
}

/** `upper` over `lower`: maps and keyed lists by key, anything else is replaced. */
export function mergeLayers(lower: LayerValue, upper: LayerValue): LayerValue {
  if (upper.cut) return upper;
  if (upper.kind === 'map' && lower.kind === 'map') {
    return { ...upper, cut: lower.cut, members: mergeMembers(lower.members, upper.members) };
  }
  if (upper.kind === 'keyed' && lower.kind === 'keyed') {
    const whole = lower.whole || upper.whole;
    const order = [...new Set([...upper.order, ...lower.order])];
    return { ...upper, cut: lower.cut, whole, order, items: mergeMembers(lower.items, upper.items) };
  }
  return { ...upper, cut: true };
}

function mergeMembers(
  lower: ReadonlyMap<string, LayerValue>,
  upper: ReadonlyMap<string, LayerValue>,
): ReadonlyMap<string, LayerValue> {
  const merged = new Map(lower);
  for (const [key, value] of upper) {
    const below = merged.get(key);
    merged.set(key, below === undefined ? value : mergeLayers(below, value));
  }
  return merged;
}

export function memberOf(value: LayerValue | undefined, ...path: readonly string[]): LayerValue | undefined {
  let at = value;
  for (const name of path)
    at = at?.kind === 'map' ? at.members.get(name) : at?.kind === 'keyed' ? at.items.get(name) : undefined;
  return at;
}

/** The value of a leaf; undefined for anything else. */
export function leafOf(value: LayerValue | undefined): Json | undefined {
  return value?.kind === 'leaf' ? value.value : undefined;
}

/** Written, and not to remove what is there. */
export function isSaid(value: LayerValue | undefined): value is LayerValue {
  return value !== undefined && leafOf(value) !== null;
}

export function numberLeaf(value: LayerValue | undefined): number | undefined {
  const leaf = leafOf(value);
  return typeof leaf === 'number' ? leaf : undefined;
}

export function textLeaf(value: LayerValue | undefined): string | undefined {
  const leaf = leafOf(value);
  return typeof leaf === 'string' ? leaf : undefined;
}

export function withItem(map: MapValue, name: string, value: LayerValue): MapValue {
  return { ...map, members: new Map(map.members).set(name, value) };
}
