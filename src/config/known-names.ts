// Names that are known and are no field where they stand: not taken yet, out of date, answered only, done in another way
// on this side of the API. One table each. Decides nothing about a name that a schema knows.
import { KINDS } from '../model/kinds';

/** Where an unknown name was written. */
export interface NameHolder {
  readonly part: 'file' | 'target' | 'entry' | 'config' | 'inside';
  /** The section; absent outside of one, and in a preset, which has none. */
  readonly kind?: string;
  /** Deeper than an entry and its config: the member that it was written in. */
  readonly of?: string;
}

/** Part of the language, and not supported by this version. */
const COMES_NEXT: readonly string[] = ['app', 'modules', 'policies'];

export function comesNext({ part }: NameHolder, name: string): boolean {
  return part === 'file' && COMES_NEXT.includes(name);
}

const isEndpoint = ({ kind }: NameHolder) => kind === undefined || kind === 'serving_endpoints';

/** Deprecated on the wire, with the modern spelling. https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go */
const OLD = {
  auto_capture_config: 'ai_gateway.inference_table_config',
  served_models: 'config.served_entities',
};
const MODERN: Readonly<Partial<Record<NameHolder['part'], Readonly<Record<string, string>>>>> = {
  entry: { ...OLD, rate_limits: 'ai_gateway.rate_limits' },
  config: OLD,
};

/** Where a field of an endpoint is written today. */
export function modernSpelling(holder: NameHolder, name: string): string | undefined {
  const names = isEndpoint(holder) ? MODERN[holder.part] : undefined;
  return names !== undefined && Object.hasOwn(names, name) ? names[name] : undefined;
}

/** Why a value at a path of the file cannot be null, where the field table says. */
export function whyNotNull(path: readonly string[]): string | undefined {
  const rows = KINDS.flatMap(({ rows }) => rows.filter((row) => row.unsettable));
  const ends = path.map((_, index) => path.slice(index).join('.'));
  return rows.find((row) => ends.includes(row.path))?.reason;
}

/** What a `get` answers and no write takes. https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (ServingEndpointDetailed) */
const ANSWERED_OF_ENDPOINTS: readonly string[] = [
  'id',
  'creator',
  'creator_display_name',
  'creator_kind',
  'creation_timestamp',
  'last_updated_timestamp',
  'state',
  'pending_config',
  'task',
  'permission_level',
  'endpoint_url',
  'endpoint_type',
  'data_plane_info',
  'effective_budget_policy_id',
  'capabilities',
];
/** https://github.com/databricks/terraform-provider-databricks/blob/main/docs/resources/ai_gateway_model_service.md (Attributes) */
const ANSWERED_OF_SERVICES: readonly string[] = [
  'effective_owner',
  'metastore_id',
  'create_time',
  'created_by',
  'update_time',
  'updated_by',
  'etag',
  'supported_api_types',
];
/** Inside the config of a service, by member: what it was resolved to. */
const RESOLVED: Readonly<Record<string, string>> = {
  inference_table: 'table',
  service_credential: 'id',
  provisioned_throughput_config: 'model',
};

export function isAnsweredOnly(holder: NameHolder, name: string): boolean {
  if (isEndpoint(holder)) return holder.part === 'entry' && ANSWERED_OF_ENDPOINTS.includes(name);
  if (holder.part === 'entry') return ANSWERED_OF_SERVICES.includes(name);
  // Whatever leads to something else says so when that is gone.
  if (name === 'is_deleted') return true;
  return holder.of !== undefined && Object.hasOwn(RESOLVED, holder.of) && RESOLVED[holder.of] === name;
}

/** How something is done where a name is written that the other side of the API has for it. */
export interface OtherWay {
  readonly says: string;
  /** The field to write, where there is one. */
  readonly write?: string;
  readonly help: string;
}

