// Nodes made of plain values, for tests that need no text.
import type { Entry, Node } from '../../src/config/node';
import { SourceText } from '../../src/config/source-text';
import { isObject, type Json } from '../../src/model/json';

const source = new SourceText('test.yaml', '');

export function nodeOf(value: Json): Node {
  const base = { source, start: 0, end: 0, refers: false, size: 1 };
  if (Array.isArray(value)) return { ...base, kind: 'list', items: value.map(nodeOf) };
  if (!isObject(value)) return { ...base, kind: 'scalar', value: value as string };
  const entries = new Map<string, Entry>(
    Object.entries(value).map(([key, each]) => [key, { key: { start: 0, end: 0 }, value: nodeOf(each) }]),
  );
  return { ...base, kind: 'map', entries };
}
