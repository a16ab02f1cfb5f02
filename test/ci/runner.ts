// Runs our workflows and our action as GitHub's runner would, as far as they go: real bash, real git at depth 1, real
// permissions on tokens; artifacts are folders, and npm finds what was built here.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { filled, holds, type Scope } from './expression';
import { type GitHub, REPOSITORY } from './github';

export const ROOT = join(__dirname, '../..');
const OWN = /^gatewright\/gatewright(?:\/(\.github\/workflows\/[\w-]+\.yml))?@v\d+\.\d+\.\d+$/;

// biome-ignore lint/suspicious/noExplicitAny: workflows are whatever their schema allows
type Any = any;

export const readYaml = (path: string): Any => parse(readFileSync(join(ROOT, path), 'utf8'));

export interface Ended {
  readonly result: 'success' | 'failure' | 'skipped';
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface Start {
  /** Of this repository. */
  readonly file: string;
  readonly event: string;
  readonly payload: Any;
  /** The commit that a checkout without `ref` gets. */
  readonly sha: string;
  readonly vars?: Record<string, string>;
  readonly inputs?: Record<string, string>;
  readonly run?: number;
  readonly fork?: boolean;
  /** Called before the job of that name. */
  readonly before?: Readonly<Record<string, () => Promise<void>>>;
  readonly env?: Record<string, string>;
}

export class Runner {
  /** By run and name. */
  readonly artifacts = new Map<string, string>();
  /** The environment that each job of our own gave its last step. */
  readonly environments = new Map<string, Record<string, string>>();
  readonly workspaces = new Map<string, string>();
  readonly npm: string;
  #folders = 0;

  constructor(
    readonly home: string,
    readonly origin: string,
    readonly github: GitHub,
  ) {
    const bin = join(home, 'bin');
    this.npm = join(home, 'npm.log');
    mkdirSync(bin, { recursive: true });
    // What the registry would answer: the package, as built here.
    writeFileSync(
      join(bin, 'npm'),
      `#!/usr/bin/env bash
set -eu
echo "$PWD: $*" >>"${this.npm}"
mkdir -p "$3/node_modules/.bin"
ln -sfn "${ROOT}" "$3/node_modules/gatewright"
printf '#!/bin/sh\\nexec node "%s" "$@"\\n' "${ROOT}/dist/bin/gatewright.js" >"$3/node_modules/.bin/gatewright"
chmod +x "$3/node_modules/.bin/gatewright"
`,
      { mode: 0o755 },
    );
    symlinkSync(process.execPath, join(bin, 'node'));
  }

  async run(start: Start): Promise<Record<string, Ended>> {
    const ended: Record<string, Ended> = {};
    await this.#workflow(readYaml(start.file), start, start.inputs ?? {}, undefined, '', ended);
    return ended;
  }

  async #workflow(
    workflow: Any,
    start: Start,
    given: Record<string, string>,
    granted: Permissions | undefined,
    prefix: string,
    ended: Record<string, Ended>,
  ): Promise<void> {
    if (JSON.stringify(workflow.permissions) !== '{}')
      throw new Error('permissions are not empty at the top');
    const declared: Any = workflow.on.workflow_call?.inputs ?? {};
    const inputs: Record<string, string> = {};
    for (const [name, { required, default: standard }] of Object.entries<Any>(declared)) {
      if (required && given[name] === undefined) throw new Error(`input ${name} is missing`);
      inputs[name] = given[name] ?? standard ?? '';
    }
    for (const name of Object.keys(given)) if (!(name in declared)) throw new Error(`no input ${name}`);
    for (const [name, job] of Object.entries<Any>(workflow.jobs)) {
      const permissions = allowed(job.permissions, granted);
      const needs = [job.needs ?? []].flat();
      const results = Object.fromEntries(needs.map((need: string) => [need, ended[`${prefix}${need}`]]));
      const contexts = {
        github: this.#context(start),
        inputs,
        vars: start.vars ?? {},
        needs: results,
        runner: { temp: '' },
        steps: {},
      };
      const success = needs.every((need: string) => ended[`${prefix}${need}`]?.result === 'success');
      const scope: Scope = { contexts, success };
      if (!holds(job.if, scope)) {
        ended[`${prefix}${name}`] = { result: 'skipped', log: '', outputs: {} };
        continue;
      }
      if (job.uses !== undefined) {
        const [, file] = OWN.exec(job.uses) ?? [];
        if (file === undefined) throw new Error(`cannot call ${job.uses}`);
        await this.#workflow(readYaml(file), start, values(job.with, scope), permissions, `${name}.`, ended);
        continue;
      }
      await start.before?.[`${prefix}${name}`]?.();
      const given = start.fork === true ? readOnly(permissions) : permissions;
      ended[`${prefix}${name}`] = await this.#job(`${prefix}${name}`, job, start, given, contexts);
    }
  }

