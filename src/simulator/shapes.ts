// Reads a request body by its documented shape: wrong types and unknown enum values are 400, `null` is
// absent (proto JSON), unknown members are dropped, or kept where the workspace is told to. Knobs and faults are
// read the same way, but refuse what they do not know. Knows no rule
// that spans two fields.
import { invalid } from './errors';
import { isObject, type Json, type JsonObject } from './json';

export type Shape =
  | 'string'
  | 'boolean'
  | 'integer'
  | 'int64'
  | 'number'
  | 'any'
  | { readonly oneOf: readonly string[] }
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly fields: Readonly<Record<string, Shape>>; readonly required?: readonly string[] };

export interface Reading {
  /** What becomes of members that the shape does not name. */
  readonly unknown: 'drop' | 'keep' | 'refuse';
}

/** https://protobuf.dev/programming-guides/json/ takes 64-bit integers as numbers and as their digits. */
const DIGITS = /^-?\d{1,16}$/;

/** The body as an object of the shape. @throws ApiError 400 naming the offending path. */
export function readBody(shape: Shape, body: Json | undefined, reading: Reading): JsonObject {
  return read(shape, body, '', reading) as JsonObject;
}

function read(shape: Shape, value: Json | undefined, path: string, reading: Reading): Json {
  if (typeof shape === 'string') return scalar(shape, value, path);
  if ('oneOf' in shape) {
    if (typeof value === 'string' && shape.oneOf.includes(value)) return value;
    if (typeof value !== 'string') throw wrongType('a string', value, path);
    throw invalid(`${path}: ${JSON.stringify(value)} is not one of ${shape.oneOf.join(', ')}.`);
  }
  if ('list' in shape) {
    if (!Array.isArray(value)) throw wrongType('a list', value, path);
    return value.map((item, index) => read(shape.list, item, `${path}[${index}]`, reading));
  }
  if (!isObject(value)) throw wrongType('an object', value, path);
  if ('map' in shape) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, read(shape.map, item, under(path, key), reading)]),
    );
  }
  const out: JsonObject = {};
  for (const [key, member] of Object.entries(shape.fields)) {
    const given = Object.hasOwn(value, key) ? value[key] : undefined;
    if (given !== undefined && given !== null) out[key] = read(member, given, under(path, key), reading);
    else if (shape.required?.includes(key)) throw invalid(`${under(path, key)} is required.`);
  }
  if (reading.unknown === 'drop') return out;
  const unknown = Object.entries(value).filter(([key]) => !Object.hasOwn(shape.fields, key));
  if (reading.unknown === 'keep') return { ...out, ...Object.fromEntries(unknown) };
  if (unknown.length === 0) return out;
  const known = Object.keys(shape.fields).join(', ');
  throw invalid(`${under(path, unknown[0]![0])} is not known here; known are ${known}.`);
}

function scalar(type: string, value: Json | undefined, path: string): Json {
  if (type === 'any' && value !== undefined) return value;
  if (type === 'int64') {
    const number = typeof value === 'string' && DIGITS.test(value) ? Number(value) : value;
    if (Number.isSafeInteger(number)) return number as number;
    throw wrongType('a whole number', value, path);
  }
  if (type === 'integer' ? Number.isSafeInteger(value) : typeof value === type) return value as Json;
  throw wrongType(type === 'integer' ? 'a whole number' : `a ${type}`, value, path);
}

function under(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function wrongType(wanted: string, value: Json | undefined, path: string) {
  const found = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  return invalid(`${path === '' ? 'The request body' : path} must be ${wanted}, not ${found}.`);
}
