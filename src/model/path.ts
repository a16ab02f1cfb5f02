// Field paths: where a value stands inside a resource. Item segments of keyed lists stand in brackets,
// `ai_gateway.rate_limits[user].calls`; a field name never begins with one.

export type Path = readonly string[];

export function item(key: string): string {
  return `[${key}]`;
}

export function isItem(segment: string): boolean {
  return segment.startsWith('[');
}

/** Where the order of a keyed list stands, as the list of its keys. No item has an empty key. */
export const ORDER = item('');

/** The key inside an item segment. */
export function itemKey(segment: string): string {
  return segment.slice(1, -1);
}

export function pathText(path: Path): string {
  return path.map((segment, index) => (index === 0 || isItem(segment) ? segment : `.${segment}`)).join('');
}

/** The pattern under which the field table lists a path: every item is `[]`. */
export function pathPattern(path: Path): string {
  return pathText(path.map((segment) => (isItem(segment) ? '[]' : segment)));
}
