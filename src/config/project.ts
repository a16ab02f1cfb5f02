// What the files of a project say together: its name, targets, variables, presets and entries, each once, and which
// target is meant. Knows nothing of any field of a resource.
import type { Location } from '../model/diagnostic';
import type { ProjectFile } from './files';
import type { Finding, Findings } from './findings';
import { locate, locateKey, type MapNode, member, type Node, textOf } from './node';
import { checkReferences, refuseReferences } from './references';
import { SECTIONS, type Section } from './sections';
import { didYouMean } from './suggest';
import { checkVariables, readVariable, type Variable } from './variables';

/** Something with a name that stands once in the project. */
export interface Named {
  readonly name: string;
  readonly node: Node;
  /** The place of its key. */
  readonly at: Location;
  /** The map that it is a member of. */
  readonly holder: MapNode;
}

export interface DeclaredEntry extends Named {
  readonly section: Section;
}

export interface Project {
  /** Empty when the root file does not say it, which is an error. */
  readonly name: string;
  readonly targets: ReadonlyMap<string, Named>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly presets: ReadonlyMap<string, Named>;
  readonly entries: readonly DeclaredEntry[];
  /** Entries under `removed`, of every file. */
  readonly removed: readonly Node[];
}

const ROOT_ONLY = ['project', 'include', 'targets', 'app'];

export function readProject(
  files: readonly ProjectFile[],
  given: Readonly<Record<string, string>>,
  findings: Findings,
): Project | undefined {
  const root = files.find(({ isRoot }) => isRoot)?.node;
  if (root === undefined) return undefined;
  for (const file of files) if (!file.isRoot) refuseRootOnly(file.node, findings);
  const targets = collect([root], 'targets', 'target', findings);
  const presets = collect(nodesOf(files), 'presets', 'preset', findings);
  const variables = new Map<string, Variable>();
  for (const { name, node, holder } of collect(nodesOf(files), 'variables', 'variable', findings).values())
    variables.set(name, readVariable(name, holder, node));
  const entries = SECTIONS.flatMap((section) =>
    [...collect(nodesOf(files), section.kind, section.kind, findings).values()].map((named) => ({
      ...named,
      section,
    })),
  );
  checkVariables(variables, overridesOf(targets), given, findings);
  checkFrame(root, targets, findings);
  for (const { node } of [...presets.values(), ...entries]) checkReferences(node, variables, findings);
  checkOverlays(targets, entries, variables, findings);
  const removed = nodesOf(files).flatMap((file) => itemsOf(member(file, 'removed')));
  for (const node of removed) checkReferences(node, variables, findings);
  if (!root.entries.has('project')) noProjectName(locate(root), findings);
  const name = textOf(member(root, 'project')) ?? '';
  return { name, targets, variables, presets, entries, removed };
}

export function noProjectName(at: Location, findings: Findings): void {
  findings.error({
    code: 'missing-field',
    message: 'the project has no name',
    at: { file: at.file, line: at.line, column: at.column, length: 1 },
    help: 'Begin the file with: project: NAME',
  });
}

const itemsOf = (node: Node | undefined) => (node?.kind === 'list' ? node.items : []);
const nodesOf = (files: readonly ProjectFile[]) => files.map(({ node }) => node);

function refuseRootOnly(node: MapNode, findings: Findings): void {
  for (const name of ROOT_ONLY) {
    if (!node.entries.has(name)) continue;
    findings.error({
      code: 'root-only',
      message: `${name} may stand in the root file only`,
      at: locateKey(node, name),
      help: 'Included files hold variables, presets and resources.',
    });
  }
}

/** The members of one section in all files. A name that comes twice is an error with both places. */
function collect(
  files: readonly MapNode[],
  section: string,
  noun: string,
  findings: Findings,
): Map<string, Named> {
  const found = new Map<string, Named>();
  for (const file of files) {
    const holder = member(file, section);
    if (holder?.kind !== 'map') continue;
    for (const [name, { value }] of holder.entries) {
      const at = locateKey(holder, name);
      const first = found.get(name);
      if (first === undefined) {
        found.set(name, { name, node: value, at, holder });
        continue;
      }
      findings.error({
        code: 'duplicate-name',
        message: `"${name}" is declared twice under ${section}`,
        at,
        ...label(value),
        because: {
          text: `the first ${noun === section ? 'entry' : noun} of this name stands here${by(first.node)}`,
          at: first.at,
        },
        help: 'Keep one of them. What differs between workspaces belongs into targets.',
      });
    }
  }
  return found;
}

