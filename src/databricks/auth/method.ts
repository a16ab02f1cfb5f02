// What every method of authentication is given, and what it answers: a credential, or why it is passed over.
import type { Clock } from '../clock';
import type { Credentials } from '../credentials';
import { AuthError } from './error';
import type { Settings } from './settings';
import type { TokenClient } from './token-client';

export interface RunResult {
  /** The exit code; `not-found` when there is no such program, `timeout` when it was stopped. */
  readonly code: number | 'not-found' | 'timeout';
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a shell and without a terminal. Never rejects. */
export type Run = (command: string, args: readonly string[], timeoutMs: number) => Promise<RunResult>;

export interface Surroundings {
  /** The workspace, which the host rule has already let through for these settings. */
  readonly origin: string;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly tokens: TokenClient;
  readonly run: Run;
  readonly fileText: (path: string) => string | undefined;
}

export interface PassedOver {
  /** `ARM_TENANT_ID is not set`. */
  readonly passedOver: string;
}

export interface Method {
  /** As the official SDKs name it, and as `auth_type` pins it. */
  readonly authType: string;
  /** A login that some program on this machine holds: tried only where nothing was set on purpose. */
  readonly login?: true;
  /** @throws AuthError when it is set up, but wrongly. */
  configure(surroundings: Surroundings): Promise<Credentials | PassedOver>;
}

/** A token or secret becomes a header: what could break out of one is refused. @throws AuthError */
export function printable(text: string, source: string): string {
  if (/^[\u0021-\u007e]+$/.test(text)) return text;
  throw new AuthError(
    'bad-credential',
    `${source} holds a blank, a line break or a character that no token has`,
    'Copy it again; quotes and line breaks around it are not part of it.',
  );
}
