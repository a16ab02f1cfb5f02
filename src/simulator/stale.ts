// Reads that come too early: after a write the workspace may answer what stood there before, for the next
// few reads (`stale_reads`) or when a fault asks for it. Knows only keys and texts.

/** The texts of an object before its last write; null: it did not exist. */
export interface Older {
  readonly detail: string;
  readonly item: string;
}

export class StaleReads {
  readonly #held = new Map<string, { readonly older: Older | null; left: number }>();
  #pending = 0;

  wrote(key: string, older: Older | null, reads: number): void {
    this.#pending += reads - (this.#held.get(key)?.left ?? 0);
    this.#held.set(key, { older, left: reads });
  }

  /** The older text when this read is stale, null when the object was absent then, undefined when the read is fresh. */
  take(key: string, forced: boolean): Older | null | undefined {
    const held = this.#held.get(key);
    if (held === undefined || (held.left === 0 && !forced)) return undefined;
    if (held.left > 0) {
      held.left--;
      this.#pending--;
    }
    return held.older;
  }

  /** Keys whose next read is stale; none is the common case and costs nothing. */
  keys(forced: boolean): string[] {
    if (!forced && this.#pending === 0) return [];
    return [...this.#held].filter(([, held]) => forced || held.left > 0).map(([key]) => key);
  }

  clear(): void {
    this.#held.clear();
    this.#pending = 0;
  }
}
