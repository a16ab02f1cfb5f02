// Schema errors in the words of the file: the cause, once, at the text that is wrong.
import { endpoint, load, only, said } from './project';

const limits = (text: string) => endpoint(`ai_gateway: { rate_limits: ${text} }`);

test.each<[string, string, string[]]>([
  [
    'text where a number stands',
    limits('{ user: { calls: "60" } }'),
    ['wrong-type <"60"> write 60 without quotes'],
  ],
  ['a number where a map stands', limits('{ user: 60 }'), ['wrong-type <60>']],
  ['a number where a list or map stands', limits('5'), ['wrong-type <5>']],
  ['a fraction', limits('{ user: { calls: 1.5 } }'), ['wrong-type <1.5>']],
  ['a negative number', limits('{ user: { calls: -1 } }'), ['bad-value <-1>']],
  ['a number in a tag', endpoint('tags: { cost: 5 }'), ['wrong-type <5> write "5" in quotes']],
  ['a boolean in quotes', endpoint('protect: "true"'), ['wrong-type <"true"> write true']],
  ['a map where a word stands', endpoint('manage: {}'), ['wrong-type <{}>']],
  ['null where nothing can be removed', endpoint('name: null'), ['wrong-type <null> must be text']],
  [
    'null in a switch',
    endpoint('ai_gateway: { fallback_config: { enabled: ~ } }'),
    ['wrong-type <~> must be true or false'],
  ],
  ['null in a list of limits', limits('[ null ]'), ['wrong-type <null> must be a map']],
  [
    'another letter case',
    endpoint('ai_gateway: { guardrails: { input: { pii: { behavior: block } } } }'),
    ['unknown-value <block> did you mean "BLOCK"?'],
  ],
  [
    'another period',
    limits('[ { renewal_period: MINUTE, calls: 1 } ]'),
    ['unknown-value <MINUTE> did you mean "minute"?'],
  ],
  [
    'another name of a key',
    limits('[ { key: user_id, calls: 1 } ]'),
    ['unknown-value <user_id> did you mean "user"?'],
  ],
  ['a word nobody knows', endpoint('manage: everything'), ['unknown-value <everything>']],
  ['a misspelt field', limits('[ { calls: 1, key_: user } ]'), ['unknown-field <key_> did you mean "key"?']],
  [
    'a field of another API',
    limits('{ user: { requests: 5 } }'),
    ['done-differently <requests> write calls'],
  ],
  [
    'a field in the wrong place',
    endpoint('ai_gateway: { pii: { behavior: MASK } }'),
    ['misplaced-field <pii> belongs under guardrails.input or guardrails.output'],
  ],
  ['a field too deep', endpoint('ai_gateway: { tags: {} }'), ['misplaced-field <tags> belongs under chat']],
  [
    'limits under config',
    endpoint('config: { rate_limits: [] }'),
    ['misplaced-field <rate_limits> belongs under ai_gateway'],
  ],
  [
    'limits of the old API',
    endpoint('rate_limits: []'),
    ['deprecated-field <rate_limits> write ai_gateway.rate_limits'],
  ],
  [
    'the old inference table',
    endpoint('auto_capture_config: {}'),
    ['deprecated-field <auto_capture_config> write ai_gateway.inference_table_config'],
  ],
  [
    'what only an answer says',
    endpoint('creator: ana@example.com\nid: 1'),
    ['read-only-field <creator>', 'read-only-field <id>'],
  ],
  [
    'the old entities',
    endpoint('config: { served_models: [], auto_capture_config: {} }'),
    [
      'deprecated-field <served_models> write config.served_entities',
      'deprecated-field <auto_capture_config> write ai_gateway.inference_table_config',
    ],
  ],
  [
    'the body of a config update',
    endpoint('served_entities: []'),
    ['misplaced-field <served_entities> belongs under config'],
  ],
  [
    'another name, in the wrong place',
    endpoint('config: { inference_table: { enabled: true } }'),
    [
      'misplaced-field <inference_table> belongs under ai_gateway or telemetry_config, as inference_table_config',
    ],
  ],
  [
    'sections that are not supported yet',
    'project: p\napp: x\nmodules: []\npolicies: {}\n',
    ['comes-next <app>', 'comes-next <modules>', 'comes-next <policies>'],
  ],
  ['a bundle', 'resources: {}', ['missing-field <r>', 'unknown-field <resources>'].slice(1)],
  ['a limit of nothing', limits('[ { key: user } ]'), ['missing-field <{ key: user }>']],
  ['a limit of nothing in a map', limits('{ user: {} }'), ['missing-field <user>']],
  [
    'a key that limits nobody',
    limits('{ users: { calls: 1 } }'),
    ['bad-key <users> must be endpoint, user, user:NAME, user_group:NAME or service_principal:ID'],
  ],
  [
    'a group without a name',
    limits('{ user_group: { calls: 1 } }'),
    ['bad-key <user_group> must be endpoint, user, user:NAME, user_group:NAME or service_principal:ID'],
  ],
  [
    'an endpoint with a principal',
    limits('{ "endpoint:x": { calls: 1 } }'),
    ['bad-key <"endpoint:x"> must be endpoint, user, user:NAME, user_group:NAME or service_principal:ID'],
  ],
  ['an empty tag key', endpoint('tags: { "": a }'), ['bad-key <""> must be not empty']],
  ['a tag without a key', endpoint('tags: [ { value: a } ]'), ['missing-field <{ value: a }>']],
  ['a project name with spaces', 'project: a b', ['bad-value <a b>']],
  [
    'a variable with a dash',
    'project: p\nvariables: { a-b: { default: 1 } }',
    ['bad-key <a-b> must be 1 to 63 letters, digits and "_", not beginning with a digit'],
  ],
  ['a variable without a map', 'project: p\nvariables: { a: 1 }', ['wrong-type <1>']],
  ['a preset with a name', 'project: p\npresets: { a: { name: x } }', ['unknown-field <name>']],
  [
    'an overlay with only_in',
    `${endpoint('{}')}targets: { a: { serving_endpoints: { chat: { only_in: [a] } } } }`,
    ['unknown-field <only_in>'],
  ],
])('%s', (_, text, expected) => {
  const loaded = load(text);
  expect(said(loaded)).toEqual(expected);
  expect(loaded.desired).toBeUndefined();
});

