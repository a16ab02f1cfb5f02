// Effects as lines for a terminal: a bullet each, the direction in a column of its own at the right edge.
// Pure; knows no terminal.
import type { Direction } from '../model/resource';
import type { ChangeEffect } from '../plan/types';
import type { Paint } from './paint';
import { oneLine } from './sanitise';
import { cells, wrap } from './width';

const BULLET = '•';
/** The longest direction, and a space before it. */
const COLUMN = 9;

export interface EffectLineOptions {
  readonly indent: number;
  readonly width: number;
  readonly paint: Paint;
}

export function effectLines(effects: readonly ChangeEffect[], options: EffectLineOptions): string[] {
  return effects.flatMap((effect) => oneEffect(effect, options));
}

function oneEffect({ text, direction }: ChangeEffect, { indent, width, paint }: EffectLineOptions): string[] {
  const lead = `${' '.repeat(indent)}${BULLET} `;
  const label = direction === 'neutral' ? '' : direction;
  const room = width - lead.length - (label === '' ? 0 : COLUMN);
  const lines = wrap(oneLine(text), room).map(
    (line, index) => `${index === 0 ? lead : ' '.repeat(lead.length)}${oneLine(line)}`,
  );
  if (label === '') return lines;
  const last = lines.at(-1) ?? '';
  const gap = Math.max(width - cells(last) - label.length, 1);
  return [...lines.slice(0, -1), `${last}${' '.repeat(gap)}${directionText(direction, paint)}`];
}

export function directionText(direction: Direction, paint: Paint): string {
  switch (direction) {
    case 'tightens':
      return paint.good(direction);
    case 'loosens':
      return paint.error(direction);
    case 'moves':
      return paint.warning(direction);
    case 'neutral':
      return '';
  }
}
