// The field behaviour table: everything about a field that the differ, the steps and the validator must
// know and that its name does not tell. One row per field; a quirk is a line here, never code elsewhere.
import type { Json } from './json';
import type { KeyCodecName } from './keys';
import { type Path, pathPattern, pathText } from './path';

/**
 * Which way a move tightens governance. A closed list, interpreted in `plan/direction.ts`.
 * on: true is tighter · ranked: later in `ranks` is tighter · limit: a count, lower is tighter, none is loosest, and who is
 * limited decides · more / fewer: a longer / shorter list is tighter · selects: names, of which the last `*` makes a prefix
 * and none means all: selecting less is tighter · present: having a value is tighter, another one moves · moves: neither
 * side is tighter.
 */
export type DirectionRule =
  | 'on'
  | 'ranked'
  | 'limit'
  | 'more'
  | 'fewer'
  | 'selects'
  | 'present'
  | 'moves'
  | 'neutral';

/** Alternatives, each a set of members that go together. */
export type Choice = readonly (readonly string[])[];

export interface FieldRow {
  /** Pattern of the path, items as `[]`: `ai_gateway.rate_limits[].calls`. A row may be about one item: `permissions[group:admins]`. */
  readonly path: string;
  /** The row holds only for these sorts of object. A row with `when` goes before the same path without. */
  readonly when?: readonly string[];
  /** The list is keyed by this codec. */
  readonly keyed?: KeyCodecName;
  /** Of a keyed list: an item is owned whole, or only the members that the file names. */
  readonly items?: 'whole' | 'partial';
  /** Of what is only attached, a list of these adds and changes; it removes nobody. */
  readonly additive?: true;
  /** Objects of this sort cannot have it: asking for it is refused. */
  readonly unavailable?: true;
  /** Order and repetition mean nothing. */
  readonly unordered?: true;
  /** Of a keyed list: its order is answered as it was sent, so a declared list in another order differs. */
  readonly ordered?: true;
  /** An object without members of its own: that it is there is all that it says. */
  readonly marker?: true;
  /** What the API means by the member's absence; a difference to it is none, and `null` asks for it. */
  readonly absent?: Json;
  /** As `absent`, but the value is the object's name, or of `catalog.schema.leaf` the last part. */
  readonly absentFrom?: 'name' | 'leaf';
  /** The server may fill it in unasked, so its absence says nothing; asking for its absence is suppressed. */
  readonly serverFills?: true;
  /** With `serverFills`: the value that it is known to fill in, where that is not what absence means elsewhere. */
  readonly fills?: Json;
  /** Taken, and never answered: it is sent with intent or when asked to, and is no drift. */
  readonly writeOnly?: true;
  /** Of what is write-only: the path that is answered once it has been taken. While that is missing, so is this. */
  readonly answeredAs?: string;
  /** The server keeps a value of its own whatever is sent: a difference to it is suppressed. */
  readonly fixed?: true;
  /** It can be given when the object is made and never after: changing it means another object. */
  readonly immutable?: true;
  /** The API has no way to take it away: `null` is refused. */
  readonly unsettable?: true;
  /** Of a block: members of which only one alternative may stand. Declaring one removes the live others. */
  readonly choices?: readonly Choice[];
  /** A secret: a reference, never a value of its own. `reference`: `{{secrets/...}}` · `resolved`: `${env.NAME}`, while applying. */
  readonly secret?: 'reference' | 'resolved';
  /** The block is on or off by this member; when it is off, so it is when it is absent, and its other members say nothing. */
  readonly switch?: string;
  /** Changing it while the block is on needs the block off first: the path of the switch. */
  readonly twoStep?: string;
  readonly direction?: DirectionRule;
  readonly ranks?: readonly Json[];
  /** Why the row is as it is, one sentence. */
  readonly reason: string;
  /** Where that is written. */
  readonly source: string;
}

/** What the member's absence means on the object of that name; undefined when nothing that a value could say. */
export function absentValue(row: FieldRow | undefined, name: string): Json | undefined {
  if (row?.absentFrom === undefined) return row?.absent;
  return row.absentFrom === 'leaf' ? name.slice(name.lastIndexOf('.') + 1) : name;
}

/** The row for a path in an object of one sort; the first that fits wins. */
export class FieldTable {
  readonly #rows = new Map<string, FieldRow[]>();

  constructor(rows: readonly FieldRow[]) {
    for (const row of rows) this.#rows.set(row.path, [...(this.#rows.get(row.path) ?? []), row]);
  }

  /** The value that says no more than the member's absence does; undefined when there is none. */
  standard(path: Path, sort: string, name: string): Json | undefined {
    const row = this.row(path, sort);
    if (row?.serverFills !== true) return absentValue(row, name);
    return row.fills ?? this.row(path, '')?.absent;
  }

  row(path: Path, sort: string): FieldRow | undefined {
    return this.#find(pathText(path), sort) ?? this.#find(pathPattern(path), sort);
  }

  #find(path: string, sort: string): FieldRow | undefined {
    return this.#rows.get(path)?.find((row) => row.when === undefined || row.when.includes(sort));
  }

  /** The outermost row, of a path or of what it stands in, that says so. */
  outermost(path: Path, sort: string, says: (row: FieldRow) => boolean): FieldRow | undefined {
    for (const depth of path.keys()) {
      const row = this.row(path.slice(0, depth + 1), sort);
      if (row !== undefined && says(row)) return row;
    }
    return undefined;
  }

  writeOnly(path: Path, sort: string): FieldRow | undefined {
    return this.outermost(path, sort, (row) => row.writeOnly === true);
  }
}
