// A merged entry → the fields of a desired resource and the place of each. Canonical: keyed lists and sets are sorted
// (but where the order of a list means something), shorthands expanded; absent, null and value stay three things. Expects what the schema accepts, survives the rest.
import { emptyObject, isList, isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS, type KeyCodec } from '../model/keys';
import { item, type Path, pathText } from '../model/path';
import type { Origin } from '../model/resource';
import type { KeyedValue, LayerValue, MapValue } from './layers';
import { locate, type Node } from './node';

/** `unordered` says of which lists order and repetition mean nothing, by path text. */
export function normalise(
  members: ReadonlyMap<string, LayerValue>,
  unordered: ReadonlySet<string>,
): { readonly fields: JsonObject; readonly origins: Record<string, Origin> } {
  const normaliser = new Normaliser(unordered);
  const fields = emptyObject();
  for (const [name, value] of members) fields[name] = normaliser.value(value, [name]);
  return { fields, origins: normaliser.origins };
}

class Normaliser {
  readonly origins: Record<string, Origin> = Object.create(null);

  constructor(private readonly unordered: ReadonlySet<string>) {}

  value(value: LayerValue, path: Path): Json {
    if (value.kind === 'map') return this.#map(value, path);
    if (value.kind === 'keyed') return this.#keyed(value, path);
    this.#mark(value, path);
    return isList(value.value) && this.unordered.has(pathText(path)) ? asSet(value.value) : value.value;
  }

  #map(map: MapValue, path: Path): JsonObject {
    const object = emptyObject();
    if (map.members.size === 0) this.#mark(map, path);
    for (const [name, value] of map.members) object[name] = this.value(value, [...path, name]);
    return object;
  }

  /** A whole list has no use for an item that is null: it is not wanted because it is not there. */
  #keyed(keyed: KeyedValue, path: Path): Json {
    this.#mark(keyed, path);
    const codec: KeyCodec = KEY_CODECS[keyed.codec];
    const sorted = [...keyed.items.keys()].sort();
    const keys = codec.ordered && keyed.whole ? [...new Set([...keyed.order, ...sorted])] : sorted;
    if (!keyed.whole) {
      const object = emptyObject();
      for (const key of keys) object[key] = this.value(keyed.items.get(key)!, [...path, item(key)]);
      return object;
    }
    return keys.flatMap((key) => {
      const value = this.value(keyed.items.get(key)!, [...path, item(key)]);
      return value === null ? [] : codec.entries(key, value);
    });
  }

  #mark(value: LayerValue, path: Path): void {
    this.origins[pathText(path)] = {
      ...locate(value.node),
      layer: value.layer,
      ...(isFilledIn(value.node) ? { variables: true } : {}),
    };
  }
}

function isFilledIn(node: Node): boolean {
  if (node.kind === 'list') return node.items.some(isFilledIn);
  return node.kind === 'scalar' && node.filledIn === true;
}

/** Sorted, each once. Items are scalars wherever a set is declared; others keep their order. */
function asSet(list: readonly Json[]): Json {
  if (list.some((each) => isList(each) || isObject(each))) return list;
  return [...new Set(list)].sort((a, b) => (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0));
}
