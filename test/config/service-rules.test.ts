// What services take beyond their schema, after layers are merged; and what is said of fields of the other side.
import { load, only, said, service, textAt } from './project';

const config = (body: string, kind?: string) => service(`config: { ${body} }`, kind);
const limits = (text: string, kind?: string) => config(`rate_limits: ${text}`, kind);
const routing = (text: string) => config(`routing: { ${text} }`);
const provider = (text: string) => config(text, 'model_provider_services');
const mcp = (text: string) => config(text, 'mcp_services');
const ppt = (name: string, more = '', model = name) =>
  `{ name: ${name}, ${more}pay_per_token_config: { model: models/system.ai.${model} } }`;
const to = (...list: string[]) => routing(`destinations: [ ${list.join(', ')} ]`);
const range = (count: number, each: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => each(index)).join(', ');
const split = (...shares: number[]) =>
  to(...shares.map((share, index) => ppt(`d${index}`, `traffic_percentage: ${share}, `)));
const openai = 'openai: { direct: { api_key: { plaintext: "${env.A}" } } }';
const all = 'allow_all_targets: true';

test.each<[string, string, unknown[]]>([
  ['a group without a principal', limits('[ { key: user_group, requests: 1 } ]'), ['missing-field <key>']],
  ['a user without one', limits('[ { key: RATE_LIMIT_KEY_USER, requests: 1 } ]'), ['missing-field <key>']],
  ['a service with one', limits('[ { principal: x, requests: 1 } ]'), ['bad-limit <x>']],
  ['the default with one', limits('[ { key: user_default, principal: x, requests: 1 } ]'), ['bad-limit <x>']],
  ['a limit of nothing', limits('[ { key: service } ]'), ['missing-field <{ key: service }>']],
  [
    'the same limit twice',
    limits('[ { requests: 1 }, { key: RATE_LIMIT_KEY_SERVICE, requests: 2 } ]'),
    ['duplicate-item <2>'],
  ],
  [
    'a word nobody knows',
    limits('[ { key: users, requests: 1 } ]'),
    ['unknown-value <users> did you mean "user_default"?'],
  ],
  [
    'a word of serving endpoints',
    limits('[ { key: endpoint, requests: 1 } ]'),
    ['unknown-value <endpoint> did you mean "service"?'],
  ],
  [
    'a day',
    limits('[ { renewal_period: hours, requests: 1 } ]'),
    ['unknown-value <hours> did you mean "hour"?'],
  ],
  [
    'a key that limits nobody',
    limits('{ user: { requests: 1 } }'),
    [
      'bad-key <user> must be service, user_default, user:NAME, user_group:NAME or service_principal:ID, each also with /hour',
    ],
  ],
  [
    'a minute that goes without saying',
    limits('{ "user:x/minute": { requests: 1 } }'),
    [expect.stringMatching(/^bad-key <"user:x\/minute">/)],
  ],
  [
    'more limits than a service takes',
    limits(`{ ${range(21, (index) => `"user:u${index}": { requests: 1 }`)} }`),
    [expect.stringMatching(/^too-many-limits/)],
  ],
  [
    'more limits for groups',
    limits(
      `{ ${range(3, (index) => `"user_group:u${index}": { requests: 1 }, "user_group:u${index}/hour": { tokens: 1 }`)} }`,
    ),
    [expect.stringMatching(/^too-many-limits/)],
  ],
  ['no destination', routing('destinations: []'), ['missing-field <[]>']],
  ['a split that makes up more', split(70, 40), ['bad-traffic <40>']],
  ['a split that makes up less', split(70, 20), ['bad-traffic <20>']],
  ['one destination with a part', split(50), ['bad-traffic <50>']],
  [
    'shares of a map that make up more',
    routing('destinations: { a: { traffic_percentage: 70 }, b: { traffic_percentage: 31 } }'),
    ['bad-traffic <31>'],
  ],
  [
    'a split without a share',
    to(ppt('a', 'traffic_percentage: 100, '), ppt('b')),
    ['missing-field <{ name: b, pay_per_token_config: { model: models/system.ai.b } }>'],
  ],
  [
    'eleven destinations',
    split(100, ...Array<number>(10).fill(0)),
    [expect.stringMatching(/^too-many-destinations/)],
  ],
  [
    'six destinations',
    split(100, ...Array<number>(5).fill(0)),
    [expect.stringMatching(/^warning too-many-destinations/)],
  ],
  ['a share out of range', split(101), ['bad-value <101>']],
  [
    'the same label twice',
    to(ppt('a', 'traffic_percentage: 50, '), ppt('a', 'traffic_percentage: 50, ', 'b')),
    [expect.stringMatching(/^duplicate-item/)],
  ],
  [
    'six fallbacks',
    routing(`fallback: { destinations: [ ${range(6, (index) => ppt(`f${index}`))} ] }`),
    [expect.stringMatching(/^too-many-destinations/)],
  ],
  [
    'a fallback with a share',
    routing(`fallback: { destinations: [ ${ppt('f', 'traffic_percentage: 0, ')} ] }`),
    ['done-differently <traffic_percentage>'],
  ],
  [
    'a fallback to where it came from',
    routing(`destinations: [ ${ppt('a')} ], fallback: { destinations: [ ${ppt('f', '', 'a')} ] }`),
    [expect.stringMatching(/^warning no-effect/)],
  ],
  [
    'a fallback with the label of a destination',
    routing(`destinations: [ ${ppt('a')} ], fallback: { destinations: [ ${ppt('a', '', 'b')} ] }`),
    [expect.stringMatching(/^duplicate-item/)],
  ],
  ['a destination to nowhere', to('{ name: a }'), ['missing-field <{ name: a }>']],
  [
    'a type without its block',
    to('{ name: a, destination_type: external }'),
    [expect.stringMatching(/^missing-field/)],
  ],
  [
    'a block of another type',
    to(ppt('a', 'destination_type: external, ')),
    ['excluded-field <{ model: models/system.ai.a }>'],
  ],
  [
    'two blocks',
    to(ppt('a', 'provisioned_throughput_config: { model_serving_endpoint: serving-endpoints/x }, ')),
    [expect.stringMatching(/^excluded-field/)],
  ],
  [
    'a block of null alone',
    routing('destinations: { a: { pay_per_token_config: null } }'),
    ['wrong-type <null>'],
  ],
  [
    'a type nobody knows, in full',
    to('{ name: a, destination_type: DESTINATION_TYPE_NEW }'),
    ['warning unknown-value <DESTINATION_TYPE_NEW>'],
  ],
  [
    'a model without its kind',
    to('{ name: a, pay_per_token_config: { model: system.ai.a } }'),
    ['bad-value <system.ai.a>'],
  ],
  [
    'half a reference to a provider',
    to('{ name: a, external_model_config: { model_provider_service: model-provider-services/a.b.c } }'),
    [expect.stringMatching(/^missing-field/)],
  ],
  [
    'a table that goes nowhere',
    config('inference_table: { table_name_prefix: x }'),
    [expect.stringMatching(/^missing-field/)],
  ],
  ['a table without a schema', config('inference_table: { parent: main.logs }'), ['bad-value <main.logs>']],
  ['a privilege in small letters', service('grants: { x: [execute] }'), ['bad-value <execute>']],
  ['a privilege in words', service('grants: { x: ["READ METADATA"] }'), ['bad-value <"READ METADATA">']],
  [
    'a privilege nobody knows',
    service('grants: [ { principal: x, privileges: [EXECUT] } ]'),
    ['warning unknown-value <EXECUT> did you mean "EXECUTE"?'],
  ],
  ['no privilege', service('grants: { x: [] }'), ['bad-value <[]>']],
  [
    'a principal twice',
    service('grants: [ { principal: x, privileges: [MANAGE] }, { principal: x, privileges: [EXECUTE] } ]'),
    ['duplicate-item <[EXECUTE]>'],
  ],
  [
    'a provider nobody knows',
    provider('provider_type: bedrock'),
    ['unknown-value <bedrock> did you mean "amazon_bedrock"?'],
  ],
  [
    'the block of another provider',
    provider(`provider_type: anthropic, ${openai}, ${all}`),
    [expect.stringMatching(/^excluded-field/)],
  ],
  [
    'two providers',
    provider(`${openai}, anthropic: { relayed: {} }, ${all}`),
    [expect.stringMatching(/^excluded-field/)],
  ],
  [
    'a provider without a block',
    provider(`provider_type: openai, ${all}`),
    [expect.stringMatching(/^missing-field/)],
  ],
  [
    'a provider without a way to sign in',
    provider(`openai: { direct: {} }, ${all}`),
    ['warning missing-field <{}>'],
  ],
  [
    'a key without a value',
    provider(`openai: { direct: { api_key: {} } }, ${all}`),
    ['warning missing-field <{}>'],
  ],
  [
    'a provider without its address',
    provider(
      `custom: { direct: { api_key: { plaintext: "\${env.A}" } } }, targets: { m: { native_api_types: [x] } }`,
    ),
    [expect.stringMatching(/^missing-field/)],
  ],
  [
    'a pair without its id',
    provider(
      `amazon_bedrock: { direct: { region: x, aws_access_key: { secret_access_key: { plaintext: "\${env.A}" } } } }, ${all}`,
    ),
    [expect.stringMatching(/^missing-field/)],
  ],
  [
    'a token that is stored and passed on',
    provider(`anthropic: { relayed: {}, direct: { api_key: { plaintext: "\${env.A}" } } }, ${all}`),
    [expect.stringMatching(/^excluded-field/)],
  ],
  [
    'a custom provider that allows all',
    provider(
      `custom: { direct: { base_url: "https://a.example.com", api_key: { plaintext: "\${env.A}" } } }, ${all}`,
    ),
    ['warning feature-not-offered <true>'],
  ],
  ['no target', provider(`${openai}, targets: []`), ['missing-field <[]>']],
  ['no word about targets', provider(openai), [expect.stringMatching(/^warning missing-field/)]],
  [
    'a target without API types',
    provider(`${openai}, targets: [ { model: m } ]`),
    ['missing-field <{ model: m }>'],
  ],
  [
    'a target twice',
    provider(
      `${openai}, targets: [ { model: m, native_api_types: [a] }, { model: m, native_api_types: [b] } ]`,
    ),
    [expect.stringMatching(/^duplicate-item/)],
  ],
  ['tokens of tools', mcp('rate_limits: { service: { tokens: 1 } }'), ['warning feature-not-offered <1>']],
  ['a star inside a name', mcp('include_tool_selectors: ["a*b"]'), ['bad-value <"a*b">']],
  ['a connection of nothing', mcp('source_connection: {}'), ['missing-field <{}>']],
  [
    'a connection with two parts',
    mcp('source_connection: { name: connections/a.b }'),
    ['bad-value <connections/a.b>'],
  ],
])('%s', (_, text, expected) => {
  const loaded = load(text);
  expect(said(loaded)).toEqual(expected);
  const warnings = loaded.diagnostics.every(({ severity }) => severity === 'warning');
  expect(loaded.desired !== undefined).toBe(warnings);
});

