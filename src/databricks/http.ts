// The client: one operation in, one JSON answer or one typed error out. Paces, retries by operation, refreshes the
// credential once, and refuses what a read-only run must not do. Knows no resource kind.
import type { Dispatcher } from 'undici';
import type { Json } from '../model/json';
import { type Operation, type PathParams, pathOf } from '../wire/operation';
import { type Answer, type Outcome, type Trouble, understand } from './answer';
import type { Clock } from './clock';
import type { Credentials } from './credentials';
import { AmbiguousError, ApiError, type Asked, ReadOnlyError, TransportError } from './errors';
import { isLoopback, normaliseHost } from './origin';
import { Gate, type Pass, type Slots } from './pacing';
import type { Proxies } from './proxy';
import { bodyOf, headersOf, type MaxBytes, maxBytesOf, type Query, queryOf } from './request';
import { backoffMs, Circuit, leavesDoubt, RetryBudget, VERDICTS } from './retry';
import { createTransport, DEADLINES, type Deadlines, type Transport } from './transport';

/** One attempt, for `--verbose`. Never a header, a body or a query. */
export interface RequestEvent {
  readonly operation: string;
  readonly method: Operation['method'];
  readonly path: string;
  /** 1-based. */
  readonly attempt: number;
  /** Absent when no answer came. */
  readonly status: number | undefined;
  /** Why no answer came: `ECONNRESET`. */
  readonly failure: string | undefined;
  /** Milliseconds from sending to the end of the answer. */
  readonly ms: number;
}

export interface ClientOptions {
  /** The workspace, as `normaliseHost` takes it. */
  readonly origin: string;
  readonly credentials: Credentials;
  readonly userAgent: string;
  /** Refuses every method but GET before anything is sent. */
  readonly readOnly: boolean;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Default 64 reads and 8 writes at once. */
  readonly slots?: Partial<Slots> | undefined;
  /** Default: on, but for loopback. */
  readonly pacing?: boolean | undefined;
  readonly onRequest?: ((event: RequestEvent) => void) | undefined;
  readonly deadlines?: Partial<Deadlines> | undefined;
  /** Longest answer in bytes. Default 32 MB for a collection, 2 MB for anything else. */
  readonly maxBytes?: MaxBytes | undefined;
  /** Default 4. */
  readonly attempts?: number | undefined;
  /** Further texts to keep out of every error, beside the credential's own. */
  readonly secrets?: (() => readonly string[]) | undefined;
  /** As `proxiesOf` reads them from the environment; ignored for loopback. */
  readonly proxies?: Proxies | undefined;
  /** Instead of a connection pool of our own; not closed by `close`. */
  readonly dispatcher?: Dispatcher | undefined;
}

export interface CallOptions {
  readonly body?: Json | undefined;
  readonly query?: Query | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type { Answer } from './answer';

/** Counts attempts, not calls. */
export interface Stats {
  readonly requests: number;
  readonly retries: number;
  /** Answers that were 429. */
  readonly throttled: number;
}

export interface Client {
  readonly origin: string;
  /**
   * @throws ApiError the workspace refused · TransportError it could not be reached, or for a read the answer was
   * lost · AmbiguousError a write may have taken effect · ReadOnlyError · PathError · whatever the credential throws
   * · the signal's reason, when it aborted before a write was sent or during a read.
   */
  call(operation: Operation, params: PathParams, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
  readonly stats: Stats;
}

/** @throws HostError */
export function createClient(options: ClientOptions): Client {
  return new HttpClient({ ...options, origin: normaliseHost(options.origin) });
}

class HttpClient implements Client {
  readonly origin: string;
  readonly stats = { requests: 0, retries: 0, throttled: 0 };
  readonly #options: ClientOptions;
  readonly #host: string;
  readonly #gate: Gate;
  readonly #transport: Transport;
  readonly #budget = new RetryBudget();
  readonly #circuit = new Circuit();

