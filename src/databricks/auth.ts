// Which workspace is meant and which credential goes there. A credential from the environment goes only to a host that
// the environment or the command line names, a profile's only to that profile's host: a changed file can send no token
// elsewhere. Reads nothing itself; the caller hands in the environment and the config file. Sends nothing.
import { AuthError } from './auth/error';
import { patCredentials } from './auth/pat';
import type { Credentials } from './credentials';
import { ConfigFileError, type Profiles, parseProfiles, SETTINGS_SECTION } from './databrickscfg';
import { HostError, isLoopback, normaliseHost } from './origin';

export { AuthError } from './auth/error';

export interface AuthInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The target's host. */
  readonly host?: string | undefined;
  /** `--host`: names the workspace, and vouches for it as `DATABRICKS_HOST` does. */
  readonly hostFlag?: string | undefined;
  /** `--profile`. */
  readonly profile?: string | undefined;
  /** The text of a file, undefined when there is none. */
  readonly configFileText?: ((path: string) => string | undefined) | undefined;
  /** The user's home folder. */
  readonly home: string;
}

export interface Resolved {
  /** The workspace: `https://adb-12.azuredatabricks.net`. */
  readonly origin: string;
  readonly credentials: Credentials;
  /** Which credential was chosen and why, one sentence, nothing secret. */
  readonly how: string;
}

/** @throws AuthError */
export async function resolveCredentials(input: AuthInput): Promise<Resolved> {
  const hosts = hostsOf(input);
  const file = profileFile(input);
  const wanted = hosts.flag ?? hosts.target;
  if (input.profile !== undefined) return fromProfile(file, input.profile, '--profile', wanted);
  const token = set(input.env.DATABRICKS_TOKEN);
  if (token !== undefined) return fromEnvironment(token, hosts);
  const destination = wanted ?? hosts.env;
  const { name, because } = pickProfile(file, input, destination);
  return fromProfile(file, name, because, destination);
}

interface Hosts {
  readonly flag: string | undefined;
  readonly target: string | undefined;
  readonly env: string | undefined;
}

function hostsOf(input: AuthInput): Hosts {
  const flag = host(input.hostFlag, '--host');
  const target = host(input.host, "the target's host");
  if (flag !== undefined && target !== undefined && flag !== target) {
    throw new AuthError(
      'host-mismatch',
      `--host says ${flag}, the target says ${target}`,
      'Leave out --host, or choose the target of that workspace with --target.',
    );
  }
  return { flag, target, env: host(set(input.env.DATABRICKS_HOST), 'DATABRICKS_HOST') };
}

function fromEnvironment(token: string, hosts: Hosts): Resolved {
  const credentials = patCredentials(checked(token, 'DATABRICKS_TOKEN'));
  const origin = hosts.flag ?? hosts.target ?? hosts.env;
  if (origin === undefined) {
    throw new AuthError(
      'no-host',
      'DATABRICKS_TOKEN is set, but nothing says for which workspace',
      'Set DATABRICKS_HOST to the workspace URL, or pass --host.',
    );
  }
  const how = (why: string) => ({ origin, credentials, how: `the token of DATABRICKS_TOKEN: ${why}` });
  if (hosts.flag !== undefined) return how('--host names the workspace');
  if (hosts.env === origin) return how('DATABRICKS_HOST names the workspace');
  if (isLoopback(origin)) return how('the workspace is this machine');
  if (hosts.env === undefined) {
    throw new AuthError(
      'host-unconfirmed',
      `DATABRICKS_TOKEN is not sent to ${origin}: only the configuration names that host`,
      `If the token belongs there, set DATABRICKS_HOST=${origin} or pass --host ${origin}.`,
    );
  }
  throw new AuthError(
    'host-mismatch',
    `DATABRICKS_TOKEN belongs to ${hosts.env}, but the target is ${origin}`,
    'Set DATABRICKS_HOST and DATABRICKS_TOKEN for that workspace, choose another --target, or use --profile.',
  );
}

interface ProfileFile {
  readonly path: string;
  readonly profiles: Profiles;
}

function profileFile(input: AuthInput): ProfileFile {
  const named = set(input.env.DATABRICKS_CONFIG_FILE) ?? '~/.databrickscfg';
  const path = /^~(?=[/\\]|$)/.test(named) ? input.home + named.slice(1) : named;
  const text = input.configFileText?.(path);
  try {
    return { path, profiles: text === undefined ? new Map() : parseProfiles(text) };
  } catch (error) {
    if (!(error instanceof ConfigFileError)) throw error;
    throw new AuthError(
      'bad-config-file',
      `${path}:${error.line}: ${error.message}`,
      'Each line is a [profile], a "key = value", or a comment that begins with # or ;.',
    );
  }
}

