// What happens during an apply, as a stream. The engine knows no renderer; renderers know only these.
import type { Subject } from '../plan/types';

export type ApplyEvent =
  | { readonly type: 'started'; readonly changes: number }
  | { readonly type: 'change-started'; readonly subject: Subject; readonly steps: number }
  | {
      readonly type: 'step-done';
      readonly subject: Subject;
      /** From 1. */
      readonly step: number;
      readonly of: number;
      /** Its id: `serving-endpoints.put-ai-gateway`. */
      readonly operation: string;
      /** False when the workspace was as the step wants it already. */
      readonly sent: boolean;
    }
  /** `forMs`: how long it has been waited for, in milliseconds. */
  | { readonly type: 'waiting'; readonly subject: Subject; readonly reason: string; readonly forMs: number }
  | { readonly type: 'change-done'; readonly result: Result }
  | { readonly type: 'finished'; readonly results: readonly Result[] };

/**
 * applied: accepted, settled and read back · accepted: sent, and not waited for · already: it was as desired before anything was sent ·
 * stale: it moved since the plan, nothing was written · failed: nothing was written · partial: something was
 * written and not all of it is as asked · unproved: all was accepted, now or by an earlier run, and reading it back did not show it in time ·
 * unknown: a write was under way when the run was cut · not-started: the run ended before its turn.
 */
export type Outcome =
  | 'applied'
  | 'accepted'
  | 'already'
  | 'stale'
  | 'failed'
  | 'partial'
  | 'unproved'
  | 'unknown'
  | 'not-started';

export interface Result {
  readonly subject: Subject;
  readonly outcome: Outcome;
  /** One sentence: why it is not applied. */
  readonly message?: string;
  readonly help?: string;
  /** Of a stale or unproved change: the fields in question. */
  readonly fields?: readonly { readonly path: string; readonly expected: string; readonly found: string }[];
}
