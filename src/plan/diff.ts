// The differ: what is declared against what is live, by the field table alone. It knows no field and no kind;
// a special case here would be a row missing there.
import { valueAt } from '../model/assign';
import { absentValue, type FieldRow, type FieldTable } from '../model/fields';
import { canonicalJson, equalJson, isList, isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS, type Keyed, keyed } from '../model/keys';
import { item, ORDER, type Path } from '../model/path';

export interface FieldDifference {
  readonly path: Path;
  /** `null`: none. */
  readonly live: Json;
  /** `null`: removed. */
  readonly desired: Json;
}

export interface Comparison {
  readonly differences: readonly FieldDifference[];
  /** Equal or different, every field that the declaration owns. */
  readonly managed: readonly FieldDifference[];
  readonly suppressed: readonly (FieldDifference & { readonly row: FieldRow })[];
  /** Declared, taken by the API and never answered: neither equal nor different. */
  readonly unverifiable: readonly Path[];
  /** The outermost paths that are live and not declared. */
  readonly preserved: readonly Path[];
}

export interface Compared {
  readonly desired: JsonObject;
  readonly live: JsonObject;
  readonly name: string;
  readonly sort: string;
  readonly fields: FieldTable;
}

export function compare(input: Compared): Comparison {
  const walk = new Walk(input);
  for (const field of union(Object.keys(input.desired), Object.keys(input.live))) {
    walk.visit([field], own(input.desired, field), own(input.live, field), false);
  }
  // What a declared field is answered as is that field under another name, and goes where it goes.
  const answered = walk.unverifiable.flatMap((path) => input.fields.row(path, input.sort)?.answeredAs ?? []);
  const preserved = walk.preserved.filter((path) => !answered.includes(path.join('.')));
  return { ...walk, preserved };
}

class Walk implements Comparison {
  readonly differences: FieldDifference[] = [];
  readonly managed: FieldDifference[] = [];
  readonly suppressed: (FieldDifference & { row: FieldRow })[] = [];
  readonly unverifiable: Path[] = [];
  readonly preserved: Path[] = [];

  constructor(readonly input: Compared) {}

  /** `whole`: the item around it is owned whole, so what is not declared is not wanted. */
  visit(path: Path, desired: Json | undefined, liveValue: Json | undefined, whole: boolean): void {
    const live = liveValue ?? undefined;
    if (desired === undefined && whole && live !== undefined) return this.visit(path, null, live, whole);
    if (desired === undefined) {
      if (live !== undefined && !hollow(live)) this.preserved.push(path);
      return;
    }
    const row = this.input.fields.row(path, this.input.sort);
    if (row?.keyed !== undefined) return this.list(path, row, desired, live);
    if (row?.switch !== undefined && this.off(path, row, desired, live)) return;
    if (row?.writeOnly === true) return this.writeOnly(path, row, desired, live);
    if (row?.marker === true) return this.leaf(path, row, desired, live);
    if (isObject(desired) || (desired === null && isObject(live)))
      return this.members(path, desired, live, whole);
    this.leaf(path, row, desired, live);
  }

  private list(path: Path, row: FieldRow, desired: Json, live: Json | undefined): void {
    const codec = KEY_CODECS[row.keyed!];
    const want: Keyed = desired === null ? { whole: true, items: new Map() } : keyed(codec, desired);
    const have = keyed(codec, live).items;
    for (const [key, value] of want.items) {
      const at = [...path, item(key)];
      if (value === null && have.has(key)) this.removed(at, row, have.get(key)!);
      else if (isObject(value) && !have.has(key)) this.added(at, value);
      else this.visit(at, value, have.get(key), row.items === 'whole' && want.whole);
    }
    for (const [key, value] of have) {
      if (want.items.has(key)) continue;
      if (want.whole) this.removed([...path, item(key)], row, value);
      else this.preserved.push([...path, item(key)]);
    }
    if (row.ordered === true && want.whole) this.order(path, [...want.items.keys()], [...have.keys()]);
  }

  /** An item comes with all that is said of it: what its absence would mean elsewhere need not hold beside others. */
  private added(path: Path, desired: Json): void {
    const row = this.input.fields.row(path, this.input.sort);
    if (desired === null) return;
    if (row?.writeOnly === true) return this.leaf(path, row, desired, undefined);
    if (isObject(desired) && row?.marker !== true) {
      for (const member of Object.keys(desired)) this.added([...path, member], desired[member] ?? null);
      return;
    }
    const difference = { path, live: null, desired: normal(row, desired) };
    this.managed.push(difference);
    this.differences.push(difference);
  }

  /** New items come last by themselves, so the order differs only where another one is wanted than that leads to. */
  private order(path: Path, desired: readonly string[], live: readonly string[]): void {
    const kept = live.filter((key) => desired.includes(key));
    const reached = [...kept, ...desired.filter((key) => !kept.includes(key))];
    if (reached.length < 2) return;
    const difference = { path: [...path, ORDER], live, desired };
    this.managed.push(difference);
    if (!equalJson(reached, desired)) this.differences.push(difference);
  }

  /** An item that is owned in part goes as one, any other by its members: none that is at its default stays behind. */
  private removed(path: Path, row: FieldRow, live: Json): void {
    if (row.items === 'whole' && isObject(live)) return this.gone(path, live);
    if (row.items === 'whole') return this.visit(path, null, live, true);
    const difference = { path, live, desired: null };
    this.managed.push(difference);
    this.differences.push(difference);
  }

