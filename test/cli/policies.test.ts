// Policies as commands hold them: which file fails a run, what a saved plan is worth once a waiver has ended, and that a
// sane project has little to hear.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/cli/run';
import { GPT } from '../../src/policy/examples';
import { world } from '../cli/world';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gatewright-policies-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (file: string, text: string) => writeFileSync(join(directory, file), text);

async function gatewright(now: string, ...argv: string[]) {
  const context = world({ cwd: directory, clock: { now: () => Date.parse(now), sleep: async () => {} } });
  const code = await run(argv, context);
  return { code, out: context.out(), err: context.err() };
}

const CHAT = `project: p
targets: { dev: { host: simulator }, prod: { host: simulator, default: true } }
serving_endpoints:
  chat:
    ${GPT}
    ai_gateway: { rate_limits: { endpoint: { calls: 10 }, user: { calls: 20 } } }
`;

test('a policy that is named and cannot be read ends the run', async () => {
  write('gatewright.yaml', CHAT);
  expect(await gatewright('2026-11-20', 'validate', '--policy', 'org.yaml')).toMatchObject({
    code: 3,
    err: expect.stringContaining('org.yaml does not exist'),
  });
  write('gatewright.policy.yaml', 'rules: { no-such-rule: high }\n');
  for (const command of ['validate', 'plan', 'apply', 'policy'])
    expect(await gatewright('2026-11-20', command, ...(command === 'policy' ? ['audit'] : []))).toMatchObject(
      {
        code: 3,
        err: expect.stringContaining('unknown-rule'),
      },
    );
});

test('each target is judged by itself', async () => {
  write('gatewright.yaml', CHAT);
  write('gatewright.policy.yaml', 'rules: { protected-in-production: on, endpoint-limit: on }\n');
  const { code, out } = await gatewright('2026-11-20', 'validate');
  expect(code).toBe(4);
  expect(out).toContain('it can be deleted and replaced (prod)');
  expect((await gatewright('2026-11-20', 'validate', '-t', 'dev')).code).toBe(0);
});

test('a saved plan that leans on a waiver is worth nothing once that has ended', async () => {
  write('gatewright.yaml', CHAT);
  write('gatewright.policy.yaml', 'rules: { limits-nested: on }\n');
  const first = JSON.parse((await gatewright('2026-11-20', 'plan', '-o', 'json')).out);
  const [found] = first.policy.findings;
  expect(first).toMatchObject({ changes: [], policy: { blocked: [{ name: 'chat' }] } });
  write(
    'gatewright.waivers.yaml',
    JSON.stringify({
      waivers: [
        {
          id: 'W-1',
          rule: 'limits-nested',
          resource: 'prod/serving_endpoints.chat',
          finding: found.finding,
          category: 'accepted-risk',
          reason: 'Only until the load test is over.',
          ticket: 'SEC-1',
          approved_by: 'group:ai-security',
          created: '2026-11-20',
          expires: '2026-12-31',
          fingerprint: found.fingerprint,
        },
      ],
    }),
  );
  const planned = await gatewright('2026-11-20', 'plan', '--out', 'plan.json');
  expect(planned.code).toBe(0);
  expect(planned.out).toContain('waived until 2026-12-31 by group:ai-security (W-1)');
  expect(await gatewright('2027-01-01', 'apply', 'plan.json')).toMatchObject({
    code: 4,
    err: expect.stringContaining('waiver-expired'),
  });
  expect((await gatewright('2027-01-01', 'plan')).code).toBe(4);
});

test('what is mandatory in a policy from outside is held whatever the project says', async () => {
  write('gatewright.yaml', CHAT);
  write('gatewright.policy.yaml', 'extends: [recommended]\nmode: audit\n');
  write('org.yaml', 'rules: { usage-tracking: mandatory }\n');
  expect((await gatewright('2026-11-20', 'validate')).code).toBe(0);
  const { code, out } = await gatewright('2026-11-20', 'validate', '--policy', 'org.yaml');
  expect(code).toBe(4);
  expect(out).toContain('error[usage-tracking]');
});

test('a sane project has fewer than five findings', async () => {
  cpSync(join(__dirname, '../../examples/quickstart'), directory, { recursive: true });
  write('gatewright.policy.yaml', 'extends: [recommended]\n');
  const { out, code } = await gatewright('2026-11-20', 'validate', '-o', 'json');
  expect(code).toBe(0);
  expect(out.match(/"severity"/g)?.length ?? 0).toBeLessThan(5);
});

test('the readme of rules has one for each', () => {
  const page = readFileSync(join(__dirname, '../../docs/policies.md'), 'utf8');
  const { RULES } = require('../../src/policy/rules') as typeof import('../../src/policy/rules');
  for (const { id } of RULES) expect(page).toContain(`### ${id}\n`);
});
