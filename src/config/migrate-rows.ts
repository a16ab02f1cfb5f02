// How settings of a serving endpoint are said of services of Unity AI Gateway, as tables: what is equal, what differs and
// how, what has no equivalent and what to do instead. Fields that stand in no row have no equivalent. Sources:
// https://learn.microsoft.com/en-us/azure/databricks/ai-gateway/create-model-services
// https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/service/catalog.py
import type { Json } from '../model/json';

/** equal: it says the same · differs: it is carried, in another form or with another effect · none: it is not carried. */
export type Outcome = 'equal' | 'differs' | 'none';

export interface FieldRule {
  /** Pattern of the path, items as `[]`; behind `*` anything may follow. */
  readonly path: string;
  /** It holds for these values alone. */
  readonly values?: readonly Json[];
  readonly outcome: Outcome;
  /** What a reader of the change should know; '' where there is nothing to say. */
  readonly says: string;
}

const POLICY = 'https://docs.databricks.com/aws/en/data-governance/unity-catalog/service-policies/';
const attach = (what: string) =>
  `guardrails are service policies, which are attached in the UI (Beta): attach ${what}. ${POLICY}`;

function guardrailRules(side: string, phase: string): FieldRule[] {
  const at = `ai_gateway.guardrails.${side}`;
  return [
    { path: `${at}.pii.behavior`, values: ['NONE'], outcome: 'equal', says: 'no policy is needed' },
    {
      path: `${at}.pii.behavior`,
      values: ['BLOCK'],
      outcome: 'none',
      says: attach(`system.ai.detect_sensitive_data ${phase}, to block`),
    },
    {
      path: `${at}.pii.behavior`,
      values: ['MASK'],
      outcome: 'none',
      says: attach(`system.ai.detect_sensitive_data ${phase}, to redact`),
    },
    { path: `${at}.safety`, values: [false], outcome: 'equal', says: 'no policy is needed' },
    { path: `${at}.safety`, outcome: 'none', says: attach(`system.ai.block_unsafe_content ${phase}`) },
    { path: `${at}.invalid_keywords`, outcome: 'none', says: attach(`a function of yours ${phase}`) },
    { path: `${at}.valid_topics`, outcome: 'none', says: attach(`a judge with a prompt of yours ${phase}`) },
  ];
}

/** Fields whose value decides nothing but how they are told; what is computed of them is told where that is done. */
export const FIELD_RULES: readonly FieldRule[] = [
  { path: 'description', outcome: 'equal', says: '' },
  ...guardrailRules('input', 'on call'),
  ...guardrailRules('output', 'on result'),
  {
    path: 'ai_gateway.usage_tracking_config.enabled',
    values: [true],
    outcome: 'differs',
    says: 'the use of services is always tracked, in system.ai_gateway.usage instead of system.serving.endpoint_usage',
  },
  {
    path: 'ai_gateway.usage_tracking_config.enabled',
    outcome: 'none',
    says: 'the use of services is always tracked: it cannot be switched off',
  },
  { path: 'route_optimized', values: [false], outcome: 'equal', says: '' },
  {
    path: 'route_optimized',
    outcome: 'none',
    says: 'services have no optimised route: callers that rely on it stay with the endpoint',
  },
  {
    path: 'tags*',
    outcome: 'none',
    says: 'the API of services takes no tags: tag the service in Unity Catalog, and look at what reports by this tag',
  },
  {
    path: 'budget_policy_id',
    outcome: 'none',
    says: 'services take no budget policy: account budgets of the type Unity AI Gateway take its place',
  },
  {
    path: 'email_notifications*',
    outcome: 'none',
    says: 'a change of a service takes effect at once, so nothing is mailed about it',
  },
  {
    path: 'telemetry_config*',
    outcome: 'none',
    says: 'services send no telemetry of their own: system.ai_gateway.usage and the inference table have what they record',
  },
];

/** Whom a limit is for, and whether that is quite the same. */
export const LIMIT_RULES: Readonly<Record<string, { readonly to: string; readonly says: string }>> = {
  endpoint: { to: 'service', says: '' },
  user: { to: 'user_default', says: '' },
  'user:': { to: 'user:', says: '' },
  'user_group:': { to: 'user_group:', says: 'the group must be one of the account, not of the workspace' },
  'service_principal:': { to: 'service_principal:', says: '' },
};

/** What limits count. */
export const COUNT_RULES: Readonly<
  Record<string, { readonly to: string; readonly outcome: Outcome; readonly says: string }>
> = {
  calls: { to: 'requests', outcome: 'differs', says: 'calls are called requests there' },
  tokens: { to: 'tokens', outcome: 'equal', says: '' },
};

const USE = 'callers need USE CATALOG and USE SCHEMA too, and a group must be one of the account';

/** Levels of an endpoint as privileges on a service. https://github.com/databricks/terraform-provider-databricks/blob/main/docs/resources/grants.md */
export const LEVEL_RULES: Readonly<
  Record<string, { readonly privileges: readonly string[]; readonly says: string }>
> = {
  CAN_VIEW: { privileges: ['READ_METADATA'], says: `the grant READ_METADATA; ${USE}` },
  CAN_QUERY: { privileges: ['EXECUTE'], says: `the grant EXECUTE; ${USE}` },
  CAN_MANAGE: { privileges: ['EXECUTE', 'MANAGE'], says: `the grants EXECUTE and MANAGE; ${USE}` },
};

/** A group of each workspace, which the account does not know. */
export const WORKSPACE_GROUP = 'group:admins';

/** Sorts of endpoint that stay as they are, and why. */
export const SORT_RULES: Readonly<Record<string, string>> = {
  custom: 'services lead to no models of your own making',
  agent: 'services lead to no agents',
  no_config: 'it serves nothing',
};

/** Limits of what a service takes. https://github.com/databricks/terraform-provider-databricks/blob/main/docs/resources/ai_gateway_model_service.md */
export const MOST_DESTINATIONS = 10;
export const MOST_FALLBACKS = 5;
