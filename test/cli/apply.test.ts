// Who may say yes, and to what: a person, a flag, a digest; and to which workspace a saved plan goes.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../src/cli/context';
import { run } from '../../src/cli/run';
import { planDigest } from '../../src/plan/digest';
import type { Plan } from '../../src/plan/types';
import { Simulator } from '../../src/simulator';
import { world } from './world';

const TOKEN = 'dapi-canary-2b7d9e11c0';
let simulator: Simulator;
let directory: string;

beforeAll(async () => {
  simulator = await Simulator.start({ token: TOKEN, clock: 'manual' });
});
afterAll(() => simulator.close());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gatewright-apply-'));
  simulator.seed({
    serving_endpoints: [{ name: 'chat', tags: [{ key: 'gatewright_project', value: 'llm-platform' }] }],
  });
  project(60);
});
afterEach(() => rmSync(directory, { recursive: true }));

function project(calls: number): void {
  write('gatewright.yaml', {
    project: 'llm-platform',
    serving_endpoints: { chat: { ai_gateway: { rate_limits: { user: { calls } } } } },
  });
}

function write(file: string, value: unknown): void {
  writeFileSync(join(directory, file), JSON.stringify(value));
}

const saved = (): Plan => JSON.parse(readFileSync(join(directory, 'plan.json'), 'utf8'));

async function gatewright(argv: readonly string[], more: Partial<Context> = {}) {
  simulator.clearRequests();
  const env = { DATABRICKS_HOST: simulator.url, DATABRICKS_TOKEN: TOKEN };
  const context = world({ cwd: directory, env, ...more });
  const code = await run(argv, context);
  const writes = simulator.requests.filter(({ method }) => method !== 'GET').length;
  expect(context.out() + context.err()).not.toContain(TOKEN);
  return { code, out: context.out(), err: context.err(), writes, requests: simulator.requests.length };
}

describe('a person', () => {
  const asked = (answer: string) => {
    const questions: string[] = [];
    const question = async (text: string) => {
      questions.push(text);
      return answer;
    };
    return { questions, stdin: { isTTY: true, question } };
  };

  test('who says yes is obeyed, and was told how much and where', async () => {
    const { questions, stdin } = asked(' yes ');
    expect(await gatewright(['apply'], { stdin })).toMatchObject({ code: 0, writes: 1 });
    expect(questions).toEqual([`Apply this change to ${simulator.url}? Only "yes" is taken: `]);
  });

  test.each(['', 'y', 'no', 'YES'])('who says "%s" is not', async (answer) => {
    const ran = await gatewright(['apply'], asked(answer));
    expect(ran).toMatchObject({ code: 1, writes: 0, err: 'nothing was applied\n' });
  });

  test('is not asked when there is nothing to do, nor about a saved plan', async () => {
    const { questions, stdin } = asked('no');
    await gatewright(['plan', '--out', 'plan.json']);
    expect(await gatewright(['apply', 'plan.json'], { stdin })).toMatchObject({ code: 0, writes: 1 });
    expect(await gatewright(['apply'], { stdin })).toMatchObject({ code: 0, writes: 0 });
    expect(questions).toEqual([]);
  });
});

