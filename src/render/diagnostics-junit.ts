// Diagnostics as test results: a case per file, failed by its errors; warnings and notes are only told.
import type { Diagnostic } from '../model/diagnostic';
import { becauseText, placeText } from './diagnostics-text';
import { type JunitCase, junit } from './junit';
import { oneLine } from './sanitise';

/** `files`: all that were read, as diagnostics name them. What has no place belongs to the project as a whole. */
export function diagnosticsJunit(diagnostics: readonly Diagnostic[], files: readonly string[]): string {
  const PROJECT = '(project)';
  const names = [...new Set([...files, ...diagnostics.map(({ at }) => at?.file ?? PROJECT)])];
  return junit(
    'gatewright validate',
    names.map((name): JunitCase => {
      const own = diagnostics.filter(({ at }) => (at?.file ?? PROJECT) === name);
      const errors = own.filter(({ severity }) => severity === 'error');
      const told = own.map(lines).join('\n\n');
      const found: JunitCase = { group: 'validate', name };
      const [first] = errors;
      if (first === undefined) return told === '' ? found : { ...found, output: told };
      const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
      return {
        ...found,
        outcome: { as: 'failure', type: first.code, message: `${first.message}${more}`, details: told },
      };
    }),
  );
}

function lines({ code, severity, message, at, label, because, help }: Diagnostic): string {
  return [
    `${severity}[${code}]: ${oneLine(message)}${at === undefined ? '' : ` (${placeText(at)})`}`,
    ...(label === undefined ? [] : [oneLine(label)]),
    ...(because === undefined ? [] : [becauseText(because)]),
    ...(help === undefined ? [] : [`help: ${oneLine(help)}`]),
  ].join('\n');
}
