// Waiting for an object that is being updated, by us or by somebody else, until that has ended well or badly.
import type { LiveResource } from '../model/resource';
import type { Subject } from '../plan/types';
import type { ApplyRequest } from './apply';
import type { ApplyEvent, Outcome, Result } from './events';
import { pause, resultOf, Stop } from './pause';
import { Reader } from './sending';

/** Pauses between looks, in milliseconds; the last one repeats. */
const PAUSES = [2_000, 4_000, 8_000, 15_000];

export interface Around {
  /** Cuts requests in flight. */
  readonly cut: AbortSignal;
  /** Who runs this, asked once. */
  readonly caller: () => Promise<readonly string[]>;
  readonly emit: (event: ApplyEvent) => void;
  /** Lets another resource be worked on while this one waits. */
  readonly aside: <T>(waiting: () => Promise<T>) => Promise<T>;
}

export class Settling {
  constructor(
    readonly subject: Subject,
    readonly reader: Reader,
    readonly request: ApplyRequest,
    readonly around: Around,
  ) {}

  /**
   * Until no update is under way; then what is live. `cutShort`: how an interrupt makes the change end.
   * @throws whatever `late` makes, when `give` (a time) has come first
   */
  async over(
    reason: string,
    give: number,
    late: () => Error,
    cutShort: Outcome,
  ): Promise<LiveResource | undefined> {
    const { clock, interrupt } = this.request;
    const begun = clock.now();
    for (let look = 0; ; look += 1) {
      const live = await this.reader.glance();
      if (live?.settling !== 'pending') return live;
      const said = (live.said ?? []).join('; ');
      this.around.emit({
        type: 'waiting',
        subject: this.subject,
        reason: said === '' ? reason : `${reason} (${said})`,
        forMs: clock.now() - begun,
      });
      if (interrupt?.aborted === true)
        throw new Stop(cutShort, `interrupted while ${reason}`, 'Run it again to see how it ended.');
      const left = give - clock.now();
      if (left <= 0) throw late();
      // The last look falls on the deadline.
      const ms = Math.min(PAUSES[Math.min(look, PAUSES.length - 1)] ?? 0, left);
      await this.around.aside(() => pause(this.request, ms));
    }
  }

  /** Until the config that is being rolled out serves. @throws Stop when it does not */
  async well(written: boolean): Promise<void> {
    const { clock, settleMs } = this.request;
    const begun = clock.now();
    const late = () =>
      new Stop(
        'unproved',
        `still being updated after ${duration(clock.now() - begun)}`,
        'It may yet settle: run it again, or give it longer with --timeout.',
      );
    const cutShort = written ? 'accepted' : 'not-started';
    const live = await this.over('its config is being rolled out', begun + settleMs, late, cutShort);
    const badly = written ? 'partial' : 'unproved';
    if (live === undefined)
      throw new Stop(badly, 'it is gone while its config was rolled out', 'Plan again.');
    if (live.settling === 'settled') return;
    const said = (live.said ?? []).join('; ');
    throw new Stop(
      badly,
      `the config update ${live.settling === 'failed' ? 'failed' : 'was cancelled'}${said === '' ? '' : `: ${said}`}`,
      'What served before still serves. Mend the cause and apply again.',
    );
  }
}

/** What has nothing to be written and is as declared only when an update has ended well. */
export async function awaitPending(subject: Subject, request: ApplyRequest, around: Around): Promise<Result> {
  const reader = new Reader(subject, () => false, request.client, around.cut);
  try {
    await new Settling(subject, reader, request, around).well(false);
    return { subject, outcome: 'already' };
  } catch (error) {
    if (error instanceof Stop) return resultOf(subject, error);
    return { subject, outcome: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

/** `90 s`, `45 min`. */
function duration(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;
}