  #context({ event, payload, sha, run = 1 }: Start) {
    return { event_name: event, event: payload, repository: REPOSITORY, sha, run_id: run };
  }

  async #job(name: string, job: Any, start: Start, permissions: Permissions, contexts: Any): Promise<Ended> {
    const folder = join(this.home, `job${++this.#folders}`);
    const [workspace, temp] = [join(folder, 'workspace'), join(folder, 'temp')];
    for (const one of [workspace, temp]) mkdirSync(one, { recursive: true });
    this.workspaces.set(name, workspace);
    const event = join(temp, 'event.json');
    writeFileSync(event, JSON.stringify(start.payload));
    const token = this.github.grant(permissions);
    const identity: Record<string, string> =
      permissions['id-token'] === 'write'
        ? {
            ACTIONS_ID_TOKEN_REQUEST_URL: `${this.github.url}/identity?a=b`,
            ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
          }
        : {};
    const environment = {
      PATH: `${join(this.home, 'bin')}:/usr/local/bin:/usr/bin:/bin`,
      HOME: temp,
      LANG: 'C.UTF-8',
      GIT_CONFIG_NOSYSTEM: '1',
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_API_URL: this.github.url,
      GITHUB_SERVER_URL: 'https://github.example.com',
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_RUN_ID: String(start.run ?? 1),
      GITHUB_EVENT_NAME: start.event,
      GITHUB_EVENT_PATH: event,
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: temp,
      ...identity,
      ...start.env,
    };
    const scoped = { ...contexts, github: { ...contexts.github, token }, runner: { temp } };
    const at: Place = { name, start, workspace, temp };
    const ended = await this.#steps(job.steps, at, environment, scoped);
    const outputs = values(job.outputs, { contexts: { ...scoped, steps: ended.steps }, success: true });
    return { result: ended.success ? 'success' : 'failure', log: ended.log, outputs };
  }

  async #steps(steps: Any[], at: Place, environment: Record<string, string>, contexts: Any) {
    let [success, log] = [true, ''];
    const done: Record<string, { outputs: Record<string, string> }> = {};
    for (const [index, step] of steps.entries()) {
      const scope: Scope = { contexts: { ...contexts, steps: done }, success };
      if (!holds(step.if, scope)) continue;
      const env = { ...environment, ...values(step.env, scope) };
      const ended = await this.#step(step, at, env, scope, contexts);
      log += ended.log;
      if (ended.code !== 0) success = false;
      done[step.id ?? `step ${index}`] = { outputs: ended.outputs };
    }
    return { success, log, steps: done };
  }

  async #step(
    step: Any,
    at: Place,
    env: Record<string, string>,
    scope: Scope,
    contexts: Any,
  ): Promise<Stepped> {
    if (step.run !== undefined) {
      this.environments.set(at.name, env);
      const directory = join(at.workspace, filled(step['working-directory'] ?? '.', scope));
      return shell(step.run, at.temp, directory, env);
    }
    const given = values(step.with, scope);
    if (OWN.test(step.uses)) {
      const action = readYaml('action.yml');
      for (const name of Object.keys(given))
        if (!(name in action.inputs)) throw new Error(`no input ${name}`);
      const inputs = Object.fromEntries(
        Object.entries<Any>(action.inputs).map(([name, { default: standard }]) => [
          name,
          given[name] ?? filled(String(standard ?? ''), scope),
        ]),
      );
      // An older command has no Markdown.
      if (!knowsMarkdown()) inputs.format = 'text';
      const inside = { ...contexts, inputs };
      const ended = await this.#steps(action.runs.steps, at, { ...env, GITHUB_ACTION_PATH: ROOT }, inside);
      const outputs = Object.fromEntries(
        Object.entries<Any>(action.outputs).map(([name, { value }]) => [
          name,
          filled(value, { contexts: { ...inside, steps: ended.steps }, success: true }),
        ]),
      );
      return { code: ended.success ? 0 : 1, log: ended.log, outputs };
    }
    const [, name] = /^actions\/([\w-]+)@[0-9a-f]{40}$/.exec(step.uses) ?? [];
    const done = { code: 0, log: '', outputs: {} };
    const run = String(given['run-id'] ?? at.start.run ?? 1);
    switch (name) {
      case 'setup-node':
        return done;
      case 'checkout':
        this.#checkout(given.ref ?? at.start.sha, at.workspace);
        return done;
      case 'upload-artifact': {
        const kept = join(this.home, `artifact${++this.#folders}`, basename(given.path ?? ''));
        if (!existsSync(given.path ?? '')) return { ...done, code: 1, log: 'no files found' };
        cpSync(given.path ?? '', kept);
        this.artifacts.set(`${run} ${given.name}`, kept);
        return done;
      }
      case 'download-artifact': {
        const kept = this.artifacts.get(`${run} ${given.name}`);
        if (kept === undefined) return { ...done, code: 1, log: `no artifact ${given.name}` };
        cpSync(kept, join(given.path ?? '', basename(kept)));
        return done;
      }
      default:
        throw new Error(`cannot use ${step.uses}`);
    }
  }

  #checkout(ref: string, workspace: string): void {
    const git = (...words: string[]) =>
      execFileSync('git', words, {
        cwd: workspace,
        stdio: 'pipe',
        env: { PATH: process.env.PATH, HOME: this.home, GIT_CONFIG_NOSYSTEM: '1' },
      });
    git('init', '--quiet');
    git('fetch', '--quiet', '--depth=1', `file://${this.origin}`, ref);
    git('checkout', '--quiet', '--detach', 'FETCH_HEAD');
  }
}

