// Arbitrary gateway blocks and tags: as the workspace answers them, and as a file declares them (list and map forms,
// nulls). All of them are valid, so that a property may load or plan them without filtering.
import fc from 'fast-check';
import type { JsonObject } from '../../src/model/json';
import { KEY_CODECS } from '../../src/model/keys';

type Block = { [member: string]: unknown };

const word = () => fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
/** Zero is a limit of its own: nobody may call. */
const count = () =>
  fc.oneof(fc.constant(0), fc.nat({ max: 1_000_000 }), fc.constant(Number.MAX_SAFE_INTEGER));

/** Only the members that are there: absent, not undefined. */
function someOf(members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Block> {
  return fc.record(members, { requiredKeys: [] });
}

function orNull<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(value, { freq: 6, nil: null });
}

/** Who is limited, as a key of the map form. Few names, so that layers meet. */
export function limitKey(): fc.Arbitrary<string> {
  const name = fc.constantFrom('ana@example.com', 'bo@example.com', 'a:b', 'data science');
  return fc.oneof(
    fc.constantFrom('endpoint', 'user'),
    name.map((principal) => `user:${principal}`),
    fc.constantFrom('analysts', 'x:y').map((group) => `user_group:${group}`),
    fc.constantFrom('3f1c', '9a2b').map((id) => `service_principal:${id}`),
  );
}

const units = (): fc.Arbitrary<Block> =>
  fc.oneof(
    fc.record({ calls: count() }),
    fc.record({ tokens: count() }),
    fc.record({ calls: count(), tokens: count() }),
  );

/** At most 8 keys of 2 units: within what an endpoint takes, also when two layers meet. */
const limits = () => fc.dictionary(limitKey(), units(), { maxKeys: 8 });

/** The items of a map of limits as the API lists them: one unit an item, in any order. */
function asItems(map: Record<string, Block>): JsonObject[] {
  return Object.entries(map).flatMap(([key, value]) => KEY_CODECS.limit.entries(key, value as JsonObject));
}

function shuffled<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length });
}

/** Rate limits as a workspace lists them. */
export function rateLimitsLive(): fc.Arbitrary<JsonObject[]> {
  return limits().chain((map) => shuffled(asItems(map)));
}

/** The list form, with the shorthands: no key, no period, calls and tokens together. */
export function rateLimitsList(): fc.Arbitrary<JsonObject[]> {
  return limits().chain((map) =>
    fc
      .tuple(
        ...Object.entries(map).map(([key, value]) =>
          fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()).map(([together, withKey, withPeriod]) => {
            const items = KEY_CODECS.limit.entries(key, value as JsonObject);
            const joined = together ? [Object.assign({}, ...items) as JsonObject] : items;
            return joined.map((each) => shortened(each, withKey, withPeriod));
          }),
        ),
      )
      .chain((items) => shuffled(items.flat())),
  );
}

function shortened(entry: JsonObject, withKey: boolean, withPeriod: boolean): JsonObject {
  const { renewal_period, ...rest } = entry;
  const period = withPeriod ? { renewal_period: renewal_period ?? 'minute' } : {};
  if (rest.key !== 'endpoint' || withKey) return { ...rest, ...period };
  const { key: _, ...short } = rest;
  return { ...short, ...period };
}

/** The map form; null removes a limit, or one of its units. */
export function rateLimitsMap(): fc.Arbitrary<Record<string, Block | null>> {
  const value = someOf({ calls: orNull(count()), tokens: orNull(count()) }).filter(
    (block) => Object.keys(block).length > 0,
  );
  return fc.dictionary(limitKey(), orNull(value), { maxKeys: 8 });
}

const behavior = () => fc.constantFrom('NONE', 'MASK', 'BLOCK');
const words = () => fc.array(word(), { maxLength: 4 });

function guardrail(nulls: boolean): fc.Arbitrary<unknown> {
  const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> => (nulls ? orNull(value) : value);
  return maybe(
    someOf({
      pii: maybe(nulls ? someOf({ behavior: maybe(behavior()) }) : fc.record({ behavior: behavior() })),
      safety: maybe(fc.boolean()),
      invalid_keywords: maybe(words()),
      valid_topics: maybe(words()),
    }),
  );
}

const place = { catalog_name: word(), schema_name: word() };

/** What a workspace answers for `ai_gateway`: only the members that are set, limits one unit an item, no nulls. */
export function aiGatewayLive(): fc.Arbitrary<JsonObject> {
  return someOf({
    rate_limits: rateLimitsLive(),
    guardrails: someOf({ input: guardrail(false), output: guardrail(false) }),
    inference_table_config: fc.record({ enabled: fc.boolean(), ...place, table_name_prefix: word() }),
    usage_tracking_config: fc.record({ enabled: fc.boolean() }),
    fallback_config: fc.record({ enabled: fc.boolean() }),
  }) as fc.Arbitrary<JsonObject>;
}

/** What a file says for `ai_gateway`: partial, limits in either form, null wherever it removes something. */
export function aiGatewayConfig(): fc.Arbitrary<JsonObject> {
  return someOf({
    rate_limits: orNull(fc.oneof(rateLimitsList(), rateLimitsMap())),
    guardrails: orNull(someOf({ input: guardrail(true), output: guardrail(true) })),
    inference_table_config: orNull(
      fc.oneof(
        fc.record({ enabled: fc.boolean(), ...place }),
        fc.record({ enabled: fc.boolean(), ...place, table_name_prefix: orNull(word()) }),
        fc.record({ enabled: fc.constant(false) }),
        fc.record({ schema_name: word() }),
      ),
    ),
    usage_tracking_config: orNull(someOf({ enabled: fc.boolean() })),
    fallback_config: orNull(fc.record({ enabled: fc.boolean() })),
  }) as fc.Arbitrary<JsonObject>;
}

const tagKey = () => fc.constantFrom('team', 'tier', 'cost center', 'owner', 'env');
const tagValue = () => fc.constantFrom('', 'a', 'b', 'support', '0', 'null');

/** Tags as a file says them: a list, or a map with nulls. */
export function tagsConfig(): fc.Arbitrary<JsonObject[] | JsonObject> {
  const list = fc
    .uniqueArray(fc.oneof(fc.record({ key: tagKey(), value: tagValue() }), fc.record({ key: tagKey() })), {
      selector: ({ key }) => key,
    })
    .map((tags) => tags as JsonObject[]);
  return fc.oneof(list, fc.dictionary(tagKey(), orNull(tagValue()), { maxKeys: 5 }));
}
