// What a serving endpoint may leave out or say shorter, said in full: the name of an entity, a version written as a
// number, the old name in a route, the share of an entity inline. Works on one layer; knows nothing of merging.
import type { Findings } from './findings';
import type { KeyedValue, LayerValue, MapValue } from './layers';
import { isSaid, leafOf, memberOf, withItem } from './layers';
import {
  eachMap,
  locate,
  locateKey,
  type MapNode,
  member,
  type Node,
  scalarAt,
  textOf,
  withMember,
  withoutMember,
} from './node';

const NAME = /^[A-Za-z0-9_-]{1,255}$/;

/** Entities and routes with their names; in a layer whose variables are filled in. */
export function completeEndpoint(node: Node, findings: Findings): Node {
  const config = member(node, 'config');
  if (node.kind !== 'map' || config?.kind !== 'map') return node;
  const entities = member(config, 'served_entities');
  const traffic = member(config, 'traffic_config');
  const routes = member(traffic, 'routes');
  let done = config;
  if (entities !== undefined)
    done = withMember(
      done,
      'served_entities',
      eachMap(entities, (entity) => completeEntity(entity, entities.kind === 'list', findings)),
    );
  if (traffic?.kind === 'map' && routes?.kind === 'list') {
    const named = eachMap(routes, (route) => modernRoute(route, findings));
    done = withMember(done, 'traffic_config', withMember(traffic, 'routes', named));
  }
  return done === config ? node : withMember(node, 'config', done);
}

function completeEntity(entity: MapNode, listed: boolean, findings: Findings): MapNode {
  const version = member(entity, 'entity_version');
  const isNumber = version?.kind === 'scalar' && typeof version.value === 'number';
  const done = isNumber
    ? withMember(entity, 'entity_version', { ...version, value: String(version.value) })
    : entity;
  return listed && !entity.entries.has('name') ? named(done, findings) : done;
}

/**
 * An entity without a name is called as the workspace would call it, so that a route may name it.
 * https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (ServedEntityInput.Name)
 */
function named(entity: MapNode, findings: Findings): MapNode {
  if (findings.isBroken(entity)) return entity;
  const model = textOf(member(entity, 'entity_name'));
  const version = textOf(member(entity, 'entity_version'));
  const name = generatedName(textOf(member(member(entity, 'external_model'), 'name')), model, version);
  if (name === undefined || !NAME.test(name)) {
    findings.error(() => ({
      code: 'missing-field',
      message: 'a served entity needs name',
      at: locate(entity),
      help: 'Add name: it is what routes and fallback refer to.',
    }));
    return entity;
  }
  if (version === undefined && model !== undefined) {
    findings.warning(() => ({
      code: 'unnamed-entity',
      message: `a served entity without name and version is called "${name}" here`,
      at: locateKey(entity, 'entity_name'),
      help: `Add name: an endpoint that has the entity under another name would get a second one.`,
    }));
  }
  const at = member(entity, 'entity_name') ?? member(entity, 'external_model') ?? entity;
  return withMember(entity, 'name', scalarAt(name, at));
}

export function generatedName(
  external: string | undefined,
  model: string | undefined,
  version: string | undefined,
) {
  if (external !== undefined) return external.replace(/[.:]/g, '-');
  if (model === undefined) return undefined;
  const leaf = model.slice(model.lastIndexOf('.') + 1);
  return version === undefined ? leaf : `${leaf}-${version}`;
}

/** Answers of the API name the entity twice, other files by its old name alone. */
function modernRoute(route: MapNode, findings: Findings): MapNode {
  const old = member(route, 'served_model_name');
  const modern = member(route, 'served_entity_name');
  if (old === undefined) return route;
  if (modern === undefined)
    return withMember(withoutMember(route, 'served_model_name'), 'served_entity_name', old);
  if (textOf(old) !== textOf(modern)) {
    findings.error(() => ({
      code: 'contradiction',
      message: 'served_model_name and served_entity_name are two names for one thing, and differ',
      at: locate(old),
      because: { text: 'the other stands here', at: locate(modern) },
      help: 'Remove served_model_name, which is the old one.',
    }));
  }
  return withoutMember(route, 'served_model_name');
}

/**
 * The shares that entities say inline, moved to the routes: the whole list of them where the entities are a list. An
 * entity that is removed takes its route along.
 */
