// The field behaviour table: everything about a field that the differ, the steps and the validator must
// know and that its name does not tell. One row per field; a quirk is a line here, never code elsewhere.
import type { Json } from './json';
import type { KeyCodecName } from './keys';
import { type Path, pathPattern } from './path';

/**
 * Which way a move tightens governance. A closed list, interpreted in `plan/direction.ts`.
 * on: true is tighter · ranked: later in `ranks` is tighter · limit: a count, lower is tighter, none is loosest, and who is
 * limited decides · more / fewer: a longer / shorter list is tighter, · moves: neither side is tighter.
 */
export type DirectionRule = 'on' | 'ranked' | 'limit' | 'more' | 'moves' | 'neutral';

export interface FieldRow {
  /** Pattern of the path, items as `[]`: `ai_gateway.rate_limits[].calls`. */
  readonly path: string;
  /** The row holds only for these sorts of object. A row with `when` goes before the same path without. */
  readonly when?: readonly string[];
  /** The list is keyed by this codec. */
  readonly keyed?: KeyCodecName;
  /** Of a keyed list: an item is owned whole, or only the members that the file names. */
  readonly items?: 'whole' | 'partial';
  /** Order and repetition mean nothing. */
  readonly unordered?: true;
  /** What the API means by the member's absence; a difference to it is none, and `null` asks for it. */
  readonly absent?: Json;
  /** As `absent`, but the value stands at another path of the same object: `name`. */
  readonly absentFrom?: string;
  /** The server may fill it in unasked: asking for its absence is suppressed. */
  readonly serverFills?: true;
  /** The block is on or off by this member; when it is off, so it is when it is absent, and its other members say nothing. */
  readonly switch?: string;
  /** Changing it while the block is on needs the block off first: the path of the switch. */
  readonly twoStep?: string;
  readonly direction?: DirectionRule;
  readonly ranks?: readonly string[];
  /** Why the row is as it is, one sentence. */
  readonly reason: string;
  /** Where that is written. */
  readonly source: string;
}

const SDK = 'https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go';
const PROVIDER =
  'https://github.com/databricks/terraform-provider-databricks/blob/main/serving/resource_model_serving_provisioned_throughput.go';
const DOCS = 'https://docs.databricks.com/aws/en/ai-gateway/configure-ai-gateway-endpoints';

function guardrailRows(side: 'input' | 'output'): FieldRow[] {
  const base = `ai_gateway.guardrails.${side}`;
  const filledIn: FieldRow[] =
    side === 'input'
      ? [
          {
            path: `${base}.pii.behavior`,
            when: ['provisioned_throughput', 'pay_per_token'],
            absent: 'NONE',
            serverFills: true,
            direction: 'ranked',
            ranks: ['NONE', 'MASK', 'BLOCK'],
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
      reason: 'Without it no filter runs, which is what NONE says; blocking is stricter than masking.',
      source: SDK,
    },
    {
      path: `${base}.safety`,
      absent: false,
      direction: 'on',
      reason: 'Without it the safety filter is off.',
      source: SDK,
    },
    {
      path: `${base}.invalid_keywords`,
      unordered: true,
      absent: [],
      direction: 'more',
      reason: 'A set of words; each one more refuses more requests.',
      source: SDK,
    },
    {
      path: `${base}.valid_topics`,
      unordered: true,
      absent: [],
      direction: 'moves',
      reason: 'A set of topics; none means every topic, so a longer list may tighten or loosen.',
      source: SDK,
    },
  ];
}

export const SERVING_ENDPOINT_FIELDS: readonly FieldRow[] = [
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
    reason: 'Fewer calls a minute is stricter; 0 refuses all, absence allows all.',
    source: DOCS,
  },
  {
    path: 'ai_gateway.rate_limits[].tokens',
    direction: 'limit',
    reason: 'Fewer tokens a minute is stricter; 0 refuses all, absence allows all.',
    source: DOCS,
  },
  ...guardrailRows('input'),
  ...guardrailRows('output'),
  {
    path: 'ai_gateway.usage_tracking_config.enabled',
    when: ['pay_per_token', 'provisioned_throughput'],
    absent: false,
    serverFills: true,
    direction: 'on',
    reason: 'These endpoints answer with a value though none was sent; tracking is on by default there.',
    source: PROVIDER,
  },
  {
    path: 'ai_gateway.usage_tracking_config.enabled',
    absent: false,
    direction: 'on',
    reason: 'Without the block usage is not tracked.',
    source: SDK,
  },
  {
    path: 'ai_gateway.fallback_config.enabled',
    absent: false,
    direction: 'moves',
    reason:
      'Without the block there is no fallback; having one changes where traffic may go, not how well it is guarded.',
    source: SDK,
  },
  {
    path: 'ai_gateway.inference_table_config',
    switch: 'enabled',
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
    reason: 'Tags come back in another order than they were sent.',
    source: 'https://github.com/databricks/terraform-provider-databricks/issues/5119',
  },
];

/** The row for a path in an object of one sort; the first that fits wins. */
export class FieldTable {
  readonly #rows = new Map<string, FieldRow[]>();

  constructor(rows: readonly FieldRow[]) {
    for (const row of rows) this.#rows.set(row.path, [...(this.#rows.get(row.path) ?? []), row]);
  }

  row(path: Path, sort: string): FieldRow | undefined {
    return this.#rows
      .get(pathPattern(path))
      ?.find((row) => row.when === undefined || row.when.includes(sort));
  }
}
