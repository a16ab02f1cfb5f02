// Arbitrary services of Unity AI Gateway: as a workspace answers them (seeds of the simulator), and as a file declares
// them (list and map forms, short and long words, nulls). Whatever is made is valid, alone and together with the others.
import fc from 'fast-check';
import type { JsonObject } from '../../src/model/json';
import { KEY_CODECS } from '../../src/model/keys';

type Block = { [member: string]: unknown };

export interface ServiceEstate {
  /** The part of the simulator's state that this is about. */
  readonly live: {
    readonly serving_endpoints: readonly NamedBlock[];
    readonly model_services: readonly NamedBlock[];
    readonly model_provider_services: readonly NamedBlock[];
    readonly mcp_services: readonly NamedBlock[];
  };
  /** The file, as an object; JSON is YAML. */
  readonly config: Block;
}

type NamedBlock = Block & { readonly name: string };

const SCHEMA = 'main.ai';
/** Destinations may lead to them: seeds of every estate. */
export const PROVIDER = `${SCHEMA}.providers`;
export const THROUGHPUT = 'pt';

function someOf(members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Block> {
  return fc.record(members, { requiredKeys: [] });
}

function orNull<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(value, { freq: 6, nil: null });
}

const count = () => fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5 }), fc.nat({ max: 1_000_000 }));

/** Who is limited and by which period, as a key of the map form. Few names, so that layers and live meet. */
export function serviceLimitKey(): fc.Arbitrary<string> {
  const who = fc.oneof(
    fc.constantFrom('service', 'user_default'),
    fc.constantFrom('ana@example.com', 'bo@example.com').map((name) => `user:${name}`),
    // Names that look like a period.
    fc.constantFrom('analysts', 'x:y', 'by/hour', 'a/minute').map((name) => `user_group:${name}`),
    fc.constantFrom('3f1c', '9a2b').map((id) => `service_principal:${id}`),
  );
  return fc.tuple(who, fc.boolean()).map(([text, hourly]) => {
    if (hourly) return `${text}/hour`;
    return /\/(hour|minute)$/.test(text) ? `${text}/minute` : text;
  });
}

const units = (tokens: boolean): fc.Arbitrary<Block> =>
  tokens
    ? fc.oneof(
        fc.record({ requests: count() }),
        fc.record({ tokens: count() }),
        fc.record({ requests: count(), tokens: count() }),
      )
    : fc.record({ requests: count() });

/** Within what a service takes, also when two layers meet: 8 keys, of which at most 2 for groups. */
function limits(tokens: boolean): fc.Arbitrary<Record<string, Block>> {
  return fc.dictionary(serviceLimitKey(), units(tokens), { maxKeys: 8 }).map((map) => {
    const groups = Object.keys(map).filter((key) => key.startsWith('user_group:'));
    return Object.fromEntries(Object.entries(map).filter(([key]) => !groups.slice(2).includes(key)));
  });
}

const entries = (map: Record<string, Block>): JsonObject[] =>
  Object.entries(map).flatMap(([key, value]) => KEY_CODECS.service_limit.entries(key, value as JsonObject));

function shuffled<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length });
}

/** Limits as a workspace lists them. MCP services have none of tokens. */
export function serviceLimitsLive(tokens = true): fc.Arbitrary<JsonObject[]> {
  return limits(tokens).chain((map) => shuffled(entries(map)));
}

/** The list form, with short words and without what goes without saying. */
export function serviceLimitsList(tokens = true): fc.Arbitrary<Block[]> {
  return limits(tokens).chain((map) =>
    fc
      .tuple(...entries(map).map((entry) => fc.boolean().map((short) => (short ? shortened(entry) : entry))))
      .chain(shuffled),
  ) as fc.Arbitrary<Block[]>;
}

const lower = (word: unknown, beginning: string) => String(word).slice(beginning.length).toLowerCase();

