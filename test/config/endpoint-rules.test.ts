// What a declared endpoint takes beyond its schema: each rule with both places and a way out.
import authored from '../../schemas/source/gatewright.source.json';
import { WORKLOAD_TYPES } from '../../src/config/entity-rules';
import { BEDROCK_PROVIDERS, TASKS } from '../../src/config/external-rules';
import { CREDENTIALS, PROVIDER_BLOCKS } from '../../src/model/endpoint-config-fields';
import { endpoint, load, only, said } from './project';

const KEY = 'openai_config: { openai_api_key: "{{secrets/llm/openai}}" }';
const external = (name: string, more = '', task = 'llm/v1/chat') =>
  `{ name: ${name}, ${more}external_model: { name: m, provider: openai, task: ${task}, ${KEY} } }`;
const own = (name: string, more = '') => `{ name: ${name}, entity_name: a.b.c, entity_version: "1"${more} }`;
const list = (...entities: string[]) => endpoint(`config: { served_entities: [ ${entities.join(', ')} ] }`);
const routed = (routes: string, ...entities: string[]) =>
  endpoint(`config: { served_entities: [ ${entities.join(', ')} ], traffic_config: { routes: ${routes} } }`);
const model = (provider: string, block: string) =>
  list(`{ name: a, external_model: { name: m, provider: ${provider}, task: llm/v1/chat, ${block} } }`);
const ref = '"{{secrets/a/b}}"';
const many = (count: number, more = '') =>
  Array.from({ length: count }, (_, index) =>
    own(`e${index}`, `, traffic_percentage: ${index === 0 ? 100 : 0}${more}`),
  );

describe('traffic', () => {
  test.each<[string, string, string[]]>([
    ['text', list(own('a', ', traffic_percentage: "60"')), ['wrong-type <"60"> write 60 without quotes']],
    ['a fraction', list(own('a', ', traffic_percentage: 33.3')), ['wrong-type <33.3>']],
    ['more than all', list(own('a', ', traffic_percentage: 101')), ['bad-value <101>']],
    ['less than nothing', list(own('a', ', traffic_percentage: -1')), ['bad-value <-1>']],
    [
      'not a hundred',
      list(own('a', ', traffic_percentage: 60'), own('b', ', traffic_percentage: 30')),
      ['bad-traffic <30>'],
    ],
    ['not a hundred by a map', routed('{ a: 60, b: 30 }', own('a'), own('b')), ['bad-traffic <30>']],
    [
      'a route to nobody',
      routed('[ { served_entity_name: bb, traffic_percentage: 100 } ]', own('a')),
      ['unknown-entity <100>'],
    ],
    [
      'a share for one of two',
      list(own('a', ', traffic_percentage: 100'), own('b')),
      [expect.stringMatching(/^warning no-share/)],
    ],
    ['no shares', list(own('a'), own('b')), [expect.stringMatching(/^missing-field/)]],
    [
      'a share said twice',
      routed('{ a: 100 }', own('a', ', traffic_percentage: 100')),
      ['duplicate-item <100>'],
    ],
    [
      'too much in a map of its own',
      endpoint('config: { traffic_config: { routes: { a: 60, b: 50 } } }'),
      ['bad-traffic <50>'],
    ],
  ])('%s is refused', (_, text, expected) => {
    expect(said(load(text))).toEqual(expected);
  });

  test.each<[string, string]>([
    ['one entity without a share', list(own('a'))],
    [
      'one that is for fallback only',
      list(own('a', ', traffic_percentage: 100'), own('b', ', traffic_percentage: 0')),
    ],
    ['some routes of a map', endpoint('config: { traffic_config: { routes: { a: 60 } } }')],
    [
      'some routes beside live entities',
      endpoint(
        'config: { served_entities: { a: { workload_size: Small } }, traffic_config: { routes: { z: 60 } } }',
      ),
    ],
  ])('%s is taken', (_, text) => {
    expect(said(load(text))).toEqual([]);
  });

  test('shares are added up over layers', () => {
    const text = `${endpoint(`preset: x\nconfig: { served_entities: { b: { traffic_percentage: 30 } } }`)}presets: { x: { config: { served_entities: [ ${own('a', ', traffic_percentage: 60')}, ${own('b', ', traffic_percentage: 40')} ] } } }`;
    const found = only(load(text), 'bad-traffic');
    expect(found.message).toBe('the shares make up 90, not 100');
    expect(found.because?.text).toBe('they are a 60, b 30');
  });
});

