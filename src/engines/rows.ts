// Where an engine does something else with a field than the API and gatewright do: one row per quirk, with its source.
// What an engine has no field for at all is not here: its field list says that.
import type { Json } from '../model/json';

export interface EngineRow {
  /** The pattern of the path in a serving endpoint; items are `[]`. */
  readonly path: string;
  /** `null` cannot be said: why, as a sentence without its full stop. */
  readonly ifNull?: string;
  /** It is said and means something else, or it is left out of the file and that means something: what. */
  readonly caution?: string;
  /** Of a caution: only where the value is this. */
  readonly value?: Json;
  /** Of a caution: only where the file does not name it, inside an item that has the member `beside`. */
  readonly undeclared?: { readonly beside: string };
  /** An item without one of these is a part of something that the engine wants whole. */
  readonly needsOneOf?: readonly string[];
  /** The way out, a sentence. */
  readonly help?: string;
  readonly source: string;
}

const PROVIDER_SOURCE =
  'https://github.com/databricks/terraform-provider-databricks/blob/main/serving/resource_model_serving.go';
const PROVIDER_DOCS =
  'https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/model_serving';
const CLI_SOURCE =
  'https://github.com/databricks/cli/blob/main/bundle/direct/dresources/model_serving_endpoint.go';

const WHOLE_ENTITY: EngineRow = {
  path: 'config.served_entities[]',
  needsOneOf: ['entity_name', 'external_model'],
  source: PROVIDER_DOCS,
};

const zeroLimit = (unit: string): EngineRow => ({
  path: `ai_gateway.rate_limits[].${unit}`,
  value: 0,
  caution:
    'a limit of 0 refuses all, and the provider may leave a zero out of its request, which then refuses nobody',
  help: 'Look at the limit in the workspace after the first apply, or keep it with gatewright.',
  source: PROVIDER_SOURCE,
});

export const TERRAFORM_ROWS: readonly EngineRow[] = [
  WHOLE_ENTITY,
  {
    path: 'ai_gateway',
    ifNull: 'the provider has no request that takes the whole block away',
    help: 'Name what is to go inside it (guardrails: null), beside something that stays.',
    source: PROVIDER_SOURCE,
  },
  {
    path: 'permissions',
    ifNull: 'without databricks_permissions Terraform leaves the grants as they are',
    source: 'https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/permissions',
  },
  {
    path: 'email_notifications',
    ifNull: 'the provider sends them when it makes an endpoint and never after',
    caution: 'the provider sends them when it makes an endpoint and never after',
    source: PROVIDER_SOURCE,
  },
  {
    path: 'config.served_entities[].scale_to_zero_enabled',
    undeclared: { beside: 'workload_size' },
    caution: 'the provider takes it for true where it is left out',
    help: 'Declare scale_to_zero_enabled.',
    source: PROVIDER_DOCS,
  },
  zeroLimit('calls'),
  zeroLimit('tokens'),
];

export const BUNDLE_ROWS: readonly EngineRow[] = [
  WHOLE_ENTITY,
  {
    path: 'permissions',
    ifNull: 'a bundle that names no permissions leaves them as they are',
    source: CLI_SOURCE,
  },
];

/** Blocks that a bundle takes away where it does not name them, as far as somebody could have set them by hand. */
export const BUNDLE_TAKES_AWAY = [
  'ai_gateway',
  'ai_gateway.fallback_config',
  'ai_gateway.guardrails',
  'ai_gateway.inference_table_config',
  'ai_gateway.rate_limits',
  'ai_gateway.usage_tracking_config',
  'tags',
] as const;
