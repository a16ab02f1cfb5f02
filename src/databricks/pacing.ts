// How fast and how many at once: a limit per pace class, slots for reads and for writes, first come first served.
// Time is injected. Knows nothing of HTTP.
import type { PaceClass } from '../wire/operation';
import type { Clock } from './clock';

/** rate: smooth, `perSecond` after a small `burst`; `upTo` makes it adaptive · window: at most `limit` in any `windowMs`. */
export type PaceRow =
  | { readonly perSecond: number; readonly burst: number; readonly upTo?: number; readonly atLeast?: number }
  | { readonly limit: number; readonly windowMs: number };

/**
 * Reads: no figure is documented; 50 a second, rising to 95 while nothing is refused. Permissions: 80 % of the 100
 * reads and 30 writes a second that are reported. Creates and config updates: 45 of the documented 50 in 5 minutes,
 * as a window, because a bucket would let 90 through in the first five minutes. Other writes: no figure is documented;
 * the rate of the official Go client, falling as far as the documented one if the workspace refuses.
 * https://docs.databricks.com/aws/en/machine-learning/model-serving/model-serving-limits
 * https://github.com/databricks/databricks-sdk-go/blob/main/httpclient/api_client.go
 */
export const PACES: Readonly<Record<PaceClass, PaceRow>> = {
  read: { perSecond: 50, burst: 4, upTo: 95, atLeast: 1 },
  'permissions-read': { perSecond: 80, burst: 8 },
  'permissions-write': { perSecond: 24, burst: 4 },
  write: { limit: 45, windowMs: 300_000 },
  patch: { perSecond: 15, burst: 8, upTo: 15, atLeast: 0.15 },
};

export interface Slots {
  readonly reads: number;
  readonly writes: number;
}

/** A way through the gate. `release` gives the slot back; calling it twice is harmless. */
export interface Pass {
  readonly grantedAt: number;
  release(): void;
}

interface Limiter {
  /** Milliseconds until the next one may go; 0 is now. */
  readyIn(now: number): number;
  take(now: number): void;
  answered(): void;
  throttled(grantedAt: number, now: number): void;
}

/** A token bucket. Adaptive: halved when refused; back quickly to just under the rate that was refused, then slowly on. */
class RateLimiter implements Limiter {
  #rate: number;
  #tokens: number;
  #filledAt = Number.NEGATIVE_INFINITY;
  #halvedAt = Number.NEGATIVE_INFINITY;
  #refused = Number.POSITIVE_INFINITY;
  /** Answers since the last refusal: the longer all goes well, the faster the rate feels its way up. */
  #since = 0;
  readonly #row: Extract<PaceRow, { perSecond: number }>;

  constructor(row: Extract<PaceRow, { perSecond: number }>) {
    this.#row = row;
    this.#rate = row.perSecond;
    this.#tokens = row.burst;
  }

  readyIn(now: number): number {
    if (now > this.#filledAt) {
      const gained = this.#filledAt < 0 ? 0 : ((now - this.#filledAt) * this.#rate) / 1000;
      this.#tokens = Math.min(this.#row.burst, this.#tokens + gained);
      this.#filledAt = now;
    }
    return this.#tokens >= 1 - 1e-9 ? 0 : ((1 - this.#tokens) * 1000) / this.#rate;
  }

  take(now: number): void {
    this.readyIn(now);
    this.#tokens -= 1;
  }

