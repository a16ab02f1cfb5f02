// How people write services of Unity AI Gateway: no word that a block makes evident, nothing of what only the platform
// decides, a word where the workspace keeps something to itself (credentials) or takes it from the UI alone (policies).
import { isList, isObject, type Json } from '../model/json';
import { DESTINATION_BLOCKS } from '../model/model-service-fields';
import { AUTH_WAYS, type AuthWay, PROVIDERS } from '../model/provider-service-fields';
import type { LiveResource } from '../model/resource';
import type { Habits } from './author';
import type { AuthorWalk } from './author-walk';
import { PROVIDER_BLOCKS } from './service-words';

/** Where requests of a service that the platform made lead is the platform's. https://github.com/databricks/terraform-provider-databricks/issues/5976 */
const OURS_OF_SYSTEM = ['rate_limits', 'inference_table'];
const POLICIES = 'service_policies';

/** `finish` says what is particular to one kind of service. */
function habits(about: Partial<Pick<Habits, 'finish'>> = {}): Habits {
  return {
    reserved: /^system\./,
    unknownSays: (name) =>
      `The workspace also answers ${name}, which files do not take. It is left as it is, whatever is changed here.`,
    prepare(walk, live) {
      const { fields } = live;
      if (!isObject(fields.config)) return fields;
      const { [POLICIES]: policies, ...config } = fields.config;
      if (policies !== undefined) aboutPolicies(walk, policies);
      if (!live.systemOwned) return { ...fields, config };
      const { comment: _theirs, ...rest } = fields;
      const ours = Object.entries(config).filter(([name]) => OURS_OF_SYSTEM.includes(name));
      return { ...rest, config: Object.fromEntries(ours) };
    },
    finish: (walk, entry) => about.finish?.(walk, entry),
  };
}

function aboutPolicies(walk: AuthorWalk, policies: Json): void {
  const list = isList(policies) ? policies : [];
  const names = list.flatMap((one) => (isObject(one) && typeof one.name === 'string' ? [one.name] : []));
  const which = names.length === 0 ? '' : ` (${names.join(', ')})`;
  walk.note([], `Service policies are attached to it${which}: in the UI, where they stay as they are.`);
}

export const mcpServiceHabits = habits();

export const modelServiceHabits = habits({
  finish(_walk, entry) {
    const routing = isObject(entry.config) ? entry.config.routing : undefined;
    if (!isObject(entry.config) || !isObject(routing)) return;
    const { destinations, fallback } = routing;
    const second = isObject(fallback)
      ? { ...fallback, destinations: evident(fallback.destinations) }
      : fallback;
    entry.config = {
      ...entry.config,
      routing: {
        ...routing,
        ...(destinations === undefined ? {} : { destinations: shared(evident(destinations)) }),
        ...(second === undefined ? {} : { fallback: second }),
      },
    };
  },
});

/** The block of a destination says which type it is of. */
function evident(list: Json | undefined): Json {
  if (!isList(list)) return list ?? null;
  return list.map((each) => {
    if (!isObject(each)) return each;
    const { destination_type: type, ...rest } = each;
    const block = DESTINATION_BLOCKS[type as keyof typeof DESTINATION_BLOCKS];
    return block !== undefined && isObject(rest[block]) ? rest : each;
  });
}

/** Of several each says its share, also the one that receives everything. */
function shared(list: Json): Json {
  if (!isList(list) || list.length < 2) return list;
  return list.map((each) => {
    if (!isObject(each)) return each;
    const { name = null, ...rest } = each;
    return { name, traffic_percentage: 100, ...rest };
  });
}

export const providerServiceHabits = habits({
  finish(walk, entry) {
    const { config } = entry;
    if (!isObject(config) || typeof config.provider_type !== 'string') return;
    const block = Object.hasOwn(PROVIDER_BLOCKS, config.provider_type)
      ? PROVIDER_BLOCKS[config.provider_type]
      : undefined;
    if (block === undefined) return;
    const { provider_type: _evident, ...rest } = config;
    // Without its block a provider cannot be told; what stands in it may all be kept to itself.
    const said = isObject(rest[block]) ? rest[block] : { direct: {} };
    entry.config = { [block]: said, ...rest };
    for (const way of storedWays(walk.live, block)) aboutSecret(walk, block, way);
  },
});

/** Ways to sign in whose secret stands where it cannot be read. */
function storedWays({ fields }: LiveResource, block: string): AuthWay[] {
  const config = isObject(fields.config) ? fields.config : {};
  const inside = isObject(config[block]) ? config[block].direct : undefined;
  const direct = isObject(inside) ? inside : {};
  const ways = Object.values(PROVIDERS).find((row) => row.block === block)?.auth ?? [];
  return ways.filter((way) => {
    const inner: string | undefined = AUTH_WAYS[way];
    const value = direct[way];
    if (inner === undefined || !isObject(value)) return false;
    const secret = inner === '' ? value : value[inner];
    return !isObject(secret) || secret.secret_reference === undefined;
  });
}

function aboutSecret(walk: AuthorWalk, block: string, way: AuthWay): void {
  const reference = '{ secret_reference: { name: secrets/CATALOG.SCHEMA.NAME } }';
  const inner: string | undefined = AUTH_WAYS[way];
  const field = inner === '' ? `${way}: ${reference}` : `${way}: { ${inner}: ${reference} }`;
  walk.note(
    ['config', block],
    `A credential is stored, which no workspace answers. It stays as it is while nothing is said of it; to replace it, or to make this service elsewhere, put it into a secret of Unity Catalog and add direct: { ${field} }.`,
  );
}
