// Files made to do harm: each is answered cleanly and shortly. At full size, and for time: test/deep.
import { loadProject } from '../../src/config';
import { hostileFiles } from '../generators/hostile';
import { load, memorySource, said } from './project';

test.each(Object.entries(hostileFiles(60_000)))('%s', (_, [text, code]) => {
  const loaded = load(text);
  expect(loaded.desired).toBeUndefined();
  expect(loaded.diagnostics.map((each) => each.code)).toContain(code);
  expect(loaded.diagnostics.length).toBeLessThanOrEqual(201);
  for (const { message, label, at } of loaded.diagnostics) {
    expect(message.length + (label?.length ?? 0)).toBeLessThan(600);
    if (at !== undefined) expect(at.line).toBeGreaterThan(0);
  }
});

test('aliases of aliases are counted as what they stand for', () => {
  const names = 'abcdefgh'.split('');
  const bomb = names.map((name, index) => {
    const items =
      index === 0
        ? 'x,x,x,x,x,x,x,x,x'
        : Array(9)
            .fill(`*${names[index - 1]}`)
            .join(',');
    return `      ${name}: &${name} [${items}]`;
  });
  const loaded = load(`project: p\nserving_endpoints:\n  chat:\n    preview:\n${bomb.join('\n')}\n`);
  expect(new Set(loaded.diagnostics.map(({ code }) => code))).toEqual(new Set(['too-large']));
});

test('one map with very many keys is read', () => {
  const loaded = load(
    `project: p\nserving_endpoints: {${Array.from({ length: 20_000 }, (_, index) => `e${index}: {}`)}}`,
  );
  expect(said(loaded)).toEqual([]);
  expect(loaded.desired?.resources).toHaveLength(20_000);
});

test('a file over the limit is not read further', () => {
  expect(said(load(`project: p # ${'x'.repeat(1_000_000)}`))).toEqual(['too-large']);
});

test('all files together have a limit', () => {
  const big = new TextEncoder().encode(`# ${'x'.repeat(990_000)}\n`);
  const files: Record<string, Uint8Array | string> = { 'gatewright.yaml': 'project: p\ninclude: [g/*]\n' };
  for (let index = 0; index < 70; index += 1) files[`g/${index}.yaml`] = big;
  let read = 0;
  const source = memorySource(files);
  const counted = {
    ...source,
    read(file: string) {
      read += 1;
      return source.read(file);
    },
  };
  const loaded = loadProject({ source: counted });
  expect(said(loaded)).toEqual(['too-large <g/*>']);
  expect(read).toBeLessThan(70);
});

test('nothing reaches the prototype of objects', () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  load('project: p\nserving_endpoints: { "__proto__": { x: 1 } }\nvariables: { "toString": { default: 1 } }');
  const loaded = load(
    'project: p\nserving_endpoints: { toString: { labels: { valueOf: a, hasOwnProperty: b } } }',
  );
  expect(said(loaded)).toEqual([]);
  expect(loaded.desired?.resources[0]).toMatchObject({ key: 'toString', name: 'toString' });
  expect({ ...loaded.desired?.resources[0]?.labels }).toEqual({ valueOf: 'a', hasOwnProperty: 'b' });
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
});
