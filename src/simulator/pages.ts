// Lists in pages: how many items a caller may have, where the next page begins. A token names the list that it
// belongs to and the last name seen, so that what is created or deleted meanwhile moves no page.
import { invalid } from './errors';
import { byText } from './json';

/** A whole number of the query; undefined when it is not there. @throws ApiError 400 when it is none or negative. */
export function countIn(query: URLSearchParams, key: string): number | undefined {
  const text = query.get(key);
  if (text === null || text === '') return undefined;
  if (!/^\d{1,9}$/.test(text)) throw invalid(`${key} must be a whole number of at least 0.`);
  return Number(text);
}

/** @throws ApiError 400 when the token is none of this list. */
export function tokenIn(query: URLSearchParams, list: string): string | undefined {
  const token = query.get('page_token');
  if (token === null || token === '') return undefined;
  const [belongs, after] = Buffer.from(token, 'base64url').toString('utf8').split('\n');
  if (belongs !== list || after === undefined) throw invalid('page_token is not valid.');
  return after;
}

export function tokenAfter(list: string, name: string): string {
  return Buffer.from(`${list}\n${name}`).toString('base64url');
}

export interface Page {
  readonly names: readonly string[];
  /** Absent on the last page. */
  readonly token?: string;
}

/** `sorted` by code unit; `size` undefined is all of it. */
export function pageOf(
  sorted: readonly string[],
  list: string,
  after: string | undefined,
  size: number | undefined,
): Page {
  const from = after === undefined ? 0 : firstAfter(sorted, after);
  const names = sorted.slice(from, size === undefined ? undefined : from + size);
  if (names.length === 0 || from + names.length >= sorted.length) return { names };
  return { names, token: tokenAfter(list, names.at(-1)!) };
}

function firstAfter(sorted: readonly string[], after: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byText(sorted[middle]!, after) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
