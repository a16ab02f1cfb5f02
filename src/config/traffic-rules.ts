// How requests may be split: shares of declared entities that make up a hundred. A map owns only its own keys, so of a
// map only what can be known is checked. https://docs.databricks.com/aws/en/machine-learning/model-serving/serve-multiple-models-to-serving-endpoint
import { wantedEntities } from './entity-rules';
import type { Findings } from './findings';
import { isSaid, type KeyedValue, type LayerValue, memberOf, numberLeaf } from './layers';
import { locate } from './node';
import { didYouMean } from './suggest';

/** `complete` asks for the shares that the API needs. */
export function checkTraffic(config: LayerValue, complete: boolean, findings: Findings): void {
  const entities = memberOf(config, 'served_entities');
  const traffic = memberOf(config, 'traffic_config');
  const routes = memberOf(traffic, 'routes');
  const declared =
    entities?.kind === 'keyed' && entities.whole ? [...wantedEntities(entities).keys()] : undefined;
  if (routes?.kind === 'keyed') {
    const wanted = [...routes.items].filter(([, share]) => isSaid(share));
    if (declared !== undefined) checkNames(wanted, declared, entities!, findings);
    if (declared !== undefined) checkAllRouted(declared, routes, findings);
    checkSum(wanted, routes, declared, findings);
  } else if (
    complete &&
    declared !== undefined &&
    declared.length > 1 &&
    !findings.isBroken(traffic?.node ?? entities?.node)
  ) {
    findings.error({
      code: 'missing-field',
      message: `an endpoint with ${declared.length} served entities needs the share of each`,
      at: locate(entities!.node),
      help: 'Add traffic_percentage to each entity, together 100; 0 is for fallback only.',
    });
  }
}

function checkNames(
  wanted: readonly (readonly [string, LayerValue])[],
  declared: readonly string[],
  entities: LayerValue,
  findings: Findings,
): void {
  const known = new Set(declared);
  for (const [name, share] of wanted) {
    if (known.has(name) || findings.isBroken(entities.node)) continue;
    findings.error(() => ({
      code: 'unknown-entity',
      message: `no served entity is called "${name}"`,
      at: locate(share.node),
      ...didYouMean(name, declared),
      because: { text: `the served entities are ${declared.join(', ')}`, at: locate(entities.node) },
    }));
  }
}

function checkAllRouted(declared: readonly string[], routes: KeyedValue, findings: Findings): void {
  const unrouted = declared.filter((name) => !isSaid(routes.items.get(name)));
  const known = new Set(declared);
  // A route to nobody is the route that is missing, misspelt.
  const misspelt = [...routes.items.keys()].some((name) => !known.has(name));
  if (!routes.whole || unrouted.length === 0 || misspelt) return;
  findings.warning({
    code: 'no-share',
    message: `no share is given for ${unrouted.join(', ')}`,
    at: locate(routes.node),
    help: 'Say 0 for an entity that is for fallback only.',
  });
}

/** Known are all shares where the list is whole, or every entity of a whole list has one. */
function checkSum(
  wanted: readonly (readonly [string, LayerValue])[],
  routes: KeyedValue,
  declared: readonly string[] | undefined,
  findings: Findings,
): void {
  const shares = wanted.flatMap(([, share]) => numberLeaf(share) ?? []);
  const sum = shares.reduce((total, share) => total + share, 0);
  const isAll = routes.whole || (declared?.every((name) => isSaid(routes.items.get(name))) ?? false);
  if (shares.length < wanted.length || sum === 100 || (!isAll && sum < 100) || findings.isBroken(routes.node))
    return;
  findings.error({
    code: 'bad-traffic',
    message: `the shares make up ${sum}, not 100`,
    at: locate(wanted.at(-1)?.[1].node ?? routes.node),
    because: {
      text: `they are ${wanted.map(([name], index) => `${name} ${shares[index]}`).join(', ')}`,
      at: locate(routes.node),
    },
  });
}