describe('entities', () => {
  test.each<[string, string, string[]]>([
    [
      'the same name twice',
      list(own('a'), own('a', ', workload_size: Small')),
      [expect.stringMatching(/^duplicate-item/)],
    ],
    ['a name with a dot', list(own('a.b')), ['bad-value <a.b>']],
    [
      'a name with a dot, in a map',
      endpoint('config: { served_entities: { a.b: {} } }'),
      ['bad-key <a.b> must be 1 to 255 letters, digits, "-" and "_"'],
    ],
    [
      'neither model nor name of one',
      list('{ name: a, workload_size: Small }'),
      ['missing-field <{ name: a, workload_size: Small }>'],
    ],
    ['no entity at all', endpoint('config: { served_entities: [] }'), ['missing-field <[]>']],
    [
      'external beside other',
      routed('{ a: 50, b: 50 }', external('a'), own('b')),
      ['mixed-entities <a.b.c>'],
    ],
    [
      'two tasks',
      routed('{ a: 50, b: 50 }', external('a'), external('b', '', 'llm/v1/embeddings')),
      ['mixed-entities <llm/v1/embeddings>'],
    ],
    [
      'a size of an external model',
      list(external('a', 'workload_size: Small, ')),
      ['excluded-field <Small>'],
    ],
    [
      'scale to zero of an external model',
      list(external('a', 'scale_to_zero_enabled: false, ')),
      ['excluded-field <false>'],
    ],
    [
      'size beside concurrency',
      list(
        own('a', ', workload_size: Small, min_provisioned_concurrency: 4, max_provisioned_concurrency: 8'),
      ),
      ['excluded-field <4>'],
    ],
    ['a least without a most', list(own('a', ', min_provisioned_concurrency: 4')), ['missing-field <4>']],
    ['a most without a least', list(own('a', ', max_provisioned_concurrency: 4')), ['missing-field <4>']],
    [
      'a least above the most',
      list(own('a', ', min_provisioned_concurrency: 8, max_provisioned_concurrency: 4')),
      ['bad-value <8>'],
    ],
    [
      'both styles of throughput',
      list(own('a', ', provisioned_model_units: 50, max_provisioned_throughput: 100')),
      ['excluded-field <100>'],
    ],
    [
      'units without a version',
      list('{ name: a, entity_name: a.b.c, provisioned_model_units: 50 }'),
      ['missing-field <50>'],
    ],
    [
      'units for one of two',
      routed('{ a: 50, b: 50 }', own('a', ', provisioned_model_units: 50'), own('b')),
      [expect.stringMatching(/^mixed-entities/)],
    ],
    [
      'throughput that scales to zero',
      list(own('a', ', max_provisioned_throughput: 100, scale_to_zero_enabled: true')),
      ['warning no-effect <true>'],
    ],
    [
      'a misspelt machine',
      list(own('a', ', workload_type: GPU_SMAL')),
      ['warning unknown-value <GPU_SMAL> did you mean "GPU_SMALL"?'],
    ],
    [
      'more than the documentation says',
      list(...many(11)),
      [expect.stringMatching(/^warning too-many-entities/)],
    ],
    ['more than there may be', list(...many(16)), [expect.stringMatching(/^too-many-entities/)]],
    [
      'a number in the environment',
      list(own('a', ', environment_vars: { PORT: 8080 }')),
      ['wrong-type <8080> write "8080" in quotes'],
    ],
  ])('%s', (_, text, expected) => {
    expect(said(load(text))).toEqual(expected);
  });

  test('what excludes each other is shown with both places, and null gives way', () => {
    const entity = own('a', ', workload_size: Small');
    const text = (size: string) =>
      `${endpoint(`preset: x\nconfig: { served_entities: { a: { ${size}min_provisioned_concurrency: 4, max_provisioned_concurrency: 8 } } }`)}presets: { x: { config: { served_entities: [ ${entity} ] } } }`;
    const found = only(load(text('')), 'excluded-field');
    expect([found.at?.line, found.because?.at?.line]).toEqual([5, 6]);
    expect(said(load(text('workload_size: null, ')))).toEqual([]);
  });

  test('what observes only may say a part', () => {
    const text = `manage: observe\nconfig: { served_entities: [ { name: a, external_model: { provider: openai } } ] }`;
    expect(said(load(endpoint(text)))).toEqual([]);
  });

  test('what is missing is not asked for where it may be misspelt', () => {
    expect(said(load(list('{ name: a, entity_nam: a.b.c }')))).toEqual([
      'unknown-field <entity_nam> did you mean "entity_name"?',
    ]);
  });
});