test.each([
  [
    'minute and hour of one user',
    limits('{ user_default: { requests: 1 }, user_default/hour: { requests: 9 } }'),
  ],
  [
    'twenty limits',
    limits(`{ ${range(20, (index) => `"user:u${index}": { requests: 1, tokens: 2 }`)}, service: null }`),
  ],
  [
    'a group that is called like a period',
    limits('[ { key: user_group, principal: by/hour, requests: 1 } ]'),
  ],
  ['one destination without a share', to(ppt('a'))],
  ['one destination with all', split(100)],
  ['five destinations', split(100, 0, 0, 0, 0)],
  ['part of a split', routing('destinations: { a: { traffic_percentage: 10 } }')],
  ['no fallback', routing('fallback: { destinations: [] }')],
  [
    'the same model of another provider',
    routing(
      `destinations: [ ${ppt('a')} ], fallback: { destinations: [ { name: f, external_model_config: { model_provider_service: model-provider-services/x.y.z, target: { model: a } } } ] }`,
    ),
  ],
  ['no limits', limits('[]')],
  ['OpenAI by default', provider(`${openai}, ${all}`)],
  ['a forwarded token', provider(`anthropic: { relayed: {} }, ${all}`)],
  ['targets beside all', provider(`${openai}, ${all}, targets: { m: { native_api_types: [x] } }`)],
  ['limits of a provider alone', provider('rate_limits: { service: { requests: 1 } }')],
  ['every tool', mcp('include_tool_selectors: ["*"]')],
])('%s is taken', (_, text) => {
  expect(said(load(text))).toEqual([]);
});

