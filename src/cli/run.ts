// One run: find the command, check its flags, run it, turn every way it can end into text and an exit code.
// Never throws; knows no command by name.
import type { CommandLine } from './args';
import type { Context } from './context';
import { EXIT, type ExitCode } from './exit-codes';
import { toolVersion } from './version';

export async function run(argv: readonly string[], context: Context): Promise<ExitCode> {
  try {
    return await dispatch(argv, context);
  } catch (error) {
    return report(error, argv, context);
  }
}

/** For what nobody caught: says one clean line, with `--verbose` also where it arose. */
export function reportUnexpected(error: unknown, argv: readonly string[], context: Context): ExitCode {
  return report(error, argv, context);
}

async function dispatch(argv: readonly string[], context: Context): Promise<ExitCode> {
  // Answered before anything is loaded: editors and CI ask for it often.
  if (argv[0] === '--version' || argv[0] === '-V' || argv[0] === 'version') {
    context.stdout.write(`gatewright ${toolVersion(context)}\n`);
    return EXIT.ok;
  }
  const { readCommandLine } = require('./args') as typeof import('./args');
  const line = readCommandLine(argv);
  const wantsHelp = line.flags.some((flag) => flag.name === 'help');
  if (line.command === undefined || line.command === 'help') return help(line, wantsHelp, context);
  const row = findCommand(line.command);
  const { command } = row.load();
  if (wantsHelp) {
    const { commandHelp } = require('./help') as typeof import('./help');
    context.stdout.write(commandHelp(row, command));
    return EXIT.ok;
  }
  const { checkArgs } = require('./args') as typeof import('./args');
  const { EVERYWHERE } = require('./flags') as typeof import('./flags');
  const args = checkArgs(line, {
    command: row.name,
    flags: [...command.flags, ...EVERYWHERE],
    operands: command.operands ?? [],
    ...(command.choices === undefined ? {} : { choices: command.choices }),
  });
  return command.run(args, context);
}

function help(line: CommandLine, asked: boolean, context: Context): ExitCode {
  const { commandHelp, overview } = require('./help') as typeof import('./help');
  const about = line.operands[0];
  if (line.command === 'help' && about !== undefined) {
    const row = findCommand(about);
    context.stdout.write(commandHelp(row, row.load().command));
    return EXIT.ok;
  }
  const unknown = line.flags.find((flag) => flag.name !== 'help');
  if (line.command === undefined && !asked && unknown !== undefined) throw noCommand(unknown.rawName);
  if (asked || line.command === 'help') {
    context.stdout.write(overview());
    return EXIT.ok;
  }
  context.stderr.write(overview());
  return EXIT.failed;
}

function noCommand(flag: string): Error {
  const { failure } = require('./failure') as typeof import('./failure');
  return failure('usage', `${flag} stands without a command`, { help: 'see gatewright --help' });
}

function findCommand(name: string) {
  const { COMMANDS, commandNamed } = require('./commands') as typeof import('./commands');
  const row = commandNamed(name);
  if (row !== undefined) return row;
  const { nearest } = require('./nearest') as typeof import('./nearest');
  const { failure } = require('./failure') as typeof import('./failure');
  const names = ['help', 'version', ...COMMANDS.flatMap((known) => [known.name, ...known.aliases])];
  const meant = nearest(name, names);
  throw failure('usage', `unknown command "${name}"`, {
    help: meant === undefined ? 'see gatewright --help' : `did you mean "${meant}"?`,
  });
}

function report(error: unknown, argv: readonly string[], context: Context): ExitCode {
  const { printFailure } = require('./report') as typeof import('./report');
  return printFailure(error, argv.includes('--verbose'), argv.includes('--no-color'), context);
}
