// Whether a step still has anything to do, against a fresh read. What is neither as planned, nor as desired, nor where
// one of our own steps puts it was moved by somebody else: then nothing more is written.
import { valueAt } from '../model/assign';
import type { Json } from '../model/json';
import { kindOf } from '../model/kinds';
import { pathText } from '../model/path';
import type { LiveResource } from '../model/resource';
import { sameValue } from '../plan/diff';
import { uncovered } from '../plan/guards';
import type { Change, Step } from '../plan/types';
import { wireOf } from '../wire';
import type { Result } from './events';
import { type Measure, retryOf, sameFields, show } from './measure';
import { type Progress, Stop } from './pause';

export class Due {
  /** Of the object that this run is about; unknown while it is being made. */
  #id: string | undefined;

  constructor(
    readonly change: Change,
    readonly measure: Measure,
    readonly progress: Progress,
  ) {
    this.#id = change.id;
  }

  /** After a step that made or deleted it: the next read shows another object. */
  another(): void {
    this.#id = undefined;
  }

  /** Whether the step has anything to do. @throws Stop when what is live is not what the plan was made for */
  async of(step: Step, live: LiveResource | undefined): Promise<boolean> {
    const retry = retryOf(this.change, step);
    if (retry === 'create') return this.#dueCreate(live);
    if (retry === 'delete') return this.#dueDelete(live);
    if (live === undefined) throw this.stale('it is gone since the plan');
    await this.#refuseStale(live);
    return !this.measure.holds(step, live);
  }

  async #dueCreate(live: LiveResource | undefined): Promise<boolean> {
    if (live === undefined) return true;
    if (await this.measure.isMade(live)) return false;
    // Of a replace: the old one is still answered.
    if (this.change.id !== undefined && live.id === this.change.id)
      throw new Stop('partial', 'it was deleted, and is still answered', 'Run it again.');
    throw this.stale('somebody else made one of that name since the plan');
  }

  async #dueDelete(live: LiveResource | undefined): Promise<boolean> {
    if (live === undefined) return false;
    const { change } = this;
    if (live.id !== change.id) {
      // Of a replace that was cut short after its create: the new one is there.
      if (change.action === 'replace' && (await this.measure.isMade(live))) return false;
      throw this.stale('it was deleted and made again since the plan: another id');
    }
    this.#refuseTaken(live);
    if (change.carried === undefined) return true;
    await this.#refuseStale(live);
    if (!sameFields(wireOf(change.kind).carried(live), change.carried, live)) {
      throw this.stale('something that the config does not name changed since the plan, and would be lost');
    }
    return true;
  }

  stale(message: string, fields?: Result['fields']): Stop {
    if (this.progress.written === 0) return new Stop('stale', message, 'Plan again.', fields);
    return new Stop(
      'partial',
      `after ${this.progress.written} of ${this.change.steps.length} steps, ${message}`,
      'Plan again.',
      fields,
    );
  }

  /** A managed field may be as planned, as desired, or where one of our own steps puts it; anything else was moved by somebody. */
  async #refuseStale(live: LiveResource): Promise<void> {
    const { change } = this;
    this.#id ??= live.id;
    if (live.id !== this.#id) throw this.stale('it was deleted and made again since the plan: another id');
    this.#refuseTaken(live);
    const touched = change.steps.flatMap(({ ours }) => ours.map(({ path }) => path));
    const unknown = uncovered(live, change.action === 'replace' ? 'everything' : touched, change.desired);
    if (unknown.length > 0)
      throw this.stale(`it has ${unknown.join(', ')} since the plan, which this version does not know`);
    const { fields } = kindOf(change.kind);
    // What has just been made may still lack what our further steps give it.
    const anew = this.measure.isAnew(live);
    const moved = (await this.measure.differences(live)).filter(({ path, live: found }) => {
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
    throw this.stale(
      `${moved.length === 1 ? 'a field' : `${moved.length} fields`} moved since the plan`,
      moved.map(({ path, live: found }) => ({
        path: pathText(path),
        expected: show(planned(pathText(path), path)),
        found: show(found),
      })),
    );
  }

  #refuseTaken(live: LiveResource): void {
    const { stamp } = this.change;
    if (stamp === undefined || [stamp.live, stamp.desired].includes(live.stamp ?? null)) return;
    throw this.stale(
      live.stamp === undefined
        ? 'its stamp was taken away since the plan'
        : `project "${live.stamp}" took it over since the plan`,
    );
  }
}
