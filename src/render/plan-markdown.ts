// A plan as Markdown for a pull request or a job summary: counts, a table of what changes with the worst first, a
// fold per resource, the digest. Pure. However large the plan, it stays within one comment, and no part is cut in
// the middle: what does not fit is left out and counted.
import { canonicalJson, type Json } from '../model/json';
import { kindOf } from '../model/kinds';
import type { Direction, Origin } from '../model/resource';
import type { Difference, Notice, Plan, Subject } from '../plan/types';
import { fitting, MARKDOWN_LIMIT, marker, short } from './comment';
import { declaredBy, driftCounts } from './drift';
import { cellOf, code, fence, fold, htmlCode, plain, tableRow } from './markdown';
import { routingChart } from './mermaid';
import { type HandEdit, handEdits, originsText, ownedBy } from './origin-text';
import { actionText, type Entry, entriesOf, type PlanView, planCounts, worstFirst } from './plan-order';

/** The part of the room that the table may take, and that notices may take. */
const TABLE_SHARE = 0.7;
const NOTICE_SHARE = 0.1;
const SENTENCES_IN_A_ROW = 3;
const SMALLEST_FOLD = 80;

export interface PlanMarkdownOptions {
  readonly as?: PlanView;
  /** Characters, in UTF-16 units. Default `MARKDOWN_LIMIT`. */
  readonly limit?: number;
  /** How to have the plan whole: `gatewright plan`. */
  readonly again?: string;
}

