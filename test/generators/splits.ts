// Arbitrary configs: entities and their shares in each form that a file may say them in, beside a live config that is
// near to it, or none yet. What comes of both adds up.
import fc from 'fast-check';
import { type Block, type Entity, entity, type Serves } from './entities';

/** A live value of an entity that no file names. */
export interface KeptInEntity {
  readonly entity: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

export interface Config {
  /** What the file says under `config`. */
  readonly declared: Block;
  readonly form: 'list' | 'map';
  /** What the workspace has; absent where the endpoint is to be made. */
  readonly live?: Block;
  readonly kept: readonly KeptInEntity[];
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

export const liveConfig = (entities: readonly (Block & { name: string })[], split: Shares): Block => ({
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
export function withReferences(live: Block): Block {
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
