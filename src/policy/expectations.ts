// `# expect: RULE` at the end of a line: what a file says must be flagged there, held against what was. For the cases of
// rules and for the files by which a team tests its own policy.
import type { PolicyFinding } from '../plan/policy-report';

export interface Expectation {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly rule: string;
}

const EXPECT = /#\s*expect:\s*([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)\s*$/i;

export function expectationsIn(file: string, text: string): Expectation[] {
  return text.split('\n').flatMap((line, index) => {
    const rules = EXPECT.exec(line)?.[1]?.split(',') ?? [];
    return rules.map((rule) => ({ file, line: index + 1, rule: rule.trim() }));
  });
}

export interface Mismatch extends Expectation {
  /** missing: expected and not found · unexpected: found and not expected. */
  readonly as: 'missing' | 'unexpected';
  readonly message?: string;
}

/** One line is flagged by a rule or not, however often. Only what fails is flagged. */
export function mismatches(expected: readonly Expectation[], findings: readonly PolicyFinding[]): Mismatch[] {
  const key = ({ file, line, rule }: Expectation) => `${file}:${line} ${rule}`;
  const found = findings
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ at, rule, message }) => ({ file: at?.file ?? '', line: at?.line ?? 0, rule, message }));
  const [asked, seen] = [new Set(expected.map(key)), new Set(found.map(key))];
  return [
    ...expected.filter((one) => !seen.has(key(one))).map((one) => ({ ...one, as: 'missing' as const })),
    ...found.filter((one) => !asked.has(key(one))).map((one) => ({ ...one, as: 'unexpected' as const })),
  ];
}
