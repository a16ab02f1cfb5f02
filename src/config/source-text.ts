// The text of one file, and the one place where an offset becomes a line and a column (1-based, UTF-16 code units).
import type { Location } from '../model/diagnostic';

export interface Span {
  readonly start: number;
  readonly end: number;
}

export class SourceText {
  #lines: number[] | undefined;

  constructor(
    readonly file: string,
    readonly text: string,
  ) {}

  location(span: Span): Location {
    const start = Math.min(Math.max(span.start, 0), this.text.length);
    const line = this.#lineOf(start);
    const lineStart = this.#starts()[line] ?? 0;
    // The mark ends with its line: a frame shows one.
    const next = this.#starts()[line + 1];
    const lineEnd = next === undefined ? this.text.length : next - 1;
    const length = Math.max(1, Math.min(span.end, lineEnd) - start);
    return { file: this.file, line: line + 1, column: start - lineStart + 1, length };
  }

  /** What wrote the value, where that is not the file itself. */
  writtenBy(_span: Span): string | undefined {
    return undefined;
  }

  #lineOf(offset: number): number {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #starts(): number[] {
    if (this.#lines === undefined) {
      this.#lines = [0];
      for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1))
        this.#lines.push(at + 1);
    }
    return this.#lines;
  }
}
