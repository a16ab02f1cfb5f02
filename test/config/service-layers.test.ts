// Laws of layers and of the normal form, over arbitrary entries of services.
import fc from 'fast-check';
import { Findings } from '../../src/config/findings';
import { type LayerValue, type MapValue, mergeLayers, readLayer } from '../../src/config/layers';
import { normalise } from '../../src/config/normalise';
import { SECTIONS } from '../../src/config/sections';
import type { Json, JsonObject } from '../../src/model/json';
import { isObject } from '../../src/model/json';
import { kindOf } from '../../src/model/kinds';
import {
  mcpServiceEntry,
  modelServiceEntry,
  providerServiceEntry,
  serviceLimitsList,
  serviceLimitsMap,
} from '../generators/service-config';
import { nodeOf } from './nodes';

const ENTRIES = {
  model_services: modelServiceEntry(),
  model_provider_services: providerServiceEntry(),
  mcp_services: mcpServiceEntry(),
} as const;

/** Reads and merges as a project of one entry of the kind does. */
function lawsOf(kind: string) {
  const section = SECTIONS.find((each) => each.kind === kind)!;
  const { rows } = kindOf(kind);
  const keyed = new Map(rows.flatMap((row) => (row.keyed ? [[row.path, row.keyed] as const] : [])));
  const unordered = new Set(rows.filter((row) => row.unordered).map((row) => row.path));
  const choices = new Map(rows.flatMap((row) => (row.choices ? [[row.path, row.choices] as const] : [])));
  const findings = new Findings();
  return {
    layer: (fields: JsonObject) =>
      readLayer(section.complete(nodeOf(fields), findings), 'file', keyed, { listed() {}, repeated() {} }),
    result: (value: LayerValue) => {
      const settled = section.settle(value as MapValue);
      return JSON.parse(
        JSON.stringify(normalise(settled.members, { unordered, choices }).fields),
      ) as JsonObject;
    },
  };
}

/** Members turned around, and lists too where their order means nothing. */
function turned(value: Json, name = ''): Json {
  if (Array.isArray(value))
    return (name === 'fallback' ? value : [...value].reverse()).map((each) => turned(each));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, turned(each, name === 'fallback' ? name : key)]),
  );
}

describe.each(Object.entries(ENTRIES))('%s', (kind, entries) => {
  const { layer, result } = lawsOf(kind);
  const any = entries as fc.Arbitrary<JsonObject>;

  test('merging is associative', () => {
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        const [x, y, z] = [layer(a), layer(b), layer(c)];
        expect(result(mergeLayers(mergeLayers(x, y), z))).toEqual(result(mergeLayers(x, mergeLayers(y, z))));
      }),
    );
  });

  test('a layer over nothing, or over itself, says what it says; and the normal form is its own', () => {
    fc.assert(
      fc.property(any, (a) => {
        const once = result(layer(a));
        expect(result(mergeLayers(layer({}), layer(a)))).toEqual(once);
        expect(result(mergeLayers(layer(a), layer({})))).toEqual(once);
        expect(result(mergeLayers(layer(a), layer(a)))).toEqual(once);
        expect(result(layer(once))).toEqual(once);
      }),
    );
  });

  test('the order in which a file says things means nothing, but for fallbacks', () => {
    fc.assert(
      fc.property(any, (a) => {
        expect(result(layer(turned(a) as JsonObject))).toEqual(result(layer(a)));
      }),
    );
  });

  test('a list of limits that any layer wrote is whole; a null in it drops out', () => {
    fc.assert(
      fc.property(serviceLimitsList(), serviceLimitsMap(), (list, map) => {
        const below = layer({ config: { rate_limits: list as unknown as Json } });
        const above = layer({ config: { rate_limits: map as unknown as Json } });
        for (const merged of [mergeLayers(below, above), mergeLayers(above, below)]) {
          const limits = (result(merged).config as JsonObject).rate_limits as readonly JsonObject[];
          for (const each of limits) {
            const counts = [each.requests, each.tokens].filter((count) => count !== undefined);
            expect(counts.length).toBeGreaterThan(0);
            expect(counts.every((count) => typeof count === 'number')).toBe(true);
          }
        }
      }),
    );
  });
});

test('both forms of the same limits differ in being whole and in nothing else', () => {
  const { layer, result } = lawsOf('model_services');
  fc.assert(
    fc.property(serviceLimitsMap(), (map) => {
      const limits = Object.fromEntries(
        Object.entries(map).filter(([, value]) => value !== null && !Object.values(value).includes(null)),
      ) as JsonObject;
      const fields = { config: { rate_limits: limits } };
      expect(result(layer(fields))).toEqual(fields);
      const whole = result(mergeLayers(layer({ config: { rate_limits: [] } }), layer(fields)));
      expect(result(layer(whole))).toEqual(whole);
      const listed = (whole.config as JsonObject).rate_limits as readonly JsonObject[];
      expect(listed).toHaveLength(Object.keys(limits).length);
    }),
  );
});

test('the only destination of a whole list takes everything', () => {
  const { layer, result } = lawsOf('model_services');
  const destinations = (value: Json) => ({ config: { routing: { destinations: value } } });
  const to = (name: string, more: JsonObject = {}) => ({
    name,
    pay_per_token_config: { model: `models/system.ai.${name}` },
    ...more,
  });
  const shares = (value: LayerValue) => {
    const { routing } = result(value).config as { routing: { destinations: JsonObject[] } };
    return routing.destinations.map(({ name, traffic_percentage }) => [name, traffic_percentage]);
  };
  expect(shares(layer(destinations([to('a')])))).toEqual([['a', 100]]);
  const two = layer(destinations([to('a', { traffic_percentage: 60 }), to('b', { traffic_percentage: 40 })]));
  expect(shares(mergeLayers(layer(destinations([to('a')])), two))).toEqual([
    ['a', 60],
    ['b', 40],
  ]);
  expect(
    shares(mergeLayers(layer(destinations([to('a'), to('b')])), layer(destinations({ b: null })))),
  ).toEqual([['a', 100]]);
  expect(
    result(layer(destinations({ a: { pay_per_token_config: { model: 'models/x.y.z' } } }))),
  ).not.toHaveProperty('config.routing.destinations.a.traffic_percentage');
});
