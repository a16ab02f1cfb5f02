// What a service of Unity AI Gateway may leave out or say shorter, said in full: words of the API, the period of a limit
// and whom it is for, the type that a block makes evident. Works on one layer; knows nothing of merging.
import { DESTINATION_BLOCKS } from '../model/model-service-fields';
import type { Findings } from './findings';
import { isSaid, type LayerValue, type MapValue, memberOf, withItem } from './layers';
import { eachMap, type MapNode, member, type Node, scalarAt, withMember } from './node';
import {
  DESTINATION_TYPE,
  LIMIT_KEY,
  LIMIT_PERIOD,
  longWord,
  PROVIDER_BLOCKS,
  PROVIDER_TYPE,
  spelled,
  type Words,
} from './service-words';

type Change = (node: Node) => Node;

export function completeModelService(node: Node, findings: Findings): Node {
  const destinations = inMember('destinations', (list) =>
    eachMap(list, (each) =>
      withType(each, 'destination_type', DESTINATION_TYPE, DESTINATION_BLOCKS, findings),
    ),
  );
  const routing = inMember('routing', (each) => inMember('fallback', destinations)(destinations(each)));
  return inMember('config', (config) => completeLimits(routing(config), findings))(node);
}

export function completeProviderService(node: Node, findings: Findings): Node {
  return inMember('config', (config) => {
    if (config.kind !== 'map') return config;
    const typed = withType(config, 'provider_type', PROVIDER_TYPE, PROVIDER_BLOCKS, findings);
    return completeLimits(typed, findings);
  })(node);
}

export function completeMcpService(node: Node, findings: Findings): Node {
  return inMember('config', (config) => completeLimits(config, findings))(node);
}

/** The change made to one member of a map; anything else stays as it is. */
function inMember(name: string, change: Change): Change {
  return (node) => {
    const value = member(node, name);
    if (node.kind !== 'map' || value === undefined) return node;
    const changed = change(value);
    return changed === value ? node : withMember(node, name, changed);
  };
}

/** Of the list form; in the map form the key says who and when. */
function completeLimits(config: Node, findings: Findings): Node {
  return inMember('rate_limits', (limits) =>
    limits.kind === 'list' ? eachMap(limits, (limit) => completeLimit(limit, findings)) : limits,
  )(config);
}

function completeLimit(limit: MapNode, findings: Findings): MapNode {
  if (findings.isBroken(limit)) return limit;
  const keyed = withWord(limit, 'key', LIMIT_KEY, 'service', findings);
  return withWord(keyed, 'renewal_period', LIMIT_PERIOD, 'minute', findings);
}

function withWord(map: MapNode, field: string, words: Words, standard: string, findings: Findings): MapNode {
  const said = member(map, field);
  const word =
    said === undefined ? scalarAt(longWord(standard, words), map) : spelled(said, words, field, findings);
  return word === said ? map : withMember(map, field, word);
}

/** The type in full; where it is left out and one block is said, the type of that. */
function withType(
  map: MapNode,
  field: string,
  words: Words,
  blocks: Readonly<Record<string, string>>,
  findings: Findings,
): MapNode {
  const said = member(map, field);
  if (said !== undefined) {
    const word = spelled(said, words, field, findings);
    return word === said ? map : withMember(map, field, word);
  }
  const evident = Object.entries(blocks).filter(([, block]) => member(map, block)?.kind === 'map');
  const [only] = evident;
  if (only === undefined || evident.length > 1) return map;
  const [type, block] = only;
  return withMember(map, field, scalarAt(type, member(map, block) ?? map));
}

/** The only destination of a whole list receives everything; said, so that another share which is live does not stay. */
export function settleRouting(value: MapValue): MapValue {
  const config = memberOf(value, 'config');
  const routing = memberOf(config, 'routing');
  const list = memberOf(routing, 'destinations');
  if (config?.kind !== 'map' || routing?.kind !== 'map' || list?.kind !== 'keyed' || !list.whole)
    return value;
  const [only, ...others] = [...list.items].filter(([, destination]) => isSaid(destination));
  if (only === undefined || others.length > 0) return value;
  const [name, destination] = only;
  if (destination.kind !== 'map' || destination.members.has('traffic_percentage')) return value;
  const { node, layer } = destination;
  const all: LayerValue = { kind: 'leaf', value: 100, node, layer, cut: false };
  const items = new Map(list.items).set(name, withItem(destination, 'traffic_percentage', all));
  return withItem(
    value,
    'config',
    withItem(config, 'routing', withItem(routing, 'destinations', { ...list, items })),
  );
}
