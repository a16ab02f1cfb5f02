// The entries of one target: variables filled in, layers merged, each entry a desired resource. What may be said about
// an entry as a whole (names, globs, twins) is checked here; what its blocks may say, in gateway-rules.

import type { Location } from '../model/diagnostic';
import { KINDS } from '../model/kinds';
import type { Desired, DesiredResource, Manage, Origin, RemovedResource } from '../model/resource';
import { explain } from './explain';
import type { Findings } from './findings';
import { checkListedLimit } from './gateway-rules';
import {
  type KeyedPaths,
  type LayerValue,
  leafOf,
  type MapValue,
  memberOf,
  mergeLayers,
  readLayer,
  textLeaf,
} from './layers';
import { locate, member, type Node, plain, textsOf } from './node';
import { normalise } from './normalise';
import { checkPreview } from './preview';
import type { DeclaredEntry, Named, Project } from './project';
import { removedResources } from './removed';
import type { Section } from './sections';
import { didYouMean } from './suggest';
import { schemaErrors } from './validators';
import { FillIn, type Values } from './variables';

/** Per kind what the field table says about lists. */
const LISTS = new Map(
  KINDS.map(({ kind, rows }) => {
    const keyed: KeyedPaths = new Map(
      rows.flatMap((row) => (row.keyed === undefined ? [] : [[row.path, row.keyed]])),
    );
    const unordered = new Set(rows.filter((row) => row.unordered).map((row) => row.path));
    return [kind, { keyed, unordered }];
  }),
);

/** An entry with its layers merged. */
export interface MergedEntry {
  readonly declared: DeclaredEntry;
  readonly value: MapValue;
  readonly name: string;
  readonly manage: Manage;
  readonly pattern: boolean;
}

export class TargetReader {
  readonly #presets = new Map<string, LayerValue | undefined>();
  readonly #overlays: Node | undefined;
  readonly #fillIn: FillIn;

  constructor(
    private readonly project: Project,
    private readonly target: string,
    values: Values,
    private readonly findings: Findings,
  ) {
    this.#fillIn = new FillIn(values, target, findings);
    this.#overlays = project.targets.get(target)?.node;
  }

  /** What is declared, and what is to go. `today` is a date such as `2026-11-20`. */
  read(today: string | undefined): Pick<Desired, 'resources' | 'removed'> {
    const merged = this.project.entries.flatMap((entry) => this.#merged(entry) ?? []);
    return { resources: this.#resources(merged), removed: this.#removed(merged, today) };
  }

  #removed(merged: readonly MergedEntry[], today: string | undefined): RemovedResource[] {
    const declared = new Map(
      merged.map((entry) => [`${entry.declared.section.kind} ${entry.name}`, locateName(entry)]),
    );
    const request = {
      entries: this.project.removed,
      isHere: (entry: Node) => this.#isHere(entry),
      fillIn: (node: Node) => this.#fillIn.node(node),
      declaredAt: (kind: string, name: string) => declared.get(`${kind} ${name}`),
      ...(today === undefined ? {} : { today }),
    };
    return removedResources(request, this.findings);
  }

  #resources(merged: readonly MergedEntry[]): DesiredResource[] {
    this.#refuseTwins(merged);
    for (const entry of merged) entry.declared.section.check(entry, this.findings);
    return merged
      .map((entry) => desiredOf(entry))
      .sort((a, b) => (a.kind === b.kind ? compare(a.key, b.key) : compare(a.kind, b.kind)));
  }

  #merged(declared: DeclaredEntry): MergedEntry | undefined {
    const overlay = member(member(this.#overlays, declared.section.kind), declared.name);
    if (!this.#isHere(declared.node)) {
      if (overlay !== undefined) this.#unusedOverlay(declared, overlay);
      return undefined;
    }
    const file = this.#layer(declared.node, 'file', declared.section);
    const above =
      overlay === undefined ? undefined : this.#layer(overlay, `target ${this.target}`, declared.section);
    const own = above === undefined ? file : mergeLayers(file, above);
    const layers = [...this.#presetsOf(own, declared.section), own];
    const value = layers.reduce(mergeLayers);
    if (value.kind !== 'map') return undefined;
    return this.#named(declared, declared.section.settle(value));
  }

  /** `only_in` decides before anything else, so that an entry's variables need values only where it exists. */
  #isHere(entry: Node): boolean {
    const only = member(entry, 'only_in');
    if (only === undefined) return true;
    const names = textsOf(this.#fillIn.node(only));
    for (const { text, node } of names) {
      if (this.project.targets.has(text)) continue;
      this.findings.error(() => ({
        code: 'unknown-target',
        message: `no target is called "${text}"`,
        at: locate(node),
        ...didYouMean(text, [...this.project.targets.keys()]),
      }));
    }
    return names.some(({ text }) => text === this.target);
  }

  #unusedOverlay(declared: DeclaredEntry, overlay: Node): void {
    this.findings.warning({
      code: 'unused-overlay',
      message: `${declared.section.kind}.${declared.name} does not exist in target ${this.target}`,
      at: locate(overlay),
      because: { text: 'its only_in does not name this target', at: declared.at },
    });
  }

  /** A layer is held against the schema again where variables changed it: only now it is known what stands there. */
  #layer(node: Node, layer: string, section: Section): LayerValue {
    const filled = this.#fillIn.node(node);
    if (node.refers)
      explain(schemaErrors(section.entry, plain(filled)), filled, this.findings, section.entry);
    checkPreview(member(filled, 'preview'), section.entry, this.findings);
    const { keyed } = LISTS.get(section.kind)!;
    const value = readLayer(section.complete(filled, this.findings), layer, keyed, {
      listed: (codec, key, item) => {
        if (codec === 'limit') checkListedLimit(key, item, this.findings);
      },
      repeated: (key, what, item, first) => this.#repeated(key, what, item, first),
    });
    return section.spread(value, this.findings);
  }

