// The field behaviour tables of the services of Unity AI Gateway. A quirk is a row here, with its reason and its source.
import type { FieldRow } from './fields';

const TF = 'https://github.com/databricks/terraform-provider-databricks/blob/main/docs/resources';
const MODEL = `${TF}/ai_gateway_model_service.md`;
const PROVIDER = `${TF}/ai_gateway_model_provider_service.md`;
const MCP = `${TF}/ai_gateway_mcp_service.md`;
const LIMITS = 'https://docs.databricks.com/aws/en/ai-gateway/rate-limits';
const GRANTS = 'https://docs.databricks.com/api/workspace/grants';

/** Which block of a destination belongs to which type. */
export const DESTINATION_BLOCKS = {
  DESTINATION_TYPE_PAY_PER_TOKEN_FOUNDATION_MODEL: 'pay_per_token_config',
  DESTINATION_TYPE_PROVISIONED_THROUGHPUT_FOUNDATION_MODEL: 'provisioned_throughput_config',
  DESTINATION_TYPE_EXTERNAL_FOUNDATION_MODEL: 'external_model_config',
} as const;

/** Which block of a model provider service belongs to which type. */
export const PROVIDER_TYPE_BLOCKS = {
  EXTERNAL_MODEL_PROVIDER_TYPE_OPENAI: 'openai',
  EXTERNAL_MODEL_PROVIDER_TYPE_AZURE_OPENAI: 'azure_openai',
  EXTERNAL_MODEL_PROVIDER_TYPE_ANTHROPIC: 'anthropic',
  EXTERNAL_MODEL_PROVIDER_TYPE_AMAZON_BEDROCK: 'amazon_bedrock',
  EXTERNAL_MODEL_PROVIDER_TYPE_CUSTOM: 'custom',
  EXTERNAL_MODEL_PROVIDER_TYPE_MICROSOFT_FOUNDRY: 'microsoft_foundry',
  EXTERNAL_MODEL_PROVIDER_TYPE_GEMINI_ENTERPRISE: 'gemini_enterprise',
} as const;

/** Every credential of a model provider service, below `config`. */
export const PROVIDER_SECRETS = [
  'openai.direct.api_key',
  'azure_openai.direct.api_key',
  'azure_openai.direct.entra_service_principal.client_secret',
  'anthropic.direct.api_key',
  'amazon_bedrock.direct.aws_access_key.secret_access_key',
  'custom.direct.api_key',
  'microsoft_foundry.direct.api_key',
  'microsoft_foundry.direct.entra_service_principal.client_secret',
  'gemini_enterprise.direct.api_key',
] as const;

const LIMIT_ROWS: readonly FieldRow[] = [
  {
    path: 'config.rate_limits',
    keyed: 'service_limit',
    items: 'whole',
    reason: 'Identity is key, principal and period; no statement gives the order a meaning.',
    source: LIMITS,
  },
  ...(['requests', 'tokens'] as const).map(
    (unit): FieldRow => ({
      path: `config.rate_limits[].${unit}`,
      direction: 'limit',
      reason: `Fewer ${unit} are stricter; 0 refuses all, absence allows all.`,
      source: LIMITS,
    }),
  ),
];

const GRANT_ROWS: readonly FieldRow[] = [
  {
    path: 'grants',
    keyed: 'grant',
    items: 'whole',
    reason: 'A principal has one entry, whatever the order.',
    source: GRANTS,
  },
  { path: 'grants[]', unordered: true, absent: [], reason: 'A set of privileges.', source: GRANTS },
];

const TABLE_ROWS: readonly FieldRow[] = [
  {
    path: 'config.inference_table.table_name_prefix',
    serverFills: true,
    direction: 'moves',
    reason: 'By default it is the name of the service; it cannot be changed once the table exists.',
    source: MODEL,
  },
  {
    path: 'config.inference_table.parent',
    direction: 'moves',
    reason: 'It cannot be changed once the table exists.',
    source: MODEL,
  },
];

const CONFIG: FieldRow = {
  path: 'config',
  unsettable: true,
  reason: 'A service cannot be without its config.',
  source: MODEL,
};

const DESTINATION_CHOICE: FieldRow['choices'] = [Object.values(DESTINATION_BLOCKS).map((block) => [block])];

