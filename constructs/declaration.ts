// A construct that declares one entry of the document: what its props and its methods said, each with the place where it
// was said. Knows no kind.
import { Construct } from 'constructs';
import { emptyObject, equalJson, isList, isObject, type Json, type JsonObject } from '../src/model/json';
import { type Place, placeOfCaller } from './place';
import { apiSpelling } from './spelling';

export type Step = string | number;

/** What a program hands over for one entry. */
export interface DeclaredEntry {
  /** The section of a file: `serving_endpoints`. */
  readonly section: string;
  readonly key: string;
  /** The construct, by its path in the tree. */
  readonly construct: string;
  readonly at?: Place;
  /** In the API's spelling: what a file would say. */
  readonly value: JsonObject;
  /** What stands elsewhere than the entry itself. */
  readonly places: readonly (readonly [readonly Step[], Place])[];
}

export interface DeclarationOptions {
  readonly section: string;
  /** The name of the props interface, by which names are spelt. */
  readonly type: string;
  /** The key of the entry. Default: the ids on the way to the construct, joined by "-", without those called Default. */
  readonly key?: string;
}

type Tree = { [key: string]: Json };

export abstract class Declaration extends Construct {
  /** The entry's key; with its section it is the address that plans and policies speak of. */
  readonly key: string;
  readonly section: string;
  readonly #value: Tree;
  readonly #at: Place | undefined;
  readonly #places: [readonly Step[], Place][] = [];

  protected constructor(scope: Construct, id: string, props: object, options: DeclarationOptions) {
    super(scope, id);
    this.section = options.section;
    this.key = options.key ?? this.#joinedIds();
    this.#value = Object.assign(emptyObject(), apiSpelling(props, options.type));
    this.#at = placeOfCaller();
  }

  /** @internal */
  declared(): DeclaredEntry {
    return {
      section: this.section,
      key: this.key,
      construct: this.node.path,
      ...(this.#at === undefined ? {} : { at: this.#at }),
      value: this.#value,
      places: this.#places,
    };
  }

  /**
   * Adds to what the entry says, in the API's spelling. Whatever two calls say differently is refused: neither is more
   * right than the other.
   * @throws Error with both places
   */
  protected say(path: readonly string[], said: Json): void {
    this.#add(
      this.#value,
      [],
      path.reduceRight<Json>((inner, name) => ({ [name]: inner }), said),
      placeOfCaller(),
    );
  }

  /** Adds an item to a list, which begins empty. A map in its place was given by key, where a list has no place. */
  protected append(path: readonly string[], item: JsonObject): void {
    const list = this.said(path);
    if (list !== undefined && !isList(list))
      throw new Error(
        `${path.join('.')} of ${this.node.path} is given as a map: name what is added by its key there`,
      );
    const items = list ?? [];
    this.#replace(path, [...items, item]);
    this.#mark([...path, items.length], placeOfCaller());
  }

  /** What the entry says so far. */
  protected said(path: readonly string[]): Json | undefined {
    return path.reduce<Json | undefined>((at, name) => (isObject(at) ? at[name] : undefined), this.#value);
  }

  /** Like `say`, or like `append` where the props gave the whole list. */
  protected sayItem(path: readonly string[], key: string, value: Json, item: JsonObject): void {
    if (isList(this.said(path))) this.append(path, item);
    else this.say([...path, key], value);
  }

  #joinedIds(): string {
    const ids = this.node.scopes.slice(1).map(({ node }) => node.id);
    return ids.filter((id) => id !== 'Default').join('-') || this.node.id;
  }

  #add(holder: Tree, path: readonly string[], said: Json, place: Place | undefined): void {
    for (const [name, value] of Object.entries(said as JsonObject)) {
      const at = [...path, name];
      const before = holder[name];
      if (before === undefined) {
        holder[name] = value;
        this.#mark(at, place);
      } else if (isObject(before) && isObject(value)) {
        const own = Object.assign(emptyObject(), before);
        holder[name] = own;
        this.#add(own, at, value, place);
      } else if (!equalJson(before, value)) {
        const { file, line, column } = this.#placeOf(at) ?? {};
        const first = file === undefined ? '' : `, at ${file}:${line}:${column}`;
        throw new Error(`${at.join('.')} of ${this.node.path} is said already, and differently${first}`);
      }
    }
  }

  #replace(path: readonly string[], value: Json): void {
    let holder = this.#value;
    for (const name of path.slice(0, -1)) {
      const inner = holder[name];
      const own = Object.assign(emptyObject(), isObject(inner) ? inner : {});
      holder[name] = own;
      holder = own;
    }
    holder[path[path.length - 1]!] = value;
  }

  #mark(path: readonly Step[], place: Place | undefined): void {
    if (place !== undefined) this.#places.push([path, place]);
  }

  #placeOf(path: readonly Step[]): Place | undefined {
    const above = this.#places.filter(([marked]) => marked.every((step, index) => step === path[index]));
    return above.at(-1)?.[1] ?? this.#at;
  }
}
