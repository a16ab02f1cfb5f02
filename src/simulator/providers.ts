// External models: one row for each provider says which block it needs and what the block holds. Reads the
// rows, refuses what breaks them; knows no endpoint.
//
// https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (ExternalModel and its *Config types)
import { invalid } from './errors';
import { isObject, type JsonObject } from './json';
import { isReference } from './secrets';
import type { Shape } from './shapes';

interface Provider {
  readonly block: string;
  readonly fields?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  /** Credentials that may be given by reference or, under `_plaintext`, as they are. */
  readonly secrets: readonly string[];
  /** Which credentials this block needs; by default all of them. */
  readonly needs?: (block: JsonObject) => readonly string[];
  readonly check?: (block: JsonObject, at: string) => void;
}

const AZURE_NEEDS = ['openai_api_base', 'openai_api_version', 'openai_deployment_name'];
const ENTRA_NEEDS = ['microsoft_entra_tenant_id', 'microsoft_entra_client_id'];
const BEDROCK_PROVIDERS = ['anthropic', 'cohere', 'ai21labs', 'amazon'];

const CUSTOM_AUTH: Readonly<Record<string, string>> = { api_key_auth: 'value', bearer_token_auth: 'token' };

const PROVIDERS: Readonly<Record<string, Provider>> = {
  ai21labs: { block: 'ai21labs_config', secrets: ['ai21labs_api_key'] },
  anthropic: { block: 'anthropic_config', secrets: ['anthropic_api_key'] },
  'amazon-bedrock': {
    block: 'amazon_bedrock_config',
    fields: { aws_region: 'string', bedrock_provider: 'string', instance_profile_arn: 'string' },
    required: ['aws_region', 'bedrock_provider'],
    secrets: ['aws_access_key_id', 'aws_secret_access_key'],
    needs: (block) =>
      block.instance_profile_arn === undefined ? ['aws_access_key_id', 'aws_secret_access_key'] : [],
    check: checkBedrock,
  },
  cohere: { block: 'cohere_config', fields: { cohere_api_base: 'string' }, secrets: ['cohere_api_key'] },
  custom: {
    block: 'custom_provider_config',
    fields: {
      custom_provider_url: 'string',
      api_key_auth: {
        fields: { key: 'string', value: 'string', value_plaintext: 'string' },
        required: ['key'],
      },
      bearer_token_auth: { fields: { token: 'string', token_plaintext: 'string' } },
    },
    required: ['custom_provider_url'],
    secrets: [],
    check: checkCustom,
  },
  'databricks-model-serving': {
    block: 'databricks_model_serving_config',
    fields: { databricks_workspace_url: 'string' },
    required: ['databricks_workspace_url'],
    secrets: ['databricks_api_token'],
  },
  'google-cloud-vertex-ai': {
    block: 'google_cloud_vertex_ai_config',
    fields: { project_id: 'string', region: 'string' },
    required: ['project_id', 'region'],
    secrets: ['private_key'],
  },
  openai: {
    block: 'openai_config',
    fields: {
      openai_api_type: { oneOf: ['openai', 'azure', 'azuread'] },
      openai_api_base: 'string',
      openai_api_version: 'string',
      openai_deployment_name: 'string',
      openai_organization: 'string',
      microsoft_entra_tenant_id: 'string',
      microsoft_entra_client_id: 'string',
    },
    secrets: ['openai_api_key', 'microsoft_entra_client_secret'],
    needs: (block) => [
      block.openai_api_type === 'azuread' ? 'microsoft_entra_client_secret' : 'openai_api_key',
    ],
    check: checkOpenai,
  },
  palm: { block: 'palm_config', secrets: ['palm_api_key'] },
};

export const EXTERNAL_MODEL: Shape = {
  fields: {
    name: 'string',
    provider: { oneOf: Object.keys(PROVIDERS) },
    task: 'string',
    ...Object.fromEntries(Object.values(PROVIDERS).map((row) => [row.block, blockShape(row)])),
  },
  required: ['name', 'provider', 'task'],
};

/** @throws ApiError 400 */
export function checkExternalModel(model: JsonObject, at: string): void {
  const row = PROVIDERS[model.provider as string]!;
  for (const { block } of Object.values(PROVIDERS)) {
    if (block !== row.block && model[block] !== undefined)
      throw invalid(`${at}: the provider ${model.provider} takes ${row.block}, not ${block}.`);
  }
  const block = model[row.block];
  const inBlock = `${at}.${row.block}`;
  if (!isObject(block)) throw invalid(`${inBlock} is required for the provider ${model.provider}.`);
  row.check?.(block, inBlock);
  const needed = row.needs?.(block) ?? row.secrets;
  for (const field of row.secrets) checkSecret(block, field, needed.includes(field), inBlock);
}

function blockShape(row: Provider): Shape {
  const secrets = row.secrets.flatMap((field) => [field, `${field}_plaintext`]);
  const fields = { ...row.fields, ...Object.fromEntries(secrets.map((field) => [field, 'string' as const])) };
  return row.required === undefined ? { fields } : { fields, required: row.required };
}

function checkSecret(block: JsonObject, field: string, needed: boolean, at: string): void {
  const reference = block[field];
  const literal = block[`${field}_plaintext`];
  if (reference !== undefined && literal !== undefined)
    throw invalid(`${at}: exactly one of ${field} and ${field}_plaintext must be set.`);
  if (needed && reference === undefined && literal === undefined)
    throw invalid(`${at}: one of ${field} and ${field}_plaintext is required.`);
  if (reference !== undefined && !isReference(reference))
    throw invalid(`${at}.${field} must be a secret reference, {{secrets/scope/key}}.`);
}

function checkBedrock(block: JsonObject, at: string): void {
  const provider = (block.bedrock_provider as string).toLowerCase();
  if (!BEDROCK_PROVIDERS.includes(provider))
    throw invalid(`${at}.bedrock_provider must be one of ${BEDROCK_PROVIDERS.join(', ')}.`);
  const keyed = Object.keys(block).some((key) => key.startsWith('aws_') && key !== 'aws_region');
  if (keyed && block.instance_profile_arn !== undefined)
    throw invalid(`${at}: either access keys or instance_profile_arn, not both.`);
}

function checkCustom(block: JsonObject, at: string): void {
  const given = Object.keys(CUSTOM_AUTH).filter((key) => isObject(block[key]));
  if (given.length !== 1)
    throw invalid(`${at}: exactly one of ${Object.keys(CUSTOM_AUTH).join(' and ')} must be set.`);
  const [auth] = given;
  checkSecret(block[auth!] as JsonObject, CUSTOM_AUTH[auth!]!, true, `${at}.${auth}`);
}

function checkOpenai(block: JsonObject, at: string): void {
  const type = block.openai_api_type;
  if (type !== 'azure' && type !== 'azuread') return;
  const needed = type === 'azuread' ? [...AZURE_NEEDS, ...ENTRA_NEEDS] : AZURE_NEEDS;
  for (const field of needed) {
    if (block[field] === undefined)
      throw invalid(`${at}.${field} is required when openai_api_type is ${type}.`);
  }
}
