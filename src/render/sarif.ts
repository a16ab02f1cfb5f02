// SARIF 2.1.0 as code scanning takes it: every result has a place, a rule, and a fingerprint of its own making, so
// that an alert stays the same one while lines move. Pure; knows neither plans nor diagnostics.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
import { createHash } from 'node:crypto';
import type { Location, Severity } from '../model/diagnostic';
import { oneLine, safeJson } from './sanitise';

export interface SarifResult {
  readonly rule: string;
  readonly level: Severity;
  readonly message: string;
  readonly help?: string;
  readonly at?: Location;
  readonly identity: readonly string[];
}

/** What code scanning shows of a rule, whatever its results say. */
export interface RuleWords {
  readonly title: string;
  readonly help: string;
}

export interface SarifRun {
  /** The version of this tool. */
  readonly version: string;
  /** What tells this upload from others of the same commit: `plan/prod`. */
  readonly category: string;
  /** The worst first: what is beyond `MOST_RESULTS` is left out. */
  readonly results: readonly SarifResult[];
  readonly describe: (rule: string) => RuleWords;
  /** Where results without a place of their own are shown; code scanning refuses results without one. */
  readonly fallback: string;
  /** A file as seen from the top of the checkout. */
  readonly file?: (file: string) => string;
}

/** A run with more is rejected. */
const MOST_RESULTS = 25_000;

export function sarif(run: SarifRun): string {
  const results = run.results.slice(0, MOST_RESULTS);
  const rules = [...new Set(results.map(({ rule }) => rule))];
  const index = new Map(rules.map((rule, at) => [rule, at]));
  const seen = new Map<string, number>();
  return `${safeJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Gatewright',
            semanticVersion: run.version,
            rules: rules.map((rule) => ruleOf(rule, results, run)),
          },
        },
        automationDetails: { id: `gatewright/${run.category}/` },
        columnKind: 'utf16CodeUnits',
        results: results.map((result) => ({
          ruleId: result.rule,
          ruleIndex: index.get(result.rule) ?? -1,
          level: result.level,
          message: { text: messageOf(result) },
          locations: [{ physicalLocation: placeOf(result.at, run) }],
          partialFingerprints: { primaryLocationLineHash: fingerprint(result, seen) },
        })),
      },
    ],
  })}\n`;
}

function ruleOf(rule: string, results: readonly SarifResult[], { describe }: SarifRun) {
  const { title, help } = describe(rule);
  const level = results.find((result) => result.rule === rule)?.level ?? 'note';
  return {
    id: rule,
    shortDescription: { text: oneLine(title) },
    fullDescription: { text: `${oneLine(title)}.` },
    help: { text: oneLine(help) },
    defaultConfiguration: { level },
  };
}

function messageOf({ message, help }: SarifResult): string {
  return help === undefined ? oneLine(message) : `${oneLine(message)}. ${oneLine(help)}`;
}

function placeOf(at: Location | undefined, { fallback, file = (name) => name }: SarifRun) {
  const place: Location = at ?? { file: fallback, line: 1, column: 1 };
  const { line, column, length } = place;
  return {
    artifactLocation: { uri: uriOf(file(place.file)), uriBaseId: '%SRCROOT%' },
    region: {
      startLine: line,
      startColumn: column,
      ...(length === undefined ? {} : { endLine: line, endColumn: column + length }),
    },
  };
}

function uriOf(file: string): string {
  // Buffer replaces a lone surrogate, on which encodeURIComponent would throw.
  const text = Buffer.from(file, 'utf8').toString('utf8');
  return text.split('/').map(encodeURIComponent).join('/');
}

/** Two results of one identity, such as one mistake made twice in a file, are told apart by their number. */
function fingerprint({ rule, identity }: SarifResult, seen: Map<string, number>): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([rule, ...identity]))
    .digest('hex')
    .slice(0, 32);
  const number = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, number);
  return `${hash}:${number}`;
}
