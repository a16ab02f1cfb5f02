// Whole endpoints as a workspace holds them, of every sort and with every oddity that answers have: credentials in plain
// text, unknown and null members, sizes that nobody sent, names and values that no file can say.
import fc from 'fast-check';
import { aiGatewayLive } from './gateway';

type Block = { [member: string]: unknown };

/** Stands wherever a credential is given in plain text; must never be seen again. */
export const PLAIN_SECRET = 'sk-canary-0123456789abcdefghij';

const someOf = (members: Record<string, fc.Arbitrary<unknown>>) => fc.record(members, { requiredKeys: [] });
const often = <T>(value: fc.Arbitrary<T>, weight: number, otherwise: fc.Arbitrary<T>) =>
  fc.oneof({ weight, arbitrary: value }, { weight: 1, arbitrary: otherwise });

/** Text that people write, and now and then text that nobody should have to write. */
const text = often(
  fc.constantFrom('support', 'a b', '12', 'no', '3.0', 'yes: no', '# x', "it's", '{x}', ''),
  4,
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('${var.x}', '$${', 'a\nb', '::error::x', '##[group]', '\u200b', '\u202e', '- a', '@x'),
  ),
);

const reference = fc.constantFrom('{{secrets/llm/key}}', '{{secrets/team-a/openai_key}}');
/** Either form; the plain one is taken and never answered. */
const credential = (field: string) =>
  often(
    reference.map((value): Block => ({ [field]: value })),
    4,
    fc.constant<Block>({ [`${field}_plaintext`]: PLAIN_SECRET }),
  );
const together = (...parts: fc.Arbitrary<unknown>[]): fc.Arbitrary<Block> =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...(all as Block[])) as Block);
const base = 'https://example.com/v1';

const PROVIDERS: readonly (readonly [string, string, fc.Arbitrary<Block>])[] = [
  [
    'openai',
    'openai_config',
    together(
      credential('openai_api_key'),
      someOf({ openai_organization: text, openai_api_type: fc.constant('openai') }),
    ),
  ],
  [
    'openai',
    'openai_config',
    together(
      credential('microsoft_entra_client_secret'),
      fc.constant({
        openai_api_type: 'azuread',
        openai_api_base: base,
        openai_api_version: '2024-06-01',
        openai_deployment_name: 'chat',
        microsoft_entra_tenant_id: 't',
        microsoft_entra_client_id: 'c',
      }),
    ),
  ],
  ['anthropic', 'anthropic_config', credential('anthropic_api_key')],
  [
    'amazon-bedrock',
    'amazon_bedrock_config',
    together(
      fc.constant({ aws_region: 'eu-west-1', bedrock_provider: 'anthropic' }),
      fc.oneof(
        together(credential('aws_access_key_id'), credential('aws_secret_access_key')),
        fc.constant({ instance_profile_arn: 'arn:aws:iam::1:instance-profile/p' }),
      ),
    ),
  ],
  [
    'cohere',
    'cohere_config',
    together(credential('cohere_api_key'), someOf({ cohere_api_base: fc.constant(base) })),
  ],
  [
    'custom',
    'custom_provider_config',
    together(
      fc.constant({ custom_provider_url: base }),
      fc.oneof(
        credential('token').map((token): Block => ({ bearer_token_auth: token })),
        credential('value').map((value): Block => ({ api_key_auth: { key: 'x-api-key', ...value } })),
      ),
    ),
  ],
  [
    'google-cloud-vertex-ai',
    'google_cloud_vertex_ai_config',
    together(fc.constant({ project_id: 'p', region: 'r' }), credential('private_key')),
  ],
];

/** `name` is left to the workspace now and then. */
const names = fc.uniqueArray(fc.constantFrom('gpt', 'claude', 'b', 'next'), { minLength: 1, maxLength: 3 });

const external = fc.constantFrom(...PROVIDERS).chain(([provider, block, config]) =>
  fc.record({ model: fc.constantFrom('gpt-5', 'claude-4.5', 'm:1'), config }).map(
    ({ model, config: made }): Block => ({
      external_model: { name: model, provider, task: 'llm/v1/chat', [block]: made },
    }),
  ),
);

const environment = fc.dictionary(
  fc.constantFrom('LOG_LEVEL', 'API_KEY', 'TOKEN', 'A', 'constructor', '__proto__'),
  fc.oneof(text, reference, fc.constant('literal-credential'), fc.constant(PLAIN_SECRET)),
  { maxKeys: 3, noNullPrototype: true },
);
const sized = fc.oneof(
  fc.constant<Block>({}),
  fc.constantFrom('Small', 'Medium', 'Large').map((workload_size): Block => ({ workload_size })),
  fc.constant<Block>({ min_provisioned_concurrency: 4, max_provisioned_concurrency: 8 }),
);
const custom = together(
  fc.record({
    entity_name: fc.constantFrom('ml.models.own', 'registry_model'),
    entity_version: fc.constantFrom('1', '2'),
  }),
  sized,
  someOf({
    workload_type: fc.constantFrom('CPU', 'GPU_SMALL', 'NEW_KIND'),
    scale_to_zero_enabled: fc.boolean(),
    environment_vars: environment,
    instance_profile_arn: fc.constant('arn:aws:iam::1:instance-profile/p'),
    unheard_of: fc.constantFrom(true, null),
  }),
);
const provisioned = fc.oneof(
  fc.constant<Block>({
    entity_name: 'system.ai.llama',
    entity_version: '1',
    min_provisioned_throughput: 0,
    max_provisioned_throughput: 100,
  }),
  fc.constant<Block>({ entity_name: 'system.ai.llama', entity_version: '2', provisioned_model_units: 50 }),
);

