// The Context of a real process. The one file that reads `process`, besides bin.
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRedactor } from '../render/redact';
import type { Context, Sink } from './context';

/**
 * A reader that goes away (`gatewright plan | head`) must not stop an apply half-way: from then on
 * what would be written is dropped, and the run goes on to its own exit code.
 */
function sink(stream: NodeJS.WriteStream, redact: (text: string) => string): Sink {
  let open = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    open = false;
  });
  return {
    write: (text) => {
      if (open) stream.write(redact(text));
    },
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns;
    },
  };
}

async function question(text: string): Promise<string> {
  const { createInterface } = require('node:readline') as typeof import('node:readline');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    lines.once('close', () => resolve(''));
    lines.question(text, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}

function onInterrupt(listener: () => void): () => void {
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return () => {
    process.off('SIGINT', listener);
    process.off('SIGTERM', listener);
  };
}

export function processContext(home: string): Context {
  const secrets = createRedactor();
  return {
    home,
    cwd: process.cwd(),
    env: process.env,
    stdout: sink(process.stdout, secrets.redact),
    stderr: sink(process.stderr, secrets.redact),
    stdin: {
      // A getter: touching process.stdin opens it.
      get isTTY() {
        return process.stdin.isTTY === true;
      },
      question,
    },
    clock: { now: () => Date.now(), sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }) },
    random: () => Math.random(),
    signals: { onInterrupt },
    secrets,
  };
}

/** Waits until what was written has left the process; `process.exit` would cut it off on a slow pipe. */
export async function flushed(streams: readonly Writable[]): Promise<void> {
  await Promise.all(
    streams.map(
      (stream) =>
        new Promise<void>((resolve) => {
          if (stream.destroyed || stream.errored) resolve();
          else {
            stream.once('error', () => resolve());
            stream.write('', () => resolve());
          }
        }),
    ),
  );
}
