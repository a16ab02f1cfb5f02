// A put of a config replaces it whole: what it must carry, in which order, and what it must not.
import { isList, isObject, type JsonObject } from '../../src/model/json';
import { planFor, stepsOf } from '../plan/whole';

const entity = (name: string, version: string, more: JsonObject = {}): JsonObject => ({
  name,
  entity_name: `ml.models.${name}`,
  entity_version: version,
  ...more,
});
const routes = (shares: Record<string, number>): JsonObject => ({
  routes: Object.entries(shares).map(([name, share]) => ({
    served_model_name: name,
    served_entity_name: name,
    traffic_percentage: share,
  })),
});

function sent(body: string, live: JsonObject): JsonObject {
  const steps = stepsOf(planFor(body, live));
  const put = steps.find(([operation]) => operation === 'put-config');
  if (put === undefined) throw new Error(`no put of a config among ${steps.map(([name]) => name)}`);
  return put[1];
}

function namesIn(body: JsonObject): unknown[] {
  const list = body.served_entities;
  return isList(list) ? list.map((one) => isObject(one) && one.name) : [];
}

describe('the order of entities, which is the order of fallback', () => {
  const config = {
    served_entities: [entity('c', '1'), entity('a', '1'), entity('b', '1')],
    traffic_config: routes({ c: 100, a: 0, b: 0 }),
  };
  const list = (...names: string[]) =>
    `config: { served_entities: [${names
      .map(
        (name) =>
          `{ name: ${name}, entity_name: ml.models.${name}, entity_version: 2, traffic_percentage: ${name === 'c' ? 100 : 0} }`,
      )
      .join(', ')}] }`;

  test('of a list is the declared one', () => {
    expect(namesIn(sent(list('b', 'c', 'a'), { config }))).toEqual(['b', 'c', 'a']);
  });

  test('of a map that names some is the live one, new ones last', () => {
    const body =
      'config: { served_entities: { b: { entity_version: 2 }, 0new: { entity_name: ml.models.n, entity_version: 1, traffic_percentage: 0 } } }';
    expect(namesIn(sent(body, { config }))).toEqual(['c', 'a', 'b', '0new']);
  });

  test('of a map that names all is the live one too', () => {
    const body =
      'config: { served_entities: { a: { entity_version: 2 }, b: { entity_version: 2 }, c: { entity_version: 2 } } }';
    expect(namesIn(sent(body, { config }))).toEqual(['c', 'a', 'b']);
  });
});
