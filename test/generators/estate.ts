// Estates: live endpoints of every sort, and a config over them that the API would take. Weighed towards what
// a reconciler gets wrong: siblings that nobody manages, zero beside null beside absent, lists beside maps.
import fc from 'fast-check';

export type Sort = 'external' | 'pay_per_token' | 'provisioned_throughput' | 'custom' | 'agent';
export type Block = Record<string, unknown>;

export interface Estate {
  /** Seeds of the simulator. */
  readonly live: readonly Block[];
  /** The file, as an object; JSON is YAML. */
  readonly config: Block;
  /** Per endpoint: the gateway blocks that the config does not name. */
  readonly unmanaged: Readonly<Record<string, readonly string[]>>;
}

const BLOCKS = [
  'rate_limits',
  'guardrails',
  'inference_table_config',
  'usage_tracking_config',
  'fallback_config',
] as const;
type BlockName = (typeof BLOCKS)[number];

export const OFFERED: Readonly<Record<Sort, readonly BlockName[]>> = {
  external: BLOCKS,
  pay_per_token: ['rate_limits', 'guardrails', 'inference_table_config', 'usage_tracking_config'],
  provisioned_throughput: ['rate_limits', 'guardrails', 'inference_table_config', 'usage_tracking_config'],
  custom: ['rate_limits', 'inference_table_config', 'usage_tracking_config'],
  agent: ['inference_table_config'],
};

const entities: Readonly<Record<Sort, readonly Block[]>> = {
  external: [
    {
      name: 'gpt',
      external_model: {
        name: 'gpt-5',
        provider: 'openai',
        task: 'llm/v1/chat',
        openai_config: { openai_api_key: '{{secrets/llm/openai}}' },
      },
    },
  ],
  pay_per_token: [{ name: 'fm', entity_name: 'system.ai.fm', foundation_model: { name: 'system.ai.fm' } }],
  provisioned_throughput: [
    { name: 'pt', entity_name: 'system.ai.pt', entity_version: '1', provisioned_model_units: 50 },
  ],
  custom: [{ name: 'own', entity_name: 'ml.models.own', entity_version: '1', workload_size: 'Small' }],
  agent: [],
};

const count = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 5 }) },
);
const who = fc.constantFrom('ana@example.com', 'bo@example.com');
const limitKey = fc.oneof(
  fc.constantFrom('endpoint', 'user'),
  who.map((name) => `user:${name}`),
  fc.constantFrom(
    'user_group:ops',
    'user_group:dev',
    'service_principal:6f1c7a52-0000-4000-8000-000000000001',
  ),
);
const units = fc.oneof(
  count.map((calls) => ({ calls })),
  count.map((tokens) => ({ tokens })),
  fc.record({ calls: count, tokens: count }),
);
const limits = fc.dictionary(limitKey, units, { maxKeys: 4 });

function asList(map: Record<string, Block>, shorthand: boolean): Block[] {
  return Object.entries(map).flatMap(([text, value]) => {
    const colon = text.indexOf(':');
    const key = colon < 0 ? text : text.slice(0, colon);
    const principal = colon < 0 ? {} : { principal: text.slice(colon + 1) };
    const head = shorthand && key === 'endpoint' ? {} : { key };
    const entries = shorthand ? [value] : Object.entries(value).map(([unit, number]) => ({ [unit]: number }));
    // In the member order of the API's answers, so that what comes back can be compared byte for byte.
    return entries.map((entry) => ({
      ...entry,
      ...head,
      ...principal,
      ...(shorthand ? {} : { renewal_period: 'minute' }),
    }));
  });
}

const words = fc.uniqueArray(fc.constantFrom('alpha', 'beta', 'gamma'), { maxLength: 3 });
const side = fc.record(
  {
    pii: fc.record({ behavior: fc.constantFrom('NONE', 'MASK', 'BLOCK') }),
    safety: fc.boolean(),
    invalid_keywords: words,
  },
  { requiredKeys: [] },
);
const guardrails = fc.record({ input: side, output: side }, { requiredKeys: [] });
const place = fc.record({
  catalog_name: fc.constant('ml'),
  schema_name: fc.constantFrom('logs', 'audit'),
  table_name_prefix: fc.constantFrom('a', 'b'),
});
const table = fc.tuple(fc.boolean(), place).map(([enabled, where]) => ({ enabled, ...where }));
const toggle = fc.boolean().map((enabled) => ({ enabled }));

const LIVE: Readonly<Record<BlockName, fc.Arbitrary<unknown>>> = {
  rate_limits: limits.map((map) => asList(map, false)),
  guardrails,
  inference_table_config: table,
  usage_tracking_config: toggle,
  fallback_config: toggle,
};

/** `null` in the places where it means "remove": a block, a side, a leaf, one limit, one unit of a limit. */
function orNull<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) });
}

