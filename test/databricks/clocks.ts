// Two clocks for tests: one that jumps over every sleep and writes it down, one that a test drives.
import type { Clock } from '../../src/databricks/clock';

export class JumpingClock implements Clock {
  readonly slept: number[] = [];
  time: number;

  constructor(time = Date.UTC(2026, 0, 1)) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(ms);
    this.time += ms;
  }
}

interface Sleeper {
  readonly at: number;
  readonly order: number;
  wake(): void;
}

/** Time stands still until everything that can run has run, then goes to the next sleeper. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #sleepers: Sleeper[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      this.#order += 1;
      const sleeper: Sleeper = { at: this.#now + ms, order: this.#order, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        const index = this.#sleepers.indexOf(sleeper);
        if (index >= 0) this.#sleepers.splice(index, 1);
        reject(signal.reason);
      });
    });
  }

  get sleeping(): number {
    return this.#sleepers.length;
  }

  /** Runs until nobody sleeps any more, or until `until` ms. */
  async run(until = Number.POSITIVE_INFINITY): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#sleepers.sort((a, b) => a.at - b.at || a.order - b.order);
      const next = this.#sleepers[0];
      if (next === undefined || next.at > until) return;
      this.#sleepers.shift();
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
  }
}
