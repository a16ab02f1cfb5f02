// What an import from another engine's file did not take, and the handover, as text for people. Pure: data in, lines out.
import { type Paint, painter } from './paint';
import { manyLines, oneLine } from './sanitise';
import { wrap } from './width';

export interface TakingReport {
  /** The file that was read. */
  readonly from: string;
  /** `2 serving endpoints`. */
  readonly counted: string;
  readonly imported: readonly string[];
  readonly files: readonly string[];
  readonly notTaken: readonly { readonly address: string; readonly path: string; readonly reason: string }[];
  /** Blocks to put somewhere, each under its title. */
  readonly blocks: readonly { readonly title: string; readonly text: string }[];
  readonly next: readonly string[];
}

const MOST_NAMES = 8;

export function takingText(
  { from, counted, imported, files, notTaken, blocks, next }: TakingReport,
  { paint = painter(false), width = 80 }: { readonly paint?: Paint; readonly width?: number } = {},
): string {
  const shown = imported.slice(0, MOST_NAMES).map(oneLine).join(', ');
  const more = imported.length > MOST_NAMES ? ` and ${imported.length - MOST_NAMES} more` : '';
  const head = `Took ${counted} from ${oneLine(from)}${imported.length === 0 ? '' : `: ${shown}${more}`}`;
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [paint.strong(title), ...lines.flatMap((line) => hanging(line, width))];
  const missed = notTaken.map(
    ({ address, path, reason }) =>
      `${oneLine(address)}${path === '' ? '' : `: ${oneLine(path.replace(/\.(\d+)(?=\.|$)/g, '[$1]'))}`}: ${oneLine(reason)}`,
  );
  return [
    ...wrap(head, width),
    ...part('Written:', files.map(oneLine)),
    ...part('Not taken:', missed),
    ...part('Next:', next.map(oneLine)),
    ...blocks.flatMap(({ title, text }) => ['', paint.strong(title), manyLines(text).trimEnd()]),
    '',
  ].join('\n');
}

function hanging(text: string, width: number): string[] {
  return wrap(text, width - 4).map((line, index) => `${index === 0 ? '  ' : '    '}${line}`);
}
