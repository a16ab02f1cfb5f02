// One live value after another, along the authored schema and the field table: what is standard is left out, what the
// language cannot say becomes a note, a credential is never taken along. Knows no kind.
import type { FieldRow, FieldTable } from '../model/fields';
import { emptyObject, equalJson, isList, isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS, type KeyCodec, type KeyCodecName, keyed } from '../model/keys';
import { kindOf } from '../model/kinds';
import { item, type Path, pathText } from '../model/path';
import type { LiveResource, Manage } from '../model/resource';
import type { Form, Note } from './author';
import { isLiteralSecret, redact, shapeOf } from './credentials';
import { modernSpelling } from './known-names';
import { annotatedSchema, follow, type Schema } from './validators';

/** A path in an entry, as a key. */
export const placeKey = (at: Path): string => JSON.stringify(at);

/** Workspaces answer logs now and then where a word is meant. */
const MOST_SAID = 500;

const SECRET = 'Put it into a secret scope and declare {{secrets/SCOPE/KEY}}.';

export class AuthorWalk {
  readonly notes: Note[] = [];
  readonly todos: string[] = [];
  readonly #table: FieldTable;
  readonly #root = annotatedSchema('authoring');

  constructor(
    readonly live: LiveResource,
    readonly manage: Manage,
    readonly form: Form,
  ) {
    this.#table = kindOf(live.kind).fields;
  }

  /** `todo`: the same for a summary, where there is something to do about it. */
  note(at: Path, text: string, todo?: string): void {
    const said = redact(text);
    this.notes.push({ at, text: said.length > MOST_SAID ? `${said.slice(0, MOST_SAID)}…` : said });
    if (todo !== undefined) this.todos.push(redact(todo));
  }

  /** What to write for a value; undefined where nothing needs to be. `path` is that of the field table, `at` that in the entry. */
  value(path: Path, at: Path, schema: Schema, live: Json | undefined): Json | undefined {
    if (live === undefined || live === null) return undefined;
    const reason = this.form.without.get(placeKey(at));
    if (reason !== undefined) {
      this.note(at.slice(0, -1), `${at.at(-1)} is left out: ${reason}.`, `${pathText(path)} is left out`);
      return undefined;
    }
    const row = this.#table.row(path, this.live.sort);
    if (row?.secret === 'resolved' || row?.fixed === true) return undefined;
    if (row?.keyed !== undefined) return this.#keyed(path, at, schema, row.keyed, live);
    if (isObject(live)) return this.#object(path, at, schema, row, live);
    return isList(live) ? this.#set(path, at, row, live) : this.#leaf(path, at, live);
  }

  #object(path: Path, at: Path, schema: Schema, row: FieldRow | undefined, live: JsonObject) {
    if (row?.switch !== undefined && live[row.switch] !== true) return undefined;
    const known = schema.properties ?? {};
    const further = Object.keys(live).filter((name) => !Object.hasOwn(known, name));
    const free = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
    const said = emptyObject();
    for (const name of [...Object.keys(known), ...(free === undefined ? [] : further)]) {
      const inner = follow(this.#root, (Object.hasOwn(known, name) ? known[name] : free) ?? {});
      const value = this.value([...path, name], [...at, name], inner, live[name]);
      if (value !== undefined) said[name] = value;
    }
    if (free === undefined)
      for (const name of further) if (live[name] !== null) this.#unknown(path, at, name);
    return unlessHollow(said);
  }

  /** A member that files do not take. */
  #unknown(path: Path, at: Path, name: string): void {
    const part = path.length === 1 && path[0] === 'config' ? 'config' : 'inside';
    const modern = modernSpelling({ part, kind: this.live.kind }, name);
    const text =
      modern === undefined
        ? `The workspace also answers ${name}, which this version does not know. It is left as it is, and changes of ${path[0]} are refused until preview says what it is to be.`
        : `${name} is deprecated and cannot be declared: it is left as it is. ${modern} takes its place.`;
    this.note(at, text, `${pathText([...path, name])} cannot be declared`);
  }

  #keyed(path: Path, at: Path, schema: Schema, name: KeyCodecName, live: Json): Json | undefined {
    const codec: KeyCodec = KEY_CODECS[name];
    const isMap = this.#isMap(name, live);
    const list: Json[] = [];
    const map = emptyObject();
    for (const [key, value] of this.#ordered(path, codec, keyed(codec, live).items)) {
      const problem = codec.problem(key);
      if (problem !== undefined) {
        this.note(at, `${key} is left out: ${problem}.`, `${pathText([...path, item(key)])} is left out`);
      } else if (isMap) {
        const values = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
        const said = this.value([...path, item(key)], [...at, key], follow(this.#root, values), value);
        if (said !== undefined) map[key] = said;
      } else {
        for (const entry of codec.entries(key, value)) {
          const place = [...at, String(list.length)];
          const said = this.value([...path, item(key)], place, follow(this.#root, schema.items ?? {}), entry);
          if (said !== undefined) list.push(said);
        }
      }
    }
    return isMap ? unlessHollow(map) : unlessHollow(list);
  }

  #isMap(name: KeyCodecName, live: Json): boolean {
    if (!isList(live) || name === 'limit' || name === 'tag') return true;
    return name === 'principal'
      ? this.manage === 'attach'
      : name === 'entity' && this.form.entities === 'map';
  }

  /** As it came where order means something; else by rank, where values have one, and by key. */
  #ordered(path: Path, codec: KeyCodec, items: ReadonlyMap<string, Json>): [string, Json][] {
    const list = [...items];
    if (codec.ordered === true) return list;
    const ranks = this.#table.row([...path, item('')], this.live.sort)?.ranks ?? [];
    const rank = (value: Json) => ranks.indexOf(String(value));
    return list.sort(([a, x], [b, y]) => rank(x) - rank(y) || (a < b ? -1 : 1));
  }

  #set(path: Path, at: Path, row: FieldRow | undefined, live: readonly Json[]): Json | undefined {
    const said = live.flatMap((each) => (isSecretText(each) ? [] : [escaped(each)]));
    if (said.length < live.length) this.#secret(path, at);
    const distinct = row?.unordered === true ? [...new Set(said)].sort() : said;
    return unlessHollow(distinct);
  }

  #leaf(path: Path, at: Path, live: boolean | number | string): Json | undefined {
    if (isSecretText(live) || isLiteralSecret(at.at(-2) ?? '', at.at(-1) ?? '', live)) {
      this.#secret(path, at);
      return undefined;
    }
    const standard = this.#table.standard(path, this.live.sort, this.live.name);
    return equalJson(standard, live) ? undefined : escaped(live);
  }

  #secret(path: Path, at: Path): void {
    const name = at.at(-1) ?? '';
    this.note(
      at.slice(0, -1),
      `${name} is left out: it holds a literal credential. ${SECRET}`,
      `${pathText(path)} holds a literal credential`,
    );
  }
}

function isSecretText(value: Json): boolean {
  return typeof value === 'string' && shapeOf(value) !== undefined;
}

/** In a file `${` begins a reference, and `$${` is those two characters. */
function escaped(value: Json): Json {
  return typeof value === 'string' ? value.split('${').join('$${') : value;
}

function unlessHollow<T extends readonly Json[] | JsonObject>(value: T): T | undefined {
  return (isList(value) ? value.length : Object.keys(value).length) === 0 ? undefined : value;
}