test('an unknown field says which fields there are', () => {
  const found = only(load(endpoint('ai_gateway: { fallback_config: { on: true } }')), 'unknown-field');
  expect(found.message).toBe('"on" is not a field of fallback_config');
  expect(found.because?.text).toBe('the fields here are enabled');
});

test('all errors come at once', () => {
  const loaded = load(
    endpoint(`
      manage: fully
      ai_gateway:
        rate_limit: {}
        rate_limits:
          - { key: user, calls: -1 }
          - { key: user_group, calls: 1 }
          - { calls: 5 }
          - { calls: 6 }
        inference_table_config: { enabled: true }
      tags: [{ key: a, value: x }, { key: a, value: y }]
    `),
  );
  expect(said(loaded)).toEqual([
    'unknown-value <fully> did you mean "full"?',
    'unknown-field <rate_limit> did you mean "rate_limits"?',
    'bad-value <-1>',
    'missing-field <key>',
    'duplicate-item <6>',
    'missing-field <true>',
    'duplicate-item <y>',
  ]);
});

test('what is missing is not asked for where it may be misspelt', () => {
  const loaded = load(
    endpoint('ai_gateway: { inference_table_config: { enabled: true, catalogname: a, schema_name: b } }'),
  );
  expect(said(loaded)).toEqual(['unknown-field <catalogname> did you mean "catalog_name"?']);
});

test('strict turns warnings into errors', () => {
  const text = endpoint('ai_gateway: { guardrails: { input: { invalid_keywords: [a] } } }');
  expect(said(load(text))).toEqual(['warning deprecated-field <[a]>']);
  expect(load(text).desired).toBeDefined();
  expect(said(load(text, { strict: true }))).toEqual(['deprecated-field <[a]>']);
  expect(load(text, { strict: true }).desired).toBeUndefined();
});
