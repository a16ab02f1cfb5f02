// How a change ends before its end, and how it waits.
import type { Subject } from '../plan/types';
import type { ApplyRequest } from './apply';
import type { Outcome, Result } from './events';

export class Stop extends Error {
  constructor(
    readonly outcome: Outcome,
    message: string,
    readonly help?: string,
    readonly fields?: Result['fields'],
  ) {
    super(message);
  }
}

/** An interrupt ends the pause early and quietly: whoever paused looks at the signal next. */
export async function pause(
  { clock, interrupt }: Pick<ApplyRequest, 'clock' | 'interrupt'>,
  ms: number,
): Promise<void> {
  await clock.sleep(ms, interrupt).catch(() => undefined);
}

export function resultOf(subject: Subject, { outcome, message, help, fields }: Stop): Result {
  return {
    subject,
    outcome,
    ...(message === '' ? {} : { message }),
    ...(help === undefined ? {} : { help }),
    ...(fields === undefined ? {} : { fields }),
  };
}

/** How far the run of one change has come. */
export interface Progress {
  /** Requests that changed something. */
  written: number;
  /** One is under way, and how it ends is not known. */
  sending: boolean;
  /** Steps whose effect is there, sent by this run or found so. */
  done: number;
}

export function nth(pauses: readonly number[], index: number): number {
  return pauses[Math.min(index, pauses.length - 1)] ?? 0;
}

export function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
