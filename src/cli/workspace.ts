// From flags and config to a workspace that can be asked: which host, whose credentials, or the embedded one.
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '../databricks/http';
import type { Desired } from '../model/resource';
import { oneLine } from '../render/sanitise';
import type { Args } from './args';
import type { Context } from './context';
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
  if (desired.host === 'simulator' && args.text('host') === undefined)
    return embedded(args, context, desired, options);
  const { readFileSync } = require('node:fs') as typeof import('node:fs');
  const { resolveCredentials } = require('../databricks/auth') as typeof import('../databricks/auth');
  const given = args.text('host');
  const profile = args.text('profile');
  const resolved = await resolveCredentials({
    env: context.env,
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
  return connect(args, context, resolved, options, resolved.origin);
}

/** The embedded workspace: an HTTP server of this process, with its state beside the project. */
async function embedded(
  args: Args,
  context: Context,
  { target }: Pick<Desired, 'target'>,
  options: { readonly readOnly: boolean },
): Promise<Workspace> {
  const { Simulator } = require('../simulator') as typeof import('../simulator');
  const { patCredentials } = require('../databricks/auth/pat') as typeof import('../databricks/auth/pat');
  const folder = join(projectDirectory(args, context), '.gatewright', 'simulator');
  mkdirSync(folder, { recursive: true });
  const simulator = await Simulator.start({
    stateFile: join(folder, `${target === '' ? 'default' : target}.json`),
  });
  const credentials = patCredentials('embedded-workspace');
  const workspace = connect(args, context, { origin: simulator.url, credentials }, options, 'simulator');
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
  { origin, credentials }: { origin: string; credentials: import('../databricks/credentials').Credentials },
  { readOnly }: { readonly readOnly: boolean },
  host: string,
): Workspace {
  const { createClient } = require('../databricks/http') as typeof import('../databricks/http');
  const { userAgent } = require('../databricks/user-agent') as typeof import('../databricks/user-agent');
  for (const secret of credentials.secrets()) context.secrets.add(secret);
  const verbose = args.on('verbose');
  const client = createClient({
    origin,
    credentials,
    readOnly,
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

function requestLine({ method, path, status, failure, ms }: import('../databricks/http').RequestEvent): string {
  return oneLine(`${method} ${path} ${status ?? failure ?? 'no answer'} ${Math.round(ms)} ms`);
}
