// The words that every text about a plan has for values and places. Pure.
import { canonicalJson, type Json } from '../model/json';
import type { Origin } from '../model/resource';
import { oneLine } from './sanitise';

export function value(json: Json): string {
  if (json === null) return '(none)';
  return oneLine(typeof json === 'string' && json !== '' ? json : canonicalJson(json));
}

export function placeOf({ file, line, column, layer }: Origin): string {
  return `${oneLine(file)}:${line}:${column}${layer === 'file' ? '' : ` (${oneLine(layer)})`}`;
}
