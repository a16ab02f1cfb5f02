// What a CI job is told beside the output: a page for its summary and values for its later steps, where the runner
// names files for them. A file that cannot be written is said and changes nothing else.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#environment-files
import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Diagnostic } from '../model/diagnostic';
import type { Plan } from '../plan/types';
import type { Context } from './context';
import type { ExitCode } from './exit-codes';
import { printDiagnostics } from './report';

export interface CiFiles {
  /** Markdown; made only if somebody wants it. */
  summary(): string;
  readonly outputs: Readonly<Record<string, string | number>>;
}

export function tellCi(context: Context, noColour: boolean, { summary, outputs }: CiFiles): void {
  const { GITHUB_STEP_SUMMARY, GITHUB_OUTPUT } = context.env;
  const append = (name: string, file: string | undefined, text: () => string) => {
    if (file === undefined || file === '') return;
    try {
      appendFileSync(file, `${endsInLine(file) ? '' : '\n'}${context.secrets.redact(text())}`);
    } catch (error) {
      const warning: Diagnostic = {
        code: 'no-ci-file',
        severity: 'warning',
        message: `${name} names a file that cannot be written: ${(error as Error).message}`,
      };
      printDiagnostics([warning], context, { noColour });
    }
  };
  append('GITHUB_STEP_SUMMARY', GITHUB_STEP_SUMMARY, summary);
  append('GITHUB_OUTPUT', GITHUB_OUTPUT, () =>
    Object.entries(outputs)
      .map(([name, value]) => `${name}=${oneValue(value)}\n`)
      .join(''),
  );
}

/** A value with a line end in it could set another name. */
function oneValue(value: string | number): string {
  return String(value).replace(/[\r\n]+/g, ' ');
}

/** What an earlier step wrote without a line end would swallow our first line. */
function endsInLine(file: string): boolean {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return true;
  }
  try {
    const { size } = fstatSync(handle);
    if (size === 0) return true;
    const last = Buffer.alloc(1);
    readSync(handle, last, 0, 1, size - 1);
    return last[0] === 0x0a;
  } finally {
    closeSync(handle);
  }
}

/** What later steps decide by. */
export function planOutputs(plan: Plan, exit: ExitCode): Readonly<Record<string, string | number>> {
  const actions = ['create', 'update', 'replace', 'adopt', 'delete', 'release'] as const;
  const counts = actions.map((action): [string, number] => [
    action,
    plan.changes.filter((change) => change.action === action).length,
  ]);
  return {
    digest: plan.digest,
    exit,
    changes: plan.changes.length,
    ...Object.fromEntries(counts),
    refused: plan.refused.length,
    observed: plan.observed.length,
    orphans: plan.orphans.length,
    unchanged: plan.unchanged.length,
  };
}
