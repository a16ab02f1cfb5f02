// The parts of the action: a cancelled apply reaches its safe point, versions are exact, GitHub is asked again where
// that is safe, and what is said cannot break out of its place.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Simulator } from '../../src/simulator';
import { GitHub } from './github';
import { ROOT, Runner, readYaml, shell } from './runner';

const { bodyOf, fingerprintOf, markerOf } = require('../../action/body.js');
const { client } = require('../../action/github.js');

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gatewright-action-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const NOTHING = Object.fromEntries(
  Object.keys(readYaml('action.yml').runs.steps[1].env).map((name) => [name, '']),
);

describe('a cancelled job', () => {
  test('reaches the command: apply ends at a safe point, with 130, long before the runner kills it', async () => {
    const simulator = await Simulator.start({ clock: 'manual' });
    const entity = (version: string) => ({
      served_entities: [{ name: 'own', entity_name: 'ml.models.own', entity_version: version }],
    });
    simulator.seed({
      serving_endpoints: [
        {
          name: 'chat',
          creator: 'ana@example.com',
          config: entity('1'),
          tags: [{ key: 'gatewright_project', value: 'p' }],
        },
      ],
    });
    try {
      writeFileSync(
        join(home, 'gatewright.yaml'),
        JSON.stringify({ project: 'p', serving_endpoints: { chat: { config: entity('2') } } }),
      );
      const script = join(home, 'step.sh');
      writeFileSync(script, readYaml('action.yml').runs.steps[1].run);
      const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', script], {
        cwd: home,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...NOTHING,
          PATH: process.env.PATH,
          HOME: home,
          RUNNER_TEMP: home,
          GITHUB_OUTPUT: join(home, 'output'),
          GITHUB_ACTION_PATH: ROOT,
          GATEWRIGHT_PROGRAM: join(ROOT, 'dist/bin/gatewright.js'),
          GATEWRIGHT_COMMAND: 'apply',
          GATEWRIGHT_DIRECTORY: '.',
          DATABRICKS_HOST: simulator.url,
          DATABRICKS_TOKEN: 'dapi-0123456789',
        },
      });
      let said = '';
      child.stdout.on('data', (part) => {
        said += part;
      });
      // The workspace never settles: its clock stands.
      while (!simulator.requests.some(({ method }) => method === 'PUT')) {
        if (child.exitCode !== null) throw new Error(`it ended: ${said}`);
        await new Promise((go) => setTimeout(go, 20));
      }
      // The runner tells the first process, and nobody else.
      const started = process.hrtime.bigint();
      child.kill('SIGINT');
      const [code] = await once(child, 'close');
      expect(code).toBe(130);
      expect(Number(process.hrtime.bigint() - started) / 1e9).toBeLessThan(7.5);
    } finally {
      await simulator.close();
    }
  }, 60_000);
});

describe('the version that is run', () => {
  const install = (version: string, more: Record<string, string> = {}) =>
    shell(readYaml('action.yml').runs.steps[0].run, home, home, {
      PATH: `${join(home, 'bin')}:/usr/bin:/bin`,
      HOME: home,
      RUNNER_TEMP: home,
      GITHUB_ACTION_PATH: ROOT,
      GATEWRIGHT_VERSION: version,
      ...more,
    });

  test('is exact, the one of the action unless another is asked for, and had once', async () => {
    const { npm } = new Runner(home, '', new GitHub());
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const first = await install('');
    expect(first).toMatchObject({
      code: 0,
      outputs: {
        program: join(home, `gatewright-${version}/node_modules/gatewright/dist/bin/gatewright.js`),
      },
    });
    await install('');
    expect(readFileSync(npm, 'utf8').trim().split('\n')).toHaveLength(1);
    await install('9.9.9');
    expect(readFileSync(npm, 'utf8')).toContain('gatewright@9.9.9');
    for (const bad of ['latest', '^1.0.0', '1.0.0; touch x', '-1.0.0', 'https://example.com/a.tgz'])
      expect(await install(bad)).toMatchObject({ code: 1, log: expect.stringContaining('has to be exact') });
  });
});

