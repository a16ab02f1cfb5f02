// Whole endpoints: what a file declares of one in every form it may be written in, beside a live endpoint that is near
// to it or not there yet. Valid by construction: it loads, and what comes of both is what the API takes.
import fc from 'fast-check';
import { type Block, type Entity, entity, type Serves } from './entities';
import { configGateway, configTags, type Estate, liveGateway, liveTags, type Sort } from './estate';

export { ENVIRONMENT } from './entities';

/** A live value that no file names: it has to be what it was when everything is applied. */
export interface Kept {
  readonly endpoint: string;
  readonly entity: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

export interface WholeEstate extends Estate {
  readonly kept: readonly Kept[];
}

interface Config {
  /** What the file says under `config`. */
  readonly declared: Block;
  readonly form: 'list' | 'map';
  /** What the workspace has; absent where the endpoint is to be made. */
  readonly live?: Block;
  readonly kept: readonly Omit<Kept, 'endpoint'>[];
}

/** Whole numbers that make up 100, with many zeros. */
function shares(count: number): fc.Arbitrary<number[]> {
  return fc
    .array(fc.constantFrom(0, 0, 1, 1, 2, 3), { minLength: count, maxLength: count })
    .map((weights) => {
      const sum = weights.reduce<number>((total, weight) => total + weight, 0);
      const parts = weights.map((weight) => (sum === 0 ? 0 : Math.floor((100 * weight) / sum)));
      const rest = 100 - parts.reduce((total, part) => total + part, 0);
      const at = sum === 0 ? 0 : weights.findIndex((weight) => weight > 0);
      return parts.map((part, index) => (index === at ? part + rest : part));
    });
}

type Shares = Readonly<Record<string, number>>;
type TrafficForm = 'inline' | 'list' | 'map' | 'old names' | 'unsaid';

const routesOf = (split: Shares, names: (entity: string) => Block) =>
  Object.entries(split).map(([name, traffic_percentage]) => ({ ...names(name), traffic_percentage }));

/** As an answer has them. */
const liveRoutes = (split: Shares) =>
  routesOf(split, (name) => ({ served_model_name: name, served_entity_name: name }));

function trafficConfig(split: Shares, form: TrafficForm): Block {
  if (form === 'inline' || form === 'unsaid') return {};
  const routes =
    form === 'map'
      ? split
      : routesOf(split, (name) =>
          form === 'old names'
            ? { served_model_name: name, served_entity_name: name }
            : { served_entity_name: name },
        );
  return { traffic_config: { routes } };
}

function inlined(entities: Block, share: number | undefined, form: TrafficForm): Block {
  return form === 'inline' && share !== undefined ? { ...entities, traffic_percentage: share } : entities;
}

const splitOver = (names: readonly string[]): fc.Arbitrary<Shares> =>
  shares(names.length).map((parts) => Object.fromEntries(names.map((name, index) => [name, parts[index]!])));

const liveConfig = (entities: readonly (Block & { name: string })[], split: Shares): Block => ({
  served_entities: entities,
  ...(entities.length > 0 ? { traffic_config: { routes: liveRoutes(split) } } : {}),
});

/** All entities as a list: what else is live goes. */
function asList(serves: Serves, wanted: readonly Entity[]): fc.Arbitrary<Config> {
  const names = wanted.map(({ name }) => name);
  return fc
    .record({
      there: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: names.length, maxLength: names.length }),
      extra: fc.option(entity(serves, 'gone'), { nil: undefined, freq: 2 }),
      split: splitOver(names),
      form: fc.constantFrom<TrafficForm>('inline', 'inline', 'list', 'map', 'old names', 'unsaid'),
      made: fc.integer({ min: 0, max: 3 }),
    })
    .chain(({ there, extra, split, form: asked, made }) => {
      const form = asked === 'unsaid' && names.length > 1 ? 'inline' : asked;
      const declared = {
        served_entities: wanted.map(({ name, declared }) =>
          inlined({ name, ...declared }, split[name], form),
        ),
        ...trafficConfig(split, form),
      };
      if (made === 0) return fc.constant<Config>({ declared, form: 'list', kept: [] });
      const present = wanted.filter((_, index) => there[index]! > 0);
      const live = [...present, ...(extra === undefined ? [] : [extra])];
      const entities = (live.length > 0 ? live : wanted).map(({ name, live: fields }) => ({
        name,
        ...fields,
      }));
      const keeps = live.length > 0 ? present : wanted;
      return splitOver(entities.map(({ name }) => name)).map(
        (before): Config => ({
          declared,
          form: 'list',
          live: liveConfig(entities, before),
          kept: keeps.flatMap(({ name, kept }) => kept.map((each) => ({ entity: name, ...each }))),
        }),
      );
    });
}

