// The two limits a workspace puts on its callers: requests a second, and creates or config updates in five
// minutes. Both on the workspace's clock; both off unless asked for.
//
// https://docs.databricks.com/aws/en/machine-learning/model-serving/model-serving-limits
import type { Clock } from './clock';
import { ApiError } from './errors';
import type { Workspace } from './state';

const WINDOW_MS = 5 * 60_000;

/** A bucket of one second's worth. */
export class RequestLimit {
  #left: number;
  #at: number;

  constructor(
    readonly perSecond: number,
    readonly clock: Clock,
  ) {
    this.#left = perSecond;
    this.#at = clock.now();
  }

  /** undefined when the request may pass, else whole seconds to wait. */
  take(): number | undefined {
    const now = this.clock.now();
    this.#left = Math.min(this.perSecond, this.#left + ((now - this.#at) / 1000) * this.perSecond);
    this.#at = now;
    if (this.#left >= 1) {
      this.#left--;
      return undefined;
    }
    return Math.max(1, Math.ceil((1 - this.#left) / this.perSecond));
  }
}

/** @throws ApiError 429 when the workspace took its number of creates and updates in the last five minutes. */
export function countUpdate(workspace: Workspace): void {
  const most = workspace.settings.updates_per_5_minutes;
  if (most === undefined) return;
  const now = workspace.clock.now();
  const { updates } = workspace;
  while (updates.length > 0 && updates[0]! <= now - WINDOW_MS) updates.shift();
  if (updates.length >= most)
    throw new ApiError(
      429,
      'RESOURCE_EXHAUSTED',
      `At most ${most} endpoint updates are allowed in 5 minutes.`,
    );
  updates.push(now);
}