  answered(): void {
    if (this.#row.upTo === undefined) return;
    this.#since += 1;
    const slow = (this.#row.upTo / 5000) * (1 + this.#since / 50);
    const step = this.#rate < 0.9 * this.#refused ? this.#row.upTo / 200 : slow;
    this.#rate = Math.min(this.#row.upTo, this.#rate + step);
  }

  throttled(grantedAt: number, now: number): void {
    // Refusals of what was already under way when we slowed down say nothing about the new rate.
    if (this.#row.upTo === undefined || grantedAt < this.#halvedAt) return;
    this.#refused = this.#rate;
    this.#since = 0;
    this.#rate = Math.max(this.#row.atLeast ?? 1, this.#rate / 2);
    this.#tokens = Math.min(this.#tokens, 0);
    this.#halvedAt = now;
  }
}

class WindowLimiter implements Limiter {
  readonly #grants: number[] = [];
  readonly #row: Extract<PaceRow, { limit: number }>;

  constructor(row: Extract<PaceRow, { limit: number }>) {
    this.#row = row;
  }

  readyIn(now: number): number {
    while (this.#grants.length > 0 && this.#grants[0]! <= now - this.#row.windowMs) this.#grants.shift();
    return this.#grants.length < this.#row.limit ? 0 : this.#grants[0]! + this.#row.windowMs - now;
  }

  take(now: number): void {
    this.#grants.push(now);
  }

  answered(): void {}

  throttled(): void {}
}

const UNLIMITED: Limiter = { readyIn: () => 0, take() {}, answered() {}, throttled() {} };

class Semaphore {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(size: number) {
    this.#free = size;
  }

  /** True when a slot was free at once; else `ready` is called when one has been set aside. */
  take(ready: () => void): boolean {
    if (this.#free > 0) {
      this.#free -= 1;
      return true;
    }
    this.#waiting.add(ready);
    return false;
  }

  /** Stops waiting; false when the slot has been handed over already. */
  leave(ready: () => void): boolean {
    return this.#waiting.delete(ready);
  }

  release(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else {
      this.#waiting.delete(next);
      next();
    }
  }
}
interface Waiter {
  grant(pass: Pass): void;
  refuse(reason: unknown): void;
}

/** The queue of one pace class. One pump holds at most one slot while it waits for its limiter. */
class Lane {
  readonly #queue = new Set<Waiter>();
  readonly #limiter: Limiter;
  readonly #slots: Semaphore;
  readonly #clock: Clock;
  #pumping = false;
  #empty = new AbortController();
  #pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(limiter: Limiter, slots: Semaphore, clock: Clock) {
    this.#limiter = limiter;
    this.#slots = slots;
    this.#clock = clock;
  }

  pass(signal: AbortSignal | undefined): Promise<Pass> {
    return new Promise<Pass>((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const abandon = () => {
        this.#queue.delete(waiter);
        reject(signal?.reason);
        if (this.#queue.size === 0) this.#empty.abort();
      };
      const waiter: Waiter = {
        grant: (pass) => {
          signal?.removeEventListener('abort', abandon);
          resolve(pass);
        },
        refuse: reject,
      };
      signal?.addEventListener('abort', abandon, { once: true });
      this.#queue.add(waiter);
      void this.#pump();
    });
  }

  answered(): void {
    this.#limiter.answered();
  }

  throttled(pass: Pass, retryAfterMs: number | undefined): void {
    if (this.#limiter === UNLIMITED) return;
    const now = this.#clock.now();
    this.#limiter.throttled(pass.grantedAt, now);
    this.#pausedUntil = Math.max(this.#pausedUntil, now + (retryAfterMs ?? 0));
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#queue.size > 0) {
      this.#empty = new AbortController();
      if (!(await this.#slot(this.#empty.signal))) continue;
      try {
        for (let wait = this.#wait(); wait > 0; wait = this.#wait()) {
          await this.#clock.sleep(Math.ceil(wait), this.#empty.signal);
        }
      } catch (error) {
        this.#slots.release();
        if (this.#empty.signal.aborted) continue;
        for (const waiter of this.#queue) waiter.refuse(error);
        this.#queue.clear();
        continue;
      }
      this.#grant();
    }
    this.#pumping = false;
  }

  #wait(): number {
    const now = this.#clock.now();
    return Math.max(this.#pausedUntil - now, this.#limiter.readyIn(now));
  }

  #grant(): void {
    const [waiter] = this.#queue;
    if (waiter === undefined) {
      this.#slots.release();
      return;
    }
    this.#queue.delete(waiter);
    const grantedAt = this.#clock.now();
    this.#limiter.take(grantedAt);
    let held = true;
    const release = () => {
      if (held) this.#slots.release();
      held = false;
    };
    waiter.grant({ grantedAt, release });
  }

  async #slot(empty: AbortSignal): Promise<boolean> {
    let ready: () => void = () => {};
    const waited = new Promise<boolean>((resolve) => {
      ready = () => resolve(true);
      empty.addEventListener('abort', () => {
        if (this.#slots.leave(ready)) resolve(false);
      });
    });
    return this.#slots.take(ready) || waited;
  }
}

/** Every attempt passes here before it is sent, and says afterwards how the workspace took it. */
export class Gate {
  readonly #lanes: Readonly<Record<PaceClass, Lane>>;

  /** @param pacing false lets everything through at once, within the slots. */
  constructor(clock: Clock, slots: Slots, pacing: boolean) {
    const reads = new Semaphore(slots.reads);
    const writes = new Semaphore(slots.writes);
    const lane = (pace: PaceClass, semaphore: Semaphore) =>
      new Lane(pacing ? limiterOf(PACES[pace]) : UNLIMITED, semaphore, clock);
    this.#lanes = {
      read: lane('read', reads),
      'permissions-read': lane('permissions-read', reads),
      'permissions-write': lane('permissions-write', writes),
      write: lane('write', writes),
      patch: lane('patch', writes),
    };
  }

  /** In the order of asking, within one pace class. Rejects with the signal's reason when it aborts first. */
  pass(pace: PaceClass, signal?: AbortSignal): Promise<Pass> {
    return this.#lanes[pace].pass(signal);
  }

  answered(pace: PaceClass): void {
    this.#lanes[pace].answered();
  }

  throttled(pace: PaceClass, pass: Pass, retryAfterMs: number | undefined): void {
    this.#lanes[pace].throttled(pass, retryAfterMs);
  }
}

function limiterOf(row: PaceRow): Limiter {
  return 'limit' in row ? new WindowLimiter(row) : new RateLimiter(row);
}
