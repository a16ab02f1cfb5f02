// The field behaviour table of model services. A quirk is a row here, with its reason and its source.
import type { FieldRow } from './fields';
import { CONFIG_ROW, PAYLOAD_TABLE_FIELDS, SDK, SERVICE_FIELDS } from './service-fields';

const PRIMARY = 'config.routing.destinations';
const FALLBACK = 'config.routing.fallback.destinations';

/** Which block says where a destination of each type leads. */
export const DESTINATION_BLOCKS = {
  DESTINATION_TYPE_PAY_PER_TOKEN_FOUNDATION_MODEL: 'pay_per_token_config',
  DESTINATION_TYPE_PROVISIONED_THROUGHPUT_FOUNDATION_MODEL: 'provisioned_throughput_config',
  DESTINATION_TYPE_EXTERNAL_FOUNDATION_MODEL: 'external_model_config',
} as const;

const MOVING = {
  destination_type: 'Another sort of model answers.',
  'pay_per_token_config.model': 'Another model answers.',
  'provisioned_throughput_config.model_serving_endpoint': 'Another endpoint answers.',
  'external_model_config.model_provider_service': 'Requests go to another provider.',
  'external_model_config.target.model': 'Another model answers.',
};

function destinationRows(list: string): FieldRow[] {
  const each = `${list}[]`;
  return [
    {
      path: each,
      direction: 'moves',
      choices: [Object.values(DESTINATION_BLOCKS).map((block) => [block])],
      reason: 'Another destination, or another order of them, is another place where requests may go.',
      source: SDK,
    },
    ...Object.entries(MOVING).map(
      ([field, reason]): FieldRow => ({ path: `${each}.${field}`, direction: 'moves', reason, source: SDK }),
    ),
    {
      path: `${each}.external_model_config.target.native_api_types`,
      unordered: true,
      absent: [],
      reason: 'A set; without it the provider service says which.',
      source: SDK,
    },
  ];
}

export const MODEL_SERVICE_FIELDS: readonly FieldRow[] = [
  CONFIG_ROW,
  ...SERVICE_FIELDS,
  ...PAYLOAD_TABLE_FIELDS,
  {
    path: PRIMARY,
    keyed: 'destination',
    items: 'partial',
    unsettable: true,
    reason: 'A draw by percentage decides among them, so they are told apart by name and have no order.',
    source: SDK,
  },
  {
    path: `${PRIMARY}[].traffic_percentage`,
    absent: 100,
    direction: 'moves',
    reason: 'It may be left out only where there is one destination, which then receives everything.',
    source: SDK,
  },
  ...destinationRows(PRIMARY),
  {
    path: FALLBACK,
    keyed: 'fallback',
    items: 'partial',
    ordered: true,
    reason: 'They are tried one after the other, in this order.',
    source: 'https://learn.microsoft.com/en-us/azure/databricks/ai-gateway/create-model-services',
  },
  {
    path: `${FALLBACK}[].traffic_percentage`,
    absent: 0,
    reason: 'A fallback has no share of its own.',
    source: SDK,
  },
  ...destinationRows(FALLBACK),
];
