// What a run may touch of the world, handed in so that a test can hand in another: streams, clock, chance,
// a person to ask, interrupts. `bin` builds the one for a process (process-context.ts).
import type { Redactor } from '../render/redact';

export interface Sink {
  /** Every text passes the redactor on its way. */
  write(text: string): void;
  /** Cells of a line, when it is a terminal. */
  readonly columns?: number;
  readonly isTTY: boolean;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Rejects with an AbortError when the signal fires first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Context {
  /** Where the package lies: schemas and package.json are read from here. */
  readonly home: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Data. */
  readonly stdout: Sink;
  /** Everything else. */
  readonly stderr: Sink;
  readonly stdin: {
    readonly isTTY: boolean;
    /** Asks on stderr; resolves to the line without its end, '' at the end of input. */
    question(text: string): Promise<string>;
  };
  readonly clock: Clock;
  /** In [0, 1). */
  random(): number;
  readonly signals: {
    /** Called at each SIGINT or SIGTERM. While nobody listens they end the process. Returns the way to stop listening. */
    onInterrupt(listener: () => void): () => void;
  };
  /** Both sinks mask what is added here. */
  readonly secrets: Redactor;
}