  constructor(options: ClientOptions) {
    const slots = { reads: options.slots?.reads ?? 64, writes: options.slots?.writes ?? 8 };
    this.origin = options.origin;
    this.#options = options;
    this.#host = new URL(options.origin).host;
    this.#gate = new Gate(options.clock, slots, options.pacing ?? !isLoopback(options.origin));
    this.#transport = createTransport({
      origin: options.origin,
      connections: slots.reads + slots.writes,
      deadlines: { ...DEADLINES, ...options.deadlines },
      proxies: options.proxies,
      dispatcher: options.dispatcher,
    });
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  async call(operation: Operation, params: PathParams, call: CallOptions = {}): Promise<Answer> {
    const asked: Asked = {
      operation: operation.id,
      method: operation.method,
      path: pathOf(operation, params),
    };
    if (this.#options.readOnly && operation.method !== 'GET') throw new ReadOnlyError(asked);
    let pass = await this.#start(operation, asked, call.signal);
    let tries: Tries = { made: 1, refreshed: false, malformed: false };
    let last: Trouble | undefined;
    let doubt = false;
    try {
      for (;;) {
        const outcome = await this.#attempt(operation, asked, call, tries.made, pass);
        if ('answer' in outcome) return outcome.answer;
        last = outcome;
        doubt ||= leavesDoubt(outcome.signal, operation.retry);
        const next = await this.#next(operation, outcome, tries, call.signal);
        if (next === undefined) throw outcome.error;
        tries = next;
        pass = await this.#gate.pass(operation.pace, call.signal);
      }
    } catch (error) {
      // Whatever ended it, an earlier attempt may have taken effect. Only a conflict needs no such word: the caller
      // waits and compares again.
      if (last === undefined || !doubt || last.signal === 'conflict' || error instanceof AmbiguousError)
        throw error;
      throw new AmbiguousError(asked, last.error);
    } finally {
      this.#circuit.end();
    }
  }

  /** Waits for the first turn of a call. The circuit may open while it queues, hence the loop. */
  async #start(operation: Operation, asked: Asked, signal: AbortSignal | undefined): Promise<Pass> {
    for (;;) {
      if (!(await this.#circuit.admits(this.#options.clock))) {
        throw new TransportError(
          asked,
          this.#host,
          'never-sent',
          'not tried again after 5 failures in a row',
        );
      }
      const pass = await this.#gate.pass(operation.pace, signal);
      if (this.#circuit.admitsNow(this.#options.clock)) {
        this.#circuit.begin();
        this.#budget.request();
        return pass;
      }
      pass.release();
    }
  }

  /** Waits until another attempt is due; undefined when there is to be none. */
  async #next(
    operation: Operation,
    outcome: Trouble,
    tries: Tries,
    signal: AbortSignal | undefined,
  ): Promise<Tries | undefined> {
    const { clock, random, attempts = 4, credentials } = this.#options;
    if (tries.made >= attempts) return undefined;
    const more = { ...tries, made: tries.made + 1 };
    if (outcome.signal === 'unauthenticated') {
      if (tries.refreshed || !(await credentials.refresh(outcome.authorization))) return undefined;
      this.stats.retries += 1;
      return { ...more, refreshed: true };
    }
    const verdict = VERDICTS[outcome.signal][operation.retry];
    if (verdict !== 'retry' && !(verdict === 'once' && !tries.malformed)) return undefined;
    if (!this.#budget.spend(outcome.timedOut)) return undefined;
    this.stats.retries += 1;
    const asked = outcome.error instanceof ApiError ? outcome.error.retryAfterMs : undefined;
    await clock.sleep(backoffMs(tries.made, outcome.signal === 'throttled', asked, random), signal);
    return { ...more, malformed: tries.malformed || outcome.signal === 'malformed' };
  }

  async #attempt(
    operation: Operation,
    asked: Asked,
    call: CallOptions,
    attempt: number,
    pass: Pass,
  ): Promise<Outcome> {
    const { clock, credentials, onRequest } = this.#options;
    try {
      const headers = headersOf(operation, await credentials.headers(), this.#options.userAgent);
      const begun = clock.now();
      this.stats.requests += 1;
      const incoming = await this.#transport.send({
        method: operation.method,
        path: asked.path + queryOf(call.query),
        headers,
        body: bodyOf(operation, call.body),
        maxBytes: maxBytesOf(operation, this.#options.maxBytes),
        signal: call.signal,
      });
      onRequest?.({
        operation: operation.id,
        method: operation.method,
        path: asked.path,
        attempt,
        status: incoming.ended === 'answer' ? incoming.status : undefined,
        failure: incoming.ended === 'answer' ? undefined : incoming.reason,
        ms: clock.now() - begun,
      });
      if (incoming.ended === 'answer') {
        this.#circuit.answered();
        const outcome = understand(operation, asked, incoming, {
          origin: this.origin,
          now: clock.now(),
          secrets: this.#secrets(),
        });
        this.#tell(operation, pass, outcome);
        return 'answer' in outcome ? outcome : { ...outcome, authorization: headers.authorization };
      }
      if (incoming.ended === 'aborted') {
        if (operation.retry === 'read' || !incoming.sent) throw call.signal?.reason;
        throw new AmbiguousError(asked, new TransportError(asked, this.#host, 'ambiguous', incoming.reason));
      }
      this.#circuit.failed(clock);
      return {
        error: new TransportError(asked, this.#host, incoming.ended, incoming.reason),
        signal: incoming.ended,
        timedOut: incoming.timedOut,
      };
    } finally {
      pass.release();
    }
  }

  #tell(operation: Operation, pass: Pass, outcome: Outcome): void {
    if ('answer' in outcome) {
      this.#budget.success();
      this.#gate.answered(operation.pace);
    } else if (outcome.signal === 'throttled') {
      this.stats.throttled += 1;
      const wait = outcome.error instanceof ApiError ? outcome.error.retryAfterMs : undefined;
      this.#gate.throttled(operation.pace, pass, wait);
    }
  }

  #secrets(): readonly string[] {
    return [...this.#options.credentials.secrets(), ...(this.#options.secrets?.() ?? [])];
  }
}

interface Tries {
  readonly made: number;
  readonly refreshed: boolean;
  readonly malformed: boolean;
}
