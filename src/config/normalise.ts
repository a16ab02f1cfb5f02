// A merged entry → the fields of a desired resource and the place of each. Canonical: keyed lists and sets are sorted
// (but where the order of a list means something), shorthands expanded; absent, null and value stay three things, and a
// null goes where what excludes it is said. Expects what the schema accepts, survives the rest.
import type { Choice } from '../model/fields';
import { emptyObject, isList, isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS, type KeyCodec } from '../model/keys';
import { item, type Path, pathPattern, pathText } from '../model/path';
import type { Origin } from '../model/resource';
import { isSaid, type KeyedValue, type LayerValue, leafOf, type MapValue } from './layers';
import { locate, type Node } from './node';

/** What the field table says of the shape of values, by path pattern. */
export interface Shapes {
  /** Lists of which order and repetition mean nothing. */
  readonly unordered: ReadonlySet<string>;
  /** Of blocks: members that exclude each other. */
  readonly choices: ReadonlyMap<string, readonly Choice[]>;
}

export const NO_SHAPES: Shapes = { unordered: new Set(), choices: new Map() };

export function normalise(
  members: ReadonlyMap<string, LayerValue>,
  shapes: Shapes,
): { readonly fields: JsonObject; readonly origins: Record<string, Origin> } {
  const normaliser = new Normaliser(shapes);
  const fields = emptyObject();
  for (const [name, value] of members) fields[name] = normaliser.value(value, [name]);
  return { fields, origins: normaliser.origins };
}

class Normaliser {
  readonly origins: Record<string, Origin> = Object.create(null);

  constructor(private readonly shapes: Shapes) {}

  value(value: LayerValue, path: Path): Json {
    if (value.kind === 'map') return this.#map(value, path);
    if (value.kind === 'keyed') return this.#keyed(value, path);
    this.#mark(value, path);
    return isList(value.value) && this.shapes.unordered.has(pathPattern(path))
      ? asSet(value.value)
      : value.value;
  }

  #map(map: MapValue, path: Path): JsonObject {
    const object = emptyObject();
    if (map.members.size === 0) this.#mark(map, path);
    const excluded = this.#excluded(map, path);
    for (const [name, value] of map.members)
      if (!excluded.has(name)) object[name] = this.value(value, [...path, name]);
    return object;
  }

  /** Saying one alternative removes the others by itself. */
  #excluded(map: MapValue, path: Path): ReadonlySet<string> {
    const nulls = new Set<string>();
    for (const choice of this.shapes.choices.get(pathPattern(path)) ?? []) {
      const said = choice.find((members) => members.some((name) => isSaid(map.members.get(name))));
      if (said === undefined) continue;
      for (const name of choice.filter((members) => members !== said).flat())
        if (leafOf(map.members.get(name)) === null) nulls.add(name);
    }
    return nulls;
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