const ON_SERVICES: Readonly<Record<string, OtherWay>> = {
  ai_gateway: {
    says: 'services have no ai_gateway block',
    help: 'What stands in it on a serving endpoint stands in the config of a service: rate_limits, inference_table.',
  },
  calls: { says: 'services count requests, not calls', write: 'requests', help: 'Write requests.' },
  fallback_config: {
    says: 'services fall back to a list of destinations',
    write: 'config.routing.fallback.destinations',
    help: 'List there what is to be tried, first choice first.',
  },
  guardrails: {
    says: 'the guardrails of services are service policies, which are attached in the UI',
    help: 'Leave it out: service policies are left as they are. https://docs.databricks.com/aws/en/data-governance/unity-catalog/service-policies/',
  },
  service_policies: {
    says: 'service policies are attached in the UI',
    help: 'Leave it out: service policies are left as they are. https://docs.databricks.com/aws/en/data-governance/unity-catalog/service-policies/',
  },
  usage_tracking_config: {
    says: 'the usage of services is always tracked',
    help: 'Leave it out; see the table system.ai_gateway.usage.',
  },
  inference_table_config: {
    says: 'services log as long as inference_table is there',
    write: 'config.inference_table',
    help: 'Write inference_table: { parent: schemas/CATALOG.SCHEMA, table_name_prefix: ... }, or null to stop logging.',
  },
  permissions: {
    says: 'services have grants of Unity Catalog',
    write: 'grants',
    help: 'Write grants: { PRINCIPAL: [EXECUTE] }.',
  },
  permission_level: {
    says: 'services have privileges of Unity Catalog',
    write: 'privileges',
    help: 'Write privileges: [EXECUTE] to let somebody call the service.',
  },
  served_entities: {
    says: 'services have destinations',
    write: 'config.routing.destinations',
    help: 'Write a destination for each, with its traffic_percentage.',
  },
  traffic_config: {
    says: 'the split of a service stands in its destinations',
    write: 'config.routing.destinations',
    help: 'Write traffic_percentage in each destination.',
  },
  description: { says: 'services have a comment', write: 'comment', help: 'Write comment.' },
  tags: { says: 'tags of services are not declared here', help: 'Leave it out: tags are left as they are.' },
  owner: {
    says: 'the owner of a service is not declared here',
    help: 'Leave it out: the owner is left as it is.',
  },
  ...Object.fromEntries(
    ['parent', 'model_service_id', 'model_provider_service_id', 'mcp_service_id'].map((name) => [
      name,
      {
        says: 'the key of the entry says where the service is and what it is called',
        help: 'Leave it out, and write CATALOG.SCHEMA.NAME as the key of the entry.',
      },
    ]),
  ),
  traffic_percentage: {
    says: 'only destinations have a share, and fallbacks are tried in their order',
    help: 'Leave it out.',
  },
  traffic_splitting: {
    says: 'a split needs no marker any more',
    help: 'Leave it out: traffic_percentage in the destinations makes the split.',
  },
  first_token_timeout: { says: 'it was part of the Beta only', help: 'Leave it out.' },
  disabled: {
    says: 'it was part of the Beta only',
    help: 'Leave it out, and write inference_table: null to stop logging.',
  },
  request_tag_key: { says: 'limits by request tag were part of the Beta only', help: 'Leave it out.' },
};

const ON_ENDPOINTS: Readonly<Record<string, OtherWay>> = {
  grants: {
    says: 'serving endpoints have permissions, not grants',
    write: 'permissions',
    help: 'Write permissions: { "group:NAME": CAN_QUERY }.',
  },
  privileges: {
    says: 'serving endpoints have permission levels',
    write: 'permission_level',
    help: 'Write CAN_VIEW, CAN_QUERY or CAN_MANAGE.',
  },
  requests: { says: 'serving endpoints count calls, not requests', write: 'calls', help: 'Write calls.' },
  comment: {
    says: 'serving endpoints have a description',
    write: 'description',
    help: 'Write description.',
  },
  routing: {
    says: 'serving endpoints have served entities and a split between them',
    write: 'config.served_entities',
    help: 'Write an entity for each destination, with its traffic_percentage.',
  },
  destinations: {
    says: 'serving endpoints have served entities',
    write: 'config.served_entities',
    help: 'Write an entity for each destination, with its traffic_percentage.',
  },
  fallback: {
    says: 'serving endpoints fall back in the order of their served entities',
    write: 'ai_gateway.fallback_config',
    help: 'Write fallback_config: { enabled: true }, and list the entities in the order in which they are to be tried.',
  },
};

/** Fields that came after the release which this schema follows. https://github.com/databricks/sdk-js/blob/main/packages/aigateway/CHANGELOG.md */
const NEWER: readonly string[] = ['bedrock_mantle', 'header_auth', 'endpoint_route', 'pricing'];

export function isNewer(holder: NameHolder, name: string): boolean {
  return holder.kind === 'model_provider_services' && NEWER.includes(name);
}

/** How a field of the other side of the API is said on this one. */
export function otherWay(holder: NameHolder, name: string): OtherWay | undefined {
  if (holder.kind === undefined) return undefined;
  const table = isEndpoint(holder) ? ON_ENDPOINTS : ON_SERVICES;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

const PERIOD_WORDS = /^(?:RATE_LIMIT_RENEWAL_PERIOD_)?(?:hour|hours|hourly|1h|h)$/i;

const PER_MINUTE = 'Limits of serving endpoints are per minute; model services have limits by the hour.';

/** Why a value that services have is none of an endpoint's. */
export function otherSideValue(field: string | undefined, value: string): string | undefined {
  return field === 'renewal_period' && PERIOD_WORDS.test(value) ? PER_MINUTE : undefined;
}

/** The same of a key of a map. */
export function otherSideKey(path: readonly string[], key: string): string | undefined {
  const isLimit = path.at(-2) === 'ai_gateway' && path.at(-1) === 'rate_limits';
  return isLimit && key.endsWith('/hour') ? PER_MINUTE : undefined;
}

/** Top-level names by which files of other tools are known. */
const OTHER_FILES: Readonly<Record<string, string>> = {
  resources: 'a Databricks bundle',
  model_list: 'a LiteLLM configuration',
  routes: 'an MLflow gateway configuration',
};

export function otherFile(name: string): string | undefined {
  return Object.hasOwn(OTHER_FILES, name) ? OTHER_FILES[name] : undefined;
}
