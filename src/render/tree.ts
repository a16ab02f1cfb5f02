// Values at paths as a short tree: a branch that fits stands on one line, a chain of single members is one key.
// Every value is shown. Pure; knows no terminal.
import { canonicalJson, isObject, type Json } from '../model/json';
import { isItem, itemKey, type Path } from '../model/path';
import { oneLine } from './sanitise';
import { cells, wrap } from './width';

export interface Leaf {
  readonly path: Path;
  readonly value: Json;
}

interface Branch {
  readonly members: Map<string, Branch | Json>;
}

/** What a value holds, by path below `path`. */
export function leavesIn(value: Json, path: Path = []): Leaf[] {
  if (!isObject(value) || Object.keys(value).length === 0) return [{ path, value }];
  return Object.entries(value).flatMap(([name, inner]) => leavesIn(inner, [...path, name]));
}

/** Lines of at most `width` cells where words allow it, each indented by `indent`. */
export function treeLines(leaves: readonly Leaf[], indent: number, width: number): string[] {
  const root: Branch = { members: new Map() };
  for (const { path, value } of leaves) put(root, path, value);
  return branchLines(root, indent, width);
}

function put(branch: Branch, [segment, ...rest]: Path, value: Json): void {
  if (segment === undefined) return;
  const key = isItem(segment) ? itemKey(segment) : segment;
  if (rest.length === 0) {
    branch.members.set(key, value);
    return;
  }
  const found = branch.members.get(key);
  const next: Branch = isBranch(found) ? found : { members: new Map() };
  branch.members.set(key, next);
  put(next, rest, value);
}

function isBranch(node: Branch | Json | undefined): node is Branch {
  return isObject(node as Json) && (node as unknown as Branch).members instanceof Map;
}

function branchLines(branch: Branch, indent: number, width: number): string[] {
  return [...branch.members].flatMap(([name, node]) => memberLines(name, node, indent, width));
}

function memberLines(name: string, node: Branch | Json, indent: number, width: number): string[] {
  const lead = ' '.repeat(indent);
  const { key, end } = chain(keyText(name), node);
  if (!isBranch(end)) {
    const [first = '', ...further] = wrap(`${key}: ${scalar(end)}`, width - indent - 2);
    return [first, ...further.map((line) => `  ${line}`)].map((line) => `${lead}${oneLine(line)}`);
  }
  const flat = `${lead}${key}: ${flow(end)}`;
  if (cells(flat) <= width) return [flat];
  return [`${lead}${key}:`, ...branchLines(end, indent + 2, width)];
}

/** `guardrails.input.pii.behavior`, as far as nothing branches off. */
function chain(key: string, node: Branch | Json): { key: string; end: Branch | Json } {
  if (!isBranch(node) || node.members.size !== 1) return { key, end: node };
  const [[name, inner]] = node.members as unknown as [[string, Branch | Json]];
  return chain(`${key}.${keyText(name)}`, inner);
}

function flow(branch: Branch): string {
  const parts = [...branch.members].map(([name, node]) => {
    const { key, end } = chain(keyText(name), node);
    return `${key}: ${isBranch(end) ? flow(end) : scalar(end)}`;
  });
  return `{ ${parts.join(', ')} }`;
}

/** A key or a text that could be taken for something else is quoted. */
const PLAIN = /^[^\s{}[\],"'#&*!|>%@`?-][^{}[\],"#]*$/;

function word(text: string): string {
  return oneLine(PLAIN.test(text) && !/:\s|:$/.test(text) ? text : JSON.stringify(text));
}

/** A dot in a key would read as a step. */
function keyText(text: string): string {
  return text.includes('.') ? oneLine(JSON.stringify(text)) : word(text);
}

function scalar(value: Json): string {
  if (typeof value !== 'string') return oneLine(canonicalJson(value));
  return /^(true|false|null|[-+.\d][\d.eE+-]*)$/.test(value) ? JSON.stringify(value) : word(value);
}
