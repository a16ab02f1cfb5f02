// The kinds of resource that a file may declare. Plan and render know kinds only through these rows.

import { type FieldRow, FieldTable } from './fields';
import type { Reach } from './keys';
import { MCP_SERVICE_FIELDS } from './mcp-service-fields';
import { MODEL_SERVICE_FIELDS } from './model-service-fields';
import { PROVIDER_SERVICE_FIELDS } from './provider-service-fields';
import { LIMIT_MOST } from './service-fields';
import { SERVING_ENDPOINT_FIELDS } from './serving-endpoint-fields';

/**
 * How many items of a keyed list the API takes.
 * https://docs.databricks.com/aws/en/ai-gateway/configure-ai-gateway-endpoints
 */
export interface Most {
  readonly path: string;
  readonly items: number;
  /** Of those with this reach alone. */
  readonly reach?: Reach;
}

export interface Kind {
  /** The section of the file and the head of an address: `serving_endpoints`. */
  readonly kind: string;
  /** For sentences: "1 serving endpoint". */
  readonly noun: string;
  readonly most: readonly Most[];
  /** Paths of which one must be declared to make a new object: without it the entry governs what is there. */
  readonly madeBy: readonly string[];
  readonly rows: readonly FieldRow[];
  readonly fields: FieldTable;
}

export const KINDS: readonly Kind[] = [
  {
    kind: 'serving_endpoints',
    madeBy: ['config'],
    noun: 'serving endpoint',
    most: [
      { path: 'ai_gateway.rate_limits', items: 20 },
      { path: 'ai_gateway.rate_limits', reach: 'shared', items: 5 },
    ],
    rows: SERVING_ENDPOINT_FIELDS,
    fields: new FieldTable(SERVING_ENDPOINT_FIELDS),
  },
  {
    kind: 'model_services',
    madeBy: ['config.routing.destinations'],
    noun: 'model service',
    most: LIMIT_MOST,
    rows: MODEL_SERVICE_FIELDS,
    fields: new FieldTable(MODEL_SERVICE_FIELDS),
  },
  {
    kind: 'model_provider_services',
    madeBy: ['config.provider_type'],
    noun: 'model provider service',
    most: LIMIT_MOST,
    rows: PROVIDER_SERVICE_FIELDS,
    fields: new FieldTable(PROVIDER_SERVICE_FIELDS),
  },
  {
    kind: 'mcp_services',
    madeBy: ['config.source_connection.name'],
    noun: 'MCP service',
    most: LIMIT_MOST,
    rows: MCP_SERVICE_FIELDS,
    fields: new FieldTable(MCP_SERVICE_FIELDS),
  },
];

export function kindOf(kind: string): Kind {
  const row = KINDS.find((candidate) => candidate.kind === kind);
  if (row === undefined) throw new Error(`no such kind: ${kind}`);
  return row;
}
