// The frame: help, version, typos, and how a run ends when something throws.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../src/cli/commands';
import { Failure } from '../../src/cli/failure';
import { commandHelp } from '../../src/cli/help';
import { printFailure } from '../../src/cli/report';
import { run } from '../../src/cli/run';
import { cells } from '../../src/render/width';
import { world } from './world';

const version = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')).version;

test.each([['--version'], ['-V'], ['version']])('%s', async (word) => {
  const w = world();
  expect(await run([word], w)).toBe(0);
  expect(w.out()).toBe(`gatewright ${version}\n`);
});

test.each([['--help'], ['-h'], ['help']])('%s lists every command', async (word) => {
  const w = world();
  expect(await run([word], w)).toBe(0);
  for (const row of COMMANDS) expect(w.out()).toContain(`  ${row.name}`);
});

test('no command at all is a mistake, and the help goes to stderr', async () => {
  const w = world();
  expect(await run([], w)).toBe(1);
  expect(w.out()).toBe('');
  expect(w.err()).toContain('Usage: gatewright <command>');
});

test('help of a command both ways', async () => {
  const [a, b] = [world(), world()];
  expect(await run(['schema', '--help'], a)).toBe(0);
  expect(await run(['help', 'schema'], b)).toBe(0);
  expect(a.out()).toBe(b.out());
  expect(a.out()).toContain('Usage: gatewright schema [name] [flags]');
});

test('every help fits 80 columns', () => {
  for (const row of COMMANDS)
    for (const line of commandHelp(row, row.load().command).split('\n'))
      expect(cells(line)).toBeLessThanOrEqual(80);
});

test('an unknown command names the one that was meant', async () => {
  const w = world();
  expect(await run(['valdate'], w)).toBe(1);
  expect(w.err()).toBe('error[usage]: unknown command "valdate"\n   = help: did you mean "validate"?\n\n');
});

test('a flag without a command', async () => {
  const w = world();
  expect(await run(['--target', 'x'], w)).toBe(1);
  expect(w.err()).toContain('--target stands without a command');
});

test('schema lists, prints, and corrects', async () => {
  const [list, one, typo] = [world(), world(), world()];
  expect(await run(['schema'], list)).toBe(0);
  expect(list.out().split('\n')).toContain('gatewright');
  expect(await run(['schema', 'gatewright'], one)).toBe(0);
  expect(JSON.parse(one.out()).$id).toMatch(/gatewright/);
  expect(await run(['schema', 'gatewrite'], typo)).toBe(1);
  expect(typo.err()).toContain('did you mean "gatewright"?');
});

describe('failures', () => {
  test('diagnostics keep their exit code', () => {
    const w = world();
    const failed = new Failure([{ code: 'stale', severity: 'error', message: 'moved' }], 6);
    expect(printFailure(failed, false, false, w)).toBe(6);
    expect(w.err()).toBe('error[stale]: moved\n\n');
  });

  test('an error of another folder that has a code and a way out is shown with both', () => {
    const w = world();
    const error = Object.assign(new Error('nobody there'), { code: 'no-answer', help: 'try again' });
    expect(printFailure(error, false, false, w)).toBe(1);
    expect(w.err()).toBe('error[no-answer]: nobody there\n   = help: try again\n\n');
  });

  test('anything else is one clean line without a stack, a control character or a secret', () => {
    const w = world();
    w.secrets.add('dapi-canary-token');
    expect(printFailure(new Error('odd \u001b[2J dapi-canary-token\nsecond'), false, false, w)).toBe(1);
    expect(w.err().split('\n')).toEqual([
      'error[unexpected]: odd \\u001b[2J [secret]',
      '   = help: this is a fault in gatewright; run again with --verbose to see where',
      '',
      '',
    ]);
  });

  test('--verbose adds the stack, still without the secret', () => {
    const w = world();
    w.secrets.add('dapi-canary-token');
    printFailure(new Error('dapi-canary-token'), true, false, w);
    expect(w.err()).toMatch(/at .*run\.test\.ts/);
    expect(w.err()).not.toContain('dapi-canary-token');
  });

  test.each([[null], [undefined], ['text'], [new Error('')]])('%p thrown is survived', (thrown) => {
    const w = world();
    expect(printFailure(thrown, true, false, w)).toBe(1);
    expect(w.err()).toMatch(/^error\[unexpected\]: ./);
  });
});

test('colours go to a terminal only, and not against the wish', () => {
  const shown = (env: Record<string, string>, isTTY: boolean, noColour: boolean) => {
    let text = '';
    const write = (part: string) => {
      text += part;
    };
    const stderr = { isTTY, write };
    printFailure(
      new Failure([{ code: 'a', severity: 'error', message: 'b' }]),
      false,
      noColour,
      world({ env, stderr }),
    );
    return text.includes('\u001b');
  };
  expect(shown({}, true, false)).toBe(true);
  expect(shown({}, false, false)).toBe(false);
  expect(shown({}, true, true)).toBe(false);
  expect(shown({ NO_COLOR: '1' }, true, false)).toBe(false);
  expect(shown({ NO_COLOR: '' }, true, false)).toBe(true);
  expect(shown({ TERM: 'dumb' }, true, false)).toBe(false);
});
