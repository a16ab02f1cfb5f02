// Props → the API's own spelling: camelCase names become those of the REST API, keys that are data stay. What is which
// follows from the schema.
import type { Json, JsonObject } from '../src/model/json';
import { SHAPES } from './generated/spelling';

interface Shape {
  readonly fields?: Readonly<Record<string, string>>;
  readonly values?: string;
  readonly items?: string;
  readonly verbatim?: true;
}

/** `type` is the name of a props interface. Members that are undefined are left out. */
export function apiSpelling(props: object, type: string): JsonObject {
  return spelt(props, type) as JsonObject;
}

export function fieldName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function spelt(value: unknown, type: string): Json {
  if (typeof value !== 'object' || value === null) return value as Json;
  const known = value as { readonly toJSON?: () => unknown; readonly asymmetricMatch?: unknown };
  if (typeof known.toJSON === 'function') return known.toJSON() as Json;
  // What a test expects may be "any text": that is no value of ours.
  if (typeof known.asymmetricMatch === 'function') return value as Json;
  const shape = (SHAPES as Readonly<Record<string, Shape>>)[type] ?? {};
  if (shape.verbatim) return value as Json;
  if (Array.isArray(value)) return value.map((item) => spelt(item, shape.items ?? ''));
  const object: Record<string, Json> = Object.create(null);
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const key = shape.values === undefined ? fieldName(name) : name;
    object[key] = spelt(member, shape.values ?? shape.fields?.[name] ?? '');
  }
  return object;
}