function shortened({ key, renewal_period, ...rest }: JsonObject): Block {
  const who = lower(key, 'RATE_LIMIT_KEY_');
  const period = lower(renewal_period, 'RATE_LIMIT_RENEWAL_PERIOD_');
  return {
    ...rest,
    ...(who === 'service' ? {} : { key: who }),
    ...(period === 'minute' ? {} : { renewal_period: period }),
  };
}

/** The map form; null removes a limit, or one of its units. */
export function serviceLimitsMap(tokens = true): fc.Arbitrary<Record<string, Block | null>> {
  return limits(tokens).chain((map) =>
    fc
      .tuple(
        ...Object.entries(map).map(([key, value]) =>
          fc
            .oneof(
              { weight: 6, arbitrary: fc.constant<Block | null>(value) },
              { weight: 1, arbitrary: fc.constant(null) },
              { weight: 1, arbitrary: fc.constant<Block | null>({ requests: null }) },
            )
            .map((each) => [key, each] as const),
        ),
      )
      .map((pairs) => Object.fromEntries(pairs)),
  );
}

const limitsConfig = (tokens: boolean) =>
  orNull(fc.oneof(serviceLimitsList(tokens), serviceLimitsMap(tokens)));

const principal = () => fc.constantFrom('ana@example.com', 'support-app', '3f1c');
const privileges = () =>
  fc.uniqueArray(fc.constantFrom('EXECUTE', 'MANAGE', 'READ_METADATA', 'APPLY_TAG'), {
    minLength: 1,
    maxLength: 3,
  });
const granted = () => fc.dictionary(principal(), privileges(), { maxKeys: 3 });
const asGrants = (map: Record<string, string[]>): Block[] =>
  Object.entries(map).map(([who, some]) => ({ principal: who, privileges: some }));

/** Grants as a workspace lists them. */
export function grantsLive(): fc.Arbitrary<Block[]> {
  return granted().map(asGrants);
}

/** Grants as a file says them. */
export function grantsConfig(): fc.Arbitrary<Block[] | Block | null> {
  const map = fc.dictionary(principal(), orNull(privileges()), { maxKeys: 3 });
  return orNull(fc.oneof(granted().map(asGrants), map));
}

/** Where a destination leads: the type, its block, and a model that only this place has. */
const place = (models: readonly string[]): fc.Arbitrary<readonly [string, Block]> =>
  fc.constantFrom(...models).chain((model) =>
    fc.constantFrom<readonly [string, Block]>(
      [
        'DESTINATION_TYPE_PAY_PER_TOKEN_FOUNDATION_MODEL',
        { pay_per_token_config: { model: `models/system.ai.${model}` } },
      ],
      [
        'DESTINATION_TYPE_EXTERNAL_FOUNDATION_MODEL',
        {
          external_model_config: {
            model_provider_service: `model-provider-services/${PROVIDER}`,
            target: { model, native_api_types: ['openai/v1/chat/completions'] },
          },
        },
      ],
    ),
  );

const throughput: readonly [string, Block] = [
  'DESTINATION_TYPE_PROVISIONED_THROUGHPUT_FOUNDATION_MODEL',
  { provisioned_throughput_config: { model_serving_endpoint: `serving-endpoints/${THROUGHPUT}` } },
];

const PRIMARY_MODELS = ['gpt-5', 'claude-opus-4-7'] as const;
/** Others, so that nothing falls back to where it came from. */
const FALLBACK_MODELS = ['gemini-3', 'llama-4'] as const;

/** Percentages that make up a hundred. */
const shares = (size: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 0, max: 100 }), { minLength: size - 1, maxLength: size - 1 }).map((cuts) => {
    const sorted = [0, ...cuts.sort((a, b) => a - b), 100];
    return sorted.slice(1).map((cut, index) => cut - sorted[index]!);
  });

