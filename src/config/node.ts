// What a file says, value by value, each with the place where it stands. Plain data that survives variables and
// layers, so that a problem found late is still reported at its line. Knows nothing of YAML or of any kind.
import type { Location } from '../model/diagnostic';
import { emptyObject, type Json } from '../model/json';
import type { SourceText, Span } from './source-text';

export type Scalar = null | boolean | number | string;

interface Written extends Span {
  readonly source: SourceText;
  /** Whether `${` stands somewhere in it, keys included. */
  readonly refers: boolean;
  /** How many values it is made of, with aliases counted as often as they are used. */
  readonly size: number;
}

export interface ScalarNode extends Written {
  readonly kind: 'scalar';
  readonly value: Scalar;
  /** The value came out of variables: the file says something else here. */
  readonly filledIn?: true;
}

export interface ListNode extends Written {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export interface Entry {
  readonly key: Span;
  readonly value: Node;
}

export interface MapNode extends Written {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
}

export type Node = ScalarNode | ListNode | MapNode;

export function locate(node: Node): Location {
  return node.source.location(node);
}

/** The place of a key; of the map itself when it has no such key. */
export function locateKey(map: MapNode, key: string): Location {
  return map.source.location(map.entries.get(key)?.key ?? map);
}

export function member(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'map' ? node.entries.get(key)?.value : undefined;
}

/** The map with a member replaced or added; the key of an added one stands where its value stands. */
export function withMember(map: MapNode, key: string, value: Node): MapNode {
  const at = map.entries.get(key)?.key ?? { start: value.start, end: value.end };
  return { ...map, entries: new Map(map.entries).set(key, { key: at, value }) };
}

export function withoutMember(map: MapNode, key: string): MapNode {
  const entries = new Map(map.entries);
  entries.delete(key);
  return { ...map, entries };
}

/** A value that the file does not say itself, where what it follows from stands. */
export function scalarAt(value: Scalar, { source, start, end }: Node): ScalarNode {
  return { kind: 'scalar', value, refers: false, size: 1, source, start, end };
}

/** Every map in a list, or that is a member of a map, changed; anything else stays. */
export function eachMap(node: Node, change: (map: MapNode) => MapNode): Node {
  const changed = (each: Node) => (each.kind === 'map' ? change(each) : each);
  if (node.kind === 'list') return { ...node, items: node.items.map(changed) };
  if (node.kind !== 'map') return node;
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) entries.set(key, { ...entry, value: changed(entry.value) });
  return { ...node, entries };
}

/** The members of a map, or nothing when it is none: what is wrong with it has been said elsewhere. */
export function entriesOf(node: Node | undefined): Iterable<[string, Entry]> {
  return node?.kind === 'map' ? node.entries : [];
}

export function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** Texts of a scalar or a list of scalars, each with its node. */
export function textsOf(node: Node | undefined): { readonly text: string; readonly node: Node }[] {
  const nodes = node?.kind === 'list' ? node.items : node === undefined ? [] : [node];
  return nodes.flatMap((each) => {
    const text = textOf(each);
    return text === undefined ? [] : [{ text, node: each }];
  });
}

/** Without the places. Maps have no prototype. */
export function plain(node: Node): Json {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  const object = emptyObject();
  for (const [key, entry] of node.entries) object[key] = plain(entry.value);
  return object;
}
