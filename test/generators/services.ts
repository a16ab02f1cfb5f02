// Services of Unity Catalog as a workspace may hold them, and entries over them that the API would take: lists beside
// maps, null beside zero beside absent, what nobody manages, what the platform made.
import fc from 'fast-check';
import { KEY_CODECS } from '../../src/model/keys';

type Block = Record<string, unknown>;

export interface Case {
  /** A state of the simulator. */
  readonly state: Block;
  readonly entries: readonly {
    readonly kind: string;
    readonly name: string;
    readonly manage: 'full' | 'attach';
    readonly fields: Block;
  }[];
}

function orNull<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) });
}

/** Members are there or not, each for itself. */
function some(members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Block> {
  return fc.record(members, { requiredKeys: [] });
}

const count = fc.integer({ min: 0, max: 5 });
const limitKey = fc.constantFrom(
  'service',
  'service/hour',
  'user_default',
  'user_default/hour',
  'user:ana@example.com',
  'user_group:ops',
  'user_group:ops/hour',
  'user_group:a/hour/minute',
  'service_principal:6f1c7a52',
);
const counts = fc.oneof(
  count.map((requests) => ({ requests })),
  count.map((tokens) => ({ tokens })),
  fc.record({ requests: count, tokens: count }),
);
const limitMap = fc.dictionary(limitKey, counts, { maxKeys: 4 });

/** One entry for both counts, or one for each: the API takes either. */
const limitList = fc
  .tuple(limitMap, fc.boolean())
  .map(([map, apart]) =>
    Object.entries(map).flatMap(([key, value]) =>
      apart
        ? Object.entries(value).flatMap(([unit, number]) =>
            KEY_CODECS.service_limit.entries(key, { [unit]: number }),
          )
        : KEY_CODECS.service_limit.entries(key, value),
    ),
  );
const limitsWanted = orNull(
  fc.oneof(
    limitList,
    fc.dictionary(limitKey, orNull(some({ requests: orNull(count), tokens: orNull(count) })), { maxKeys: 4 }),
  ),
);

const payPerToken = (name: string, more: Block = {}): Block => ({
  name,
  destination_type: 'DESTINATION_TYPE_PAY_PER_TOKEN_FOUNDATION_MODEL',
  pay_per_token_config: { model: `models/system.ai.${name}` },
  ...more,
});
const names = (from: readonly string[], min: number) => fc.shuffledSubarray([...from], { minLength: min });

/** Shares of so many that sum to 100. */
function shares(of: number): fc.Arbitrary<number[]> {
  const cut = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: of - 1, maxLength: of - 1 });
  return cut.map((cuts) => {
    const marks = [0, ...cuts.sort((a, b) => a - b), 100];
    return marks.slice(1).map((mark, index) => mark - (marks[index] ?? 0));
  });
}
const split = (list: readonly string[]) =>
  shares(list.length).map((all) =>
    list.map((name, index) => payPerToken(name, { traffic_percentage: all[index] })),
  );
const primary = names(['a', 'b', 'c'], 1).chain(split);
const fallback = names(['x', 'y', 'z'], 0).map((list) => list.map((name) => payPerToken(name)));

const privileges = fc.subarray(['EXECUTE', 'MANAGE', 'READ_METADATA']);
const principal = fc.constantFrom('support', 'ops', 'dev@example.com');
const grantsLive = fc
  .dictionary(principal, privileges, { maxKeys: 3 })
  .map((map) => Object.entries(map).map(([who, held]) => ({ principal: who, privileges: held })));
const grantsWanted = orNull(
  fc.oneof(grantsLive, fc.dictionary(principal, orNull(privileges), { maxKeys: 3 })),
);

const policies = fc.constant([
  { name: 'jailbreak', handler: 'system.ai.block_jailbreak', policy_type: 'POLICY_TYPE_BUILTIN', rank: 1 },
]);
const table = fc.record({
  parent: fc.constant('schemas/main.logs'),
  table_name_prefix: fc.constantFrom('t', 'u'),
});
const comment = fc.constantFrom('', 'a', 'b');
const beside = { some_future_config: fc.constant({ enabled: true }), service_policies: policies };

interface Pair {
  readonly live?: Block;
  readonly wanted: Block;
  readonly manage: 'full' | 'attach';
}

/** A table that is there may be named again or taken away; its place is not to move. */
function tableWanted(live: unknown): fc.Arbitrary<unknown> {
  return live === undefined ? orNull(table) : orNull(fc.constantFrom({}, live));
}

function modelService(system: boolean): fc.Arbitrary<Pair> {
  const routing = fc.record({
    destinations: primary,
    fallback: fallback.map((destinations) => ({ destinations })),
  });
  const config = some({
    rate_limits: limitList,
    inference_table: table,
    ...beside,
    ...(system ? {} : { routing }),
  });
  const live = some({ comment, config, grants: grantsLive });
  return fc.tuple(live, fc.boolean()).chain(([had, absent]) => {
    const missing = absent && !system;
    const before = missing ? {} : ((had.config ?? {}) as Block);
    const routed = (before.routing ?? {}) as { destinations?: Block[] };
    const resplit = split((routed.destinations ?? []).map(({ name }) => String(name))).map((list) =>
      Object.fromEntries(list.map(({ name, traffic_percentage }) => [name, { traffic_percentage }])),
    );
    const destinations =
      routed.destinations === undefined ? primary : fc.oneof<fc.Arbitrary<unknown>[]>(primary, resplit);
    const routingWanted = fc.record(
      { destinations, fallback: orNull(fallback.map((list) => ({ destinations: list }))) },
      { requiredKeys: missing ? ['destinations'] : [] },
    );
    const members = { rate_limits: limitsWanted, inference_table: tableWanted(before.inference_table) };
    const wanted = fc.record(
      { ...members, ...(system ? {} : { routing: routingWanted }) },
      { requiredKeys: missing ? (['routing'] as never[]) : [] },
    );
    const fields = fc.record(
      { config: wanted, grants: grantsWanted, ...(system ? {} : { comment: orNull(comment) }) },
      { requiredKeys: missing ? ['config'] : [] },
    );
    return fields.map(
      (value): Pair => ({
        ...(missing ? {} : { live: had }),
        wanted: value,
        manage: system ? 'attach' : 'full',
      }),
    );
  });
}