function destinations(): fc.Arbitrary<Block[]> {
  const places = fc.uniqueArray(fc.oneof(place(PRIMARY_MODELS), fc.constant(throughput)), {
    minLength: 1,
    maxLength: 3,
    selector: (each) => JSON.stringify(each),
  });
  return places.chain((list) =>
    shares(list.length).map((parts) =>
      list.map(([type, block], index) => ({
        name: `d${index}`,
        destination_type: type,
        traffic_percentage: parts[index],
        ...block,
      })),
    ),
  );
}

function fallbacks(): fc.Arbitrary<Block[]> {
  return fc
    .uniqueArray(place(FALLBACK_MODELS), { maxLength: 3, selector: (each) => JSON.stringify(each) })
    .map((list) =>
      list.map(([type, block], index) => ({ name: `f${index}`, destination_type: type, ...block })),
    );
}

/** Without the type, or with its short word. */
const spelling = (list: fc.Arbitrary<Block[]>): fc.Arbitrary<Block[]> =>
  fc.tuple(list, fc.constantFrom('long', 'short', 'none')).map(([each, how]) =>
    each.map(({ destination_type, ...rest }) => {
      if (how === 'long') return { destination_type, ...rest };
      return how === 'none'
        ? rest
        : { ...rest, destination_type: lower(destination_type, 'DESTINATION_TYPE_') };
    }),
  );

const prefix = () => fc.constantFrom('chat', 'audit');
const parent = 'schemas/ml.logs';

/** The config of a model service as GET answers it. */
export function modelServiceLive(): fc.Arbitrary<Block> {
  return fc
    .tuple(
      fc.record({ destinations: destinations(), fallback: fallbacks() }),
      someOf({
        rate_limits: serviceLimitsLive(),
        inference_table: prefix().map((table_name_prefix) => ({ parent, table_name_prefix })),
      }),
    )
    .map(([{ destinations: primary, fallback }, rest]) => ({
      routing: {
        destinations: primary,
        ...(fallback.length === 0 ? {} : { fallback: { destinations: fallback } }),
      },
      ...rest,
    }));
}

/** The config of a model service as a file declares it: partial, and null where it removes something. */
export function modelServiceConfig(): fc.Arbitrary<Block> {
  const routing = someOf({
    destinations: spelling(destinations()),
    fallback: orNull(fc.record({ destinations: spelling(fallbacks()) })),
  });
  return someOf({ routing, rate_limits: limitsConfig(true), inference_table: tableConfig() });
}

/** Of one place: a table that exists does not move. */
function tableConfig(): fc.Arbitrary<Block | null> {
  return orNull(fc.constant({ parent }));
}

const secretConfig = (): fc.Arbitrary<Block> =>
  fc.constantFrom<Block>(
    { plaintext: '$'.concat('{env.PROVIDER_KEY}') },
    { secret_reference: { name: 'secrets/main.ai.provider' } },
  );
/** How a workspace answers that there is a secret. */
const secretLive = (): fc.Arbitrary<Block> =>
  fc.constantFrom<Block>({}, { secret_reference: { name: 'secrets/main.ai.provider' } });

/** The block of a provider, by the end of its type. */
function provider(secret: () => fc.Arbitrary<Block>): fc.Arbitrary<readonly [string, Block]> {
  const credential = fc.constant({ name: 'credentials/llm' });
  const entra = fc.record({
    tenant_id: fc.constant('t'),
    client_id: fc.constant('c'),
    client_secret: secret(),
  });
  const azure = fc.oneof(
    fc.record({ api_key: secret() }),
    fc.record({ entra_service_principal: entra }),
    fc.record({ service_credential: credential }),
  );
  const at = (base_url: string, way: fc.Arbitrary<Block>) => way.map((each) => ({ base_url, ...each }));
  const key = fc.record({ api_key: secret() });
  const direct = (type: string, block: string, value: fc.Arbitrary<Block>) =>
    value.map((each) => [type, { [block]: { direct: each } }] as const);
  return fc.oneof(
    direct('OPENAI', 'openai', key),
    direct('AZURE_OPENAI', 'azure_openai', at('https://myresource.openai.azure.com', azure)),
    direct('ANTHROPIC', 'anthropic', key),
    fc.constant(['ANTHROPIC', { anthropic: { relayed: {} } }] as const),
    direct(
      'AMAZON_BEDROCK',
      'amazon_bedrock',
      fc
        .oneof(
          fc.record({
            aws_access_key: fc.record({
              access_key_id: fc.constant('access-key-id'),
              secret_access_key: secret(),
            }),
          }),
          fc.record({ service_credential: credential }),
        )
        .map((way): Block => ({ region: 'us-east-1', ...way })),
    ),
    direct('CUSTOM', 'custom', at('https://api.example.com/v1', key)),
    direct('MICROSOFT_FOUNDRY', 'microsoft_foundry', at('https://foundry.example.com', azure)),
    direct(
      'GEMINI_ENTERPRISE',
      'gemini_enterprise',
      key.map((way): Block => ({ project_id: 'p', region: 'us-central1', ...way })),
    ),
  );
}

