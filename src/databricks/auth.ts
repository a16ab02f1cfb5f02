// Which workspace is meant and which credential goes there. A credential from the environment goes only to a host that
// the environment or the command line names, a profile's only to that profile's host: a changed file can send no token
// elsewhere. Reads nothing itself; the caller hands in the environment and the config file. Sends nothing.
import { AuthError } from './auth/error';
import type { Run, Surroundings } from './auth/method';
import { chooseMethod } from './auth/methods';
import { given, Settings } from './auth/settings';
import { createTokenClient } from './auth/token-client';
import type { Clock } from './clock';
import type { Credentials } from './credentials';
import { ConfigFileError, type Profiles, parseProfiles, SETTINGS_SECTION } from './databrickscfg';
import { HostError, isLoopback, normaliseHost } from './origin';
import { proxiesOf } from './proxy';

export { AuthError } from './auth/error';
export type { Run, RunResult } from './auth/method';

export interface AuthInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The target's host. */
  readonly host?: string | undefined;
  /** `--host`: names the workspace, and vouches for it as `DATABRICKS_HOST` does. */
  readonly hostFlag?: string | undefined;
  /** `--profile`. */
  readonly profile?: string | undefined;
  /** The text of a file, undefined when there is none: the profiles, or an identity token. */
  readonly configFileText?: ((path: string) => string | undefined) | undefined;
  /** The user's home folder. */
  readonly home: string;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** For `databricks auth token` and `az account get-access-token`. */
  readonly run: Run;
}

export interface Resolved {
  /** The workspace: `https://adb-12.azuredatabricks.net`. */
  readonly origin: string;
  readonly credentials: Credentials;
  /** Which credential was chosen and why, one sentence, nothing secret. */
  readonly how: string;
}

/**
 * In this order: `--profile`; a credential set in the environment; a profile by `DATABRICKS_CONFIG_PROFILE`, by default
 * or by host; the login of a program for the host that the environment or the command line names. Sends nothing to the
 * workspace; may run a program that holds a login.
 * @throws AuthError
 */
export async function resolveCredentials(input: AuthInput): Promise<Resolved> {
  const hosts = hostsOf(input);
  const file = profileFile(input);
  const wanted = hosts.flag ?? hosts.target;
  if (input.profile !== undefined) return fromProfile(input, file, input.profile, '--profile', wanted);
  const settings = Settings.ofEnvironment(input.env);
  const set = settings.explicit();
  if (set.length > 0) return fromEnvironment(input, settings, `the credential in ${set.join(', ')}`, hosts);
  const destination = wanted ?? hosts.env;
  const picked = pickProfile(file, input, destination);
  if (picked !== undefined) return fromProfile(input, file, picked.name, picked.because, destination);
  if (hosts.flag !== undefined || (hosts.env !== undefined && hosts.env === destination)) {
    return fromEnvironment(input, settings, 'a login on this machine', hosts);
  }
  throw nothingFound(file, destination);
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
  return { flag, target, env: host(given(input.env.DATABRICKS_HOST), 'DATABRICKS_HOST') };
}

/** @param what which credential it is, by the names of its variables. */
async function fromEnvironment(
  input: AuthInput,
  settings: Settings,
  what: string,
  hosts: Hosts,
): Promise<Resolved> {
  const origin = hosts.flag ?? hosts.target ?? hosts.env;
  if (origin === undefined) {
    throw new AuthError(
      'no-host',
      `${what} has nowhere to go: nothing names a workspace`,
      'Set DATABRICKS_HOST to the workspace URL, or pass --host.',
    );
  }
  const why = vouched(origin, what, hosts);
  const credentials = await chooseMethod(surroundings(input, origin, settings), 'the environment');
  return { origin, credentials, how: `${credentials.authType} by ${what}: ${why}` };
}

