// The line of a file that a diagnostic speaks of, with carets under the words. Text in, lines out: control
// characters become escapes, credentials become stars, a long line is cut around the place.
import type { Location } from '../model/diagnostic';
import { escapeCharacter, oneLine } from './sanitise';
import { cells, characterCells, wrap } from './width';

export interface Frame {
  /** The line as shown. */
  readonly source: string;
  /** Cells before the first caret, and how many carets. */
  readonly start: number;
  readonly carets: number;
}

const TAB = 4;
const CUT = '...';

// A file that names a credential is refused, and the refusal quotes the line: here is the last place to hide it.
const CREDENTIAL_FIELD =
  /((?:api_key|_key|_plaintext|token|secret|password|private_key|credentials)["']?\s*:\s*)("[^"]*"?|'[^']*'?|[^\s,{}#][^,}#]*)/gi;
const CREDENTIAL_SHAPE =
  /\b(?:sk-[\w-]{8,}|dapi[0-9a-f]{8,}|dose[0-9a-f]{8,}|gh[pousr]_\w{8,}|AKIA[0-9A-Z]{12,}|eyJ[\w-]{8,}(?:\.[\w-]+)*)/g;
const REFERENCE = /^["']?(?:\{\{|\$\{|null\b|true\b|false\b|[|>][-+]?\s*$)/;

/** Same length out as in, so that columns stay true. */
export function hideCredentials(line: string): string {
  const stars = (text: string) => text.replace(/[^"'\s]/g, '*');
  return line
    .replace(CREDENTIAL_FIELD, (whole: string, head: string, value: string) =>
      REFERENCE.test(value) ? whole : head + stars(value),
    )
    .replace(CREDENTIAL_SHAPE, stars);
}

/**
 * `width` is the room for the line in cells. `at.column` and `at.length` count UTF-16 code units; a place
 * past the end of the line marks the cell after it.
 */
export function frame(line: string, at: Location, width: number): Frame {
  const from = Math.max(at.column, 1) - 1;
  const to = from + Math.max(at.length ?? 1, 1);
  const shown: { text: string; cells: number }[] = [];
  let before = 0;
  let marked = 0;
  let total = 0;
  let offset = 0;
  for (const character of hideCredentials(line.replace(/\r$/, ''))) {
    const text = character === '\t' ? ' '.repeat(TAB - (total % TAB)) : shownAs(character);
    const size =
      character === '\t' ? text.length : text === character ? characterCells(character) : text.length;
    if (offset + character.length <= from) before += size;
    else if (offset < to) marked += size;
    shown.push({ text, cells: size });
    total += size;
    offset += character.length;
  }
  const carets = Math.max(marked, 1);
  if (total <= width)
    return {
      source: shown
        .map((part) => part.text)
        .join('')
        .trimEnd(),
      start: before,
      carets,
    };
  return cutAround(shown, before, carets, width);
}

function shownAs(character: string): string {
  return oneLine(character) === character ? character : escapeCharacter(character);
}

/** A window of the line that keeps the marked text, with some of what stands before it. */
function cutAround(
  shown: readonly { text: string; cells: number }[],
  start: number,
  carets: number,
  width: number,
): Frame {
  const room = width - 2 * CUT.length;
  const lead = Math.max(Math.floor((room - carets) / 2), Math.min(8, room >> 2));
  const first = start + Math.min(carets, room) <= room ? 0 : Math.max(start - lead, 0);
  let text = '';
  let position = 0;
  let used = 0;
  let skipped = 0;
  let cutEnd = false;
  for (const part of shown) {
    if (position < first) skipped += part.cells;
    else if (used + part.cells <= room) {
      text += part.text;
      used += part.cells;
    } else cutEnd = true;
    position += part.cells;
    if (cutEnd) break;
  }
  const head = first > 0 ? CUT : '';
  const shift = start - skipped;
  return {
    source: `${head}${text.trimEnd()}${cutEnd ? CUT : ''}`,
    start: head.length + shift,
    carets: Math.max(1, Math.min(carets, used - shift)),
  };
}

/** The lines between the place and the notes: gutter, source, carets with the label. */
export function frameLines(
  line: string,
  at: Location,
  label: string | undefined,
  options: { readonly width: number; readonly gutter: number; readonly mark: (text: string) => string },
): string[] {
  const bar = `${' '.repeat(options.gutter)} |`;
  const room = Math.max(options.width - bar.length - 1, 24);
  const { source, start, carets } = frame(line, at, room);
  const indent = ' '.repeat(start);
  const number = String(at.line).padStart(options.gutter);
  const lines = [bar, `${number} | ${source}`.trimEnd()];
  const words = label === undefined ? '' : oneLine(label);
  const marks = '^'.repeat(carets);
  if (words === '' || start + carets + 1 + cells(words) <= room) {
    lines.push(`${bar} ${indent}${options.mark(words === '' ? marks : `${marks} ${words}`)}`);
    return lines;
  }
  const hanging = room - start >= 40 ? indent : '';
  lines.push(`${bar} ${indent}${options.mark(marks)}`);
  for (const part of wrap(words, room - hanging.length)) lines.push(`${bar} ${hanging}${options.mark(part)}`);
  return lines;
}
