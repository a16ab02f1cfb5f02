// The help, made from the tables of commands and flags; 80 columns.
import { wrap } from '../render/width';
import { COMMANDS, type Command, type CommandRow } from './commands';
import { EVERYWHERE, FLAGS, type Flag } from './flags';

const WIDTH = 80;

export function overview(): string {
  const rows = COMMANDS.map((row): Row => {
    const also = row.aliases.length === 0 ? '' : ` (also: ${row.aliases.join(', ')})`;
    return [row.name, `${row.summary}${also}`];
  });
  return [
    'gatewright: governance-as-code for the Databricks AI Gateway',
    '',
    'Usage: gatewright <command> [flags]',
    '',
    'Commands:',
    ...table(rows),
    '',
    'Flags:',
    ...table([
      ['-h, --help', 'this help; of a command: gatewright <command> --help'],
      ['-V, --version', 'the version'],
    ]),
    '',
  ].join('\n');
}

export function commandHelp(row: CommandRow, command: Command): string {
  const usage = ['gatewright', row.name, ...(command.operands ?? []), '[flags]'].join(' ');
  const known = FLAGS.filter((flag) => command.flags.includes(flag.name) || EVERYWHERE.includes(flag.name));
  return [
    `gatewright ${row.name}: ${row.summary}`,
    '',
    `Usage: ${usage}`,
    ...(row.aliases.length === 0
      ? []
      : [`Also:  ${row.aliases.map((name) => `gatewright ${name}`).join(', ')}`]),
    '',
    ...wrap(command.about, WIDTH),
    '',
    'Flags:',
    ...table(known.map((flag) => flagRow(flag, command.choices?.[flag.name] ?? flag.choices))),
    '',
    ...(command.examples === undefined
      ? []
      : ['Examples:', ...command.examples.map((example) => `  ${example}`), '']),
  ].join('\n');
}

type Row = readonly [left: string, right: string];

function flagRow(flag: Flag, choices: readonly string[] | undefined): Row {
  const short = flag.short === undefined ? '    ' : `-${flag.short}, `;
  const value = flag.value === undefined ? '' : ` <${flag.value}>`;
  const more = [
    ...(choices === undefined ? [] : [choices.join(', ')]),
    ...(flag.alias === undefined ? [] : [`also: --${flag.alias}`]),
    ...(flag.repeat === true ? ['may be repeated'] : []),
  ];
  return [
    `${short}--${flag.name}${value}`,
    more.length === 0 ? flag.help : `${flag.help} (${more.join('; ')})`,
  ];
}

function table(rows: readonly Row[]): string[] {
  const left = Math.max(...rows.map(([text]) => text.length)) + 2;
  return rows.flatMap(([name, text]) =>
    wrap(text, WIDTH - 2 - left).map((line, index) => `  ${(index === 0 ? name : '').padEnd(left)}${line}`),
  );
}
