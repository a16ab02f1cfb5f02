// What the blocks of external models need, one row for each way to reach a provider.
import type { Block } from './entities';

export interface ProviderShape {
  readonly provider: string;
  readonly block: string;
  readonly fixed?: Block;
  readonly credentials: readonly string[];
  /** Credentials below a member of the block. */
  readonly below?: string;
  /** A member that a file may leave to the workspace. */
  readonly optional?: string;
}

export const PROVIDERS: readonly ProviderShape[] = [
  {
    provider: 'openai',
    block: 'openai_config',
    credentials: ['openai_api_key'],
    optional: 'openai_organization',
  },
  {
    provider: 'openai',
    block: 'openai_config',
    fixed: {
      openai_api_type: 'azure',
      openai_api_base: 'https://azure.example.com',
      openai_api_version: '2024-10-21',
      openai_deployment_name: 'chat',
    },
    credentials: ['openai_api_key'],
  },
  {
    provider: 'openai',
    block: 'openai_config',
    fixed: {
      openai_api_type: 'azuread',
      openai_api_base: 'https://azure.example.com',
      openai_api_version: '2024-10-21',
      openai_deployment_name: 'chat',
      microsoft_entra_tenant_id: 't',
      microsoft_entra_client_id: 'c',
    },
    credentials: ['microsoft_entra_client_secret'],
  },
  { provider: 'anthropic', block: 'anthropic_config', credentials: ['anthropic_api_key'] },
  {
    provider: 'amazon-bedrock',
    block: 'amazon_bedrock_config',
    fixed: { aws_region: 'eu-west-1', bedrock_provider: 'anthropic' },
    credentials: ['aws_access_key_id', 'aws_secret_access_key'],
  },
  {
    provider: 'amazon-bedrock',
    block: 'amazon_bedrock_config',
    fixed: { aws_region: 'eu-west-1', bedrock_provider: 'amazon', instance_profile_arn: 'arn:aws:iam::1:x' },
    credentials: [],
  },
  {
    provider: 'cohere',
    block: 'cohere_config',
    credentials: ['cohere_api_key'],
    optional: 'cohere_api_base',
  },
  {
    provider: 'custom',
    block: 'custom_provider_config',
    fixed: { custom_provider_url: 'https://llm.example.com/v1' },
    credentials: ['token'],
    below: 'bearer_token_auth',
  },
  {
    provider: 'google-cloud-vertex-ai',
    block: 'google_cloud_vertex_ai_config',
    fixed: { project_id: 'p', region: 'europe-west1' },
    credentials: ['private_key'],
  },
  {
    provider: 'databricks-model-serving',
    block: 'databricks_model_serving_config',
    fixed: { databricks_workspace_url: 'https://other.example.com' },
    credentials: ['databricks_api_token'],
  },
];
