// Apply: execute a plan against a workspace that may have moved since. Yields events; prints nothing. Every
// change is read again before its first write, and read back until it is as asked.
import type { Clock } from '../databricks/clock';
import type { Client } from '../databricks/http';
import type { JsonObject } from '../model/json';
import type { Change, Plan, Subject } from '../plan/types';
import { callerKeys, ME } from '../wire/caller';
import type { Need } from '../wire/step';
import { ChangeRun } from './change';
import { Slots } from './each';
import type { ApplyEvent, Outcome, Result } from './events';
import type { SecretSource } from './sending';
import { type Around, awaitPending } from './settle';

export interface ApplyRequest {
  readonly plan: Pick<Plan, 'changes' | 'pending'>;
  readonly client: Client;
  readonly clock: Clock;
  /** How many resources are worked on at once; one that only waits makes room for another. One write at a time for each. */
  readonly parallelism: number;
  /** How long reading back may take until a change counts as unproved, in milliseconds. */
  readonly proofMs: number;
  /** How long to wait for a resource that is being updated, in milliseconds. */
  readonly settleMs: number;
  /** First signal: nothing new is started; what is in flight may finish for `graceMs`. */
  readonly interrupt?: AbortSignal;
  readonly graceMs: number;
  /** False: what settles later is sent and not waited for. */
  readonly wait: boolean;
  readonly secret: SecretSource;
  readonly journal?: Journal;
}

/** What is set aside before a delete that a create follows, so that a run that is cut in between loses nothing. */
export interface Journal {
  keep(change: Change, carried: JsonObject): void;
  drop(subject: Subject): void;
}

export async function* apply(request: ApplyRequest): AsyncGenerator<ApplyEvent, readonly Result[]> {
  const { changes, pending } = request.plan;
  const queue = new Queue<ApplyEvent>();
  const cut = cutAfterGrace(request);
  yield { type: 'started', changes: changes.length };
  const caller = once(async () =>
    callerKeys((await request.client.call(ME, {}, { signal: cut.signal })).body),
  );
  const ended = new Map<string, Started>();
  const slots = new Slots(request.parallelism);
  const around: Around = {
    cut: cut.signal,
    caller,
    emit: (event) => queue.push(event),
    aside: (work) => slots.without(work),
  };
  /** Told before its place is given to another, so that no more are under way than may be. */
  const done = (result: Result): Result => {
    if (DONE.includes(result.outcome)) request.journal?.drop(result.subject);
    queue.push({ type: 'change-done', result });
    return result;
  };
  const begin = (subject: Subject, deletes: boolean, result: Promise<Result>) => {
    ended.set(keyOf(subject), { result, deletes });
    return result;
  };
  const wait = (subject: Subject) =>
    slots.within(async () => done(await awaitPending(subject, request, around)));
  const run = async (change: Change) => {
    const held = await heldBack(change, ended);
    if (held !== undefined) return done(held);
    return slots.within(async () => done(await new ChangeRun(change, request, around).run()));
  };
  const waits = request.wait ? pending : [];
  const all = Promise.all([
    ...waits.map((subject) => begin(subject, false, wait(subject))),
    ...inOrder(changes).map((one) => begin(one, one.action === 'delete', run(one))),
  ]).then(
    () => queue.end(),
    (error) => queue.fail(error),
  );
  yield* queue;
  await all;
  cut.release();
  // In the order of the plan, whatever the order in which they ended.
  const runs = [...changes, ...waits].flatMap((one) => ended.get(keyOf(one))?.result ?? []);
  const results = await Promise.all(runs);
  yield { type: 'finished', results };
  return results;
}

interface Started {
  readonly result: Promise<Result>;
  readonly deletes: boolean;
}

/** What is there, and may not serve yet. */
const WELL: readonly Outcome[] = ['applied', 'already', 'accepted'];
/** What serves: only then may what it replaces go. */
const DONE: readonly Outcome[] = ['applied', 'already'];

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= work();
    return asked;
  };
}

function keyOf({ kind, name }: Need): string {
  return `${kind} ${name}`;
}

/** What others need goes first. Of a circle, whoever comes first: config has refused it where it could be known. */
function inOrder(changes: readonly Change[]): Change[] {
  const named = new Map(changes.map((change) => [keyOf(change), change]));
  const placed = new Set<Change>();
  const place = (change: Change, above: readonly Change[]): void => {
    if (placed.has(change) || above.includes(change)) return;
    for (const need of change.after) {
      const needed = named.get(keyOf(need));
      if (needed !== undefined) place(needed, [...above, change]);
    }
    placed.add(change);
  };
  for (const change of changes) place(change, []);
  // What replaces something is there before that goes.
  const last = ({ action }: Change) => action === 'delete';
  return [...[...placed].filter((change) => !last(change)), ...[...placed].filter(last)];
}

/** Waits for all that it needs: what failed takes along what needed it. */
async function heldBack(change: Change, ended: ReadonlyMap<string, Started>): Promise<Result | undefined> {
  if (change.action === 'delete') {
    const others = await Promise.all(
      [...ended.values()].filter(({ deletes }) => !deletes).map(({ result }) => result),
    );
    const failed = others.find(({ outcome }) => !DONE.includes(outcome));
    if (failed !== undefined) {
      const message = `nothing is deleted while something else is not done: ${failed.subject.name} is ${failed.outcome}`;
      return { subject: subjectOf(change), outcome: 'not-started', message };
    }
  }
  for (const need of change.after) {
    const result = await ended.get(keyOf(need))?.result;
    if (result === undefined || WELL.includes(result.outcome)) continue;
    const message =
      change.action === 'delete'
        ? `${need.name} needs it and is ${result.outcome}`
        : `it needs ${need.name}, which is ${result.outcome}`;
    return { subject: subjectOf(change), outcome: 'not-started', message };
  }
  return undefined;
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
