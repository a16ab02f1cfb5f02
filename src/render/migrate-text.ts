// What a migration carries, changes and cannot carry, one by one: as text for people, and as Markdown for the
// review of the change. Pure: a report in, lines out.
import { type Paint, painter } from './paint';
import { oneLine } from './sanitise';
import { wrap } from './width';

export interface MigrateReport {
  /** Where it was read: an origin, or `simulator`. */
  readonly host: string;
  /** What they are called, in the plural by an s. */
  readonly noun: string;
  readonly moving: readonly {
    readonly name: string;
    /** The service that takes its place. */
    readonly service?: string;
    /** Why it stays as it is. */
    readonly stays?: string;
    readonly settings: readonly MigratedSetting[];
  }[];
  /** As seen from where the command runs; empty when everything went to stdout. */
  readonly files: readonly string[];
  readonly passedOver: readonly { readonly name: string; readonly reason: string; readonly place?: string }[];
  readonly todos: readonly { readonly name: string; readonly text: string }[];
  readonly next: readonly string[];
}

export interface MigratedSetting {
  readonly path: string;
  readonly value: string;
  readonly outcome: 'equal' | 'differs' | 'none';
  /** Where it stands now. */
  readonly to?: string;
  readonly says: string;
}

const TITLES = { equal: 'equal', differs: 'differs', none: 'no equivalent' } as const;
const OUTCOMES = Object.keys(TITLES) as (keyof typeof TITLES)[];

export function migrateText(
  report: MigrateReport,
  { paint = painter(false), width = 80 }: { readonly paint?: Paint; readonly width?: number } = {},
): string {
  const { host, noun, moving, files, passedOver, todos, next } = report;
  const moved = moving.filter(({ service }) => service !== undefined);
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [paint.strong(title), ...lines.flatMap((line) => indented(line, 2, width))];
  const staying = moving.filter(({ service }) => service === undefined);
  const all = moving.length + passedOver.length;
  return [
    ...wrap(`Migrated ${moved.length} of ${all} ${noun}${all === 1 ? '' : 's'} (${oneLine(host)})`, width),
    ...moved.flatMap((one) => [
      paint.strong(`${oneLine(one.name)} → ${oneLine(one.service ?? '')}`),
      ...OUTCOMES.flatMap((outcome) => {
        const lines = linesOf(
          one.settings.filter((setting) => setting.outcome === outcome),
          outcome === 'equal',
        );
        return lines.length === 0
          ? []
          : [`  ${TITLES[outcome]}`, ...lines.flatMap((line) => indented(line, 4, width))];
      }),
    ]),
    ...part(
      'Stay as they are:',
      staying.map(({ name, stays = '' }) => `${oneLine(name)}: ${oneLine(stays)}`),
    ),
    ...part(
      'Passed over:',
      passedOver.map(
        ({ name, reason, place }) =>
          `${oneLine(name)}${place === undefined ? '' : ` (${oneLine(place)})`}: ${oneLine(reason)}`,
      ),
    ),
    ...part('Written:', files.map(oneLine)),
    ...part(
      'Needs a hand:',
      todos.map(({ name, text }) => `${oneLine(name)}: ${oneLine(text)}`),
    ),
    ...part('Next:', next.map(oneLine)),
    '',
  ].join('\n');
}

/** Settings of which the same is to be said share a line; of what is equal it does not matter where it stands. */
function linesOf(settings: readonly MigratedSetting[], briefly: boolean): string[] {
  const groups = new Map<string, MigratedSetting[]>();
  for (const setting of settings) {
    const key = JSON.stringify([briefly ? '' : (setting.to ?? ''), setting.says]);
    groups.set(key, [...(groups.get(key) ?? []), setting]);
  }
  return [...groups.values()].map((group) => {
    const [{ to, says } = { says: '' } as MigratedSetting] = group;
    const from = group.map(({ path, value }) => oneLine(`${path} ${cut(value)}`)).join(', ');
    return `${from}${to === undefined || briefly ? '' : ` → ${oneLine(to)}`}${says === '' ? '' : `: ${oneLine(says)}`}`;
  });
}

/** Values are there to be recognised. */
const LONGEST_VALUE = 60;
const cut = (value: string) => (value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value);

/** The tables alone: what a reviewer of the written files wants to see beside them. */
export function migrateMarkdown({ moving, passedOver, todos }: MigrateReport): string {
  const tables = moving.flatMap(({ name, service, stays, settings }) => [
    `### ${cell(name)} ${service === undefined ? 'stays as it is' : `→ ${cell(service)}`}`,
    '',
    ...(stays === undefined ? [] : [`${cell(stays)}`, '']),
    '| setting | value | | where it stands now | to know |',
    '| --- | --- | --- | --- | --- |',
    ...OUTCOMES.flatMap((outcome) =>
      settings
        .filter((one) => one.outcome === outcome)
        .map(
          ({ path, value, to = '', says }) =>
            `| ${[path, cut(value), TITLES[outcome], to, says].map(cell).join(' | ')} |`,
        ),
    ),
    '',
  ]);
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`### ${title}`, '', ...lines.map((line) => `- ${line}`), ''];
  return [
    ...tables,
    ...list(
      'Passed over',
      passedOver.map(({ name, reason }) => `${cell(name)}: ${cell(reason)}`),
    ),
    ...list(
      'Needs a hand',
      todos.map(({ name, text }) => `${cell(name)}: ${cell(text)}`),
    ),
  ].join('\n');
}

/** Text that means nothing to Markdown, nor mentions anybody. */
function cell(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]<>#|~@]/g, (character) =>
    character === '@' ? '@\u2060' : `\\${character}`,
  );
}

function indented(text: string, by: number, width: number): string[] {
  const space = ' '.repeat(by);
  return wrap(text, width - by - 2).map((line, index) => `${index === 0 ? space : `${space}  `}${line}`);
}
