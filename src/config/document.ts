// The desired document: what `synth` prints and `plan --desired` takes. It says what is desired and not where it was
// written. Reading it back takes the same checks as reading files: whoever plans from it may not have made it.
import type { Diagnostic } from '../model/diagnostic';
import type { JsonObject } from '../model/json';
import type { Desired } from '../model/resource';
import { explain } from './explain';
import { Findings } from './findings';
import { isGlob } from './names';
import { type Entry, locate, type MapNode, member, type Node, plain, textOf } from './node';
import { checkHost, type DeclaredEntry, hostOf } from './project';
import { readYaml } from './read-yaml';
import { TargetReader } from './resources';
import { SECTIONS } from './sections';
import { SourceText } from './source-text';
import { schemaErrors } from './validators';

export const DESIRED_FORMAT = 'gatewright/desired/1';

/** Sorted by kind and key, without origins. Held by `schemas/desired.schema.json`. */
export function desiredDocument(desired: Desired): JsonObject {
  const { project, target, host, protect, resources, removed } = desired;
  return {
    format: DESIRED_FORMAT,
    project,
    target,
    ...(host === undefined ? {} : { host }),
    protect,
    resources: sorted(resources, ({ kind, key }) => `${kind}\n${key}`).map(({ origins: _, ...resource }) => ({
      ...resource,
    })),
    removed: sorted(removed, ({ kind, name }) => `${kind}\n${name}`).map(({ origin: _, ...entry }) => ({
      ...entry,
    })),
  };
}

function sorted<T>(list: readonly T[], by: (each: T) => string): T[] {
  return [...list].sort((a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0));
}

export interface ReadDocument {
  /** Absent when there are errors. Origins are places in the document. */
  readonly desired?: Desired;
  readonly diagnostics: readonly Diagnostic[];
}

/** `file` is how diagnostics call the document. */
export function readDesiredDocument(text: string, file: string): ReadDocument {
  const findings = new Findings();
  const source = new SourceText(file, text);
  const node = readYaml(source, findings, { literal: true });
  if (node?.kind === 'map') explain(schemaErrors('desired', plain(node)), node, findings, 'desired');
  else if (!findings.hasErrors) refuse(`${file} is not a desired document`, node, source, findings);
  const desired = node?.kind === 'map' && !findings.hasErrors ? fromDocument(node, findings) : undefined;
  return {
    ...(desired === undefined || findings.hasErrors ? {} : { desired }),
    // Warnings were for whoever wrote the files.
    diagnostics: findings.diagnostics().filter(({ severity }) => severity === 'error'),
  };
}

function refuse(message: string, node: Node | undefined, source: SourceText, findings: Findings): void {
  const at = node === undefined ? source.location({ start: 0, end: 1 }) : locate(node);
  findings.error({ code: 'wrong-format', message, at });
}

/** The schema has been held against it, so the shape is known; what a shape cannot say is checked as in files. */
function fromDocument(node: MapNode, findings: Findings): Desired {
  const items = itemsOf(member(node, 'resources'));
  const entries = items.flatMap((item) => (item.kind === 'map' ? [declared(item)] : []));
  refuseSameAddress(entries, findings);
  const name = textOf(member(node, 'project')) ?? '';
  const removed = itemsOf(member(node, 'removed')).flatMap((item) =>
    item.kind === 'map' ? [declaredRemoved(item)] : [],
  );
  const project = { name, targets: new Map(), variables: new Map(), presets: new Map(), entries, removed };
  const read = new TargetReader(project, '', new Map(), findings).read(undefined);
  for (const item of items) checkPattern(item, findings);
  const host = member(node, 'host');
  if (host !== undefined) checkHost(host, findings);
  const address = hostOf(node);
  return {
    project: name,
    target: textOf(member(node, 'target')) ?? '',
    ...(address === undefined ? {} : { host: address }),
    protect: isTrue(member(node, 'protect')),
    ...read,
  };
}

/** A resource as the entry of a file that would say the same. */
function declared(resource: MapNode): DeclaredEntry {
  const entries = new Map<string, Entry>();
  for (const name of ['name', 'manage', 'protect', 'labels', 'preview']) take(resource, name, name, entries);
  take(resource, 'only', 'kind', entries);
  const fields = member(resource, 'fields');
  if (fields?.kind === 'map') for (const [name, entry] of fields.entries) entries.set(name, entry);
  const kind = textOf(member(resource, 'kind'));
  return {
    section: SECTIONS.find((section) => section.kind === kind)!,
    name: textOf(member(resource, 'key')) ?? '',
    node: { ...resource, entries },
    at: locate(resource),
    holder: resource,
  };
}

function declaredRemoved(removed: MapNode): MapNode {
  const entries = new Map<string, Entry>();
  for (const name of ['reason', 'since', 'destroy']) take(removed, name, name, entries);
  const kind = textOf(member(removed, 'kind'));
  take(removed, 'name', SECTIONS.find((section) => section.kind === kind)!.removedAs, entries);
  return { ...removed, entries };
}

const itemsOf = (node: Node | undefined) => (node?.kind === 'list' ? node.items : []);

function take(from: MapNode, name: string, as: string, to: Map<string, Entry>): void {
  const entry = from.entries.get(name);
  if (entry !== undefined) to.set(as, entry);
}

function refuseSameAddress(entries: readonly DeclaredEntry[], findings: Findings): void {
  const seen = new Map<string, DeclaredEntry>();
  for (const entry of entries) {
    const address = `${entry.section.kind}.${entry.name}`;
    const first = seen.get(address);
    if (first === undefined) seen.set(address, entry);
    else {
      findings.error({
        code: 'duplicate-name',
        message: `${address} stands twice in the document`,
        at: entry.at,
        because: { text: 'the first stands here', at: first.at },
      });
    }
  }
}

/** Whether a name is a glob follows from it; a document that says otherwise was not made by us. */
function checkPattern(item: Node, findings: Findings): void {
  const pattern = member(item, 'pattern');
  const name = textOf(member(item, 'name')) ?? '';
  if (pattern === undefined || isTrue(pattern) === isGlob(name)) return;
  findings.error({
    code: 'wrong-format',
    message: 'pattern does not say what the name is',
    at: locate(pattern),
  });
}

function isTrue(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.value === true;
}
