// What an import took in, passed over and leaves to do, as text for people. Pure: a report in, lines out.
import { type Paint, painter } from './paint';
import { oneLine } from './sanitise';
import { wrap } from './width';

export interface ImportReport {
  /** Where it was read: an origin, or `simulator`. */
  readonly host: string;
  /** `2 serving endpoints`, `1 serving endpoint`: what was asked for. */
  readonly asked: string;
  /** Names as they are declared; a glob says what it stands for. */
  readonly imported: readonly string[];
  /** As seen from where the command runs; empty when everything went to stdout. */
  readonly files: readonly string[];
  readonly passedOver: readonly {
    readonly name: string;
    readonly reason: string;
    /** Where the reason is written. */
    readonly place?: string;
  }[];
  readonly todos: readonly { readonly name: string; readonly text: string }[];
  /** What to do now, a sentence or a line to add each. */
  readonly next: readonly string[];
}

/** More names than this are counted. */
const MOST_NAMES = 8;
const MOST_FILES = 12;

export function importText(
  report: ImportReport,
  { paint = painter(false), width = 80 }: { readonly paint?: Paint; readonly width?: number } = {},
): string {
  const { host, asked, imported, files, passedOver, todos, next } = report;
  const names = imported.length === 0 ? '' : `: ${someOf(imported)}`;
  const reasons = new Map<string, string[]>();
  for (const { name, reason, place } of passedOver) {
    const shown = place === undefined ? name : `${name} (${place})`;
    reasons.set(reason, [...(reasons.get(reason) ?? []), shown]);
  }
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [paint.strong(title), ...lines.flatMap((line) => hanging(line, width))];
  return [
    ...wrap(`Imported ${imported.length} of ${asked} (${oneLine(host)})${names}`, width),
    ...part('Written:', filesShown(files)),
    ...part(
      'Passed over:',
      [...reasons].map(([reason, of]) => `${someOf(of)}: ${oneLine(reason)}`),
    ),
    ...part(
      'Needs a hand:',
      todos.map(({ name, text }) => `${oneLine(name)}: ${oneLine(text)}`),
    ),
    ...part('Next:', next.map(oneLine)),
    '',
  ].join('\n');
}

/** Beyond some, how many in which folder. */
function filesShown(files: readonly string[]): string[] {
  if (files.length <= MOST_FILES) return files.map(oneLine);
  const folders = [...new Set(files.map((file) => file.slice(0, file.lastIndexOf('/') + 1)))];
  return folders.map(
    (folder) =>
      `${files.filter((file) => file.startsWith(folder)).length} files in ${oneLine(folder === '' ? '.' : folder)}`,
  );
}

function hanging(text: string, width: number): string[] {
  return wrap(text, width - 4).map((line, index) => `${index === 0 ? '  ' : '    '}${line}`);
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, names.length > MOST_NAMES + 1 ? MOST_NAMES : names.length).map(oneLine);
  const more = names.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`;
}
