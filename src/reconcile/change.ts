// One change, from its re-read to its proof. What apply writes is what the plan showed: `ours` goes out
// unchanged, everything around it comes from the re-read. How requests are sent stands in `sending.ts`.
import { AmbiguousError, ApiError, TransportError } from '../databricks/errors';
import { valueAt } from '../model/assign';
import { canonicalJson, type Json, type JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import { pathText } from '../model/path';
import type { LiveResource } from '../model/resource';
import { compare, type FieldDifference, isMissing, sameValue } from '../plan/diff';
import { awaits } from '../plan/draft';
import { mergeFields } from '../plan/expand';
import { uncovered } from '../plan/guards';
import { isOwnRight, takesRight } from '../plan/own-right';
import type { Change, Step } from '../plan/types';
import { operationOf, wireOf } from '../wire';
import type { RetryClass } from '../wire/operation';
import { type ApplyRequest, subjectOf } from './apply';
import type { Outcome, Result } from './events';
import { pause, resultOf, Stop } from './pause';
import { missingSecrets, Reader, send } from './sending';
import { type Around, Settling } from './settle';

/** Pauses between read-backs, in milliseconds; the last one repeats. */
const PROOF_PAUSES = [250, 500, 1_000, 2_000, 4_000];
/** Between looks at what is busy and does not show it. */
const BUSY_PAUSES = [2_000, 4_000, 8_000, 15_000];
const BUSY = 'another update of it is under way';
const UNPROVED = 'the workspace accepted it, and reading it back shows something else';
/** A create whose answer was lost may show up late: look twice, this far apart. */
const LATE_MS = 2_000;

export class ChangeRun {
  #written = 0;
  #sending = false;
  /** Steps whose effect is there, sent by this run or found so. */
  #done = 0;
  readonly #reader: Reader;
  readonly #settling: Settling;
  /** Of the object that this run is about; unknown while it is being made. */
  #id: string | undefined;

  constructor(
    readonly change: Change,
    readonly request: ApplyRequest,
    readonly around: Around,
  ) {
    const asks = (field: string) =>
      change.desired[field] !== undefined || change.carried?.[field] !== undefined;
    this.#reader = new Reader(change, asks, request.client, around.cut);
    this.#settling = new Settling(subjectOf(change), this.#reader, request, around);
    this.#id = change.id;
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
      return this.#result(await this.#explain(error));
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
      this.#done = index + 1;
      if (step.settles !== true) continue;
      if (this.request.wait) await this.#settling.well(this.#written > 0);
      else if (sent) return this.#accepted(steps.length - index - 1);
    }
    await this.#prove();
    return this.#written === 0 ? 'already' : 'applied';
  }

  /** What was deleted to be made anew is made before an interrupt is obeyed: nothing serves meanwhile. */
  #isMidReplace(index: number): boolean {
    return this.change.action === 'replace' && this.#retryOf(this.change.steps[index - 1]) === 'delete';
  }

  #retryOf(step: Step | undefined): RetryClass | undefined {
    return step === undefined ? undefined : operationOf(this.change.kind, step.operation).retry;
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
      const due = await this.#due(step, live);
      if (due && step.settles === true && live?.settling === 'pending') {
        const outcome = this.#written > 0 ? 'partial' : 'failed';
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
      if (sent && !due) this.#written += 1;
      if (['create', 'delete'].includes(this.#retryOf(step) ?? '')) this.#id = undefined;
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
    this.#sending = false;
    if (times < 2) return;
    if (error.kind !== 'conflict') throw error;
    throw this.#stale(`it was written by somebody else each time that it was about to be: ${error.message}`);
  }

  /** A conflict, or any refusal of what was sent while an update is under way. */
  async #isBusy(error: unknown): Promise<boolean> {
    if (!(error instanceof ApiError)) return false;
    if (error.kind === 'conflict') return true;
    return error.kind === 'invalid' && (await this.#reader.glance())?.settling === 'pending';
  }

  /** Whether the step has anything to do. @throws Stop when what is live is not what the plan was made for */
  async #due(step: Step, live: LiveResource | undefined): Promise<boolean> {
    const { retry } = operationOf(this.change.kind, step.operation);
    if (retry === 'create') return this.#dueCreate(live);
    if (retry === 'delete') return this.#dueDelete(live);
    if (live === undefined) throw this.#stale('it is gone since the plan');
    await this.#refuseStale(live);
    return !this.#holds(step, live);
  }

  async #dueCreate(live: LiveResource | undefined): Promise<boolean> {
    if (live === undefined) return true;
    if (await this.#isMade(live)) return false;
    // Of a replace: the old one is still answered.
    if (this.change.id !== undefined && live.id === this.change.id)
      throw new Stop('partial', 'it was deleted, and is still answered', 'Run it again.');
    throw this.#stale('somebody else made one of that name since the plan');
  }

  async #dueDelete(live: LiveResource | undefined): Promise<boolean> {
    if (live === undefined) return false;
    const { change } = this;
    if (live.id !== change.id) {
      // Of a replace that was cut short after its create: the new one is there.
      if (change.action === 'replace' && (await this.#isMade(live))) return false;
      throw this.#stale('it was deleted and made again since the plan: another id');
    }
    this.#refuseTaken(live);
    if (change.carried === undefined) return true;
    await this.#refuseStale(live);
    if (!sameFields(wireOf(change.kind).carried(live), change.carried, live)) {
      throw this.#stale('something that the config does not name changed since the plan, and would be lost');
    }
    return true;
  }

  /** Whether our create made it: it has our stamp and all that the create carries; later steps do the rest. */
  async #isMade(live: LiveResource): Promise<boolean> {
    const { change } = this;
    const create = change.steps.find((step) => this.#retryOf(step) === 'create');
    if (create === undefined || (live.stamp ?? null) !== (change.stamp?.desired ?? null)) return false;
    const carries = new Set(create.ours.map(({ path }) => path[0]));
    return !(await this.#differences(live)).some(({ path }) => carries.has(path[0]));
  }

  async #send(step: Step, live: LiveResource | undefined): Promise<void> {
    const { change, request } = this;
    const operation = operationOf(change.kind, step.operation);
    if (operation.retry === 'delete' && change.carried !== undefined)
      request.journal?.keep(change, change.carried);
    this.#sending = true;
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
    this.#sending = false;
    this.#written += 1;
  }

  /**
   * After an answer that was lost: the next look decides what is left to do, and what is left is sent once more.
   * A create that is not there yet may still come.
   */
  async #mayTryAgain(error: unknown, step: Step, again: boolean): Promise<boolean> {
    const { retry } = operationOf(this.change.kind, step.operation);
    const unclear = error instanceof AmbiguousError || (error instanceof ApiError && error.kind === 'exists');
    if (!unclear || again || retry === 'desired-state' || this.around.cut.aborted) return false;
    this.#sending = false;
    if (retry === 'create' && (await this.#reader.find()) === undefined) await pause(this.request, LATE_MS);
    return true;
  }

  #stale(message: string, fields?: Result['fields']): Stop {
    if (this.#written === 0) return new Stop('stale', message, 'Plan again.', fields);
    return new Stop(
      'partial',
      `after ${this.#written} of ${this.change.steps.length} steps, ${message}`,
      'Plan again.',
      fields,
    );
  }

  /** A managed field may be as planned, as desired, or where one of our own steps puts it; anything else was moved by somebody. */
  async #refuseStale(live: LiveResource): Promise<void> {
    const { change } = this;
    this.#id ??= live.id;
    if (live.id !== this.#id) throw this.#stale('it was deleted and made again since the plan: another id');
    this.#refuseTaken(live);
    const touched = change.steps.flatMap(({ ours }) => ours.map(({ path }) => path));
    const unknown = uncovered(live, change.action === 'replace' ? 'everything' : touched, change.desired);
    if (unknown.length > 0)
      throw this.#stale(`it has ${unknown.join(', ')} since the plan, which this version does not know`);
    const { fields } = kindOf(change.kind);
    // What has just been made may still lack what our further steps give it.
    const anew = this.#isAnew(live);
    const moved = (await this.#differences(live)).filter(({ path, live: found }) => {
      const text = pathText(path);
      const planned = change.differences.find((difference) => difference.path === text);
      const ours = change.steps.flatMap((step) => step.ours).filter((one) => pathText(one.path) === text);
      const before = planned !== undefined ? [planned.live] : anew && ours.length > 0 ? [null] : [];
      const fine = [...before, ...ours.map(({ value }) => value)];
      return !fine.some((value) => sameValue(fields, path, live.sort, live.name, value, found));
    });
    if (moved.length === 0) return;
    const planned = (text: string, path: readonly string[]): Json =>
      change.differences.find((one) => one.path === text)?.live ??
      valueAt(change.desired, path, fields, '') ??
      null;
    throw this.#stale(
      `${moved.length === 1 ? 'a field' : `${moved.length} fields`} moved since the plan`,
      moved.map(({ path, live: found }) => ({
        path: pathText(path),
        expected: show(planned(pathText(path), path)),
        found: show(found),
      })),
    );
  }

  /** It is not the one that the plan saw, or the plan saw none. */
  #isAnew({ id }: LiveResource): boolean {
    return ['create', 'replace'].includes(this.change.action) && id !== this.change.id;
  }

  /** What is still not as asked; the caller's own right to manage does not count. */
  #refuseTaken(live: LiveResource): void {
    const { stamp } = this.change;
    if (stamp === undefined || [stamp.live, stamp.desired].includes(live.stamp ?? null)) return;
    throw this.#stale(
      live.stamp === undefined
        ? 'its stamp was taken away since the plan'
        : `project "${live.stamp}" took it over since the plan`,
    );
  }

  /** What is still not as declared; the caller's own right to manage does not count. */
  async #differences(live: LiveResource): Promise<readonly FieldDifference[]> {
    const { kind, carried } = this.change;
    const { fields } = kindOf(kind);
    const desired =
      carried !== undefined && this.#isAnew(live)
        ? mergeFields(carried, this.change.desired, fields)
        : this.change.desired;
    const { differences } = compare({ desired, live: live.fields, name: live.name, sort: live.sort, fields });
    if (!differences.some((one) => takesRight(kind, one))) return differences;
    const callers = await this.around.caller();
    return differences.filter((one) => !(one.desired === null && isOwnRight(kind, one, callers)));
  }

  async #asDesired(live: LiveResource): Promise<boolean> {
    const { stamp } = this.change;
    if (stamp !== undefined && (live.stamp ?? null) !== stamp.desired) return false;
    return (await this.#differences(live)).length === 0;
  }

  /** True when every value of the step that can be read is so already. */
  #holds(step: Step, live: LiveResource): boolean {
    const { fields } = kindOf(this.change.kind);
    const stamp = wireOf(this.change.kind).stampPath;
    return step.ours.every(({ path, value }) => {
      if (stamp !== undefined && pathText(path) === pathText(stamp)) return (live.stamp ?? null) === value;
      const hidden = fields.writeOnly(path, live.sort);
      if (hidden !== undefined) return !isMissing(hidden, { live: live.fields, fields, sort: live.sort });
      const found = valueAt(live.fields, path, fields, live.sort) ?? null;
      return sameValue(fields, path, live.sort, live.name, value, found);
    });
  }

  /** Another update holds it, whether it shows or not: pause, wait until none shows, then look again. */
  async #busy(give: number, cause: Error, attempt: number): Promise<void> {
    this.#sending = false;
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

  /** Some fields take longer than others to be answered as they were sent. */
  #proofMs(): number {
    const { kind, differences } = this.change;
    const slow = wireOf(kind).extras.filter(({ field }) =>
      differences.some(({ segments }) => segments[0] === field),
    );
    return Math.max(this.request.proofMs, ...slow.map(({ spreadsMs }) => spreadsMs ?? 0));
  }

  /** How an interrupt ends what waits for somebody else's update: nothing of ours is under way. */
  #cutShort(): Outcome {
    return this.#written > 0 ? 'partial' : 'not-started';
  }

  /** Reads back until nothing differs and no update of it is under way, or the deadline has passed. */
  async #prove(): Promise<void> {
    const proofMs = this.#proofMs();
    let give = this.request.clock.now() + proofMs;
    for (let look = 0; ; look += 1) {
      const live = await this.#readBack();
      const gone = this.change.action === 'delete';
      if (this.request.wait && live !== undefined && !gone && awaits(live, this.change.desired)) {
        await this.#settling.well(this.#written > 0);
        give = this.request.clock.now() + proofMs;
        continue;
      }
      if (gone ? live === undefined : live !== undefined && (await this.#asDesired(live))) return;
      const ms = nth(PROOF_PAUSES, look);
      if (this.#interrupted() || this.request.clock.now() + ms > give) throw await this.#unproved(live);
      await pause(this.request, ms);
    }
  }

  /** All was taken, so a read that fails now leaves it unproved. */
  async #readBack(): Promise<LiveResource | undefined> {
    try {
      return await this.#reader.find();
    } catch (error) {
      if (this.#written === 0) throw error;
      const why = this.around.cut.aborted ? 'the run was cut before it was read back' : said(error);
      throw new Stop(
        'unproved',
        `the workspace accepted it, and it could not be read back: ${why}`,
        'Plan again to see.',
      );
    }
  }

  async #unproved(live: LiveResource | undefined): Promise<Stop> {
    const help =
      'Somebody else may be writing it, or the workspace does not keep this value. Plan again to see.';
    const what = this.#interrupted() ? 'interrupted before reading it back showed it' : UNPROVED;
    return new Stop('unproved', what, help, live === undefined ? [] : await this.#open(live));
  }

  /** What is not as asked, the stamp included. */
  async #open(live: LiveResource): Promise<NonNullable<Result['fields']>> {
    const { kind, stamp } = this.change;
    const path = wireOf(kind).stampPath;
    const found = live.stamp ?? null;
    const stamped =
      path === undefined || stamp === undefined || stamp.desired === found
        ? []
        : [{ path: pathText(path), expected: show(stamp.desired), found: show(found) }];
    const fields = (await this.#differences(live)).map((one) => ({
      path: pathText(one.path),
      expected: show(one.desired),
      found: show(one.live),
    }));
    return [...fields, ...stamped];
  }

  /** An answer that was lost may hide a write that happened: one look decides what may be said. */
  async #explain(error: unknown): Promise<Stop> {
    if (error instanceof Stop) return error;
    const help =
      error instanceof ApiError || error instanceof TransportError || error instanceof AmbiguousError
        ? error.help
        : undefined;
    const begun: Outcome = this.#written > 0 ? 'partial' : 'failed';
    if (this.around.cut.aborted && !(error instanceof ApiError)) {
      // Only what may have been sent is doubtful; a request that was cut while it waited was not.
      const doubtful = error instanceof AmbiguousError;
      return doubtful
        ? new Stop(
            'unknown',
            'the run was cut while a write was in flight',
            'Plan again to see whether it arrived.',
          )
        : new Stop(begun, 'the run was cut before the next request', 'Run it again: it goes on from here.');
    }
    if (!this.#sending || (error instanceof ApiError && error.status < 500))
      return new Stop(begun, said(error), help);
    const cause = said(error instanceof AmbiguousError ? error.cause : error);
    switch (await this.#lookAfterwards()) {
      case 'done':
        return new Stop('applied', '');
      case 'untouched':
        return new Stop(begun, `${cause}; reading it back shows that nothing came of it`, 'Run it again.');
      case 'moved':
        return new Stop('partial', `${cause}; reading it back shows that something came of it`, help);
      case 'unknown':
        return new Stop('unknown', `${said(error)}; and reading it back failed too`, help);
    }
  }

  async #lookAfterwards(): Promise<'done' | 'moved' | 'untouched' | 'unknown'> {
    try {
      const live = await this.#reader.find();
      if (live === undefined)
        return this.change.action === 'delete'
          ? 'done'
          : this.change.action === 'create'
            ? 'untouched'
            : 'moved';
      if (this.change.action !== 'delete' && (await this.#asDesired(live))) return 'done';
      const open = await this.#differences(live);
      const planned = this.change.differences;
      const untouched =
        open.length === planned.length &&
        open.every(({ path, live: found }) =>
          planned.some(
            (one) => one.path === pathText(path) && canonicalJson(one.live) === canonicalJson(found),
          ),
        );
      return untouched && this.change.action !== 'create' ? 'untouched' : 'moved';
    } catch {
      return 'unknown';
    }
  }

  #interrupted(): boolean {
    return this.request.interrupt?.aborted === true;
  }

  /** What holds between two requests of one operation holds on where the second did not come. */
  #stillSo(): string[] {
    const done = this.change.steps.slice(0, this.#done);
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

/** Whether two objects say the same of every field, whatever the order of their lists. */
function sameFields(a: JsonObject, b: JsonObject, { kind, name, sort }: LiveResource): boolean {
  const { fields } = kindOf(kind);
  return [
    [a, b],
    [b, a],
  ].every(
    ([desired = {}, live = {}]) => compare({ desired, live, name, sort, fields }).differences.length === 0,
  );
}

function nth(pauses: readonly number[], index: number): number {
  return pauses[Math.min(index, pauses.length - 1)] ?? 0;
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function show(value: Json): string {
  return value === null ? '(none)' : typeof value === 'string' ? value : canonicalJson(value);
}
