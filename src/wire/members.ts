// What an API is known to answer, by name: what of it may be sent back, what is only ever answered, and what
// nobody here knows, whose meaning must not be guessed.
import { isList, isObject, type Json } from '../model/json';

/**
 * Members by name: `true` is a leaf or a list of leaves, `answered` is never sent, a one-element tuple is the shape of
 * each list item.
 */
export interface Members {
  readonly [name: string]: true | 'answered' | Members | readonly [Members];
}

/** Paths of members that `known` does not list, as text: `ai_gateway.rate_limits[].burst`. */
export function unknownMembers(value: Json | undefined, known: Members, at: string): string[] {
  if (!isObject(value)) return [];
  return Object.keys(value).flatMap((name) => {
    const shape = Object.hasOwn(known, name) ? known[name] : undefined;
    const path = `${at}.${name}`;
    if (shape === undefined) return value[name] === null ? [] : [path];
    if (typeof shape !== 'object') return [];
    if (!isListOf(shape)) return unknownMembers(value[name], shape, path);
    const items = value[name];
    const found = isList(items) ? items.flatMap((item) => unknownMembers(item, shape[0], `${path}[]`)) : [];
    return [...new Set(found)];
  });
}

/** The value without what is only answered and without nulls; with `strictly`, without what nobody knows as well. */
export function sendable(value: Json, known: Members, strictly = false): Json {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]): [string, Json][] => {
      const shape = Object.hasOwn(known, name) ? known[name] : undefined;
      if (member === null || shape === 'answered' || (strictly && shape === undefined)) return [];
      if (shape === undefined || shape === true) return [[name, member]];
      if (!isListOf(shape)) return [[name, sendable(member, shape, strictly)]];
      return [[name, isList(member) ? member.map((item) => sendable(item, shape[0], strictly)) : member]];
    }),
  );
}

function isListOf(shape: Members | readonly [Members]): shape is readonly [Members] {
  return Array.isArray(shape);
}
