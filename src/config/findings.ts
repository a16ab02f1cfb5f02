// Collects diagnostics. The first error at a place wins, because what later stages say about it is a consequence.
import type { Diagnostic, Location, Severity } from '../model/diagnostic';
import { sortDiagnostics } from '../model/diagnostic';
import { redact } from './credentials';
import type { Node } from './node';

/** More are counted, not kept: nobody reads them, and a hostile file must not make us hold them. */
const MOST_KEPT = 200;

export type Finding = Omit<Diagnostic, 'severity'>;

/** Worked out only when it is kept: a place and a suggestion cost more than the check that asks for them. */
export type LateFinding = Finding | (() => Finding);

export class Findings {
  readonly #kept: Diagnostic[] = [];
  readonly #errorPlaces = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #broken = new WeakSet<Node>();
  #dropped = false;
  #errors = 0;

  constructor(private readonly strict = false) {}

  error(late: LateFinding): void {
    this.#errors += 1;
    if (this.#drop()) return;
    const finding = typeof late === 'function' ? late() : late;
    const place = placeText(finding.at);
    if (place !== undefined && this.#errorPlaces.has(place)) return;
    if (place !== undefined) this.#errorPlaces.add(place);
    this.#keep('error', finding);
  }

  warning(late: LateFinding): void {
    if (this.strict) this.error(late);
    else if (!this.#drop()) this.#keep('warning', typeof late === 'function' ? late() : late);
  }

  /** Marks a value that has an error somewhere inside: what is missing from it may only be misspelt. */
  markBroken(node: Node): void {
    this.#broken.add(node);
  }

  isBroken(node: Node | undefined): boolean {
    return node !== undefined && this.#broken.has(node);
  }

  /** From here on findings only count. */
  get isFull(): boolean {
    return this.#kept.length >= MOST_KEPT;
  }

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  diagnostics(): Diagnostic[] {
    const sorted = sortDiagnostics(this.#kept);
    if (!this.#dropped) return sorted;
    return [
      ...sorted,
      { code: 'more-findings', severity: 'note', message: 'more was found; only the first are shown' },
    ];
  }

  #drop(): boolean {
    this.#dropped ||= this.isFull;
    return this.isFull;
  }

  #keep(severity: Severity, finding: Finding): void {
    // The same finding comes back for each target that is checked.
    const same = `${severity} ${finding.code} ${placeText(finding.at)} ${finding.message}`;
    if (this.#seen.has(same)) return;
    this.#seen.add(same);
    this.#kept.push(redacted({ ...finding, severity }));
  }
}

/** Messages quote what a file says, and a file may say what it should not. */
function redacted(diagnostic: Diagnostic): Diagnostic {
  const { message, label, because, help } = diagnostic;
  return {
    ...diagnostic,
    message: redact(message),
    ...(label === undefined ? {} : { label: redact(label) }),
    ...(because === undefined ? {} : { because: { ...because, text: redact(because.text) } }),
    ...(help === undefined ? {} : { help: redact(help) }),
  };
}

function placeText(at: Location | undefined): string | undefined {
  return at === undefined ? undefined : `${at.file}:${at.line}:${at.column}`;
}
