// A desired endpoint as an engine says it: keyed maps become lists, nulls become absence where absence says the same, and
// whatever the engine cannot say becomes a diagnostic at its place. Knows no engine but through what it is handed.
// Longer than most: one walk, whose cases share what was refused, kept and warned about.
import type { Diagnostic, Location } from '../model/diagnostic';
import type { FieldTable } from '../model/fields';
import { emptyObject, isList, isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS, type KeyCodec, type KeyCodecName } from '../model/keys';
import { kindOf } from '../model/kinds';
import { item, type Path, pathPattern, pathText } from '../model/path';
import { addressOf, type DesiredResource } from '../model/resource';
import type { EngineRow } from './rows';
import { type Field, type Fields, isBlock } from './shape';

export interface Engine {
  /** For sentences: `Terraform`, `a bundle`. */
  readonly title: string;
  /** Ends codes: `not-in-terraform`. */
  readonly word: string;
  readonly rows: readonly EngineRow[];
  /** It can be told to leave a field as it is; otherwise what is not named goes. */
  readonly keeps: boolean;
  /** A text as it stands in the engine's files; undefined where it would be read as something else. */
  text(value: string): string | undefined;
  /** How a credential from the environment is taken, by its name. */
  fromEnvironment(name: string): string;
  /** Why somebody should think twice about that. */
  readonly secretGoesTo: string;
}

export interface Said {
  readonly body: JsonObject;
  /** Undeclared: `ai_gateway[0].guardrails`, in the order of the field list. */
  readonly kept: readonly string[];
  readonly environment: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A part that cannot be said; the whole of what it belongs to is then left as it is. */
const REFUSED = Symbol('refused');
/** Nothing but removals: absence would take away more than was named. */
const HOLLOW = Symbol('hollow');
type Outcome = Json | typeof REFUSED | typeof HOLLOW;

const ENVIRONMENT = /^\$\{env\.([A-Za-z_][A-Za-z0-9_]*)\}$/;

export function say(resource: DesiredResource, fields: Fields, engine: Engine): Said {
  const sayer = new Sayer(resource, engine);
  const body = sayer.members(resource.fields, fields, [], '');
  sayer.preview(resource.preview);
  return {
    body: isObject(body) ? body : {},
    kept: sayer.kept,
    environment: [...sayer.environment],
    diagnostics: sayer.diagnostics,
  };
}

/** A diagnostic for each field that an entry declares: none of them can be said. */
export function refuseAll(
  resource: DesiredResource,
  engine: Engine,
  why: string,
  help: string,
): Diagnostic[] {
  const sayer = new Sayer(resource, engine);
  sayer.everyLeaf(resource.fields, [], why, help);
  sayer.preview(resource.preview);
  if (sayer.diagnostics.length === 0) sayer.cannot([], why, help);
  return sayer.diagnostics;
}

export function placeOf({ origins }: DesiredResource, path: Path): Location | undefined {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const origin = origins[pathText(path.slice(0, depth))];
    if (origin === undefined) continue;
    const { file, line, column, length } = origin;
    return { file, line, column, ...(length === undefined ? {} : { length }) };
  }
  return undefined;
}

class Sayer {
  readonly diagnostics: Diagnostic[] = [];
  readonly kept: string[] = [];
  readonly environment = new Set<string>();
  readonly #rows: ReadonlyMap<string, readonly EngineRow[]>;
  readonly #table: FieldTable;

  constructor(
    private readonly resource: DesiredResource,
    private readonly engine: Engine,
  ) {
    const rows = new Map<string, EngineRow[]>();
    for (const row of engine.rows) rows.set(row.path, [...(rows.get(row.path) ?? []), row]);
    this.#rows = rows;
    this.#table = kindOf(resource.kind).fields;
  }

