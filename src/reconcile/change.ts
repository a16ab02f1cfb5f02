// One change, from its re-read to its proof. What apply writes is what the plan showed: `ours` goes out
// unchanged, everything around it comes from the re-read. How requests are sent stands in `sending.ts`.
import { AmbiguousError, ApiError } from '../databricks/errors';
import type { LiveResource } from '../model/resource';
import type { Change, Step } from '../plan/types';
import { operationOf } from '../wire';
import { type ApplyRequest, subjectOf } from './apply';
import { Doubt } from './doubt';
import { Due } from './due';
import type { Outcome, Result } from './events';
import { Measure, retryOf } from './measure';
import { nth, type Progress, pause, resultOf, Stop } from './pause';
import { Proof } from './proof';
import { missingSecrets, Reader, send } from './sending';
import { type Around, Settling } from './settle';

/** Between looks at what is busy and does not show it. */
const BUSY_PAUSES = [2_000, 4_000, 8_000, 15_000];
const BUSY = 'another update of it is under way';
/** A create whose answer was lost may show up late: look twice, this far apart. */
const LATE_MS = 2_000;

export class ChangeRun {
  readonly progress: Progress = { written: 0, sending: false, done: 0 };
  readonly #reader: Reader;
  readonly #settling: Settling;
  readonly #due: Due;
  readonly #proof: Proof;
  readonly #doubt: Doubt;

  constructor(
    readonly change: Change,
    readonly request: ApplyRequest,
    readonly around: Around,
  ) {
    const asks = (field: string) =>
      change.desired[field] !== undefined || change.carried?.[field] !== undefined;
    this.#reader = new Reader(change, asks, request.client, around.cut);
    this.#settling = new Settling(subjectOf(change), this.#reader, request, around);
    const measure = new Measure(change, around);
    const { progress } = this;
    this.#due = new Due(change, measure, progress);
    this.#proof = new Proof(change, request, around, this.#reader, this.#settling, measure, progress);
    this.#doubt = new Doubt(change, around, this.#reader, measure, progress);
  }

  async run(): Promise<Result> {
    const subject = subjectOf(this.change);
    if (this.#interrupted()) return { subject, outcome: 'not-started' };
    this.around.emit({ type: 'change-started', subject, steps: this.change.steps.length });
    try {
      const unset = missingSecrets(this.change, this.request.secret);
      if (unset.length > 0)
        throw new Stop(
          'failed',
          `${unset.join(', ')} ${unset.length === 1 ? 'is' : 'are'} not set in the environment`,
          'Set it where apply runs; nothing was sent.',
        );
      return { subject, outcome: await this.#execute() };
    } catch (error) {
      return this.#result(await this.#doubt.explain(error));
    }
  }

  async #execute(): Promise<Outcome> {
    const { steps } = this.change;
    for (const [index, step] of steps.entries()) {
      if (index > 0 && this.#interrupted() && !this.#isMidReplace(index)) {
        throw new Stop(
          'partial',
          `interrupted after step ${index} of ${steps.length}`,
          'Run it again: it goes on from here.',
        );
      }
      const sent = await this.#step(step, index + 1);
      this.progress.done = index + 1;
      if (step.settles !== true) continue;
      if (this.request.wait) await this.#settling.well(this.progress.written > 0);
      else if (sent) return this.#accepted(steps.length - index - 1);
    }
    await this.#proof.prove();
    return this.progress.written === 0 ? 'already' : 'applied';
  }

  /** What was deleted to be made anew is made before an interrupt is obeyed: nothing serves meanwhile. */
  #isMidReplace(index: number): boolean {
    return (
      this.change.action === 'replace' && retryOf(this.change, this.change.steps[index - 1]) === 'delete'
    );
  }

