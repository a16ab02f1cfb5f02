// The entries of one target: variables filled in, layers merged, each entry a desired resource. What may be said about
// an entry as a whole (names, globs, twins) is checked here; what its blocks may say, in gateway-rules.
import { KINDS } from '../model/kinds';
import type { Desired, DesiredResource, Manage, Origin, RemovedResource } from '../model/resource';
import { checkBetween } from './between-rules';
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
import { isGlob, isName, locateName, refuseTwins } from './names';
import { locate, member, type Node, plain, textsOf } from './node';
import { NO_SHAPES, normalise } from './normalise';
import { checkPresetFits } from './preset-rules';
import { checkPreview } from './preview';
import type { DeclaredEntry, Named, Project } from './project';
import { removedResources } from './removed';
import type { Section } from './section';
import { checkListedServiceLimit } from './service-limit-rules';
import { didYouMean } from './suggest';
import { schemaErrors } from './validators';
import { FillIn, type Values } from './variables';

/** Per kind what the field table says about the shape of values. */
const SHAPES = new Map(
  KINDS.map(({ kind, rows }) => {
    const keyed: KeyedPaths = new Map(
      rows.flatMap((row) => (row.keyed === undefined ? [] : [[row.path, row.keyed]])),
    );
    const unordered = new Set(rows.filter((row) => row.unordered).map((row) => row.path));
    const choices = new Map(
      rows.flatMap((row) => (row.choices === undefined ? [] : [[row.path, row.choices]])),
    );
    return [kind, { keyed, unordered, choices }];
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
    const resources = this.#resources(merged);
    const removed = this.#removed(merged, today);
    checkBetween(merged, removed, this.findings);
    return { resources, removed };
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
    refuseTwins(merged, this.findings);
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
    const { keyed } = SHAPES.get(section.kind)!;
    const value = readLayer(section.complete(filled, this.findings), layer, keyed, {
      listed: (codec, key, item) => {
        if (codec === 'limit') checkListedLimit(key, item, this.findings);
        if (codec === 'service_limit') checkListedServiceLimit(item, this.findings);
      },
      repeated: (key, what, item, first, list) => {
        this.#repeated(key, what, item, first);
        // What its items make up together is not known.
        this.findings.markBroken(list);
      },
    });
    return section.spread(value, this.findings);
  }

  #repeated(key: string, what: string | undefined, item: Node, first: Node): void {
    this.findings.error({
      code: 'duplicate-item',
      message:
        what === undefined
          ? `"${key.slice(0, 80)}" stands twice in this list`
          : `${key.slice(0, 80)} has two limits in ${what}`,
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
      if (preset !== undefined) return this.#preset(preset, section, node) ?? [];
      this.findings.error(() => ({
        code: 'unknown-preset',
        message: `no preset is called "${text}"`,
        at: locate(node),
        ...didYouMean(text, [...this.project.presets.keys()]),
      }));
      return [];
    });
  }

  /** Read once for each kind that names it. */
  #preset(preset: Named, section: Section, namedBy: Node): LayerValue | undefined {
    const key = `${section.kind} ${preset.name}`;
    if (!this.#presets.has(key)) {
      const fits = preset.node.kind === 'map' && checkPresetFits(preset, section, namedBy, this.findings);
      this.#presets.set(key, fits ? this.#layer(preset.node, `preset ${preset.name}`, section) : undefined);
    }
    return this.#presets.get(key);
  }

  #named(declared: DeclaredEntry, value: MapValue): MergedEntry | undefined {
    const name = textLeaf(memberOf(value, 'name')) ?? declared.name;
    const entry = { declared, value, name, manage: manageOf(value), pattern: isGlob(name) };
    return isName(entry, this.findings) ? entry : undefined;
  }
}

function manageOf(value: MapValue): Manage {
  const text = textLeaf(memberOf(value, 'manage'));
  return text === 'attach' || text === 'observe' ? text : 'full';
}

function desiredOf({ declared, value, name, manage, pattern }: MergedEntry): DesiredResource {
  const { section } = declared;
  const members = new Map([...value.members].filter(([field]) => section.fields.includes(field)));
  const { fields, origins } = normalise(members, SHAPES.get(section.kind)!);
  const only = textLeaf(memberOf(value, 'kind'));
  const entry: Origin = { ...declared.at, layer: 'file' };
  const preview = normalise(new Map(membersOf(value, 'preview')), NO_SHAPES);
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
