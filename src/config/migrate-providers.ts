// How external models of serving endpoints are said of model provider services: a row for each provider, with what becomes
// of each member of its block. What stands in no row has no equivalent. Sources:
// https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go
// https://github.com/databricks/terraform-provider-databricks/blob/main/docs/resources/ai_gateway_model_provider_service.md
import { isObject, type JsonObject } from '../model/json';
import type { Outcome } from './migrate-rows';

export interface MemberRule {
  /** Below the block of the provider service: `direct.base_url`. */
  readonly to?: string;
  readonly outcome: Outcome;
  readonly says: string;
  /** It is a credential, which goes by reference. */
  readonly secret?: true;
  /** It is a reference, and a text of another kind is to stand there: this, until somebody writes it. */
  readonly placeholder?: string;
  /** `to` is newer than the schema: it is declared under `preview`. */
  readonly newer?: true;
  /** It names what is asked of the provider, instead of the name of the model. */
  readonly model?: true;
}

export interface ProviderRule {
  /** As endpoints call it. */
  readonly provider: string;
  /** The row holds only where a member of the block has one of these values; absent counts as ''. */
  readonly when?: { readonly member: string; readonly is: readonly string[] };
  /** As services call it, without what all types begin with. */
  readonly type: string;
  readonly members: Readonly<Record<string, MemberRule>>;
  /** API types by task. */
  readonly speaks: Readonly<Record<string, string>>;
  readonly says?: string;
}

const same = (to: string): MemberRule => ({ to, outcome: 'equal', says: '' });
const secret = (to: string): MemberRule => ({ to, outcome: 'differs', says: '', secret: true });
const gone = (says: string): MemberRule => ({ outcome: 'none', says });

const OPENAI_SPEAKS = {
  'llm/v1/chat': 'openai/v1/chat/completions',
  'llm/v1/embeddings': 'openai/v1/embeddings',
};

export const PROVIDER_RULES: readonly ProviderRule[] = [
  {
    provider: 'openai',
    when: { member: 'openai_api_type', is: ['', 'openai'] },
    type: 'OPENAI',
    members: {
      openai_api_type: { outcome: 'equal', says: 'the provider says it' },
      openai_api_key: secret('direct.api_key'),
      openai_api_base: same('direct.base_url'),
      openai_organization: same('direct.organization'),
    },
    speaks: OPENAI_SPEAKS,
  },
  {
    provider: 'openai',
    when: { member: 'openai_api_type', is: ['azure', 'azuread'] },
    type: 'AZURE_OPENAI',
    members: {
      openai_api_type: {
        outcome: 'differs',
        says: 'Azure OpenAI is a provider of its own, and the way to sign in says which',
      },
      openai_api_key: secret('direct.api_key'),
      openai_api_base: same('direct.base_url'),
      openai_api_version: gone('services do not say a version of the API of Azure'),
      openai_deployment_name: {
        outcome: 'differs',
        says: 'the deployment is what is asked for, so it is the model of the target',
        model: true,
      },
      microsoft_entra_tenant_id: same('direct.entra_service_principal.tenant_id'),
      microsoft_entra_client_id: same('direct.entra_service_principal.client_id'),
      microsoft_entra_client_secret: secret('direct.entra_service_principal.client_secret'),
    },
    speaks: OPENAI_SPEAKS,
  },
  {
    provider: 'anthropic',
    type: 'ANTHROPIC',
    members: { anthropic_api_key: secret('direct.api_key') },
    speaks: { 'llm/v1/chat': 'anthropic/v1/messages' },
  },
  {
    provider: 'amazon-bedrock',
    type: 'AMAZON_BEDROCK',
    members: {
      aws_region: same('direct.region'),
      bedrock_provider: { outcome: 'differs', says: 'the id of the model says whose it is' },
      aws_access_key_id: {
        to: 'direct.aws_access_key.access_key_id',
        outcome: 'differs',
        says: 'it is no secret there: write the id itself',
        placeholder: 'ACCESS-KEY-ID',
      },
      aws_secret_access_key: secret('direct.aws_access_key.secret_access_key'),
      instance_profile_arn: {
        to: 'direct.service_credential.name',
        outcome: 'differs',
        says: 'a service credential of Unity Catalog takes the place of an instance profile: write its name',
        placeholder: 'credentials/NAME',
      },
    },
    speaks: { 'llm/v1/chat': 'mlflow/v1/chat/completions' },
  },
  {
    provider: 'google-cloud-vertex-ai',
    type: 'GEMINI_ENTERPRISE',
    members: {
      project_id: same('direct.project_id'),
      region: same('direct.region'),
      private_key: {
        to: 'direct.api_key',
        outcome: 'differs',
        says: 'an API key takes the place of the key of a service account',
        secret: true,
      },
    },
    speaks: { 'llm/v1/chat': 'gemini/v1/generateContent' },
    says: 'Vertex AI is reached as Gemini Enterprise',
  },
  {
    provider: 'custom',
    type: 'CUSTOM',
    members: {
      custom_provider_url: same('direct.base_url'),
      'bearer_token_auth.token': secret('direct.api_key'),
      'api_key_auth.key': { ...same('direct.header_auth.api_key_name'), newer: true },
      'api_key_auth.value': { ...secret('direct.header_auth.api_key_value'), newer: true },
    },
    speaks: { 'llm/v1/chat': 'openai/v1/chat/completions', 'llm/v1/embeddings': 'openai/v1/embeddings' },
  },
];

const LACKING =
  'services have no such provider; where it offers an API like that of OpenAI, declare it as a custom one';

/** Providers that services lack, each with the way out. */
export const LACKING_PROVIDERS: Readonly<Record<string, string>> = {
  ai21labs: LACKING,
  cohere: LACKING,
  palm: 'services have no PaLM, which Google has withdrawn: lead to a model of Gemini Enterprise',
  'databricks-model-serving': 'services lead to no endpoint of another workspace: make the service there',
};

/** What is spoken where the table does not say: the API that all models share. */
export const UNIFIED = 'mlflow/v1/chat/completions';

export function providerRule(provider: string, block: JsonObject): ProviderRule | undefined {
  return PROVIDER_RULES.find(({ provider: name, when }) => {
    if (name !== provider) return false;
    if (when === undefined) return true;
    const value = block[when.member];
    return when.is.includes(typeof value === 'string' ? value : '');
  });
}

/** Bedrock speaks what the maker of the model speaks. */
export function apiTypes(rule: ProviderRule, task: string, block: JsonObject): string[] {
  const isAnthropic =
    typeof block.bedrock_provider === 'string' && block.bedrock_provider.toLowerCase() === 'anthropic';
  if (isAnthropic && task === 'llm/v1/chat') return ['anthropic/v1/messages'];
  return [rule.speaks[task] ?? rule.speaks['llm/v1/chat'] ?? UNIFIED];
}

/** The value at a path of members, such as `bearer_token_auth.token`. */
export function inBlock(block: JsonObject, path: string): JsonObject[string] | undefined {
  return path
    .split('.')
    .reduce<JsonObject[string] | undefined>((at, name) => (isObject(at) ? at[name] : undefined), block);
}
