// Laws of layers and of the normal form, over arbitrary blocks.
import fc from 'fast-check';
import { completeEndpoint, spreadTraffic } from '../../src/config/endpoint-shorthands';
import { Findings } from '../../src/config/findings';
import { type LayerValue, type MapValue, mergeLayers, readLayer } from '../../src/config/layers';
import { normalise } from '../../src/config/normalise';
import { isObject, type Json, type JsonObject } from '../../src/model/json';
import { KINDS } from '../../src/model/kinds';
import { aiGatewayConfig, rateLimitsList, rateLimitsMap, tagsConfig } from '../generators/gateway';
import { nodeOf } from './nodes';
import { fieldsOf, load, said } from './project';

const keyed = new Map(KINDS[0]!.rows.flatMap((row) => (row.keyed ? [[row.path, row.keyed] as const] : [])));
const unordered = new Set(KINDS[0]!.rows.filter((row) => row.unordered).map((row) => row.path));

const none = new Findings();
const layer = (fields: JsonObject, name = 'file') =>
  spreadTraffic(
    readLayer(completeEndpoint(nodeOf(fields), none), name, keyed, { listed() {}, repeated() {} }),
    none,
  );
const result = (value: LayerValue) =>
  JSON.parse(
    JSON.stringify(normalise((value as MapValue).members, { unordered, choices: new Map() }).fields),
  ) as JsonObject;

const body = () =>
  fc.record(
    { ai_gateway: fc.option(aiGatewayConfig(), { freq: 8, nil: null }), tags: tagsConfig() },
    { requiredKeys: [] },
  ) as fc.Arbitrary<JsonObject>;

const share = () => fc.nat({ max: 100 });
const entityName = () => fc.constantFrom('a', 'b', 'c', 'd');
const entity = () =>
  fc.record(
    {
      entity_name: fc.constantFrom('x', 'y'),
      traffic_percentage: share(),
      workload_size: fc.constantFrom(null, 'Small'),
    },
    { requiredKeys: [] },
  );
const listed = <T>(value: fc.Arbitrary<T>, field: string, by: string) =>
  fc
    .uniqueArray(fc.tuple(entityName(), value), { selector: ([name]) => name, maxLength: 4 })
    .map((items) =>
      items.map(([name, each]) => ({ [by]: name, ...(field === '' ? each : { [field]: each }) })),
    );

/** Entities and routes in either form, shares inline or not; the order of a list says something here. */
const ordered = () =>
  fc.record(
    {
      config: fc.record(
        {
          served_entities: fc.oneof(
            listed(entity(), '', 'name'),
            fc.dictionary(entityName(), fc.option(entity(), { nil: null })),
          ),
          traffic_config: fc.record({
            routes: fc.oneof(
              listed(share(), 'traffic_percentage', 'served_entity_name'),
              fc.dictionary(entityName(), fc.option(share(), { nil: null })),
            ),
          }),
        },
        { requiredKeys: [] },
      ),
      tags: tagsConfig(),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<JsonObject>;

const anyBody = () => fc.oneof(body(), ordered());

test('merging is associative', () => {
  fc.assert(
    fc.property(anyBody(), anyBody(), anyBody(), (a, b, c) => {
      const [x, y, z] = [layer(a), layer(b), layer(c)];
      const left = mergeLayers(mergeLayers(x, y), z);
      const right = mergeLayers(x, mergeLayers(y, z));
      expect(result(left)).toEqual(result(right));
    }),
  );
});

test('a layer over nothing, or over itself, says what it says', () => {
  fc.assert(
    fc.property(anyBody(), (a) => {
      expect(result(mergeLayers(layer({}), layer(a)))).toEqual(result(layer(a)));
      expect(result(mergeLayers(layer(a), layer({})))).toEqual(result(layer(a)));
      expect(result(mergeLayers(layer(a), layer(a)))).toEqual(result(layer(a)));
    }),
  );
});

test('the normal form is its own normal form', () => {
  fc.assert(
    fc.property(anyBody(), (a) => {
      const once = result(layer(a));
      expect(result(layer(once))).toEqual(once);
    }),
  );
});

test('the order in which a file says things means nothing', () => {
  const turned = (value: Json): Json => {
    if (Array.isArray(value)) return [...value].reverse().map(turned);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, each]) => [key, turned(each)]),
    );
  };
  fc.assert(
    fc.property(body(), (a) => {
      expect(JSON.stringify(sorted(result(layer(turned(a) as JsonObject))))).toBe(
        JSON.stringify(sorted(result(layer(a)))),
      );
    }),
  );
});

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key]!)]),
  );
}

