// Proof: what the workspace accepted is read back until it is as asked, or a deadline has passed.
import type { LiveResource } from '../model/resource';
import { awaits } from '../plan/asked';
import type { Change } from '../plan/types';
import { wireOf } from '../wire';
import type { ApplyRequest } from './apply';
import type { Measure } from './measure';
import { nth, type Progress, pause, Stop, said } from './pause';
import type { Reader } from './sending';
import type { Around, Settling } from './settle';

/** Pauses between read-backs, in milliseconds; the last one repeats. */
const PROOF_PAUSES = [250, 500, 1_000, 2_000, 4_000];
const UNPROVED = 'the workspace accepted it, and reading it back shows something else';

export class Proof {
  constructor(
    readonly change: Change,
    readonly request: ApplyRequest,
    readonly around: Around,
    readonly reader: Reader,
    readonly settling: Settling,
    readonly measure: Measure,
    readonly progress: Progress,
  ) {}

  /** Reads back until nothing differs and no update of it is under way, or the deadline has passed. */
  async prove(): Promise<void> {
    const proofMs = this.#proofMs();
    let give = this.request.clock.now() + proofMs;
    for (let look = 0; ; look += 1) {
      const live = await this.#readBack();
      const gone = this.change.action === 'delete';
      if (this.request.wait && live !== undefined && !gone && awaits(live, this.change.desired)) {
        await this.settling.well(this.progress.written > 0);
        give = this.request.clock.now() + proofMs;
        continue;
      }
      if (gone ? live === undefined : live !== undefined && (await this.measure.asDesired(live))) return;
      const ms = nth(PROOF_PAUSES, look);
      if (this.request.interrupt?.aborted === true || this.request.clock.now() + ms > give)
        throw await this.#unproved(live);
      await pause(this.request, ms);
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

  /** All was taken, so a read that fails now leaves it unproved. */
  async #readBack(): Promise<LiveResource | undefined> {
    try {
      return await this.reader.find();
    } catch (error) {
      if (this.progress.written === 0) throw error;
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
    const what =
      this.request.interrupt?.aborted === true ? 'interrupted before reading it back showed it' : UNPROVED;
    return new Stop('unproved', what, help, live === undefined ? [] : await this.measure.open(live));
  }
}
