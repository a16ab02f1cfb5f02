// The field behaviour table of serving endpoints. A quirk is a row here, with its reason and its source.
import { CONFIG_FIELDS } from './endpoint-config-fields';
import type { FieldRow } from './fields';

const SDK = 'https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go';
const ENGINE = 'https://github.com/databricks/cli/blob/main/bundle/direct/dresources/resources.yml';
const PROVIDER =
  'https://github.com/databricks/terraform-provider-databricks/blob/main/serving/resource_model_serving_provisioned_throughput.go';
const DOCS = 'https://docs.databricks.com/aws/en/ai-gateway/configure-ai-gateway-endpoints';

function guardrailRows(side: 'input' | 'output'): FieldRow[] {
  const base = `ai_gateway.guardrails.${side}`;
  const what = side === 'input' ? 'requests' : 'answers';
  const personal: FieldRow['effect'] = { family: 'guard', of: `personal data in ${what}` };
  const filledIn: FieldRow[] =
    side === 'input'
      ? [
          {
            path: `${base}.pii.behavior`,
            when: ['provisioned_throughput', 'pay_per_token'],
            serverFills: true,
            direction: 'ranked',
            ranks: ['NONE', 'MASK', 'BLOCK'],
            effect: personal,
            reason: 'These endpoints answer with a value though none was sent.',
            source: PROVIDER,
          },
        ]
      : [];
  return [
    ...filledIn,
    {
      path: `${base}.pii.behavior`,
      absent: 'NONE',
      direction: 'ranked',
      ranks: ['NONE', 'MASK', 'BLOCK'],
      effect: personal,
      reason: 'Without it no filter runs, which is what NONE says; blocking is stricter than masking.',
      source: SDK,
    },
    {
      path: `${base}.safety`,
      absent: false,
      direction: 'on',
      effect: { family: 'guard', of: `unsafe content in ${what}` },
      reason: 'Without it the safety filter is off.',
      source: SDK,
    },
    {
      path: `${base}.invalid_keywords`,
      unordered: true,
      absent: [],
      direction: 'more',
      effect: { family: 'words', of: what },
      reason: 'A set of words; each one more refuses more requests.',
      source: SDK,
    },
    {
      path: `${base}.valid_topics`,
      unordered: true,
      absent: [],
      direction: 'moves',
      effect: { family: 'topics', of: what },
      reason: 'A set of topics; none means every topic, so a longer list may tighten or loosen.',
      source: SDK,
    },
  ];
}

