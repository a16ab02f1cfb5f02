// What a construct program hands over → the nodes of a file, each with the place in the program where it was written.
// From here on it is judged like a file. Runs nothing: the program's documents are given.
import { isList, isObject, type Json } from '../model/json';
import { AppPlaces, type PlaceTree } from './app-places';
import { FORBIDDEN_KEYS, LONE_SURROGATE } from './convert-yaml';
import { findCredentials, isLiteralSecret, shapeOf } from './credentials';
import { forbiddenCharacter } from './decode';
import { explain } from './explain';
import type { ProjectFile } from './files';
import type { Finding, Findings } from './findings';
import { type Entry, locate, type MapNode, type Node, plain, textOf } from './node';
import { MOST_DEPTH } from './read-yaml';
import { SECTIONS } from './sections';
import type { FileSource } from './source';
import type { Span } from './source-text';
import { schemaErrors } from './validators';

/** What became of the program that `app` names. */
export type AppRun =
  | {
      /** What each GatewayApp handed over, as JSON. */
      readonly documents: readonly string[];
      /** The real path of the project: places in it are named from there. */
      readonly directory: string;
    }
  | { readonly problem: Finding };

export type RunApp = (app: string) => AppRun;

const FORMAT = 'gatewright/declared/1';
const OTHER_VERSION = 'The program and this command are of versions that do not fit: install one for both.';

export interface AppFiles {
  readonly files: readonly ProjectFile[];
  /** Where constructs stand, by file, as it may be shown. */
  readonly texts: ReadonlyMap<string, string>;
}

/** `app` is the node that names the program; what cannot be said of the program is said there. */
export function readApp(
  app: Node,
  run: RunApp | undefined,
  project: Node | undefined,
  source: FileSource,
  findings: Findings,
): AppFiles {
  const nothing = { files: [], texts: new Map<string, string>() };
  const ran = run?.(textOf(app) ?? '');
  if (ran === undefined) {
    findings.error({
      code: 'app-not-run',
      message: 'nobody runs the program that declares a part of this project',
      at: locate(app),
      help: 'Hand a way to run it to loadProject, or write its desired document with: gatewright synth',
    });
    return nothing;
  }
  if ('problem' in ran) {
    findings.error({ ...ran.problem, at: locate(app) });
    return nothing;
  }
  const reader = new Reader(app, ran.directory, source, findings);
  for (const text of ran.documents) reader.document(text, project);
  return { files: reader.files(), texts: reader.texts() };
}

class Reader {
  readonly #places: AppPlaces;
  /** More than one where an address comes twice: no map holds both. */
  readonly #roots: Map<string, Map<string, { readonly key: Span; readonly value: Node }>>[] = [];
  readonly #removed: Node[] = [];

  constructor(
    private readonly app: Node,
    directory: string,
    source: FileSource,
    private readonly findings: Findings,
  ) {
    this.#places = new AppPlaces(app, directory, source);
  }

