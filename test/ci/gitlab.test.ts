// The jobs of the GitLab template, their scripts run as its runner would: config to data, plan, apply of exactly that
// plan, drift; against a workspace.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Simulator } from '../../src/simulator';
import { GitHub } from './github';
import { Runner, readYaml } from './runner';

// biome-ignore lint/suspicious/noExplicitAny: jobs are whatever their schema allows
type Any = any;
const TEMPLATE: Any = readYaml('examples/ci/gitlab/gatewright.gitlab-ci.yml');

/** A job with what it extends, nearer members first. */
function jobOf(name: string): Any {
  const { extends: from, ...own } = TEMPLATE[name];
  if (from === undefined) return own;
  const base = jobOf(from);
  return { ...base, ...own, variables: { ...base.variables, ...own.variables } };
}

let home: string;
let simulator: Simulator;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'gatewright-gitlab-'));
  new Runner(home, '', new GitHub());
  simulator = await Simulator.start({ clock: 'manual' });
});
afterEach(async () => {
  await simulator.close();
  rmSync(home, { recursive: true, force: true });
});

const kept = new Map<string, string>();
let folders = 0;

async function run(name: string, files: Record<string, string> = {}) {
  const job = jobOf(name);
  const directory = join(home, `job${++folders}`);
  mkdirSync(directory);
  if (job.variables?.GIT_STRATEGY !== 'none')
    for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text);
  for (const need of job.needs ?? []) {
    for (const file of jobOf(need).artifacts.paths) {
      const at = kept.get(`${need} ${file}`);
      if (at !== undefined && existsSync(at)) cpSync(at, join(directory, file));
    }
  }
  const project: Record<string, string> = {
    DATABRICKS_HOST: simulator.url,
    DATABRICKS_PLAN_CLIENT_ID: 'reads',
    DATABRICKS_APPLY_CLIENT_ID: 'writes',
    CI_PROJECT_DIR: directory,
  };
  const all: Record<string, string> = { ...TEMPLATE.variables, ...job.variables, ...project };
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(all))
    env[key] = String(value).replace(/\$(\w+)/g, (_, other: string) => all[other] ?? '');
  for (const key of Object.keys(job.id_tokens ?? {})) env[key] = 'identity';
  const child = spawn('bash', ['-eo', 'pipefail', '-c', [...job.before_script, ...job.script].join('\n')], {
    cwd: directory,
    env: {
      PATH: `${join(home, 'bin')}:/usr/bin:/bin`,
      HOME: home,
      ...env,
      GATEWRIGHT_HOME: join(home, 'tool'),
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      log += part;
    });
  const [code] = await once(child, 'close');
  for (const file of job.artifacts?.paths ?? []) kept.set(`${name} ${file}`, join(directory, file));
  return { code, log, directory, env };
}

const config = (calls: number) => ({
  'gatewright.yaml': `project: p\ntargets: { prod: { host: "${simulator.url}" } }\nserving_endpoints:\n  chat: { ai_gateway: { rate_limits: { user: { calls: ${calls} } } } }\n`,
});

test('plan, apply, drift', async () => {
  simulator.seed({
    serving_endpoints: [
      {
        name: 'chat',
        creator: 'ana@example.com',
        ai_gateway: { rate_limits: [{ key: 'user', calls: 60, renewal_period: 'minute' }] },
        tags: [{ key: 'gatewright_project', value: 'p' }],
      },
    ],
  });
  const synth = await run('gatewright-synth', config(30));
  expect(synth).toMatchObject({ code: 0 });
  expect(Object.keys(synth.env)).not.toContain('DATABRICKS_OIDC_TOKEN');
  const plan = await run('gatewright-plan', config(30));
  expect(plan).toMatchObject({ code: 0, log: expect.stringContaining('60 → 30') });
  expect(plan.env.DATABRICKS_CLIENT_ID).toBe('reads');
  expect(existsSync(join(plan.directory, 'gatewright.yaml'))).toBe(false);
  expect(readFileSync(join(plan.directory, 'gatewright-plan.txt'), 'utf8')).toContain('60 → 30');
  expect(await run('gatewright-drift', config(30))).toMatchObject({ code: 2 });
  const apply = await run('gatewright-apply');
  expect(apply).toMatchObject({ code: 0, log: expect.stringContaining('1 applied') });
  expect(apply.env.DATABRICKS_CLIENT_ID).toBe('writes');
  expect(await run('gatewright-drift', config(30))).toMatchObject({ code: 0 });
  simulator.addFault({ method: 'GET', path: '/api/2.0/serving-endpoints', status: 403, times: 9 });
  const failed = await run('gatewright-plan', config(30));
  expect(failed.code).toBe(1);
}, 60_000);

test('whoever has an identity has no files of the merge request, and only the right pipelines have one', () => {
  for (const name of ['gatewright-plan', 'gatewright-apply', 'gatewright-drift']) {
    const job = jobOf(name);
    expect(job.variables.GIT_STRATEGY).toBe('none');
    expect(Object.keys(job.id_tokens)).toEqual(['DATABRICKS_OIDC_TOKEN']);
  }
  expect(jobOf('gatewright-synth').id_tokens).toBeUndefined();
  expect(jobOf('gatewright-apply')).toMatchObject({
    interruptible: false,
    resource_group: 'gatewright-$GATEWRIGHT_TARGET',
  });
  expect(JSON.stringify(TEMPLATE)).not.toMatch(/TOKEN"?:\s*"?dapi/);
  expect(execFileSync('bash', ['-n'], { input: jobOf('gatewright-plan').script.join('\n') }).length).toBe(0);
});
