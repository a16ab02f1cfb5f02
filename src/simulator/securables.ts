// The services of a workspace: found by name, listed in pages, and kept as they stood for reads that come too
// early. Knows no request; whoever changes something here has the workspace saved afterwards.
import { PROVIDER, withMark } from './destinations';
import { byText, isObject } from './json';
import { type Page, pageOf } from './pages';
import type { Kind, Securable } from './securable';
import { type Older, StaleReads } from './stale';
import type { Workspace } from './state';

export class Securables {
  readonly #all = new Map<string, Securable>();
  /** By kind and schema, what is there; names are sorted when a list first asks for them. */
  readonly #schemas = new Map<string, { names: Set<string>; sorted?: readonly string[] }>();
  readonly #reads = new StaleReads();

  constructor(readonly workspace: Workspace) {}

  get(kind: Pick<Kind, 'path'>, name: string): Securable | undefined {
    return this.#all.get(`${kind.path}/${name}`);
  }

  /** All of them, in the order in which they came. */
  get all(): Iterable<Securable> {
    return this.#all.values();
  }

  /** Replaces or adds. */
  put(securable: Securable): void {
    this.#remember(securable.kind, securable.name);
    this.hold(securable);
  }

  remove(securable: Securable): void {
    const { kind, name, schema } = securable;
    this.#remember(kind, name);
    this.#all.delete(`${kind.path}/${name}`);
    const there = this.#schemas.get(`${kind.path}/${schema}`);
    there?.names.delete(name);
    delete there?.sorted;
    if (kind.path === PROVIDER.path) this.targetGone(`${kind.path}/${name}`);
  }

  /** Replaces everything. */
  seed(securables: Iterable<Securable>): void {
    this.#all.clear();
    this.#schemas.clear();
    this.#reads.clear();
    for (const securable of securables) this.hold(securable);
  }

  /** Adds or replaces without a read lagging behind. */
  hold(securable: Securable): void {
    const { kind, name, schema } = securable;
    this.#all.set(`${kind.path}/${name}`, securable);
    const key = `${kind.path}/${schema}`;
    const there = this.#schemas.get(key) ?? { names: new Set() };
    if (!there.names.has(name)) {
      there.names.add(name);
      delete there.sorted;
    }
    this.#schemas.set(key, there);
  }

  /**
   * Marks what leads to a model provider service or a serving endpoint that was just deleted; the mark goes
   * when the destinations are written anew. `target` is a resource name.
   */
  targetGone(target: string): void {
    for (const securable of this.#all.values()) {
      const { routing } = securable.config;
      if (!isObject(routing)) continue;
      const marked = withMark(routing, target);
      if (marked === routing) continue;
      this.hold(
        securable.with({ body: { ...securable.body, config: { ...securable.config, routing: marked } } }),
      );
    }
  }

  /** What a read of this name answers when it comes too early; see StaleReads.take. */
  older(kind: Kind, name: string, stale: boolean): Older | null | undefined {
    return this.#reads.take(`${kind.path}/${name}`, stale);
  }

  /**
   * One page of a schema, as texts. Pages are cut before what the caller may not see is left out, so that one
   * may be empty and not the last: https://github.com/databricks/unity-gateway/pull/464
   */
  page(
    kind: Kind,
    schema: string,
    view: 'detail' | 'item',
    asked: { after: string | undefined; size: number; stale: boolean },
  ): { texts: string[]; token: string | undefined } {
    const { workspace } = this;
    const list = `${kind.path}/${schema}`;
    const late = this.#late(list, asked.stale);
    const { names, token }: Page = pageOf(this.#sorted(list, late), list, asked.after, asked.size);
    const now = workspace.clock.now();
    const texts: string[] = [];
    for (const name of names) {
      const older = late.has(name) ? this.older(kind, name, asked.stale) : undefined;
      const found = this.get(kind, name);
      if (older) texts.push(older[view]);
      else if (older === undefined && found?.rightOf(workspace.me, now) !== undefined)
        texts.push(found[view](workspace.settings, workspace.shuffle));
    }
    return { texts: workspace.shuffle?.list(texts) ?? texts, token };
  }

  #sorted(list: string, late: ReadonlySet<string>): readonly string[] {
    const there = this.#schemas.get(list) ?? { names: new Set<string>() };
    if (late.size > 0) return [...new Set([...there.names, ...late])].sort(byText);
    there.sorted ??= [...there.names].sort(byText);
    return there.sorted;
  }

  /** Names of this list whose next read is too early; among them may be such that are gone. */
  #late(list: string, stale: boolean): ReadonlySet<string> {
    const keys = this.#reads.keys(stale);
    const names = keys.map((key) => key.slice(key.indexOf('/') + 1));
    return new Set(names.filter((_name, index) => keys[index]!.startsWith(`${list}.`)));
  }

  #remember(kind: Kind, name: string): void {
    const before = this.get(kind, name);
    const { settings } = this.workspace;
    const older =
      before === undefined ? null : { detail: before.detail(settings), item: before.item(settings) };
    this.#reads.wrote(`${kind.path}/${name}`, older, settings.stale_reads ?? 0);
  }
}
