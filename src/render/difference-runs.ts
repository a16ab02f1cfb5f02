// Which differences are told together, and how a path and the places of many are written. Pure.
import { isObject, type Json } from '../model/json';
import { isItem, type Path, pathText } from '../model/path';
import type { Origin } from '../model/resource';
import type { Difference } from '../plan/types';
import { oneLine } from './sanitise';
import { cells } from './width';

/** From so many values on they stand as a block. */
const BLOCK = 3;

/** What would be a wall of text on one line. */
export function isBlock(run: readonly Difference[]): boolean {
  const [first] = run;
  if (first === undefined || (first.live !== null && first.desired !== null)) return false;
  return run.flatMap(({ live, desired }) => leavesOf([], live ?? desired)).length >= BLOCK;
}

/** The values in a value, with their paths; a list and an empty object are one. */
export function leavesOf(path: Path, value: Json): { readonly path: Path; readonly value: Json }[] {
  if (!isObject(value) || Object.keys(value).length === 0) return [{ path, value }];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf([...path, name], inner));
}

/** Neighbours that come together, or go together, with one item; all others stand alone. */
export function runsOf(differences: readonly Difference[]): Difference[][] {
  const runs: Difference[][] = [];
  for (const difference of differences) {
    const last = runs.at(-1);
    if (last?.every((one) => goTogether(one, difference))) last.push(difference);
    else runs.push([difference]);
  }
  return runs;
}

function goTogether(a: Difference, b: Difference): boolean {
  const item = (one: Difference) => pathText(one.segments.slice(0, one.segments.findIndex(isItem) + 1));
  const side = (one: Difference) => (one.live === null ? '+' : one.desired === null ? '-' : '');
  const directions = new Set([a.direction, b.direction].filter((one) => one !== 'neutral'));
  return (
    item(a) !== '' && item(a) === item(b) && side(a) !== '' && side(a) === side(b) && directions.size < 2
  );
}

/** How many segments all of the paths share: of several, short of the last of any. */
export function commonDepth(paths: readonly Path[]): number {
  const [first = []] = paths;
  if (paths.length === 1) return first.length;
  const most = Math.min(...paths.map((path) => path.length - 1));
  const differing = first.findIndex((segment, index) => paths.some((path) => path[index] !== segment));
  return Math.min(differing < 0 ? most : differing, most);
}

/** A long path in parts of at most `room` cells where its segments allow it. */
export function brokenPath(segments: Path, room: number): string[] {
  const parts: string[] = [];
  let part = '';
  for (const [index, segment] of segments.entries()) {
    const text = oneLine(index === 0 || isItem(segment) ? segment : `.${segment}`);
    if (part !== '' && cells(part) + cells(text) > room) {
      parts.push(part);
      part = text;
    } else part += text;
  }
  return [...parts, part];
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