export const MODEL_SERVICE_FIELDS: readonly FieldRow[] = [
  CONFIG,
  {
    path: 'config.routing',
    unsettable: true,
    reason: 'A model service always leads somewhere.',
    source: MODEL,
  },
  {
    path: 'config.routing.destinations',
    keyed: 'destination',
    items: 'whole',
    unsettable: true,
    reason: 'Destinations are told apart by their labels; their order means nothing.',
    source: MODEL,
  },
  {
    path: 'config.routing.destinations[]',
    direction: 'moves',
    choices: DESTINATION_CHOICE,
    reason: 'Requests go elsewhere. A destination has the block of its type and no other.',
    source: MODEL,
  },
  {
    path: 'config.routing.destinations[].traffic_percentage',
    direction: 'moves',
    reason: 'Requests go elsewhere.',
    source: MODEL,
  },
  {
    path: 'config.routing.destinations[].external_model_config.target.native_api_types',
    unordered: true,
    reason: 'A set of API types.',
    source: MODEL,
  },
  {
    path: 'config.routing.fallback.destinations',
    keyed: 'fallback',
    items: 'whole',
    reason: 'What is tried, in this order.',
    source: MODEL,
  },
  {
    path: 'config.routing.fallback.destinations[]',
    direction: 'moves',
    choices: DESTINATION_CHOICE,
    reason: 'Requests go elsewhere. A destination has the block of its type and no other.',
    source: MODEL,
  },
  {
    path: 'config.routing.fallback.destinations[].external_model_config.target.native_api_types',
    unordered: true,
    reason: 'A set of API types.',
    source: MODEL,
  },
  ...LIMIT_ROWS,
  ...TABLE_ROWS,
  ...GRANT_ROWS,
];

const FLAGS = [
  'allow_all_targets',
  'forward_headers',
  'forward_query_parameters',
  'forward_unmanaged_paths',
] as const;

const SIGN_IN: Readonly<Record<string, readonly string[]>> = {
  azure_openai: ['api_key', 'entra_service_principal', 'service_credential'],
  microsoft_foundry: ['api_key', 'entra_service_principal', 'service_credential'],
  amazon_bedrock: ['aws_access_key', 'service_credential'],
};

export const PROVIDER_SERVICE_FIELDS: readonly FieldRow[] = [
  {
    ...CONFIG,
    choices: [Object.values(PROVIDER_TYPE_BLOCKS).map((block) => [block])],
    reason: 'A service cannot be without its config, and has the block of its provider and no other.',
    source: PROVIDER,
  },
  {
    path: 'config.provider_type',
    immutable: true,
    unsettable: true,
    reason: 'It is decided when the service is made.',
    source: PROVIDER,
  },
  {
    path: 'config.anthropic',
    choices: [[['direct'], ['relayed']]],
    reason: 'Either a key is stored, or the token of each caller is passed on.',
    source: PROVIDER,
  },
  ...Object.entries(SIGN_IN).map(
    ([block, ways]): FieldRow => ({
      path: `config.${block}.direct`,
      choices: [ways.map((way) => [way])],
      reason: 'There is one way to sign in.',
      source: PROVIDER,
    }),
  ),
  ...PROVIDER_SECRETS.flatMap((path): FieldRow[] => [
    {
      path: `config.${path}`,
      choices: [[['plaintext'], ['secret_reference']]],
      reason: 'A credential is given in one form.',
      source: PROVIDER,
    },
    {
      path: `config.${path}.plaintext`,
      secret: 'resolved',
      writeOnly: true,
      reason: 'It is taken and never answered.',
      source: PROVIDER,
    },
  ]),
  {
    path: 'config.targets',
    keyed: 'target',
    items: 'whole',
    reason: 'Targets are told apart by their models.',
    source: PROVIDER,
  },
  {
    path: 'config.targets[].native_api_types',
    unordered: true,
    reason: 'A set of API types.',
    source: PROVIDER,
  },
  ...FLAGS.map(
    (field): FieldRow => ({
      path: `config.${field}`,
      absent: false,
      direction: 'moves',
      reason: 'It is off by default; on, more is let through.',
      source: PROVIDER,
    }),
  ),
  ...LIMIT_ROWS,
  ...TABLE_ROWS,
  ...GRANT_ROWS,
];

export const MCP_SERVICE_FIELDS: readonly FieldRow[] = [
  CONFIG,
  {
    path: 'config.source_connection',
    unsettable: true,
    direction: 'moves',
    reason: 'An MCP service always has a connection.',
    source: MCP,
  },
  {
    path: 'config.include_tool_selectors',
    unordered: true,
    absent: [],
    direction: 'moves',
    reason: 'A set; none means every tool.',
    source: MCP,
  },
  ...LIMIT_ROWS,
  ...GRANT_ROWS,
];