test('what is counted is counted after layers are merged', () => {
  const some = (first: number) => `{ ${range(11, (index) => `"user:u${first + index}": { requests: 1 }`)} }`;
  const text = `${service(`preset: x, config: { rate_limits: ${some(0)} }`)}presets: { x: { config: { rate_limits: ${some(11)} } } }`;
  expect(only(load(text), 'too-many-limits').message).toBe('22 rate limits, and a service takes 20');
});

test('a fallback names the place that it repeats', () => {
  const text = `project: p
model_services:
  main.ai.chat:
    config:
      routing:
        destinations: [ ${ppt('a')} ]
        fallback: { destinations: [ ${ppt('f', '', 'a')} ] }
`;
  const found = only(load(text), 'no-effect');
  expect(found.message).toBe('the fallback "f" leads to where "a" leads');
  expect([found.at?.line, found.because?.at?.line]).toEqual([7, 6]);
});

describe('what Databricks made', () => {
  const system = (body: string) => service(`manage: attach, ${body}`, 'model_services', 'system.ai.gpt');

  test('has limits, logging and grants of ours', () => {
    expect(
      said(
        load(
          system(
            'grants: { x: [EXECUTE] }, config: { rate_limits: { service: { requests: 1 } }, inference_table: { parent: schemas/main.logs } }',
          ),
        ),
      ),
    ).toEqual([]);
  });

  test.each([`config: { routing: { destinations: [ ${ppt('a')} ] } }`, 'comment: mine'])(
    '%s stays theirs',
    (body) => {
      expect(only(load(system(body)), 'not-attachable').help).toContain('rate_limits and inference_table');
    },
  );

  test('is compared in every field', () => {
    expect(
      said(load(service('manage: observe, comment: theirs', 'model_services', 'system.ai.gpt'))),
    ).toEqual([]);
  });

  test('cannot be removed, only let go', () => {
    const removed = (more: string) =>
      load(`project: p\nremoved: [ { model_service: system.ai.gpt, reason: x, since: 2026-01-01${more} } ]`);
    expect(said(removed(''))).toEqual(['reserved-name <system.ai.gpt>']);
    expect(said(removed(', destroy: false'))).toEqual([]);
  });
});