const TYPE = 'EXTERNAL_MODEL_PROVIDER_TYPE_';
const apiTypes = () =>
  fc.uniqueArray(
    fc.constantFrom('openai/v1/chat/completions', 'openai/v1/responses', 'anthropic/v1/messages'),
    {
      minLength: 1,
    },
  );
const targetMap = () =>
  fc.dictionary(
    fc.constantFrom('gpt-5', 'claude-opus-4-7', 'own.model'),
    apiTypes().map((native_api_types) => ({ native_api_types })),
    { minKeys: 1, maxKeys: 3 },
  );
const asTargets = (map: Record<string, Block>): Block[] =>
  Object.entries(map).map(([model, rest]) => ({ model, ...rest }));

/** The config of a model provider service as GET answers it; a secret is answered as a block with nothing in it. */
export function providerServiceLive(): fc.Arbitrary<Block> {
  return fc
    .tuple(
      provider(secretLive),
      targetMap(),
      someOf({
        forward_headers: fc.boolean(),
        forward_query_parameters: fc.boolean(),
        forward_unmanaged_paths: fc.boolean(),
        rate_limits: serviceLimitsLive(),
        inference_table: prefix().map((table_name_prefix) => ({ parent, table_name_prefix })),
      }),
    )
    .map(([[type, block], targets, rest]) => ({
      provider_type: `${TYPE}${type}`,
      ...block,
      targets: asTargets(targets),
      ...rest,
    }));
}

/** The config of a model provider service as a file declares it. */
export function providerServiceConfig(): fc.Arbitrary<Block> {
  const targets = fc.oneof(targetMap().map(asTargets), targetMap());
  const block = fc
    .tuple(provider(secretConfig), fc.constantFrom('long', 'short', 'none'), targets)
    .map(([[type, each], how, list]): Block => {
      const word = how === 'long' ? `${TYPE}${type}` : type.toLowerCase();
      return { ...(how === 'none' ? {} : { provider_type: word }), ...each, targets: list };
    });
  const rest = someOf({
    forward_headers: orNull(fc.boolean()),
    forward_query_parameters: orNull(fc.boolean()),
    forward_unmanaged_paths: orNull(fc.boolean()),
    rate_limits: limitsConfig(true),
    inference_table: tableConfig(),
  });
  return fc
    .tuple(fc.oneof(block, fc.constant<Block>({})), rest)
    .map(([one, other]) => ({ ...one, ...other }));
}

const connection = () =>
  fc.constantFrom('main.ai.tickets', 'main.ai.wiki').map((name) => ({ name: `connections/${name}` }));
const selectors = () =>
  fc.uniqueArray(fc.constantFrom('read_*', 'search', '*', 'list_all'), { maxLength: 3 });

/** The config of an MCP service as GET answers it. */
export function mcpServiceLive(): fc.Arbitrary<Block> {
  return fc
    .tuple(
      connection(),
      someOf({ include_tool_selectors: selectors(), rate_limits: serviceLimitsLive(false) }),
    )
    .map(([source_connection, rest]) => ({ source_connection, ...rest }));
}

