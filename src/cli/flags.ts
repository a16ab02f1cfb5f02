// Every flag, once: what it is called, what it takes, what it says in the help. Commands name the flags that
// they obey; a flag means the same wherever it stands. Knows nothing of what flags do.

export interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly alias?: string;
  /** The name of its value in the help. Absent: the flag is on or off. */
  readonly value?: string;
  readonly type?: 'text' | 'count' | 'duration' | 'pair';
  /** May be given more than once. */
  readonly repeat?: true;
  /** The values that it takes; a command may take fewer. */
  readonly choices?: readonly string[];
  readonly help: string;
}

const FORMATS = ['text', 'json', 'markdown', 'sarif', 'junit', 'github'] as const;

const ROWS = [
  { name: 'directory', short: 'C', value: 'dir', help: 'the project folder (default: where you are)' },
  { name: 'target', short: 't', value: 'name', help: 'which of the targets in gatewright.yaml' },
  { name: 'profile', short: 'p', value: 'name', help: 'a profile of ~/.databrickscfg' },
  { name: 'host', value: 'url', help: 'the workspace; must match the host of the target' },
  { name: 'format', short: 'o', value: 'format', choices: FORMATS, help: 'how to print the result' },
  { name: 'select', value: 'glob', repeat: true, help: 'only the resources whose address matches' },
  { name: 'exclude', value: 'glob', repeat: true, help: 'not the resources whose address matches' },
  { name: 'var', value: 'name=value', type: 'pair', repeat: true, help: 'the value of a variable' },
  { name: 'base', value: 'ref', help: 'a git ref (or a file made by synth) to tell intent from drift' },
  { name: 'since', value: 'ref', help: 'as --base, and read only what changed in the config since' },
  { name: 'desired', value: 'file', help: 'a file made by synth instead of the config' },
  {
    name: 'refresh',
    value: 'how',
    choices: ['list', 'full'],
    help: 'read what is live by list, or each in full',
  },
  {
    name: 'policy',
    value: 'file',
    repeat: true,
    help: 'hold this policy as well; the project cannot weaken it',
  },
  {
    name: 'waivers-from',
    value: 'file',
    help: 'the waivers that hold, as the base branch has them; others are pending',
  },
  { name: 'out', value: 'file', help: 'save the result to a file' },
  { name: 'events', value: 'file', help: 'write what happens, one JSON object a line (-: to stdout)' },
  { name: 'expect-digest', value: 'sha256', help: 'apply only if the plan has this digest' },
  { name: 'allow', value: 'guard[:resource]', repeat: true, help: 'let a named guard pass' },
  { name: 'yes', short: 'y', alias: 'auto-approve', help: 'do not ask' },
  { name: 'rotate', value: 'resource', repeat: true, help: 'send the credentials of this resource again' },
  { name: 'no-wait', help: 'do not wait until the workspace has settled' },
  { name: 'timeout', value: 'duration', type: 'duration', help: 'give up after so long (90s, 45m, 2h)' },
  { name: 'parallelism', value: 'n', type: 'count', help: 'requests at a time' },
  { name: 'detailed-exitcode', help: 'exit 2 when there are differences' },
  { name: 'strict', help: 'warnings count as errors' },
  { name: 'to', value: 'form', choices: ['json', 'terraform', 'bundle'], help: 'what to make of the config' },
  {
    name: 'from',
    value: 'engine',
    choices: ['terraform', 'bundle'],
    help: 'take a file of another engine, not a workspace',
  },
  {
    name: 'into',
    value: 'dir',
    help: 'write new files into this folder of the project (migrate: or FILE.yaml)',
  },
  {
    name: 'schema',
    value: 'catalog.schema',
    help: 'the schema of Unity Catalog that new services lie in',
  },
  {
    name: 'group',
    value: 'how',
    choices: ['endpoint', 'all'],
    help: 'a file for each endpoint, or one for all',
  },
  { name: 'presets', help: 'say once, in a preset, what three or more have in common' },
  { name: 'fold', help: 'say by a glob what is the same for all that it reaches' },
  {
    name: 'manage',
    value: 'how',
    choices: ['full', 'attach', 'observe'],
    help: 'how to manage what is imported (default: full)',
  },
  { name: 'port', value: 'n', type: 'count', help: 'the port to listen on (default: a free one)' },
  { name: 'state', value: 'file', help: 'keep the state of the simulated workspace in a file' },
  { name: 'seed', value: 'file', help: 'put resources there first, from YAML or JSON' },
  { name: 'no-color', help: 'no colours (also: NO_COLOR)' },
  { name: 'verbose', help: 'say each request, and where an unexpected error arose' },
  { name: 'help', short: 'h', help: 'this help' },
] as const satisfies readonly Flag[];

export type FlagName = (typeof ROWS)[number]['name'];

export const FLAGS: readonly (Flag & { readonly name: FlagName })[] = ROWS;

/** Every command obeys these. */
export const EVERYWHERE: readonly FlagName[] = ['directory', 'no-color', 'verbose', 'help'];

export function flagNamed(name: string): (Flag & { readonly name: FlagName }) | undefined {
  return FLAGS.find((flag) => flag.name === name || flag.alias === name);
}
