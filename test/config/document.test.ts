// The desired document: printed from what is desired, and read back strictly.
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import schema from '../../schemas/desired.schema.json';
import { desiredDocument, readDesiredDocument } from '../../src/config';
import { canonicalJson } from '../../src/model/json';
import { aiGatewayConfig, tagsConfig } from '../generators/gateway';
import { load, ref, said, textAt } from './project';

const validate = new Ajv2020({ strict: false }).compile(schema);

const ENTRY = {
  kind: 'serving_endpoints',
  key: 'chat',
  name: 'chat',
  pattern: false,
  manage: 'full',
  protect: false,
  labels: {},
  fields: { ai_gateway: { rate_limits: { user: { calls: 0, tokens: null } } } },
  preview: {},
};
const DOCUMENT = {
  format: 'gatewright/desired/1',
  project: 'p',
  target: '',
  protect: false,
  resources: [ENTRY],
  removed: [],
};

test('whatever loads makes a document that the published schema accepts and that reads back the same', () => {
  fc.assert(
    fc.property(
      aiGatewayConfig(),
      tagsConfig(),
      fc.constantFrom('full', 'attach', 'observe'),
      (ai_gateway, tags, manage) => {
        const loaded = load(
          JSON.stringify({ project: 'p', serving_endpoints: { chat: { manage, ai_gateway, tags } } }),
        );
        const document = desiredDocument(loaded.desired!);
        expect([validate(document), validate.errors]).toEqual([true, null]);
        const read = readDesiredDocument(canonicalJson(document), 'desired.json');
        expect(read.diagnostics).toEqual([]);
        expect(canonicalJson(desiredDocument(read.desired!))).toBe(canonicalJson(document));
      },
    ),
  );
});

test('origins are the document itself', () => {
  const text = JSON.stringify(DOCUMENT, null, 2);
  const { desired } = readDesiredDocument(text, 'desired.json');
  const origin = desired!.resources[0]!.origins['']!;
  expect(origin).toMatchObject({ file: 'desired.json', layer: 'file' });
  expect(textAt(new Map([['desired.json', text]]), origin)).toBe('{');
});

test.each<[string, unknown, string]>([
  ['another format', { ...DOCUMENT, format: 'gatewright/desired/2' }, 'unknown-value'],
  ['another kind', { ...DOCUMENT, resources: [{ ...ENTRY, kind: 'clusters' }] }, 'unknown-value'],
  ['a field too many', { ...DOCUMENT, token: 'x' }, 'unknown-field'],
  [
    'a field too many inside',
    { ...DOCUMENT, resources: [{ ...ENTRY, fields: { rate_limits: [] } }] },
    'unknown-field',
  ],
  ['a field too few', { ...DOCUMENT, resources: [{ ...ENTRY, manage: undefined }] }, 'missing-field'],
  [
    'shorthands',
    { ...DOCUMENT, resources: [{ ...ENTRY, fields: { ai_gateway: { rate_limits: [{ calls: 1 }] } } }] },
    'missing-field',
  ],
  [
    'two units in one limit',
    {
      ...DOCUMENT,
      resources: [
        {
          ...ENTRY,
          fields: {
            ai_gateway: { rate_limits: [{ key: 'user', renewal_period: 'minute', calls: 1, tokens: 1 }] },
          },
        },
      ],
    },
    'bad-value',
  ],
  [
    'the same address twice',
    { ...DOCUMENT, resources: [ENTRY, { ...ENTRY, name: 'other' }] },
    'duplicate-name',
  ],
  ['the same name twice', { ...DOCUMENT, resources: [ENTRY, { ...ENTRY, key: 'other' }] }, 'duplicate-name'],
  ['a name that is a path', { ...DOCUMENT, resources: [{ ...ENTRY, name: '../x' }] }, 'bad-name'],
  ['a reserved name', { ...DOCUMENT, resources: [{ ...ENTRY, name: 'databricks-x' }] }, 'reserved-name'],
  [
    'a glob that says it is none',
    { ...DOCUMENT, resources: [{ ...ENTRY, name: 'a*', manage: 'attach' }] },
    'wrong-format',
  ],
  ['a host that is none', { ...DOCUMENT, host: 'https://ana:x@example.com' }, 'bad-host'],
  [
    'our own tag',
    { ...DOCUMENT, resources: [{ ...ENTRY, fields: { tags: { gatewright_project: 'q' } } }] },
    'reserved-tag',
  ],
  ['an escape code', { ...DOCUMENT, target: '\u001b[31m' }, 'forbidden-character'],
  [
    'a known field as preview',
    { ...DOCUMENT, resources: [{ ...ENTRY, preview: { tags: {} } }] },
    'known-field',
  ],
  ['a list', [], 'wrong-format'],
  ['nothing', null, 'wrong-format'],
])('%s is refused', (_, document, code) => {
  const { desired, diagnostics } = readDesiredDocument(JSON.stringify(document), 'desired.json');
  expect(desired).toBeUndefined();
  expect(diagnostics.map((each) => each.code)).toEqual([code]);
});

test('what looks like a reference is text, and a glob may be attached', () => {
  const labels = { a: ref('var.x') };
  const glob = { ...ENTRY, key: 'all', name: 'a*', pattern: true, manage: 'attach', only: 'agent', labels };
  const { desired, diagnostics } = readDesiredDocument(
    JSON.stringify({ ...DOCUMENT, host: 'simulator', resources: [glob] }),
    'd',
  );
  expect(diagnostics).toEqual([]);
  expect(canonicalJson(desiredDocument(desired!))).toBe(
    canonicalJson({ ...DOCUMENT, host: 'simulator', resources: [glob] }),
  );
});

test('text that is no document is refused cleanly', () => {
  for (const text of [
    '',
    '{',
    '[',
    '{"a": 1}{"b": 2}',
    '{"__proto__": 1}',
    '\u001b[31m',
    '{"format": "x", "format": "y"}',
    '# x',
  ]) {
    const { desired, diagnostics } = readDesiredDocument(text, 'desired.json');
    expect(desired).toBeUndefined();
    expect(diagnostics.length).toBeGreaterThan(0);
  }
});

test('resources are sorted whatever their order was', () => {
  const loaded = load('project: p\nserving_endpoints: { b: {}, a: {} }');
  expect(said(loaded)).toEqual([]);
  const turned = { ...loaded.desired!, resources: [...loaded.desired!.resources].reverse() };
  expect(canonicalJson(desiredDocument(turned))).toBe(canonicalJson(desiredDocument(loaded.desired!)));
});