/** Some of the entities as a map, the others live as they are; some of the named ones are new, one is to go. */
function asMap(serves: Serves, all: readonly Entity[]): fc.Arbitrary<Config> {
  return fc
    .record({
      named: fc.array(fc.boolean(), { minLength: all.length, maxLength: all.length }),
      there: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: all.length, maxLength: all.length }),
      partly: fc.boolean(),
      goes: fc.option(entity(serves, 'gone'), { nil: undefined, freq: 2 }),
      split: splitOver(all.map(({ name }) => name)),
      form: fc.constantFrom<TrafficForm>('inline', 'map'),
    })
    .chain(({ named, there, partly, goes, split, form }) => {
      const declaredOnes = all.filter((_, index) => named[index] || index === 0);
      const others = all.filter((each) => !declaredOnes.includes(each));
      const isLive = (each: Entity) => each === declaredOnes[0] || there[all.indexOf(each)]! > 0;
      const liveOnes = declaredOnes.filter(isLive);
      const declared = {
        served_entities: Object.fromEntries([
          ...declaredOnes.map((each) => [
            each.name,
            inlined(partly && isLive(each) ? each.part : each.declared, split[each.name], form),
          ]),
          ...(goes === undefined ? [] : [[goes.name, null]]),
        ]),
        ...trafficConfig(Object.fromEntries(declaredOnes.map(({ name }) => [name, split[name]!])), form),
      };
      // What is not named keeps its share, so the others have what is left.
      const free = [...liveOnes, ...(goes === undefined ? [] : [goes])].map(({ name }) => name);
      const taken = others.reduce((total, { name }) => total + split[name]!, 0);
      return shares(free.length).map((parts): Config => {
        const scaled = parts.map((part) => Math.floor((part * (100 - taken)) / 100));
        const rest = 100 - taken - scaled.reduce((total, part) => total + part, 0);
        const before: Shares = Object.fromEntries([
          ...others.map(({ name }) => [name, split[name]!]),
          ...free.map((name, index) => [name, scaled[index]! + (index === 0 ? rest : 0)]),
        ]);
        const live = [...liveOnes, ...others, ...(goes === undefined ? [] : [goes])];
        return {
          declared,
          form: 'map',
          live: liveConfig(
            live.map(({ name, live: fields }) => ({ name, ...withReferences(fields) })),
            before,
          ),
          kept: [
            ...liveOnes.flatMap(({ name, kept }) => kept.map((each) => ({ entity: name, ...each }))),
            ...others.flatMap(({ name, live: fields }) =>
              Object.entries(withReferences(fields)).map(([field, value]) => ({
                entity: name,
                path: [field],
                value,
              })),
            ),
          ],
        };
      });
    });
}

const BLOCKS_WITH_KEY: Readonly<Record<string, readonly string[]>> = {
  openai_config: ['openai_api_key'],
  anthropic_config: ['anthropic_api_key'],
  cohere_config: ['cohere_api_key'],
  google_cloud_vertex_ai_config: ['private_key'],
  databricks_model_serving_config: ['databricks_api_token'],
  amazon_bedrock_config: ['aws_access_key_id', 'aws_secret_access_key'],
};

/** A config update sends every entity again: one that no file names whole must have credentials that come back. */
function withReferences(live: Block): Block {
  const model = live.external_model as Block | undefined;
  if (model === undefined) return live;
  const done: Block = { ...model };
  for (const [name, value] of Object.entries(model)) {
    if (!name.endsWith('_config')) continue;
    const block = { ...(value as Block) };
    const keys =
      block.openai_api_type === 'azuread'
        ? ['microsoft_entra_client_secret']
        : block.instance_profile_arn === undefined
          ? (BLOCKS_WITH_KEY[name] ?? [])
          : [];
    for (const key of keys) block[key] ??= '{{secrets/llm/kept}}';
    if (name === 'custom_provider_config')
      block.bearer_token_auth = { token: '{{secrets/llm/kept}}', ...(block.bearer_token_auth as Block) };
    done[name] = block;
  }
  return { ...live, external_model: done };
}

