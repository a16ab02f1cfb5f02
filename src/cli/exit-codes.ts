// What the exit code of a run means, and which wins when several apply. A public contract.

export const EXIT = {
  /** Nothing wrong. A plan with changes is also this, unless `--detailed-exitcode`. */
  ok: 0,
  /** Could not do it: usage, file, network, authentication, API. */
  failed: 1,
  /** Differences: `plan --detailed-exitcode`, `drift`. */
  differences: 2,
  /** The configuration is invalid. */
  invalid: 3,
  /** A policy blocks, or a waiver has expired. */
  blocked: 4,
  /** A guard refuses. */
  refused: 5,
  /** The plan is stale. */
  stale: 6,
  /** Something was written and not all of it is as asked. */
  partial: 7,
  /** Interrupted at a safe point. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The later outranks: 7 over 6, 5, 4, 3, 1, 2. An interrupt says more than any of them: the run is not over. */
const RANKS: readonly ExitCode[] = [0, 2, 1, 3, 4, 5, 6, 7, 130];

export function worst(codes: Iterable<ExitCode>): ExitCode {
  let rank = 0;
  for (const code of codes) rank = Math.max(rank, RANKS.indexOf(code));
  return RANKS[rank] ?? EXIT.failed;
}