  #repeated(key: string, what: string | undefined, item: Node, first: Node): void {
    this.findings.error({
      code: 'duplicate-item',
      message: what === undefined ? `"${key}" stands twice in this list` : `${key} has two limits in ${what}`,
      at: locate(item),
      because: { text: 'the first stands here', at: locate(first) },
      help: 'Keep one of them.',
    });
  }

  #presetsOf(own: LayerValue, section: Section): LayerValue[] {
    const named = memberOf(own, 'preset');
    if (named?.kind !== 'leaf') return [];
    return textsOf(named.node).flatMap(({ text, node }) => {
      const preset = this.project.presets.get(text);
      if (preset !== undefined) return this.#preset(preset, section) ?? [];
      this.findings.error(() => ({
        code: 'unknown-preset',
        message: `no preset is called "${text}"`,
        at: locate(node),
        ...didYouMean(text, [...this.project.presets.keys()]),
      }));
      return [];
    });
  }

  #preset(preset: Named, section: Section): LayerValue | undefined {
    const key = `${section.kind} ${preset.name}`;
    if (!this.#presets.has(key)) {
      const isMap = preset.node.kind === 'map';
      this.#presets.set(key, isMap ? this.#layer(preset.node, `preset ${preset.name}`, section) : undefined);
    }
    return this.#presets.get(key);
  }

  #named(declared: DeclaredEntry, value: MapValue): MergedEntry | undefined {
    const { section } = declared;
    const name = textLeaf(memberOf(value, 'name')) ?? declared.name;
    const manage = manageOf(value);
    const pattern = isGlob(name);
    const entry = { declared, value, name, manage, pattern };
    const at = locateName(entry);
    if (!(pattern ? section.glob : section.name).test(name)) {
      this.findings.error({
        code: 'bad-name',
        message: `"${name.slice(0, 80)}" cannot be a name`,
        at,
        label: `must be ${section.nameSays}`,
      });
      return undefined;
    }
    if (manage !== 'full') return entry;
    if (pattern) {
      this.findings.error({
        code: 'bad-name',
        message: `the glob "${name}" cannot be managed fully`,
        at,
        help: 'Add manage: attach to govern what matches, or manage: observe to compare only.',
      });
    } else if (name.startsWith('databricks-')) {
      this.findings.error({
        code: 'reserved-name',
        message: `the prefix of "${name}" is reserved for endpoints that Databricks makes`,
        at,
        help: 'Add manage: attach to govern such an endpoint.',
      });
    }
    return entry;
  }

  /** Two entries for one live object would overwrite each other. */
  #refuseTwins(entries: readonly MergedEntry[]): void {
    const first = new Map<string, MergedEntry>();
    for (const entry of entries) {
      const identity = `${entry.declared.section.kind} ${entry.name}`;
      const before = first.get(identity);
      if (before === undefined) {
        first.set(identity, entry);
        continue;
      }
      this.findings.error({
        code: 'duplicate-name',
        message: `${entry.declared.section.kind}.${entry.declared.name} and ${before.declared.section.kind}.${before.declared.name} both have the name "${entry.name}"`,
        at: locateName(entry),
        because: { text: 'the other stands here', at: locateName(before) },
      });
    }
  }
}

export function isGlob(name: string): boolean {
  return /[*?]/.test(name);
}

/** The place of what gives the name: the member, else the entry's key. */
function locateName({ value, declared }: Pick<MergedEntry, 'value' | 'declared'>): Location {
  const node = memberOf(value, 'name')?.node;
  return node === undefined ? declared.at : locate(node);
}

function manageOf(value: MapValue): Manage {
  const text = textLeaf(memberOf(value, 'manage'));
  return text === 'attach' || text === 'observe' ? text : 'full';
}

function desiredOf({ declared, value, name, manage, pattern }: MergedEntry): DesiredResource {
  const { section } = declared;
  const members = new Map([...value.members].filter(([field]) => section.fields.includes(field)));
  const { fields, origins } = normalise(members, LISTS.get(section.kind)!.unordered);
  const only = textLeaf(memberOf(value, 'kind'));
  const entry: Origin = { ...declared.at, layer: 'file' };
  const preview = normalise(new Map(membersOf(value, 'preview')), new Set());
  return {
    kind: section.kind,
    key: declared.name,
    name,
    pattern,
    manage,
    protect: leafOf(memberOf(value, 'protect')) === true,
    labels: labelsOf(value),
    ...(only === undefined ? {} : { only }),
    fields,
    preview: preview.fields,
    origins: { '': entry, ...origins, ...preview.origins },
  };
}

function membersOf(value: MapValue, name: string): ReadonlyMap<string, LayerValue> {
  const map = memberOf(value, name);
  return map?.kind === 'map' ? map.members : new Map();
}

function labelsOf(value: MapValue): Record<string, string> {
  const labels: Record<string, string> = Object.create(null);
  for (const [name, label] of membersOf(value, 'labels')) labels[name] = textLeaf(label) ?? '';
  return labels;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
