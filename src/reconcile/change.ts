// One change, from its re-read to its proof. What apply writes is what the plan showed: `ours` goes out
// unchanged, everything around it comes from the re-read. How requests are sent stands in `sending.ts`.
import { AmbiguousError, ApiError, TransportError } from '../databricks/errors';
import { valueAt } from '../model/assign';
import { canonicalJson, type Json } from '../model/json';
import { kindOf } from '../model/kinds';
import { pathText } from '../model/path';
import type { LiveResource } from '../model/resource';
import { compare, type FieldDifference, sameValue } from '../plan/diff';
import { isOwnRight, takesRight } from '../plan/own-right';
import type { Change, Step } from '../plan/types';
import { operationOf, wireOf } from '../wire';
import { type ApplyRequest, subjectOf } from './apply';
import type { ApplyEvent, Outcome, Result } from './events';
import { pause, Stop } from './pause';
import { missingSecrets, Reader, send } from './sending';

/** Pauses between read-backs and between looks at a pending update, in milliseconds; the last one repeats. */
const PROOF_PAUSES = [250, 500, 1_000, 2_000, 4_000];
const SETTLE_PAUSES = [2_000, 4_000, 8_000, 15_000];
/** A create whose answer was lost may show up late: look twice, this far apart. */
const LATE_MS = 2_000;

export interface Around {
  /** Cuts requests in flight. */
  readonly cut: AbortSignal;
  /** Who runs this, asked once. */
  readonly caller: () => Promise<readonly string[]>;
  readonly emit: (event: ApplyEvent) => void;
}

export class ChangeRun {
  #written = 0;
  #sending = false;
  readonly #reader: Reader;