function config(entity: fc.Arbitrary<Block>): fc.Arbitrary<Block> {
  return names.chain((all) =>
    fc
      .tuple(fc.tuple(...all.map(() => entity)), fc.integer({ min: 0, max: 100 }), fc.boolean(), fc.boolean())
      .map(([entities, share, isNamed, isExplicit]): Block => {
        const served = entities.map((one, index) =>
          isNamed || all.length > 1 ? { name: all[index], ...one } : one,
        );
        const shares = all.map((_, index) => (index === 0 ? share : index === 1 ? 100 - share : 0));
        const routes = all.map((name, index) => ({
          served_entity_name: name,
          traffic_percentage: all.length === 1 ? 100 : shares[index],
        }));
        const isSplit = all.length > 1 || (isNamed && isExplicit);
        return { served_entities: served, ...(isSplit ? { traffic_config: { routes } } : {}) };
      }),
  );
}

const CONFIGS: Readonly<Record<string, fc.Arbitrary<Block>>> = {
  external: config(external).map((made) => ({ config: made })),
  custom: config(custom).map((made) => ({ config: made })),
  provisioned: config(provisioned).map((made) => ({ config: made })),
  old: fc.constant({ config: { served_models: [{ model_name: 'ads', model_version: '2' }] } }),
  agent: fc.constant({ config: {}, task: 'agent/v1/chat' }),
  none: fc.constant({}),
  pay_per_token: fc.constant({
    id: null,
    creator: null,
    endpoint_type: 'FOUNDATION_MODEL_API',
    config: {
      served_entities: [
        { name: 'fm', entity_name: 'system.ai.fm', foundation_model: { name: 'system.ai.fm' } },
      ],
    },
  }),
};

const unknownGateway = aiGatewayLive().chain((gateway) =>
  often(
    fc.constant<Block>({ ...gateway }),
    6,
    fc.constantFrom<Block>({ ...gateway, future: { on: true } }, { ...gateway, rate_limits: null }),
  ),
);

const grants = fc
  .uniqueArray(
    fc.record({
      who: fc.constantFrom<readonly [string, string]>(
        ['user_name', 'ana@example.com'],
        ['user_name', 'bo@example.com'],
        ['group_name', 'admins'],
        ['group_name', 'data science'],
        ['service_principal_name', '6f1c7a52-0000-4000-8000-000000000001'],
      ),
      level: fc.constantFrom('CAN_VIEW', 'CAN_QUERY', 'CAN_MANAGE'),
    }),
    { selector: ({ who }) => who[1], maxLength: 4 },
  )
  .map((all) =>
    all.map(({ who: [field = '', name], level }) => ({ [field]: name, permission_level: level })),
  );

const emails = fc.array(fc.constantFrom('ana@example.com', 'bo@example.com'), { maxLength: 3 });

const around = someOf({
  ai_gateway: unknownGateway,
  tags: fc.uniqueArray(
    fc.record({
      key: often(
        fc.constantFrom('team', 'cost', 'on', 'token'),
        5,
        text.filter((key) => key !== ''),
      ),
      value: text,
    }),
    { selector: ({ key }) => key, maxLength: 3 },
  ),
  description: text,
  route_optimized: fc.boolean(),
  permissions: grants,
  email_notifications: someOf({ on_update_failure: emails, on_update_success: emails }),
  telemetry_config: someOf({
    telemetry_profile_id: fc.constant('p-1'),
    enabled_telemetry_features: fc.subarray(['TELEMETRY_FEATURE_LOGS', 'TELEMETRY_FEATURE_TRACES']),
    inference_table_config: fc.constant({ name: 'ml.logs.t', sampling_fraction: 0.5 }),
  }),
  effective_budget_policy_id: fc.constant('b-1'),
  state: fc.constantFrom({ config_update: 'UPDATE_FAILED' }, { config_update: 'UPDATE_CANCELED' }),
});

function endpoint(name: string): fc.Arbitrary<Block> {
  return fc
    .constantFrom(
      'external',
      'external',
      'custom',
      'custom',
      'provisioned',
      'old',
      'agent',
      'none',
      'pay_per_token',
    )
    .chain((sort) => fc.tuple(CONFIGS[sort]!, around, fc.constant(sort)))
    .map(([made, rest, sort]) => {
      const stays = Object.entries(rest).filter(
        ([field]) => sort !== 'pay_per_token' || field === 'ai_gateway' || field === 'description',
      );
      return { name, ...made, ...Object.fromEntries(stays) };
    });
}

/** Seeds of the simulator; one to three endpoints. */
export const liveEstates: fc.Arbitrary<Block[]> = fc
  .uniqueArray(fc.constantFrom('chat', 'Chat', 'con', '-x', 'a_b', 'databricks-app', 'not.a.name'), {
    minLength: 1,
    maxLength: 3,
  })
  .chain((all) => fc.tuple(...all.map(endpoint)));
