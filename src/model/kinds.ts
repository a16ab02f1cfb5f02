// The kinds of resource that a file may declare. Plan and render know kinds only through these rows.
import { type FieldRow, FieldTable, SERVING_ENDPOINT_FIELDS } from './fields';

export interface Kind {
  /** The section of the file and the head of an address: `serving_endpoints`. */
  readonly kind: string;
  /** For sentences: "1 serving endpoint". */
  readonly noun: string;
  /** Most items of a keyed list that the API takes, by path. https://docs.databricks.com/aws/en/ai-gateway/configure-ai-gateway-endpoints */
  readonly most: Readonly<Record<string, number>>;
  readonly rows: readonly FieldRow[];
  readonly fields: FieldTable;
}

export const KINDS: readonly Kind[] = [
  {
    kind: 'serving_endpoints',
    noun: 'serving endpoint',
    most: { 'ai_gateway.rate_limits': 20 },
    rows: SERVING_ENDPOINT_FIELDS,
    fields: new FieldTable(SERVING_ENDPOINT_FIELDS),
  },
];

export function kindOf(kind: string): Kind {
  const row = KINDS.find((candidate) => candidate.kind === kind);
  if (row === undefined) throw new Error(`no such kind: ${kind}`);
  return row;
}
