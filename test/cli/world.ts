// A Context for tests: streams that remember, a clock that stands, nobody at the keyboard.
import { join } from 'node:path';
import type { Context } from '../../src/cli/context';
import { createRedactor } from '../../src/render/redact';

export interface World extends Context {
  readonly out: () => string;
  readonly err: () => string;
  /** As a signal would. */
  interrupt(): void;
}

export function world(changes: Partial<Context> = {}): World {
  const secrets = createRedactor();
  const written = { out: '', err: '' };
  const listeners = new Set<() => void>();
  const sink = (name: 'out' | 'err') => ({
    isTTY: false,
    write(text: string) {
      written[name] += secrets.redact(text);
    },
  });
  return {
    home: join(__dirname, '../..'),
    cwd: __dirname,
    env: {},
    stdout: sink('out'),
    stderr: sink('err'),
    stdin: { isTTY: false, question: async () => '' },
    clock: { now: () => 0, sleep: async () => {} },
    random: () => 0.5,
    signals: {
      onInterrupt(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    secrets,
    ...changes,
    out: () => written.out,
    err: () => written.err,
    interrupt: () => {
      for (const listener of [...listeners]) listener();
    },
  };
}
