// Each method against a token endpoint on loopback or a program that is played: what is sent, when it is renewed, what
// is passed over and why, and that nothing secret is ever said.
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import {
  AuthError,
  type AuthInput,
  type Run,
  type RunResult,
  resolveCredentials,
} from '../../src/databricks/auth';
import { azureClientSecret } from '../../src/databricks/auth/azure-client-secret';
import { bearerCredentials, type Token } from '../../src/databricks/auth/bearer';
import type { Surroundings } from '../../src/databricks/auth/method';
import { Settings } from '../../src/databricks/auth/settings';
import { createTokenClient, type TokenRequest } from '../../src/databricks/auth/token-client';
import { createClient } from '../../src/databricks/http';
import { ProxyError, proxiesOf } from '../../src/databricks/proxy';
import { runProgram } from '../../src/databricks/run';
import { createTransport, DEADLINES } from '../../src/databricks/transport';
import { JumpingClock } from './clocks';
import { json, reset, type Step, text, Workspace } from './workspace';

const SECRET = 'dose-S3CR3T-client+/=secret';
const AZURE = 'https://adb-1.azuredatabricks.net';
const GET = { id: 'x.get', method: 'GET', path: '/api/x', retry: 'read', pace: 'read' } as const;

const workspace = new Workspace();
let clock: JumpingClock;
let ran: string[];

beforeAll(() => workspace.open());
afterAll(() => workspace.close());
beforeEach(() => {
  clock = new JumpingClock();
  ran = [];
  workspace.script(token(1));
});

function token(n: number, life: number | string = 3600): Step {
  return json(200, { access_token: `jwt-S3CR3T-${n}`, token_type: 'Bearer', expires_in: life });
}

/** A machine on which these programs are installed. */
function programs(answers: Record<string, Partial<RunResult>>): Run {
  return async (command, args) => {
    const line = [command, ...args].join(' ');
    ran.push(line);
    const [key] = Object.keys(answers).filter((start) => line.startsWith(start));
    if (key === undefined) return { code: 'not-found', stdout: '', stderr: '' };
    return { code: 0, stdout: '', stderr: '', ...answers[key] };
  };
}

function resolve(input: Partial<AuthInput>) {
  return resolveCredentials({
    env: {},
    hostFlag: workspace.origin,
    home: '/home/ana',
    configFileText: () => undefined,
    clock,
    random: () => 0,
    run: programs({}),
    ...input,
  });
}

async function refusal(promise: Promise<unknown>): Promise<AuthError> {
  const error = await promise.then(
    () => new Error('no error'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AuthError);
  const { message, stack, help } = error as AuthError;
  for (const part of [message, stack, help, JSON.stringify(error)]) {
    expect(part).not.toContain('S3CR3T');
    expect(part).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, 12));
  }
  return error as AuthError;
}

function forms(): Record<string, string>[] {
  return workspace.arrived.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
}

