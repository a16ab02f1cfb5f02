// How an apply tells what it does while it does it: a line for what happened; for what is waited for, one line in
// place on a terminal, and in a log one line a minute and resource.

import type { ApplyEvent } from '../reconcile/events';
import { eventText, waitingText } from '../render/apply-text';
import type { Context, Sink } from './context';
import { paintFor, widthFor } from './report';

type Waiting = Extract<ApplyEvent, { type: 'waiting' }>;

const A_MINUTE_MS = 60_000;
const CLEAR_LINE = '\r\u001b[2K';

export class Progress {
  /** By resource: what is waited for, and when that was last said, in milliseconds of waiting. */
  readonly #waiting = new Map<string, { event: Waiting; saidAt: number }>();
  #inPlace = false;

  constructor(
    readonly sink: Sink,
    readonly context: Context,
    readonly noColour: boolean,
  ) {}

  show(event: ApplyEvent): void {
    if (event.type === 'waiting') return this.#wait(event);
    const over =
      event.type === 'step-done'
        ? event.subject
        : event.type === 'change-done'
          ? event.result.subject
          : undefined;
    if (over !== undefined) this.#waiting.delete(`${over.kind} ${over.name}`);
    this.say(
      eventText(event, {
        paint: paintFor(this.sink, this.context, this.noColour),
        width: widthFor(this.sink, this.context),
      }),
    );
  }

  /** Text that stays; what is waited for is shown again below it. */
  say(text: string): void {
    if (text === '') return;
    this.#clear();
    this.sink.write(text);
    this.#draw();
  }

  /** Leaves the line free for others; what is waited for next is shown again. */
  pause(): void {
    this.#clear();
  }

  #wait(event: Waiting): void {
    const key = `${event.subject.kind} ${event.subject.name}`;
    const before = this.#waiting.get(key);
    // A second wait of one resource begins at nought again.
    const due =
      before === undefined || event.forMs < before.event.forMs || event.forMs - before.saidAt >= A_MINUTE_MS;
    this.#waiting.set(key, { event, saidAt: due ? event.forMs : before.saidAt });
    if (this.sink.isTTY) {
      this.#clear();
      this.#draw();
    } else if (due) this.sink.write(`${waitingText([event])}\n`);
  }

  #draw(): void {
    if (!this.sink.isTTY || this.#waiting.size === 0) return;
    const events = [...this.#waiting.values()].map(({ event }) => event);
    this.sink.write(waitingText(events, widthFor(this.sink, this.context) - 1));
    this.#inPlace = true;
  }

  #clear(): void {
    if (this.#inPlace) this.sink.write(CLEAR_LINE);
    this.#inPlace = false;
  }
}
