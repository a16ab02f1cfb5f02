// A resource as rules see it: facts read through the table of its kind, each with the path where it stands, and
// `Unknown` for what nobody said. Lazy, because most rules read little. Knows no kind.
import { type Assignment, leavesOf } from '../model/assign';
import type { FieldTable } from '../model/fields';
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS, keyed } from '../model/keys';
import { kindOf } from '../model/kinds';
import { isItem, item, itemKey, type Path, pathPattern, pathText } from '../model/path';
import type { Manage } from '../model/resource';
import { factsOf, type KindFacts } from './facts';
import {
  type Credential,
  type Destination,
  type FactName,
  type Grant,
  Inapplicable,
  type Limit,
  type Pii,
  Seen,
  type Text,
  Unknown,
} from './view';

export interface SelfSource {
  readonly address: string;
  readonly kind: string;
  readonly name: string;
  readonly target: string;
  readonly manage: Manage;
  readonly protect: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly fields: JsonObject;
  /** What only the files say, because the workspace never answers it: credentials. */
  readonly declared?: JsonObject;
  /** Absent where it follows from what is declared. */
  readonly sort?: string;
  /** What is not in `fields` is known to be absent, but for `unknown`. */
  readonly complete: boolean;
  /** Top-level fields of which nothing is known. */
  readonly unknown: readonly string[];
  readonly systemOwned: boolean;
}

interface Look {
  readonly value: Json | undefined;
  readonly known: boolean;
}

export class Self {
  readonly #facts: KindFacts;
  readonly #table: FieldTable;
  readonly sort: string;
  readonly #kept = new Map<string, unknown>();

  constructor(private readonly source: SelfSource) {
    this.#facts = factsOf(source.kind);
    this.#table = kindOf(source.kind).fields;
    this.sort = source.sort ?? this.#sortDeclared();
  }

  get address(): string {
    return this.source.address;
  }
  get kind(): string {
    return this.source.kind;
  }
  get name(): string {
    return this.source.name;
  }
  /** The name of the target; empty when the project has none. */
  get target(): string {
    return this.source.target;
  }
  get manage(): Manage {
    return this.source.manage;
  }
  get protect(): boolean {
    return this.source.protect;
  }
  get systemOwned(): boolean {
    return this.source.systemOwned;
  }
  /** Facts that the files state beside what is sent. */
  get labels(): Readonly<Record<string, string>> {
    return this.source.labels;
  }
  /** Paid by use. */
  get metered(): boolean {
    const { metered } = this.#facts;
    if (metered === 'always') return true;
    if (this.sort === '') throw new Unknown('kind');
    return metered.includes(this.sort);
  }

  /** Whether the kind, and this sort of it, has the fact at all. */
  has(fact: FactName): boolean {
    return this.#once(`has ${fact}`, () => this.#hasFact(fact));
  }

  #hasFact(fact: FactName): boolean {
    if (this.#facts.unreadable?.includes(fact) === true) return true;
    const paths = this.#pathsOf(fact);
    return paths.length > 0 && paths.some((path) => this.#available(path));
  }

  flag(fact: FactName): boolean {
    const value = this.#valueOf(fact);
    if (this.#facts.present?.includes(fact) === true)
      return value !== undefined && !(isList(value) && value.length === 0);
    return value === true;
  }

  text(fact: FactName): string {
    const value = this.#valueOf(fact);
    return typeof value === 'string' ? value : '';
  }

  pii(side: 'input' | 'output'): Pii {
    const value = this.text(`guards.${side}.pii`);
    return value === 'BLOCK' || value === 'MASK' ? value : 'NONE';
  }

  /** The path of a fact with one value; of one with several, the first. */
  pathOf(fact: FactName): string {
    return this.#pathsOf(fact)[0] ?? '';
  }

  /** Paths of a fact that say something other than nothing. */
  said(fact: FactName): string[] {
    return this.#pathsOf(fact).filter((path) => {
      const { value, known } = this.#look(path.split('.'));
      if (!known) throw new Unknown(path);
      return value !== undefined && value !== false && !(isList(value) && value.length === 0);
    });
  }

  get limits(): Seen<Limit> {
    return this.#once('limits', () => this.#limits());
  }