describe('fields of the other side are answered with how it is done here', () => {
  const endpoint = (body: string) => `project: p\nserving_endpoints: { chat: { ${body} } }`;

  test.each<[string, string, string]>([
    [limits('{ service: { calls: 1 } }'), 'done-differently <calls> write requests', 'requests'],
    [
      config('fallback_config: { enabled: true }'),
      'done-differently <fallback_config> write config.routing.fallback.destinations',
      'first choice first',
    ],
    [config('guardrails: {}'), 'done-differently <guardrails>', 'service policies'],
    [service('guardrails: {}'), 'done-differently <guardrails>', 'service policies'],
    [config('service_policies: []'), 'done-differently <service_policies>', 'left as they are'],
    [
      config('usage_tracking_config: { enabled: true }'),
      'done-differently <usage_tracking_config>',
      'Leave it out',
    ],
    [
      config('inference_table_config: {}'),
      'done-differently <inference_table_config> write config.inference_table',
      'parent',
    ],
    [service('permissions: []'), 'done-differently <permissions> write grants', 'EXECUTE'],
    [service('ai_gateway: {}'), 'done-differently <ai_gateway>', 'rate_limits'],
    [
      config('served_entities: []'),
      'done-differently <served_entities> write config.routing.destinations',
      'destination',
    ],
    [service('parent: schemas/main.ai'), 'done-differently <parent>', 'key of the entry'],
    [service('model_service_id: chat'), 'done-differently <model_service_id>', 'key of the entry'],
    [routing('traffic_splitting: {}'), 'done-differently <traffic_splitting>', 'Leave it out'],
    [service('description: x'), 'done-differently <description> write comment', 'comment'],
    [endpoint('grants: []'), 'done-differently <grants> write permissions', 'CAN_QUERY'],
    [
      endpoint('ai_gateway: { rate_limits: { user: { requests: 1 } } }'),
      'done-differently <requests> write calls',
      'calls',
    ],
    [
      endpoint('config: { routing: {} }'),
      'done-differently <routing> write config.served_entities',
      'entity',
    ],
    [endpoint('comment: x'), 'done-differently <comment> write description', 'description'],
  ])('%s', (text, expected, help) => {
    const loaded = load(text);
    expect(said(loaded)).toEqual([expected]);
    expect(loaded.diagnostics[0]!.help).toContain(help);
  });

  test('hours are for services', () => {
    const list = load(endpoint('ai_gateway: { rate_limits: [ { renewal_period: hour, calls: 1 } ] }'));
    expect(only(list, 'unknown-value').help).toContain('per minute');
    const long = load(
      endpoint(
        'ai_gateway: { rate_limits: [ { renewal_period: RATE_LIMIT_RENEWAL_PERIOD_HOUR, calls: 1 } ] }',
      ),
    );
    expect(only(long, 'unknown-value').help).toContain('per minute');
    for (const key of ['user/hour', 'user:ana@example.com/hour']) {
      const map = load(endpoint(`ai_gateway: { rate_limits: { "${key}": { calls: 1 } } }`));
      expect(only(map, 'bad-key').help).toContain('per minute');
    }
  });

  test('what only an answer says is left out', () => {
    const answered =
      'effective_owner: ana, metastore_id: x, create_time: x, created_by: x, update_time: x, updated_by: x, etag: x, supported_api_types: []';
    expect(said(load(service(answered))).every((each) => each.startsWith('read-only-field'))).toBe(true);
    expect(said(load(service(answered)))).toHaveLength(8);
    expect(
      said(load(config('inference_table: { parent: schemas/a.b, table: tables/a.b.c, is_deleted: true }'))),
    ).toEqual(['read-only-field <table>', 'read-only-field <is_deleted>']);
    expect(
      said(
        load(
          to(
            '{ name: a, is_deleted: false, provisioned_throughput_config: { model_serving_endpoint: serving-endpoints/x, model: system.ai.m } }',
          ),
        ),
      ),
    ).toEqual(['read-only-field <is_deleted>', 'read-only-field <model>']);
    expect(said(load(to('{ name: a, model: x }')))).toContainEqual(
      expect.stringMatching(/^misplaced-field <model>/),
    );
  });
});

