// From flags and config to a workspace that can be asked: which host, whose credentials, or the embedded one.
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Credentials } from '../databricks/credentials';
import type { Client } from '../databricks/http';
import type { Desired } from '../model/resource';
import { oneLine } from '../render/sanitise';
import type { Args } from './args';
import type { Context } from './context';
import { failure } from './failure';
import type { FlagName } from './flags';
import { projectDirectory } from './project';
import { toolVersion } from './version';

export const WORKSPACE_FLAGS: readonly FlagName[] = ['host', 'profile', 'parallelism', 'timeout'];

export interface Workspace {
  readonly client: Client;
  /** What a plan is bound to: an origin, or `simulator`. */
  readonly host: string;
  close(): Promise<void>;
}

/** `readOnly`: the client refuses everything but GET before a socket is opened. */
export async function openWorkspace(
  args: Args,
  context: Context,
  desired: Pick<Desired, 'host' | 'target'>,
  options: { readonly readOnly: boolean },
): Promise<Workspace> {
  if (desired.host === 'simulator') {
    if (args.text('host') === undefined) return embedded(args, context, desired, options);
    refuseElsewhere(args.text('host') ?? '');
  }
  const { readFileSync } = require('node:fs') as typeof import('node:fs');
  const { resolveCredentials } = require('../databricks/auth') as typeof import('../databricks/auth');
  const { runProgram } = require('../databricks/run') as typeof import('../databricks/run');
  const given = args.text('host');
  const profile = args.text('profile');
  const resolved = await resolveCredentials({
    env: context.env,
    clock: context.clock,
    random: () => context.random(),
    run: runProgram,
    home: context.env.HOME ?? homedir(),
    ...(desired.host === undefined || desired.host === 'simulator' ? {} : { host: desired.host }),
    ...(given === undefined ? {} : { hostFlag: given }),
    ...(profile === undefined ? {} : { profile }),
    configFileText: (path) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined;
      }
    },
  });
  if (args.on('verbose')) context.stderr.write(`signed in with ${resolved.how}\n`);
  return connect(args, context, resolved, options, resolved.origin);
}

/** A target of the embedded workspace may be pointed at one that is served by hand, and at nothing real. */
function refuseElsewhere(given: string): void {
  const { isLoopback, normaliseHost } =
    require('../databricks/origin') as typeof import('../databricks/origin');
  const origin = normaliseHost(given);
  if (isLoopback(origin)) return;
  throw failure('host-mismatch', `--host says ${origin}, the target is the embedded workspace`, {
    help: 'leave out --host, or choose the target of that workspace with --target',
  });
}

/** The embedded workspace asks for a token and takes any. */
const EMBEDDED: Credentials = {
  authType: 'pat',
  headers: async () => ({ authorization: 'Bearer embedded' }),
  refresh: async () => false,
  secrets: () => [],
};

/** The embedded workspace: an HTTP server of this process, with its state beside the project. */
async function embedded(
  args: Args,
  context: Context,
  { target }: Pick<Desired, 'target'>,
  options: { readonly readOnly: boolean },
): Promise<Workspace> {
  const { Simulator } = require('../simulator') as typeof import('../simulator');
  // A desired document or a plan may come from elsewhere: its target names a file here.
  if (!/^[A-Za-z0-9_-]*$/.test(target))
    throw failure('bad-target', `"${target}" is no name of a target`, {
      help: 'letters, digits, dashes and underscores',
    });
  const folder = join(projectDirectory(args, context), '.gatewright', 'simulator');
  mkdirSync(folder, { recursive: true });
  const simulator = await Simulator.start({
    stateFile: join(folder, `${target === '' ? 'default' : target}.json`),
  });
  const workspace = connect(
    args,
    context,
    { origin: simulator.url, credentials: EMBEDDED },
    options,
    'simulator',
  );
  return {
    ...workspace,
    close: async () => {
      await workspace.close();
      await simulator.close();
    },
  };
}

function connect(
  args: Args,
  context: Context,
  { origin, credentials }: { origin: string; credentials: Credentials },
  { readOnly }: { readonly readOnly: boolean },
  host: string,
): Workspace {
  const { createClient } = require('../databricks/http') as typeof import('../databricks/http');
  const { proxiesOf } = require('../databricks/proxy') as typeof import('../databricks/proxy');
  const { userAgent } = require('../databricks/user-agent') as typeof import('../databricks/user-agent');
  const verbose = args.on('verbose');
  const client = createClient({
    origin,
    credentials: masked(credentials, context),
    readOnly,
    proxies: proxiesOf(context.env),
    clock: context.clock,
    random: () => context.random(),
    userAgent: userAgent({
      version: toolVersion(context),
      node: process.versions.node,
      platform: process.platform,
      authType: credentials.authType,
      env: context.env,
    }),
    ...(verbose ? { onRequest: (event) => context.stderr.write(`${requestLine(event)}\n`) } : {}),
  });
  return { client, host, close: () => client.close() };
}

/** Tokens are fetched and renewed while a run goes on: each is masked in every output before it is first used. */
function masked(credentials: Credentials, context: Context): Credentials {
  const mask = () => {
    for (const secret of credentials.secrets()) context.secrets.add(secret);
  };
  mask();
  return {
    authType: credentials.authType,
    secrets: () => credentials.secrets(),
    async headers() {
      const headers = await credentials.headers();
      mask();
      return headers;
    },
    async refresh(refused) {
      const refreshed = await credentials.refresh(refused);
      mask();
      return refreshed;
    },
  };
}

function requestLine({
  method,
  path,
  status,
  failure,
  ms,
}: import('../databricks/http').RequestEvent): string {
  return oneLine(`${method} ${path} ${status ?? failure ?? 'no answer'} ${Math.round(ms)} ms`);
}