  constructor(
    readonly change: Change,
    readonly request: ApplyRequest,
    readonly around: Around,
  ) {
    this.#reader = new Reader(change, request.client, around.cut);
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
      if (index > 0 && this.#interrupted()) {
        throw new Stop(
          'partial',
          `interrupted after step ${index} of ${steps.length}`,
          'Run it again: it goes on from here.',
        );
      }
      const sent = await this.#step(step, index + 1);
      if (step.settles !== true) continue;
      if (this.request.wait) await this.#settled();
      else if (sent) return this.#accepted(steps.length - index - 1);
    }
    await this.#prove();
    return this.#written === 0 ? 'already' : 'applied';
  }

  #accepted(left: number): never {
    const rest =
      left === 0 ? '' : `; ${left} further ${left === 1 ? 'step waits' : 'steps wait'} for the next apply`;
    throw new Stop('accepted', `accepted, not waited for${rest}`);
  }

  /** Sends one step against a fresh read; a busy resource is waited for and looked at again. */
  async #step(step: Step, number: number): Promise<boolean> {
    const give = this.request.clock.now() + this.request.settleMs;
    let moved = 0;
    for (let attempt = 0; ; attempt += 1) {
      const live = await this.#reader.find();
      const due = await this.#due(step, live);
      if (due) {
        try {
          await this.#send(step, live);
        } catch (error) {
          if (this.#isMoved(error, step, live)) this.#lookAgain(error, ++moved);
          else if (error instanceof ApiError && error.kind === 'conflict') await this.#busy(give, error);
          else if (!(await this.#mayTryAgain(error, step, attempt))) throw error;
          continue;
        }
      }
      const of = this.change.steps.length;
      this.around.emit({
        type: 'step-done',
        subject: subjectOf(this.change),
        step: number,
        of,
        operation: step.operation,
        sent: due,
      });
      return due;
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
    if (await this.#asDesired(live)) return false;
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
      if (change.action === 'replace' && (await this.#asDesired(live))) return false;
      throw this.#stale('it was deleted and made again since the plan: another id');
    }
    if (change.carried === undefined) return true;
    await this.#refuseStale(live);
    if (canonicalJson(wireOf(change.kind).carried(live)) !== canonicalJson(change.carried)) {
      throw this.#stale('something that the config does not name changed since the plan, and would be lost');
    }
    return true;
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
  async #mayTryAgain(error: unknown, step: Step, attempt: number): Promise<boolean> {
    const { retry } = operationOf(this.change.kind, step.operation);
    const unclear = error instanceof AmbiguousError || (error instanceof ApiError && error.kind === 'exists');
    if (!unclear || attempt > 0 || retry === 'desired-state' || this.around.cut.aborted) return false;
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
    if (change.id !== undefined && live.id !== change.id)
      throw this.#stale('it was deleted and made again since the plan: another id');
    if (
      change.stamp !== undefined &&
      ![change.stamp.live, change.stamp.desired].includes(live.stamp ?? null)
    ) {
      throw this.#stale(`project "${live.stamp ?? ''}" took it over since the plan`);
    }
    const { fields } = kindOf(change.kind);
    const moved = (await this.#differences(live)).filter(({ path, live: found }) => {
      const text = pathText(path);
      const planned = change.differences.find((difference) => difference.path === text);
      const ours = change.steps.flatMap((step) => step.ours).filter((one) => pathText(one.path) === text);
      const fine = [...(planned === undefined ? [] : [planned.live]), ...ours.map(({ value }) => value)];
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

  /** What is still not as declared; the caller's own right to manage does not count. */
  async #differences(live: LiveResource): Promise<readonly FieldDifference[]> {
    const { desired, kind } = this.change;
    const { fields } = kindOf(kind);
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
      if (path.some((_, depth) => fields.row(path.slice(0, depth + 1), live.sort)?.writeOnly === true))
        return true;
      const found = valueAt(live.fields, path, fields, live.sort) ?? null;
      return sameValue(fields, path, live.sort, live.name, value, found);
    });
  }

  /** Another update holds it: wait until it is over, then look again. */
  async #busy(give: number, cause: ApiError): Promise<void> {
    this.#sending = false;
    await this.#waitWhile('another update of it is under way', give, () => cause);
  }

  /** Ours was accepted: wait until it has settled, well or badly. */
  async #settled(): Promise<void> {
    const give = this.request.clock.now() + this.request.settleMs;
    const late = () =>
      new Stop(
        'unproved',
        `still being updated after ${Math.round(this.request.settleMs / 60_000)} min`,
        'It may yet settle: run it again, or give it longer with --timeout.',
      );
    const live = await this.#waitWhile('its config is being rolled out', give, late);
    if (live === undefined)
      throw new Stop('partial', 'it is gone while its config was rolled out', 'Plan again.');
    if (live.settling !== 'failed' && live.settling !== 'cancelled') return;
    const said = (live.said ?? []).join('; ');
    throw new Stop(
      'partial',
      `the config update ${live.settling === 'failed' ? 'failed' : 'was cancelled'}${said === '' ? '' : `: ${said}`}`,
      'What served before still serves. Mend the cause and apply again.',
    );
  }

  async #waitWhile(reason: string, give: number, late: () => Error): Promise<LiveResource | undefined> {
    const subject = subjectOf(this.change);
    const begun = this.request.clock.now();
    for (let look = 0; ; look += 1) {
      const live = await this.#reader.find();
      if (live?.settling !== 'pending') return live;
      const said = (live.said ?? []).join('; ');
      this.around.emit({
        type: 'waiting',
        subject,
        reason: said === '' ? reason : `${reason} (${said})`,
        forMs: this.request.clock.now() - begun,
      });
      if (this.#interrupted())
        throw new Stop(
          this.#written > 0 ? 'accepted' : 'failed',
          `interrupted while ${reason}`,
          'Run it again to see how it ended.',
        );
      const ms = SETTLE_PAUSES[Math.min(look, SETTLE_PAUSES.length - 1)] ?? 0;
      if (this.request.clock.now() + ms > give) throw late();
      await pause(this.request, ms);
    }
  }

  /** Reads back until nothing differs, or the deadline has passed. */
  async #prove(): Promise<void> {
    const slow = wireOf(this.change.kind).extras.filter(({ field }) =>
      this.change.differences.some(({ segments }) => segments[0] === field),
    );
    const long = Math.max(this.request.proofMs, ...slow.map(({ spreadsMs }) => spreadsMs ?? 0));
    const give = this.request.clock.now() + long;
    for (let look = 0; ; look += 1) {
      const live = await this.#reader.find();
      const gone = this.change.action === 'delete';
      if (gone ? live === undefined : live !== undefined && (await this.#asDesired(live))) return;
      const ms = PROOF_PAUSES[Math.min(look, PROOF_PAUSES.length - 1)] ?? 0;
      if (this.#interrupted() || this.request.clock.now() + ms > give) throw await this.#unproved(live);
      await pause(this.request, ms);
    }
  }

  async #unproved(live: LiveResource | undefined): Promise<Stop> {
    const open = live === undefined ? [] : await this.#differences(live);
    const fields = open.map(({ path, live: found, desired }) => ({
      path: pathText(path),
      expected: show(desired),
      found: show(found),
    }));
    const help =
      'Somebody else may be writing it, or the workspace does not keep this value. Plan again to see.';
    return new Stop(
      'unproved',
      'the workspace accepted it, and reading it back shows something else',
      help,
      fields,
    );
  }

  /** An answer that was lost may hide a write that happened: one look decides what may be said. */
  async #explain(error: unknown): Promise<Stop> {
    if (error instanceof Stop) return error;
    const message = error instanceof Error ? error.message : String(error);
    const help =
      error instanceof ApiError || error instanceof TransportError || error instanceof AmbiguousError
        ? error.help
        : undefined;
    if (this.around.cut.aborted && this.#sending) {
      return new Stop(
        'unknown',
        'the run was cut while a write was in flight',
        'Plan again to see whether it arrived.',
      );
    }
    if (this.#sending && !(error instanceof ApiError && error.status < 500)) {
      const seen = await this.#lookAfterwards();
      if (seen === 'done') return new Stop('applied', '');
      if (seen === 'unknown') return new Stop('unknown', `${message}; and reading it back failed too`, help);
      if (seen === 'moved') this.#written += 1;
    }
    return new Stop(this.#written > 0 ? 'partial' : 'failed', message, help);
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

  #result(stop: Stop): Result {
    return {
      subject: subjectOf(this.change),
      outcome: stop.outcome,
      ...(stop.message === '' ? {} : { message: stop.message }),
      ...(stop.help === undefined ? {} : { help: stop.help }),
      ...(stop.fields === undefined ? {} : { fields: stop.fields }),
    };
  }
}

function show(value: Json): string {
  return value === null ? '(none)' : typeof value === 'string' ? value : canonicalJson(value);
}
