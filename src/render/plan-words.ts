// The words that every text about a plan has for values and places. Pure.
import { canonicalJson, type Json } from '../model/json';
import type { Origin } from '../model/resource';
import { oneLine } from './sanitise';

export function value(json: Json): string {
  if (json === null) return '(none)';
  return oneLine(typeof json === 'string' && json !== '' ? json : canonicalJson(json));
}

/** `gatewright.yaml:7-15`, by file and layer. */
export function placesOf(origins: readonly Origin[]): string[] {
  const lines = new Map<string, { readonly origin: Origin; first: number; last: number }>();
  for (const origin of origins) {
    const key = `${origin.file} ${origin.layer}`;
    const found = lines.get(key);
    if (found === undefined) lines.set(key, { origin, first: origin.line, last: origin.line });
    else {
      found.first = Math.min(found.first, origin.line);
      found.last = Math.max(found.last, origin.line);
    }
  }
  return [...lines.values()].map(({ origin: { file, layer }, first, last }) => {
    const range = first === last ? `${first}` : `${first}-${last}`;
    return `${oneLine(file)}:${range}${layer === 'file' ? '' : ` (${oneLine(layer)})`}`;
  });
}

export function placeOf({ file, line, column, layer }: Origin): string {
  return `${oneLine(file)}:${line}:${column}${layer === 'file' ? '' : ` (${oneLine(layer)})`}`;
}
