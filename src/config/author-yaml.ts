// Authored entries as a file: block style where there is something to read line by line, flow style where one line says
// it all, comments above, at most 100 columns. Nothing unseen reaches the text: it stands as its escape.
import {
  Document,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
  type Node as YamlNode,
} from 'yaml';
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import type { Path } from '../model/path';
import type { Note } from './author';

const WIDTH = 100;

/** Blocks that keep a shape of their own, however little is in them: a diff of them is read line by line. */
const ALWAYS_BLOCK: ReadonlySet<string> = new Set(['config', 'served_entities', 'external_model']);

/** What a file says under one name at its top: `serving_endpoints`, `presets`. */
export interface AuthoredSection {
  readonly name: string;
  readonly entries: readonly AuthoredEntry[];
}

export interface AuthoredEntry {
  readonly key: string;
  readonly value: JsonObject;
  readonly notes: readonly Note[];
}

/** The text of a file; it ends with a newline. '' where there is nothing to say. */
export function authoredText(sections: readonly AuthoredSection[]): string {
  const said = sections.filter(({ entries }) => entries.length > 0);
  if (said.length === 0) return '';
  const contents = said.map(({ name, entries }) => [
    name,
    Object.fromEntries(entries.map(({ key, value }) => [key, value])),
  ]);
  // What YAML 1.1 reads as something else than text (no, 1_000) is put in quotes: editors and other tools may.
  const document = new Document(Object.fromEntries(contents), { version: '1.2', compat: 'yaml-1.1' });
  for (const { name, entries } of said) {
    for (const [index, { key, value, notes }] of entries.entries()) {
      const pair = pairOf(document.contents, [name, key]);
      if (pair === undefined) continue;
      shape(pair.value as YamlNode, value, key, 4, false);
      for (const { at, text } of notes) comment(pair, at, text);
      if (index > 0 && isScalar(pair.key)) pair.key.spaceBefore = true;
    }
  }
  for (const [index, pair] of (isMap(document.contents)
    ? (document.contents.items as Pair[])
    : []
  ).entries()) {
    if (index > 0 && isScalar(pair.key)) pair.key.spaceBefore = true;
  }
  // The library counts a folded line a little short.
  const text = document.toString({ indent: 2, lineWidth: WIDTH - 4, flowCollectionPadding: true });
  return unseen(text);
}

/** Flow or block, from the outside in; `indent` is that of the members. */
function shape(node: YamlNode | null, value: Json, key: string, indent: number, inList: boolean): void {
  if (isScalar(node) && typeof node.value === 'string' && mustBeQuoted(node.value))
    node.type = Scalar.QUOTE_DOUBLE;
  if (!isMap(node) && !isSeq(node)) return;
  const isEntry = indent === 4;
  if (!isEntry && !inList && !ALWAYS_BLOCK.has(key) && fitsLine(value, key, indent)) node.flow = true;
  if (inList && isObject(value) && Object.values(value).every(isPlain) && fitsLine(value, '', indent))
    node.flow = true;
  if (Object.keys(value as object).length === 0) node.flow = true;
  if (isSeq(node) && isList(value) && value.every(isPlain)) tight(node);
  if (isMap(node)) {
    for (const pair of node.items as Pair<Scalar, YamlNode>[]) {
      const name = String(pair.key.value);
      if (mustBeQuoted(name)) pair.key.type = Scalar.QUOTE_DOUBLE;
      const inner = isObject(value) ? (value[name] ?? null) : null;
      shape(pair.value, inner, name, indent + 2, false);
    }
  } else {
    for (const [index, item] of node.items.entries())
      shape(item as YamlNode, isList(value) ? (value[index] ?? null) : null, key, indent + 2, true);
  }
}

/** `[a, b]` beside `{ a: b }`, as most people write them; the library pads both or none. */
function tight(list: YAMLSeq): void {
  const plain = list.toString.bind(list);
  list.toString = (context, ...others) =>
    plain(context === undefined ? context : { ...context, flowCollectionPadding: '' }, ...others);
}

const isPlain = (value: Json) => !isObject(value) && !isList(value);

/** One line: it has room, and little in it to compare line by line. */
function fitsLine(value: Json, key: string, indent: number): boolean {
  if (indent - 2 + key.length + 2 + flowLength(value) > WIDTH) return false;
  const inner = isList(value) ? value : isObject(value) ? Object.values(value) : [];
  if (inner.every(isPlain)) return true;
  // Several things that each have parts are a table: a line for each.
  return inner.length === 1 ? !isList(value) : leaves(value) <= 2;
}

function leaves(value: Json): number {
  if (isPlain(value)) return 1;
  const inner = isList(value) ? value : Object.values(value as JsonObject);
  return inner.reduce<number>((sum, each) => sum + leaves(each), 0);
}

/** At most: quotes are counted wherever they might stand. */
function flowLength(value: Json): number {
  if (isList(value)) return 4 + value.reduce<number>((sum, each) => sum + flowLength(each) + 2, 0);
  if (!isObject(value)) return JSON.stringify(value).length;
  return 4 + Object.entries(value).reduce((sum, [key, each]) => sum + key.length + 4 + flowLength(each), 0);
}

/** Above the value, or above the innermost thing around it that is written; what is commented on stands in block style. */
function comment(entry: Pair, at: Path, text: string): void {
  let holder: Pair | YamlNode = entry;
  let node = entry.value as YamlNode | null;
  let indent = 2;
  const around: YamlNode[] = [];
  let written = 0;
  for (const segment of at) {
    if (isMap(node)) {
      const pair = pairOf(node, [segment]);
      if (pair === undefined) break;
      around.push(node);
      holder = pair;
      node = pair.value as YamlNode | null;
    } else if (isSeq(node)) {
      const item = node.items[Number(segment)] as YamlNode | undefined;
      if (item === undefined) break;
      around.push(node);
      holder = item;
      node = item;
    } else break;
    indent += 2;
    written += 1;
  }
  const unwritten = at.slice(written).join('.');
  for (const one of around) if (isMap(one) || isSeq(one)) one.flow = false;
  const target = 'key' in holder ? (holder.key as Scalar) : holder;
  const lines = wrapped(unwritten === '' ? text : `${unwritten}: ${text}`, WIDTH - indent - 2).map(
    (line) => ` ${line}`,
  );
  target.commentBefore = [
    ...(target.commentBefore === undefined || target.commentBefore === null ? [] : [target.commentBefore]),
    ...lines,
  ].join('\n');
}

function pairOf(node: unknown, path: Path): Pair | undefined {
  let pair: Pair | undefined;
  let map = node;
  for (const segment of path) {
    pair = isMap(map)
      ? ((map as YAMLMap).items as Pair[]).find(({ key }) => isScalar(key) && String(key.value) === segment)
      : undefined;
    map = pair?.value;
  }
  return pair;
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of unseen(text.replace(/\s+/g, ' ')).trim().split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Controls, format characters, separators, lone surrogates: invisible, or able to make a text look other than it is. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands */
const COMMAND = /^\s*::|##\[/m;

const mustBeQuoted = (text: string) => text.search(UNSEEN) >= 0 || COMMAND.test(text);

/** Such text as escapes: inside double quotes, where values with it stand, these are read back as what they stand for. */
function unseen(text: string): string {
  const seen = text.replace(UNSEEN, (character) => {
    if (character === '\n') return character;
    const units = [...Array(character.length).keys()].map((index) => character.charCodeAt(index));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
  return seen.replaceAll('##[', '#\\u0023[');
}
