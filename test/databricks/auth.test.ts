// Which credential goes where: the host rule as a matrix, the traps of the config file, and no secret in any word.
import fc from 'fast-check';
import { AuthError, type AuthInput, resolveCredentials } from '../../src/databricks/auth';
import { parseProfiles } from '../../src/databricks/databrickscfg';
import { isLoopback, normaliseHost } from '../../src/databricks/origin';
import { JumpingClock } from './clocks';

const A = 'https://adb-1.azuredatabricks.net';
const B = 'https://dbc-2.cloud.databricks.com';
const LOOP = 'http://127.0.0.1:8080';
const TOKEN = 'dapi-SECRET#1;2=3';
const OTHER = 'dapi-OTHER-SECRET';

function resolve(input: Partial<AuthInput> & { cfg?: string }) {
  const { cfg, ...rest } = input;
  return resolveCredentials({
    env: {},
    home: '/home/ana',
    clock: new JumpingClock(),
    random: () => 0,
    run: async () => ({ code: 'not-found', stdout: '', stderr: '' }),
    configFileText: (path) => (path === '/home/ana/.databrickscfg' ? cfg : undefined),
    ...rest,
  });
}

async function refusal(input: Partial<AuthInput> & { cfg?: string }): Promise<AuthError> {
  const error = await resolve(input).then(
    ({ how }) => new Error(`resolved: ${how}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AuthError);
  const { message, help, stack, code } = error as AuthError;
  expect(help).toMatch(/\.$/);
  for (const part of [message, help, stack, JSON.stringify(error), code]) expect(part).not.toMatch(/SECRET/);
  return error as AuthError;
}

async function token(input: Partial<AuthInput> & { cfg?: string }): Promise<[string, string]> {
  const { origin, credentials, how } = await resolve(input);
  expect(how).not.toMatch(/SECRET/);
  expect(await credentials.refresh('Bearer x')).toBe(false);
  const { authorization } = await credentials.headers();
  expect(credentials.secrets().some((secret) => authorization?.includes(secret))).toBe(true);
  return [origin, (authorization ?? '').replace('Bearer ', '')];
}

describe('a token from the environment', () => {
  const env = { DATABRICKS_TOKEN: TOKEN };
  // DATABRICKS_HOST, --host, the target's host → where it goes, or the code of the refusal.
  test.each([
    [undefined, undefined, undefined, 'no-host'],
    [A, undefined, undefined, A],
    [undefined, A, undefined, A],
    [undefined, undefined, A, 'host-unconfirmed'],
    [A, undefined, A, A],
    [A, undefined, B, 'host-mismatch'],
    [undefined, A, A, A],
    [undefined, A, B, 'host-mismatch'],
    [B, A, undefined, A],
    [B, A, A, A],
    [A, B, A, 'host-mismatch'],
    [A, A, B, 'host-mismatch'],
    [undefined, undefined, LOOP, LOOP],
    [A, undefined, LOOP, LOOP],
    [LOOP, undefined, A, 'host-mismatch'],
    ['ADB-1.AzureDatabricks.net:443/', undefined, A, A],
    [`${A}:8443`, undefined, A, 'host-mismatch'],
    [A.replace('https', 'http'), undefined, A, 'bad-host'],
    [A, undefined, `${A}/?o=1`, 'bad-host'],
    ['', undefined, A, 'host-unconfirmed'],
  ])('DATABRICKS_HOST=%s --host %s target %s: %s', async (envHost, hostFlag, host, outcome) => {
    const input = { env: { ...env, DATABRICKS_HOST: envHost }, hostFlag, host };
    if (outcome?.startsWith('http')) expect(await token(input)).toEqual([outcome, TOKEN]);
    else expect((await refusal(input)).code).toBe(outcome);
  });

  test('a refusal names both hosts and the way out', async () => {
    const mismatch = await refusal({ env: { ...env, DATABRICKS_HOST: A }, host: B });
    expect(mismatch.message).toBe(
      `the credential in DATABRICKS_TOKEN belongs to ${A}, but the target is ${B}`,
    );
    const flag = await refusal({ env, hostFlag: A, host: B });
    expect(flag.message).toBe(`--host says ${A}, the target says ${B}`);
    const unconfirmed = await refusal({ env, host: B });
    expect(unconfirmed.help).toContain(`DATABRICKS_HOST=${B}`);
  });

  test('a text that is no token is refused and not repeated', async () => {
    for (const bad of ['SECRET with blank', 'SECRET\r\nx: y', 'SECRETü']) {
      expect((await refusal({ env: { DATABRICKS_TOKEN: bad, DATABRICKS_HOST: A } })).code).toBe(
        'bad-credential',
      );
    }
    expect(await token({ env: { DATABRICKS_TOKEN: `  ${TOKEN}\n`, DATABRICKS_HOST: A } })).toEqual([
      A,
      TOKEN,
    ]);
  });

  test('a password in a host is not repeated', async () => {
    expect((await refusal({ env, host: 'https://ana:SECRET@example.com' })).code).toBe('bad-host');
  });
});

describe('a profile', () => {
  const cfg = [
    '\ufeff; written by hand',
    '# [commented]',
    '[DEFAULT]',
    `host = ${A}`,
    `token = ${TOKEN}`,
    '',
    '[prod]',
    `host=${B}/`,
    `token=${OTHER}`,
    'token-note = a = b ; c # d',
    '[half]',
    'host = https://dbc-3.cloud.databricks.com',
    '[broken]',
    'host = not a host',
    'token = SECRET',
  ].join('\r\n');

  test.each([
    [{}, [A, TOKEN]],
    [{ host: A }, [A, TOKEN]],
    [{ host: B }, [B, OTHER]],
    [{ hostFlag: B }, [B, OTHER]],
    [{ profile: 'prod' }, [B, OTHER]],
    [{ profile: 'prod', host: B }, [B, OTHER]],
    [{ env: { DATABRICKS_CONFIG_PROFILE: 'prod' } }, [B, OTHER]],
    [{ env: { DATABRICKS_HOST: B } }, [B, OTHER]],
    [{ env: { DATABRICKS_TOKEN: 'dapi-SECRET-env', DATABRICKS_HOST: A }, profile: 'prod' }, [B, OTHER]],
    [
      { env: { DATABRICKS_TOKEN: 'dapi-SECRET-env', DATABRICKS_HOST: A, DATABRICKS_CONFIG_PROFILE: 'prod' } },
      [A, 'dapi-SECRET-env'],
    ],
  ])('%j goes to its own host', async (input, outcome) => {
    expect(await token({ ...input, cfg })).toEqual(outcome);
  });

  test.each([
    [{ profile: 'prod', host: A }, 'host-mismatch'],
    [{ profile: 'prod', host: LOOP }, 'host-mismatch'],
    [{ profile: 'prod', hostFlag: A }, 'host-mismatch'],
    [{ env: { DATABRICKS_CONFIG_PROFILE: 'prod' }, host: A }, 'host-mismatch'],
    [{ profile: 'none' }, 'profile-unknown'],
    [{ profile: '__settings__' }, 'profile-unknown'],
    [{ profile: 'half' }, 'no-credentials'],
    [{ cfg: '[x]\ntoken = SECRET', profile: 'x' }, 'profile-incomplete'],
    [{ profile: 'broken' }, 'bad-host'],
    [{ host: 'https://dbc-9.cloud.databricks.com' }, 'no-credentials'],
    [{ cfg: '' }, 'no-host'],
    [{ cfg: `${cfg}\n[prod-2]\nhost = ${B}`, host: B }, 'profile-ambiguous'],
    [{ cfg: 'host = x\nSECRET', host: B }, 'bad-config-file'],
    [{ cfg: '[]', host: B }, 'bad-config-file'],
  ])('%j is refused: %s', async (input, code) => {
    expect((await refusal({ cfg, ...input })).code).toBe(code);
  });

  test('default_profile, and another file', async () => {
    const settings = `${cfg}\n[__settings__]\ndefault_profile = prod\n`;
    expect(await token({ cfg: settings })).toEqual([B, OTHER]);
    const asked: string[] = [];
    const configFileText = (path: string) => {
      asked.push(path);
      return cfg;
    };
    await token({ env: { DATABRICKS_CONFIG_FILE: '~/x.cfg' }, configFileText });
    await token({ env: { DATABRICKS_CONFIG_FILE: '/etc/x.cfg' }, configFileText });
    expect(asked).toEqual(['/home/ana/x.cfg', '/etc/x.cfg']);
  });

  test('the place of a line that cannot be read is named, its text is not', async () => {
    expect((await refusal({ cfg: '[a]\n\nSECRET' })).message).toMatch(/^\/home\/ana\/.databrickscfg:3: /);
  });

  test('property: any value comes back as it was written', () => {
    const value = fc
      .string({ unit: 'grapheme-ascii', minLength: 1 })
      .map((raw) => raw.trim())
      .filter((raw) => raw !== '');
    fc.assert(
      fc.property(value, value, (one, two) => {
        const profiles = parseProfiles(`[p]\ntoken = ${one}\n[q]\ntoken=${two}`);
        expect([profiles.get('p')?.get('token'), profiles.get('q')?.get('token')]).toEqual([one, two]);
      }),
    );
  });
});

describe('hosts', () => {
  test.each([
    ['adb-1.azuredatabricks.net', A],
    [`  ${A}/  `, A],
    ['HTTPS://ADB-1.AzureDatabricks.NET:443', A],
    ['https://bücher.example.com', 'https://xn--bcher-kva.example.com'],
    ['http://localhost:1', 'http://localhost:1'],
    ['http://127.9.9.9', 'http://127.9.9.9'],
    ['http://[::1]:80', 'http://[::1]'],
    ['https://example.com:8443', 'https://example.com:8443'],
  ])('%s is %s', (text, origin) => {
    expect(normaliseHost(text)).toBe(origin);
  });

  test.each([
    '',
    ' ',
    'http://example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'ftp://example.com',
    'javascript://x',
    'https://u@example.com',
    'https://@example.com',
    'https://:@example.com',
    'https://example.com/a',
    'https://example.com?',
    'https://example.com/#',
    'https://exa mple.com',
    'https://example.com\\@evil.example',
    'https://',
  ])('%j is refused', (text) => {
    expect(() => normaliseHost(text)).toThrow(/^the host /);
  });

  test('loopback', () => {
    for (const origin of ['http://127.0.0.1', 'http://localhost:3', 'http://[::1]'])
      expect(isLoopback(origin)).toBe(true);
    for (const origin of ['https://10.0.0.1', 'https://128.0.0.1', 'https://127.example.com'])
      expect(isLoopback(origin)).toBe(false);
  });
});
