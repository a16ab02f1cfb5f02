// The desired document: printed from what is desired, and read back strictly.
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import schema from '../../schemas/desired.schema.json';
import { desiredDocument, readDesiredDocument } from '../../src/config';
import { canonicalJson } from '../../src/model/json';
import { aiGatewayConfig, tagsConfig } from '../generators/gateway';
import { load, said, textAt } from './project';

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
  ['a list', [], 'wrong-format'],
  ['nothing', null, 'wrong-format'],
])('%s is refused', (_, document, code) => {
  const { desired, diagnostics } = readDesiredDocument(JSON.stringify(document), 'desired.json');
  expect(desired).toBeUndefined();
  expect(diagnostics.map((each) => each.code)).toEqual([code]);
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
