// Rows of the field behaviour table that all services of Unity Catalog share.
import type { FieldRow } from './fields';

export const SDK =
  'https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/service/catalog.py';
const LIMITS = 'https://docs.databricks.com/aws/en/ai-gateway/rate-limits';

export const LIMIT_MOST = [
  { path: 'config.rate_limits', items: 20 },
  { path: 'config.rate_limits', reach: 'shared', items: 5 },
] as const;

export const CONFIG_ROW: FieldRow = {
  path: 'config',
  unsettable: true,
  reason: 'A service without a config does not exist.',
  source: SDK,
};

export const SERVICE_FIELDS: readonly FieldRow[] = [
  { path: 'comment', absent: '', reason: 'No comment and an empty one are the same.', source: SDK },
  {
    path: 'config.rate_limits',
    keyed: 'service_limit',
    items: 'whole',
    reason: 'Identity is key, principal and period; no statement gives the order a meaning.',
    source: SDK,
  },
  ...(['requests', 'tokens'] as const).map(
    (unit): FieldRow => ({
      path: `config.rate_limits[].${unit}`,
      direction: 'limit',
      reason: `Fewer ${unit} a period are stricter; 0 refuses all, absence allows all.`,
      source: LIMITS,
    }),
  ),
  {
    path: 'grants',
    keyed: 'grant',
    items: 'whole',
    additive: true,
    reason: 'Told apart by principal. What a schema or catalog conveys is not among them.',
    source: 'https://docs.databricks.com/api/workspace/grants/get',
  },
  {
    path: 'grants[]',
    unordered: true,
    absent: [],
    direction: 'fewer',
    reason: 'A set of privileges; who holds fewer is held tighter.',
    source: 'https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/privileges',
  },
];

/** Of services that log payloads: the block is there or not, and the table that it makes does not move. */
export const PAYLOAD_TABLE_FIELDS: readonly FieldRow[] = [
  {
    path: 'config.inference_table.parent',
    direction: 'present',
    reason: 'With the block requests are logged, without it they are not.',
    source: SDK,
  },
  {
    path: 'config.inference_table.table_name_prefix',
    absentFrom: 'leaf',
    reason: 'Without it the table is called as the service is. It goes with the place where the table lies.',
    source: SDK,
  },
];