  private members(path: Path, desired: Json, live: Json | undefined, whole: boolean): void {
    const wanted = isObject(desired) ? desired : {};
    const has = isObject(live) ? live : {};
    const removed = desired === null;
    const row = this.input.fields.row(path, this.input.sort);
    const outdone = removed ? [] : outdoneBy(row, wanted).filter((member) => own(has, member) !== undefined);
    for (const member of union(Object.keys(wanted), Object.keys(has))) {
      if (outdone.includes(member)) this.gone([...path, member], own(has, member)!);
      else this.visit([...path, member], removed ? null : own(wanted, member), own(has, member), whole);
    }
  }

  /** What another alternative drives out goes, whatever its row says of removal. */
  private gone(path: Path, live: Json): void {
    if (isObject(live) && !hollow(live)) {
      for (const member of Object.keys(live)) this.gone([...path, member], live[member] ?? null);
      return;
    }
    const difference = { path, live, desired: null };
    this.managed.push(difference);
    this.differences.push(difference);
  }

  /** A block that is to be off and is off: its other members are not compared. */
  private off(path: Path, row: FieldRow, desired: Json, live: Json | undefined): boolean {
    const on = (block: Json | undefined) => isObject(block) && block[row.switch!] === true;
    const wantedOff = desired === null || (isObject(desired) && desired[row.switch!] === false);
    if (!wantedOff || on(live)) return false;
    for (const member of isObject(desired) ? Object.keys(desired) : []) {
      if (member === row.switch) continue;
      const difference = {
        path: [...path, member],
        live: own(live, member) ?? null,
        desired: own(desired, member) ?? null,
      };
      if (!equalJson(difference.live, difference.desired)) this.suppressed.push({ ...difference, row });
    }
    this.managed.push({ path: [...path, row.switch!], live: false, desired: false });
    return true;
  }

  /** Taken and not answered, or as something else: at most it can be told whether it was ever taken. */
  private writeOnly(path: Path, row: FieldRow, desired: Json, live: Json | undefined): void {
    if (desired === null) return;
    if (live !== undefined && row.fixed === true) return this.leaf(path, row, desired, live);
    if (!isMissing(row, this.input)) return void this.unverifiable.push(path);
    if (isObject(desired)) {
      for (const member of Object.keys(desired))
        this.writeOnly([...path, member], row, desired[member] ?? null, undefined);
      return;
    }
    const difference = { path, live: null, desired };
    this.managed.push(difference);
    this.differences.push(difference);
  }

  private leaf(path: Path, row: FieldRow | undefined, desired: Json, live: Json | undefined): void {
    const absent = absentValue(row, this.input.name);
    const meant = (value: Json | undefined): Json => normal(row, value ?? absent ?? null);
    const difference: FieldDifference = {
      path,
      live: normal(row, live ?? null),
      desired: normal(row, desired),
    };
    if (desired === null && row?.serverFills === true) {
      if (live !== undefined) this.suppressed.push({ ...difference, row });
      return;
    }
    if (row?.fixed === true) {
      if (!equalJson(meant(desired), meant(live))) this.suppressed.push({ ...difference, row });
      return;
    }
    this.managed.push(difference);
    if (!equalJson(meant(desired), meant(live))) this.differences.push(difference);
  }
}

/** Members of the alternatives that were not taken. */
function outdoneBy(row: FieldRow | undefined, wanted: JsonObject): string[] {
  const given = (member: string) => Object.hasOwn(wanted, member) && wanted[member] !== null;
  return (row?.choices ?? []).flatMap((choice) => {
    const taken = choice.find((alternative) => alternative.some(given));
    return taken === undefined ? [] : choice.filter((other) => other !== taken).flat();
  });
}

/** A set of values in one order, each once; a marker without whatever else is answered in it. */
function normal(row: FieldRow | undefined, value: Json): Json {
  if (row?.marker === true && isObject(value)) return {};
  if (row?.unordered !== true || !isList(value)) return value;
  const distinct = new Map(value.map((entry) => [canonicalJson(entry), entry]));
  return [...distinct.keys()].sort().map((key) => distinct.get(key) ?? null);
}

/** Of something write-only: what it is answered as is not there, so it was never taken. */
export function isMissing(
  { answeredAs }: FieldRow,
  { live, fields, sort }: Pick<Compared, 'live' | 'fields' | 'sort'>,
): boolean {
  return answeredAs !== undefined && valueAt(live, answeredAs.split('.'), fields, sort) === undefined;
}

/** Nothing that could be lost: `[]`, `{}`. */
function hollow(value: Json): boolean {
  return isList(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

function own(value: Json | undefined, member: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, member) ? value[member] : undefined;
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])];
}

/** Two values of one field, as the field table compares them: apply asks whether a field moved. */
export function sameValue(
  fields: FieldTable,
  path: Path,
  sort: string,
  name: string,
  a: Json,
  b: Json,
): boolean {
  const row = fields.row(path, sort);
  const absent = absentValue(row, name);
  return equalJson(normal(row, a ?? absent ?? null), normal(row, b ?? absent ?? null));
}