  #limits(): Seen<Limit> {
    const row = this.#facts.limits;
    if (row === undefined) throw new Inapplicable('limits');
    return this.#items(row.path, (key, value, at) => {
      const [main = '', period] = key.split('/');
      const colon = main.indexOf(':');
      const meaning = row.scopes[colon < 0 ? main : main.slice(0, colon)];
      if (meaning === undefined || !isObject(value)) return undefined;
      const counts = Object.entries(row.units).flatMap(([unit, as]) => {
        const count = value[unit];
        return typeof count === 'number' ? [[as, period === 'hour' ? count / 60 : count] as const] : [];
      });
      if (counts.length === 0) return undefined;
      const who =
        colon < 0 ? { scope: meaning.alone } : { scope: meaning.named, principal: main.slice(colon + 1) };
      return { ...who, ...Object.fromEntries(counts), at };
    });
  }

  get grants(): Seen<Grant> {
    return this.#once('grants', () => this.#grants());
  }

  #grants(): Seen<Grant> {
    const row = this.#facts.grants;
    if (row === undefined) throw new Inapplicable('grants');
    return this.#items(row.path, (key, value, at) => {
      const held = (isList(value) ? value : [value]).map((one) => row.levels[String(one)] ?? 'other');
      const level = WIDEST_FIRST.find((one) => held.includes(one)) ?? 'other';
      if (row.untyped === true) return { type: sortOfPrincipal(key), principal: key, level, at };
      const colon = key.indexOf(':');
      const head = key.slice(0, colon);
      const type = head === 'service_principal' ? 'service-principal' : head;
      if (type !== 'user' && type !== 'group' && type !== 'service-principal') return undefined;
      return { type, principal: key.slice(colon + 1), level, at };
    });
  }

  get tags(): Seen<{ readonly key: string; readonly value: string; readonly at: string }> {
    const path = this.#facts.tags;
    if (path === undefined) throw new Inapplicable('tags');
    return this.#items(path, (key, value, at) => ({ key, value: String(value ?? ''), at }));
  }

  get destinations(): Seen<Destination> {
    return this.#once('destinations', () => this.#destinations());
  }

  #destinations(): Seen<Destination> {
    const row = this.#facts.destinations;
    if (row === undefined) throw new Inapplicable('destinations');
    const listed = row.shares === undefined ? [] : this.#known(row.shares, (key, value) => ({ key, value }));
    const shares = new Map(listed.map(({ key, value }) => [key, value]));
    const primary = this.#known(row.path, (key, value, at) => ({ key, value, at, standby: false }));
    const second =
      row.fallbacks === undefined
        ? []
        : this.#known(row.fallbacks, (key, value, at) => ({ key, value, at, standby: true }));
    const all = [...primary, ...second];
    const made = all.map(({ key, value, at, standby }) => {
      const external = this.#inside(value, row.external.block);
      const provider = this.#textIn(external, [row.external.provider]) ?? 'databricks';
      const task = this.#textIn(external, [row.external.task]);
      const region = row.regions
        .map((path) => this.#inside(value, path))
        .find((one) => typeof one === 'string');
      const percent = row.share === undefined ? shares.get(key) : this.#inside(value, row.share);
      const share = standby ? 0 : typeof percent === 'number' ? percent : primary.length === 1 ? 100 : 0;
      const identity = row.identities.find(
        (one) =>
          one.provider === provider &&
          (one.when === undefined || one.when.among.includes(String(this.#inside(value, one.when.at)))),
      );
      const auth =
        external === undefined
          ? ('none' as const)
          : identity !== undefined && this.#inside(value, identity.by) !== undefined
            ? ('identity' as const)
            : ('key' as const);
      return {
        name: key,
        provider,
        model: this.#textIn(external, [row.external.model]) ?? this.#textIn(value, row.models) ?? '',
        hosting: external === undefined ? ('workspace' as const) : ('external' as const),
        ...(task === undefined ? {} : { task }),
        ...(typeof region === 'string' ? { region } : {}),
        share,
        role: share > 0 ? ('primary' as const) : ('fallback' as const),
        auth,
        identityOffered: identity !== undefined,
        at,
      };
    });
    return new Seen<Destination>(made, this.#whole(row.path) ? undefined : row.path);
  }

  /** Whether anything leaves the workspace. */
  get external(): boolean {
    return this.has('destinations') && this.destinations.some(({ hosting }) => hosting === 'external');
  }

  /** Those that the files or the workspace name; what a key points at is never known. */
  get credentials(): readonly Credential[] {
    return this.#once('credentials', () => this.#credentials());
  }

  #credentials(): readonly Credential[] {
    const found = new Map<string, Credential>();
    const { declared = {} } = this.source;
    for (const leaves of [this.#leaves, leavesOf(declared, this.#table, this.sort)]) {
      for (const { path, value } of leaves) {
        const form = this.#table.row(path, this.sort)?.secret;
        if (form === undefined || typeof value !== 'string') continue;
        found.set(pathText(path), { form, field: path.at(-1) ?? '', text: value, at: pathText(path) });
      }
    }
    return [...found.values()];
  }

  get urls(): readonly Text[] {
    return this.texts.filter(({ at }) => this.#facts.urls.includes(patternOf(at)));
  }

  /** Every text that is no credential. */
  get texts(): readonly Text[] {
    return this.#once('texts', () => this.#texts());
  }

  #texts(): readonly Text[] {
    const inFields = this.#leaves.flatMap(({ path, value }) => {
      const texts = isList(value) ? value : [value];
      if (this.#table.row(path, this.sort)?.secret !== undefined) return [];
      return texts.flatMap((text) => (typeof text === 'string' ? [{ text, at: pathText(path) }] : []));
    });
    const inLabels = Object.entries(this.labels).map(([key, text]) => ({ text, at: `labels.${key}` }));
    return [...inFields, ...inLabels];
  }

  /** The value at a path, for a fingerprint; null for none. */
  valueAt(path: string): Json {
    if (path === '') return null;
    return this.#look(segmentsOf(path)).value ?? null;
  }

  get #leaves(): readonly Assignment[] {
    return this.#once('leaves', () => leavesOf(this.source.fields, this.#table, this.sort));
  }

  /** Many rules ask for the same. */
  #once<T>(what: string, make: () => T): T {
    if (!this.#kept.has(what)) this.#kept.set(what, make());
    return this.#kept.get(what) as T;
  }

  #pathsOf(fact: FactName): readonly string[] {
    const { limits, grants, destinations, tags, urls } = this.#facts;
    const lists: Partial<Record<FactName, string | undefined>> = {
      limits: limits?.path,
      grants: grants?.path,
      destinations: destinations?.path,
      tags,
      urls: urls.length > 0 ? destinations?.path : undefined,
    };
    const list = lists[fact];
    return this.#facts.values[fact] ?? (list === undefined ? [] : [list]);
  }

  #available(path: string): boolean {
    const row = this.#table.outermost(path.split('.'), this.sort, ({ unavailable }) => unavailable === true);
    return row === undefined;
  }

  #valueOf(fact: FactName): Json | undefined {
    if (this.#facts.unreadable?.includes(fact) === true)
      throw new Unknown(`what filters ${fact.slice(fact.indexOf('.') + 1)}`);
    const path = this.#pathsOf(fact)[0];
    if (path === undefined) throw new Inapplicable(fact);
    const segments = path.split('.');
    const { value, known } = this.#look(segments);
    if (!known) throw new Unknown(path);
    return value ?? this.#table.standard(segments, this.sort, this.name);
  }

  #look(path: Path): Look {
    const absent = {
      value: undefined,
      known: this.source.complete && !this.source.unknown.includes(path[0] ?? ''),
    };
    let value: Json | undefined = this.source.fields;
    for (const [depth, segment] of path.entries()) {
      if (isItem(segment)) {
        const list = this.#keyedAt(path.slice(0, depth), value);
        const next = list.items.get(itemKey(segment));
        if (next === undefined) return list.whole ? { value: undefined, known: true } : absent;
        value = next;
      } else {
        if (value !== undefined && !isObject(value)) return { value: undefined, known: true };
        value = isObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
      }
      if (value === undefined) return absent;
      if (value === null) return { value: undefined, known: true };
    }
    return { value, known: true };
  }

  #keyedAt(path: Path, value: Json | undefined) {
    const codec = this.#table.row(path, this.sort)?.keyed;
    return codec === undefined
      ? { whole: true, items: new Map<string, Json>() }
      : keyed(KEY_CODECS[codec], value);
  }

  /** Whether there can be no more items than are known. */
  #whole(path: string): boolean {
    const { value, known } = this.#look(path.split('.'));
    if (value === undefined) return known;
    return (
      this.#keyedAt(path.split('.'), value).whole ||
      (this.source.complete && !this.source.unknown.includes(path.split('.')[0] ?? ''))
    );
  }

  #known<T>(path: string, make: (key: string, value: Json, at: string) => T | undefined): T[] {
    const segments = path.split('.');
    const { value } = this.#look(segments);
    return [...this.#keyedAt(segments, value).items].flatMap(([key, one]) => {
      const made = one === null ? undefined : make(key, one, pathText([...segments, item(key)]));
      return made === undefined ? [] : [made];
    });
  }

  #items<T>(path: string, make: (key: string, value: Json, at: string) => T | undefined): Seen<T> {
    return new Seen(this.#known(path, make), this.#whole(path) ? undefined : path);
  }

  #inside(value: Json, path: string): Json | undefined {
    let inner: Json | undefined = value;
    for (const member of path.split('.')) {
      inner = isObject(inner) && Object.hasOwn(inner, member) ? inner[member] : undefined;
    }
    return inner ?? undefined;
  }

  #textIn(value: Json | undefined, paths: readonly string[]): string | undefined {
    if (value === undefined) return undefined;
    const texts = paths.map((path) => this.#inside(value, path));
    return texts.find((text): text is string => typeof text === 'string');
  }

  #sortDeclared(): string {
    for (const { sort, items, any } of this.#facts.sorts) {
      const found = this.#known(items, (_, value) => value);
      const holds = (one: Json) => isObject(one) && any.some((member) => (one[member] ?? null) !== null);
      if (found.length > 0 && (any.length === 0 || found.some(holds))) return sort;
    }
    return '';
  }
}

const WIDEST_FIRST = ['manage', 'use', 'view'] as const;

/** Applications are called by a UUID, people by an address. */
function sortOfPrincipal(principal: string): Grant['type'] {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(principal)) return 'service-principal';
  return principal.includes('@') ? 'user' : 'group';
}

const patternOf = (path: string) => pathPattern(segmentsOf(path));

/** The segments of a path text; a name in brackets may hold anything but a bracket. */
function segmentsOf(path: string): string[] {
  return path.match(/\[[^\]]*\]|[^.[\]]+/g) ?? [];
}
