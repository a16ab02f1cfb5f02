// Asks git what a commit holds: its tree and the bytes of files. Runs `git` and nothing else, checks nothing out, writes
// nothing, hands it no credentials. Knows nothing of projects.

/** Why git could not tell. `code` in kebab-case, `help` the way out. */
export class GitProblem extends Error {
  constructor(
    readonly code: 'bad-ref' | 'no-git' | 'no-repository' | 'unknown-ref' | 'too-large' | 'git',
    message: string,
    readonly help: string,
  ) {
    super(message);
    this.name = 'GitProblem';
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** A repository as seen from one of its folders. */
export interface GitPlace {
  /** Any folder inside it: git finds the rest. */
  readonly directory: string;
  /** Where that folder lies in the repository, '' at its top, else `ops/gateways`. */
  readonly folder: string;
  readonly shallow: boolean;
  readonly env: Environment;
}

export interface GitEntry {
  /** `100644`, `100755`, `120000` a link, `160000` another repository. */
  readonly mode: string;
  readonly object: string;
}

const SYNTH = 'Or give a file instead: in a checkout of that commit, gatewright synth > base.json';
const LONGEST_REF = 255;
const MOST_ANSWERED = 64_000_000;
/** Long, because a partial clone fetches what is asked for. */
const PATIENCE_MS = 120_000;
/** What git may know of the environment: where it and its settings lie, and how a partial clone is completed. */
const HANDED_ON =
  /^(PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|SYSTEMROOT|COMSPEC|PATHEXT|TMPDIR|TEMP|TMP|XDG_CONFIG_HOME|SSH_AUTH_SOCK|SSL_CERT_(FILE|DIR)|(https?|all|no)_proxy|GIT_CONFIG_(NOSYSTEM|SYSTEM|GLOBAL|COUNT|KEY_\d+|VALUE_\d+)|GIT_(CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|SSH|SSH_COMMAND|ASKPASS))$/i;
const CONTROL = /\p{Cc}/u;

/**
 * Finds the repository around a folder. A bare one inside a working tree is not obeyed: it could have been committed,
 * with settings that run programs. https://git-scm.com/docs/git-config#Documentation/git-config.txt-safebareRepository
 */
export function gitPlace(directory: string, environment: Environment): GitPlace {
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => HANDED_ON.test(name)));
  const { status, stdout, stderr } = git(
    { directory, env },
    ['rev-parse', '--show-prefix', '--is-shallow-repository'],
    undefined,
  );
  if (status !== 0) {
    throw new GitProblem(
      'no-repository',
      `git finds no repository to look for a ref in: ${firstLine(stderr)}`,
      `Run this in a clone of the project. ${SYNTH}`,
    );
  }
  const lines = stdout.toString('utf8').split('\n');
  const shallow = lines.at(-2) === 'true';
  return { directory, folder: (lines.at(-3) ?? '').replace(/\/$/, ''), shallow, env };
}

/** The commit that a ref names, in full. */
export function gitCommit(place: GitPlace, ref: string): string {
  const problem = refProblem(ref);
  if (problem !== undefined) {
    throw new GitProblem(
      'bad-ref',
      `${JSON.stringify(ref.slice(0, 80))} is no git ref: ${problem}`,
      `Name a branch, a tag or a commit. ${SYNTH}`,
    );
  }
  // By standard input: whatever it is, it is no option.
  const asked = [`${ref}^{commit}`, `refs/remotes/origin/${ref}^{commit}`];
  const { stdout } = answered(place, ['cat-file', '--batch-check'], `${asked.join('\n')}\n`);
  const [named, remote] = stdout.toString('utf8').split('\n');
  const commit = commitIn(named);
  if (commit === undefined) throw unknown(ref, place, commitIn(remote) !== undefined);
  return commit;
}

function commitIn(line: string | undefined): string | undefined {
  return /^([0-9a-f]{40}|[0-9a-f]{64}) commit \d+$/.exec(line ?? '')?.[1];
}

function refProblem(ref: string): string | undefined {
  if (ref === '') return 'it is empty';
  if (ref.startsWith('-')) return 'it begins with "-"';
  if (ref.length > LONGEST_REF) return `it has more than ${LONGEST_REF} characters`;
  if (CONTROL.test(ref)) return 'it has control characters';
  if (ref.includes(':')) return 'it has a colon';
  return ref.includes('..') ? 'it is a range' : undefined;
}

