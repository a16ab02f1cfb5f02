// What a stack is made of: the desired resources of a project on disk, or of a tree of our own constructs. Checked as by
// every command; knows no cdktf.
import { diskSource, type FileSource, loadProject, textSource } from '../../src/config';
import { type Diagnostic, hasErrors } from '../../src/model/diagnostic';
import type { Desired } from '../../src/model/resource';
import type { GatewayApp } from '../gateway-app';

export interface DesiredOptions {
  /** @default the project's own choice */
  readonly target?: string;
  /** As by --var. @default none */
  readonly variables?: Readonly<Record<string, string>>;
}

/** What is wrong with a project, each with its place. */
export class InvalidProject extends Error {
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(lineOf).join('\n'));
    this.name = 'InvalidProject';
  }
}

/** Of the gatewright.yaml in a folder. @throws InvalidProject */
export function desiredIn(directory: string, options: DesiredOptions = {}): Desired {
  return desiredFrom(diskSource(directory), options);
}

/** Of a tree of constructs. @throws InvalidProject */
export function desiredBy(app: Pick<GatewayApp, 'toDocument'>, options: DesiredOptions = {}): Desired {
  return desiredFrom(textSource({ 'gatewright.yaml': JSON.stringify(app.toDocument(), null, 1) }), options);
}

function desiredFrom(source: FileSource, options: DesiredOptions): Desired {
  const { desired, diagnostics } = loadProject({ source, ...options });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (desired === undefined || hasErrors(errors)) throw new InvalidProject(errors);
  return desired;
}

function lineOf({ at, code, message }: Diagnostic): string {
  return `${at === undefined ? '' : `${at.file}:${at.line}:${at.column}: `}${message} [${code}]`;
}