const NAMES = ['gpt', 'claude', 'b-3', 'a_1'];

/** What a file says under `config`, in either form. */
export function endpointConfig(serves: Serves): fc.Arbitrary<Config> {
  return fc
    .shuffledSubarray(NAMES, { minLength: 1, maxLength: 3 })
    .chain((names) => fc.tuple(...names.map((name) => entity(serves, name))))
    .chain((entities) =>
      fc.oneof(
        { weight: 3, arbitrary: asList(serves, entities) },
        { weight: 2, arbitrary: asMap(serves, entities) },
      ),
    );
}

const SORT: Readonly<Record<Serves, Sort>> = {
  external: 'external',
  custom: 'custom',
  units: 'provisioned_throughput',
  throughput: 'provisioned_throughput',
};

const level = fc.constantFrom('CAN_VIEW', 'CAN_QUERY', 'CAN_MANAGE');
const PRINCIPALS = ['group:ops', 'group:dev', 'user:bo@example.com', 'service_principal:6f1c'];
const grants = fc.dictionary(fc.constantFrom(...PRINCIPALS), level, { maxKeys: 3 });

export function aclEntries(map: Readonly<Record<string, string>>): Block[] {
  const FIELDS: Readonly<Record<string, string>> = {
    user: 'user_name',
    group: 'group_name',
    service_principal: 'service_principal_name',
  };
  return Object.entries(map).map(([key, permission_level]) => {
    const colon = key.indexOf(':');
    return { [FIELDS[key.slice(0, colon)]!]: key.slice(colon + 1), permission_level };
  });
}

/** Permissions as a file says them: a list, or a map with nulls. */
export const permissionsConfig = fc.oneof(
  grants.map(aclEntries),
  fc.dictionary(fc.constantFrom(...PRINCIPALS), fc.option(level, { nil: null, freq: 5 }), { maxKeys: 3 }),
);

const addresses = fc.uniqueArray(fc.constantFrom('ana@example.com', 'bo@example.com', 'ops@example.com'), {
  maxLength: 3,
});
const notifications = fc.record(
  { on_update_failure: addresses, on_update_success: addresses },
  { requiredKeys: [] },
);

const telemetry = fc.record(
  {
    telemetry_profile_id: fc.constantFrom('profile-a', 'profile-b'),
    enabled_telemetry_features: fc.uniqueArray(
      fc.constantFrom('TELEMETRY_FEATURE_LOGS', 'TELEMETRY_FEATURE_METRICS', 'TELEMETRY_FEATURE_TRACES'),
      { minLength: 1, maxLength: 3 },
    ),
  },
  { requiredKeys: ['telemetry_profile_id'] },
);

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

interface Pair {
  readonly entry: Block;
  readonly live?: Block;
  readonly kept: readonly Omit<Kept, 'endpoint'>[];
}

function withoutUndefined(block: Block): Block {
  return Object.fromEntries(Object.entries(block).filter(([, value]) => value !== undefined));
}

/** Fallback goes by an order, which a map of entities has not. */
function withoutFallback(gateway: Block | undefined): Block | undefined {
  if (gateway?.fallback_config === undefined || gateway.fallback_config === null) return gateway;
  return { ...gateway, fallback_config: { enabled: false } };
}

