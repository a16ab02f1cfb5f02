// What is taken of YAML, and that every refusal stands at the text it is about.
import { MOST_DEPTH } from '../../src/config/read-yaml';
import { endpoint, fieldsOf, load, only, said } from './project';

const nested = (depth: number) =>
  `project: p\nserving_endpoints: { a: { preview: { x: ${'['.repeat(depth)}${']'.repeat(depth)} } } }`;

test.each<[string, string | Uint8Array, string[]]>([
  ['a second document', 'project: p\n---\nproject: q\n', ['unsupported-yaml <--->']],
  ['a directive', '%YAML 1.1\n---\nproject: p', ['unsupported-yaml <%YAML 1.1>']],
  ['a directive in the middle', 'project: p\n...\n%TAG ! x\n---\n', ['unsupported-yaml <%TAG ! x>']],
  ['a tag', 'project: !!str p', ['unsupported-yaml <!!str>']],
  ['a tag of a library', 'project: !!js/function "x"', ['unsupported-yaml <!!js/function>']],
  ['a merge key', 'project: p\npresets: { a: { <<: { manage: full } } }', ['unsupported-yaml <<<>']],
  ['a key that is a map', 'project: p\n? { a: 1 }\n: 2', ['unsupported-yaml <{ a: 1 }>']],
  ['a key that is missing', 'project: p\n: 2', ['unsupported-yaml <:>']],
  ['a key that reaches a prototype', 'project: p\n__proto__: { a: 1 }', ['forbidden-key <__proto__>']],
  ['another', 'project: p\npresets: { constructor: {} }', ['forbidden-key <constructor>']],
  ['a repeated key', 'project: p\nproject: q', ['duplicate-key <project>']],
  ['tabs', 'project: p\n\tx: 1', ['yaml-syntax <\t>']],
  ['an open quote', 'project: "p', ['yaml-syntax <>']],
  [
    'an integer that cannot be kept',
    endpoint('preview: { n: 12345678901234567890 }'),
    ['unsafe-integer <12345678901234567890>'],
  ],
  ['infinity', endpoint('preview: { n: .inf }'), ['unsupported-yaml <.inf>']],
  ['no number', endpoint('preview: { n: .nan }'), ['unsupported-yaml <.nan>']],
  ['an alias to nothing', endpoint('tags: *nobody'), ['unsupported-yaml <*nobody>']],
  ['an alias to what holds it', endpoint('tags: &t { a: *t }'), ['unsupported-yaml <*t>']],
  ['an escape code', 'project: "p\\e[31m"', ['forbidden-character <"p\\e[31m">']],
  ['half a character', 'project: "p\\ud800"', ['forbidden-character <"p\\ud800">']],
  ['a mark that turns text around', 'project: p # \u202e', ['forbidden-character <\u202e>']],
  ['a bell', 'project: p # \u0007', ['forbidden-character <\u0007>']],
  ['a lone carriage return', 'project: p\rvariables: {}', ['forbidden-character <\r>']],
  ['nothing after a key', endpoint('tags:\nmanage: full'), ['empty-value <tags>']],
  ['nothing in a list', endpoint('tags:\n  -\n'), ['empty-value <>']],
  ['a list', '- a', ['wrong-type <- a>']],
  ['nesting', nested(MOST_DEPTH), ['too-deep <[>']],
])('%s is refused', (_, text, expected) => {
  const loaded = load({ 'gatewright.yaml': text });
  expect(said(loaded)).toEqual(expected);
  expect(loaded.desired).toBeUndefined();
});

test('bytes that are not UTF-8 are refused', () => {
  const loaded = load({ 'gatewright.yaml': new Uint8Array([0x70, 0x3a, 0x0a, 0xff, 0xfe]) });
  expect(only(loaded, 'not-utf8').at).toMatchObject({ line: 2, column: 1 });
});

test('a repeated key names both places', () => {
  const { at, because } = only(load('project: p\nvariables: {}\nproject: q\n'), 'duplicate-key');
  expect(at).toMatchObject({ line: 3, column: 1, length: 7 });
  expect(because?.at).toMatchObject({ line: 1, column: 1, length: 7 });
});

test.each([
  ['a byte order mark', '\ufeffproject: p\n'],
  ['line ends of Windows', 'project: p\r\nvariables: {}\r\n'],
  ['a leading mark of a document', '---\nproject: p\n'],
  ['a closed document', 'project: p\n...\n'],
  ['sections without entries', 'project: p\nvariables:\npresets:\nserving_endpoints:\ntargets:\ninclude:\n'],
  ['JSON', '{"project": "p", "serving_endpoints": {}}'],
  ['comments', '# a\nproject: p # b\n# c'],
  ['depth up to the limit', nested(MOST_DEPTH - 5)],
])('%s is taken', (_, text) => {
  expect(said(load(text))).toEqual([]);
});

test('columns count after a byte order mark and after wide characters as editors count', () => {
  const loaded = load('\ufeffproject: p\nvariables: { a: { default: "😀", descripton: x } }\n');
  expect(said(loaded)).toEqual(['unknown-field <descripton> did you mean "description"?']);
  expect(only(loaded, 'unknown-field').at).toMatchObject({ line: 2, column: 34 });
});

test('words that older YAML reads as booleans are text', () => {
  const loaded = load(endpoint('ai_gateway: { fallback_config: { enabled: yes } }'));
  expect(said(loaded)).toEqual(['wrong-type <yes> write true']);
});

test('an alias repeats a value with the place where it was written', () => {
  const loaded = load(endpoint('ai_gateway: { rate_limits: { user: &u { calls: 5 }, endpoint: *u } }'));
  expect(fieldsOf(loaded)).toEqual({
    ai_gateway: { rate_limits: { user: { calls: 5 }, endpoint: { calls: 5 } } },
  });
});

test('a file of comments has no name', () => {
  expect(only(load('# nothing yet\n'), 'missing-field')).toMatchObject({ at: { line: 1, column: 1 } });
});

test('minus zero is zero', () => {
  const loaded = load(endpoint('ai_gateway: { rate_limits: { user: { calls: -0 } } }'));
  const calls = Object.values(loaded.desired!.resources[0]!.fields.ai_gateway!)[0];
  expect(Object.is(calls.user.calls, 0)).toBe(true);
});
