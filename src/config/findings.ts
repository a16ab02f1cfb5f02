// Collects diagnostics. The first error at a place wins, because what later stages say about it is a consequence.
import type { Diagnostic, Location, Severity } from '../model/diagnostic';
import { sortDiagnostics } from '../model/diagnostic';
import type { Node } from './node';

/** More are counted, not kept: nobody reads them, and a hostile file must not make us hold them. */
const MOST_KEPT = 500;

export type Finding = Omit<Diagnostic, 'severity'>;

export class Findings {
  readonly #kept: Diagnostic[] = [];
  readonly #errorPlaces = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #broken = new WeakSet<Node>();
  #dropped = 0;
  #errors = 0;

  constructor(private readonly strict = false) {}

  error(finding: Finding): void {
    this.#errors += 1;
    const place = placeText(finding.at);
    if (place !== undefined && this.#errorPlaces.has(place)) return;
    if (place !== undefined) this.#errorPlaces.add(place);
    this.#keep('error', finding);
  }

  warning(finding: Finding): void {
    if (this.strict) this.error(finding);
    else this.#keep('warning', finding);
  }

  /** Marks a value that has an error somewhere inside: what is missing from it may only be misspelt. */
  markBroken(node: Node): void {
    this.#broken.add(node);
  }

  isBroken(node: Node | undefined): boolean {
    return node !== undefined && this.#broken.has(node);
  }

  /** So many that working out another is for nobody. */
  get isFull(): boolean {
    return this.#kept.length >= MOST_KEPT;
  }

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  diagnostics(): Diagnostic[] {
    const sorted = sortDiagnostics(this.#kept);
    if (this.#dropped === 0) return sorted;
    return [
      ...sorted,
      { code: 'more-findings', severity: 'note', message: `${this.#dropped} more are not shown` },
    ];
  }

  #keep(severity: Severity, finding: Finding): void {
    // The same finding comes back for each target that is checked.
    const same = `${severity} ${finding.code} ${placeText(finding.at)} ${finding.message}`;
    if (this.#seen.has(same)) return;
    if (this.#kept.length >= MOST_KEPT) {
      this.#dropped += 1;
      return;
    }
    this.#seen.add(same);
    this.#kept.push({ ...finding, severity });
  }
}

function placeText(at: Location | undefined): string | undefined {
  return at === undefined ? undefined : `${at.file}:${at.line}:${at.column}`;
}
