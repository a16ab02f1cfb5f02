// The field behaviour table of a serving endpoint's `config`: entities, their credentials, the split.
import type { Choice, FieldRow } from './fields';

const SDK = 'https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go';
const PROVIDER =
  'https://github.com/databricks/terraform-provider-databricks/blob/main/serving/resource_model_serving.go';
const ENTITY = 'config.served_entities[]';

/** Which block of an external model speaks to which provider. */
export const PROVIDER_BLOCKS = {
  ai21labs: 'ai21labs_config',
  anthropic: 'anthropic_config',
  'amazon-bedrock': 'amazon_bedrock_config',
  cohere: 'cohere_config',
  custom: 'custom_provider_config',
  'databricks-model-serving': 'databricks_model_serving_config',
  'google-cloud-vertex-ai': 'google_cloud_vertex_ai_config',
  openai: 'openai_config',
  palm: 'palm_config',
} as const;

/** What a block holds besides its credentials. https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go */
export const BLOCK_SETTINGS: Readonly<
  Record<(typeof PROVIDER_BLOCKS)[keyof typeof PROVIDER_BLOCKS], readonly string[]>
> = {
  ai21labs_config: [],
  anthropic_config: [],
  amazon_bedrock_config: ['aws_region', 'bedrock_provider', 'instance_profile_arn'],
  cohere_config: ['cohere_api_base'],
  custom_provider_config: ['custom_provider_url'],
  databricks_model_serving_config: ['databricks_workspace_url'],
  google_cloud_vertex_ai_config: ['project_id', 'region'],
  openai_config: [
    'openai_api_type',
    'openai_api_base',
    'openai_api_version',
    'openai_deployment_name',
    'openai_organization',
    'microsoft_entra_tenant_id',
    'microsoft_entra_client_id',
  ],
  palm_config: [],
};

/** Every credential, by the path of its reference form below `external_model`; the other form ends in `_plaintext`. */
export const CREDENTIALS = [
  'ai21labs_config.ai21labs_api_key',
  'amazon_bedrock_config.aws_access_key_id',
  'amazon_bedrock_config.aws_secret_access_key',
  'anthropic_config.anthropic_api_key',
  'cohere_config.cohere_api_key',
  'custom_provider_config.api_key_auth.value',
  'custom_provider_config.bearer_token_auth.token',
  'databricks_model_serving_config.databricks_api_token',
  'google_cloud_vertex_ai_config.private_key',
  'openai_config.openai_api_key',
  'openai_config.microsoft_entra_client_secret',
  'palm_config.palm_api_key',
] as const;

const plainText = (path: string) => `${path}_plaintext`;
const lastOf = (path: string) => path.slice(path.lastIndexOf('.') + 1);
const blockOf = (path: string) => path.slice(0, path.lastIndexOf('.'));

const credentialRows = CREDENTIALS.flatMap((path): FieldRow[] => [
  {
    path: `${ENTITY}.external_model.${path}`,
    secret: 'reference',
    effect: { family: 'credential' },
    reason: 'A reference comes back as it was sent; what it points at never does.',
    source: PROVIDER,
  },
  {
    path: `${ENTITY}.external_model.${plainText(path)}`,
    secret: 'resolved',
    effect: { family: 'credential' },
    writeOnly: true,
    reason: 'A plain-text credential is taken and never answered.',
    source: 'https://github.com/databricks/terraform-provider-databricks/issues/5125',
  },
]);

/** Each credential in one form; beside that, what a block offers instead of its key. */
const FURTHER_CHOICES: Readonly<Record<string, Choice>> = {
  amazon_bedrock_config: [
    ['instance_profile_arn'],
    [
      'aws_access_key_id',
      'aws_access_key_id_plaintext',
      'aws_secret_access_key',
      'aws_secret_access_key_plaintext',
    ],
  ],
  custom_provider_config: [['api_key_auth'], ['bearer_token_auth']],
};

