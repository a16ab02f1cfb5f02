// The codecs' law, and what the keyed forms mean.
import fc from 'fast-check';
import type { Json } from '../../src/model/json';
import { KEY_CODECS, keyed } from '../../src/model/keys';

const word = fc.stringMatching(/^[a-z0-9@.-]{1,12}$/);
const count = fc.nat(1_000_000);

/** Names that could be mistaken for a period. */
const name = fc
  .tuple(word, fc.constantFrom('', '', '/hour', '/minute', '/hour/minute', '/team'))
  .map(([text, end]) => `${text}${end}`);
const serviceKey = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('service', 'user_default'),
      fc
        .tuple(fc.constantFrom('user', 'user_group', 'service_principal'), name)
        .map(([head, who]) => `${head}:${who}`),
    ),
    fc.boolean(),
  )
  .map(([who, hourly]) => (hourly ? `${who}/hour` : /\/(hour|minute)$/.test(who) ? `${who}/minute` : who));

const KEYS: Record<keyof typeof KEY_CODECS, fc.Arbitrary<[string, Json]>> = {
  limit: fc.tuple(
    fc.oneof(
      fc.constantFrom('endpoint', 'user'),
      fc
        .tuple(fc.constantFrom('user', 'user_group', 'service_principal'), word)
        .map(([head, who]) => `${head}:${who}`),
    ),
    fc.oneof(
      count.map((calls) => ({ calls })),
      count.map((tokens) => ({ tokens })),
      fc.record({ calls: count, tokens: count }),
    ),
  ),
  service_limit: fc.tuple(
    serviceKey,
    fc.oneof(
      count.map((requests) => ({ requests })),
      count.map((tokens) => ({ tokens })),
      fc.record({ requests: count, tokens: count }),
    ),
  ),
  tag: fc.tuple(word, word),
  entity: fc.tuple(word, fc.record({ entity_name: word })),
  route: fc.tuple(word, fc.nat(100)),
  principal: fc.tuple(
    fc
      .tuple(fc.constantFrom('user', 'group', 'service_principal'), word)
      .map(([head, who]) => `${head}:${who}`),
    fc.constantFrom('CAN_VIEW', 'CAN_QUERY'),
  ),
  destination: fc.tuple(word, fc.record({ destination_type: word, traffic_percentage: fc.nat(100) })),
  fallback: fc.tuple(word, fc.record({ destination_type: word })),
  target: fc.tuple(word, fc.record({ native_api_types: fc.array(word) })),
  grant: fc.tuple(word, fc.array(fc.constantFrom('EXECUTE', 'MANAGE'))),
};

describe.each(Object.keys(KEYS) as (keyof typeof KEYS)[])('codec %s', (name) => {
  const codec = KEY_CODECS[name];

  test('writes entries that read back to the same key and value', () => {
    fc.assert(
      fc.property(KEYS[name], ([key, value]) => {
        expect(codec.problem(key)).toBeUndefined();
        const entries = codec.entries(key, value);
        expect(entries.length).toBeGreaterThan(0);
        expect(entries.map((entry) => codec.keyOf(entry))).toEqual(entries.map(() => key));
        expect(Object.fromEntries(keyed(codec, entries).items)).toEqual({ [key]: value });
      }),
    );
  });
});

test('a limit without a key is the endpoint limit', () => {
  expect(KEY_CODECS.limit.keyOf({ calls: 5, renewal_period: 'minute' })).toBe('endpoint');
});

test('a list is whole, an object owns its own keys, and zero survives', () => {
  const list = keyed(KEY_CODECS.limit, [
    { key: 'user', calls: 0, renewal_period: 'minute' },
    { key: 'user', tokens: 7, renewal_period: 'minute' },
  ]);
  expect(list.whole).toBe(true);
  expect(list.items.get('user')).toEqual({ calls: 0, tokens: 7 });
  const map = keyed(KEY_CODECS.limit, { user: null });
  expect(map.whole).toBe(false);
  expect(map.items.get('user')).toBeNull();
});

test.each(['users', 'user_group:', 'user:'])('%j cannot be a limit', (key) => {
  expect(KEY_CODECS.limit.problem(key)).toMatch(/is not one of|nothing stands after/);
});

describe('a limit of a service', () => {
  const codec = KEY_CODECS.service_limit;
  test('reads long and short words as one identity, and writes the long ones', () => {
    const long = {
      key: 'RATE_LIMIT_KEY_USER_DEFAULT',
      renewal_period: 'RATE_LIMIT_RENEWAL_PERIOD_HOUR',
      requests: 9,
    };
    expect(codec.keyOf(long)).toBe('user_default/hour');
    expect(codec.keyOf({ key: 'user_default', renewal_period: 'hour' })).toBe('user_default/hour');
    expect(codec.keyOf({})).toBe('service');
    expect(codec.entries('user_default/hour', { requests: 9 })).toEqual([long]);
  });

  test('that stands as two entries, one for each count, is one value and is written as one', () => {
    const entry = { key: 'RATE_LIMIT_KEY_SERVICE', renewal_period: 'RATE_LIMIT_RENEWAL_PERIOD_MINUTE' };
    const { items } = keyed(codec, [
      { ...entry, requests: 0 },
      { ...entry, tokens: 7 },
    ]);
    expect(Object.fromEntries(items)).toEqual({ service: { requests: 0, tokens: 7 } });
    expect(codec.entries('service', items.get('service')!)).toEqual([{ ...entry, requests: 0, tokens: 7 }]);
    expect(codec.entries('service', {})).toEqual([]);
  });

  test('of a name that ends as a period does keeps its identity', () => {
    const group = { key: 'user_group', principal: 'a/hour' };
    expect(codec.keyOf({ ...group, renewal_period: 'minute' })).toBe('user_group:a/hour/minute');
    expect(codec.keyOf({ key: 'user_group', principal: 'a', renewal_period: 'hour' })).toBe(
      'user_group:a/hour',
    );
  });

  test.each([
    ['endpoint', 'is not one of'],
    ['user', 'needs a name'],
    ['user_group:', 'needs a name'],
    ['service:x', 'takes no name'],
    ['service/minute', 'says the same'],
    ['user:a/minute', 'says the same'],
  ])('%j is none', (key, says) => {
    expect(codec.problem(key)).toContain(says);
  });
});
