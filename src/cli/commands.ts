// The commands by name, in the order of the help. A command's file is loaded only when it is run or asked
// for help, so that `--version` and a typo cost nothing.
import type { Args } from './args';
import type { Context } from './context';
import type { ExitCode } from './exit-codes';
import type { FlagName } from './flags';

/** What a file in commands/ exports as `command`. */
export interface Command {
  /** Beside those that every command obeys. */
  readonly flags: readonly FlagName[];
  /** The values of a flag that this command takes, if fewer than the flag's own. */
  readonly choices?: Readonly<Partial<Record<FlagName, readonly string[]>>>;
  /** `<plan>`, or `[name]` when it may be left out. */
  readonly operands?: readonly string[];
  /** A paragraph under the usage line. */
  readonly about: string;
  readonly examples?: readonly string[];
  run(args: Args, context: Context): Promise<ExitCode>;
}

export interface CommandRow {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  load(): { readonly command: Command };
}

export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'validate',
    aliases: [],
    summary: 'check the files, offline',
    load: () => require('./commands/validate') as typeof import('./commands/validate'),
  },
  {
    name: 'plan',
    aliases: ['diff'],
    summary: 'show what apply would do',
    load: () => require('./commands/plan') as typeof import('./commands/plan'),
  },
  {
    name: 'show',
    aliases: [],
    summary: 'print a saved plan',
    load: () => require('./commands/show') as typeof import('./commands/show'),
  },
  {
    name: 'apply',
    aliases: [],
    summary: 'make the workspace as the files say',
    load: () => require('./commands/apply') as typeof import('./commands/apply'),
  },
  {
    name: 'drift',
    aliases: [],
    summary: 'is the workspace still as the files say?',
    load: () => require('./commands/drift') as typeof import('./commands/drift'),
  },
  {
    name: 'import',
    aliases: ['generate'],
    summary: 'write config for what is there',
    load: () => require('./commands/import') as typeof import('./commands/import'),
  },
  {
    name: 'migrate',
    aliases: [],
    summary: 'write serving endpoints as services of Unity AI Gateway',
    load: () => require('./commands/migrate') as typeof import('./commands/migrate'),
  },
  {
    name: 'synth',
    aliases: [],
    summary: 'print what the files ask for, as canonical JSON',
    load: () => require('./commands/synth') as typeof import('./commands/synth'),
  },
  {
    name: 'policy',
    aliases: [],
    summary: 'what must hold: list, explain, test, audit',
    load: () => require('./commands/policy') as typeof import('./commands/policy'),
  },
  {
    name: 'simulator',
    aliases: [],
    summary: 'serve a simulated workspace',
    load: () => require('./commands/simulator') as typeof import('./commands/simulator'),
  },
  {
    name: 'schema',
    aliases: [],
    summary: 'print a published JSON schema',
    load: () => require('./commands/schema') as typeof import('./commands/schema'),
  },
];

export function commandNamed(name: string): CommandRow | undefined {
  return COMMANDS.find((row) => row.name === name || row.aliases.includes(name));
}
