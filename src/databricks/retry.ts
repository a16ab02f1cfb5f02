// When a failed attempt is made again, and how long after. Decided by the operation, not by the status alone: what
// may have taken effect is repeated only where the same body gives the same result. Pure but for its counters.
import type { RetryClass } from '../wire/operation';
import type { Clock } from './clock';
import type { ErrorKind, TransportKind } from './errors';

/** What an attempt ended with, when not with an answer to use. `malformed`: a success that is not JSON of the right shape. */
export type Signal = Exclude<ErrorKind, 'unexpected'> | TransportKind | 'malformed';

/** retry: again, same request · once: again, a single time · unclear: not again, the outcome is unknown · fail: the answer stands. */
export type Verdict = 'retry' | 'once' | 'unclear' | 'fail';

const CLASSES: readonly RetryClass[] = ['read', 'desired-state', 'read-back', 'create', 'delete'];

function row(
  ...verdicts: readonly [Verdict, Verdict, Verdict, Verdict, Verdict]
): Record<RetryClass, Verdict> {
  return Object.fromEntries(CLASSES.map((name, index) => [name, verdicts[index]])) as Record<
    RetryClass,
    Verdict
  >;
}

const MAY_HAVE_HAPPENED = row('retry', 'retry', 'unclear', 'unclear', 'unclear');
const ANSWERED = row('fail', 'fail', 'fail', 'fail', 'fail');
const NOT_PROCESSED = row('retry', 'retry', 'retry', 'retry', 'retry');

/**
 * Columns: read, desired-state, read-back, create, delete. A conflict is the caller's: it waits and compares again.
 * 401 is refreshed once before this table is asked.
 */
export const VERDICTS: Readonly<Record<Signal, Record<RetryClass, Verdict>>> = {
  'never-sent': NOT_PROCESSED,
  ambiguous: MAY_HAVE_HAPPENED,
  throttled: NOT_PROCESSED,
  unavailable: MAY_HAVE_HAPPENED,
  internal: MAY_HAVE_HAPPENED,
  cancelled: MAY_HAVE_HAPPENED,
  malformed: row('once', 'once', 'unclear', 'unclear', 'unclear'),
  conflict: row('retry', 'fail', 'fail', 'fail', 'fail'),
  exists: ANSWERED,
  invalid: ANSWERED,
  unauthenticated: ANSWERED,
  forbidden: ANSWERED,
  'not-found': ANSWERED,
  'feature-disabled': ANSWERED,
  tls: ANSWERED,
  redirect: ANSWERED,
};

/** Whether a write that ended so may have taken effect. */
export function leavesDoubt(signal: Signal, retry: RetryClass): boolean {
  return retry !== 'read' && (VERDICTS[signal] === MAY_HAVE_HAPPENED || signal === 'malformed');
}

const BASE_MS = 250;
const THROTTLED_BASE_MS = 500;
const CAP_MS = 20_000;
/** Longest that `Retry-After` can make us wait: a date in 2099 must not hang a run. */
const RETRY_AFTER_CAP_MS = 60_000;

/**
 * Milliseconds before attempt `failed + 1`: full jitter over a doubling base, and never less than `Retry-After`, on
 * top of which a little jitter keeps many waiters from returning at once.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(
  failed: number,
  throttled: boolean,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  const base = throttled ? THROTTLED_BASE_MS : BASE_MS;
  const jitter = random() * Math.min(CAP_MS, base * 2 ** (failed - 1));
  return retryAfterMs === undefined ? jitter : Math.max(jitter, retryAfterMs + random() * base);
}

/**
 * `Retry-After` in milliseconds: seconds or an HTTP date, from 0 to 60 s; undefined when absent or unreadable. A date
 * is measured against the answer's own `Date` header, so that a wrong clock on either side does not matter.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMs(
  value: string | undefined,
  dateHeader: string | undefined,
  now: number,
): number | undefined {
  const text = value?.trim() ?? '';
  if (text === '') return undefined;
  const served = Date.parse(dateHeader ?? '');
  const wait = /^\d+(\.\d+)?$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - (Number.isNaN(served) ? now : served);
  return Number.isNaN(wait) ? undefined : Math.min(RETRY_AFTER_CAP_MS, Math.max(0, wait));
}

/**
 * What all retries of a run may cost together, so that a workspace in trouble is not asked harder: a bucket of 500
 * tokens (a retry takes 5, after a timeout 10; a success returns 1), and at most one retry in ten requests, 10 free.
 * https://github.com/smithy-lang/smithy-typescript/tree/main/packages/util-retry
 */
export class RetryBudget {
  #tokens = 500;
  #requests = 0;
  #retries = 0;

  request(): void {
    this.#requests += 1;
  }

  success(): void {
    this.#tokens = Math.min(500, this.#tokens + 1);
  }

  /** Takes one retry out of the budget; false when it is spent. */
  spend(timedOut: boolean): boolean {
    const cost = timedOut ? 10 : 5;
    if (this.#tokens < cost || this.#retries >= Math.max(10, this.#requests / 10)) return false;
    this.#tokens -= cost;
    this.#retries += 1;
    return true;
  }
}

/** Transport failures in a row after which no new call is started. */
const CIRCUIT_LIMIT = 5;
/** Silence after which one call may try again: a long wait must outlive a short outage. */
const CIRCUIT_REST_MS = 10_000;

/**
 * Stops new calls after five transport failures in a row. Calls under way keep their own retries and are the probe:
 * new calls wait for them, go on when one gets an answer, and are refused when none is left. So a cut of many
 * connections at once holds everybody up for a moment and fails nobody.
 */
export class Circuit {
  #failures = 0;
  #failedAt = 0;
  #trying = 0;
  readonly #waiting = new Set<() => void>();

  /** True when a new call may start, false when nothing is left that could show the workspace to be back. */
  async admits(clock: Clock): Promise<boolean> {
    while (this.#open && this.#trying > 0) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    return this.admitsNow(clock);
  }

  /** As `admits`, without waiting. */
  admitsNow(clock: Clock): boolean {
    if (!this.#open) return true;
    return this.#trying === 0 && clock.now() - this.#failedAt >= CIRCUIT_REST_MS;
  }

  begin(): void {
    this.#trying += 1;
  }

  end(): void {
    this.#trying -= 1;
    this.#wake();
  }

  answered(): void {
    this.#failures = 0;
    this.#wake();
  }

  failed(clock: Clock): void {
    this.#failures += 1;
    this.#failedAt = clock.now();
  }

  get #open(): boolean {
    return this.#failures >= CIRCUIT_LIMIT;
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