const target = (model: string): fc.Arbitrary<Block> =>
  fc
    .subarray(['openai/v1/responses', 'openai/v1/embeddings', 'openai/v1/chat/completions'], { minLength: 1 })
    .map((native_api_types) => ({ model, native_api_types }));
const targets = names(['gpt-5', 'gpt-4', 'o3'], 1).chain((list) => fc.tuple(...list.map(target)));
const place = fc.constantFrom('https://eu.example.com', 'https://us.example.com');
const secret = fc.constantFrom(
  { plaintext: '${env.OPENAI_KEY}' },
  { secret_reference: { name: 'secrets/main.ai.one' } },
  { secret_reference: { name: 'secrets/main.ai.two' } },
);

const providerService: fc.Arbitrary<Pair> = fc
  .record({
    absent: fc.boolean(),
    live: fc.record({
      config: fc.record(
        {
          openai: fc.record({
            direct: fc.record(
              { api_key: fc.oneof(secret, fc.constant({})), base_url: place },
              { requiredKeys: ['api_key'] },
            ),
          }),
          targets,
          forward_headers: fc.boolean(),
          rate_limits: limitList,
          pricing: fc.record({ default_discount_basis_points: count }),
          inference_table: table,
          ...beside,
        },
        { requiredKeys: ['openai', 'targets'] },
      ),
      grants: grantsLive,
    }),
    type: fc.constant('EXTERNAL_MODEL_PROVIDER_TYPE_OPENAI'),
  })
  .chain(({ absent, live, type }) => {
    const direct = fc.record(
      { api_key: secret, base_url: orNull(place) },
      { requiredKeys: absent ? ['api_key'] : [] },
    );
    const config = fc.record(
      {
        provider_type: fc.constant(type),
        openai: fc.record({ direct }),
        targets: absent
          ? targets
          : fc.oneof<fc.Arbitrary<unknown>[]>(
              targets,
              target('gpt-6').map(({ model, ...rest }) => ({ [String(model)]: rest })),
            ),
        forward_headers: orNull(fc.boolean()),
        forward_unmanaged_paths: orNull(fc.boolean()),
        allow_all_targets: orNull(fc.boolean()),
        pricing: fc.record({ default_discount_basis_points: orNull(count) }),
        rate_limits: limitsWanted,
        inference_table: tableWanted(absent ? undefined : live.config.inference_table),
      },
      { requiredKeys: absent ? ['provider_type', 'openai', 'targets'] : [] },
    );
    const fields = fc.record(
      { comment: orNull(comment), config, grants: grantsWanted },
      { requiredKeys: absent ? ['config'] : [] },
    );
    return fields.map((wanted): Pair => ({ ...(absent ? {} : { live }), wanted, manage: 'full' }));
  });

const selectors = fc.subarray(['read_*', 'read_mail', 'list', '*']);
const mcpService: fc.Arbitrary<Pair> = fc
  .record({
    absent: fc.boolean(),
    live: some({
      comment,
      config: some({ include_tool_selectors: selectors, rate_limits: limitList, ...beside }),
      grants: grantsLive,
    }),
  })
  .chain(({ absent, live }) => {
    const config = fc.record(
      {
        source_connection: fc.record({
          name: fc.constantFrom('connections/main.ai.jira', 'connections/main.ai.other'),
        }),
        include_tool_selectors: orNull(selectors),
        rate_limits: limitsWanted,
      },
      { requiredKeys: absent ? ['source_connection'] : [] },
    );
    const fields = fc.record(
      { comment: orNull(comment), config, grants: grantsWanted },
      { requiredKeys: absent ? ['config'] : [] },
    );
    return fields.map((wanted): Pair => ({ ...(absent ? {} : { live }), wanted, manage: 'full' }));
  });

/** How else a workspace may answer the same. */
const settings = some({
  shuffle_seed: fc.nat(1_000),
  int64_as_text: fc.boolean(),
  empty_list: fc.constantFrom('omitted', 'null', 'empty'),
});

const KINDS = {
  model_services: [modelService(false), modelService(true)],
  model_provider_services: [providerService],
  mcp_services: [mcpService],
} as const;
type KindName = keyof typeof KINDS;

export const cases: fc.Arbitrary<Case> = fc
  .tuple(
    settings,
    fc.array(
      fc
        .constantFrom<KindName>('model_services', 'model_services', 'model_provider_services', 'mcp_services')
        .chain((kind) => fc.oneof(...KINDS[kind]).map((pair) => ({ kind, ...pair }))),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([knobs, pairs]) => {
    const named = pairs.map((pair, index) => ({
      ...pair,
      name: `${pair.manage === 'attach' ? 'system' : 'main'}.ai.s${index}`,
    }));
    const seeds = (kind: KindName) =>
      named
        .filter((one) => one.kind === kind && one.live !== undefined)
        .map(({ name, live }) => ({ name, ...live }));
    return {
      state: {
        settings: knobs,
        ...Object.fromEntries((Object.keys(KINDS) as KindName[]).map((kind) => [kind, seeds(kind)])),
      },
      entries: named.map(({ kind, name, manage, wanted }) => ({ kind, name, manage, fields: wanted })),
    };
  });