/**
 * The order of the Databricks CLI, https://docs.databricks.com/aws/en/dev-tools/cli/profiles, and after that the only
 * profile of the wanted host, as its bundles do.
 */
function pickProfile(
  { path, profiles }: ProfileFile,
  input: AuthInput,
  destination: string | undefined,
): { name: string; because: string } {
  const named = set(input.env.DATABRICKS_CONFIG_PROFILE);
  if (named !== undefined) return { name: named, because: 'DATABRICKS_CONFIG_PROFILE' };
  const preferred = set(profiles.get(SETTINGS_SECTION)?.get('default_profile'));
  const standard = preferred ?? (profiles.has('DEFAULT') ? 'DEFAULT' : undefined);
  if (destination === undefined) {
    if (standard !== undefined) return { name: standard, because: 'the default profile' };
  } else {
    const fitting = [...profiles.keys()].filter(
      (name) => name !== SETTINGS_SECTION && hostIn(profiles, name) === destination,
    );
    if (standard !== undefined && fitting.includes(standard)) {
      return { name: standard, because: 'the default profile' };
    }
    if (fitting.length === 1) return { name: fitting[0]!, because: `the only one of ${destination}` };
    if (fitting.length > 1) {
      throw new AuthError(
        'profile-ambiguous',
        `${path} has several profiles of ${destination}: ${fitting.join(', ')}`,
        'Choose one with --profile.',
      );
    }
  }
  throw new AuthError(
    destination === undefined ? 'no-host' : 'no-credentials',
    destination === undefined
      ? `nothing names a workspace: no target, no --host, no DATABRICKS_HOST, no default profile in ${path}`
      : `no credential for ${destination}: DATABRICKS_TOKEN is not set, and no profile in ${path} has that host`,
    'Set DATABRICKS_HOST and DATABRICKS_TOKEN, or run `databricks configure` and choose the profile with --profile.',
  );
}

function fromProfile(
  { path, profiles }: ProfileFile,
  name: string,
  because: string,
  destination: string | undefined,
): Resolved {
  const profile = name === SETTINGS_SECTION ? undefined : profiles.get(name);
  if (profile === undefined) {
    const names = [...profiles.keys()].filter((known) => known !== SETTINGS_SECTION);
    throw new AuthError(
      'profile-unknown',
      `${path} has no profile "${name}" (${because})`,
      names.length === 0 ? 'Run `databricks configure` to write one.' : `It has: ${names.join(', ')}.`,
    );
  }
  const missing = ['host', 'token'].find((key) => set(profile.get(key)) === undefined);
  if (missing !== undefined) {
    throw new AuthError(
      'profile-incomplete',
      `the profile "${name}" in ${path} has no ${missing}`,
      `Add \`${missing} = ...\` to it, or choose another profile with --profile.`,
    );
  }
  const origin = host(profile.get('host'), `the host of profile "${name}"`)!;
  if (destination !== undefined && destination !== origin) {
    throw new AuthError(
      'host-mismatch',
      `the profile "${name}" belongs to ${origin}, but the workspace is ${destination}`,
      'Choose the profile of that workspace with --profile, or another --target.',
    );
  }
  const token = checked(profile.get('token')!, `the token of profile "${name}"`);
  return {
    origin,
    credentials: patCredentials(token),
    how: `the token of profile "${name}" in ${path}: ${because}`,
  };
}

/** Of a profile that was not chosen: its host if it can be read, no complaint if not. */
function hostIn(profiles: Profiles, name: string): string | undefined {
  const text = set(profiles.get(name)?.get('host'));
  try {
    return text === undefined ? undefined : normaliseHost(text);
  } catch {
    return undefined;
  }
}

function host(text: string | undefined, source: string): string | undefined {
  if (text === undefined) return undefined;
  try {
    return normaliseHost(text);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new AuthError('bad-host', `${source}: ${error.message}`, error.help);
  }
}

/** A token becomes a header: what could break out of one is refused. */
function checked(token: string, source: string): string {
  if (/^[\u0021-\u007e]+$/.test(token)) return token;
  throw new AuthError(
    'bad-credential',
    `${source} holds a blank, a line break or a character that no token has`,
    'Copy the token again; quotes and line breaks around it are not part of it.',
  );
}

/** An empty variable is an unset one. */
function set(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === '' ? undefined : text;
}
