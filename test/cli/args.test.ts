// Flags: what is taken, what is refused, and what the refusal says.
import { checkArgs, type Rules, readCommandLine } from '../../src/cli/args';
import { Failure } from '../../src/cli/failure';
import { EVERYWHERE, FLAGS } from '../../src/cli/flags';
import { distance, nearest } from '../../src/cli/nearest';

const RULES: Rules = {
  command: 'plan',
  flags: ['target', 'var', 'select', 'format', 'timeout', 'parallelism', 'yes', 'no-wait', ...EVERYWHERE],
  choices: { format: ['text', 'json'] },
  operands: ['[file]'],
};

function args(...argv: string[]) {
  return checkArgs(readCommandLine(['plan', ...argv]), RULES);
}

function refusal(...argv: string[]): string {
  try {
    args(...argv);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.exitCode).toBe(1);
    const [diagnostic] = error.diagnostics;
    return `${diagnostic?.message} / ${diagnostic?.help}`;
  }
  throw new Error('not refused');
}

test('values by long name, short name, alias, with and without =', () => {
  expect(args('--target', 'prod').text('target')).toBe('prod');
  expect(args('--target=prod').text('target')).toBe('prod');
  expect(args('-t', 'prod').text('target')).toBe('prod');
  expect(args('-tprod').text('target')).toBe('prod');
  expect(args('--auto-approve').on('yes')).toBe(true);
  expect(args('-y').on('yes')).toBe(true);
  expect(args('--no-wait').on('no-wait')).toBe(true);
  expect(args().on('yes')).toBe(false);
  expect(args().text('target')).toBeUndefined();
});

test('repeated flags keep their order, pairs their later equals signs', () => {
  expect(args('--select', 'a*', '--select=b').texts('select')).toEqual(['a*', 'b']);
  expect(args('--var', 'a=1=2', '--var', 'b=', '--var', 'a=3').pairs('var')).toEqual({ a: '3', b: '' });
});

test.each([
  ['90s', 90_000],
  ['45m', 2_700_000],
  ['2h', 7_200_000],
  ['250ms', 250],
])('the duration %s', (text, ms) => expect(args('--timeout', text).number('timeout')).toBe(ms));

test('a count', () => expect(args('--parallelism', '64').number('parallelism')).toBe(64));

test('the command may stand after flags, operands after --', () => {
  const line = readCommandLine(['-C', 'infra', 'plan', '--', '--odd']);
  expect(line.command).toBe('plan');
  expect(checkArgs(line, RULES).text('directory')).toBe('infra');
  expect(checkArgs(line, RULES).operands).toEqual(['--odd']);
});

test.each([
  [['--taget', 'x'], 'unknown flag --taget / did you mean --target?'],
  [['--zzz'], 'unknown flag --zzz / see gatewright plan --help'],
  [['-z'], 'unknown flag -z / see gatewright plan --help'],
  [['--port', '1'], 'plan does not take --port / see gatewright plan --help'],
  [['--target'], '--target needs a value: --target <name> / see gatewright plan --help'],
  [['--target='], '--target has an empty value / see gatewright plan --help'],
  [
    ['--target', '--yes'],
    '--target needs a value, and "--yes" looks like a flag / write --target=--yes if that is the value',
  ],
  [['-t', 'a', '--target', 'b'], '--target stands twice: "a" and "b" / see gatewright plan --help'],
  [['--yes=no'], '--yes takes no value / see gatewright plan --help'],
  [['-o', 'jsn'], '-o takes text, json, not "jsn" / did you mean "json"?'],
  [['-o', 'sarif'], '-o takes text, json, not "sarif" / see gatewright plan --help'],
  [
    ['--parallelism', '-1'],
    '--parallelism needs a value, and "-1" looks like a flag / write --parallelism=-1 if that is the value',
  ],
  [['--parallelism', 'x'], '--parallelism takes a whole number, not "x" / see gatewright plan --help'],
  [
    ['--timeout', '5'],
    '--timeout takes a duration such as 90s, 45m or 2h, not "5" / see gatewright plan --help',
  ],
  [['--var', 'a'], '--var takes name=value, not "a" / see gatewright plan --help'],
  [['a', 'b'], 'plan does not take "b" / see gatewright plan --help'],
])('%j is refused', (argv, message) => expect(refusal(...argv)).toBe(message));

test('a needed operand is missed', () => {
  expect(() =>
    checkArgs(readCommandLine(['show']), { ...RULES, command: 'show', operands: ['<plan>'] }),
  ).toThrow('show needs <plan>');
});

test('no two flags share a name, an alias or a letter', () => {
  const names = FLAGS.flatMap((flag) => [flag.name, ...('alias' in flag && flag.alias ? [flag.alias] : [])]);
  const letters = FLAGS.flatMap((flag) => flag.short ?? []);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(letters).size).toBe(letters.length);
});

test('distance counts edits, a swap as one', () => {
  expect(distance('target', 'target')).toBe(0);
  expect(distance('taget', 'target')).toBe(1);
  expect(distance('tagret', 'target')).toBe(1);
  expect(distance('', 'abc')).toBe(3);
});

test('nearest takes what is close, not what is merely there', () => {
  expect(nearest('valdate', ['validate', 'plan'])).toBe('validate');
  expect(nearest('val', ['validate', 'plan'])).toBe('validate');
  expect(nearest('zzzzzz', ['validate', 'plan'])).toBeUndefined();
});
