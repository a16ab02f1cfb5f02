// What policies say, as diagnostics and as text: what fails in full, what is waived or unknown in a line each. Pure.
import type { Diagnostic } from '../model/diagnostic';
import type { Outcome, PolicyFinding, PolicyReport } from '../plan/policy-report';
import { diagnosticsText, type TextOptions } from './diagnostics-text';
import { oneLine } from './sanitise';
import { wrap } from './width';

/** How a finding is said: what blocks is an error, what only warns a warning, what is not known a note. */
export function findingDiagnostic(finding: PolicyFinding): Diagnostic {
  const { rule, address, name, message, help, outcome, blocks, at, because, severity, enforcement, pending } =
    finding;
  const own = address.slice(address.indexOf('.') + 1);
  const who = own === name ? address : `${address} (${name})`;
  const asked = pending === undefined ? '' : `; waiver ${pending} is pending and lifts nothing yet`;
  const held =
    because === undefined
      ? {}
      : { because: { ...because, text: `${severity}, ${enforcement}, ${because.text}` } };
  return {
    code: rule,
    severity: blocks ? 'error' : outcome === 'fail' ? 'warning' : 'note',
    message: `${who}: ${message}${asked}`,
    ...(at === undefined ? {} : { at }),
    ...held,
    help,
  };
}

/** What fails; with what is not known only where it blocks. */
export function failing(report: PolicyReport): PolicyFinding[] {
  return report.findings.filter(({ outcome, blocks }) => outcome === 'fail' || blocks);
}

/** '' when there is nothing to say beside the counts. */
export function findingsText(report: PolicyReport, options: TextOptions = {}): string {
  const width = options.width ?? 80;
  const diagnostics = [...failing(report).map(findingDiagnostic), ...report.problems];
  const lines = [...waivedLines(report), ...unknownLines(report)].flatMap((line) =>
    wrap(oneLine(line), width - 2).map((part, index) => (index === 0 ? part : `  ${part}`)),
  );
  return `${diagnosticsText(diagnostics, options)}${lines.map((line) => `${line}\n`).join('')}${lines.length > 0 ? '\n' : ''}`;
}

function waivedLines({ findings }: PolicyReport): string[] {
  return findings.flatMap(({ waiver, address, rule, message }) =>
    waiver === undefined
      ? []
      : [
          `waived until ${waiver.expires} by ${waiver.approved_by} (${waiver.id}): ${address}: ${message} [${rule}]`,
        ],
  );
}

/** One line a rule: hundreds of endpoints of which a list says little are one thing to know. */
function unknownLines({ findings }: PolicyReport): string[] {
  const byRule = new Map<string, PolicyFinding[]>();
  for (const finding of findings) {
    if (finding.outcome !== 'unknown' || finding.blocks) continue;
    byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  }
  return [...byRule].map(([rule, found]) => {
    const names = found.slice(0, 3).map(({ address }) => address);
    const more = found.length > 3 ? ` and ${found.length - 3} more` : '';
    return `not known [${rule}]: ${found[0]?.path} of ${names.join(', ')}${more}`;
  });
}

const WORDS: Readonly<Record<Outcome, string>> = {
  pass: 'pass',
  fail: 'fail',
  waived: 'waived',
  unknown: 'not known',
  'not-applicable': '',
};

/** `Policy (recommended): 38 pass, 1 fail.` */
export function policySummary({ counts, sets, mode, blocked }: PolicyReport): string {
  const said = (Object.keys(WORDS) as Outcome[])
    .filter((outcome) => WORDS[outcome] !== '' && (counts[outcome] > 0 || outcome === 'pass'))
    .map((outcome) => `${counts[outcome]} ${WORDS[outcome]}`);
  const kept =
    blocked.length === 0
      ? ''
      : ` ${blocked.length} ${blocked.length === 1 ? 'change is' : 'changes are'} blocked.`;
  const audit = mode === 'audit' ? ', audit: nothing blocks' : '';
  return `Policy (${sets.map(oneLine).join(', ')}${audit}): ${said.join(', ')}.${kept}`;
}
