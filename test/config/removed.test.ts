// What is to go: read in each target, never what is declared there too.
import { desiredDocument, readDesiredDocument } from '../../src/config';
import { canonicalJson } from '../../src/model/json';
import { load, only, said } from './project';

const ENTRY = '{ serving_endpoint: old-chat, reason: replaced by chat, since: 2026-11-20 }';

test('an entry is what it says, with its place', () => {
  const loaded = load(`project: p\nremoved: [ ${ENTRY} ]`);
  expect(said(loaded)).toEqual([]);
  expect(loaded.desired!.removed).toEqual([
    {
      kind: 'serving_endpoints',
      name: 'old-chat',
      reason: 'replaced by chat',
      since: '2026-11-20',
      destroy: true,
      origin: { file: 'gatewright.yaml', line: 2, column: 32, length: 8, layer: 'file' },
    },
  ]);
});

test('nothing removed is an empty list', () => {
  expect(load('project: p').desired!.removed).toEqual([]);
});

test('entries come from every file, with variables, sorted, and only where they hold', () => {
  const files = {
    'gatewright.yaml': `
project: p
include: [b.yaml]
variables: { suffix: { default: dev } }
targets: { a: { default: true }, b: { variables: { suffix: prod } } }
removed:
  - { serving_endpoint: "z-\${var.suffix}", reason: x, since: 2026-01-01, destroy: false }
`,
    'b.yaml': `removed: [ { serving_endpoint: y, reason: x, since: 2026-01-01, only_in: [b] } ]`,
  };
  expect(load(files).desired!.removed.map(({ name, destroy }) => [name, destroy])).toEqual([
    ['z-dev', false],
  ]);
  expect(load(files, { target: 'b' }).desired!.removed.map(({ name }) => name)).toEqual(['y', 'z-prod']);
});

test('the document carries them', () => {
  const loaded = load(`project: p\nremoved: [ ${ENTRY} ]`);
  const text = canonicalJson(desiredDocument(loaded.desired!));
  const read = readDesiredDocument(text, 'desired.json');
  expect(read.diagnostics).toEqual([]);
  expect(canonicalJson(desiredDocument(read.desired!))).toBe(text);
  expect(read.desired!.removed[0]!.origin).toMatchObject({ file: 'desired.json', layer: 'file' });
});

test.each([
  [
    'no reason',
    '{ serving_endpoint: x, since: 2026-01-01 }',
    ['missing-field <{ serving_endpoint: x, since: 2026-01-01 }>'],
  ],
  ['no name', '{ reason: x, since: 2026-01-01 }', ['missing-field <{ reason: x, since: 2026-01-01 }>']],
  ['another sort of date', '{ serving_endpoint: x, reason: x, since: yesterday }', ['bad-value <yesterday>']],
  [
    'a day that does not exist',
    '{ serving_endpoint: x, reason: x, since: 2026-02-30 }',
    ['bad-value <2026-02-30>'],
  ],
  ['a glob', '{ serving_endpoint: "old-*", reason: x, since: 2026-01-01 }', ['bad-value <"old-*">']],
  [
    'a misspelt field',
    '{ serving_endpoint: x, reason: x, since: 2026-01-01, destory: false }',
    ['unknown-field <destory> did you mean "destroy"?'],
  ],
  [
    'an endpoint of Databricks',
    '{ serving_endpoint: databricks-x, reason: x, since: 2026-01-01 }',
    ['reserved-name <databricks-x>'],
  ],
  [
    'an unknown target',
    '{ serving_endpoint: x, reason: x, since: 2026-01-01, only_in: [nowhere] }',
    ['unknown-target <nowhere>'],
  ],
  ['the same twice', `${ENTRY}, ${ENTRY}`, ['duplicate-name <old-chat>']],
])('%s is refused', (_, entries, expected) => {
  expect(said(load(`project: p\nremoved: [ ${entries} ]`))).toEqual(expected);
});

test('what is removed and declared is refused with both places, unless it is in different targets', () => {
  const text = (only: string) =>
    `project: p\ntargets: { a: { default: true }, b: {} }\nserving_endpoints: { chat: { name: old-chat } }\nremoved: [ { serving_endpoint: old-chat, reason: x, since: 2026-01-01${only} } ]`;
  const found = only(load(text('')), 'removed-and-declared');
  expect([found.at?.line, found.because?.at?.line]).toEqual([4, 3]);
  expect(said(load(text(', only_in: [b]')))).toEqual([]);
});

test.each([
  ['model_service', 'model_services'],
  ['model_provider_service', 'model_provider_services'],
  ['mcp_service', 'mcp_services'],
])('a %s goes by its full name', (member, kind) => {
  const entry = (name: string) => `{ ${member}: ${name}, reason: x, since: 2026-01-01 }`;
  const loaded = load(`project: p\nremoved: [ ${entry('main.ai.old')}, ${ENTRY} ]`);
  expect(said(loaded)).toEqual([]);
  expect(loaded.desired!.removed.map((each) => [each.kind, each.name])).toEqual([
    [kind, 'main.ai.old'],
    ['serving_endpoints', 'old-chat'],
  ]);
  const text = canonicalJson(desiredDocument(loaded.desired!));
  const read = readDesiredDocument(text, 'desired.json');
  expect([read.diagnostics, read.desired && canonicalJson(desiredDocument(read.desired))]).toEqual([
    [],
    text,
  ]);
  for (const name of ['old', 'main.ai', '"main.ai.*"'])
    expect(said(load(`project: p\nremoved: [ ${entry(name)} ]`))).toEqual([`bad-value <${name}>`]);
  const declared = `project: p\n${kind}: { main.ai.old: {} }\nremoved: [ ${entry('main.ai.old')} ]`;
  expect(only(load(declared), 'removed-and-declared').because?.at?.line).toBe(2);
});

test('an entry removes one thing', () => {
  const two = '{ serving_endpoint: x, mcp_service: a.b.c, reason: x, since: 2026-01-01 }';
  expect(said(load(`project: p\nremoved: [ ${two} ]`))).toEqual([`bad-value <${two}>`]);
  // The kinds that share a namespace are not one: a service may be replaced by another kind of it.
  const other =
    'project: p\nmodel_services: { a.b.c: {} }\nremoved: [ { model_provider_service: a.b.c, reason: x, since: 2026-01-01 } ]';
  expect(said(load(other))).toEqual([]);
});

test('a date in the future is a warning, where it is known what day it is', () => {
  const text = `project: p\nremoved: [ ${ENTRY} ]`;
  expect(said(load(text, { today: '2026-11-20' }))).toEqual([]);
  expect(said(load(text, { today: '2026-11-19' }))).toEqual(['warning future-date <2026-11-20>']);
  expect(load(text, { today: '2026-11-19' }).desired!.removed).toHaveLength(1);
});
