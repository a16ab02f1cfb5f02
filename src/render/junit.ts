// JUnit XML as CI systems read it: one suite, a case for each thing that was judged. Pure; text that XML cannot
// carry is shown as its escape. https://github.com/testmoapp/junitxml
import { manyLines, oneLine } from './sanitise';

export interface JunitCase {
  /** Groups cases: a kind, a folder. */
  readonly group: string;
  readonly name: string;
  /** Absent: passed. */
  readonly outcome?: {
    readonly as: 'failure' | 'error' | 'skipped';
    /** One line. */
    readonly message: string;
    /** `brake`, `drift`. */
    readonly type?: string;
    readonly details?: string;
  };
  /** What a passed case has to say. */
  readonly output?: string;
}

export function junit(suite: string, cases: readonly JunitCase[]): string {
  const count = (as: string) => cases.filter(({ outcome }) => outcome?.as === as).length;
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"`;
  const head = `name="${attribute(suite)}" ${counts} skipped="${count('skipped')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${head}>`,
    `  <testsuite ${head}>`,
    ...cases.map(caseText),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseText({ group, name, outcome, output }: JunitCase): string {
  const open = `    <testcase classname="${attribute(group)}" name="${attribute(name)}"`;
  const inner = [
    ...(outcome === undefined ? [] : [outcomeText(outcome)]),
    ...(output === undefined || output === '' ? [] : [`<system-out>${text(output)}</system-out>`]),
  ];
  return inner.length === 0
    ? `${open}/>`
    : [`${open}>`, ...inner.map((line) => `      ${line}`), '    </testcase>'].join('\n');
}

function outcomeText({ as, message, type, details }: NonNullable<JunitCase['outcome']>): string {
  const kind = type === undefined ? '' : ` type="${attribute(type)}"`;
  const open = `<${as} message="${attribute(message)}"${kind}`;
  return details === undefined || details === '' ? `${open}/>` : `${open}>${text(details)}</${as}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function attribute(value: string): string {
  return escaped(oneLine(value));
}

function text(value: string): string {
  return escaped(manyLines(value));
}

/** XML 1.0 has no way to say the last two code points of the basic plane. https://www.w3.org/TR/xml/#charsets */
function escaped(value: string): string {
  return value
    .replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark)
    .replace(/[\ufffe\uffff]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`);
}