const choiceRows = [...new Set([...CREDENTIALS.map(blockOf), 'custom_provider_config'])].map(
  (block): FieldRow => {
    const own = CREDENTIALS.filter((path) => blockOf(path) === block).map(lastOf);
    const further = FURTHER_CHOICES[block];
    return {
      path: `${ENTITY}.external_model.${block}`,
      choices: [
        ...own.map((name): Choice => [[name], [plainText(name)]]),
        ...(further === undefined ? [] : [further]),
      ],
      reason: 'A credential is given in one form and by one way alone.',
      source: SDK,
    };
  },
);

const CONCURRENCY = ['min_provisioned_concurrency', 'max_provisioned_concurrency'];

export const CONFIG_FIELDS: readonly FieldRow[] = [
  {
    path: 'config',
    unsettable: true,
    reason: 'An endpoint that has a config cannot be without one again.',
    source: 'https://github.com/databricks/terraform-provider-databricks/issues/4446',
  },
  {
    path: 'config.served_entities',
    keyed: 'entity',
    items: 'partial',
    unsettable: true,
    reason: 'Entities come back in alphabetical order, so they are told apart by name.',
    source: 'https://github.com/databricks/terraform-provider-databricks/issues/5188',
  },
  {
    path: ENTITY,
    direction: 'moves',
    choices: [[['workload_size'], CONCURRENCY]],
    effect: {
      family: 'entity',
      labels: ['{external_model.provider} {external_model.name}', '{entity_name}'],
      version: 'entity_version',
    },
    reason:
      'Another entity is another place where requests may go. Size and concurrency are two ways to say one thing.',
    source: SDK,
  },
  {
    path: `${ENTITY}.environment_vars`,
    effect: { family: 'setting', of: 'the environment variable' },
    reason: 'Its members are names that the author chose.',
    source: SDK,
  },
  { path: `${ENTITY}.workload_type`, absent: 'CPU', reason: 'The server fills in CPU.', source: SDK },
  {
    path: `${ENTITY}.workload_size`,
    serverFills: true,

    reason: 'The server fills it in where neither size nor concurrency is given; both together are refused.',
    source: 'https://github.com/databricks/terraform-provider-databricks/issues/5111',
  },
  {
    path: `${ENTITY}.scale_to_zero_enabled`,
    when: ['pay_per_token', 'provisioned_throughput'],
    fixed: true,
    reason: 'These entities answer false whatever is asked.',
    source: 'https://github.com/databricks/terraform-provider-databricks/issues/5467',
  },
  {
    path: `${ENTITY}.scale_to_zero_enabled`,
    absent: false,
    effect: { family: 'setting', of: 'scaling to zero' },
    reason: 'Without it the entity keeps running.',
    source: SDK,
  },
  {
    path: `${ENTITY}.burst_scaling_enabled`,
    writeOnly: true,
    reason: 'It is taken and not answered.',
    source: 'https://github.com/databricks/cli/blob/main/bundle/direct/dresources/resources.yml',
  },
  {
    path: `${ENTITY}.entity_name`,
    direction: 'moves',
    effect: { family: 'model' },
    reason: 'Another model answers.',
    source: SDK,
  },
  {
    path: `${ENTITY}.entity_version`,
    direction: 'moves',
    effect: { family: 'version' },
    reason: 'Another version answers.',
    source: SDK,
  },
  {
    path: `${ENTITY}.external_model.name`,
    direction: 'moves',
    effect: { family: 'model' },
    reason: 'Another model answers.',
    source: SDK,
  },
  {
    path: `${ENTITY}.external_model.provider`,
    direction: 'moves',
    effect: { family: 'model' },
    reason: 'Requests go to another company.',
    source: SDK,
  },
  {
    path: `${ENTITY}.external_model`,
    choices: [Object.values(PROVIDER_BLOCKS).map((block) => [block])],
    reason: 'A model has the block of its provider and no other.',
    source: SDK,
  },
  ...choiceRows,
  ...credentialRows,
  {
    path: 'config.traffic_config.routes',
    keyed: 'route',
    items: 'whole',
    reason: 'A route is told by the entity that it leads to; the answer has both of its names.',
    source: 'https://github.com/databricks/cli/issues/5708',
  },
  {
    path: 'config.traffic_config.routes[]',
    direction: 'moves',
    effect: { family: 'traffic', entities: 'config.served_entities' },
    reason: 'Traffic goes elsewhere.',
    source: SDK,
  },
];