describe('preview', () => {
  test.each([
    'bedrock_mantle: {}',
    'pricing: {}',
    'custom: { direct: { header_auth: {} } }',
    'targets: { m: { endpoint_route: x } }',
  ])('%s is newer, and told where it goes', (text) => {
    const loaded = load(provider(text));
    const found = only(loaded, 'newer-field');
    expect(found.label).toBe('write it under preview');
    expect(textAt(loaded.texts, found.at)).toMatch(/^(bedrock_mantle|pricing|header_auth|endpoint_route)$/);
  });

  test('it holds what is newer, also inside an item', () => {
    const text = service(
      'config: { provider_type: EXTERNAL_MODEL_PROVIDER_TYPE_BEDROCK_MANTLE, targets: { m: { native_api_types: [x] } } }, preview: { config: { bedrock_mantle: { direct: { region: x } }, pricing: { default_discount_basis_points: 5 }, targets: { m: { endpoint_route: a/b } } } }',
      'model_provider_services',
    );
    expect(said(load(text))).toEqual(['warning unknown-value <EXTERNAL_MODEL_PROVIDER_TYPE_BEDROCK_MANTLE>']);
  });

  test.each([
    'targets: { m: { native_api_types: [x] } }',
    'targets: []',
    'targets: {}',
    'rate_limits: { service: null }',
    'provider_type: x',
  ])('it does not hold %s', (text) => {
    expect(said(load(service(`preview: { config: { ${text} } }`, 'model_provider_services')))).toEqual([
      expect.stringMatching(/^known-field/),
    ]);
  });

  test('a newer way to sign in counts as one', () => {
    const text = service(
      `config: { gemini_enterprise: { direct: { project_id: p, region: r } }, ${all} }, preview: { config: { gemini_enterprise: { direct: { service_credential: { name: credentials/x } } } } }`,
      'model_provider_services',
    );
    expect(said(load(text))).toEqual([]);
  });
});

test('strict turns warnings into errors', () => {
  const text = mcp('rate_limits: { service: { tokens: 1 } }');
  expect(load(text).desired).toBeDefined();
  expect(load(text, { strict: true }).desired).toBeUndefined();
});