describe('oauth-m2m', () => {
  const env = { DATABRICKS_CLIENT_ID: 'an-id', DATABRICKS_CLIENT_SECRET: SECRET };

  test('asks the workspace for a token, once for all who wait', async () => {
    const { credentials, how } = await resolve({ env });
    expect(credentials.authType).toBe('oauth-m2m');
    expect(how).toBe(
      'oauth-m2m by the credential in DATABRICKS_CLIENT_ID, DATABRICKS_CLIENT_SECRET: --host names the workspace',
    );
    expect(workspace.arrived).toHaveLength(0);
    const headers = await Promise.all(Array.from({ length: 20 }, () => credentials.headers()));
    expect(new Set(headers.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer jwt-S3CR3T-1']),
    );
    expect(workspace.arrived).toHaveLength(1);
    const [arrived] = workspace.arrived;
    expect([arrived?.method, arrived?.url]).toEqual(['POST', '/oidc/v1/token']);
    const pair = Buffer.from(`an-id:${encodeURIComponent(SECRET)}`).toString('base64');
    expect(arrived?.headers.authorization).toBe(`Basic ${pair}`);
    expect(forms()).toEqual([{ grant_type: 'client_credentials', scope: 'all-apis' }]);
    expect(credentials.secrets()).toEqual(expect.arrayContaining([SECRET, pair, 'jwt-S3CR3T-1']));
  });

  test('renews before the end of its life, and keeps the old token while a renewal fails', async () => {
    workspace.script(token(1), token(2, '3600'), text(500, ''));
    const { credentials } = await resolve({ env });
    const at = async (minute: number) => {
      clock.time = Date.UTC(2026, 0, 1, 0, minute);
      return (await credentials.headers()).authorization;
    };
    expect(await at(0)).toBe('Bearer jwt-S3CR3T-1');
    expect(await at(47)).toBe('Bearer jwt-S3CR3T-1');
    expect(await at(49)).toBe('Bearer jwt-S3CR3T-2');
    expect(await at(49 + 50)).toBe('Bearer jwt-S3CR3T-2');
    const tried = workspace.arrived.length;
    expect(await at(49 + 50)).toBe('Bearer jwt-S3CR3T-2');
    expect(workspace.arrived).toHaveLength(tried);
    expect((await refusal(at(49 + 61))).code).toBe('token-unreachable');
  });

  test('a 401 in the middle of a run renews it once for all calls', async () => {
    const { credentials } = await resolve({ env });
    const answers: Step = (response, request, socket) => {
      const tokens = workspace.arrived.filter(({ url }) => url.startsWith('/oidc')).length;
      if (request.url.startsWith('/oidc')) return token(tokens)(response, request, socket);
      const fresh = request.headers.authorization === 'Bearer jwt-S3CR3T-2';
      return json(fresh ? 200 : 401, {})(response, request, socket);
    };
    workspace.script(answers);
    await credentials.headers();
    clock.time += 60_000;
    const client = createClient({
      origin: workspace.origin,
      credentials,
      userAgent: 'x',
      readOnly: true,
      clock,
      random: () => 0,
    });
    const results = await Promise.all(Array.from({ length: 30 }, () => client.call(GET, {})));
    expect(results.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 200));
    expect(workspace.arrived.filter(({ url }) => url.startsWith('/oidc'))).toHaveLength(2);
    await client.close();
  });

  test('what the endpoint refuses is told without the secret, and not asked again at once', async () => {
    workspace.script(json(401, { error: 'invalid_client', error_description: `no client with ${SECRET}` }));
    const { credentials } = await resolve({ env });
    const error = await refusal(credentials.headers());
    expect(error).toMatchObject({
      code: 'token-refused',
      message: expect.stringContaining('no client with ***'),
    });
    expect(error.help).toContain('DATABRICKS_CLIENT_SECRET');
    await refusal(credentials.headers());
    expect(workspace.arrived).toHaveLength(1);
    clock.time += 60_000;
    workspace.script(token(7));
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer jwt-S3CR3T-7' });
  });

  test.each<[string, Step[], string]>([
    [
      'passing trouble is outlasted',
      [text(503, ''), reset, json(429, {}, { 'retry-after': '2' }), token(3)],
      'ok',
    ],
    ['lasting trouble is told', [reset], 'token-unreachable'],
    ['a page is no token', [text(200, '<html>', { 'content-type': 'text/html' })], 'token-unreachable'],
    ['an object without one is none', [json(200, { access_token: 7 })], 'token-unreachable'],
    [
      'another sort of token is none',
      [json(200, { access_token: 'a', token_type: 'mac' })],
      'token-unreachable',
    ],
    ['a token with a line break is none', [json(200, { access_token: 'S3CR3T\r\nx' })], 'bad-credential'],
    ['a redirect is not followed', [text(302, '', { location: 'https://evil.example' })], 'token-refused'],
  ])('%s', async (_, steps, code) => {
    workspace.script(...steps);
    const { credentials } = await resolve({ env });
    if (code === 'ok') expect(await credentials.headers()).toEqual({ authorization: 'Bearer jwt-S3CR3T-3' });
    else expect((await refusal(credentials.headers())).code).toBe(code);
    expect(workspace.arrived.length).toBeLessThanOrEqual(4);
  });

  test('goes nowhere that the environment does not name', async () => {
    const error = await refusal(resolve({ env, hostFlag: undefined, host: AZURE }));
    expect(error.code).toBe('host-unconfirmed');
    const other = { ...env, DATABRICKS_HOST: 'https://dbc-2.cloud.databricks.com' };
    expect((await refusal(resolve({ env: other, hostFlag: undefined, host: AZURE }))).code).toBe(
      'host-mismatch',
    );
  });

  test('from a profile', async () => {
    const cfg = `[sp]\nhost = ${workspace.origin}\nclient_id = an-id\nclient_secret = ${SECRET}\n`;
    const { credentials, how } = await resolve({ configFileText: () => cfg, profile: 'sp' });
    expect(how).toBe('oauth-m2m from profile "sp" in /home/ana/.databrickscfg: --profile');
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer jwt-S3CR3T-1' });
  });
});

