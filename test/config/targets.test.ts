// Targets, overlays, presets and names: which entries there are, and what each is called.
import { endpoint, fieldsOf, load, only, ref, said } from './project';

const TWO = 'targets: { a: {}, b: {} }\n';

test.each<[string, string, string | undefined, string | undefined]>([
  ['none in a project without targets', 'project: p', undefined, ''],
  ['the only one', 'project: p\ntargets: { a: {} }', undefined, 'a'],
  ['the default', 'project: p\ntargets: { a: {}, b: { default: true } }', undefined, 'b'],
  ['the one that is named', 'project: p\ntargets: { a: {}, b: { default: true } }', 'a', 'a'],
])('the target is %s', (_, text, target, expected) => {
  expect(load(text, target === undefined ? {} : { target }).desired?.target).toBe(expected);
});

test('with several targets and no default one has to be named', () => {
  const loaded = load(`project: p\n${TWO}`);
  expect(said(loaded)).toEqual(['unknown-target']);
  expect(loaded.diagnostics[0]?.help).toContain('a, b');
  expect(loaded.targets).toEqual(['a', 'b']);
});

test('a target that does not exist is answered with one that was meant', () => {
  const loaded = load('project: p\ntargets: { prod: {}, sandbox: {} }', { target: 'prd' });
  expect(said(loaded)).toEqual(['unknown-target did you mean "prod"?']);
});

test('all targets are checked when asked for, each fault once', () => {
  const text = `${endpoint(`ai_gateway: { rate_limits: { user: { calls: "${ref('var.n')}" } } }`)}variables: { n: {} }
targets:
  a: { variables: { n: 1 } }
  b: { variables: { n: x } }
  c: { variables: { n: x } }
`;
  expect(said(load(text, { target: 'a' }))).toEqual([]);
  expect(said(load(text, { allTargets: true }))).toEqual([`wrong-type <"${ref('var.n')}">`]);
  const fine = load(`project: p\n${TWO}`, { allTargets: true });
  expect(said(fine)).toEqual([]);
  expect(fine.desired).toBeUndefined();
});

test.each([
  ['simulator', 'simulator'],
  ['https://adb-12.azuredatabricks.net', 'https://adb-12.azuredatabricks.net'],
  ['https://adb-12.azuredatabricks.net/', 'https://adb-12.azuredatabricks.net'],
  ['http://localhost:8080', 'http://localhost:8080'],
  ['http://127.0.0.1:1', 'http://127.0.0.1:1'],
])('the host %s is taken', (host, expected) => {
  expect(load(`project: p\ntargets: { a: { host: "${host}" } }`).desired?.host).toBe(expected);
});

test.each([
  'http://adb-12.azuredatabricks.net',
  'https://ana@adb-12.azuredatabricks.net',
  'https://ana:x@adb-12.azuredatabricks.net',
  'https://adb-12.azuredatabricks.net/path',
  'https://adb-12.azuredatabricks.net?x=1',
  'https://adb-12.azuredatabricks.net#x',
  'https:///x',
  'http://localhost.example.com',
])('the host %s is refused', (host) => {
  expect(said(load(`project: p\ntargets: { a: { host: "${host}" } }`))).toEqual([`bad-host <"${host}">`]);
});

test('two defaults name both places', () => {
  const found = only(
    load('project: p\ntargets: { a: { default: true }, b: { default: true } }'),
    'two-defaults',
  );
  expect(found.because?.at).toMatchObject({ line: 2, column: 12 });
});

test('an overlay changes what a file declares and adds nothing', () => {
  const text = `${endpoint('{}')}targets: { a: { serving_endpoints: { chta: {} } } }`;
  expect(said(load(text))).toEqual(['unknown-entry <chta> did you mean "chat"?']);
});

test('an overlay of an entry that the target does not have is pointed out', () => {
  const text = `${endpoint('only_in: [b]')}targets: { a: { serving_endpoints: { chat: { protect: true } } }, b: {} }`;
  expect(said(load(text, { target: 'a' }))).toEqual(['warning unused-overlay <{ protect: true }>']);
});

test('only_in names targets', () => {
  expect(said(load(`${endpoint('only_in: [prd]')}targets: { prod: {} }`))).toEqual([
    'unknown-target <prd> did you mean "prod"?',
  ]);
});

