// Where each fact stands, by kind: the one file of policies that names kinds and fields of the API. A new kind is a row
// here. What a field means by its absence is in the field table of the model, not here.
import { KINDS, type Kind, kindOf } from '../model/kinds';
import type { FactName, Grant, LimitScope } from './view';

/** A list of limits: what its item keys and units mean. */
export interface LimitRow {
  readonly path: string;
  /** By what stands before the principal in an item key. */
  readonly scopes: Readonly<Record<string, { readonly alone: LimitScope; readonly named: LimitScope }>>;
  readonly units: Readonly<Record<string, 'requests' | 'tokens'>>;
}

export interface GrantRow {
  readonly path: string;
  /** What each permission or privilege comes to; of several the widest counts. */
  readonly levels: Readonly<Record<string, Grant['level']>>;
  /** The item key is a principal and nothing says of which sort: people have addresses, applications ids. */
  readonly untyped?: true;
}

export interface DestinationRow {
  readonly path: string;
  /** A list of its own for those that stand by. */
  readonly fallbacks?: string;
  /** Percentages by destination: a list of their own, or a member of each. */
  readonly shares?: string;
  readonly share?: string;
  /** Members of a destination that is somebody else's model, and the member that it has then. */
  readonly external: {
    readonly block: string;
    readonly provider: string;
    readonly model: string;
    readonly task: string;
  };
  /** Where the name of a model of the workspace may stand. */
  readonly models: readonly string[];
  /** Where the region of a destination may stand. */
  readonly regions: readonly string[];
  /** Providers that take an identity of the platform instead of a key. */
  readonly identities: readonly {
    readonly provider: string;
    /** A member and the values with which it is offered. */
    readonly when?: { readonly at: string; readonly among: readonly string[] };
    readonly by: string;
  }[];
}

export interface KindFacts {
  readonly kind: string;
  /** Facts that are one value at one path. */
  readonly values: Readonly<Partial<Record<FactName, readonly string[]>>>;
  /** Facts that are so when something stands at their path. */
  readonly present?: readonly FactName[];
  /** Facts that the objects have and the API does not tell: never taken for absent. */
  readonly unreadable?: readonly FactName[];
  readonly limits?: LimitRow;
  readonly grants?: GrantRow;
  readonly destinations?: DestinationRow;
  readonly tags?: string;
  /** Addresses that requests are sent to. */
  readonly urls: readonly string[];
  /** The sorts of object, by a member that one of its items has; the last is what is left. */
  readonly sorts: readonly {
    readonly sort: string;
    readonly items: string;
    readonly any: readonly string[];
  }[];
  /** Sorts that are paid by use, so that a limit on tokens bounds the cost. */
  readonly metered: readonly string[] | 'always';
}

const EXTERNAL = 'config.served_entities[].external_model';

const SERVICE_LIMITS: LimitRow = {
  path: 'config.rate_limits',
  scopes: {
    service: { alone: 'service', named: 'service' },
    user_default: { alone: 'user-default', named: 'user-default' },
    user: { alone: 'user', named: 'user' },
    user_group: { alone: 'group', named: 'group' },
    service_principal: { alone: 'service-principal', named: 'service-principal' },
    request_tag: { alone: 'request-tag', named: 'request-tag' },
  },
  units: { requests: 'requests', tokens: 'tokens' },
};

/** https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/privileges */
const SERVICE_GRANTS: GrantRow = {
  path: 'grants',
  levels: { EXECUTE: 'use', MANAGE: 'manage', ALL_PRIVILEGES: 'manage' },
  untyped: true,
};

/** Service policies are attached in the UI and not told by the API. https://docs.databricks.com/aws/en/unity-catalog/service-policies */
const GUARDS: readonly FactName[] = [
  'guards.input.pii',
  'guards.output.pii',
  'guards.input.safety',
  'guards.output.safety',
];