describe('token exchange', () => {
  const exchange = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    subject_token: 'eyS3CR3T',
    scope: 'all-apis',
  };

  test('github-oidc asks GitHub for the audience, then the workspace', async () => {
    workspace.script(json(200, { value: 'eyS3CR3T' }), token(1));
    const env = {
      DATABRICKS_CLIENT_ID: 'an-id',
      ACTIONS_ID_TOKEN_REQUEST_URL: `${workspace.origin}/github?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'gh-S3CR3T',
    };
    const { credentials } = await resolve({ env });
    expect(credentials.authType).toBe('github-oidc');
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer jwt-S3CR3T-1' });
    const [github] = workspace.arrived;
    expect(github?.method).toBe('GET');
    expect(github?.url).toBe(
      `/github?api-version=2.0&audience=${encodeURIComponent(`${workspace.origin}/oidc/v1/token`)}`,
    );
    expect(github?.headers.authorization).toBe('Bearer gh-S3CR3T');
    expect(forms()[1]).toEqual({ ...exchange, client_id: 'an-id' });
    expect(workspace.arrived[1]?.headers.authorization).toBeUndefined();
    expect(credentials.secrets()).toEqual(expect.arrayContaining(['gh-S3CR3T', 'eyS3CR3T', 'jwt-S3CR3T-1']));
  });

  test('github-oidc for the account needs to be pinned; a refusal names the audience', async () => {
    const env = {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${workspace.origin}/github`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'gh-S3CR3T',
      DATABRICKS_TOKEN_AUDIENCE: 'my-audience',
    };
    expect((await refusal(resolve({ env }))).message).toContain(
      'github-oidc (DATABRICKS_CLIENT_ID is not set)',
    );
    workspace.script(
      json(200, { value: 'eyS3CR3T' }),
      json(400, { error_description: 'no policy for eyS3CR3T' }),
    );
    const { credentials } = await resolve({ env: { ...env, DATABRICKS_AUTH_TYPE: 'github-oidc' } });
    const error = await refusal(credentials.headers());
    expect(error.code).toBe('token-refused');
    expect(error.help).toContain('my-audience');
    expect(forms()[1]).toEqual(exchange);
  });

  test.each(['not a url', 'http://evil.example/x', 'https://u:S3CR3T@example.com/'])(
    'github-oidc sends nothing to %s',
    async (url) => {
      const env = {
        DATABRICKS_CLIENT_ID: 'an-id',
        ACTIONS_ID_TOKEN_REQUEST_URL: url,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'gh-S3CR3T',
      };
      const { credentials } = await resolve({ env });
      expect((await refusal(credentials.headers())).code).toBe('bad-host');
    },
  );

  test('env-oidc, also under another name', async () => {
    for (const env of [
      { DATABRICKS_OIDC_TOKEN: 'eyS3CR3T', DATABRICKS_ACCOUNT_ID: 'acc' },
      { DATABRICKS_OIDC_TOKEN_ENV: 'CI_JWT', CI_JWT: 'eyS3CR3T' },
    ]) {
      workspace.script(token(1));
      const { credentials } = await resolve({ env });
      expect(credentials.authType).toBe('env-oidc');
      expect(await credentials.headers()).toEqual({ authorization: 'Bearer jwt-S3CR3T-1' });
      expect(forms()).toEqual([exchange]);
      expect(credentials.secrets()).toContain('eyS3CR3T');
    }
    const error = await refusal(resolve({ env: { DATABRICKS_OIDC_TOKEN_ENV: 'CI_JWT' } }));
    expect(error.message).toContain('env-oidc (CI_JWT is not set)');
  });

  test('file-oidc reads the file for each exchange', async () => {
    let file: string | undefined = 'eyS3CR3T\n';
    const input = {
      env: { DATABRICKS_OIDC_TOKEN_FILEPATH: '/var/run/token' },
      configFileText: (path: string) => (path === '/var/run/token' ? file : undefined),
    };
    workspace.script(token(1), token(2));
    const { credentials } = await resolve(input);
    await credentials.headers();
    file = 'eyS3CR3T-2';
    clock.time += 50 * 60_000;
    await credentials.headers();
    expect(forms().map((form) => form.subject_token)).toEqual(['eyS3CR3T', 'eyS3CR3T-2']);
    file = undefined;
    clock.time += 120 * 60_000;
    expect((await refusal(credentials.headers())).message).toBe(
      'there is no identity token in /var/run/token',
    );
  });
});