export const SERVING_ENDPOINT_FIELDS: readonly FieldRow[] = [
  ...['config', 'tags', 'email_notifications', 'description', 'route_optimized', 'budget_policy_id'].map(
    (path): FieldRow => ({
      path,
      when: ['pay_per_token'],
      unavailable: true,
      reason: 'Of an endpoint that the platform made only the gateway can be written.',
      source: 'https://github.com/databricks/terraform-provider-databricks/issues/5261',
    }),
  ),
  {
    path: 'ai_gateway.rate_limits',
    keyed: 'limit',
    items: 'whole',
    reason: 'Identity is key, principal, period and unit; no statement gives the order a meaning.',
    source: SDK,
  },
  {
    path: 'ai_gateway.rate_limits[].calls',
    direction: 'limit',
    effect: { family: 'limit' },
    reason: 'Fewer calls a minute is stricter; 0 refuses all, absence allows all.',
    source: DOCS,
  },
  {
    path: 'ai_gateway.rate_limits[].tokens',
    direction: 'limit',
    effect: { family: 'limit' },
    reason: 'Fewer tokens a minute is stricter; 0 refuses all, absence allows all.',
    source: DOCS,
  },
  ...guardrailRows('input'),
  ...guardrailRows('output'),
  {
    path: 'ai_gateway.usage_tracking_config.enabled',
    when: ['pay_per_token'],
    serverFills: true,
    fills: true,
    direction: 'on',
    effect: { family: 'usage' },
    reason: 'Tracking is on by default on these endpoints, so they answer it though nobody sent it.',
    source: 'https://docs.databricks.com/aws/en/ai-gateway/overview-serving-endpoints',
  },
  {
    path: 'ai_gateway.usage_tracking_config.enabled',
    when: ['provisioned_throughput'],
    serverFills: true,
    direction: 'on',
    effect: { family: 'usage' },
    reason: 'These endpoints answer with a value though none was sent.',
    source: PROVIDER,
  },
  {
    path: 'ai_gateway.usage_tracking_config.enabled',
    absent: false,
    direction: 'on',
    effect: { family: 'usage' },
    reason: 'Without the block usage is not tracked.',
    source: SDK,
  },
  {
    path: 'ai_gateway.fallback_config.enabled',
    when: ['pay_per_token', 'provisioned_throughput', 'custom', 'agent'],
    absent: false,
    unavailable: true,
    direction: 'moves',
    reason: 'Fallback is for endpoints of external models.',
    source: DOCS,
  },
  {
    path: 'ai_gateway.fallback_config.enabled',
    absent: false,
    direction: 'moves',
    effect: { family: 'fallback', entities: 'config.served_entities' },
    reason:
      'Without the block there is no fallback; having one changes where traffic may go, not how well it is guarded.',
    source: SDK,
  },
  {
    path: 'ai_gateway.inference_table_config',
    switch: 'enabled',
    effect: {
      family: 'logging',
      of: 'requests and answers',
      table: '{catalog_name}.{schema_name}.{table_name_prefix}_payload',
    },
    reason: 'A block that is disabled and a block that is missing are the same: nothing is logged, anywhere.',
    source: SDK,
  },
  {
    path: 'ai_gateway.inference_table_config.enabled',
    absent: false,
    direction: 'on',
    reason: 'Without the block requests are not logged.',
    source: SDK,
  },
  ...(['catalog_name', 'schema_name', 'table_name_prefix'] as const).map(
    (field): FieldRow => ({
      path: `ai_gateway.inference_table_config.${field}`,
      ...(field === 'table_name_prefix' ? { absentFrom: 'name' } : {}),
      twoStep: 'ai_gateway.inference_table_config.enabled',
      direction: 'moves',
      reason:
        'The table cannot be moved while logging is on: it must be disabled first, then enabled at the new place.',
      source: SDK,
    }),
  ),
  {
    path: 'tags',
    keyed: 'tag',
    items: 'whole',
    effect: { family: 'setting', of: 'the tag' },
    reason: 'Tags come back in another order than they were sent.',
    source: 'https://github.com/databricks/terraform-provider-databricks/issues/5119',
  },
  ...CONFIG_FIELDS,
  {
    path: 'permissions',
    keyed: 'principal',
    items: 'whole',
    additive: true,
    reason: 'The order of entries is not stable.',
    source: 'https://github.com/databricks/cli/issues/5909',
  },
  {
    path: 'permissions[]',
    absent: 'NONE',
    direction: 'ranked',
    ranks: ['CAN_MANAGE', 'CAN_QUERY', 'CAN_VIEW', 'NONE'],
    effect: {
      family: 'access',
      rights: { CAN_MANAGE: 'manage it', CAN_QUERY: 'query it', CAN_VIEW: 'see it' },
    },
    reason: 'Who may do less is held tighter.',
    source: 'https://docs.databricks.com/aws/en/security/auth/access-control',
  },
  {
    path: 'permissions[group:admins]',
    fixed: true,
    absent: 'CAN_MANAGE',
    reason: 'Admins manage every endpoint by inheritance, and a list that names them is refused.',
    source: 'https://github.com/databricks/terraform-provider-databricks/issues/3111',
  },
  {
    path: 'telemetry_config',
    when: ['external', 'no_config', 'pay_per_token'],
    unavailable: true,
    reason: 'Telemetry is for endpoints that serve models of their own.',
    source: 'https://github.com/databricks/cli/issues/6106',
  },
  {
    path: 'description',
    absent: '',
    immutable: true,
    unsettable: true,
    reason: 'No request changes it after the endpoint is made.',
    source: ENGINE,
  },
  {
    path: 'route_optimized',
    absent: false,
    effect: { family: 'setting', of: 'route optimization' },
    immutable: true,
    unsettable: true,
    reason: 'It is decided when the endpoint is made.',
    source: SDK,
  },
  {
    path: 'budget_policy_id',
    writeOnly: true,
    effect: { family: 'setting', of: 'the budget policy' },
    fixed: true,
    unsettable: true,
    reason:
      'It is taken when the endpoint is made, no request changes it, and at most the policy in effect is answered.',
    source: 'https://github.com/databricks/cli/issues/4638',
  },
  ...(
    [
      ['on_update_failure', 'fails'],
      ['on_update_success', 'succeeds'],
    ] as const
  ).map(
    ([field, ends]): FieldRow => ({
      path: `email_notifications.${field}`,
      effect: { family: 'setting', of: `the list of those told when an update ${ends}` },
      unordered: true,
      absent: [],
      reason: 'A set of addresses; none means nobody is told.',
      source: SDK,
    }),
  ),
  {
    path: 'telemetry_config.table_names',
    writeOnly: true,
    effect: { family: 'setting', of: 'the telemetry table' },
    answeredAs: 'telemetry_config.telemetry_profile_id',
    reason: 'The server makes a profile of the names and answers only its id.',
    source: ENGINE,
  },
  {
    path: 'telemetry_config.enabled_telemetry_features',
    unordered: true,
    effect: { family: 'setting', of: 'the list of telemetry features' },
    reason: 'A set; empty means all.',
    source: SDK,
  },
];
