// The kinds of resource that a file may declare. Plan and render know kinds only through these rows.

import { type FieldRow, FieldTable } from './fields';
import type { Reach } from './keys';
import { MCP_SERVICE_FIELDS, MODEL_SERVICE_FIELDS, PROVIDER_SERVICE_FIELDS } from './service-fields';
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
  /** Fields of which one must be declared to make a new object: without it the entry governs what is there. */
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
  service('model_services', 'model service', MODEL_SERVICE_FIELDS),
  service('model_provider_services', 'model provider service', PROVIDER_SERVICE_FIELDS),
  service('mcp_services', 'MCP service', MCP_SERVICE_FIELDS),
];

/** https://docs.databricks.com/aws/en/ai-gateway/rate-limits */
function service(kind: string, noun: string, rows: readonly FieldRow[]): Kind {
  return {
    kind,
    noun,
    madeBy: ['config'],
    most: [
      { path: 'config.rate_limits', items: 20 },
      { path: 'config.rate_limits', reach: 'shared', items: 5 },
    ],
    rows,
    fields: new FieldTable(rows),
  };
}

export function kindOf(kind: string): Kind {
  const row = KINDS.find((candidate) => candidate.kind === kind);
  if (row === undefined) throw new Error(`no such kind: ${kind}`);
  return row;
}
