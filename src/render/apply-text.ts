// What happens during an apply, as text. Pure: one event in, lines out. Knows no terminal.
import type { Subject } from '../plan/types';
import type { ApplyEvent, Outcome, Result } from '../reconcile/events';
import { type Paint, painter } from './paint';
import { oneLine } from './sanitise';
import { cells, wrap } from './width';

export interface ApplyTextOptions {
  readonly paint?: Paint;
  readonly width?: number;
}

export const SAID: Readonly<Record<Outcome, string>> = {
  applied: 'applied, read back',
  accepted: 'accepted',
  already: 'was as asked already',
  stale: 'stale, nothing written',
  failed: 'failed, nothing written',
  partial: 'written in part',
  unproved: 'written, not proved',
  unknown: 'unknown whether written',
  'not-started': 'not started',
};

const COUNTED: Readonly<Record<Outcome, string>> = {
  applied: 'applied',
  accepted: 'accepted',
  already: 'as asked already',
  stale: 'stale',
  failed: 'failed',
  partial: 'written in part',
  unproved: 'written and not proved',
  unknown: 'unknown',
  'not-started': 'not started',
};

/** Lines for progress, '' where there is nothing to say; what is waited for has a text of its own. */
export function eventText(event: ApplyEvent, options: ApplyTextOptions = {}): string {
  switch (event.type) {
    case 'step-done': {
      const sent = event.sent ? '' : ' (already so)';
      return `${label(event.subject)}: step ${event.step} of ${event.of}, ${oneLine(event.operation.replace(/^.*\./, ''))}${sent}\n`;
    }
    case 'change-done':
      return resultText(event.result, options);
    default:
      return '';
  }
}

/** One line, cut to `width` cells: what is waited for, and since when. */
export function waitingText(
  events: readonly Extract<ApplyEvent, { type: 'waiting' }>[],
  width = Number.POSITIVE_INFINITY,
): string {
  const [first] = events;
  if (first === undefined) return '';
  const text =
    events.length === 1
      ? `${label(first.subject)}: waiting${since(first.forMs)}, ${oneLine(first.reason)}`
      : `waiting for ${events.map(({ subject, forMs }) => `${label(subject)}${since(forMs)}`).join(', ')}`;
  return cells(text) <= width ? text : `${cut(text, width - 1)}…`;
}

/** ` for 2 min`; nothing where the wait has just begun. */
function since(ms: number): string {
  return ms < 1_000 ? '' : ` for ${duration(ms)}`;
}

/** `45 s`, `12 min`, `1 h 5 min`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
}

function cut(text: string, width: number): string {
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += cells(character);
    if (used > width) break;
    kept += character;
  }
  return kept;
}

function resultText({ subject, outcome, message, help, fields }: Result, options: ApplyTextOptions): string {
  const paint = options.paint ?? painter(false);
  const width = options.width ?? 80;
  const colour = outcome === 'applied' || outcome === 'already' ? paint.good : paint.error;
  const indent = (text: string) =>
    wrap(text, width - 4)
      .map((line) => `    ${line}\n`)
      .join('');
  return [
    `${label(subject)}: ${colour(SAID[outcome])}\n`,
    message === undefined ? '' : indent(oneLine(message)),
    ...(fields ?? []).map(({ path, expected, found }) =>
      indent(`${oneLine(path)}: expected ${oneLine(expected)}, found ${oneLine(found)}`),
    ),
    help === undefined ? '' : indent(`help: ${oneLine(help)}`),
  ].join('');
}

/** The closing line: how many ended how. */
export function applySummary(results: readonly Result[]): string {
  return `Apply: ${outcomeCounts(results)}.\n`;
}

/** `2 applied, 1 failed`. */
export function outcomeCounts(results: readonly Result[]): string {
  const counts = new Map<Outcome, number>();
  for (const { outcome } of results) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const said = (Object.keys(SAID) as Outcome[])
    .filter((outcome) => counts.has(outcome))
    .map((outcome) => `${counts.get(outcome)} ${COUNTED[outcome]}`);
  return said.length === 0 ? 'nothing to do' : said.join(', ');
}

/** Progress names the object; which entry reached it stands in the plan. */
function label({ name }: Subject): string {
  return oneLine(name);
}
