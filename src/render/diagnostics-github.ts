// Diagnostics as workflow commands, which GitHub shows beside the changed lines.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
// Escapes: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
import type { Diagnostic, Severity } from '../model/diagnostic';
import { becauseText } from './diagnostics-text';
import { oneLine } from './sanitise';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

/** One line for each diagnostic; '' for none. */
export function diagnosticsGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map((diagnostic) => `${annotation(diagnostic)}\n`).join('');
}

function annotation({ severity, code, message, at, label, because, help }: Diagnostic): string {
  const properties: string[] = [];
  const property = (name: string, value: string) => properties.push(`${name}=${escapeProperty(value)}`);
  if (at !== undefined) {
    property('file', oneLine(at.file));
    property('line', String(at.line));
    property('col', String(at.column));
    if (at.length !== undefined) property('endColumn', String(at.column + at.length));
  }
  property('title', oneLine(code));
  const text = [
    label === undefined ? oneLine(message) : `${oneLine(message)}: ${oneLine(label)}`,
    ...(because === undefined ? [] : [becauseText(because)]),
    ...(help === undefined ? [] : [`help: ${oneLine(help)}`]),
  ];
  return `::${COMMANDS[severity]} ${properties.join(',')}::${escapeData(text.join('\n'))}`;
}
