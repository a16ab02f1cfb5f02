// Differences as text: one line each where it fits, a block for much that comes or goes together, a tree for what is
// made. Which line of which file says so stands below. Pure; knows no terminal.
import { canonicalJson, type Json } from '../model/json';
import { isItem, type Path, pathText } from '../model/path';
import type { Direction, Origin } from '../model/resource';
import type { Difference } from '../plan/types';
import type { Paint } from './paint';
import { oneLine } from './sanitise';
import { treeLines } from './tree';
import { cells, wrap } from './width';

export class DifferencesText {
  constructor(
    readonly paint: Paint,
    readonly width: number,
  ) {}

  lines(differences: readonly Difference[]): string[] {
    return runsOf(differences).flatMap((run) =>
      run.length < BLOCK ? run.flatMap((difference) => this.#difference(difference)) : this.#block(run),
    );
  }

  /** Much of one item that comes or goes together: as a tree below what its paths have in common. */
  #block(run: readonly Difference[]): string[] {
    const depth = commonDepth(run.map(({ segments }) => segments));
    const path = run[0]?.segments.slice(0, depth) ?? [];
    const gone = run[0]?.desired === null;
    const direction = run.map((one) => one.direction).find((one) => one !== 'neutral') ?? 'neutral';
    const leaves = run.map(({ segments, live, desired }) => ({
      path: segments.slice(depth),
      value: gone ? live : desired,
    }));
    const places = placesOf(run.flatMap(({ provenance }) => provenance ?? []));
    return [
      this.#labelled(`    ${gone ? '-' : '+'} ${oneLine(pathText(path))}:`, direction),
      ...treeLines(leaves, 8, this.width),
      ...(places.length === 0 ? [] : this.#places(places)),
    ];
  }

  #labelled(line: string, direction: Direction): string {
    if (direction === 'neutral') return line;
    const gap = Math.max(this.width - cells(line) - cells(direction), 2);
    return `${line}${' '.repeat(gap)}${this.#direction(direction)}`;
  }

  #difference({ path, segments, live, desired, direction, provenance }: Difference): string[] {
    const mark = live === null ? '+' : desired === null ? '-' : '~';
    const label = direction === 'neutral' ? '' : direction;
    const arrow =
      live === null
        ? valueText(desired)
        : `${valueText(live)} → ${desired === null ? '(none)' : valueText(desired)}`;
    const place = provenance === undefined ? [] : [this.paint.faint(`      ${placeOf(provenance)}`)];
    const room = this.width - cells(label) - (label === '' ? 0 : 2);
    const whole = `    ${mark} ${oneLine(path)}: ${arrow}`;
    if (cells(whole) <= room) return [this.#labelled(whole, direction), ...place];
    // The path where it fits, the value below it.
    // The path where it fits, the value behind it or below.
    const parts = brokenPath(segments, room - 7);
    const last = parts.length > 1 ? `${parts.at(-1)}: ${arrow}` : '';
    const behind = last !== '' && cells(last) <= this.width - 8;
    const below = behind
      ? [...parts.slice(1, -1), last]
      : [
          ...parts.slice(1).map((part, index) => (index === parts.length - 2 ? `${part}:` : part)),
          ...wrap(arrow, this.width - 8),
        ];
    return [
      this.#labelled(`    ${mark} ${parts[0]}${parts.length === 1 ? ':' : ''}`, direction),
      ...below.map((line) => `        ${oneLine(line)}`),
      ...place,
    ];
  }

  /** All that a new object is made with, and which lines of which files say so. */
  made(differences: readonly Difference[]): string[] {
    const leaves = differences.map(({ segments, desired }) => ({ path: segments, value: desired }));
    const places = placesOf(differences.flatMap(({ provenance }) => provenance ?? []));
    return [...treeLines(leaves, 4, this.width), ...(places.length === 0 ? [] : this.#places(places))];
  }

  #direction(direction: Direction): string {
    const colour = {
      tightens: this.paint.good,
      loosens: this.paint.error,
      moves: this.paint.warning,
      neutral: (t: string) => t,
    };
    return direction === 'neutral' ? '' : colour[direction](direction);
  }

  #places(places: readonly string[]): string[] {
    return wrap(places.join(', '), this.width - 6).map((line) => this.paint.faint(`      ${oneLine(line)}`));
  }
}

export function valueText(json: Json): string {
  if (json === null) return '(none)';
  return oneLine(typeof json === 'string' && json !== '' ? json : canonicalJson(json));
}

/** From so many on they stand as a block. */
const BLOCK = 3;

/** Neighbours that come together, or go together, with one item; all others stand alone. */
function runsOf(differences: readonly Difference[]): Difference[][] {
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

/** How many segments all of the paths share, short of the last of any. */
function commonDepth(paths: readonly Path[]): number {
  const [first = []] = paths;
  const most = Math.min(...paths.map((path) => path.length - 1));
  const differing = first.findIndex((segment, index) => paths.some((path) => path[index] !== segment));
  return Math.min(differing < 0 ? most : differing, most);
}

/** A long path in parts of at most `room` cells where its segments allow it. */
function brokenPath(segments: Path, room: number): string[] {
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
function placesOf(origins: readonly Origin[]): string[] {
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