export const FACTS: readonly KindFacts[] = [
  {
    kind: 'serving_endpoints',
    values: {
      'guards.input.pii': ['ai_gateway.guardrails.input.pii.behavior'],
      'guards.input.safety': ['ai_gateway.guardrails.input.safety'],
      'guards.output.pii': ['ai_gateway.guardrails.output.pii.behavior'],
      'guards.output.safety': ['ai_gateway.guardrails.output.safety'],
      'guards.deprecated': [
        'ai_gateway.guardrails.input.invalid_keywords',
        'ai_gateway.guardrails.input.valid_topics',
        'ai_gateway.guardrails.output.invalid_keywords',
        'ai_gateway.guardrails.output.valid_topics',
      ],
      usage: ['ai_gateway.usage_tracking_config.enabled'],
      'logging.enabled': ['ai_gateway.inference_table_config.enabled'],
      'logging.catalog': ['ai_gateway.inference_table_config.catalog_name'],
      'logging.schema': ['ai_gateway.inference_table_config.schema_name'],
      fallback: ['ai_gateway.fallback_config.enabled'],
      description: ['description'],
    },
    limits: {
      path: 'ai_gateway.rate_limits',
      scopes: {
        endpoint: { alone: 'service', named: 'service' },
        user: { alone: 'user-default', named: 'user' },
        user_group: { alone: 'group', named: 'group' },
        service_principal: { alone: 'service-principal', named: 'service-principal' },
      },
      units: { calls: 'requests', tokens: 'tokens' },
    },
    grants: {
      path: 'permissions',
      levels: { CAN_VIEW: 'view', CAN_QUERY: 'use', CAN_MANAGE: 'manage' },
    },
    destinations: {
      path: 'config.served_entities',
      shares: 'config.traffic_config.routes',
      external: { block: 'external_model', provider: 'provider', model: 'name', task: 'task' },
      models: ['entity_name'],
      regions: [
        'external_model.amazon_bedrock_config.aws_region',
        'external_model.google_cloud_vertex_ai_config.region',
      ],
      identities: [
        { provider: 'amazon-bedrock', by: 'external_model.amazon_bedrock_config.instance_profile_arn' },
        {
          provider: 'openai',
          when: { at: 'external_model.openai_config.openai_api_type', among: ['azure', 'azuread'] },
          by: 'external_model.openai_config.microsoft_entra_client_id',
        },
      ],
    },
    tags: 'tags',
    urls: [
      `${EXTERNAL}.openai_config.openai_api_base`,
      `${EXTERNAL}.cohere_config.cohere_api_base`,
      `${EXTERNAL}.custom_provider_config.custom_provider_url`,
      `${EXTERNAL}.databricks_model_serving_config.databricks_workspace_url`,
    ],
    sorts: [
      { sort: 'external', items: 'config.served_entities', any: ['external_model'] },
      {
        sort: 'provisioned_throughput',
        items: 'config.served_entities',
        any: ['provisioned_model_units', 'min_provisioned_throughput', 'max_provisioned_throughput'],
      },
      { sort: 'custom', items: 'config.served_entities', any: [] },
    ],
    metered: ['external', 'pay_per_token'],
  },
  {
    kind: 'model_services',
    values: {
      'logging.enabled': ['config.inference_table.parent'],
      fallback: ['config.routing.fallback.destinations'],
      description: ['comment'],
    },
    present: ['logging.enabled', 'fallback'],
    unreadable: GUARDS,
    limits: SERVICE_LIMITS,
    grants: SERVICE_GRANTS,
    destinations: {
      path: 'config.routing.destinations',
      fallbacks: 'config.routing.fallback.destinations',
      share: 'traffic_percentage',
      external: {
        block: 'external_model_config',
        provider: 'model_provider_service',
        model: 'target.model',
        task: 'task',
      },
      models: ['pay_per_token_config.model', 'provisioned_throughput_config.model_serving_endpoint'],
      regions: [],
      identities: [],
    },
    urls: [],
    sorts: [],
    metered: 'always',
  },
  {
    kind: 'model_provider_services',
    values: {
      'logging.enabled': ['config.inference_table.parent'],
      description: ['comment'],
      forwarding: [
        'config.forward_unmanaged_paths',
        'config.forward_headers',
        'config.forward_query_parameters',
      ],
      'any-target': ['config.allow_all_targets'],
    },
    present: ['logging.enabled'],
    limits: SERVICE_LIMITS,
    grants: SERVICE_GRANTS,
    urls: [],
    sorts: [],
    metered: 'always',
  },
  {
    kind: 'mcp_services',
    values: { description: ['comment'] },
    limits: SERVICE_LIMITS,
    grants: SERVICE_GRANTS,
    urls: [],
    sorts: [],
    metered: [],
  },
];

/** A kind without a row has no facts, so no rule has anything to say of it. */
export function factsOf(kind: string): KindFacts {
  return FACTS.find((row) => row.kind === kind) ?? { kind, values: {}, urls: [], sorts: [], metered: [] };
}

/** Every kind with the model's own rows. */
export function kindsWithFacts(): readonly { readonly kind: Kind; readonly facts: KindFacts }[] {
  return KINDS.map(({ kind }) => ({ kind: kindOf(kind), facts: factsOf(kind) }));
}
