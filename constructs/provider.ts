// Who serves an external model, as data: the provider's name beside the block that says how to reach it.
// https://docs.databricks.com/aws/en/generative-ai/external-models/
import type * as props from './generated/props';

/** The part of an external model that says whose it is. Made by `Provider.openai({ apiKey })` and its kin. */
export type ExternalProvider = Omit<props.ExternalModel, 'name' | 'task'>;

interface OpenAi extends Omit<props.OpenaiConfig, 'openaiApiKey'> {
  /** The API key. */
  readonly apiKey?: props.OpenaiConfig['openaiApiKey'];
}

function openaiConfig({ apiKey, ...config }: OpenAi): props.OpenaiConfig {
  return { ...config, ...(apiKey === undefined ? {} : { openaiApiKey: apiKey }) };
}

type AzureBase = Required<
  Pick<props.OpenaiConfig, 'openaiApiBase' | 'openaiApiVersion' | 'openaiDeploymentName'>
>;

export const Provider = {
  openai: (config: OpenAi): ExternalProvider => ({ provider: 'openai', openaiConfig: openaiConfig(config) }),
  /** Azure OpenAI with an API key. */
  azureOpenai: (config: OpenAi & AzureBase): ExternalProvider => ({
    provider: 'openai',
    openaiConfig: { openaiApiType: 'azure', ...openaiConfig(config) },
  }),
  /** Azure OpenAI with Entra ID. */
  azureOpenaiEntra: (config: Omit<props.OpenaiConfig, 'openaiApiType'> & AzureBase): ExternalProvider => ({
    provider: 'openai',
    openaiConfig: { openaiApiType: 'azuread', ...config },
  }),
  anthropic: (config: {
    readonly apiKey: props.AnthropicConfig['anthropicApiKey'] & {};
  }): ExternalProvider => ({
    provider: 'anthropic',
    anthropicConfig: { anthropicApiKey: config.apiKey },
  }),
  ai21labs: (config: { readonly apiKey: props.Ai21labsConfig['ai21labsApiKey'] & {} }): ExternalProvider => ({
    provider: 'ai21labs',
    ai21labsConfig: { ai21labsApiKey: config.apiKey },
  }),
  cohere: ({
    apiKey,
    apiBase,
  }: {
    readonly apiKey: props.CohereConfig['cohereApiKey'] & {};
    readonly apiBase?: string;
  }): ExternalProvider => ({
    provider: 'cohere',
    cohereConfig: { cohereApiKey: apiKey, ...(apiBase === undefined ? {} : { cohereApiBase: apiBase }) },
  }),
  palm: (config: { readonly apiKey: props.PalmConfig['palmApiKey'] & {} }): ExternalProvider => ({
    provider: 'palm',
    palmConfig: { palmApiKey: config.apiKey },
  }),
  amazonBedrock: (config: props.AmazonBedrockConfig): ExternalProvider => ({
    provider: 'amazon-bedrock',
    amazonBedrockConfig: config,
  }),
  googleVertexAi: (config: props.GoogleCloudVertexAiConfig): ExternalProvider => ({
    provider: 'google-cloud-vertex-ai',
    googleCloudVertexAiConfig: config,
  }),
  /** A model that another workspace serves. */
  databricks: (config: props.DatabricksModelServingConfig): ExternalProvider => ({
    provider: 'databricks-model-serving',
    databricksModelServingConfig: config,
  }),
  /** Anything that speaks the API of OpenAI. */
  custom: (config: props.CustomProviderConfig): ExternalProvider => ({
    provider: 'custom',
    customProviderConfig: config,
  }),
} as const;