/** An endpoint whose config is declared: to be made, or live in another state. */
function managed(name: string): fc.Arbitrary<Pair> {
  return fc
    .constantFrom<Serves>('external', 'external', 'external', 'custom', 'custom', 'units', 'throughput')
    .chain((serves) =>
      fc
        .record({
          config: endpointConfig(serves),
          gateway: maybe(configGateway(SORT[serves])),
          liveGateway: liveGateway(SORT[serves]),
          permissions: maybe(permissionsConfig),
          livePermissions: grants,
          tags: maybe(configTags),
          liveTags,
          stamped: fc.boolean(),
          notifications: maybe(notifications),
          liveNotifications: maybe(notifications),
          telemetry: serves === 'custom' ? maybe(telemetry) : fc.constant(undefined),
          liveTelemetry: serves === 'custom' ? maybe(telemetry) : fc.constant(undefined),
          description: maybe(fc.constantFrom('', 'answers questions')),
          optimised: serves === 'custom' ? maybe(fc.boolean()) : fc.constant(undefined),
          budget: maybe(fc.constant('budget-1')),
        })
        .map(({ config, ...made }): Pair => {
          const isNew = config.live === undefined;
          const mapped = config.form === 'map';
          const entry = withoutUndefined({
            config: config.declared,
            ai_gateway: mapped ? withoutFallback(made.gateway) : made.gateway,
            permissions: made.permissions,
            tags: made.tags,
            email_notifications: made.notifications,
            telemetry_config: made.telemetry,
            description: made.description,
            route_optimized: made.optimised,
            // Never answered and never changed: it can be said of a new endpoint only.
            budget_policy_id: isNew && serves !== 'units' ? made.budget : undefined,
          });
          if (isNew) return { entry: serves === 'units' ? withoutLater(entry) : entry, kept: [] };
          const tags = made.liveTags.map(([key, value]) => ({ key, value }));
          const stamp = made.stamped ? [{ key: 'gatewright_project', value: 'generated' }] : [];
          const live = withoutUndefined({
            name,
            creator: 'ana@example.com',
            config: config.live,
            ai_gateway: Object.keys(made.liveGateway).length > 0 ? made.liveGateway : undefined,
            permissions: aclEntries(made.livePermissions),
            tags: [...tags, ...stamp],
            email_notifications: made.liveNotifications,
            telemetry_config: made.liveTelemetry,
            // What cannot be changed is live as it is declared, or declared nowhere.
            description: made.description,
            route_optimized: made.optimised,
          });
          return { entry, live, kept: config.kept };
        }),
    );
}

/** What cannot be given where model units are created. */
function withoutLater({
  description: _d,
  route_optimized: _r,
  telemetry_config: _t,
  ...entry
}: Block): Block {
  return entry;
}

/** An endpoint of somebody else's, of which some settings are governed. */
function attached(name: string): fc.Arbitrary<Pair> {
  return fc.constantFrom<Serves>('external', 'custom', 'throughput').chain((serves) =>
    fc
      .record({
        config: entity(serves, 'gpt'),
        gateway: configGateway(SORT[serves]),
        liveGateway: liveGateway(SORT[serves]),
        permissions: maybe(grants),
        livePermissions: grants,
        tags: liveTags,
      })
      .map(
        ({ config, gateway, liveGateway, permissions, livePermissions, tags }): Pair => ({
          entry: withoutUndefined({ manage: 'attach', ai_gateway: gateway, permissions }),
          live: withoutUndefined({
            name,
            creator: 'ana@example.com',
            config: liveConfig([{ name: 'gpt', ...withReferences(config.live) }], { gpt: 100 }),
            ai_gateway: Object.keys(liveGateway).length > 0 ? liveGateway : undefined,
            permissions: aclEntries(livePermissions),
            tags: tags.map(([key, value]) => ({ key, value })),
          }),
          kept: [],
        }),
      ),
  );
}

/** One or two endpoints, mostly such that their config is declared. */
export const wholeEstates: fc.Arbitrary<WholeEstate> = fc
  .integer({ min: 1, max: 2 })
  .chain((size) =>
    fc.tuple(
      ...Array.from({ length: size }, (_, index) =>
        fc.oneof(
          { weight: 5, arbitrary: managed(`e${index}`) },
          { weight: 1, arbitrary: attached(`e${index}`) },
        ),
      ),
    ),
  )
  .map((pairs) => ({
    live: pairs.flatMap(({ live }) => (live === undefined ? [] : [live])),
    config: {
      project: 'generated',
      serving_endpoints: Object.fromEntries(pairs.map(({ entry }, index) => [`e${index}`, entry])),
    },
    unmanaged: Object.fromEntries(
      pairs.map(({ live, entry }, index) => {
        const had = Object.keys((live?.ai_gateway as Block | undefined) ?? {});
        const gateway = entry.ai_gateway as Block | null | undefined;
        const named = gateway === null ? had : Object.keys(gateway ?? {});
        return [`e${index}`, had.filter((block) => !named.includes(block))];
      }),
    ),
    kept: pairs.flatMap(({ kept }, index) => kept.map((each) => ({ endpoint: `e${index}`, ...each }))),
  }));
