// Asks a program that holds a login for a token. What it prints is a secret and is never repeated; of what it complains
// only one line is kept, without anything that looks like a token.
import { isObject, type JsonObject } from '../../model/json';
import { tidy } from '../errors';
import { AuthError } from './error';
import type { PassedOver, Run } from './method';

/** A first `az` on a cold machine can take many seconds. */
const TIMEOUT_MS = 60_000;

/** The JSON object that the program prints, or why there is none. */
export async function askProgram(
  run: Run,
  command: string,
  args: readonly string[],
): Promise<{ readonly answer: JsonObject } | PassedOver> {
  const { code, stdout, stderr } = await run(command, args, TIMEOUT_MS);
  if (code === 'not-found') return { passedOver: `the program "${command}" is not installed` };
  const what = `"${command} ${args.slice(0, 2).join(' ')}"`;
  if (code === 'timeout') return { passedOver: `${what} did not finish within ${TIMEOUT_MS / 1000} s` };
  if (code !== 0) return { passedOver: `${what} failed: ${complaint(stderr)}` };
  try {
    const answer: unknown = JSON.parse(stdout);
    if (isObject(answer)) return { answer };
  } catch {
    // Falls through: whatever was printed may be half a token.
  }
  return { passedOver: `${what} printed something else than a token` };
}

function complaint(stderr: string): string {
  const line = stderr
    .split(/[\r\n]+/)
    .map((text) => text.trim())
    .find((text) => text !== '');
  const safe = (line ?? `no message`).replace(
    /\b(eyJ[\w-]{5,}(\.[\w-]*)*|dapi[\w-]{8,}|dose[\w-]{8,})/g,
    '***',
  );
  return tidy(safe, []).slice(0, 200);
}

/** A login that worked when the run began and does not any more. */
export function loginLost(authType: string, { passedOver }: PassedOver): AuthError {
  return new AuthError(
    'token-refused',
    `the login of ${authType} could not be renewed: ${passedOver}`,
    'Log in again and run again.',
  );
}