function unknown(ref: string, { shallow }: GitPlace, isRemote: boolean): GitProblem {
  const message = `"${ref}" names no commit in this clone${shallow ? ', which is shallow' : ''}`;
  if (isRemote)
    return new GitProblem('unknown-ref', message, `Did you mean origin/${ref}? Or fetch it first.`);
  const fetch = shallow
    ? 'Fetch more of the history: fetch-depth: 0 with actions/checkout, git fetch --unshallow elsewhere.'
    : `Check the spelling, or fetch it (git fetch origin ${ref}).`;
  return new GitProblem('unknown-ref', message, `${fetch} ${SYNTH}`);
}

/** Every entry below a folder of a commit, by path from there. Undefined when the commit has no such folder. */
export function gitEntries(
  place: GitPlace,
  commit: string,
  folder: string,
): ReadonlyMap<string, GitEntry> | undefined {
  const tree = `${commit}:${folder}`;
  const { status, stdout, stderr } = git(place, ['ls-tree', '-r', '-z', '--full-tree', tree], undefined);
  if (status !== 0) {
    const kind = git(place, ['cat-file', '-t', tree], undefined);
    if (kind.status !== 0 || kind.stdout.toString('utf8').trim() !== 'tree') return undefined;
    throw failed(stderr);
  }
  const entries = new Map<string, GitEntry>();
  for (const line of stdout.toString('utf8').split('\0')) {
    const [, mode = '', object = '', path] = /^(\d+) \w+ ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
    if (path !== undefined) entries.set(path, { mode, object });
  }
  return entries;
}

/** How large objects are, in bytes; those that are not to be had are left out. */
export function gitSizes(place: GitPlace, objects: readonly string[]): Map<string, number> {
  const { stdout } = answered(place, ['cat-file', '--batch-check'], `${objects.join('\n')}\n`);
  const lines = stdout.toString('utf8').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, object, size] = /^([0-9a-f]+) blob (\d+)$/.exec(line) ?? [];
      return object === undefined ? [] : [[object, Number(size)] as const];
    }),
  );
}

/** The bytes of objects; those that are not to be had are left out. Callers keep the sum within bounds. */
export function gitObjects(place: GitPlace, objects: readonly string[]): Map<string, Uint8Array> {
  const { stdout } = answered(place, ['cat-file', '--batch'], `${objects.join('\n')}\n`);
  const found = new Map<string, Uint8Array>();
  let at = 0;
  while (at < stdout.length) {
    const end = stdout.indexOf(0x0a, at);
    if (end < 0) break;
    const [, object, size] = /^([0-9a-f]+) blob (\d+)$/.exec(stdout.subarray(at, end).toString('utf8')) ?? [];
    at = end + 1;
    if (object === undefined) continue;
    found.set(object, stdout.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return found;
}

function answered(place: GitPlace, words: readonly string[], input: string) {
  const ended = git(place, words, input);
  if (ended.status !== 0) throw failed(ended.stderr);
  return ended;
}

function git(
  { directory, env }: Pick<GitPlace, 'directory' | 'env'>,
  words: readonly string[],
  input: string | undefined,
) {
  const { spawnSync } = require('node:child_process') as typeof import('node:child_process');
  const ended = spawnSync('git', ['-c', 'safe.bareRepository=explicit', '-C', directory, ...words], {
    // English, never asking, and no settings of an outer git that runs this as a hook.
    env: { ...env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' },
    input: input ?? '',
    maxBuffer: 2 * MOST_ANSWERED,
    timeout: PATIENCE_MS,
    windowsHide: true,
  });
  const code = (ended.error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT') throw new GitProblem('no-git', 'git cannot be started', `Install it. ${SYNTH}`);
  if (code === 'ENOBUFS')
    throw new GitProblem('too-large', 'that commit has more files than are looked through', SYNTH);
  if (ended.error !== undefined || ended.status === null)
    throw new GitProblem('git', `git ${words[0]} did not end well: ${code ?? ended.signal}`, SYNTH);
  return ended;
}

function failed(stderr: Buffer): GitProblem {
  return new GitProblem('git', `git could not read that commit: ${firstLine(stderr)}`, SYNTH);
}

function firstLine(stderr: Buffer): string {
  return stderr.toString('utf8').trim().split('\n', 1)[0]?.slice(0, 300) || 'it said nothing';
}