export function spreadTraffic(value: LayerValue, findings: Findings): LayerValue {
  const config = memberOf(value, 'config');
  const entities = memberOf(config, 'served_entities');
  if (value.kind !== 'map' || config?.kind !== 'map' || entities?.kind !== 'keyed') return value;
  const traffic = memberOf(config, 'traffic_config');
  const routes = memberOf(traffic, 'routes');
  const { shares, rest } = taken(entities);
  const isWritten = (part: LayerValue | undefined, kind: string) => part === undefined || part.kind === kind;
  if (shares.size === 0 || !isWritten(traffic, 'map') || !isWritten(routes, 'keyed')) return value;
  const before = routes?.kind === 'keyed' ? routes : undefined;
  const items = new Map(before?.items);
  let inline = false;
  for (const [name, share] of shares) {
    const removed = leafOf(entities.items.get(name)) === null;
    inline ||= !removed;
    const said = items.get(name);
    if (said === undefined) items.set(name, share);
    else if (!removed) saidTwice(name, share, said, findings);
  }
  const whole = before?.whole === true || (entities.whole && inline);
  const spread: KeyedValue = { ...(before ?? entities), codec: 'route', whole, items, order: [] };
  const members = new Map(config.members);
  if (rest.whole || rest.items.size > 0) members.set('served_entities', rest);
  else members.delete('served_entities');
  return withRoutes(value, { ...config, members }, traffic, spread);
}

/**
 * What follows from a whole list of entities, once layers are merged: shares that name every one of them are all the
 * routes there can be, and an only entity has all requests.
 */
export function settleTraffic(value: MapValue): MapValue {
  const config = memberOf(value, 'config');
  const entities = memberOf(config, 'served_entities');
  if (config?.kind !== 'map' || entities?.kind !== 'keyed' || !entities.whole) return value;
  const wanted = [...entities.items].filter(([, entity]) => entity.kind === 'map');
  const traffic = memberOf(config, 'traffic_config');
  const routes = memberOf(traffic, 'routes');
  if (routes?.kind === 'keyed' && !routes.whole) {
    if (!wanted.every(([name]) => isSaid(routes.items.get(name)))) return value;
    return withRoutes(value, config, traffic, { ...routes, whole: true });
  }
  const [only, ...others] = wanted;
  if (traffic !== undefined || only === undefined || others.length > 0) return value;
  const [name, { node, layer }] = only;
  const all: LayerValue = { kind: 'leaf', value: 100, node, layer, cut: false };
  const items = new Map([[name, all]]);
  return withRoutes(value, config, traffic, { ...entities, codec: 'route', items, order: [] });
}

function withRoutes(
  value: MapValue,
  config: MapValue,
  traffic: LayerValue | undefined,
  routes: KeyedValue,
): MapValue {
  const around = traffic?.kind === 'map' ? traffic : { ...config, node: routes.node, members: new Map() };
  return withItem(value, 'config', withItem(config, 'traffic_config', withItem(around, 'routes', routes)));
}

/** Inline shares, and the entities without them. In a map, an entity of which only the share was said is not declared. */
function taken(entities: KeyedValue): {
  readonly shares: Map<string, LayerValue>;
  readonly rest: KeyedValue;
} {
  const shares = new Map<string, LayerValue>();
  const items = new Map<string, LayerValue>();
  for (const [name, entity] of entities.items) {
    const share = memberOf(entity, 'traffic_percentage');
    if (leafOf(entity) === null) shares.set(name, entity);
    if (entity.kind !== 'map' || share === undefined) {
      items.set(name, entity);
      continue;
    }
    shares.set(name, share);
    const members = new Map(entity.members);
    members.delete('traffic_percentage');
    if (entities.whole || members.size > 0) items.set(name, { ...entity, members });
  }
  return { shares, rest: { ...entities, items } };
}

function saidTwice(name: string, share: LayerValue, said: LayerValue, findings: Findings): void {
  findings.error(() => ({
    code: 'duplicate-item',
    message: `the share of "${name}" is said twice`,
    at: locate(share.node),
    because: { text: 'its route stands here', at: locate(said.node) },
    help: 'Keep one of them: traffic_percentage here, or the route.',
  }));
}
