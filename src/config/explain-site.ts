// Where a schema error stands: the value, the schemas on the way to it, and how a sentence calls it.
import type { MapNode, Node } from './node';
import type { Schema } from './validators';

/** What a schema error is about: the value, what is said there, and the schemas on the way to it. */
export interface Site {
  readonly path: readonly string[];
  readonly node: Node;
  readonly schema: Schema;
  readonly whole: Schema;
  /** Where the path begins: the whole schema, or the definition that was validated against. */
  readonly top: Schema;
  /** Set where the value is a member of a map. */
  readonly parent?: { readonly node: MapNode; readonly key: string };
}

/** Keys may be of any length. */
const cut = (name: string) => name.slice(0, 80);

/** How a value is called in a sentence: its key, or its number in a list. */
export function nameOf(site: Site): string {
  const last = site.path.at(-1);
  if (last === undefined) return site.top === site.whole ? 'the file' : 'the entry';
  return site.parent === undefined
    ? `item ${Number(last) + 1} of ${cut(site.path.at(-2) ?? 'the list')}`
    : cut(last);
}
