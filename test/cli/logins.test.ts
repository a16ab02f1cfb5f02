// The built command signs in by each method against the token endpoint of a simulated workspace that believes nobody
// else. The two of Azure go to Azure's own hosts alone: test/databricks has them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Simulator } from '../../src/simulator';

const BUILT = join(__dirname, '../../dist/bin/gatewright.js');
const SECRET = 'canary-client-secret';
const IDENTITY = 'canary-identity-token';
const CLIENT = 'b2a1c3d4-0000-4000-8000-000000000001';
const entity = (version: string) => ({
  served_entities: [{ name: 'm', entity_name: 'ml.models.m', entity_version: version }],
});
const project = (version: string) =>
  `project: p\nserving_endpoints: { chat: { config: ${JSON.stringify(entity(version))} } }\n`;

let directory: string;
let simulator: Simulator;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gatewright-login-'));
  writeFileSync(join(directory, 'gatewright.yaml'), project('1'));
  simulator = await Simulator.start({
    clock: 'manual',
    state: {
      serving_endpoints: [
        { name: 'chat', config: entity('1'), tags: [{ key: 'gatewright_project', value: 'p' }] },
      ],
      settings: { sign_in: { clients: [{ id: CLIENT, secret: SECRET }], identity_tokens: [IDENTITY] } },
    },
  });
});
afterEach(async () => {
  await simulator.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A program that prints what the CLI of that name would. */
function program(name: string, answer: unknown): void {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\ncat <<'END'\n${JSON.stringify(answer)}\nEND\n`);
  chmodSync(path, 0o755);
}

async function run(argv: readonly string[], env: Record<string, string>, meanwhile?: () => Promise<void>) {
  const child = spawn(process.execPath, [BUILT, ...argv], {
    cwd: directory,
    env: {
      PATH: `${directory}${delimiter}/usr/bin${delimiter}/bin`,
      HOME: directory,
      DATABRICKS_HOST: simulator.url,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => {
      text += part;
    });
  }
  const closed = once(child, 'close');
  await meanwhile?.();
  const [code] = await closed;
  expect(text).not.toContain('canary');
  expect(text).not.toContain(Buffer.from(`${CLIENT}:${SECRET}`).toString('base64'));
  expect(text).not.toContain('simulated-token');
  return { code, text };
}

const sent = (path: string) => simulator.requests.filter((request) => request.path === path);

/** A token that the workspace knows, as a login on this machine would hold. */
async function givenOut(): Promise<string> {
  const answer = await fetch(`${simulator.url}/oidc/v1/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${CLIENT}:${SECRET}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'all-apis' }),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  simulator.clearRequests();
  return access_token;
}

const file = () => {
  const path = join(directory, 'identity');
  writeFileSync(path, `${IDENTITY}\n`);
  return path;
};

test.each<[string, () => Record<string, string>]>([
  ['oauth-m2m', () => ({ DATABRICKS_CLIENT_ID: CLIENT, DATABRICKS_CLIENT_SECRET: SECRET })],
  [
    'github-oidc',
    () => ({
      DATABRICKS_CLIENT_ID: CLIENT,
      ACTIONS_ID_TOKEN_REQUEST_URL: `${simulator.url}/_simulator/identity-token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'canary-request-token',
    }),
  ],
  ['env-oidc', () => ({ DATABRICKS_CLIENT_ID: CLIENT, DATABRICKS_OIDC_TOKEN: IDENTITY })],
  ['file-oidc', () => ({ DATABRICKS_CLIENT_ID: CLIENT, DATABRICKS_OIDC_TOKEN_FILEPATH: file() })],
])('%s: one token for a whole plan', async (method, env) => {
  const { code, text } = await run(['plan', '--verbose'], { ...env(), DATABRICKS_AUTH_TYPE: method });
  expect([code, text]).toEqual([0, expect.stringContaining('nothing to change, 1 unchanged')]);
  expect(text).toContain(method);
  expect(sent('/oidc/v1/token')).toHaveLength(1);
  expect(simulator.requests.filter(({ status }) => status !== 200)).toEqual([]);
});

test('databricks auth token', async () => {
  const expiry = new Date(Date.now() + 3_600_000).toISOString();
  program('databricks', { access_token: await givenOut(), token_type: 'Bearer', expiry });
  const { code, text } = await run(['plan'], {});
  expect([code, text]).toEqual([0, expect.stringContaining('1 unchanged')]);
});

test('a token that ends in the middle of an apply is asked for once more, and the apply goes on', async () => {
  writeFileSync(join(directory, 'gatewright.yaml'), project('2'));
  const { code, text } = await run(
    ['apply', '--yes'],
    { DATABRICKS_CLIENT_ID: CLIENT, DATABRICKS_CLIENT_SECRET: SECRET },
    async () => {
      // The update lasts two minutes of a clock that stands: the command waits when the hours pass.
      while (sent('/api/2.0/serving-endpoints/chat/config').length === 0)
        await new Promise((go) => setTimeout(go, 5));
      simulator.advance(2 * 3_600_000);
    },
  );
  expect([code, text]).toEqual([0, expect.stringContaining('Apply: 1 applied.')]);
  expect(sent('/oidc/v1/token')).toHaveLength(2);
  expect(simulator.requests.filter(({ status }) => status === 401)).toHaveLength(1);
  expect(sent('/api/2.0/serving-endpoints/chat/config')).toHaveLength(1);
});

test('a secret that is refused is told by what to check, and nothing is asked of the workspace', async () => {
  const env = { DATABRICKS_CLIENT_ID: CLIENT, DATABRICKS_CLIENT_SECRET: 'canary-of-last-year' };
  const { code, text } = await run(['plan'], env);
  expect(code).toBe(1);
  expect(text).toContain('Check DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET');
  expect(simulator.requests.map(({ path }) => path)).toEqual(['/oidc/v1/token']);
});

test('an identity that no policy accepts is told with the audience that a policy must name', async () => {
  const env = { DATABRICKS_CLIENT_ID: CLIENT, DATABRICKS_OIDC_TOKEN: 'canary-of-somebody-else' };
  const { code, text } = await run(['plan'], env);
  expect(code).toBe(1);
  expect(text.replace(/\s+/g, ' ')).toContain('Check the federation policy');
});

test('with nothing to sign in by, each method says why it was passed over', async () => {
  const { code, text } = await run(['plan'], {});
  expect(code).toBe(1);
  for (const method of ['oauth-m2m', 'databricks-cli', 'github-oidc', 'env-oidc', 'file-oidc', 'azure-cli'])
    expect(text).toContain(method);
  expect(simulator.requests).toEqual([]);
});