  #accepted(left: number): never {
    const rest =
      left === 0 ? '' : `; ${left} further ${left === 1 ? 'step waits' : 'steps wait'} for the next apply`;
    throw new Stop('accepted', `accepted, not waited for${rest}`);
  }

  /** Sends one step against a fresh read; a busy resource is waited for and looked at again. */
  async #step(step: Step, number: number): Promise<boolean> {
    const give = this.request.clock.now() + this.request.settleMs;
    let unclear = false;
    let busy = 0;
    let moved = 0;
    for (;;) {
      const live = await this.#reader.find();
      const due = await this.#due.of(step, live);
      if (due && step.settles === true && live?.settling === 'pending') {
        const outcome = this.progress.written > 0 ? 'partial' : 'failed';
        const late = () => new Stop(outcome, 'another update of it does not end', 'Run it again later.');
        await this.#settling.over(BUSY, give, late, this.#cutShort());
        continue;
      }
      if (due) {
        try {
          await this.#send(step, live);
        } catch (error) {
          if (this.#isMoved(error, step, live)) this.#lookAgain(error, ++moved);
          else if (await this.#isBusy(error)) await this.#busy(give, error as Error, busy++);
          else if (!(await this.#mayTryAgain(error, step, unclear))) throw error;
          else unclear = true;
          continue;
        }
      }
      // Its answer was lost, and there it is.
      const sent = due || unclear;
      if (sent && !due) this.progress.written += 1;
      if (['create', 'delete'].includes(retryOf(this.change, step) ?? '')) this.#due.another();
      const of = this.change.steps.length;
      this.around.emit({
        type: 'step-done',
        subject: subjectOf(this.change),
        step: number,
        of,
        operation: step.operation,
        sent,
      });
      return sent;
    }
  }

  /** Whether the etag was another one by then. No source says how that is answered; all of these say so elsewhere. */
  #isMoved(error: unknown, step: Step, live: LiveResource | undefined): error is ApiError {
    const { conditional } = operationOf(this.change.kind, step.operation);
    if (conditional !== true || live?.etag === undefined || !(error instanceof ApiError)) return false;
    return error.kind === 'conflict' || error.errorCode === 'FAILED_PRECONDITION';
  }

  /** Nothing was written. What is looked at next decides whether it is done, stale, or tried once more. */
  #lookAgain(error: ApiError, times: number): void {
    this.progress.sending = false;
    if (times < 2) return;
    if (error.kind !== 'conflict') throw error;
    throw this.#due.stale(
      `it was written by somebody else each time that it was about to be: ${error.message}`,
    );
  }

  /** A conflict, or any refusal of what was sent while an update is under way. */
  async #isBusy(error: unknown): Promise<boolean> {
    if (!(error instanceof ApiError)) return false;
    if (error.kind === 'conflict') return true;
    return error.kind === 'invalid' && (await this.#reader.glance())?.settling === 'pending';
  }

  async #send(step: Step, live: LiveResource | undefined): Promise<void> {
    const { change, request } = this;
    const operation = operationOf(change.kind, step.operation);
    if (operation.retry === 'delete' && change.carried !== undefined)
      request.journal?.keep(change, change.carried);
    this.progress.sending = true;
    try {
      await send({
        change,
        step,
        live,
        client: request.client,
        signal: this.around.cut,
        secret: request.secret,
      });
    } catch (error) {
      // What is gone already need not be deleted.
      if (!(operation.retry === 'delete' && error instanceof ApiError && error.kind === 'not-found'))
        throw error;
    }
    this.progress.sending = false;
    this.progress.written += 1;
  }

  /**
   * After an answer that was lost: the next look decides what is left to do, and what is left is sent once more.
   * A create that is not there yet may still come.
   */
  async #mayTryAgain(error: unknown, step: Step, again: boolean): Promise<boolean> {
    const { retry } = operationOf(this.change.kind, step.operation);
    const unclear = error instanceof AmbiguousError || (error instanceof ApiError && error.kind === 'exists');
    if (!unclear || again || retry === 'desired-state' || this.around.cut.aborted) return false;
    this.progress.sending = false;
    if (retry === 'create' && (await this.#reader.find()) === undefined) await pause(this.request, LATE_MS);
    return true;
  }

  /** Another update holds it, whether it shows or not: pause, wait until none shows, then look again. */
  async #busy(give: number, cause: Error, attempt: number): Promise<void> {
    this.progress.sending = false;
    const ms = nth(BUSY_PAUSES, attempt);
    if (this.request.clock.now() + ms > give) throw cause;
    if (attempt > 0)
      this.around.emit({ type: 'waiting', subject: subjectOf(this.change), reason: BUSY, forMs: 0 });
    await pause(this.request, ms);
    await this.#settling.over(BUSY, give, () => cause, this.#cutShort());
    if (this.#interrupted()) {
      throw new Stop(this.#cutShort(), `interrupted while ${BUSY}`, 'Run it again to see how it ended.');
    }
  }

  /** How an interrupt ends what waits for somebody else's update: nothing of ours is under way. */
  #cutShort(): Outcome {
    return this.progress.written > 0 ? 'partial' : 'not-started';
  }

  #interrupted(): boolean {
    return this.request.interrupt?.aborted === true;
  }

  /** What holds between two requests of one operation holds on where the second did not come. */
  #stillSo(): string[] {
    const done = this.change.steps.slice(0, this.progress.done);
    return done.flatMap(({ note, operation }, index) =>
      note === undefined || done.slice(index + 1).some((later) => later.operation === operation)
        ? []
        : [note],
    );
  }

  #result(stop: Stop): Result {
    const between = stop.outcome === 'applied' ? [] : this.#stillSo();
    const message = [stop.message.replace(between.length === 0 ? '' : /\.$/, ''), ...between].join('. ');
    return resultOf(subjectOf(this.change), new Stop(stop.outcome, message, stop.help, stop.fields));
  }
}
