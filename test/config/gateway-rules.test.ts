// What the gateway takes beyond its schema, after layers are merged.
import { endpoint, load, only, said } from './project';

const list = (items: string) => endpoint(`ai_gateway: { rate_limits: [ ${items} ] }`);
const table = (text: string, more = '') => endpoint(`${more}ai_gateway: { inference_table_config: ${text} }`);
const range = (count: number, each: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => each(index)).join(', ');

test.each<[string, string, string[]]>([
  ['a group without a principal', list('{ key: user_group, calls: 1 }'), ['missing-field <key>']],
  ['a service principal without one', list('{ key: service_principal, calls: 1 }'), ['missing-field <key>']],
  ['an endpoint with one', list('{ principal: ana@example.com, calls: 1 }'), ['bad-limit <ana@example.com>']],
  ['an empty one', list('{ key: user, principal: "", calls: 1 }'), ['bad-value <"">']],
  ['the same limit twice', list('{ key: user, calls: 1 }, { key: user, calls: 2 }'), ['duplicate-item <2>']],
  [
    'the same limit with and without its defaults',
    list('{ calls: 1 }, { key: endpoint, renewal_period: minute, calls: 1 }'),
    ['duplicate-item <1>'],
  ],
  [
    'the same unit once alone and once with the other',
    list('{ key: user, calls: 1, tokens: 1 }, { key: user, tokens: 2 }'),
    ['duplicate-item <2>'],
  ],
  [
    'the same tag twice',
    endpoint('tags: [ { key: a, value: x }, { key: a } ]'),
    ['duplicate-item <{ key: a }>'],
  ],
  ['our own tag', endpoint('tags: { gatewright_project: p }'), ['reserved-tag <p>']],
  ['a table that goes nowhere', table('{ enabled: true }'), ['missing-field <true>']],
  ['a table without a schema', table('{ enabled: true, catalog_name: ml }'), ['missing-field <true>']],
  ['a fallback that says nothing', endpoint('ai_gateway: { fallback_config: {} }'), ['missing-field <{}>']],
  [
    'more limits than an endpoint takes',
    list(range(21, (index) => `{ key: user, principal: u${index}, calls: 1 }`)),
    [expect.stringMatching(/^too-many-limits/)],
  ],
  [
    'more limits for groups',
    list(range(6, (index) => `{ key: user_group, principal: g${index}, calls: 1 }`)),
    [expect.stringMatching(/^too-many-limits/)],
  ],
])('%s is refused', (_, text, expected) => {
  expect(said(load(text))).toEqual(expected);
});

test.each([
  ['calls and tokens of one user', list('{ key: user, calls: 1 }, { key: user, tokens: 1 }')],
  [
    'a user by default and a user by name',
    list('{ key: user, calls: 1 }, { key: user, principal: ana@example.com, calls: 1 }'),
  ],
  ['twenty limits', list(range(20, (index) => `{ key: user, principal: u${index}, calls: 1 }`))],
  ['a table that is off', table('{ enabled: false }')],
  ['a table that is only named', table('{ catalog_name: ml }')],
  ['no limits', list('')],
])('%s is taken', (_, text) => {
  expect(said(load(text))).toEqual([]);
});

test('limits are counted after layers are merged', () => {
  const limits = (first: number) => `{ ${range(11, (index) => `"user:u${first + index}": { calls: 1 }`)} }`;
  const text = `${endpoint(`preset: x\nai_gateway: { rate_limits: ${limits(0)} }`)}presets: { x: { ai_gateway: { rate_limits: ${limits(11)} } } }`;
  expect(only(load(text), 'too-many-limits').message).toBe('22 rate limits, and an endpoint takes 20');
});

test('a limit that is removed does not count', () => {
  const text = endpoint(
    `ai_gateway: { rate_limits: { ${range(20, (index) => `"user:u${index}": { calls: 1 }`)}, user: null } }`,
  );
  expect(said(load(text))).toEqual([]);
});

test('the place of a table may come from another layer', () => {
  const text = `${table('{ enabled: true, catalog_name: ml }', 'preset: x\n')}presets: { x: { ai_gateway: { inference_table_config: { schema_name: logs } } } }`;
  expect(said(load(text))).toEqual([]);
});

test('what is attached may have the place live', () => {
  expect(said(load(table('{ enabled: true }', 'manage: attach\n')))).toEqual([
    'warning missing-field <true>',
  ]);
});

test.each([
  ['agent', ['rate_limits', 'guardrails', 'usage_tracking_config', 'fallback_config']],
  ['custom', ['guardrails', 'fallback_config']],
  ['pay_per_token', ['fallback_config']],
  ['provisioned_throughput', ['fallback_config']],
  ['external', []],
])('%s endpoints do not offer %j', (kind, expected) => {
  const loaded = load(
    endpoint(`
      manage: attach
      kind: ${kind}
      ai_gateway:
        rate_limits: { user: { calls: 1 } }
        guardrails: { input: { safety: true } }
        inference_table_config: { enabled: false }
        usage_tracking_config: { enabled: true }
        fallback_config: { enabled: true }
    `),
  );
  expect(loaded.diagnostics.map(({ message }) => message)).toEqual(
    expected.map((feature) => `${kind} endpoints do not offer ${feature}`),
  );
  expect(
    loaded.diagnostics.every(
      ({ severity, code }) => severity === 'warning' && code === 'feature-not-offered',
    ),
  ).toBe(true);
});

test('removing or disabling what is not offered is no request for it', () => {
  const text = endpoint(
    'manage: attach\nkind: agent\nai_gateway: { rate_limits: null, fallback_config: { enabled: false } }',
  );
  expect(said(load(text))).toEqual([]);
});