describe('a digest', () => {
  test('that is the plan’s is a yes', async () => {
    const { out } = await gatewright(['plan']);
    const digest = /sha256:[0-9a-f]{64}/.exec(out)?.[0] ?? '';
    expect(await gatewright(['apply', '--expect-digest', digest])).toMatchObject({ code: 0, writes: 1 });
  });

  test('of a saved plan is checked too', async () => {
    await gatewright(['plan', '--out', 'plan.json']);
    const { digest } = saved();
    const other = digest.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(await gatewright(['apply', 'plan.json', '--expect-digest', other])).toMatchObject({
      code: 6,
      writes: 0,
    });
    expect(await gatewright(['apply', 'plan.json', '--expect-digest', digest])).toMatchObject({
      code: 0,
      writes: 1,
    });
  });

  test('falls with a changed file, and with a changed workspace', async () => {
    await gatewright(['plan', '--out', 'plan.json']);
    const { digest } = saved();
    project(61);
    expect(await gatewright(['apply', '--expect-digest', digest])).toMatchObject({ code: 6, writes: 0 });
    project(60);
    const limit = { calls: 5, key: 'user', renewal_period: 'minute' };
    const tags = [{ key: 'gatewright_project', value: 'llm-platform' }];
    simulator.seed({ serving_endpoints: [{ name: 'chat', tags, ai_gateway: { rate_limits: [limit] } }] });
    expect(await gatewright(['apply', '--expect-digest', digest])).toMatchObject({ code: 6, writes: 0 });
  });

  test('is the same for a document that synth made, wherever it is planned', async () => {
    await gatewright(['plan', '--out', 'plan.json']);
    const { out: document } = await gatewright(['synth']);
    rmSync(join(directory, 'gatewright.yaml'));
    writeFileSync(join(directory, 'desired.json'), document);
    const { digest } = saved();
    await gatewright(['plan', '--desired', 'desired.json', '--out', 'plan.json']);
    expect(saved().digest).toBe(digest);
    const flags = ['--desired', 'desired.json', '--expect-digest', digest];
    expect(await gatewright(['apply', ...flags])).toMatchObject({ code: 0, writes: 1 });
  });
});

describe('a saved plan', () => {
  /** As if it had been made there. */
  const moved = (host: string, more: Partial<Plan> = {}) => {
    const plan = { ...saved(), ...more, host };
    write('plan.json', { ...plan, digest: planDigest(plan) });
  };

  test('for another workspace gets no token of this one', async () => {
    await gatewright(['plan', '--out', 'plan.json']);
    moved('https://adb-12.azuredatabricks.net');
    const ran = await gatewright(['apply', 'plan.json']);
    expect(ran).toMatchObject({ code: 1, requests: 0, err: expect.stringContaining('error[host-mismatch]') });
    const unconfirmed = await gatewright(['apply', 'plan.json'], { env: { DATABRICKS_TOKEN: TOKEN } });
    expect(unconfirmed).toMatchObject({
      code: 1,
      requests: 0,
      err: expect.stringContaining('error[host-unconfirmed]'),
    });
  });

  test('for the embedded workspace is not applied to a real one', async () => {
    await gatewright(['plan', '--out', 'plan.json']);
    moved('simulator');
    const there = await gatewright(['apply', 'plan.json', '--host', simulator.url]);
    expect(there).toMatchObject({ code: 1, requests: 0, err: expect.stringContaining('error[other-host]') });
    const real = await gatewright(['apply', 'plan.json', '--host', 'https://adb-12.azuredatabricks.net']);
    expect(real).toMatchObject({
      code: 1,
      requests: 0,
      err: expect.stringContaining('error[host-mismatch]'),
    });
  });

  test.each(['../../outside', '..', 'a/b', '.hidden'])(
    'whose target is "%s" writes no file there',
    async (target) => {
      await gatewright(['plan', '--out', 'plan.json']);
      moved('simulator', { target });
      const ran = await gatewright(['apply', 'plan.json']);
      expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('error[bad-target]') });
      expect(existsSync(join(directory, '.gatewright'))).toBe(false);
      expect(existsSync(join(directory, '.gatewright', 'simulator', `${target}.json`))).toBe(false);
    },
  );

  test.each(['--select', '--exclude', '--allow', '--refresh', '--desired', '--var'])(
    'is not bent by %s',
    async (flag) => {
      await gatewright(['plan', '--out', 'plan.json']);
      const value = { '--refresh': 'full', '--var': 'a=b', '--allow': 'brake' }[flag] ?? 'chat';
      const ran = await gatewright(['apply', 'plan.json', flag, value]);
      expect(ran).toMatchObject({
        code: 1,
        requests: 0,
        err: expect.stringContaining(`${flag} has no effect`),
      });
    },
  );
});

describe('json', () => {
  test('is all that stands on stdout, also with nothing to do', async () => {
    const first = await gatewright(['apply', '--yes', '-o', 'json']);
    expect(JSON.parse(first.out)).toMatchObject({
      format: 'gatewright/apply/1',
      results: [{ subject: { name: 'chat' }, outcome: 'applied' }],
    });
    const second = await gatewright(['apply', '--yes', '-o', 'json']);
    expect(JSON.parse(second.out)).toMatchObject({ format: 'gatewright/apply/1', results: [] });
  });
});
