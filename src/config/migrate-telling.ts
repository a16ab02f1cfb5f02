// The settings of one endpoint, each as a single value, and what is told of each. What nobody tells is found at the end.
import { leavesOf } from '../model/assign';
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS } from '../model/keys';
import { kindOf } from '../model/kinds';
import { item, type Path, pathText } from '../model/path';
import type { LiveResource } from '../model/resource';
import { isLiteralSecret, shapeOf } from './credentials';
import type { Outcome } from './migrate-rows';

/** What became of one setting. */
export interface Told {
  /** In the endpoint, as text. */
  readonly path: string;
  /** Never a credential; null where nobody can know it. */
  readonly value: Json;
  readonly outcome: Outcome;
  /** Where it stands now: in the entry of that address, by the path of the field table. */
  readonly to?: { readonly address: string; readonly path: Path };
  readonly says: string;
}

export interface Setting {
  readonly path: Path;
  readonly value: Json;
}

export class Telling {
  readonly settings: readonly Setting[];
  readonly told: Told[] = [];
  readonly todos: string[] = [];
  readonly #paths = new Set<string>();

  /** `address` is that of the service which takes its place. */
  constructor(
    live: LiveResource,
    readonly address: string,
  ) {
    this.settings = settingsOf(live);
  }

  /** Settings at the path or below it. */
  below(above: Path): readonly Setting[] {
    return this.settings.filter(({ path }) => above.every((segment, index) => path[index] === segment));
  }

  tell({ path, value }: Setting, outcome: Outcome, says: string, to?: Path, address = this.address): void {
    const text = pathText(path);
    this.#paths.add(text);
    const where = to === undefined ? {} : { to: { address, path: to } };
    this.told.push({ path: text, value: shown(path, value), outcome, says, ...where });
  }

  untold(): readonly Setting[] {
    return this.settings.filter(({ path }) => !this.#paths.has(pathText(path)));
  }
}

/** What is empty says nothing. Lists are keyed whatever the sort of endpoint can do with them. */
function settingsOf({ fields }: LiveResource): Setting[] {
  const all = [...leavesOf(fields, kindOf('serving_endpoints').fields, ''), ...unkeyed(fields)];
  const isHollow = (value: Json) =>
    value === null ||
    (isObject(value) ? Object.keys(value).length === 0 : isList(value) && value.length === 0);
  return all.filter(({ value }) => !isHollow(value));
}

/** Items of keyed lists that say no key: they cannot be told apart, and must not be lost. */
function unkeyed(fields: JsonObject): Setting[] {
  const { fields: table } = kindOf('serving_endpoints');
  const walk = (path: Path, value: Json): Setting[] => {
    const codec = table.row(path, '')?.keyed;
    if (isList(value) && codec !== undefined) {
      return value.flatMap((entry, index) =>
        isObject(entry) && KEY_CODECS[codec].keyOf(entry) !== undefined
          ? []
          : [{ path: [...path, item(`#${index + 1}`)], value: entry }],
      );
    }
    if (!isObject(value)) return [];
    return Object.entries(value).flatMap(([name, inner]) => walk([...path, name], inner));
  };
  return Object.entries(fields).flatMap(([name, value]) => walk([name], value));
}

/** A credential that stands in the open is none for a report. */
function shown(path: Path, value: Json): Json {
  const isSecret =
    !isObject(value) &&
    !isList(value) &&
    (isLiteralSecret(path.at(-2) ?? '', path.at(-1) ?? '', value) || shapeOf(String(value)) !== undefined);
  return isSecret ? '***' : value;
}