test('a command that is none is refused, and no input becomes a command', async () => {
  const run = (command: string, more: Record<string, string> = {}) =>
    shell(readYaml('action.yml').runs.steps[1].run, home, home, {
      ...NOTHING,
      PATH: `${process.env.PATH}`,
      HOME: home,
      RUNNER_TEMP: home,
      GITHUB_ACTION_PATH: ROOT,
      GATEWRIGHT_PROGRAM: join(home, 'echo.js'),
      GATEWRIGHT_DIRECTORY: '.',
      GATEWRIGHT_FORMAT: 'text',
      GATEWRIGHT_COMMAND: command,
      ...more,
    });
  writeFileSync(join(home, 'echo.js'), 'console.log(JSON.stringify(process.argv.slice(2)))');
  expect(await run('import')).toMatchObject({ code: 1, log: expect.stringContaining('command has to be') });
  expect(await run('$(touch hit)')).toMatchObject({ code: 1 });
  const hostile = '$(touch hit)`touch hit`; touch hit';
  const { log } = await run('plan', {
    GATEWRIGHT_TARGET: hostile,
    GATEWRIGHT_BASE: hostile,
    GATEWRIGHT_ALLOW: `replace:a\n\n${hostile}\n`,
    GATEWRIGHT_ARGUMENTS: '--select\nchat *',
    GATEWRIGHT_DESIRED: 'a b.json',
    GATEWRIGHT_OUT: '/tmp/x y.json',
  });
  const words = JSON.parse(log.split('\n').find((line) => line.startsWith('[')) ?? '');
  expect(words).toEqual([
    ...['plan', '-C', '.', '--target', hostile, '--base', hostile, '--desired', join(home, 'a b.json')],
    ...[
      '--out',
      '/tmp/x y.json',
      '--detailed-exitcode',
      '--allow',
      'replace:a',
      '--allow',
      hostile,
      '--select',
      'chat *',
      '--format',
      'text',
    ],
  ]);
  mkdirSync(join(home, 'after'), { recursive: true });
  expect(() => readFileSync(join(home, 'hit'))).toThrow('ENOENT');
  // What is printed cannot speak to the runner.
  expect(log).toMatch(/^::stop-commands::([0-9a-f-]{36})\n[\s\S]*\n::\1::\n$/);
  const saved = await run('apply', { GATEWRIGHT_PLAN: 'plan.json', GATEWRIGHT_TARGET: 'prod' });
  expect(JSON.parse(saved.log)).toEqual(['apply', '-C', '.', join(home, 'plan.json')]);
});

describe('asking GitHub', () => {
  let github: GitHub;
  const waited: number[] = [];
  beforeEach(async () => {
    github = new GitHub();
    waited.length = 0;
    await github.start();
  });
  afterEach(() => github.close());
  const asking = () =>
    client({
      url: `${github.url}/`,
      token: github.grant({ issues: 'write' }),
      fetch,
      sleep: async (ms: number) => {
        waited.push(ms);
      },
    });

  test('what only reads or replaces is tried again; what adds is not, unless nothing was done', async () => {
    const path = '/repos/example/platform/issues';
    github.faults.push({ when: /^GET/, status: 502 }, { when: /^GET/, status: 503 });
    expect(await asking().get(path)).toEqual([]);
    expect(waited).toEqual([2000, 4000]);
    github.faults.push({ when: /^POST/, status: 502 });
    await expect(asking().post(path, { title: 'a', body: 'b', labels: [] })).rejects.toThrow('502 injected');
    expect(github.issues).toEqual([]);
    github.faults.push({ when: /^POST/, status: 403, headers: { 'retry-after': '7' } });
    await asking().post(path, { title: 'a', body: 'b', labels: [] });
    expect(github.issues).toHaveLength(1);
    expect(waited.at(-1)).toBe(7000);
  });

  test('it gives up: on what is refused, on a wait that is too long, after four tries', async () => {
    const path = '/repos/example/platform/issues';
    github.faults.push({ when: /^GET/, status: 429, headers: { 'retry-after': '3600' } });
    await expect(asking().get(path)).rejects.toThrow('429');
    await expect(asking().get('/repos/example/platform/pulls/1')).rejects.toMatchObject({ status: 404 });
    expect(waited).toEqual([]);
    for (let n = 0; n < 4; n++) github.faults.push({ when: /^GET/, status: 500 });
    await expect(asking().get(path)).rejects.toThrow('500');
    expect(waited).toHaveLength(3);
  });
});

describe('what is said', () => {
  const foot = '<sub>run</sub>';
  const said = (report: string, more: object = {}) =>
    bodyOf({ command: 'plan', target: 'prod', code: '0', report, foot, ...more });

  test('text is fenced by more than it holds, and cut at a line, within what GitHub takes', () => {
    const body = said('```\n@ana <!-- x -->\n````js\n');
    expect(body).toBe(
      '<!-- gatewright plan prod -->\n`````text\n```\n@ana <!-- x -->\n````js\n`````\n\n<sub>run</sub>',
    );
    const long = said('a line of text\n'.repeat(10_000));
    expect(long.length).toBeLessThan(65_536);
    expect(long).toMatch(
      /\na line of text\n\(cut: the log of the job has the rest\)\n```\n\n<sub>run<\/sub>$/,
    );
  });

  test('Markdown is taken as it is, under the marker of the target that the job was told', () => {
    expect(said('<!-- gatewright plan other -->\n### Plan\n')).toBe(
      '<!-- gatewright plan prod -->\n### Plan\n\n<sub>run</sub>',
    );
  });

  test('a marker cannot be ended by a name', () => {
    expect(markerOf('plan', 'a --> b')).toBe('<!-- gatewright plan a_____b -->');
    expect(markerOf('plan', '')).toBe('<!-- gatewright plan -->');
  });

  test('a failure says so in place of what holds no longer; a refusal shows its plan', () => {
    expect(said('', { code: '1' })).toContain('failed: it could not be done');
    expect(said('', { code: '130' })).toContain('failed: exit 130');
    expect(said('stale text', { code: '3' })).not.toContain('stale text');
    expect(said('refused: brake', { code: '5' })).toContain('refused: brake');
  });

  test('a fingerprint is of what was found alone', () => {
    expect(fingerprintOf('a\n')).toBe(fingerprintOf('a'));
    expect(fingerprintOf('a')).not.toBe(fingerprintOf('b'));
  });
});
