// Which differences are told together, and where a long path breaks. Pure.
import { isItem, type Path, pathText } from '../model/path';
import type { Difference } from '../plan/types';
import { oneLine } from './sanitise';
import { cells } from './width';

/** From so many on they stand as a block. */
export const BLOCK = 3;

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
  const side = (one: Difference) =>
    one.again ? '' : one.live === null ? '+' : one.desired === null ? '-' : '';
  const byHand = (one: Difference) => (isByHand(one) ? one.origin : '');
  const directions = new Set([a.direction, b.direction].filter((one) => one !== 'neutral'));
  return (
    item(a) !== '' &&
    item(a) === item(b) &&
    side(a) !== '' &&
    side(a) === side(b) &&
    byHand(a) === byHand(b) &&
    directions.size < 2
  );
}

/** Somebody changed it in the workspace, whatever the files did meanwhile. */
export function isByHand({ origin }: Difference): boolean {
  return origin === 'drift' || origin === 'both';
}

/** How many segments all of the paths share, short of the last of any. */
export function commonDepth(paths: readonly Path[]): number {
  const [first = []] = paths;
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
