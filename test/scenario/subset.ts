// Does a state hold what a story says of it? Members that the story leaves out may be anything; null says
// absent; a list of named things is matched by name (`absent: true`: there is none), any other list item by item.
import { equalJson, isList, isObject, type Json } from '../../src/model/json';

function nameOf(value: Json | undefined): string | undefined {
  return isObject(value) && typeof value.name === 'string' ? value.name : undefined;
}

/** What of `whole` answers to the shape of `part`: equal to `part` when it holds. */
export function shapedLike(part: Json, whole: Json | undefined): Json {
  if (whole === undefined) return null;
  if (isObject(part) && isObject(whole))
    return Object.fromEntries(
      Object.keys(part).map((key) => [key, shapedLike(part[key] ?? null, whole[key])]),
    );
  if (!isList(part) || !isList(whole)) return whole;
  if (part.length > 0 && part.every((item) => nameOf(item) !== undefined))
    return part.map((item) => {
      const found = whole.find((other) => nameOf(other) === nameOf(item));
      return found === undefined ? { name: nameOf(item) ?? null, absent: true } : shapedLike(item, found);
    });
  return whole.map((item, index) => (part[index] === undefined ? item : shapedLike(part[index], item)));
}

export function holds(part: Json, whole: Json | undefined): boolean {
  return equalJson(part, shapedLike(part, whole));
}
