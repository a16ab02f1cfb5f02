// What an apply came to, as Markdown for a job summary or a comment: counts, a table with what went wrong first, a
// fold for each that did not end well. Pure; within the same bounds as the plan's.
import type { Change, Plan, Subject } from '../plan/types';
import type { Outcome, Result } from '../reconcile/events';
import { outcomeCounts, SAID } from './apply-text';
import { fitting, MARKDOWN_LIMIT, marker, short } from './comment';
import { cellOf, code, fold, htmlCode, plain, tableRow } from './markdown';

const WORST_FIRST: readonly Outcome[] = [
  'unknown',
  'partial',
  'unproved',
  'failed',
  'stale',
  'not-started',
  'accepted',
  'applied',
  'already',
];
const TABLE_SHARE = 0.6;
const SENTENCES = 3;
const REFUSED_NAMED = 20;

export interface ApplyMarkdownOptions {
  readonly interrupted?: boolean;
  /** Characters, in UTF-16 units. Default `MARKDOWN_LIMIT`. */
  readonly limit?: number;
}

export function applyMarkdown(
  plan: Plan,
  results: readonly Result[],
  { interrupted = false, limit = MARKDOWN_LIMIT }: ApplyMarkdownOptions = {},
): string {
  const ordered = WORST_FIRST.flatMap((outcome) => results.filter((result) => result.outcome === outcome));
  const target = short(plan.target);
  const head = [
    marker('apply', plan.target),
    `### Gatewright apply${target === '' ? '' : ` for ${plain(target)}`}: ${headline(plan, results, interrupted)}`,
    '',
    `Workspace ${code(short(plan.host))}, project ${code(short(plan.project))}.${refusedText(plan)}`,
  ].join('\n');
  const tail = `Digest ${code(plan.digest)}`;
  const left = (rows: number) =>
    rows === 0 ? '' : `Left out to fit into one comment: ${rows} of ${results.length}.`;
  const room = limit - head.length - tail.length - left(results.length).length - 40;
  const tableHead = [tableRow(['resource', 'effect']), tableRow(['---', '---'])];
  const changes = new Map(plan.changes.map((change) => [keyOf(change), change]));
  const rows = fitting(
    ordered.map((result) => rowOf(result, changes.get(keyOf(result.subject)))),
    room * TABLE_SHARE,
    1,
  );
  const used = rows.reduce((sum, row) => sum + row.length + 1, 0) + tableHead.join('\n').length;
  const folds = fitting(ordered.flatMap(foldOf), room - used, 2);
  const table = rows.length === 0 ? '' : [...tableHead, ...rows].join('\n');
  const parts = [head, table, ...folds, left(results.length - rows.length), tail];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function headline({ changes }: Plan, results: readonly Result[], interrupted: boolean): string {
  if (results.length === 0 && changes.length > 0) return 'nothing was written';
  return `${interrupted ? 'interrupted, ' : ''}${outcomeCounts(results)}`;
}

function refusedText({ refused }: Plan): string {
  if (refused.length === 0) return '';
  const shown = refused
    .slice(0, REFUSED_NAMED)
    .map(({ name, guard }) => `${code(short(name))} (${plain(guard)})`);
  const more = refused.length - shown.length;
  return ` Refused: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

function keyOf({ kind, name }: Subject): string {
  return `${kind} ${name}`;
}

function rowOf({ subject, outcome }: Result, change: Change | undefined): string {
  const well = outcome === 'applied' || outcome === 'already' || outcome === 'accepted';
  return tableRow([
    `${code(subject.name)}<br>${well ? SAID[outcome] : `**${SAID[outcome]}**`}`,
    cellOf(
      (change?.effects ?? []).map(({ text }) => text),
      SENTENCES,
    ),
  ]);
}

/** What ended well has nothing to add. */
function foldOf({ subject, outcome, message, help, fields = [] }: Result): string[] {
  if (message === undefined && fields.length === 0) return [];
  const body = [
    ...(message === undefined ? [] : [`- ${plain(message)}`]),
    ...fields.map(
      ({ path, expected, found }) => `- ${code(path)}: expected ${code(expected)}, found ${code(found)}`,
    ),
    ...(help === undefined ? [] : [`- way out: ${plain(help)}`]),
  ];
  return [fold(`${htmlCode(subject.name)} ${SAID[outcome]}`, body)];
}
