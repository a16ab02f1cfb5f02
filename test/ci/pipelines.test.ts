// The pipelines that the docs hand out, run step by step: a pull request, a fork, a merge, a night; on a real repository,
// against a GitHub that refuses what a job may not do and a workspace that takes what it is sent.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Simulator } from '../../src/simulator';
import { BOT, GitHub, REPOSITORY } from './github';
import { Runner, type Start } from './runner';

jest.setTimeout(120_000);

const GATEWAY = '/api/2.0/serving-endpoints/chat/ai-gateway';
const STAMP = { key: 'gatewright_project', value: 'llm-platform' };
const limit = (calls: number) => ({ rate_limits: [{ key: 'user', calls, renewal_period: 'minute' }] });

let home: string;
let origin: string;
let clone: string;
let github: GitHub;
let simulator: Simulator;
let runner: Runner;
let main: string;

function git(...words: string[]): string {
  const person = { NAME: 'Ana', EMAIL: 'ana@example.com' };
  const env: Record<string, string> = { PATH: process.env.PATH ?? '', HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
  for (const role of ['AUTHOR', 'COMMITTER'])
    for (const [name, value] of Object.entries(person)) env[`GIT_${role}_${name}`] = value;
  return execFileSync('git', words, { cwd: clone, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

function write(file: string, text: string): void {
  mkdirSync(join(clone, file, '..'), { recursive: true });
  writeFileSync(join(clone, file), text);
}

const config = (calls: number, host = simulator.url) =>
  `project: llm-platform\ntargets: { prod: { host: "${host}" } }\nserving_endpoints:\n  chat: { ai_gateway: { rate_limits: { user: { calls: ${calls} } } } }\n`;

/** A commit on a branch, pushed under the ref that the runner will ask for. */
function commit(text: string, ref: string, more: Record<string, string> = {}): string {
  write('gatewright.yaml', text);
  for (const [file, content] of Object.entries(more)) write(file, content);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'a commit');
  const sha = git('rev-parse', 'HEAD');
  git('push', '--quiet', '--force', origin, `HEAD:${ref}`);
  return sha;
}

function live(calls: number): void {
  simulator.seed({
    serving_endpoints: [
      { name: 'chat', creator: 'ana@example.com', ai_gateway: limit(calls), tags: [STAMP] },
    ],
  });
}

async function byHand(calls: number): Promise<void> {
  const answer = await fetch(`${simulator.url}${GATEWAY}`, {
    method: 'PUT',
    headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
    body: JSON.stringify(limit(calls)),
  });
  expect(answer.status).toBe(200);
}

async function liveCalls(): Promise<number> {
  const answer = await fetch(`${simulator.url}/api/2.0/serving-endpoints/chat`, {
    headers: { authorization: 'Bearer x' },
  });
  const { ai_gateway } = (await answer.json()) as { ai_gateway: ReturnType<typeof limit> };
  return ai_gateway.rate_limits[0]?.calls ?? 0;
}

const vars = () => ({
  DATABRICKS_HOST: simulator.url,
  DATABRICKS_ACCOUNT_ID: '33333333-3333-3333-3333-333333333333',
  DATABRICKS_PLAN_CLIENT_ID: '11111111-1111-1111-1111-111111111111',
  DATABRICKS_APPLY_CLIENT_ID: '22222222-2222-2222-2222-222222222222',
});
const FILE = 'examples/ci/github/gatewright.yml';
const FORKS = 'examples/ci/github/gatewright-fork.yml';

const start = (event: string, payload: object, sha: string, more: Partial<Start> = {}): Start => ({
  file: FILE,
  event,
  payload: { repository: { default_branch: 'main' }, ...payload },
  sha,
  vars: vars(),
  ...more,
});

function pullOf(number: number, sha: string, from = REPOSITORY) {
  const owner = { login: from.split('/')[0] ?? '' };
  const pull = { number, head: { sha, ref: `change-${number}`, repo: { full_name: from, owner } } };
  const known = github.pulls.find((one) => one.number === number);
  if (known === undefined) github.pulls.push(pull);
  else known.head = pull.head;
  return { ...pull, base: { sha: main } };
}

const pullRequest = (number: number, sha: string, more: Partial<Start> = {}) =>
  runner.run(start('pull_request', { pull_request: pullOf(number, sha) }, sha, more));
const night = () => runner.run(start('schedule', {}, main));

const results = (ended: Record<string, { result: string }>) =>
  Object.fromEntries(Object.entries(ended).map(([name, { result }]) => [name, result]));
const comments = (number: number) => github.comments.get(number) ?? [];

beforeEach(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'gatewright-ci-')));
  [origin, clone] = [join(home, 'origin.git'), join(home, 'clone')];
  mkdirSync(clone);
  github = new GitHub();
  [simulator] = await Promise.all([Simulator.start({ clock: 'manual' }), github.start()]);
  git('init', '--quiet', '--initial-branch=main');
  execFileSync('git', ['clone', '--quiet', '--bare', clone, origin], { stdio: 'pipe', env: process.env });
  execFileSync('git', ['-C', origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true']);
  runner = new Runner(home, origin, github);
  live(60);
  main = commit(config(60), 'refs/heads/main');
});

afterEach(async () => {
  await Promise.all([simulator.close(), github.close()]);
  rmSync(home, { recursive: true, force: true });
});

describe('a pull request', () => {
  test('has one comment, edited in place; nobody else is overwritten, nothing is written to the workspace', async () => {
    const theirs = [
      github.say(7, 'mallory', '<!-- gatewright plan prod -->\nall is well'),
      github.say(7, BOT, '<!-- gatewright plan test -->\nanother target'),
      ...Array.from({ length: 120 }, (_, index) => github.say(7, 'ana', `talk ${index}`)),
    ].map(({ body }) => body);
    const first = await pullRequest(7, commit(config(30), 'refs/pull/7/head'));
    expect(results(first)).toEqual({
      'plan.synth': 'success',
      'plan.plan': 'success',
      apply: 'skipped',
      drift: 'skipped',
    });
    const [one] = comments(7).slice(theirs.length);
    expect(one?.body).toMatch(/^<!-- gatewright plan prod -->\n/);
    expect(one?.body).toContain('60');
    expect(one?.body).toContain('30');
    expect(one?.body).toContain('actions/runs/1');
    // Against the commit it is made for, nobody changed anything by hand.
    expect(one?.body).not.toContain('REVERTS');

    await byHand(45);
    const sha = commit(config(20), 'refs/pull/7/head');
    await pullRequest(7, sha, { run: 2 });
    expect(comments(7)).toHaveLength(theirs.length + 1);
    const edited = comments(7).at(-1);
    expect(edited?.id).toBe(one?.id);
    expect(edited?.body).toContain(sha.slice(0, 12));
    expect(edited?.body).toMatch(/overwritten|by both/i);
    expect(
      comments(7)
        .slice(0, theirs.length)
        .map(({ body }) => body),
    ).toEqual(theirs);
    expect(await liveCalls()).toBe(45);
  });

  test('that changes nothing is not commented, unless a comment says otherwise', async () => {
    await pullRequest(7, commit(config(60), 'refs/pull/7/head', { 'README.md': 'hello' }));
    expect(github.writes).toEqual([]);
    await pullRequest(7, commit(config(30), 'refs/pull/7/head'));
    await pullRequest(7, commit(config(60), 'refs/pull/7/head'));
    expect(comments(7)).toHaveLength(1);
    expect(comments(7)[0]?.body).toContain('nothing to change');
  });

  test('that has moved on is left to the run of its newer commit', async () => {
    const old = commit(config(30), 'refs/pull/7/head');
    const payload = { pull_request: pullOf(7, old) };
    pullOf(7, commit(config(20), 'refs/pull/7/head'));
    const ended = await runner.run(start('pull_request', payload, old));
    expect(ended['plan.plan']?.log).toContain('has moved on');
    expect(github.writes).toEqual([]);
  });

  test('whose config is invalid is not planned', async () => {
    const sha = commit(config(30).replace('rate_limits', 'rate_limit'), 'refs/pull/7/head');
    const ended = await pullRequest(7, sha);
    expect(results(ended)).toMatchObject({ 'plan.synth': 'failure', 'plan.plan': 'skipped' });
    expect(ended['plan.synth']?.log).toContain('::error file=gatewright.yaml,line=4');
  });

  test('that cannot be planned says so where the plan stood, and the job fails', async () => {
    await pullRequest(7, commit(config(30), 'refs/pull/7/head'));
    simulator.addFault({ method: 'GET', path: '/api/2.0/serving-endpoints', status: 403, times: 9 });
    const ended = await pullRequest(7, commit(config(20), 'refs/pull/7/head'));
    expect(results(ended)).toMatchObject({ 'plan.plan': 'failure' });
    expect(comments(7)).toHaveLength(1);
    expect(comments(7)[0]?.body).toContain('failed: it could not be done');
    expect(comments(7)[0]?.body).not.toContain('calls a minute');
  });

  test('runs its own code where no token is, and none where one is', async () => {
    const sha = commit(config(30), 'refs/pull/7/head', {
      '.npmrc': 'registry=https://evil.example.com\n',
      'node_modules/.bin/gatewright': '#!/bin/sh\ntouch was-run\n',
    });
    const ended = await runner.run({
      ...start('pull_request', { pull_request: pullOf(7, sha) }, sha),
      file: '.github/workflows/gatewright-plan.yml',
      inputs: {
        target: 'prod',
        host: simulator.url,
        'client-id': 'x',
        audience: 'y',
        install: 'env >seen; printenv | cut -d= -f1 | sort >names',
      },
    });
    expect(results(ended)).toEqual({ synth: 'success', plan: 'success' });
    const [synth, plan] = [runner.workspaces.get('synth') ?? '', runner.workspaces.get('plan') ?? ''];
    const names = readFileSync(join(synth, 'names'), 'utf8');
    expect(names).toContain('GITHUB_ACTIONS');
    expect(names).not.toMatch(/DATABRICKS|ID_TOKEN|GITHUB_TOKEN/);
    // Nothing of the pull request is on the disk of the job with the token.
    expect(existsSync(join(plan, 'node_modules'))).toBe(false);
    expect(existsSync(join(plan, '.npmrc'))).toBe(false);
    expect(readFileSync(join(plan, 'gatewright.yaml'), 'utf8')).toBe(config(60));
    // npm never runs in a checkout, and never runs scripts.
    for (const line of readFileSync(runner.npm, 'utf8').trim().split('\n')) {
      expect(line.split(': ')[0]).not.toContain('workspace');
      expect(line).toMatch(/install --prefix \S+ --ignore-scripts .* gatewright@\d+\.\d+\.\d+$/);
    }
    // The token of the workspace was had by OIDC; the one for comments was not there while it was used.
    expect(github.asked).toContain('GET /identity?a=b&audience=y');
  });
});

describe('a fork', () => {
  const FORK = 'stranger/platform';
  const finished = (sha: string, more: object = {}) => ({
    workflow_run: {
      id: 1,
      event: 'pull_request',
      conclusion: 'success',
      head_sha: sha,
      head_branch: 'change-9',
      head_repository: { full_name: FORK, owner: { login: 'stranger' } },
      ...more,
    },
  });
  const asFork = (sha: string) =>
    runner.run(start('pull_request', { pull_request: pullOf(9, sha, FORK) }, sha, { fork: true }));
  const afterwards = (payload: object) =>
    runner.run(start('workflow_run', payload, main, { file: FORKS, run: 2 }));

  test('is only rendered; its plan is made by our code, from data, and said on its own pull request', async () => {
    const sha = commit(config(30), 'refs/pull/9/head', { 'gateways/evil.js': 'process.exit(1)' });
    const before = simulator.requests.length;
    expect(results(await asFork(sha))).toEqual({
      'plan.synth': 'success',
      'plan.plan': 'skipped',
      apply: 'skipped',
      drift: 'skipped',
    });
    expect(github.writes).toEqual([]);
    expect(simulator.requests).toHaveLength(before);

    expect(results(await afterwards(finished(sha)))).toEqual({ 'plan.plan': 'success' });
    expect(github.writes).toEqual(['POST issues/9/comments']);
    expect(comments(9)[0]?.body).toContain('30');
    const workspace = runner.workspaces.get('plan.plan') ?? '';
    expect(readFileSync(join(workspace, 'gatewright.yaml'), 'utf8')).toBe(config(60));
    expect(existsSync(join(workspace, 'gateways'))).toBe(false);
    expect(await liveCalls()).toBe(60);
  });

  test('cannot have a comment written elsewhere, nor of another commit', async () => {
    const sha = commit(config(30), 'refs/pull/9/head');
    await asFork(sha);
    pullOf(10, 'a'.repeat(40));
    const other = await afterwards(finished('a'.repeat(40)));
    expect(other['plan.plan']?.log).toContain('no open pull request');
    const own = { head_repository: { full_name: REPOSITORY, owner: { login: 'example' } } };
    expect(results(await afterwards(finished(sha, own)))).toEqual({ 'plan.plan': 'skipped' });
    expect(results(await afterwards(finished(sha, { event: 'push' })))).toEqual({ 'plan.plan': 'skipped' });
    expect(github.writes).toEqual([]);
  });

  test('cannot choose where the token goes, nor for which target it is planned', async () => {
    const sha = commit(config(30, 'https://elsewhere.example.com'), 'refs/pull/9/head');
    await asFork(sha);
    const ended = await afterwards(finished(sha));
    expect(ended['plan.plan']).toMatchObject({
      result: 'failure',
      log: expect.stringContaining('error[host-mismatch]'),
    });
    expect(simulator.requests.filter(({ method }) => method === 'GET')).toEqual([]);
    const kept = runner.artifacts.get('1 gatewright-desired-prod') ?? '';
    writeFileSync(kept, readFileSync(kept, 'utf8').replace(/"target": ?"prod"/, '"target":"test"'));
    const other = await afterwards(finished(sha));
    expect(other['plan.plan']?.log).toContain('error[unknown-target]');
  });
});

describe('a merge', () => {
  const merge = (sha: string, more: Partial<Start> = {}) =>
    runner.run(start('push', { ref: 'refs/heads/main' }, sha, more));

  test('is planned with the principal that reads, and exactly that plan is applied with the one that writes', async () => {
    const sha = commit(config(30), 'refs/heads/main');
    expect(results(await merge(sha))).toEqual({
      plan: 'skipped',
      'apply.synth': 'success',
      'apply.plan': 'success',
      'apply.apply': 'success',
      drift: 'skipped',
    });
    expect(await liveCalls()).toBe(30);
    const { DATABRICKS_PLAN_CLIENT_ID: reads, DATABRICKS_APPLY_CLIENT_ID: writes } = vars();
    expect(runner.environments.get('apply.plan')?.DATABRICKS_CLIENT_ID).toBe(reads);
    expect(runner.environments.get('apply.apply')?.DATABRICKS_CLIENT_ID).toBe(writes);
    // Nobody is asked where there is nothing to do.
    expect(results(await merge(sha, { run: 2 }))).toMatchObject({
      'apply.plan': 'success',
      'apply.apply': 'skipped',
    });
    expect(github.writes).toEqual([]);
  });

  test('is not applied over what somebody changed since the plan', async () => {
    const sha = commit(config(30), 'refs/heads/main');
    const ended = await merge(sha, { before: { 'apply.apply': () => byHand(45) } });
    expect(results(ended)).toMatchObject({ 'apply.plan': 'success', 'apply.apply': 'failure' });
    expect(ended['apply.apply']?.log).toContain('stale');
    expect(await liveCalls()).toBe(45);
  });
});

test('a night opens an issue, says a change of it once, respects who closed it, and closes it when all is well', async () => {
  expect(results(await night())).toMatchObject({ 'drift.drift': 'success' });
  expect(github.issues).toEqual([]);
  await byHand(45);
  expect(results(await night())).toMatchObject({ 'drift.drift': 'success' });
  const [issue] = github.issues;
  expect(issue).toMatchObject({
    state: 'open',
    title: 'Drift in the AI Gateway of prod',
    labels: ['gatewright-drift'],
  });
  expect(issue?.body).toContain('45');

  github.writes.length = 0;
  await night();
  expect(github.writes).toEqual([]);

  await byHand(50);
  await night();
  const path = `issues/${issue?.number}`;
  expect(github.writes).toEqual([`PATCH ${path}`, `POST ${path}/comments`]);
  expect(issue?.body).toContain('50');

  Object.assign(issue ?? {}, { state: 'closed', state_reason: 'not_planned' });
  github.writes.length = 0;
  await night();
  expect(github.writes).toEqual([]);
  await byHand(55);
  await night();
  expect(github.issues).toHaveLength(2);
  const second = github.issues[1];

  // Not being able to look is not the end of it.
  simulator.addFault({ method: 'GET', path: '/api/2.0/serving-endpoints', status: 403, times: 9 });
  expect(results(await night())).toMatchObject({ 'drift.drift': 'failure' });
  expect(second?.state).toBe('open');
  simulator.clearFaults();

  await byHand(60);
  expect(results(await night())).toMatchObject({ 'drift.drift': 'success' });
  expect(second).toMatchObject({ state: 'closed', state_reason: 'completed' });
  expect(github.comments.get(second?.number ?? 0)?.at(-1)?.body).toContain('gone');
});
