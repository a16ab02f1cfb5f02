// Apply: execute a plan against a workspace that may have moved since. Yields events; prints nothing. Every
// change is read again before its first write, and read back until it is as asked.
import type { Clock } from '../databricks/clock';
import type { Client } from '../databricks/http';
import type { Change, Plan, Subject } from '../plan/types';
import { ChangeRun } from './change';
import { eachLimited } from './each';
import type { ApplyEvent, Result } from './events';

export interface ApplyRequest {
  readonly plan: Pick<Plan, 'changes'>;
  readonly client: Client;
  readonly clock: Clock;
  /** How many resources at once. One write at a time for each. */
  readonly parallelism: number;
  /** How long reading back may take until a change counts as unproved, in milliseconds. */
  readonly proofMs: number;
  /** How long to wait for a resource that is being updated, in milliseconds. */
  readonly settleMs: number;
  /** First signal: nothing new is started; what is in flight may finish for `graceMs`. */
  readonly interrupt?: AbortSignal;
  readonly graceMs: number;
}

export async function* apply(request: ApplyRequest): AsyncGenerator<ApplyEvent, readonly Result[]> {
  const { changes } = request.plan;
  const queue = new Queue<ApplyEvent>();
  const results: Result[] = [];
  const cut = cutAfterGrace(request);
  yield { type: 'started', changes: changes.length };
  const one = async (change: Change) => {
    const result = await new ChangeRun(change, request, cut.signal, (event) => queue.push(event)).run();
    results.push(result);
    queue.push({ type: 'change-done', result });
  };
  const all = eachLimited(changes, request.parallelism, one).then(
    () => queue.end(),
    (error) => queue.fail(error),
  );
  yield* queue;
  await all;
  cut.release();
  yield { type: 'finished', results };
  return results;
}

export function subjectOf({ address, kind, name }: Change): Subject {
  return { address, kind, name };
}

/** A signal that fires `graceMs` after the interrupt: what is still in flight then is cut. */
function cutAfterGrace({ interrupt, clock, graceMs }: ApplyRequest): {
  signal: AbortSignal;
  release: () => void;
} {
  const cut = new AbortController();
  const over = new AbortController();
  const begin = () => {
    clock.sleep(graceMs, over.signal).then(
      () => cut.abort(),
      () => undefined,
    );
  };
  if (interrupt?.aborted === true) begin();
  else interrupt?.addEventListener('abort', begin, { once: true });
  return {
    signal: cut.signal,
    release: () => {
      interrupt?.removeEventListener('abort', begin);
      over.abort();
    },
  };
}

/** Events pushed by many workers, read by one reader. */
class Queue<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = [];
  #ended = false;
  #error: unknown;
  #wake: () => void = () => undefined;

  push(value: T): void {
    this.#waiting.push(value);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  fail(error: unknown): void {
    this.#error = error;
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      while (this.#waiting.length > 0) yield this.#waiting.shift() as T;
      if (this.#ended) break;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#error !== undefined) throw this.#error;
  }
}
