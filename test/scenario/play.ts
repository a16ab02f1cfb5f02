// Plays a story: a project in a temporary folder, a simulated workspace, the built command. Gives what
// was not as told, and the story as it would be told now.
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Json } from '../../src/model/json';
import { Simulator } from '../../src/simulator';
import { type Watch, watched } from '../governed/watch';
import { CANARY, leaked, mask, type Places, unmask } from './masks';
import { sameRequests, type Telling, tell } from './requests';
import { type Section, type Story, splitWords } from './story';
import { holds, shapedLike } from './subset';

export interface Problem {
  readonly line: number;
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  /** It is wrong whatever the story expects: an update does not make it right. */
  readonly never?: true;
}

export interface Outcome {
  readonly problems: readonly Problem[];
  /** With every expectation replaced by what was seen. */
  readonly retold: Story;
}

export interface Play {
  /** Program and first arguments instead of the built command. */
  readonly command?: readonly string[];
  /** Milliseconds for one command, default 60,000. */
  readonly patience?: number;
}

interface Ended {
  readonly exit: string;
  readonly stdout: string;
  readonly stderr: string;
}

const BUILT = [process.execPath, join(__dirname, '../../dist/bin/gatewright.js')];
const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export async function play(story: Story, options: Play = {}): Promise<Outcome> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'gatewright-story-')));
  const { simulator, watch } = await watched(Simulator.start, { clock: story.clock });
  try {
    const stage = new Stage(simulator, watch, home, options);
    const retold: Section[] = [];
    for (const [index, section] of story.sections.entries())
      retold.push(...(await stage.perform(section, story.sections[index + 1])));
    stage.searchFiles();
    const last = retold.pop();
    if (last !== undefined) retold.push({ ...last, space: story.sections.at(-1)?.space ?? 0 });
    return { problems: stage.problems, retold: { ...story, sections: retold } };
  } finally {
    await simulator.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Throws an Error with every problem of the story, each with its line. */
export function assertNoProblems(problems: readonly Problem[], file: string): void {
  if (problems.length === 0) return;
  const indented = (text: string) =>
    text
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n');
  throw new Error(
    problems
      .map(
        ({ line, what, expected, seen }) =>
          `${file}:${line}: ${what}\n  told:\n${indented(expected)}\n  seen:\n${indented(seen)}`,
      )
      .join('\n\n'),
  );
}

function trimmed(text: string): string[] {
  const end = text.replace(/\n+$/, '');
  return end === '' ? [] : end.split('\n');
}

/** A section that gets its first body is set apart from the next. */
function spaced(section: Section, body: readonly string[]): Section {
  const first = section.body.length === 0 && body.length > 0;
  return { ...section, body, space: first ? Math.max(section.space, 1) : section.space };
}

class Stage {
  readonly problems: Problem[] = [];
  readonly #directory: string;
  readonly #places: Places;
  readonly #secrets = [CANARY];
  #stderr: string[] = [];

  constructor(
    readonly simulator: Simulator,
    readonly watch: Watch,
    readonly home: string,
    readonly options: Play,
  ) {
    this.#directory = join(home, 'project');
    mkdirSync(this.#directory);
    this.#places = { host: simulator.url, directory: this.#directory };
  }

  /** The section as it would be told now; a command may bring a stderr section along. */
  async perform(section: Section, next: Section | undefined): Promise<Section[]> {
    const { kind, argument, body } = section;
    const text = () => unmask(body.join('\n'), this.#places);
    switch (kind) {
      case 'file':
        this.#write(argument, body.length === 0 ? '' : `${text()}\n`);
        return [section];
      case 'remove':
        rmSync(this.#path(argument), { recursive: true });
        return [section];
      case 'live':
        this.simulator.seed(parse(text()) ?? {});
        return [section];
      case 'faults':
        this.simulator.clearFaults();
        for (const fault of parse(text()) ?? []) this.simulator.addFault(fault);
        return [section];
      case 'clock':
        this.simulator.advance(clockMilliseconds(argument, section.line));
        return [section];
      case 'commit':
        this.#commit(argument);
        return [section];
      case 'shallow':
        this.#cutHistory();
        return [section];
      case '#':
        return [section];
      case 'by hand':
        return [await this.#byHand(section)];
      case '$ gatewright':
        return this.#run(section, next);
      case 'stderr':
        return this.#stderr.length === 0 ? [] : [spaced(section, this.#stderr)];
      case 'requests':
      case 'requests (writes)':
      case 'requests (counts)':
        return [this.#tellRequests(section, kind)];
      case 'file-exists':
      case 'file-absent':
        this.#expect(
          section,
          'the file',
          kind,
          existsSync(this.#path(argument)) ? 'file-exists' : 'file-absent',
        );
        return [section];
      case 'file-is':
        return [this.#compareFile(section)];
      case 'live after':
        return [this.#compareLive(section)];
    }
  }

  /** No file of the story may hold a secret. */
  searchFiles(): void {
    for (const file of readdirSync(this.home, { recursive: true, withFileTypes: true })) {
      if (!file.isFile() || file.parentPath.includes('/.git')) continue;
      const path = join(file.parentPath, file.name);
      this.#refuseLeaks(1, path, readFileSync(path, 'latin1'));
    }
  }

  #path(path: string): string {
    const whole = join(this.#directory, path);
    if (!whole.startsWith(this.#directory)) throw new Error(`${path} leaves the project`);
    return whole;
  }

  #write(path: string, text: string): void {
    mkdirSync(dirname(this.#path(path)), { recursive: true });
    writeFileSync(this.#path(path), text);
  }

  #expect(section: Section, what: string, expected: string, seen: string): void {
    if (expected !== seen) this.problems.push({ line: section.line, what, expected, seen });
  }

  #refuseLeaks(line: number, what: string, text: string): void {
    const secret = leaked(text, this.#secrets);
    if (secret !== undefined)
      this.problems.push({
        line,
        what: `${what} holds a secret`,
        expected: 'no secret anywhere',
        seen: secret,
        never: true,
      });
  }

  #git(...words: string[]): string {
    const options = {
      cwd: this.#directory,
      env: this.#environment([]),
      stdio: 'pipe',
      encoding: 'utf8',
    } as const;
    return execFileSync('git', words, options).trim();
  }

  #commit(name: string): void {
    if (!existsSync(this.#path('.git'))) this.#git('init', '--quiet', '--initial-branch=main');
    this.#git('add', '--all');
    this.#git('commit', '--quiet', '--allow-empty', '--message', name || 'a commit');
    if (name !== '') this.#git('tag', '--force', name);
  }

  /** As a clone of depth 1: the last commit has no parents that are known, and no tag names another. */
  #cutHistory(): void {
    for (const tag of this.#git('tag').split('\n')) if (tag !== '') this.#git('tag', '--delete', tag);
    writeFileSync(this.#path('.git/shallow'), `${this.#git('rev-parse', 'HEAD')}\n`);
  }

  #environment(own: readonly string[]): NodeJS.ProcessEnv {
    const person = { NAME: 'Ana', EMAIL: 'ana@example.com', DATE: '2026-01-01T00:00:00Z' };
    const environment: NodeJS.ProcessEnv = {
      PATH: process.env.PATH,
      HOME: this.home,
      USERPROFILE: this.home,
      TMPDIR: this.home,
      LANG: 'C.UTF-8',
      COLUMNS: '80',
      NO_COLOR: '1',
      DATABRICKS_HOST: this.simulator.url,
      DATABRICKS_TOKEN: CANARY,
      GIT_CONFIG_NOSYSTEM: '1',
    };
    for (const role of ['AUTHOR', 'COMMITTER'])
      for (const [name, value] of Object.entries(person)) environment[`GIT_${role}_${name}`] = value;
    for (const assignment of own) {
      const [name = '', ...value] = assignment.split('=');
      const text = unmask(value.join('='), this.#places);
      if (text.includes('canary')) this.#secrets.push(text);
      environment[name] = text === '' ? undefined : text;
    }
    return environment;
  }

  async #run(section: Section, next: Section | undefined): Promise<Section[]> {
    const named = (name: string) =>
      section.directives.filter(([key]) => key === name).map(([, value]) => value);
    this.simulator.clearRequests();
    this.watch.begin();
    const ended = await this.#spawn(section, this.#environment(named('env')), endings(section));
    const looser = this.watch.end();
    if (looser.length > 0)
      this.problems.push({
        line: section.line,
        what: 'less governed in between',
        expected: 'every state as governed as one of the two ends',
        seen: looser.join('\n'),
        never: true,
      });
    this.#refuseLeaks(section.line, 'stdout', ended.stdout);
    this.#refuseLeaks(section.line, 'stderr', ended.stderr);
    const stdout = trimmed(mask(ended.stdout, this.#places));
    this.#stderr = named('stderr')[0] === 'any' ? [] : trimmed(mask(ended.stderr, this.#places));
    const told = next?.kind === 'stderr' ? next.body : [];
    this.#expect(section, 'exit', named('exit')[0] ?? '0', ended.exit);
    this.#expect(section, 'stdout', section.body.join('\n'), stdout.join('\n'));
    this.#expect(
      next?.kind === 'stderr' ? next : section,
      'stderr',
      told.join('\n'),
      this.#stderr.join('\n'),
    );
    const told0 = named('exit')[0] === undefined && ended.exit !== '0' ? [['exit', '0'] as const] : [];
    const directives = [...told0, ...section.directives].map(([name, value]) =>
      name === 'exit' ? ([name, ended.exit] as const) : ([name, value] as const),
    );
    const retold = { ...spaced(section, stdout), directives };
    if (next?.kind === 'stderr' || this.#stderr.length === 0) return [retold];
    const stderr: Section = {
      line: section.line,
      kind: 'stderr',
      argument: '',
      directives: [],
      body: this.#stderr,
      space: Math.max(section.space, 1),
    };
    return [{ ...retold, space: 0 }, stderr];
  }

  #spawn(section: Section, env: NodeJS.ProcessEnv, ending: Ending | undefined): Promise<Ended> {
    const [program = '', ...first] = this.options.command ?? BUILT;
    const words = splitWords(unmask(section.argument, this.#places));
    const child = spawn(program, [...first, ...words], {
      cwd: this.#directory,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const patience = setTimeout(() => child.kill('SIGKILL'), this.options.patience ?? 60_000);
    const watch =
      ending === undefined
        ? undefined
        : setInterval(() => {
            if (this.simulator.requests.length < ending.requests) return;
            clearInterval(watch);
            child.kill(ending.signal);
          }, 2);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (part) => out.push(part));
    child.stderr.on('data', (part) => err.push(part));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        clearTimeout(patience);
        clearInterval(watch);
        const text = (parts: Buffer[]) => Buffer.concat(parts).toString('utf8');
        resolve({ exit: signal ?? String(code), stdout: text(out), stderr: text(err) });
      });
    });
  }

  async #byHand(section: Section): Promise<Section> {
    const [line = '', ...rest] = section.body;
    const [method = '', path = ''] = line.split(' ');
    const body = rest.join('\n').trim() === '' ? undefined : JSON.stringify(parse(rest.join('\n')));
    const answer = await fetch(new URL(path, this.simulator.url), {
      method,
      headers: { authorization: `Bearer ${CANARY}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
    const told = section.directives.find(([name]) => name === 'status')?.[1];
    const seen = `${answer.status} ${answer.ok ? '' : await answer.text()}`.trim();
    if (told === undefined ? !answer.ok : told !== String(answer.status))
      this.#expect(section, 'the answer to a request by hand', told ?? '2xx', seen);
    if (told === undefined && answer.ok) return section;
    return { ...section, directives: [['status', String(answer.status)]] };
  }

  #tellRequests(section: Section, telling: Telling): Section {
    const seen = tell(this.simulator.requests, telling);
    if (sameRequests(section.body, seen)) return section;
    this.#expect(section, telling, section.body.join('\n'), seen.join('\n'));
    return spaced(section, seen);
  }

  #compareFile(section: Section): Section {
    const path = this.#path(section.argument);
    const seen = existsSync(path)
      ? trimmed(mask(readFileSync(path, 'utf8'), this.#places))
      : ['(no such file)'];
    this.#expect(section, section.argument, section.body.join('\n'), seen.join('\n'));
    return { ...section, body: seen };
  }

  #compareLive(section: Section): Section {
    const told: Json = parse(section.body.join('\n')) ?? {};
    const state = this.simulator.snapshot() as unknown as Json;
    if (holds(told, state)) return section;
    const seen = stringify(shapedLike(told, state)).trimEnd();
    this.problems.push({ line: section.line, what: 'live after', expected: section.body.join('\n'), seen });
    return { ...section, body: seen.split('\n') };
  }
}

interface Ending {
  readonly signal: 'SIGINT' | 'SIGKILL';
  readonly requests: number;
}

/** How a command ends before its end: `interrupt: after 3 requests`, `kill: after 1 request`. */
function endings({ directives }: Section): Ending | undefined {
  const [name, value = ''] = directives.find(([key]) => key === 'interrupt' || key === 'kill') ?? [];
  if (name === undefined) return undefined;
  const [, requests] = /^after (\d+) requests?$/.exec(value) ?? [];
  if (requests === undefined) throw new Error(`${name}: after <n> requests`);
  return { signal: name === 'kill' ? 'SIGKILL' : 'SIGINT', requests: Number(requests) };
}

function clockMilliseconds(text: string, line: number): number {
  const [, digits, unit = ''] = /^\+(\d+)([smhd])$/.exec(text) ?? [];
  if (digits === undefined) throw new Error(`line ${line}: a clock moves as +90s, +5m, +1h or +2d`);
  return Number(digits) * UNITS[unit]!;
}