describe('logins of programs', () => {
  const cli = (life = 60, value = 'cli-S3CR3T-1') => ({
    stdout: JSON.stringify({
      access_token: value,
      token_type: 'Bearer',
      expiry: new Date(clock.now() + life * 60_000).toISOString(),
    }),
  });

  test('databricks-cli, by host or by profile, renewed by asking again', async () => {
    const answers: Record<string, Partial<RunResult>> = { 'databricks auth token': cli() };
    const run = programs(answers);
    const { credentials } = await resolve({ run });
    expect(credentials.authType).toBe('databricks-cli');
    expect(ran).toEqual([`databricks auth token --host ${workspace.origin}`]);
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer cli-S3CR3T-1' });
    expect(await credentials.refresh('Bearer cli-S3CR3T-1')).toBe(false);
    clock.time += 50 * 60_000;
    answers['databricks auth token'] = cli(60, 'cli-S3CR3T-2');
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer cli-S3CR3T-2' });
    clock.time += 90 * 60_000;
    answers['databricks auth token'] = { code: 1, stderr: 'Error: refresh token is invalid' };
    expect((await refusal(credentials.headers())).code).toBe('token-refused');

    ran = [];
    const cfg = `[me]\nhost = ${workspace.origin}\nauth_type = databricks-cli\n`;
    const env = { DATABRICKS_CLI_PATH: '/opt/databricks' };
    const again = programs({ '/opt/databricks auth token': cli() });
    const { how } = await resolve({ env, run: again, configFileText: () => cfg });
    expect(ran).toEqual(['/opt/databricks auth token --profile me']);
    expect(how).toContain('databricks-cli from profile "me"');
  });

  test('azure-cli, with a tenant, without one for a managed identity, and with the resource', async () => {
    const expires_on = clock.now() / 1000 + 3600;
    const run = programs({
      'az account get-access-token --resource 2ff814a6-3304-4ab8-85cb-cd0e6f879c1d --output json --tenant': {
        code: 1,
        stderr: "ERROR: Tenant shouldn't be specified for managed identity account",
      },
      'az account get-access-token --resource 2ff814a6': {
        stdout: JSON.stringify({
          accessToken: 'aad-S3CR3T',
          expires_on,
          expiresOn: '2026-01-01 01:00:00.000000',
        }),
      },
      'az account get-access-token --resource https://management.core.windows.net/': {
        stdout: JSON.stringify({ accessToken: 'arm-S3CR3T', expires_on }),
      },
    });
    const env = { ARM_TENANT_ID: 'a-tenant', DATABRICKS_AZURE_RESOURCE_ID: '/subscriptions/x' };
    const { credentials } = await resolve({ env, run, hostFlag: AZURE });
    expect(credentials.authType).toBe('azure-cli');
    expect(await credentials.headers()).toEqual({
      authorization: 'Bearer aad-S3CR3T',
      'x-databricks-azure-workspace-resource-id': '/subscriptions/x',
      'x-databricks-azure-sp-management-token': 'arm-S3CR3T',
    });
    expect(credentials.secrets()).toEqual(expect.arrayContaining(['aad-S3CR3T', 'arm-S3CR3T']));
    expect(ran.filter((line) => line.startsWith('az'))).toHaveLength(3);
  });

  test('are asked for no host that only the configuration names', async () => {
    const error = await refusal(
      resolve({ hostFlag: undefined, host: AZURE, run: programs({ az: {}, databricks: {} }) }),
    );
    expect(error.code).toBe('no-credentials');
    expect(ran).toEqual([]);
  });

  test('do not stand in for half a credential', async () => {
    const run = programs({ 'databricks auth token': cli() });
    const error = await refusal(resolve({ env: { DATABRICKS_CLIENT_SECRET: SECRET }, run }));
    expect(error.message).toContain('oauth-m2m (DATABRICKS_CLIENT_ID is not set)');
    expect(error.message).toContain('databricks-cli (not tried beside DATABRICKS_CLIENT_SECRET)');
    expect(ran).toEqual([]);
  });

  test('a failure names every method and why it was passed over, in the order of trying', async () => {
    const run = programs({
      databricks: {
        code: 1,
        stdout: 'S3CR3T',
        stderr: '\nError: no login; eyJS3CR3T.eyJS3CR3T.x dapiS3CR3T0123456\nmore',
      },
    });
    const error = await refusal(resolve({ run, hostFlag: AZURE }));
    expect(error.code).toBe('no-credentials');
    expect(error.message).toBe(
      `no credential for ${AZURE} in the environment: pat (DATABRICKS_TOKEN is not set); ` +
        'oauth-m2m (DATABRICKS_CLIENT_ID is not set); ' +
        'databricks-cli ("databricks auth token" failed: Error: no login; *** ***); ' +
        'github-oidc (ACTIONS_ID_TOKEN_REQUEST_URL is not set (not a GitHub job with "id-token: write")); ' +
        'env-oidc (DATABRICKS_OIDC_TOKEN is not set); file-oidc (DATABRICKS_OIDC_TOKEN_FILEPATH is not set); ' +
        'azure-client-secret (ARM_CLIENT_ID is not set); azure-cli (the program "az" is not installed)',
    );
    expect(error.help).toContain(`databricks auth login --host ${AZURE}`);
  });

  test.each<[Partial<RunResult>, string]>([
    [{ code: 'timeout' }, 'did not finish within 60 s'],
    [{ stdout: 'S3CR3T' }, 'printed something else than a token'],
    [{ stdout: '{"token":"S3CR3T"}' }, 'printed no access_token'],
  ])('%j is passed over', async (result, reason) => {
    const error = await refusal(resolve({ run: programs({ databricks: result }) }));
    expect(error.message).toContain(reason);
  });
});

