// update_mask: which parts of a service a PATCH replaces. What lies outside of the mask is not even read.
//
// https://docs.databricks.com/api/workspace/aigateway/updatemodelservice: the granular paths of each kind;
// wildcards and the paths in between (`config.routing`) are no paths.
import { invalid } from './errors';
import { isObject, type Json, type JsonObject } from './json';
import type { Kind } from './securable';
import { type Reading, readBody, type Shape } from './shapes';

/** @throws ApiError 400 */
export function maskOf(kind: Kind, text: string | null): readonly string[] {
  if (text === null || text === '') throw invalid('update_mask is required.');
  const paths = [...new Set(text.split(','))];
  for (const path of paths) {
    if (!kind.masks.includes(path))
      throw invalid(
        `update_mask: '${path}' is not a path that can be updated; those are ${kind.masks.join(', ')}.`,
      );
  }
  return paths;
}

/** The comment and config as they would be after the write, not yet checked. @throws ApiError 400 */
export function masked(
  kind: Kind,
  mask: readonly string[],
  body: Json | undefined,
  before: JsonObject,
  reading: Reading,
): JsonObject {
  const config = isObject(before.config) ? before.config : {};
  const paths = mask.map((path) => (kind.placeOf?.(path, config) ?? path).split('.'));
  if (!isObject(body)) throw invalid('The request body must be an object.');
  if (paths.some(([head]) => head === 'config') && !isObject(body.config))
    throw invalid('config is required when update_mask names it or a part of it.');
  const given = withoutEmpty(readBody(narrowed(kind.shape, paths), body, reading));
  let out: JsonObject = { comment: before.comment, config };
  for (const path of paths) out = replaced(out, path, valueAt(given, path));
  return out;
}

/** The shape of what the paths name and nothing else. */
function narrowed(shape: Shape, paths: readonly (readonly string[])[]): Shape {
  if (paths.some((path) => path.length === 0) || typeof shape === 'string' || !('fields' in shape))
    return shape;
  const fields: Record<string, Shape> = {};
  for (const [head] of paths) {
    const below = paths.filter((path) => path[0] === head).map((path) => path.slice(1));
    fields[head!] = narrowed(shape.fields[head!]!, below);
  }
  return { fields };
}

function valueAt(value: JsonObject, path: readonly string[]): Json | undefined {
  let found: Json | undefined = value;
  for (const key of path) found = isObject(found) ? found[key] : undefined;
  return found;
}

function replaced(into: JsonObject, path: readonly string[], value: Json | undefined): JsonObject {
  const [head, ...rest] = path;
  const { [head!]: old, ...others } = into;
  if (rest.length === 0) return value === undefined ? others : { ...others, [head!]: value };
  const inner = replaced(isObject(old) ? old : {}, rest, value);
  return Object.keys(inner).length === 0 && head !== 'config' ? others : { ...others, [head!]: inner };
}

/** An empty list or text is stored as none: that is how a field is cleared. An empty credential is a mistake, and stays. */
export function withoutEmpty(value: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(([key, member]) => key === 'plaintext' || !isEmpty(member));
  return Object.fromEntries(
    kept.map(([key, member]) => [key, isObject(member) ? withoutEmpty(member) : member]),
  );
}

function isEmpty(value: Json | undefined): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}
