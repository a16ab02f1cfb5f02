// The codecs' law, and what the keyed forms mean.
import fc from 'fast-check';
import type { Json } from '../../src/model/json';
import { KEY_CODECS, keyed } from '../../src/model/keys';

const word = fc.stringMatching(/^[a-z0-9@.-]{1,12}$/);
const count = fc.nat(1_000_000);

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
  tag: fc.tuple(word, word),
  entity: fc.tuple(word, fc.record({ entity_name: word })),
  route: fc.tuple(word, fc.nat(100)),
  principal: fc.tuple(
    fc
      .tuple(fc.constantFrom('user', 'group', 'service_principal'), word)
      .map(([head, who]) => `${head}:${who}`),
    fc.constantFrom('CAN_VIEW', 'CAN_QUERY'),
  ),
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