/** A called workflow may have less than its caller, never more. */
function allowed(asked: Permissions, granted: Permissions | undefined): Permissions {
  for (const [name, level] of Object.entries(asked)) {
    if (granted !== undefined && granted[name] !== level && granted[name] !== 'write')
      throw new Error(`the caller does not grant ${name}: ${level}`);
  }
  return asked;
}

/** A pull request from a fork may write nothing, and is nobody. */
function readOnly(permissions: Permissions): Permissions {
  const names = Object.keys(permissions).filter((name) => name !== 'id-token');
  return Object.fromEntries(names.map((name) => [name, 'read']));
}

type Permissions = Readonly<Record<string, string>>;

interface Place {
  readonly name: string;
  readonly start: Start;
  readonly workspace: string;
  readonly temp: string;
}

interface Stepped {
  readonly code: number;
  readonly log: string;
  readonly outputs: Record<string, string>;
}

let markdown: boolean | undefined;
function knowsMarkdown(): boolean {
  markdown ??= execFileSync(process.execPath, [join(ROOT, 'dist/bin/gatewright.js'), 'plan', '--help'], {
    encoding: 'utf8',
  }).includes('markdown');
  return markdown;
}

function values(all: Any, scope: Scope): Record<string, string> {
  return Object.fromEntries(
    Object.entries<Any>(all ?? {}).map(([name, value]) => [name, filled(String(value), scope)]),
  );
}

let scripts = 0;

/** As `shell: bash` is run. */
export async function shell(
  script: string,
  temp: string,
  directory: string,
  env: Record<string, string>,
): Promise<Stepped> {
  const [file, output] = [join(temp, `script${++scripts}.sh`), join(temp, `output${scripts}`)];
  writeFileSync(file, script);
  writeFileSync(output, '');
  const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', file], {
    cwd: directory,
    env: { ...env, GITHUB_OUTPUT: output },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      log += part;
    });
  const [code] = await once(child, 'close');
  const outputs = readFileSync(output, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, name, value] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value ?? '']];
    });
  return { code: code ?? 1, log, outputs: Object.fromEntries(outputs) };
}