test('absent, null and zero come through as they were written', () => {
  const leaf = fc.constantFrom(undefined, null, 0, 1);
  fc.assert(
    fc.property(leaf, leaf, leaf, leaf, (below, above, belowTokens, aboveTokens) => {
      const limit = (calls?: number | null, tokens?: number | null) => ({
        ...(calls === undefined ? {} : { calls }),
        ...(tokens === undefined ? {} : { tokens }),
      });
      const fields = (value: JsonObject) => ({ ai_gateway: { rate_limits: { user: value } } });
      const merged = mergeLayers(
        layer(fields(limit(below, belowTokens))),
        layer(fields(limit(above, aboveTokens))),
      );
      const expected = limit(
        above === undefined ? below : above,
        aboveTokens === undefined ? belowTokens : aboveTokens,
      );
      expect(result(merged)).toEqual(fields(expected));
    }),
  );
});

test('a list that any layer wrote is whole; a null in it drops out', () => {
  fc.assert(
    fc.property(rateLimitsList(), rateLimitsMap(), (list, map) => {
      const below = layer({ ai_gateway: { rate_limits: list } });
      const above = layer({ ai_gateway: { rate_limits: map as JsonObject } });
      for (const merged of [mergeLayers(below, above), mergeLayers(above, below)]) {
        const limits = (result(merged).ai_gateway as JsonObject).rate_limits as readonly JsonObject[];
        expect(Array.isArray(limits)).toBe(true);
        for (const each of limits) {
          const counts = [each.calls, each.tokens].filter((count) => count !== undefined);
          expect(counts).toHaveLength(1);
          expect(typeof counts[0]).toBe('number');
        }
      }
    }),
  );
});

test('both forms of the same limits differ in being whole and in nothing else', () => {
  fc.assert(
    fc.property(rateLimitsList(), (list) => {
      const whole = (result(layer({ ai_gateway: { rate_limits: list } })).ai_gateway as JsonObject)
        .rate_limits;
      const map: Record<string, Record<string, number>> = {};
      for (const each of whole as readonly JsonObject[]) {
        const key = each.principal === undefined ? String(each.key) : `${each.key}:${each.principal}`;
        const unit = each.calls === undefined ? 'tokens' : 'calls';
        map[key] = { ...map[key], [unit]: each[unit] as number };
      }
      const partial = result(layer({ ai_gateway: { rate_limits: map } }));
      expect(partial).toEqual({ ai_gateway: { rate_limits: map } });
      const empty = { ai_gateway: { rate_limits: [] } };
      expect(result(mergeLayers(layer(empty), layer(partial)))).toEqual({
        ai_gateway: { rate_limits: whole },
      });
    }),
  );
});

test('null over a block removes it, and what stood below does not come back', () => {
  const below = layer({
    ai_gateway: { rate_limits: { user: { calls: 1 } }, fallback_config: { enabled: true } },
  });
  const removed = mergeLayers(below, layer({ ai_gateway: null }));
  expect(result(removed)).toEqual({ ai_gateway: null });
  const again = mergeLayers(removed, layer({ ai_gateway: { usage_tracking_config: { enabled: true } } }));
  expect(result(again)).toEqual({ ai_gateway: { usage_tracking_config: { enabled: true } } });
});

test('whatever is valid loads, and the document it makes is accepted', () => {
  fc.assert(
    fc.property(aiGatewayConfig(), tagsConfig(), (ai_gateway, tags) => {
      const text = JSON.stringify({ project: 'p', serving_endpoints: { chat: { ai_gateway, tags } } });
      const loaded = load(text);
      expect(said(loaded).filter((each) => !each.startsWith('warning deprecated-field'))).toEqual([]);
      expect(fieldsOf(loaded)).toEqual(result(layer({ ai_gateway, tags })));
    }),
  );
});