/** A construct, where one wrote it: two of them may stand on one line of a library. */
function label(node: Node): { readonly label?: string } {
  const said = node.source.writtenBy(node);
  return said === undefined ? {} : { label: `by ${said}` };
}

function by(node: Node): string {
  const said = node.source.writtenBy(node);
  return said === undefined ? '' : `, by ${said}`;
}

function overridesOf(targets: ReadonlyMap<string, Named>): Node[] {
  return [...targets.values()].flatMap(({ node }) => member(node, 'variables') ?? []);
}

/** What is read before variables have values may not use them. */
function checkFrame(root: MapNode, targets: ReadonlyMap<string, Named>, findings: Findings): void {
  for (const name of ['project', 'include', 'app']) refuseReferences(member(root, name), findings);
  let standard: Named | undefined;
  for (const target of targets.values()) {
    const host = member(target.node, 'host');
    refuseReferences(host, findings);
    if (host !== undefined) checkHost(host, findings);
    const isDefault = member(target.node, 'default');
    if (isDefault?.kind !== 'scalar' || isDefault.value !== true) continue;
    if (standard !== undefined) {
      findings.error({
        code: 'two-defaults',
        message: `${target.name} and ${standard.name} are both the default target`,
        at: locate(isDefault),
        because: { text: 'the first default stands here', at: standard.at },
      });
    }
    standard ??= target;
  }
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** An address that can only be a workspace: no credentials, no path, and http for loopback alone. */
export function checkHost(node: Node, findings: Findings): void {
  const text = textOf(node);
  if (text === undefined || text === 'simulator' || node.refers) return;
  const refuse = (message: string, help?: string) =>
    findings.error({ code: 'bad-host', message, at: locate(node), ...(help === undefined ? {} : { help }) });
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    refuse(
      'the host is not an address',
      'Write simulator, or an address such as https://adb-12.azuredatabricks.net',
    );
    return;
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') refuse('the host holds credentials');
  else if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    refuse('the host must begin with https://');
  else if (!/^https?:\/\/[^/?#]+\/?$/.test(text)) refuse('the host has a path', `Write ${url.origin}`);
}

/** The address as it is used: an origin, or `simulator`. */
export function hostOf(target: Node | undefined): string | undefined {
  const text = textOf(member(target, 'host'));
  return text === undefined || text === 'simulator' || !URL.canParse(text) ? text : new URL(text).origin;
}

/** An overlay changes what a file declares; it declares nothing itself. */
function checkOverlays(
  targets: ReadonlyMap<string, Named>,
  entries: readonly DeclaredEntry[],
  variables: ReadonlyMap<string, Variable>,
  findings: Findings,
): void {
  for (const target of targets.values()) {
    for (const { kind } of SECTIONS) {
      const overlays = member(target.node, kind);
      if (overlays?.kind !== 'map') continue;
      const known = entries.filter(({ section }) => section.kind === kind).map(({ name }) => name);
      const names = new Set(known);
      for (const [name, { value }] of overlays.entries) {
        checkReferences(value, variables, findings);
        if (names.has(name)) continue;
        findings.error(() => ({
          code: 'unknown-entry',
          message: `no file declares ${kind}.${name}`,
          at: locateKey(overlays, name),
          ...didYouMean(name, known),
          help: `A target changes what ${kind} declares; to have an entry in some targets only, declare it with only_in.`,
        }));
      }
    }
  }
}

/** Enough names to find the right one. */
function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}

/** The target that is meant: the one asked for, the default, the only one. '' for a project without targets. */
export function chooseTarget(
  targets: ReadonlyMap<string, Named>,
  asked: string | undefined,
): { readonly target: string } | { readonly problem: Finding } {
  const names = [...targets.keys()];
  if (asked !== undefined && targets.has(asked)) return { target: asked };
  const list = names.length === 0 ? 'This project has no targets.' : `The targets are ${someOf(names)}.`;
  const first = targets.values().next().value;
  const because = first === undefined ? {} : { because: { text: 'targets are declared here', at: first.at } };
  if (asked !== undefined && asked !== '') {
    const message = `no target is called "${asked}"`;
    return {
      problem: {
        code: 'unknown-target',
        message,
        ...didYouMean(asked, names),
        ...because,
        help: list,
      },
    };
  }
  if (names.length === 0) return { target: '' };
  for (const [name, { node }] of targets) {
    const isDefault = member(node, 'default');
    if (isDefault?.kind === 'scalar' && isDefault.value === true) return { target: name };
  }
  if (names.length === 1) return { target: names[0]! };
  return {
    problem: {
      code: 'unknown-target',
      message: 'no target is named, and none is the default',
      ...because,
      help: `${list} Name one with --target, or mark one with default: true.`,
    },
  };
}
