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
  readonly levels: Readonly<Record<string, Grant['level']>>;
}

export interface DestinationRow {
  readonly path: string;
  /** Percentages by destination. */
  readonly shares: string;
  /** Members of a destination that is somebody else's model, and the member that it has then. */
  readonly external: {
    readonly block: string;
    readonly provider: string;
    readonly model: string;
    readonly task: string;
  };
  readonly model: string;
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
  readonly metered: readonly string[];
}

const EXTERNAL = 'config.served_entities[].external_model';

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
      model: 'entity_name',
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
];

/** A kind without a row has no facts, so no rule has anything to say of it. */
export function factsOf(kind: string): KindFacts {
  return FACTS.find((row) => row.kind === kind) ?? { kind, values: {}, urls: [], sorts: [], metered: [] };
}

/** Every kind with the model's own rows. */
export function kindsWithFacts(): readonly { readonly kind: Kind; readonly facts: KindFacts }[] {
  return KINDS.map(({ kind }) => ({ kind: kindOf(kind), facts: factsOf(kind) }));
}