describe('external models', () => {
  test('every provider has a block, and every credential a place in it', () => {
    const blocks = authored.$defs.external_model.properties as unknown as Record<
      string,
      { properties?: object }
    >;
    expect(authored.$defs.external_model.properties.provider.enum).toEqual(Object.keys(PROVIDER_BLOCKS));
    for (const path of CREDENTIALS) {
      let at: { properties?: object } | undefined = { properties: blocks };
      for (const name of path.split('.')) at = (at?.properties as typeof blocks | undefined)?.[name];
      expect([path, at !== undefined]).toEqual([path, true]);
    }
  });

  test('known values are those that editors offer', () => {
    const { properties } = authored.$defs.served_entity;
    expect(properties.workload_type.examples).toEqual(WORKLOAD_TYPES);
    const { task, amazon_bedrock_config: bedrock } = authored.$defs.external_model.properties;
    expect(task.examples).toEqual(TASKS);
    expect(bedrock.properties.bedrock_provider.examples).toEqual(BEDROCK_PROVIDERS);
  });

  test.each<[string, string]>([
    ['ai21labs', `ai21labs_config: { ai21labs_api_key: ${ref} }`],
    ['anthropic', `anthropic_config: { anthropic_api_key_plaintext: "\${env.KEY}" }`],
    [
      'amazon-bedrock',
      `amazon_bedrock_config: { aws_region: r, bedrock_provider: Anthropic, aws_access_key_id: ${ref}, aws_secret_access_key_plaintext: "\${env.KEY}" }`,
    ],
    [
      'amazon-bedrock',
      'amazon_bedrock_config: { aws_region: r, bedrock_provider: amazon, instance_profile_arn: arn }',
    ],
    ['cohere', `cohere_config: { cohere_api_key: ${ref}, cohere_api_base: https://c.example.com }`],
    [
      'custom',
      `custom_provider_config: { custom_provider_url: https://c.example.com, api_key_auth: { key: X-Key, value: ${ref} } }`,
    ],
    [
      'custom',
      `custom_provider_config: { custom_provider_url: https://c.example.com, bearer_token_auth: { token_plaintext: "\${env.KEY}" } }`,
    ],
    [
      'databricks-model-serving',
      `databricks_model_serving_config: { databricks_workspace_url: https://w.example.com, databricks_api_token: ${ref} }`,
    ],
    [
      'google-cloud-vertex-ai',
      `google_cloud_vertex_ai_config: { project_id: p, region: r, private_key: ${ref} }`,
    ],
    ['openai', `openai_config: { openai_api_key: ${ref}, openai_organization: o }`],
    [
      'openai',
      `openai_config: { openai_api_type: azure, openai_api_key: ${ref}, openai_api_base: b, openai_api_version: v, openai_deployment_name: d }`,
    ],
    [
      'openai',
      `openai_config: { openai_api_type: azuread, openai_api_base: b, openai_api_version: v, openai_deployment_name: d, microsoft_entra_tenant_id: t, microsoft_entra_client_id: c, microsoft_entra_client_secret: ${ref} }`,
    ],
    ['palm', `palm_config: { palm_api_key: ${ref} }`],
  ])('%s is taken with %s', (provider, block) => {
    expect(said(load(model(provider, block)))).toEqual([]);
  });

  test.each<[string, string, string, string]>([
    [
      'openai',
      `anthropic_config: { anthropic_api_key: ${ref} }`,
      'excluded-field',
      'the provider openai takes openai_config, not anthropic_config',
    ],
    [
      'openai',
      `${KEY}, palm_config: { palm_api_key: ${ref} }`,
      'excluded-field',
      'palm_config cannot stand beside openai_config',
    ],
    ['cohere', 'task: llm/v1/chat', 'duplicate-key', '"task" stands twice in the same map'],
    ['openai', 'openai_config: {}', 'missing-field', 'openai_config needs openai_api_key'],
    [
      'openai',
      `openai_config: { openai_api_type: azure, openai_api_key: ${ref} }`,
      'missing-field',
      'openai_config with openai_api_type azure needs openai_api_base and openai_api_version and openai_deployment_name',
    ],
    [
      'openai',
      'openai_config: { openai_api_type: azuread, openai_api_base: b, openai_api_version: v, openai_deployment_name: d }',
      'missing-field',
      'openai_config with openai_api_type azuread needs microsoft_entra_tenant_id and microsoft_entra_client_id and microsoft_entra_client_secret',
    ],
    [
      'amazon-bedrock',
      `amazon_bedrock_config: { aws_region: r, bedrock_provider: amazon, aws_access_key_id: ${ref} }`,
      'missing-field',
      'amazon_bedrock_config needs aws_secret_access_key',
    ],
    [
      'amazon-bedrock',
      'amazon_bedrock_config: { aws_region: r, bedrock_provider: amazon }',
      'missing-field',
      'amazon_bedrock_config needs aws_access_key_id and aws_secret_access_key, or instance_profile_arn',
    ],
    [
      'amazon-bedrock',
      `amazon_bedrock_config: { aws_region: r, bedrock_provider: amazon, aws_access_key_id: ${ref}, aws_secret_access_key: ${ref}, instance_profile_arn: a }`,
      'excluded-field',
      'aws_access_key_id cannot stand beside instance_profile_arn',
    ],
    [
      'amazon-bedrock',
      'amazon_bedrock_config: { aws_region: r, bedrock_provider: antropic, instance_profile_arn: a }',
      'unknown-value',
      '"antropic" is not among the known values',
    ],
    [
      'custom',
      'custom_provider_config: { custom_provider_url: u }',
      'missing-field',
      'custom_provider_config needs api_key_auth, or bearer_token_auth',
    ],
    [
      'custom',
      `custom_provider_config: { custom_provider_url: u, api_key_auth: { key: k, value: ${ref} }, bearer_token_auth: { token: ${ref} } }`,
      'excluded-field',
      'bearer_token_auth cannot stand beside api_key_auth',
    ],
    [
      'custom',
      `custom_provider_config: { custom_provider_url: u, api_key_auth: { value: ${ref} } }`,
      'missing-field',
      'api_key_auth needs key',
    ],
    [
      'anthropic',
      `anthropic_config: { anthropic_api_key: ${ref}, anthropic_api_key_plaintext: "\${env.KEY}" }`,
      'excluded-field',
      'anthropic_api_key_plaintext cannot stand beside anthropic_api_key',
    ],
    ['azure', KEY, 'unknown-value', '"azure" is not a value of provider'],
  ])('%s with %s: %s', (provider, block, code, message) => {
    expect(only(load(model(provider, block)), code).message).toBe(message);
  });

  test('an external model needs what every one has', () => {
    const text = list(`{ name: a, external_model: { ${KEY} } }`);
    expect(only(load(text), 'missing-field').message).toBe(
      'an external model needs name and provider and task',
    );
  });

  test('a task that nobody knows may be new', () => {
    const found = only(load(list(external('a', '', 'llm/v1/chats'))), 'unknown-value');
    expect([found.severity, found.label]).toEqual(['warning', 'did you mean "llm/v1/chat"?']);
  });
});