  /** The members of a block; `way` is its place for `kept`, undefined inside items of lists. */
  members(value: JsonObject, fields: Fields, path: Path, way: string | undefined): Outcome {
    const said = emptyObject();
    const nulls: string[] = [];
    const own: string[] = [];
    for (const name of Object.keys(value)) {
      const inner = value[name] ?? null;
      const at = [...path, name];
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field === undefined) {
        this.cannot(at, `${this.engine.title} has no field for it`);
        continue;
      }
      const outcome = this.#field(inner, field, at, way === undefined ? undefined : `${way}${name}`);
      if (outcome === REFUSED) {
        if (way === undefined || (path.length > 0 && !this.engine.keeps)) return REFUSED;
        own.push(name);
      } else if (outcome === null) nulls.push(name);
      else if (outcome === HOLLOW) own.push(name);
      else said[name] = outcome;
    }
    this.#undeclared(value, fields, path);
    for (const [name, field] of Object.entries(fields)) {
      if (field.required !== true || Object.hasOwn(said, name)) continue;
      if (path.length === 0) continue;
      this.cannot([...path, name], `${this.engine.title} needs it here, and the file leaves it as it is`);
      return REFUSED;
    }
    const names = Object.keys(fields);
    if (path.length > 0 && way !== undefined && Object.keys(said).length === 0) {
      if (nulls.length > 0 && names.every((name) => nulls.includes(name))) return null;
      if (this.engine.keeps) for (const name of nulls) this.#cannotUnset([...path, name]);
      return HOLLOW;
    }
    if (way !== undefined) this.#keep(names, value, own, way);
    return said;
  }

  #keep(names: readonly string[], value: JsonObject, own: readonly string[], way: string): void {
    for (const name of names)
      if (!Object.hasOwn(value, name) || own.includes(name)) this.kept.push(`${way}${name}`);
  }

  #field(value: Json, field: Field, path: Path, way: string | undefined): Outcome {
    const rows = this.#rowsOf(path);
    if (value === null) {
      const row = rows.find(({ ifNull }) => ifNull !== undefined);
      if (row?.ifNull === undefined) return null;
      this.#cannotUnset(path, row.ifNull, row.help);
      return HOLLOW;
    }
    for (const row of rows)
      if (row.caution !== undefined && row.undeclared === undefined && (row.value ?? value) === value)
        this.#caution(path, row);
    const codec = this.#table.row(path, '')?.keyed;
    if (isBlock(field)) {
      if (codec !== undefined) return this.#keyed(value, field.fields, codec, path);
      if (isObject(value))
        return this.members(value, field.fields, path, way === undefined ? undefined : `${way}[0].`);
      return REFUSED;
    }
    return this.#leaf(value, path);
  }

  /** A keyed list, whichever form it was written in. */
  #keyed(value: Json, fields: Fields, name: KeyCodecName, path: Path): Outcome {
    const codec: KeyCodec = KEY_CODECS[name];
    const isWhole = isList(value);
    const items = isWhole ? [...value] : this.#itemsOf(value, codec, path);
    if (items === REFUSED) return REFUSED;
    if (!isWhole && items.length === 0) {
      const keys = Object.keys(isObject(value) ? value : {});
      if (this.engine.keeps) for (const key of keys) this.#cannotUnset([...path, item(key)]);
      return HOLLOW;
    }
    const said: Json[] = [];
    for (const each of items) {
      if (!isObject(each)) continue;
      const at = [...path, item(codec.keyOf(each) ?? '')];
      const needed = this.#rowsOf(at).find((row) => row.needsOneOf !== undefined)?.needsOneOf;
      if (
        needed !== undefined &&
        !needed.some((member) => each[member] !== undefined && each[member] !== null)
      ) {
        this.cannot(at, `${this.engine.title} wants it whole, and the file names only a part of it`);
        return REFUSED;
      }
      const outcome = this.members(each, fields, at, undefined);
      if (outcome === REFUSED) return REFUSED;
      if (outcome !== HOLLOW && outcome !== null) said.push(outcome);
    }
    if (!isWhole) this.#whole(path);
    return said;
  }

  #itemsOf(value: Json, codec: KeyCodec, path: Path): readonly Json[] | typeof REFUSED {
    if (!isObject(value)) return REFUSED;
    return Object.keys(value).flatMap((key) => {
      const inner = value[key] ?? null;
      // What is removed by name is gone from a list that does not name it.
      if (inner === null) return [];
      const entries = codec.entries(key, inner);
      if (entries.length === 0) this.#cannotUnset([...path, item(key)]);
      return entries;
    });
  }

  #leaf(value: Json, path: Path): Outcome {
    if (typeof value === 'string') return this.#text(value, path);
    if (isList(value)) {
      const said = value.map((each) => (typeof each === 'string' ? this.#text(each, path) : each));
      return said.includes(REFUSED as never) ? REFUSED : (said as Json[]);
    }
    if (!isObject(value)) return value;
    const map = emptyObject();
    for (const key of Object.keys(value)) {
      const inner = value[key] ?? null;
      const name = this.engine.text(key);
      const said = typeof inner === 'string' ? this.#text(inner, [...path, key]) : inner;
      if (said === REFUSED || name === undefined) return REFUSED;
      if (said !== null) map[name] = said;
    }
    return map;
  }

  #text(value: string, path: Path): string | typeof REFUSED {
    const name = ENVIRONMENT.exec(value)?.[1];
    if (name !== undefined && this.#table.row(path, '')?.secret === 'resolved') {
      this.environment.add(name);
      this.#warn(path, {
        code: `secret-in-${this.engine.word}`,
        message: `${this.#name(path)} becomes a variable of ${this.engine.title}: ${this.engine.secretGoesTo}`,
        help: 'Put the credential into a secret scope and declare {{secrets/SCOPE/KEY}}.',
      });
      return this.engine.fromEnvironment(name);
    }
    const said = this.engine.text(value);
    if (said !== undefined) return said;
    this.cannot(path, `${this.engine.title} would read a reference in the text`);
    return REFUSED;
  }

  #undeclared(value: JsonObject, fields: Fields, path: Path): void {
    for (const [name] of Object.entries(fields)) {
      if (Object.hasOwn(value, name)) continue;
      for (const row of this.#rowsOf([...path, name]))
        if (row.undeclared !== undefined && Object.hasOwn(value, row.undeclared.beside))
          this.#caution([...path, name], row);
    }
  }

  preview(preview: JsonObject): void {
    for (const name of Object.keys(preview))
      this.cannot([name], `${this.engine.title} is told only what it knows, and preview says more than that`);
  }

  everyLeaf(value: Json, path: Path, why: string, help: string): void {
    const codec = this.#table.row(path, '')?.keyed;
    const isKeyed = codec !== undefined && isList(value);
    const members: [string, Json][] = isKeyed
      ? value.flatMap((each): [string, Json][] =>
          isObject(each) ? [[item((KEY_CODECS[codec] as KeyCodec).keyOf(each) ?? ''), each]] : [],
        )
      : isObject(value)
        ? Object.keys(value).map((name) => [codec === undefined ? name : item(name), value[name] ?? null])
        : [];
    // An item of a keyed list is one thing.
    if (path.length > 0 && (members.length === 0 || path.at(-1)?.startsWith('[')))
      this.cannot(path, why, help);
    else for (const [name, inner] of members) this.everyLeaf(inner, [...path, name], why, help);
  }

  #rowsOf(path: Path): readonly EngineRow[] {
    return this.#rows.get(pathPattern(path)) ?? [];
  }

  cannot(path: Path, why: string, help?: string): void {
    this.#warn(path, {
      code: `not-in-${this.engine.word}`,
      message: `${this.#name(path)} is left out: ${why}`,
      ...(help === undefined ? {} : { help }),
    });
  }

  #cannotUnset(path: Path, why?: string, help?: string): void {
    const reason = why ?? 'what stands beside it would go too';
    this.#warn(path, {
      code: `cannot-unset-in-${this.engine.word}`,
      message: `${this.#name(path)} is not removed: ${reason}`,
      help: help ?? 'Remove it with gatewright apply before you hand over.',
    });
  }

  #whole(path: Path): void {
    this.#warn(path, {
      code: `whole-in-${this.engine.word}`,
      message: `${this.#name(path)} becomes the whole list in ${this.engine.title}: what it does not name goes`,
      help: 'Write it as a list to mean that, or see first what else is there: gatewright import.',
    });
  }

  #caution(path: Path, row: EngineRow): void {
    this.#warn(path, {
      code: `unlike-${this.engine.word}`,
      message: `${this.#name(path)}: ${row.caution}`,
      ...(row.help === undefined ? {} : { help: row.help }),
    });
  }

  #warn(path: Path, finding: Omit<Diagnostic, 'severity'>): void {
    const at = placeOf(this.resource, path);
    this.diagnostics.push({ ...finding, severity: 'warning', ...(at === undefined ? {} : { at }) });
  }

  #name(path: Path): string {
    return path.length === 0 ? addressOf(this.resource) : `${addressOf(this.resource)}.${pathText(path)}`;
  }
}
