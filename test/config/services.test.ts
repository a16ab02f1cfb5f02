// The normal form of services: short and long words, list and map forms, layers, names, credentials.
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import schema from '../../schemas/desired.schema.json';
import { desiredDocument, readDesiredDocument } from '../../src/config';
import { canonicalJson } from '../../src/model/json';
import {
  mcpServiceEntry,
  modelServiceEntry,
  providerServiceEntry,
  serviceEstates,
} from '../generators/service-config';
import { fieldsOf, load, only, ref, said, service, textAt } from './project';

const PPT = 'DESTINATION_TYPE_PAY_PER_TOKEN_FOUNDATION_MODEL';
const config = (body: string, kind?: string) => service(`config: { ${body} }`, kind);
const fields = (body: string, kind?: string) => {
  const loaded = load(config(body, kind));
  return (fieldsOf(loaded) as { config: unknown }).config;
};
const ppt = (name: string, more = '') =>
  `{ name: ${name}, ${more}pay_per_token_config: { model: models/system.ai.${name} } }`;

test('whatever is declared of services makes a document that the published schema accepts and that reads back the same', () => {
  const validate = new Ajv2020({ strict: false }).compile(schema);
  const entries = fc.record({
    model_services: modelServiceEntry().map((entry) => ({ 'main.ai.chat': entry })),
    model_provider_services: providerServiceEntry().map((entry) => ({ 'main.ai.openai': entry })),
    mcp_services: mcpServiceEntry().map((entry) => ({ 'main.ai.tickets': entry })),
  });
  fc.assert(
    fc.property(entries, (sections) => {
      const loaded = load(JSON.stringify({ project: 'p', ...sections }));
      expect(loaded.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      const document = desiredDocument(loaded.desired!);
      expect([validate(document), validate.errors]).toEqual([true, null]);
      const read = readDesiredDocument(canonicalJson(document), 'desired.json');
      expect(read.diagnostics).toEqual([]);
      expect(canonicalJson(desiredDocument(read.desired!))).toBe(canonicalJson(document));
    }),
  );
});

test('an estate loads', () => {
  fc.assert(
    fc.property(serviceEstates, (estate) => {
      const loaded = load(JSON.stringify(estate.config));
      expect(loaded.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    }),
  );
});

test('limits have long words in the normal form, a period, and whom they are for', () => {
  const list = fields(
    'rate_limits: [ { requests: 1000 }, { key: user_default, tokens: 5, requests: 6 }, { key: User_Group, principal: x, renewal_period: HOUR, tokens: 0 } ]',
  );
  const limits = [
    {
      key: 'RATE_LIMIT_KEY_SERVICE',
      renewal_period: 'RATE_LIMIT_RENEWAL_PERIOD_MINUTE',
      requests: 1000,
    },
    {
      key: 'RATE_LIMIT_KEY_USER_DEFAULT',
      renewal_period: 'RATE_LIMIT_RENEWAL_PERIOD_MINUTE',
      requests: 6,
      tokens: 5,
    },
    {
      key: 'RATE_LIMIT_KEY_USER_GROUP',
      principal: 'x',
      renewal_period: 'RATE_LIMIT_RENEWAL_PERIOD_HOUR',
      tokens: 0,
    },
  ];
  expect(list).toEqual({ rate_limits: limits });
  expect(
    fields(
      'rate_limits: { service: { requests: 1 }, "user_group:x/hour": { tokens: null }, user_default: null }',
    ),
  ).toEqual({
    rate_limits: { service: { requests: 1 }, 'user_group:x/hour': { tokens: null }, user_default: null },
  });
});

test('one limit may be written as two', () => {
  expect(fields('rate_limits: [ { key: service, requests: 1 }, { key: service, tokens: 2 } ]')).toMatchObject(
    {
      rate_limits: [{ requests: 1, tokens: 2 }],
    },
  );
});

test('destinations are sorted, fallbacks keep their order, and the block says the type', () => {
  const body = `routing: { destinations: [ ${ppt('b', 'traffic_percentage: 30, ')}, ${ppt('a', 'traffic_percentage: 70, destination_type: pay_per_token, ')} ], fallback: { destinations: [ ${ppt('z')}, ${ppt('c')} ] } }`;
  const destination = (name: string, share?: number) => ({
    name,
    destination_type: PPT,
    ...(share === undefined ? {} : { traffic_percentage: share }),
    pay_per_token_config: { model: `models/system.ai.${name}` },
  });
  expect(fields(body)).toEqual({
    routing: {
      destinations: [destination('a', 70), destination('b', 30)],
      fallback: { destinations: [destination('z'), destination('c')] },
    },
  });
});

test('in a map a destination owns only what it names', () => {
  expect(
    fields('routing: { destinations: { a: { traffic_percentage: 10 }, b: null }, fallback: null }'),
  ).toEqual({ routing: { destinations: { a: { traffic_percentage: 10 }, b: null }, fallback: null } });
});

test('another layer may lead a destination elsewhere', () => {
  const text = `${service(`preset: base, config: { routing: { destinations: { a: { pay_per_token_config: null, external_model_config: { model_provider_service: model-provider-services/x.y.z, target: { model: m } } } } } }`)}presets: { base: { config: { routing: { destinations: [ ${ppt('a', 'traffic_percentage: 100, ')} ] } } } }`;
  const loaded = load(text);
  expect(said(loaded)).toEqual([]);
  expect(fieldsOf(loaded)).toEqual({
    config: {
      routing: {
        destinations: [
          {
            name: 'a',
            destination_type: 'DESTINATION_TYPE_EXTERNAL_FOUNDATION_MODEL',
            traffic_percentage: 100,
            external_model_config: {
              model_provider_service: 'model-provider-services/x.y.z',
              target: { model: 'm' },
            },
          },
        ],
      },
    },
  });
});

test('values know where they were written, also what follows from them', () => {
  const loaded = load(config(`routing: { destinations: [ ${ppt('a')} ] }, rate_limits: [ { requests: 7 } ]`));
  const { origins } = loaded.desired!.resources[0]!;
  const at = (path: string) => textAt(loaded.texts, origins[path]);
  expect(at('config.routing.destinations[a].pay_per_token_config.model')).toBe('models/system.ai.a');
  expect(at('config.routing.destinations[a].destination_type')).toBe('{ model: models/system.ai.a }');
  expect(at('config.rate_limits[service].requests')).toBe('7');
});

test('grants have two forms, and privileges are a set', () => {
  const list = load(
    service(
      'grants: [ { principal: x, privileges: [MANAGE, EXECUTE, MANAGE] }, { principal: a, privileges: [EXECUTE] } ]',
    ),
  );
  expect(fieldsOf(list)).toEqual({
    grants: [
      { principal: 'a', privileges: ['EXECUTE'] },
      { principal: 'x', privileges: ['EXECUTE', 'MANAGE'] },
    ],
  });
  const { origins } = list.desired!.resources[0]!;
  expect(textAt(list.texts, origins['grants[x]'])).toBe('[MANAGE, EXECUTE, MANAGE]');
  const map = load(service('grants: { x: [MANAGE, EXECUTE], y: null }'));
  expect(fieldsOf(map)).toEqual({ grants: { x: ['EXECUTE', 'MANAGE'], y: null } });
});

test('null removes a comment, limits, logging and grants', () => {
  expect(
    fieldsOf(
      load(service('comment: null, grants: null, config: { rate_limits: null, inference_table: null }')),
    ),
  ).toEqual({ comment: null, grants: null, config: { rate_limits: null, inference_table: null } });
});

test.each([
  ['a service', service('config: null'), 'null'],
  ['its routing', config('routing: null'), 'null'],
  ['its destinations', config('routing: { destinations: null }'), 'null'],
  ['the place of its table', config('inference_table: { parent: null }'), 'null'],
  [
    'the prefix of its table',
    config('inference_table: { parent: schemas/a.b, table_name_prefix: null }'),
    'null',
  ],
  ['a provider', config('provider_type: null', 'model_provider_services'), 'null'],
  ['a connection', config('source_connection: null', 'mcp_services'), 'null'],
  ['its name', config('source_connection: { name: null }', 'mcp_services'), 'null'],
])('%s cannot be null', (_, text, marked) => {
  const found = only(load(text), 'wrong-type');
  expect(found.message).toMatch(/cannot be null$/);
  expect(textAt(load(text).texts, found.at)).toBe(marked);
});

test('the block of a provider says its type, and targets have two forms', () => {
  const openai = 'openai: { direct: { api_key: { secret_reference: { name: secrets/main.ai.openai } } } }';
  const target = { native_api_types: ['a', 'b'] };
  expect(
    fields(
      `${openai}, targets: [ { model: gpt-5, native_api_types: [b, a, b] } ]`,
      'model_provider_services',
    ),
  ).toEqual({
    provider_type: 'EXTERNAL_MODEL_PROVIDER_TYPE_OPENAI',
    openai: { direct: { api_key: { secret_reference: { name: 'secrets/main.ai.openai' } } } },
    targets: [{ model: 'gpt-5', ...target }],
  });
  expect(
    fields('targets: { gpt-5: { native_api_types: [b, a] }, old: null }', 'model_provider_services'),
  ).toEqual({ targets: { 'gpt-5': target, old: null } });
  expect(
    fields(
      'provider_type: anthropic, anthropic: { relayed: {} }, allow_all_targets: true',
      'model_provider_services',
    ),
  ).toEqual({
    provider_type: 'EXTERNAL_MODEL_PROVIDER_TYPE_ANTHROPIC',
    anthropic: { relayed: {} },
    allow_all_targets: true,
  });
});

test('tools are a set', () => {
  expect(
    fields(
      'source_connection: { name: connections/main.ai.t }, include_tool_selectors: [b*, a, b*]',
      'mcp_services',
    ),
  ).toEqual({ source_connection: { name: 'connections/main.ai.t' }, include_tool_selectors: ['a', 'b*'] });
  // Connections of the metastore itself are met too.
  expect(said(load(config('source_connection: { name: connections/t }', 'mcp_services')))).toEqual([]);
});

describe('names', () => {
  const entry = (key: string, body = '') => `project: p\nmodel_services: { "${key}": { ${body} } }`;

  test.each([
    ['main.ai', 'bad-key'],
    ['chat', 'bad-key'],
    ['main.ai.chat.x', 'bad-key'],
    ['main.ai.a b', 'bad-key'],
    ['main.ai.a/b', 'bad-key'],
    ['main..chat', 'bad-key'],
    ['main.*.chat', 'bad-key'],
    ['*.ai.chat', 'bad-key'],
    [`main.ai.${'a'.repeat(256)}`, 'bad-key'],
    ['main.ai.chat*', 'bad-name'],
    ['system.ai.gpt', 'reserved-name'],
  ])('%s is refused', (key, code) => {
    expect(load(entry(key)).diagnostics.map((each) => each.code)).toEqual([code]);
  });

  test.each([
    ['main.ai.chat', ''],
    [`main.ai.${'a'.repeat(255)}`, ''],
    ['main.ai.größe-1_x', ''],
    ['main.ai.chat*', 'manage: attach'],
    ['system.ai.*', 'manage: observe'],
    ['system.ai.gpt', 'manage: attach'],
    ['short.ai.name', 'name: main.ai.other'],
    ['a.b.c', 'name: "${var.catalog}.ai.chat"'],
  ])('%s is taken', (key, body) => {
    const loaded = load(`${entry(key, body)}\nvariables: { catalog: { default: main } }`);
    expect(said(loaded)).toEqual([]);
    expect(loaded.desired!.resources[0]!.key).toBe(key);
  });

  test('a name that variables make is held to the same', () => {
    const text = `${entry('a.b.c', 'name: "${var.catalog}.chat"')}\nvariables: { catalog: { default: main } }`;
    expect(said(load(text))).toEqual(['bad-value <"${var.catalog}.chat">']);
  });

  test('model services and model provider services share one namespace', () => {
    const text =
      'project: p\nmodel_services: { main.ai.chat: {} }\nmodel_provider_services: { x.y.z: { name: main.ai.chat } }\nmcp_services: { main.ai.chat: {} }';
    const found = only(load(text), 'duplicate-name');
    expect(found.message).toBe(
      'model_provider_services.x.y.z and model_services.main.ai.chat both have the name "main.ai.chat"',
    );
    expect([found.at?.line, found.because?.at?.line]).toEqual([3, 2]);
    expect(found.because?.text).toContain('share one namespace');
  });

  test('one glob may be said of each kind', () => {
    const glob = '{ "main.ai.*": { manage: attach } }';
    const loaded = load(`project: p\nmodel_services: ${glob}\nmodel_provider_services: ${glob}`);
    expect(said(loaded)).toEqual([]);
    expect(loaded.desired!.resources).toHaveLength(2);
  });
});

describe('layers', () => {
  test('a preset of services lies under them, and a target over them', () => {
    const text = `project: p
targets: { a: { default: true, model_services: { main.ai.chat: { config: { rate_limits: { service: { requests: 5 } } } } } } }
presets: { s: { config: { rate_limits: [ { requests: 1000 }, { key: user_default, tokens: 9 } ] }, grants: { ops: [MANAGE] } } }
model_services: { main.ai.chat: { preset: s, grants: { app: [EXECUTE] } } }
mcp_services: { main.ai.tickets: { preset: s } }
`;
    const loaded = load(text);
    expect(said(loaded)).toEqual(['warning feature-not-offered <9>']);
    expect(fieldsOf(loaded, 'main.ai.chat')).toEqual({
      config: {
        rate_limits: [
          expect.objectContaining({ key: 'RATE_LIMIT_KEY_SERVICE', requests: 5 }),
          expect.objectContaining({ key: 'RATE_LIMIT_KEY_USER_DEFAULT', tokens: 9 }),
        ],
      },
      grants: { app: ['EXECUTE'], ops: ['MANAGE'] },
    });
  });

  test('a preset that says what the kind does not have is refused where it is named', () => {
    const text = `project: p\npresets: { s: { ai_gateway: { rate_limits: { user: { calls: 1 } } } } }\nmodel_services: { main.ai.chat: { preset: s } }\nserving_endpoints: { chat: { preset: s } }`;
    const loaded = load(text);
    const found = only(loaded, 'preset-of-other-kind');
    expect(found.message).toBe('the preset "s" does not fit: a model service has no ai_gateway');
    expect(textAt(loaded.texts, found.at)).toBe('s');
    expect([found.at?.line, found.because?.at?.line]).toEqual([3, 2]);
    const inside = `project: p\npresets: { s: { config: { routing: {} } } }\nserving_endpoints: { chat: { preset: s } }`;
    expect(only(load(inside), 'preset-of-other-kind').message).toContain('has no routing');
  });

  test('an overlay of a service that no file declares is answered with one that was meant', () => {
    const text =
      'project: p\ntargets: { a: { mcp_services: { main.ai.tickts: {} } } }\nmcp_services: { main.ai.tickets: {} }';
    expect(said(load(text))).toEqual(['unknown-entry <main.ai.tickts> did you mean "main.ai.tickets"?']);
  });
});

describe('credentials', () => {
  const key = (text: string) =>
    `${config(`openai: { direct: { api_key: { ${text} } } }, allow_all_targets: true`, 'model_provider_services')}variables: { a: { default: hunter2-hunter2 } }`;

  test.each(['plaintext: "${env.OPENAI_KEY}"', 'secret_reference: { name: secrets/main.ai.openai }'])(
    '%s is taken',
    (text) => {
      expect(said(load(key(text)))).toEqual([]);
    },
  );

  test.each([
    ['plaintext: hunter2-hunter2', 'literal-credential'],
    ['plaintext: "${var.a}"', 'bad-value'],
    ['plaintext: "{{secrets/llm/openai}}"', 'bad-value'],
    ['plaintext: "${env.DATABRICKS_TOKEN}"', 'env-not-allowed'],
    ['plaintext: "${env.A}${env.B}"', 'literal-credential'],
    ['secret_reference: { name: main.ai.openai }', 'bad-value'],
    ['secret_reference: { name: secrets/llm/openai }', 'bad-value'],
    ['secret_reference: { name: "${env.OPENAI_KEY}" }', 'env-not-allowed'],
    ['plaintext: "${env.A}", secret_reference: { name: secrets/main.ai.openai }', 'excluded-field'],
    ['plaintext: null', 'wrong-type'],
  ])('%s is refused, and not repeated', (text, code) => {
    const loaded = load(key(text));
    expect(loaded.diagnostics.map((each) => [each.code, each.at?.line])).toContainEqual([code, 3]);
    expect(loaded.desired).toBeUndefined();
    expect(
      JSON.stringify([loaded.diagnostics, loaded.texts.get('gatewright.yaml')?.split('\n')[2]]),
    ).not.toMatch(/hunter2/);
  });

  test('a key that is not a block is told how it is written', () => {
    const direct = (text: string) =>
      load(
        config(
          `openai: { direct: { api_key: ${text} } }, allow_all_targets: true`,
          'model_provider_services',
        ),
      );
    for (const text of ['"${env.OPENAI_KEY}"', '"{{secrets/llm/openai}}"'])
      expect(only(direct(text), 'wrong-type').help).toMatch(/secret_reference.*plaintext/);
    expect(only(direct('hunter2-hunter2'), 'literal-credential').help).toContain('secret_reference');
  });

  test('the environment is read nowhere else', () => {
    for (const text of [
      service('labels: { plaintext: "${env.A}" }'),
      config('openai: { direct: { organization: "${env.A}" } }', 'model_provider_services'),
      service(
        'preview: { config: { custom: { direct: { header_auth: { api_key_value: { plaintext: "${env.A}" } } } } } }',
        'model_provider_services',
      ),
    ])
      expect(said(load(text))).toContainEqual(expect.stringMatching(/^env-not-allowed/));
  });

  test('the id of an access key is no secret, its pair is', () => {
    const id = `AKIA${'ABCDEFGH01234567'}`;
    const bedrock = (secret: string) =>
      config(
        `amazon_bedrock: { direct: { region: us-east-1, aws_access_key: { access_key_id: ${id}, secret_access_key: { ${secret} } } } }, allow_all_targets: true`,
        'model_provider_services',
      );
    expect(said(load(bedrock('plaintext: "${env.AWS_SECRET}"')))).toEqual([]);
    expect(said(load(bedrock(`plaintext: ${id}`)))).toEqual(['literal-credential <********************>']);
    expect(said(load(service(`labels: { access_key_id: ${id} }`)))).toEqual([
      'literal-credential <********************>',
    ]);
  });

  test('one way to sign in, which another layer may change', () => {
    const azure = (way: string) =>
      `azure_openai: { direct: { base_url: "https://a.example.com", ${way} } }, allow_all_targets: true`;
    const both = load(
      config(
        azure('api_key: { plaintext: "${env.A}" }, service_credential: { name: credentials/llm }'),
        'model_provider_services',
      ),
    );
    expect(only(both, 'excluded-field').message).toBe('service_credential cannot stand beside api_key');
    const text = `${config(azure('api_key: { plaintext: "${env.A}" }'), 'model_provider_services')}targets: { a: { model_provider_services: { main.ai.chat: { config: { azure_openai: { direct: { api_key: null, service_credential: { name: credentials/llm } } } } } } } }`;
    const loaded = load(text);
    expect(said(loaded)).toEqual([]);
    expect(fieldsOf(loaded)).toMatchObject({
      config: {
        azure_openai: {
          direct: { base_url: 'https://a.example.com', service_credential: { name: 'credentials/llm' } },
        },
      },
    });
    expect(JSON.stringify(fieldsOf(loaded))).not.toContain('api_key');
  });
});

test('variables stand anywhere in values', () => {
  const text = `${config(
    `routing: { destinations: [ { name: a, traffic_percentage: "${ref('var.share')}", destination_type: "${ref('var.type')}", pay_per_token_config: { model: "models/${ref('var.model')}" } } ] }, rate_limits: [ { key: "${ref('var.key')}", requests: "${ref('var.n')}" } ]`,
  )}variables: { share: { default: 100 }, type: { default: pay_per_token }, model: { default: system.ai.m }, key: { default: service }, n: { default: 5 } }`;
  const loaded = load(text);
  expect(said(loaded)).toEqual([]);
  expect(fieldsOf(loaded)).toEqual({
    config: {
      routing: {
        destinations: [
          {
            name: 'a',
            traffic_percentage: 100,
            destination_type: PPT,
            pay_per_token_config: { model: 'models/system.ai.m' },
          },
        ],
      },
      rate_limits: [
        { key: 'RATE_LIMIT_KEY_SERVICE', renewal_period: 'RATE_LIMIT_RENEWAL_PERIOD_MINUTE', requests: 5 },
      ],
    },
  });
});

test('a document has long words only', () => {
  const document = (limit: object) =>
    readDesiredDocument(
      JSON.stringify({
        format: 'gatewright/desired/1',
        project: 'p',
        target: '',
        protect: false,
        resources: [
          {
            kind: 'model_services',
            key: 'a.b.c',
            name: 'a.b.c',
            pattern: false,
            manage: 'full',
            protect: false,
            labels: {},
            fields: { config: { rate_limits: [limit] } },
            preview: {},
          },
        ],
        removed: [],
      }),
      'desired.json',
    ).diagnostics.map(({ code }) => code);
  const long = {
    key: 'RATE_LIMIT_KEY_SERVICE',
    renewal_period: 'RATE_LIMIT_RENEWAL_PERIOD_HOUR',
    requests: 1,
  };
  expect(document(long)).toEqual([]);
  expect(document({ ...long, key: 'service' })).toEqual(['bad-value']);
  expect(document({ key: long.key, requests: 1 })).toEqual(['missing-field']);
});
