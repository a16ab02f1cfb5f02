// argv → the command, its operands and checked flag values. Every refusal names the way out.
import { parseArgs } from 'node:util';
import { type Failure, failure } from './failure';
import { FLAGS, type Flag, type FlagName, flagNamed } from './flags';
import { nearest } from './nearest';

/** Flag values by name, as checked by `checkArgs`. */
export interface Args {
  readonly operands: readonly string[];
  on(name: FlagName): boolean;
  text(name: FlagName): string | undefined;
  texts(name: FlagName): readonly string[];
  /** A count, or a duration in milliseconds. */
  number(name: FlagName): number | undefined;
  /** `name=value` flags, later ones win. */
  pairs(name: FlagName): Readonly<Record<string, string>>;
}

interface Given {
  /** As it stands on the command line. */
  readonly rawName: string;
  readonly name: string;
  readonly value: string | undefined;
  readonly inline: boolean;
}

export interface CommandLine {
  readonly command: string | undefined;
  readonly operands: readonly string[];
  readonly flags: readonly Given[];
}

/** Splits without judging: the command decides which flags it knows. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const options: NonNullable<Parameters<typeof parseArgs>[0]>['options'] = {};
  for (const flag of FLAGS) {
    const type = isSwitch(flag) ? 'boolean' : 'string';
    options[flag.name] = flag.short === undefined ? { type } : { type, short: flag.short };
    if (flag.alias !== undefined) options[flag.alias] = { type };
  }
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const flags = tokens.flatMap((token): Given[] => {
    if (token.kind !== 'option') return [];
    const { rawName, name, value, inlineValue } = token;
    return [{ rawName, name: flagNamed(name)?.name ?? name, value, inline: inlineValue === true }];
  });
  return { command: words[0], operands: words.slice(1), flags };
}

export interface Rules {
  readonly command: string;
  readonly flags: readonly FlagName[];
  readonly choices?: Readonly<Partial<Record<FlagName, readonly string[]>>>;
  /** Names of operands for the messages; those in brackets may be left out. */
  readonly operands: readonly string[];
}

/** Throws a Failure for what the command does not know, and for values that are not of the flag's type. */
export function checkArgs(line: CommandLine, rules: Rules): Args {
  const values = new Map<FlagName, string[]>();
  for (const given of line.flags) {
    const flag = flagNamed(given.name);
    if (flag === undefined || !rules.flags.includes(flag.name)) throw unknownFlag(given.rawName, flag, rules);
    const before = values.get(flag.name) ?? [];
    const text = checkedValue(flag, given, rules.choices?.[flag.name] ?? flag.choices, rules.command);
    if (before.length > 0 && !isSwitch(flag) && flag.repeat !== true)
      throw usage(`${given.rawName} stands twice: "${before[0]}" and "${text}"`, rules.command);
    values.set(flag.name, [...before, text]);
  }
  checkOperands(line.operands, rules);
  const last = (name: FlagName) => values.get(name)?.at(-1);
  return {
    operands: line.operands,
    on: (name) => values.has(name),
    text: last,
    texts: (name) => values.get(name) ?? [],
    number(name) {
      const text = last(name);
      return text === undefined ? undefined : (duration(text) ?? Number(text));
    },
    pairs: (name) =>
      Object.fromEntries(
        (values.get(name) ?? []).map((text) => [
          text.slice(0, text.indexOf('=')),
          text.slice(text.indexOf('=') + 1),
        ]),
      ),
  };
}

function isSwitch(flag: Flag): boolean {
  return flag.value === undefined;
}

function usage(message: string, command: string, help = `see gatewright ${command} --help`): Failure {
  return failure('usage', message, { help });
}

function unknownFlag(rawName: string, flag: Flag | undefined, rules: Rules): Failure {
  if (flag !== undefined) return usage(`${rules.command} does not take ${rawName}`, rules.command);
  const known = FLAGS.filter((row) => rules.flags.includes(row.name)).flatMap((row) =>
    row.alias === undefined ? [row.name] : [row.name, row.alias],
  );
  const meant = nearest(rawName.replace(/^-+/, ''), known);
  return usage(
    `unknown flag ${rawName}`,
    rules.command,
    meant === undefined || !rawName.startsWith('--') ? undefined : `did you mean --${meant}?`,
  );
}

function checkedValue(
  flag: Flag,
  given: Given,
  choices: readonly string[] | undefined,
  command: string,
): string {
  const { rawName, value, inline } = given;
  if (isSwitch(flag)) {
    if (inline) throw usage(`${rawName} takes no value`, command);
    return '';
  }
  if (value === undefined) throw usage(`${rawName} needs a value: ${rawName} <${flag.value}>`, command);
  if (!inline && value.startsWith('-') && value.length > 1)
    throw usage(
      `${rawName} needs a value, and "${value}" looks like a flag`,
      command,
      `write --${flag.name}=${value} if that is the value`,
    );
  if (value === '') throw usage(`${rawName} has an empty value`, command);
  if (choices !== undefined && !choices.includes(value)) {
    const meant = nearest(value, choices);
    throw usage(
      `${rawName} takes ${choices.join(', ')}, not "${value}"`,
      command,
      meant === undefined ? undefined : `did you mean "${meant}"?`,
    );
  }
  if (flag.type === 'count' && !/^\d{1,5}$/.test(value))
    throw usage(`${rawName} takes a whole number, not "${value}"`, command);
  if (flag.type === 'duration' && duration(value) === undefined)
    throw usage(`${rawName} takes a duration such as 90s, 45m or 2h, not "${value}"`, command);
  if (flag.type === 'pair' && !/^[^=]+=/.test(value))
    throw usage(`${rawName} takes name=value, not "${value}"`, command);
  return value;
}

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds of `90s`; undefined for anything else. */
function duration(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,6})(ms|s|m|h)$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * UNITS[unit as keyof typeof UNITS];
}

function checkOperands(operands: readonly string[], rules: Rules): void {
  const excess = operands[rules.operands.length];
  if (excess !== undefined && rules.operands.at(-1)?.includes('...') !== true)
    throw usage(`${rules.command} does not take "${excess}"`, rules.command);
  const missing = rules.operands[operands.length];
  if (missing !== undefined && !missing.startsWith('['))
    throw usage(`${rules.command} needs ${missing}`, rules.command);
}