test('an overlay may change name, manage, labels and protection', () => {
  const overlay = '{ name: chat-prod, manage: attach, protect: true, labels: { tier: one } }';
  const text = `${endpoint('labels: { tier: two, owner: ana }')}targets: { a: { serving_endpoints: { chat: ${overlay} } } }`;
  const resource = load(text).desired!.resources[0]!;
  expect(resource).toMatchObject({ key: 'chat', name: 'chat-prod', manage: 'attach', protect: true });
  expect({ ...resource.labels }).toEqual({ tier: 'one', owner: 'ana' });
});

test('presets lie below the file, the later over the earlier, and the overlay over all', () => {
  const limits = (calls: number) =>
    `{ ai_gateway: { rate_limits: { user: { calls: ${calls} }, endpoint: { calls: ${calls} } } } }`;
  const text = `${endpoint('preset: [low, high]\nai_gateway: { rate_limits: { user: { tokens: 9 } } }')}presets: { low: ${limits(1)}, high: ${limits(2)} }
targets: { a: { serving_endpoints: { chat: { ai_gateway: { rate_limits: { endpoint: { calls: 3 } } } } } } }
`;
  expect(fieldsOf(load(text))).toEqual({
    ai_gateway: { rate_limits: { user: { calls: 2, tokens: 9 }, endpoint: { calls: 3 } } },
  });
});

test('a preset that does not exist is answered with one that was meant', () => {
  expect(said(load(`${endpoint('preset: standrd')}presets: { standard: {} }`))).toEqual([
    'unknown-preset <standrd> did you mean "standard"?',
  ]);
});

test.each<[string, string, string[]]>([
  ['a glob that is managed fully', '"a*": {}', ['bad-name <"a*">']],
  ['a reserved prefix', 'databricks-x: {}', ['reserved-name <databricks-x>']],
  ['a name with a space', 'a: { name: b c }', ['bad-value <b c>']],
  [
    'a key with a dot',
    'a.b: {}',
    ['bad-key <a.b> must be 1 to 63 letters, digits, "-" and "_" (and, to govern by glob, "*" and "?")'],
  ],
  [
    'a name that is too long',
    `${'a'.repeat(64)}: {}`,
    [
      `bad-key <${'a'.repeat(64)}> must be 1 to 63 letters, digits, "-" and "_" (and, to govern by glob, "*" and "?")`,
    ],
  ],
  ['a name that variables make', `a: { name: "${ref('var.x')}" }`, [`bad-value <"${ref('var.x')}">`]],
  ['two entries of one name', 'a: { name: c }\n  b: { name: c }', ['duplicate-name <c>']],
  ['an entry with the name of another', 'a: { name: b }\n  b: {}', ['duplicate-name <b>']],
])('%s is refused', (_, entries, expected) => {
  const loaded = load(`project: p\nvariables: { x: { default: a b } }\nserving_endpoints:\n  ${entries}\n`);
  expect(said(loaded)).toEqual(expected);
});

test.each(['attach', 'observe'])('with manage: %s globs and reserved names are taken', (manage) => {
  const loaded = load(
    `project: p\nserving_endpoints: { "databricks-*": { manage: ${manage}, kind: pay_per_token }, databricks-x: { manage: ${manage} } }`,
  );
  expect(said(loaded)).toEqual([]);
  expect(loaded.desired?.resources).toMatchObject([
    { key: 'databricks-*', pattern: true, manage, only: 'pay_per_token' },
    { key: 'databricks-x', pattern: false },
  ]);
});

test('resources come sorted by key', () => {
  const loaded = load('project: p\nserving_endpoints: { c: {}, a: {}, B: {}, b: {} }');
  expect(loaded.desired?.resources.map(({ key }) => key)).toEqual(['B', 'a', 'b', 'c']);
});

test('preview is merged and passed as it is', () => {
  const text = `${endpoint('preset: x\npreview: { a: { b: 1 }, l: [2, null] }')}presets: { x: { preview: { a: { c: null }, l: [1] } } }`;
  expect(JSON.parse(JSON.stringify(load(text).desired?.resources[0]?.preview))).toEqual({
    a: { b: 1, c: null },
    l: [2, null],
  });
});

test('preview is for what the schema does not know', () => {
  const body =
    'preview: { ai_gateway: { rate_limits: [], new_feature: 1, guardrails: { input: { pii: {}, x: 1 } } }, name: x, config: {}, y: 1 }';
  expect(said(load(endpoint(body)))).toEqual(['known-field <rate_limits>', 'known-field <name>']);
});
