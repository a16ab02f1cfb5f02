// How sentences spell names, counts and values that came from files and workspaces. A name that could be taken for
// words of the sentence stands in quotes; what is long is cut, since a sentence is no place for it.
import { canonicalJson, isList, type Json } from '../model/json';

const LONGEST = 80;
const PLAIN = /^[\p{L}\p{N}$][\p{L}\p{N}\p{M}._@:/+$-]*$/u;

/** A name as it is where nobody can misread it, else as a JSON string. */
export function quoted(name: string): string {
  const short = cut(name);
  return PLAIN.test(short) ? short : JSON.stringify(short);
}

/** A value for people. */
export function said(value: Json): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return String(value);
  const words = isList(value) && value.every((one) => typeof one === 'string') ? value : [];
  return words.length > 0 && words.length <= 3 ? list(words.map(quoted)) : cut(canonicalJson(value));
}

/** `6000`, `20,000`: grouped once digits are hard to count. */
export function count(value: number): string {
  const text = String(value);
  return /^\d{5,}$/.test(text) ? text.replace(/\B(?=(\d{3})+$)/g, ',') : text;
}

/** `a, b and c`. */
export function list(parts: readonly string[], last: 'and' | 'or' = 'and'): string {
  if (parts.length < 2) return parts[0] ?? '';
  return `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1)}`;
}

/** `group:support-app`, `user_group:support-app` → `group support-app`. */
export function principalWords(key: string): string {
  const colon = key.indexOf(':');
  if (colon < 0) return quoted(key);
  const head = key.slice(0, colon).replace(/^user_group$/, 'group');
  return `${head.replace(/_/g, ' ')} ${quoted(key.slice(colon + 1))}`;
}

/** `openai_api_base` → `the openai api base`. */
export function fieldWords(name: string): string {
  return `the ${name.replace(/_/g, ' ').trim()}`;
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST - 1).join('')}…`;
}
