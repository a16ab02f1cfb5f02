// Authored entries as a project of their own, in memory: what the language says of them, and where in the entry. The
// same loader reads them that will read the files.
import { isMap, isPair, isScalar, isSeq, parseDocument, type Node as YamlNode } from 'yaml';
import type { Diagnostic, Location } from '../model/diagnostic';
import type { Path } from '../model/path';
import type { Authored } from './author';
import type { Objection } from './author-settle';
import { type AuthoredEntry, authoredText } from './author-yaml';
import { type LoadedProject, loadProject } from './load';
import { textSource } from './source';

export interface Surroundings {
  readonly project: string;
  /** '' for a project without targets. */
  readonly target: string;
  readonly presets?: readonly AuthoredEntry[];
}

/** The entries loaded as they are written, a file for each. */
export function loadAuthored(
  entries: readonly Authored[],
  { project, target, presets = [] }: Surroundings,
): { readonly loaded: LoadedProject; readonly objections: readonly Objection[] } {
  const files: Record<string, string> = {
    'gatewright.yaml': `project: ${JSON.stringify(project)}\ninclude: ["entries/*.yaml"]\n${
      target === '' ? '' : `targets: { ${JSON.stringify(target)}: { default: true } }\n`
    }${presets.length === 0 ? '' : authoredText([{ name: 'presets', entries: presets }])}`,
  };
  const byFile = new Map<string, Authored>();
  for (const [index, entry] of entries.entries()) {
    const file = `entries/${index}.yaml`;
    byFile.set(file, entry);
    files[file] = authoredText([{ name: entry.kind, entries: [entry] }]);
  }
  const loaded = loadProject({ source: textSource(files) });
  const objections = loaded.diagnostics
    .filter(({ severity }) => severity === 'error')
    .flatMap((diagnostic) => objectionOf(diagnostic, byFile, files) ?? []);
  return { loaded, objections };
}

function objectionOf(
  { at, message }: Diagnostic,
  byFile: ReadonlyMap<string, Authored>,
  files: Readonly<Record<string, string>>,
): Objection | undefined {
  const entry = at === undefined ? undefined : byFile.get(at.file);
  if (at === undefined || entry === undefined) return undefined;
  const { kind, key } = entry;
  const { path, isLeaf } = placeOf(files[at.file] ?? '', at);
  return { kind, key, at: path.slice(2), isLeaf, message };
}

/** The path of what a location marks. */
export function placeOf(
  text: string,
  { line, column, length = 1 }: Location,
): { path: Path; isLeaf: boolean } {
  const lines = text.split('\n').slice(0, line - 1);
  const offset = lines.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  const path: string[] = [];
  let node = parseDocument(text).contents as YamlNode | null;
  for (;;) {
    const next = memberAt(node, offset, length);
    if (next === undefined) return { path, isLeaf: path.length > 0 && isScalar(node) };
    path.push(next.name);
    node = next.node;
  }
}

function memberAt(node: YamlNode | null, offset: number, length: number) {
  const holds = (one: YamlNode | null | undefined) =>
    one?.range !== undefined &&
    one.range !== null &&
    one.range[0] <= offset &&
    offset < Math.max(one.range[1], one.range[0] + 1);
  if (isSeq(node)) {
    const index = node.items.findIndex((item) => holds(item as YamlNode));
    return index < 0 ? undefined : { name: String(index), node: node.items[index] as YamlNode };
  }
  if (!isMap(node)) return undefined;
  for (const pair of node.items) {
    if (!isPair(pair) || !isScalar(pair.key)) continue;
    const [start, end] = pair.key.range ?? [0, 0];
    // A block map begins where its first key does; a mark that is longer than the key is about the map.
    if (start === offset && length > end - start) return undefined;
    if (holds(pair.key) || holds(pair.value as YamlNode | null)) {
      return { name: String(pair.key.value), node: pair.value as YamlNode | null };
    }
  }
  return undefined;
}
