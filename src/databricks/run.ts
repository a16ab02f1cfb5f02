// Runs the programs that hold a login, for `resolveCredentials`. No shell, no terminal, no input; what they print stays
// in memory.
import type { Run, RunResult } from './auth/method';

const MAX_BYTES = 1024 * 1024;
/** What passes a Windows shell unharmed. */
const PLAIN = /^[\w.:/=@+-]+$/;

export const runProgram: Run = (command, args, timeoutMs) =>
  new Promise<RunResult>((resolve) => {
    const { execFile } = require('node:child_process') as typeof import('node:child_process');
    // `az` is a batch file there, which only a shell can start.
    const shell = process.platform === 'win32' && command === 'az' && args.every((arg) => PLAIN.test(arg));
    const options = { timeout: timeoutMs, maxBuffer: MAX_BYTES, windowsHide: true, shell };
    const child = execFile(command, [...args], options, (error, stdout, stderr) => {
      if (error === null) resolve({ code: 0, stdout, stderr });
      else if (error.code === 'ENOENT' || error.code === 'EACCES')
        resolve({ code: 'not-found', stdout: '', stderr: '' });
      else if (error.killed === true && error.signal !== null)
        resolve({ code: 'timeout', stdout: '', stderr });
      else resolve({ code: typeof error.code === 'number' ? error.code : 1, stdout, stderr });
    });
    child.stdin?.end();
  });