describe('auth_type', () => {
  test('pins one method', async () => {
    const env = {
      DATABRICKS_TOKEN: 'dapi-S3CR3T',
      DATABRICKS_CLIENT_ID: 'an-id',
      DATABRICKS_CLIENT_SECRET: SECRET,
      DATABRICKS_AUTH_TYPE: 'oauth-m2m',
    };
    expect((await resolve({ env })).credentials.authType).toBe('oauth-m2m');
    const error = await refusal(resolve({ env: { ...env, DATABRICKS_AUTH_TYPE: 'azure-cli' } }));
    expect(error.message).toMatch(/in the environment: azure-cli \(the workspace is not on Azure\)$/);
    const unknown = await refusal(resolve({ env: { ...env, DATABRICKS_AUTH_TYPE: 'basic' } }));
    expect(unknown).toMatchObject({ code: 'auth-type-unknown', help: expect.stringContaining('oauth-m2m') });
  });
});

describe('azure-client-secret', () => {
  function surroundings(env: Record<string, string>, asked: TokenRequest[], origin = AZURE): Surroundings {
    return {
      origin,
      settings: Settings.ofEnvironment(env),
      clock,
      run: programs({}),
      fileText: () => undefined,
      tokens: {
        ask: async (request) => {
          asked.push(request);
          return { access_token: `aad-S3CR3T-${asked.length}`, token_type: 'Bearer', expires_in: '3599' };
        },
      },
    };
  }
  const env = { ARM_CLIENT_ID: 'an-id', ARM_CLIENT_SECRET: SECRET, ARM_TENANT_ID: 'a-tenant' };

  test('asks Entra ID of the cloud that the workspace is in', async () => {
    for (const [origin, login] of [
      [AZURE, 'https://login.microsoftonline.com'],
      ['https://adb-1.databricks.azure.us', 'https://login.microsoftonline.us'],
      ['https://adb-1.databricks.azure.cn', 'https://login.chinacloudapi.cn'],
    ] as const) {
      const asked: TokenRequest[] = [];
      const found = await azureClientSecret.configure(surroundings(env, asked, origin));
      if ('passedOver' in found) throw new Error(found.passedOver);
      expect(await found.headers()).toEqual({ authorization: 'Bearer aad-S3CR3T-1' });
      expect(asked[0]).toMatchObject({
        url: `${login}/a-tenant/oauth2/token`,
        form: { grant_type: 'client_credentials', client_id: 'an-id', client_secret: SECRET },
      });
      expect(found.secrets()).toEqual(expect.arrayContaining([SECRET, 'aad-S3CR3T-1']));
    }
  });

  test('proves its right on the resource where one is named', async () => {
    const asked: TokenRequest[] = [];
    const found = await azureClientSecret.configure(
      surroundings({ ...env, DATABRICKS_AZURE_RESOURCE_ID: '/subscriptions/x' }, asked),
    );
    if ('passedOver' in found) throw new Error(found.passedOver);
    expect(await found.headers()).toMatchObject({
      authorization: 'Bearer aad-S3CR3T-1',
      'x-databricks-azure-sp-management-token': 'aad-S3CR3T-2',
    });
    expect(asked.map(({ form }) => form?.resource)).toEqual([
      '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d',
      'https://management.core.windows.net/',
    ]);
  });

  test('is passed over elsewhere, and refuses a tenant that could be a path', async () => {
    for (const origin of ['https://dbc-1.cloud.databricks.com', 'https://azuredatabricks.net.evil.example']) {
      expect(await azureClientSecret.configure(surroundings(env, [], origin))).toEqual({
        passedOver: 'the workspace is not on Azure',
      });
    }
    const bad = { ...env, ARM_TENANT_ID: '../evil' };
    expect((await refusal(azureClientSecret.configure(surroundings(bad, [])))).code).toBe('bad-credential');
  });
});

