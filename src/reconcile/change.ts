// One change, from its re-read to its proof. What apply writes is what the plan showed: `ours` goes out
// unchanged, everything around it comes from the re-read.
import { AmbiguousError, ApiError, TransportError } from '../databricks/errors';
import { valueAt } from '../model/assign';
import { canonicalJson, isObject, type Json } from '../model/json';
import { kindOf } from '../model/kinds';
import { pathText } from '../model/path';
import type { LiveResource } from '../model/resource';
import { compare, sameValue } from '../plan/diff';
import type { Change, Step } from '../plan/types';
import { operationOf, wireOf } from '../wire';
import { type ApplyRequest, subjectOf } from './apply';
import type { ApplyEvent, Outcome, Result } from './events';

type Fields = Result['fields'];

/** Pauses between read-backs and between looks at a pending update, in milliseconds; the last one repeats. */
const PROOF_PAUSES = [250, 500, 1_000, 2_000, 4_000];
const SETTLE_PAUSES = [2_000, 4_000, 8_000, 15_000];

class Stop extends Error {
  constructor(
    readonly outcome: Outcome,
    message: string,
    readonly help?: string,
    readonly fields?: Fields,
  ) {
    super(message);
  }
}

export class ChangeRun {
  #written = 0;
  #sending = false;

  constructor(
    readonly change: Change,
    readonly request: ApplyRequest,
    /** Cuts requests in flight. */
    readonly cut: AbortSignal,
    readonly emit: (event: ApplyEvent) => void,
  ) {}

  async run(): Promise<Result> {
    const subject = subjectOf(this.change);
    if (this.#interrupted()) return { subject, outcome: 'not-started' };
    this.emit({ type: 'change-started', subject, steps: this.change.steps.length });
    try {
      return { subject, outcome: await this.#execute() };
    } catch (error) {
      return this.#result(await this.#explain(error));
    }
  }

  async #execute(): Promise<Outcome> {
    for (const [index, step] of this.change.steps.entries()) {
      if (index > 0 && this.#interrupted()) {
        throw new Stop(
          'partial',
          `interrupted after step ${index} of ${this.change.steps.length}`,
          'Run it again: it goes on from here.',
        );
      }
      await this.#step(step, index + 1);
    }
    await this.#prove();
    return this.#written === 0 ? 'already' : 'applied';
  }

  /** Sends one step against a fresh read; a busy resource is waited for and looked at again. */
  async #step(step: Step, number: number): Promise<void> {
    const give = this.request.clock.now() + this.request.settleMs;
    for (;;) {
      const live = await this.#read();
      this.#refuseStale(live);
      const sent = !this.#holds(step, live);
      if (sent) {
        try {
          await this.#send(step, live);
        } catch (error) {
          if (!(error instanceof ApiError && error.kind === 'conflict')) throw error;
          await this.#settle(give, error);
          continue;
        }
      }
      const { operation } = step;
      const of = this.change.steps.length;
      this.emit({ type: 'step-done', subject: subjectOf(this.change), step: number, of, operation, sent });
      return;
    }
  }

