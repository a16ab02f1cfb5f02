// The simulator's time: the machine's own, or one that stands until somebody moves it. The only file here
// that may ask the machine for the time. Must not know what the time is used for.

/** Where a manual clock starts: 2026-01-01T00:00:00Z. */
const MANUAL_START = Date.UTC(2026, 0, 1);

export class Clock {
  readonly manual: boolean;
  readonly #base: () => number;
  #advanced = 0;

  constructor(kind: 'real' | 'manual', now: () => number = Date.now) {
    this.manual = kind === 'manual';
    this.#base = this.manual ? () => MANUAL_START : now;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#base() + this.#advanced;
  }

  /** Moves time forward; a real clock goes on ticking from there. */
  advance(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0)
      throw new Error(`a clock moves forward by milliseconds, not by ${ms}`);
    this.#advanced += ms;
  }

  /** How far `advance` has moved it, in milliseconds: kept in the state, so that a new process goes on from there. */
  get advanced(): number {
    return this.#advanced;
  }

  set advanced(ms: number) {
    this.#advanced = ms;
  }
}

/** Real milliseconds, whatever the clock: latency and slow bodies happen on the wire. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
