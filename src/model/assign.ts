// Assignments: single values set or removed at a path, and their effect on an object as the wire has it.
// What no assignment names stays the very same value, so that an unmanaged block goes back as it came.
import type { FieldTable } from './fields';
import { isList, isObject, type Json, type JsonObject } from './json';
import { KEY_CODECS, type KeyCodec, keyed } from './keys';
import { isItem, item, itemKey, ORDER, type Path } from './path';

export interface Assignment {
  readonly path: Path;
  /** `null` removes. */
  readonly value: Json;
}

/** The value at a path of wire-shaped or normalised data; either form of a keyed list is understood. */
export function valueAt(
  root: Json | undefined,
  path: Path,
  fields: FieldTable,
  sort: string,
): Json | undefined {
  let value: Json | undefined = root;
  for (const [depth, segment] of path.entries()) {
    if (isItem(segment)) {
      const codec = codecAt(path.slice(0, depth), fields, sort);
      const items = codec === undefined ? undefined : keyed(codec, value).items;
      value = segment === ORDER && items !== undefined ? [...items.keys()] : items?.get(itemKey(segment));
    } else {
      value = isObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
    }
    if (value === undefined || value === null) return undefined;
  }
  return value;
}

/** `root` with the assignments made. Objects and lists that a removal leaves empty go with it. */
export function assign(
  root: JsonObject,
  assignments: readonly Assignment[],
  fields: FieldTable,
  sort: string,
): JsonObject {
  let result: Json | undefined = root;
  for (const { path, value } of assignments) result = put(result, [], path, value, fields, sort);
  return isObject(result) ? result : {};
}

/** Every value of normalised data at its path; either form of a keyed list is understood. `null` is a value here. */
export function leavesOf(root: JsonObject, fields: FieldTable, sort: string): Assignment[] {
  const walk = (path: Path, value: Json): Assignment[] => {
    const codec = codecAt(path, fields, sort);
    if (codec !== undefined && value !== null) {
      return [...keyed(codec, value).items].flatMap(([key, inner]) => walk([...path, item(key)], inner));
    }
    if (!isObject(value) || Object.keys(value).length === 0) return [{ path, value }];
    return Object.keys(value).flatMap((member) => walk([...path, member], value[member] ?? null));
  };
  return Object.keys(root).flatMap((member) => walk([member], root[member] ?? null));
}

function codecAt(path: Path, fields: FieldTable, sort: string): KeyCodec | undefined {
  const name = fields.row(path, sort)?.keyed;
  return name === undefined ? undefined : KEY_CODECS[name];
}

function put(
  node: Json | undefined,
  done: Path,
  rest: Path,
  value: Json,
  fields: FieldTable,
  sort: string,
): Json | undefined {
  const [segment, ...further] = rest;
  if (segment === undefined) return value === null ? undefined : value;
  if (isItem(segment)) {
    const codec = codecAt(done, fields, sort);
    if (codec === undefined) throw new Error(`not a keyed list: ${done.join('.')}`);
    if (segment === ORDER) return inOrder(isList(node) ? node : [], codec, isList(value) ? value : []);
    return putItem(isList(node) ? node : [], codec, itemKey(segment), done, further, value, fields, sort);
  }
  const members: { [key: string]: Json } = isObject(node) ? { ...node } : {};
  const inner = put(members[segment], [...done, segment], further, value, fields, sort);
  if (inner === undefined) delete members[segment];
  else members[segment] = inner;
  return Object.keys(members).length === 0 && value === null ? undefined : members;
}

/** Replaces an item where it stands; what else shares the list keeps its place and its bytes. */
function putItem(
  list: readonly Json[],
  codec: KeyCodec,
  key: string,
  done: Path,
  further: Path,
  value: Json,
  fields: FieldTable,
  sort: string,
): Json | undefined {
  const same = (entry: Json) => isObject(entry) && codec.keyOf(entry) === key;
  const before = keyed(codec, list.filter(same)).items.get(key);
  const after = put(before, [...done, `[${key}]`], further, value, fields, sort);
  const entries = after === undefined ? [] : codec.entries(key, after);
  const at = list.findIndex(same);
  const others = list.filter((entry) => !same(entry));
  const index = at < 0 ? others.length : list.slice(0, at).filter((entry) => !same(entry)).length;
  const merged = [...others.slice(0, index), ...entries, ...others.slice(index)];
  return merged.length === 0 ? undefined : merged;
}

/** The list with its entries in the order of `keys`; entries of other keys keep theirs, behind. */
function inOrder(list: readonly Json[], codec: KeyCodec, keys: readonly Json[]): Json | undefined {
  const rank = (entry: Json) => {
    const index = keys.indexOf(isObject(entry) ? (codec.keyOf(entry) ?? null) : null);
    return index < 0 ? keys.length : index;
  };
  return list.length === 0 ? undefined : [...list].sort((a, b) => rank(a) - rank(b));
}