const nullableSide = fc.record(
  {
    pii: orNull(fc.record({ behavior: orNull(fc.constantFrom('NONE', 'MASK', 'BLOCK')) })),
    safety: orNull(fc.boolean()),
    invalid_keywords: orNull(words),
  },
  { requiredKeys: [] },
);
const nullableUnits = fc
  .record({ calls: orNull(count), tokens: orNull(count) }, { requiredKeys: [] })
  .filter((value) => Object.keys(value).length > 0);

const CONFIG: Readonly<Record<BlockName, fc.Arbitrary<unknown>>> = {
  rate_limits: fc.oneof(
    limits.map((map) => asList(map, false)),
    limits.map((map) => asList(map, true)),
    fc.dictionary(limitKey, orNull(nullableUnits), { maxKeys: 4 }),
  ),
  guardrails: fc.record({ input: orNull(nullableSide), output: orNull(nullableSide) }, { requiredKeys: [] }),
  inference_table_config: table,
  usage_tracking_config: toggle,
  fallback_config: toggle,
};

export function liveGateway(sort: Sort): fc.Arbitrary<Block> {
  return someOf(OFFERED[sort], LIVE, 0.7);
}

export function configGateway(sort: Sort): fc.Arbitrary<Block> {
  const nullable = Object.fromEntries(
    BLOCKS.map((name) => [name, orNull(CONFIG[name])]),
  ) as unknown as typeof CONFIG;
  return someOf(OFFERED[sort], nullable, 0.55);
}

function someOf(
  names: readonly BlockName[],
  from: Readonly<Record<BlockName, fc.Arbitrary<unknown>>>,
  share: number,
): fc.Arbitrary<Block> {
  const picks = names.map((name) =>
    fc.oneof(
      { weight: Math.round(share * 100), arbitrary: from[name].map((value) => [name, value] as const) },
      { weight: Math.round((1 - share) * 100), arbitrary: fc.constant(undefined) },
    ),
  );
  return fc.tuple(...picks).map((pairs) => Object.fromEntries(pairs.filter((pair) => pair !== undefined)));
}

export const liveTags = fc.uniqueArray(
  fc.tuple(fc.constantFrom('team', 'cost', 'env'), fc.constantFrom('a', 'b', '')),
  { selector: ([key]) => key, maxLength: 3 },
);
export const configTags = fc.oneof(
  liveTags.map((pairs) => pairs.map(([key, value]) => ({ key, value }))),
  fc.dictionary(
    fc.constantFrom('team', 'cost', 'env'),
    fc.oneof(fc.constantFrom('a', 'b', ''), fc.constant(null)),
    { maxKeys: 3 },
  ),
);

interface Pair {
  readonly live: Block;
  readonly entry: Block;
}

function endpoint(name: string): fc.Arbitrary<Pair> {
  return fc
    .constantFrom<Sort>('external', 'external', 'pay_per_token', 'provisioned_throughput', 'custom', 'agent')
    .chain((sort) =>
      fc
        .record({
          live: liveGateway(sort),
          gateway: orNull(configGateway(sort)),
          tags: liveTags,
          wanted: fc.option(configTags, { nil: undefined }),
          attach: fc.boolean(),
          stamped: fc.boolean(),
        })
        .map(({ live, gateway, tags, wanted, attach, stamped }) => {
          const owned = sort === 'pay_per_token';
          const manage = owned || attach ? 'attach' : 'full';
          const stamp =
            stamped && manage === 'full' ? [{ key: 'gatewright_project', value: 'generated' }] : [];
          return {
            live: {
              name,
              ...(owned
                ? { id: null, creator: null, endpoint_type: 'FOUNDATION_MODEL_API' }
                : { creator: 'ana@example.com' }),
              ...(sort === 'agent'
                ? { task: 'agent/v1/chat', config: {} }
                : { config: { served_entities: entities[sort] } }),
              ...(Object.keys(live).length > 0 ? { ai_gateway: live } : {}),
              tags: [...tags.map(([key, value]) => ({ key, value })), ...stamp],
            },
            entry: {
              manage,
              ai_gateway: gateway,
              ...(wanted === undefined || owned ? {} : { tags: wanted }),
            },
          };
        }),
    );
}

export const estates: fc.Arbitrary<Estate> = fc.integer({ min: 1, max: 3 }).chain((size) =>
  fc.tuple(...Array.from({ length: size }, (_, index) => endpoint(`e${index}`))).map((pairs) => ({
    live: pairs.map(({ live }) => live),
    config: {
      project: 'generated',
      serving_endpoints: Object.fromEntries(pairs.map(({ live, entry }) => [live.name as string, entry])),
    },
    unmanaged: Object.fromEntries(
      pairs.map(({ live, entry }) => {
        const had = Object.keys((live.ai_gateway as Block | undefined) ?? {});
        const named = entry.ai_gateway === null ? had : Object.keys(entry.ai_gateway as Block);
        return [live.name as string, had.filter((block) => !named.includes(block))];
      }),
    ),
  })),
);
