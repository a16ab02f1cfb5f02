// Projects made of text, for tests: what is loaded, and what a diagnostic's place says when it is read.

import { type LoadedProject, loadProject, type ProjectRequest, textSource } from '../../src/config';
import type { Diagnostic, Location } from '../../src/model/diagnostic';

export { textSource as memorySource };

export type Request = Omit<ProjectRequest, 'source'>;

/** Loads `gatewright.yaml`, or several files by name. */
export function load(
  text: string | Readonly<Record<string, string | Uint8Array>>,
  request: Request = {},
): LoadedProject {
  const files = typeof text === 'string' ? { 'gatewright.yaml': text } : text;
  return loadProject({ source: textSource(files), ...request });
}

/** The text that a place marks. */
export function textAt(texts: ReadonlyMap<string, string>, at: Location | undefined): string | undefined {
  if (at === undefined) return undefined;
  const line = texts.get(at.file)?.split('\n')[at.line - 1];
  return line?.slice(at.column - 1, at.column - 1 + (at.length ?? 1));
}

/** `code "marked text" label`, one a diagnostic: what most tests compare. */
export function said(loaded: LoadedProject): string[] {
  return loaded.diagnostics.map((diagnostic) => {
    const marked = textAt(loaded.texts, diagnostic.at);
    const label = diagnostic.label === undefined ? '' : ` ${diagnostic.label}`;
    const severity = diagnostic.severity === 'error' ? '' : `${diagnostic.severity} `;
    return `${severity}${diagnostic.code}${marked === undefined ? '' : ` <${marked}>`}${label}`;
  });
}

/** The one diagnostic of a code; fails when there is none or more. */
export function only(loaded: LoadedProject, code: string): Diagnostic {
  const found = loaded.diagnostics.filter((diagnostic) => diagnostic.code === code);
  if (found.length !== 1) throw new Error(`${found.length} of ${code}: ${said(loaded).join('; ')}`);
  return found[0]!;
}

/** The fields of the one resource of a project, as plain JSON. */
export function fieldsOf(loaded: LoadedProject, key?: string): unknown {
  if (loaded.desired === undefined) throw new Error(said(loaded).join('\n'));
  const { resources } = loaded.desired;
  const resource = key === undefined ? resources[0] : resources.find((each) => each.key === key);
  return JSON.parse(JSON.stringify(resource?.fields ?? null));
}

/** A project of one endpoint `chat`, given its body, indented as it stands. */
export function endpoint(body: string): string {
  const lines = body.replace(/^\n/, '').replace(/\s+$/, '').split('\n');
  const margin = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return `project: p\nserving_endpoints:\n  chat:\n${lines.map((line) => `    ${line.slice(margin)}`).join('\n')}\n`;
}

/** A project of one model service `main.ai.chat`, given its body in one line. */
export const service = (body: string, kind = 'model_services', key = 'main.ai.chat'): string =>
  `project: p\n${kind}:\n  ${key}: { ${body} }\n`;

/** `ref('var.x')` is how a file refers to a variable. */
export const ref = (name: string): string => '$'.concat('{', name, '}');