export function planMarkdown(given: Plan, options: PlanMarkdownOptions = {}): string {
  const plan = withShortBase(given);
  const view = options.as ?? 'plan';
  const limit = options.limit ?? MARKDOWN_LIMIT;
  const entries = entriesOf(plan, view);
  const noticed = noticeLines(plan);
  const head = headOf(plan, view);
  const tail = tailOf(plan, view);
  const left = (rows: number, folds: number, notices: number) =>
    leftOut(entries.length, { rows, folds, notices }, options.again);
  // The longest line about what is left out is set aside beforehand.
  let room = limit - sizeOf([head, tail, left(entries.length, entries.length, noticed.length)]);
  const notices = fitting(noticed, room * NOTICE_SHARE, 1);
  room -= sizeOf([notices.join('\n')]);
  const several = new Set(entries.map(({ subject }) => subject.kind)).size > 1;
  const rows = tableOf(entries, room * TABLE_SHARE - sizeOf(TABLE_HEAD), several, view);
  const table = rows.length === 0 ? '' : [...TABLE_HEAD, ...rows].join('\n');
  room -= sizeOf([table]);
  const folds = foldsOf(plan, entries, room, view);
  const whole = folds.filter(({ brief }) => !brief).length;
  const parts = [
    head,
    table,
    ...folds.map(({ text }) => text),
    notices.join('\n'),
    left(entries.length - rows.length, entries.length - whole, noticed.length - notices.length),
    tail,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** The name is in every part, and a saved plan can come from anybody. */
function withShortBase(plan: Plan): Plan {
  return plan.base === undefined ? plan : { ...plan, base: { ...plan.base, name: short(plan.base.name) } };
}

/** With the empty line that sets a part apart. */
function sizeOf(parts: readonly string[]): number {
  return parts.reduce((sum, part) => sum + part.length + 2, 0);
}

function headOf(plan: Plan, view: PlanView): string {
  const target = short(plan.target);
  const counts = view === 'drift' ? driftCounts(plan) : planCounts(plan);
  const whose = plan.project === '' ? '' : `, project ${code(short(plan.project))}`;
  const origins = view === 'plan' ? originsText(plan) : undefined;
  const below = view === 'drift' && plan.changes.length > 0;
  return [
    marker(view, plan.target),
    `### Gatewright ${view}${target === '' ? '' : ` for ${plain(target)}`}: ${plain(counts)}`,
    '',
    `Workspace ${code(short(plan.host))}${whose}.${below ? ` Below: what applying ${plain(declaredBy(plan))} would do.` : ''}`,
    ...(origins === undefined ? [] : ['', plain(origins)]),
  ].join('\n');
}

function tailOf(plan: Plan, view: PlanView): string {
  const allowed = plan.allowed.slice(0, 20).map((one) => code(short(one)));
  const more = plan.allowed.length > 20 ? ` and ${plan.allowed.length - 20} more` : '';
  return [
    ...(allowed.length === 0 ? [] : [`Allowed: ${allowed.join(', ')}${more}.`]),
    ...(view === 'plan' && plan.changes.length > 0 ? [`Digest ${code(plan.digest)}`] : []),
  ].join('\n\n');
}

const TABLE_HEAD = [tableRow(['resource', 'effect']), tableRow(['---', '---'])];

/** All rows in full where they fit, else each with its first sentence alone, as many as fit. */
function tableOf(entries: readonly Entry[], room: number, several: boolean, view: PlanView): string[] {
  const rows = (sentences: number) => entries.map((entry) => rowOf(entry, sentences, several, view));
  const full = fitting(rows(SENTENCES_IN_A_ROW), room, 1);
  return full.length === entries.length ? full : fitting(rows(1), room, 1);
}

function rowOf(entry: Entry, sentences: number, several: boolean, view: PlanView): string {
  const said = [
    ...(entry.refused === undefined ? [] : [entry.refused.message]),
    ...entry.effects.map(({ text }) => text),
  ];
  const name = `${several ? `${kindOf(entry.subject.kind).noun} ` : ''}${code(entry.subject.name)}`;
  const direction = directionText(entry.direction, view);
  // Two columns: with more, a phone leaves no room for what matters most.
  const doing = `${plain(actionText(entry))}${direction === '' ? '' : `, ${direction}`}`;
  const loud = loudOf(entry.undone).map((text) => `${text}<br>`);
  return tableRow([`${name}<br>${doing}`, `${loud.join('')}${cellOf(said, sentences)}`]);
}

/** Said first, and however short the rest: whose changes it would undo. */
function loudOf(undone: readonly HandEdit[]): string[] {
  const count = (sort: HandEdit['undone']) => undone.filter((one) => one.undone === sort).length;
  const changes = (number: number) => (number === 1 ? 'a change' : `${number} changes`);
  return [
    ...(count('reverted') === 0 ? [] : [`**REVERTS ${changes(count('reverted'))} made in the workspace**`]),
    ...(count('overwritten') === 0
      ? []
      : [`**OVERWRITES ${changes(count('overwritten'))} made in the workspace**`]),
    ...undone.filter((one) => one.undone === 'made-anew').map(({ loud }) => `**${plain(loud)}**`),
  ];
}

function directionText(direction: Direction, view: PlanView): string {
  if (direction === 'neutral') return '';
  return direction === worstFirst(view)[0] ? `**${direction}**` : direction;
}

/** Whole where it fits, else its sentences alone, else not at all; the next one may be smaller. */
function foldsOf(
  plan: Plan,
  entries: readonly Entry[],
  room: number,
  view: PlanView,
): { text: string; brief: boolean }[] {
  const of = byResource(plan);
  let left = room;
  return entries.flatMap((entry) => {
    if (left < SMALLEST_FOLD) return [];
    for (const brief of [false, true]) {
      const text = foldOf(entry, plan, { beside: of, brief, view });
      if (text.length + 2 > left) continue;
      left -= text.length + 2;
      return [{ text, brief }];
    }
    return [];
  });
}

type Beside = ReadonlyMap<string, { readonly preserved: string[]; readonly suppressed: string[] }>;

function byResource({ preserved, suppressed }: Plan): Beside {
  const found = new Map<string, { preserved: string[]; suppressed: string[] }>();
  const at = (subject: Subject) => {
    const key = keyOf(subject);
    const known = found.get(key) ?? { preserved: [], suppressed: [] };
    found.set(key, known);
    return known;
  };
  for (const one of preserved) at(one).preserved.push(code(one.path));
  for (const one of suppressed)
    at(one).suppressed.push(`${code(one.path)} is ${code(valueText(one.live))}: ${plain(one.reason)}`);
  return found;
}

function keyOf({ kind, name }: Subject): string {
  return `${kind} ${name}`;
}

interface Folding {
  readonly beside: Beside;
  /** Sentences alone. */
  readonly brief: boolean;
  readonly view: PlanView;
}

function foldOf(entry: Entry, plan: Plan, { beside, brief, view }: Folding): string {
  const { subject, change, refused } = entry;
  const direction = entry.direction === 'neutral' ? '' : `, ${entry.direction}`;
  const own = subject.address.slice(subject.address.indexOf('.') + 1);
  const via = own === subject.name ? '' : ` (by ${htmlCode(own)})`;
  const summary = `${htmlCode(subject.name)}${via} ${plain(actionText(entry))}${direction}`;
  const sentences = [
    ...(brief ? loudOf(entry.undone).map((text) => `- ${text}`) : []),
    ...(refused === undefined ? [] : [`- ${plain(refused.message)}`]),
    ...entry.effects.map(
      ({ text, direction: way }) => `- ${plain(text)}${way === 'neutral' ? '' : ` (${way})`}`,
    ),
    ...(refused === undefined ? [] : [`- way out: ${plain(refused.help)}`]),
  ];
  if (brief) return fold(summary, sentences);
  // What is not written is told too, for who edits it next; in drift, everything was changed by hand.
  const untouched = change !== undefined || view === 'drift' ? [] : handEdits(entry.differences, plan, false);
  const edits = [...entry.undone, ...untouched].map(editLine);
  const notes = [
    ...(change?.reason === undefined ? [] : [`Because: ${plain(change.reason)}`]),
    ...(change?.steps ?? []).flatMap(({ note }) => (note === undefined ? [] : [plain(note)])),
  ];
  const left = refused === undefined ? beside.get(keyOf(subject)) : undefined;
  // What is made is told as one.
  const tagged = view === 'plan' && change?.action !== 'create';
  const blocks = [
    sentences,
    edits.length === 0 ? [] : [`Against ${code(plan.base?.name ?? '')}:`, '', ...edits],
    notes,
    change?.routing === undefined ? [] : fence(routingChart(change.routing), 'mermaid'),
    entry.differences.length === 0
      ? []
      : fence(
          entry.differences.map((one) => fieldLine(one, tagged)),
          'diff',
        ),
    left === undefined || left.preserved.length === 0 ? [] : [`Left as it is: ${left.preserved.join(', ')}`],
    (left?.suppressed ?? []).map((text) => `- ${text}`),
  ];
  return fold(
    summary,
    blocks
      .filter((block) => block.length > 0)
      .flatMap((block, index) => (index === 0 ? block : ['', ...block])),
  );
}

function editLine({ path, loud, detail, keep }: HandEdit): string {
  const says = `**${plain(loud)}**${detail === '' ? '' : `: ${plain(detail)}`}`;
  return `- ${path === '' ? '' : `${code(path)}: `}${says}; ${plain(keep)}`;
}

const BY: Readonly<Record<Difference['origin'], string>> = {
  intent: '',
  drift: ' [by hand]',
  both: ' [by both]',
  unknown: '',
};

function fieldLine({ path, live, desired, origin, provenance }: Difference, tagged: boolean): string {
  const mark = live === null ? '+' : desired === null ? '-' : '!';
  const to = desired === null ? '(none)' : valueText(desired);
  const by = tagged ? BY[origin] : '';
  const place = provenance === undefined ? '' : `  # ${placeText(provenance)}`;
  return `${mark} ${path}: ${live === null ? '' : `${valueText(live)} → `}${to}${by}${place}`;
}

function valueText(value: Json): string {
  if (value === null) return '(none)';
  return typeof value === 'string' && value !== '' ? value : canonicalJson(value);
}

function placeText({ file, line, layer }: Origin): string {
  return `${file}:${line}${layer === 'file' ? '' : ` (${layer})`}`;
}

function noticeLines(plan: Plan): string[] {
  const owners = [...new Set(plan.orphans.map((orphan) => ownedBy(orphan, plan)))];
  return [
    ...owners.map((owner) => {
      const orphans = plan.orphans.filter((orphan) => ownedBy(orphan, plan) === owner);
      const shown = orphans.slice(0, 20).map(({ name }) => code(name));
      const more = orphans.length > 20 ? ` and ${orphans.length - 20} more` : '';
      const why = `${owner.charAt(0).toUpperCase()}${owner.slice(1)}`;
      return `- ${plain(why)} and named by no file (left as they are): ${shown.join(', ')}${more}`;
    }),
    ...plan.notices.map(noticeLine),
  ];
}

function noticeLine({ severity, code: words, message, help, address }: Notice): string {
  const where = address === undefined ? '' : `${code(address)}: `;
  return `- ${severity === 'warning' ? '**warning**' : 'note'} ${code(words)} ${where}${plain(message)}${help === undefined ? '' : `. ${plain(help)}`}`;
}

function leftOut(
  all: number,
  { rows, folds, notices }: { rows: number; folds: number; notices: number },
  again = '`gatewright plan`',
): string {
  const parts = [
    ...(rows > 0 ? [`${rows} of ${all} are not in the table`] : []),
    ...(folds > 0 ? [`${folds} are not told field by field`] : []),
    ...(notices > 0 ? [`${notices} notices are missing`] : []),
  ];
  return parts.length === 0
    ? ''
    : `Left out to fit into one comment: ${parts.join(', ')}. ${again} tells all.`;
}