/** The config of an MCP service as a file declares it. */
export function mcpServiceConfig(): fc.Arbitrary<Block> {
  return someOf({
    source_connection: connection(),
    include_tool_selectors: orNull(selectors()),
    rate_limits: limitsConfig(false),
  });
}

const comment = () => fc.constantFrom('', 'answers questions');
const body = (config: fc.Arbitrary<Block>) =>
  fc
    .tuple(config, someOf({ comment: orNull(comment()), grants: grantsConfig() }))
    .map(([each, rest]) => ({ ...rest, ...(Object.keys(each).length === 0 ? {} : { config: each }) }));
const seed = (name: string, config: fc.Arbitrary<Block>): fc.Arbitrary<NamedBlock> =>
  fc
    .tuple(config, someOf({ comment: comment(), grants: grantsLive() }))
    .map(([each, rest]) => ({ name, config: each, ...rest }));

/** An entry as a file has it: comment, config and grants, of each what it likes. */
export const modelServiceEntry = () => body(modelServiceConfig());
export const providerServiceEntry = () => body(providerServiceConfig());
export const mcpServiceEntry = () => body(mcpServiceConfig());

interface Kind {
  readonly leaves: readonly string[];
  readonly live: () => fc.Arbitrary<Block>;
  readonly entry: () => fc.Arbitrary<Block>;
}

/** Live services by name, and entries for some of them, each `full` or `attach`. */
function pairs({ leaves, live, entry }: Kind): fc.Arbitrary<{ seeds: NamedBlock[]; entries: Block }> {
  const names = fc.subarray([...leaves]).map((some) => some.map((leaf) => `${SCHEMA}.${leaf}`));
  return names.chain((some) =>
    fc
      .tuple(
        fc.tuple(...some.map((name) => seed(name, live()))),
        fc.tuple(
          ...some.map((name) =>
            fc
              .tuple(entry(), fc.constantFrom('full', 'attach'))
              .map(([each, manage]) => [name, { manage, ...each }] as const),
          ),
        ),
      )
      .map(([seeds, declared]) => ({ seeds, entries: Object.fromEntries(declared) })),
  );
}

/** Keeps the provider that is live: it cannot be changed. */
function withoutProvider(): fc.Arbitrary<Block> {
  return providerServiceEntry().map((entry) => {
    const { rate_limits, targets, forward_headers } = (entry.config ?? {}) as Block;
    const kept = Object.entries({ rate_limits, targets, forward_headers }).filter(
      ([, value]) => value !== undefined,
    );
    return { ...entry, config: Object.fromEntries(kept) };
  });
}

export const serviceEstates: fc.Arbitrary<ServiceEstate> = fc
  .record({
    models: pairs({ leaves: ['chat', 'draft'], live: modelServiceLive, entry: modelServiceEntry }),
    providers: pairs({ leaves: ['openai', 'claude'], live: providerServiceLive, entry: withoutProvider }),
    mcps: pairs({ leaves: ['tickets', 'wiki'], live: mcpServiceLive, entry: mcpServiceEntry }),
  })
  .map(({ models, providers, mcps }) => ({
    live: {
      serving_endpoints: [
        {
          name: THROUGHPUT,
          creator: 'ana@example.com',
          config: {
            served_entities: [
              { name: 'pt', entity_name: 'system.ai.pt', entity_version: '1', provisioned_model_units: 50 },
            ],
          },
        },
      ],
      model_services: models.seeds,
      model_provider_services: [
        {
          name: PROVIDER,
          config: {
            provider_type: `${TYPE}OPENAI`,
            openai: { direct: { api_key: {} } },
            allow_all_targets: true,
          },
        },
        ...providers.seeds,
      ],
      mcp_services: mcps.seeds,
    },
    config: {
      project: 'generated',
      model_services: models.entries,
      model_provider_services: { ...providers.entries, [PROVIDER]: { manage: 'observe' } },
      mcp_services: mcps.entries,
    },
  }));