  document(text: string, project: Node | undefined): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return this.#refuse('what the program handed over is not JSON');
    }
    if (!isObject(value) || value.format !== FORMAT)
      return this.#refuse(`what the program handed over is not ${FORMAT}`, OTHER_VERSION);
    this.#checkProject(value.project, project);
    for (const entry of listOf(value.entries)) this.#entry(entry);
    for (const entry of listOf(value.removed)) {
      if (isObject(entry))
        this.#removed.push(this.#node(entry.value ?? null, this.#places.spanOf(entry.at, ''), undefined, ''));
    }
  }

  texts(): ReadonlyMap<string, string> {
    return this.#places.texts;
  }

  files(): ProjectFile[] {
    const roots = this.#roots.map((sections, index) => {
      const holders = [...sections].map(([section, entries]): [string, Node] => [
        section,
        this.#map(entries),
      ]);
      const removed = index === 0 ? this.#removedList() : [];
      return this.#map(
        new Map([...holders, ...removed].map(([name, value]) => [name, { key: value, value }])),
      );
    });
    if (roots.length === 0) {
      const removed = this.#removedList().map(([name, value]): [string, Entry] => [
        name,
        { key: value, value },
      ]);
      if (removed.length > 0) roots.push(this.#map(new Map(removed)));
    }
    for (const root of roots) {
      findCredentials(this.#places, root, this.findings);
      this.#hideCredentials(root, '', '');
      explain(schemaErrors('file', plain(root)), root, this.findings, 'file');
    }
    return roots.map((node) => ({ file: this.#places.file, isRoot: false, node }));
  }

  #removedList(): [string, Node][] {
    if (this.#removed.length === 0) return [];
    const { start, end } = this.#removed[0]!;
    return [['removed', this.#list(this.#removed, { start, end })]];
  }

  #checkProject(said: Json | undefined, project: Node | undefined): void {
    const name = isObject(said) ? said.name : undefined;
    if (!isObject(said) || typeof name !== 'string' || project === undefined || textOf(project) === name)
      return;
    this.findings.error({
      code: 'other-project',
      message: `the program declares project "${name.slice(0, 80)}"`,
      at: this.#places.location(this.#places.spanOf(said.at, '')),
      because: { text: `the project is called "${textOf(project)}" here`, at: locate(project) },
      help: 'Let both say the same, or leave the project out of GatewayApp.',
    });
  }

  #entry(entry: Json): void {
    if (!isObject(entry)) return this.#refuse('an entry that the program handed over is none', OTHER_VERSION);
    const { section, key, value, construct } = entry;
    const known = section === 'variables' || SECTIONS.some(({ kind }) => kind === section);
    if (typeof section !== 'string' || typeof key !== 'string' || !known)
      return this.#refuse(
        'an entry that the program handed over has no address that is known',
        OTHER_VERSION,
      );
    const by = typeof construct === 'string' ? construct : '';
    const span = this.#places.spanOf(entry.at, by);
    const places = this.#places.tree(entry.places, by);
    const node = this.#node(value ?? null, span, places, by);
    this.#checkText(key, span);
    if (FORBIDDEN_KEYS.has(key)) return this.#refuse(`"${key}" cannot be a key`);
    const free = this.#roots.find((root) => !root.get(section)?.has(key));
    const root = free ?? new Map();
    if (free === undefined) this.#roots.push(root);
    root.set(section, (root.get(section) ?? new Map()).set(key, { key: span, value: node }));
  }

  /** A value without a place of its own stands where what holds it stands. */
  #node(value: Json, above: Span, places: PlaceTree | undefined, by: string, depth = 0): Node {
    const span = places?.at ?? above;
    if (depth > MOST_DEPTH) {
      const message = `values are nested more than ${MOST_DEPTH} deep`;
      this.findings.error({ code: 'too-deep', message, at: this.#places.location(span) });
      return this.#scalar(null, span);
    }
    const inner = (name: string, member: Json) =>
      this.#node(member, span, places?.below.get(name), by, depth + 1);
    if (isList(value))
      return this.#list(
        value.map((item, index) => inner(String(index), item)),
        span,
      );
    if (!isObject(value)) return this.#scalar(value, span);
    const entries = new Map<string, Entry>();
    for (const [name, member] of Object.entries(value)) {
      const node = inner(name, member);
      this.#checkText(name, node);
      if (FORBIDDEN_KEYS.has(name)) this.#refuse(`"${name}" cannot be a key`);
      else entries.set(name, { key: { start: node.start, end: node.end }, value: node });
    }
    return { ...this.#map(entries), ...span };
  }

  #scalar(value: string | number | boolean | null, span: Span): Node {
    if (typeof value === 'string') this.#checkText(value, span);
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      const message = `${value} is too large to be kept exactly`;
      this.findings.error({ code: 'unsafe-integer', message, at: this.#places.location(span) });
    }
    const refers = typeof value === 'string' && value.includes('${');
    return { kind: 'scalar', value: value === 0 ? 0 : value, refers, size: 1, source: this.#places, ...span };
  }

  #list(items: readonly Node[], span: Span): Node {
    return { kind: 'list', items, ...sumOf(items), source: this.#places, ...span };
  }

  #map(entries: ReadonlyMap<string, Entry>): MapNode {
    const values = [...entries.values()].map(({ value }) => value);
    const { start, end } = values[0] ?? { start: 0, end: 1 };
    const { refers, size } = sumOf(values);
    const inKey = [...entries.keys()].some((key) => key.includes('${'));
    return { kind: 'map', entries, refers: refers || inKey, size, source: this.#places, start, end };
  }

  /** A credential that the program wrote down is refused, and starred out wherever its text is shown. */
  #hideCredentials(node: Node, holder: string, name: string): void {
    if (node.kind === 'list') for (const item of node.items) this.#hideCredentials(item, holder, name);
    if (node.kind === 'map') {
      for (const [key, { value }] of node.entries) this.#hideCredentials(value, name, key);
      return;
    }
    if (node.kind !== 'scalar' || typeof node.value !== 'string') return;
    const shape = shapeOf(node.value);
    if (shape !== undefined) {
      this.findings.error({
        code: 'literal-credential',
        message: `${shape} stands in this program`,
        at: locate(node),
        help: "Put it into a secret scope and write Secret.scope('SCOPE').key('KEY'). Consider the written one leaked.",
      });
    }
    if (shape === undefined && !isLiteralSecret(holder, name, node.value)) return;
    for (const [file, text] of this.#places.texts)
      this.#places.texts.set(
        file,
        text.replaceAll(node.value, (found) => found.replace(/[^\n]/g, '*')),
      );
  }

  #checkText(text: string, span: Span): void {
    const forbidden =
      forbiddenCharacter(text)?.name ?? (LONE_SURROGATE.test(text) ? 'half a character' : undefined);
    if (forbidden === undefined) return;
    const message = `this text holds ${forbidden}`;
    this.findings.error({ code: 'forbidden-character', message, at: this.#places.location(span) });
  }

  #refuse(message: string, help?: string): void {
    this.findings.error({
      code: 'app-document',
      message,
      at: locate(this.app),
      ...(help === undefined ? {} : { help }),
    });
  }
}

const listOf = (value: Json | undefined): readonly Json[] => (isList(value) ? value : []);

function sumOf(nodes: readonly Node[]): { readonly refers: boolean; readonly size: number } {
  return {
    refers: nodes.some(({ refers }) => refers),
    size: nodes.reduce((sum, node) => sum + node.size, 1),
  };
}