describe('the endpoint as a whole', () => {
  const FALLBACK = 'ai_gateway: { fallback_config: { enabled: true } }';
  const two = `served_entities: [ ${external('a', 'traffic_percentage: 100, ')}, ${external('b', 'traffic_percentage: 0, ')} ]`;

  test.each<[string, string, string[]]>([
    ['fallback over two', `config: { ${two} }\n${FALLBACK}`, []],
    [
      'fallback over one',
      `config: { served_entities: [ ${external('a')} ] }\n${FALLBACK}`,
      ['warning no-effect <true>'],
    ],
    [
      'fallback over a map',
      `config: { served_entities: { a: { external_model: { name: x } } } }\n${FALLBACK}`,
      ['no-order <true>'],
    ],
    [
      'fallback of custom models',
      `config: { served_entities: [ ${own('a')} ] }\n${FALLBACK}`,
      ['feature-not-offered <true>'],
    ],
    [
      'guardrails of custom models',
      `config: { served_entities: [ ${own('a')} ] }\nai_gateway: { guardrails: { input: { safety: true } } }`,
      [expect.stringMatching(/^warning feature-not-offered/)],
    ],
    [
      'guardrails of a foundation model',
      'config: { served_entities: [ { name: a, entity_name: system.ai.x, entity_version: "1" } ] }\nai_gateway: { guardrails: { input: { safety: true } } }',
      [],
    ],
    [
      'telemetry of external models',
      `config: { ${two} }\ntelemetry_config: { telemetry_profile_id: t }`,
      [expect.stringMatching(/^feature-not-offered/)],
    ],
    ['telemetry without a config', 'telemetry_config: { telemetry_profile_id: t }', []],
    [
      'two ways of telemetry',
      'telemetry_config: { telemetry_profile_id: t, table_names: { logs_table: a.b.c } }',
      ['excluded-field <t>'],
    ],
    [
      'the optimised route of external models',
      `config: { ${two} }\nroute_optimized: true`,
      ['feature-not-offered <true>'],
    ],
    ['no optimised route of external models', `config: { ${two} }\nroute_optimized: false`, []],
    ['a config of another kind', `kind: custom\nconfig: { ${two} }`, [expect.stringMatching(/^wrong-kind/)]],
    ['a config of the kind', `kind: agent\nconfig: { served_entities: [ ${own('a')} ] }`, []],
    [
      'a config of what Databricks runs',
      `manage: observe\nkind: pay_per_token\nconfig: { served_entities: { a: { entity_name: x } } }`,
      ['wrong-kind <{ served_entities: { a: { entity_name: x } } }>'],
    ],
    [
      'a config that is attached',
      `manage: attach\nconfig: { served_entities: { a: { entity_name: x } } }`,
      ['not-attachable <{ served_entities: { a: { entity_name: x } } }>'],
    ],
    ['a description that is attached', 'manage: attach\ndescription: x', ['not-attachable <x>']],
    [
      'all that can be attached',
      'manage: attach\npermissions: { "group:a": CAN_VIEW }\ntags: { a: b }\nai_gateway: {}\nemail_notifications: { on_update_failure: [] }\ntelemetry_config: { telemetry_profile_id: t }',
      [],
    ],
    [
      'permissions of admins',
      'permissions: { "group:admins": CAN_MANAGE }',
      ['reserved-principal <CAN_MANAGE>'],
    ],
    [
      'permissions of admins in a list',
      'permissions: [ { group_name: admins, permission_level: CAN_VIEW } ]',
      ['reserved-principal <CAN_VIEW>'],
    ],
    [
      'the same principal twice',
      'permissions: [ { group_name: a, permission_level: CAN_VIEW }, { group_name: a, permission_level: CAN_QUERY } ]',
      ['duplicate-item <CAN_QUERY>'],
    ],
    [
      'two principals in one entry',
      'permissions: [ { group_name: a, user_name: b, permission_level: CAN_VIEW } ]',
      ['bad-value <{ group_name: a, user_name: b, permission_level: CAN_VIEW }>'],
    ],
    [
      'no principal',
      'permissions: [ { permission_level: CAN_VIEW } ]',
      ['missing-field <{ permission_level: CAN_VIEW }>'],
    ],
    [
      'another level',
      'permissions: [ { group_name: a, permission_level: CAN_USE } ]',
      ['unknown-value <CAN_USE> did you mean "CAN_QUERY"?'],
    ],
    [
      'a principal of no sort',
      'permissions: { a: CAN_VIEW }',
      ['bad-key <a> must be user:NAME, group:NAME or service_principal:ID'],
    ],
    [
      'permissions of what Databricks runs',
      'manage: attach\nkind: pay_per_token\npermissions: {}',
      ['no-permissions <{}>'],
    ],
    ['no permissions at all', 'permissions: null', []],
  ])('%s', (_, body, expected) => {
    expect(said(load(endpoint(body)))).toEqual(expected);
  });

  test('names of Databricks have no permissions, unless the kind says that they are not theirs', () => {
    const text = (more: string) =>
      `project: p\nserving_endpoints: { databricks-x: { manage: attach, ${more}permissions: { "group:a": CAN_VIEW } } }`;
    expect(said(load(text('')))).toEqual(['no-permissions <{ "group:a": CAN_VIEW }>']);
    expect(said(load(text('kind: custom, ')))).toEqual([]);
  });

  test('strict turns every doubt into an error', () => {
    const loaded = load(list(own('a', ', workload_type: GPU_SMAL')), { strict: true });
    expect(said(loaded)).toEqual(['unknown-value <GPU_SMAL> did you mean "GPU_SMALL"?']);
    expect(loaded.desired).toBeUndefined();
  });

  test('every error about two things shows both and a way out', () => {
    const loaded = load(
      endpoint(`
        manage: attach
        kind: pay_per_token
        config: { served_entities: [ ${external('a', 'workload_size: Small, ')}, ${own('b')} ], traffic_config: { routes: { a: 90, b: 20 } } }
        ai_gateway: { fallback_config: { enabled: true } }
        permissions: { "group:admins": CAN_VIEW }
      `),
    );
    const errors = loaded.diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.length).toBeGreaterThan(5);
    for (const { code, because } of errors) expect([code, because !== undefined]).toEqual([code, true]);
  });
});