/** Why a credential from the environment may go to this host. @throws AuthError when nothing says so. */
function vouched(origin: string, what: string, hosts: Hosts): string {
  if (hosts.flag !== undefined) return '--host names the workspace';
  if (hosts.env === origin) return 'DATABRICKS_HOST names the workspace';
  if (isLoopback(origin)) return 'the workspace is this machine';
  if (hosts.env === undefined) {
    throw new AuthError(
      'host-unconfirmed',
      `${what} is not sent to ${origin}: only the configuration names that host`,
      `If it belongs there, set DATABRICKS_HOST=${origin} or pass --host ${origin}.`,
    );
  }
  throw new AuthError(
    'host-mismatch',
    `${what} belongs to ${hosts.env}, but the target is ${origin}`,
    'Set DATABRICKS_HOST and the credential for that workspace, choose another --target, or use --profile.',
  );
}

function surroundings(input: AuthInput, origin: string, settings: Settings): Surroundings {
  return {
    origin,
    settings,
    clock: input.clock,
    tokens: createTokenClient({
      clock: input.clock,
      random: input.random,
      proxies: proxiesOf(input.env),
    }),
    run: input.run,
    fileText: (path) => input.configFileText?.(expandHome(path, input.home)),
  };
}

interface ProfileFile {
  readonly path: string;
  readonly profiles: Profiles;
}

function profileFile(input: AuthInput): ProfileFile {
  const named = given(input.env.DATABRICKS_CONFIG_FILE) ?? '~/.databrickscfg';
  const path = expandHome(named, input.home);
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
): { name: string; because: string } | undefined {
  const named = given(input.env.DATABRICKS_CONFIG_PROFILE);
  if (named !== undefined) return { name: named, because: 'DATABRICKS_CONFIG_PROFILE' };
  const preferred = given(profiles.get(SETTINGS_SECTION)?.get('default_profile'));
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
  return undefined;
}

function nothingFound({ path }: ProfileFile, destination: string | undefined): AuthError {
  if (destination === undefined) {
    return new AuthError(
      'no-host',
      `nothing names a workspace: no target, no --host, no DATABRICKS_HOST, no default profile in ${path}`,
      'Set DATABRICKS_HOST and DATABRICKS_TOKEN, or log in with `databricks auth login --host <workspace URL>`.',
    );
  }
  return new AuthError(
    'no-credentials',
    `no credential for ${destination}: none is set in the environment, and no profile in ${path} has that host`,
    `Set DATABRICKS_HOST and DATABRICKS_TOKEN, or log in with \`databricks auth login --host ${destination}\`.`,
  );
}

async function fromProfile(
  input: AuthInput,
  { path, profiles }: ProfileFile,
  name: string,
  because: string,
  destination: string | undefined,
): Promise<Resolved> {
  const profile = name === SETTINGS_SECTION ? undefined : profiles.get(name);
  if (profile === undefined) {
    const names = [...profiles.keys()].filter((known) => known !== SETTINGS_SECTION);
    throw new AuthError(
      'profile-unknown',
      `${path} has no profile "${name}" (${because})`,
      names.length === 0 ? 'Run `databricks configure` to write one.' : `It has: ${names.join(', ')}.`,
    );
  }
  const origin = host(given(profile.get('host')), `the host of profile "${name}"`);
  if (origin === undefined) {
    throw new AuthError(
      'profile-incomplete',
      `the profile "${name}" in ${path} has no host`,
      'Add `host = https://...` to it, or choose another profile with --profile.',
    );
  }
  if (destination !== undefined && destination !== origin) {
    throw new AuthError(
      'host-mismatch',
      `the profile "${name}" belongs to ${origin}, but the workspace is ${destination}`,
      'Choose the profile of that workspace with --profile, or another --target.',
    );
  }
  const settings = Settings.ofProfile(name, profile, input.env);
  const source = `profile "${name}" in ${path}`;
  const credentials = await chooseMethod(surroundings(input, origin, settings), source);
  return { origin, credentials, how: `${credentials.authType} from ${source}: ${because}` };
}

/** Of a profile that was not chosen: its host if it can be read, no complaint if not. */
function hostIn(profiles: Profiles, name: string): string | undefined {
  const text = given(profiles.get(name)?.get('host'));
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

function expandHome(path: string, home: string): string {
  return /^~(?=[/\\]|$)/.test(path) ? home + path.slice(1) : path;
}