  async #send(step: Step, live: LiveResource): Promise<void> {
    const body = wireOf(this.change.kind).body({ operation: step.operation, ours: step.ours }, live);
    this.#sending = true;
    await this.request.client.call(
      operationOf(this.change.kind, step.operation),
      { name: this.change.name },
      {
        signal: this.cut,
        ...(body === undefined ? {} : { body }),
      },
    );
    this.#sending = false;
    this.#written += 1;
  }

  async #read(): Promise<LiveResource> {
    const wire = wireOf(this.change.kind);
    const { body } = await this.request.client.call(
      wire.get,
      { name: this.change.name },
      { signal: this.cut },
    );
    if (!isObject(body)) throw new Error(`an answer about "${this.change.name}" that is no object`);
    return wire.fromWire(body, true);
  }

  /** A managed field may be as planned, as desired, or where one of our own steps puts it; anything else was moved by somebody. */
  #refuseStale(live: LiveResource): void {
    const { change } = this;
    const stale = (message: string, fields?: Fields) => {
      if (this.#written > 0)
        throw new Stop(
          'partial',
          `after ${this.#written} of ${change.steps.length} steps, ${message}`,
          'Plan again.',
          fields,
        );
      throw new Stop('stale', message, 'Plan again.', fields);
    };
    if (live.id !== change.id) stale(`it was deleted and made again since the plan: another id`);
    if (
      change.stamp !== undefined &&
      ![change.stamp.live, change.stamp.desired].includes(live.stamp ?? null)
    ) {
      stale(`project "${live.stamp ?? ''}" took it over since the plan`);
    }
    const { fields } = kindOf(change.kind);
    const moved = this.#differences(live).filter(({ path, live: found }) => {
      const text = pathText(path);
      const planned = change.differences.find((difference) => difference.path === text);
      const ours = change.steps.flatMap((step) => step.ours).filter((one) => pathText(one.path) === text);
      const fine = [...(planned === undefined ? [] : [planned.live]), ...ours.map(({ value }) => value)];
      return !fine.some((value) => sameValue(fields, path, live.sort, live.name, value, found));
    });
    if (moved.length === 0) return;
    stale(
      `${moved.length === 1 ? 'a field' : `${moved.length} fields`} moved since the plan`,
      moved.map(({ path, live: found }) => ({
        path: pathText(path),
        expected: show(
          change.differences.find((one) => one.path === pathText(path))?.live ?? plannedValue(change, path),
        ),
        found: show(found),
      })),
    );
  }

  #differences(live: LiveResource) {
    const { fields } = kindOf(this.change.kind);
    const { desired } = this.change;
    return compare({ desired, live: live.fields, name: live.name, sort: live.sort, fields }).differences;
  }

  /** True when every value of the step is so already. */
  #holds(step: Step, live: LiveResource): boolean {
    const { fields } = kindOf(this.change.kind);
    const stamp = wireOf(this.change.kind).stampPath;
    return step.ours.every(({ path, value }) => {
      if (stamp !== undefined && pathText(path) === pathText(stamp)) return live.stamp === value;
      const found = valueAt(live.fields, path, fields, live.sort) ?? null;
      return sameValue(fields, path, live.sort, live.name, value, found);
    });
  }

  async #settle(give: number, cause: ApiError): Promise<void> {
    const subject = subjectOf(this.change);
    this.emit({ type: 'waiting', subject, reason: 'another update of it is under way' });
    for (let look = 0; ; look += 1) {
      if (this.#interrupted())
        throw new Stop(
          this.#written > 0 ? 'partial' : 'failed',
          'interrupted while another update was under way',
        );
      const pause = SETTLE_PAUSES[Math.min(look, SETTLE_PAUSES.length - 1)] ?? 0;
      if (this.request.clock.now() + pause > give) throw cause;
      await this.request.clock.sleep(pause, this.request.interrupt).catch(() => undefined);
      if ((await this.#read()).settling !== 'pending') return;
    }
  }

  /** Reads back until nothing differs, or the deadline has passed. */
  async #prove(): Promise<void> {
    const give = this.request.clock.now() + this.request.proofMs;
    for (let look = 0; ; look += 1) {
      const live = await this.#read();
      const open = this.#differences(live);
      if (open.length === 0 && this.#stamped(live)) return;
      const pause = PROOF_PAUSES[Math.min(look, PROOF_PAUSES.length - 1)] ?? 0;
      if (this.#interrupted() || this.request.clock.now() + pause > give) {
        throw new Stop(
          'unproved',
          'the workspace accepted it, and reading it back shows something else',
          'Somebody else may be writing it, or the workspace does not keep this value. Plan again to see.',
          open.map(({ path, live: found, desired }) => ({
            path: pathText(path),
            expected: show(desired),
            found: show(found),
          })),
        );
      }
      await this.request.clock.sleep(pause, this.request.interrupt).catch(() => undefined);
    }
  }

  /** An answer that was lost may hide a write that happened: one look decides what may be said. */
  async #explain(error: unknown): Promise<Stop> {
    if (error instanceof Stop) return error;
    const message = error instanceof Error ? error.message : String(error);
    const help =
      error instanceof ApiError || error instanceof TransportError || error instanceof AmbiguousError
        ? error.help
        : undefined;
    if (this.cut.aborted && this.#sending)
      return new Stop(
        'unknown',
        'the run was cut while a write was in flight',
        'Plan again to see whether it arrived.',
      );
    const doubtful = this.#sending && !(error instanceof ApiError && error.status < 500);
    if (doubtful) {
      const seen = await this.#lookAfterwards();
      if (seen === 'done') return new Stop('applied', '');
      if (seen === 'unknown') return new Stop('unknown', `${message}; and reading it back failed too`, help);
      if (seen === 'moved') this.#written += 1;
    }
    return new Stop(this.#written > 0 ? 'partial' : 'failed', message, help);
  }

  async #lookAfterwards(): Promise<'done' | 'moved' | 'untouched' | 'unknown'> {
    try {
      const live = await this.#read();
      const open = this.#differences(live);
      if (open.length === 0 && this.#stamped(live)) return 'done';
      const same = open.length === this.change.differences.length;
      return same &&
        open.every(({ path, live: found }) =>
          this.change.differences.some(
            (one) => one.path === pathText(path) && canonicalJson(one.live) === canonicalJson(found),
          ),
        )
        ? 'untouched'
        : 'moved';
    } catch {
      return 'unknown';
    }
  }

  #stamped(live: LiveResource): boolean {
    return this.change.stamp === undefined || live.stamp === this.change.stamp.desired;
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

function plannedValue(change: Change, path: readonly string[]): Json {
  return valueAt(change.desired, path, kindOf(change.kind).fields, '') ?? null;
}

function show(value: Json): string {
  return value === null ? '(none)' : typeof value === 'string' ? value : canonicalJson(value);
}