test('a token without an end is renewed only after a 401', async () => {
  let n = 0;
  const fetch = async (): Promise<Token> => {
    n += 1;
    return { value: `t${n}`, expiresAt: undefined };
  };
  const credentials = bearerCredentials({ authType: 'x', clock, fetch, secrets: [] });
  await credentials.headers();
  clock.time += 1e9;
  expect(await credentials.headers()).toEqual({ authorization: 'Bearer t1' });
  expect(await credentials.refresh('Bearer t1')).toBe(true);
  expect(await credentials.headers()).toEqual({ authorization: 'Bearer t2' });
  // Whoever was refused with the old one need not ask again.
  expect(await credentials.refresh('Bearer t1')).toBe(true);
  expect(n).toBe(2);
});

test('a token that is nearly over is renewed before the workspace would refuse it, but not for every request', async () => {
  let n = 0;
  let life = 100_000;
  const fetch = async (): Promise<Token> => {
    n += 1;
    return { value: `t${n}`, expiresAt: clock.now() + life };
  };
  const credentials = bearerCredentials({ authType: 'x', clock, fetch, secrets: [] });
  for (const [ms, fetched] of [
    [0, 1],
    [39_000, 1],
    [2_000, 2],
  ] as const) {
    clock.time += ms;
    await credentials.headers();
    expect(n).toBe(fetched);
  }
  life = 20_000;
  clock.time += 60_000;
  for (let request = 0; request < 100; request++) await credentials.headers();
  expect(n).toBe(3);
  clock.time += 6_000;
  await credentials.headers();
  expect(n).toBe(4);
});

