// What goes out with a call: query, body and headers, and how long the answer may be. Pure.
import type { Json } from '../model/json';
import type { Operation } from '../wire/operation';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Bytes. */
export interface MaxBytes {
  readonly collection?: number;
  readonly detail?: number;
}

const MEGABYTE = 1024 * 1024;

/** What is undefined is left out. */
export function queryOf(query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

function carriesBody({ method }: Operation): boolean {
  return method !== 'GET' && method !== 'DELETE';
}

/** Some writes without content still want a body. https://github.com/databricks/databricks-sdk-py/issues/1481 */
export function bodyOf(operation: Operation, body: Json | undefined): string | undefined {
  return carriesBody(operation) ? JSON.stringify(body ?? {}) : undefined;
}

export function headersOf(
  operation: Operation,
  credential: Readonly<Record<string, string>>,
  userAgent: string,
): Record<string, string> {
  return {
    ...credential,
    accept: 'application/json',
    'user-agent': userAgent,
    ...(carriesBody(operation) ? { 'content-type': 'application/json' } : {}),
  };
}

/** A path without parameters answers a collection, which may be long. */
export function maxBytesOf(operation: Operation, most: MaxBytes = {}): number {
  return operation.path.includes('{') ? (most.detail ?? 2 * MEGABYTE) : (most.collection ?? 32 * MEGABYTE);
}
