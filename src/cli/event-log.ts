// Where the events of an apply go, one JSON object a line, each written as it happens: to a file, or for `-` to
// stdout. A disk that fills up while an apply goes on is said once and stops nothing.
import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plan } from '../plan/types';
import type { ApplyEvent } from '../reconcile/events';
import { eventLine, type Finished, finishedLine } from '../render/apply-ndjson';
import type { Args } from './args';
import type { Context } from './context';
import { projectDirectory } from './project';

export class EventLog {
  readonly #write: ((text: string) => void) | undefined;
  readonly #file: number | undefined;

  /** Opens the file, so that a place that cannot be written is known before anything is applied. */
  constructor(
    readonly plan: Plan,
    args: Args,
    readonly context: Context,
  ) {
    const where = args.text('events');
    if (where === undefined) return;
    if (where === '-') {
      this.#write = (text) => context.stdout.write(text);
      return;
    }
    const file = openSync(resolve(projectDirectory(args, context), where), 'w');
    this.#file = file;
    let open = true;
    this.#write = (text) => {
      if (!open) return;
      try {
        writeSync(file, context.secrets.redact(text));
      } catch (error) {
        open = false;
        context.stderr.write(`no more events in ${where}: ${(error as Error).message}\n`);
      }
    };
  }

  event(event: ApplyEvent): void {
    this.#say(() => eventLine(event, this.plan, this.context.clock.now()));
  }

  finish(finished: Finished): void {
    this.#say(() => finishedLine(finished, this.context.clock.now()));
    if (this.#file !== undefined) closeSync(this.#file);
  }

  #say(text: () => string): void {
    if (this.#write === undefined) return;
    const line = text();
    if (line !== '') this.#write(line);
  }
}