test('a token endpoint that never answers ends at its deadline', async () => {
  workspace.script(() => {});
  const tokens = createTokenClient({ clock, random: () => 0, deadlines: { total: 30 } });
  const error = await refusal(
    tokens.ask({ url: `${workspace.origin}/t`, form: { a: 'S3CR3T' }, secrets: ['S3CR3T'], help: 'x.' }),
  );
  expect(error.code).toBe('token-unreachable');
  expect(workspace.arrived).toHaveLength(4);
});

describe('proxies', () => {
  test('are read from the usual variables', () => {
    expect(proxiesOf({})).toBeUndefined();
    expect(proxiesOf({ NO_PROXY: 'x', HTTPS_PROXY: ' ' })).toBeUndefined();
    expect(proxiesOf({ HTTPS_PROXY: 'proxy.example.com:3128', no_proxy: 'a,b' })).toEqual({
      http: undefined,
      https: 'http://proxy.example.com:3128',
      bypass: 'a,b',
    });
    expect(proxiesOf({ http_proxy: 'http://a', HTTP_PROXY: 'http://b' })?.http).toBe('http://a');
    for (const bad of ['socks5://S3CR3T@x', 'http://u:S3CR3T@[bad']) {
      expect(() => proxiesOf({ HTTPS_PROXY: bad })).toThrow(ProxyError);
      expect(() => proxiesOf({ HTTPS_PROXY: bad })).not.toThrow(/S3CR3T/);
    }
  });

  test('tunnel what is not on this machine, and say how they refuse', async () => {
    const seen: [string | undefined, string | undefined][] = [];
    let refuse = false;
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      seen.push([request.url, request.headers['proxy-authorization']]);
      if (refuse) return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      const { port } = new URL(workspace.origin);
      const upstream = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      socket.on('error', () => upstream.destroy());
      upstream.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const http = `http://u:p@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const proxies = { http, https: undefined, bypass: undefined };
    const send = async (origin: string) => {
      const transport = createTransport({ origin, connections: 2, deadlines: DEADLINES, proxies });
      const ended = await transport.send({
        method: 'GET',
        path: '/x',
        headers: {},
        body: undefined,
        maxBytes: 1000,
        signal: undefined,
      });
      await transport.close();
      return ended;
    };
    workspace.script(json(200, {}));
    expect(await send('http://workspace.invalid')).toMatchObject({ ended: 'answer', status: 200 });
    const basic = `Basic ${Buffer.from('u:p').toString('base64')}`;
    expect(seen).toEqual([['workspace.invalid:80', basic]]);
    expect(await send(workspace.origin)).toMatchObject({ ended: 'answer', status: 200 });
    expect(seen).toHaveLength(1);
    refuse = true;
    expect(await send('http://workspace.invalid')).toMatchObject({
      ended: 'never-sent',
      reason: 'the proxy answered 407',
    });
    await new Promise((resolve) => proxy.close(resolve));
  });
});

describe('running a program', () => {
  const node = (script: string, timeout = 10_000) => runProgram(process.execPath, ['-e', script], timeout);

  test('gives what it printed and how it ended', async () => {
    expect(await node('console.log(1); console.error(2)')).toEqual({ code: 0, stdout: '1\n', stderr: '2\n' });
    expect(await node('console.error("no"); process.exitCode = 3')).toEqual({
      code: 3,
      stdout: '',
      stderr: 'no\n',
    });
    expect((await node('setTimeout(() => {}, 60000)', 100)).code).toBe('timeout');
    expect((await runProgram('/no/such/program', [], 1000)).code).toBe('not-found');
    expect((await runProgram('no-such-program', ['a b'], 1000)).code).toBe('not-found');
  });

  test('takes no input and no shell', async () => {
    expect((await node('process.stdin.on("end", () => console.log("end")).resume()')).stdout).toBe('end\n');
    const echo = await runProgram(process.execPath, ['-p', 'process.argv[1]', '--', '$(id); `id`'], 5000);
    expect(echo.stdout).toBe('$(id); `id`\n');
  });
});
