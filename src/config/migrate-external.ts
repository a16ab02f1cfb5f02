// An endpoint of external models as destinations of a model service: which entities are carried, with which share, which
// are fallen back to, and which provider service each asks.

import { isList, isObject, type JsonObject } from '../model/json';
import { KEY_CODECS, keyed } from '../model/keys';
import { item, itemKey, type Path } from '../model/path';
import { addressOf, type DesiredResource, type LiveResource } from '../model/resource';
import { type EntityLost, type EntityWanted, wantedEntity } from './migrate-entity';
import { fallsBack, tellNoFallback } from './migrate-gateway';
import type { ProviderNames } from './migrate-names';
import { MOST_DESTINATIONS, MOST_FALLBACKS } from './migrate-rows';
import type { SecretNames } from './migrate-secrets';
import { rescaled } from './migrate-split';
import type { Telling } from './migrate-telling';

const PRIMARY: Path = ['config', 'routing', 'destinations'];
const FALLBACK: Path = ['config', 'routing', 'fallback', 'destinations'];

type Entity = EntityWanted | EntityLost;
const isLost = (entity: Entity | undefined): entity is EntityLost => entity !== undefined && 'lost' in entity;

export class External {
  readonly #entities = new Map<string, Entity>();
  /** Of the entities, as it is. */
  readonly #shares: ReadonlyMap<string, number>;
  /** Those that become destinations; the ones with the most traffic where there are too many. */
  readonly #kept: readonly string[];
  readonly #isOrderKnown: boolean;

  constructor(
    readonly live: LiveResource,
    declared: DesiredResource | undefined,
    secrets: SecretNames,
  ) {
    const said = entitiesOf(declared?.fields);
    this.#isOrderKnown = isList(configOf(declared?.fields).served_entities);
    for (const [name, entity] of inOrder(entitiesOf(live.fields), said)) {
      const model = isObject(entity.external_model) ? entity.external_model : undefined;
      const other = said.get(name)?.external_model;
      this.#entities.set(
        name,
        model === undefined
          ? { lost: 'services lead to no models of your own making' }
          : wantedEntity(model, isObject(other) ? other : undefined, { secrets, of: [live.name, name] }),
      );
    }
    this.#shares = sharesOf(live.fields, [...this.#entities.keys()]);
    const able = [...this.#entities].filter(([, entity]) => !isLost(entity)).map(([name]) => name);
    const ranked = [...able].sort((a, b) => this.#share(b) - this.#share(a));
    const first = new Set(ranked.slice(0, MOST_DESTINATIONS));
    this.#kept = able.filter((name) => first.has(name));
  }

  /** Why it cannot be carried at all. */
  get stays(): string | undefined {
    const [lost] = [...this.#entities.values()].filter(isLost);
    if (this.#kept.length === 0) return lost?.lost ?? 'it serves nothing';
    if (this.#kept.some((name) => this.#share(name) > 0)) return undefined;
    return `all of its traffic goes to models that are not carried: ${lost?.lost ?? 'it has none'}`;
  }

  wanted(): EntityWanted[] {
    return this.#kept.map((name) => this.#carried(name));
  }

  /** The routing of the service; tells what becomes of the config and of the fallback. */
  routing(telling: Telling, names: ProviderNames): JsonObject {
    const after = rescaled(this.#kept.map((name) => [name, this.#share(name)]));
    const falls = fallsBack(this.live);
    const primary = this.#kept.filter(
      (name) => !falls || this.#kept.length === 1 || (after.get(name) ?? 0) > 0,
    );
    const isSplit = primary.length > 1;
    // Who has a share and is fallen back to stands in both lists, under two labels.
    const wished = falls ? this.#kept.filter((name) => isSplit || !primary.includes(name)) : [];
    const second = wished.slice(0, MOST_FALLBACKS);
    const label = (name: string) =>
      primary.includes(name) ? freeLabel(`${name}-fallback`, this.#kept) : name;
    const places = new Map<string, Path>();
    for (const name of second) places.set(name, [...FALLBACK, item(label(name))]);
    for (const name of primary) places.set(name, [...PRIMARY, item(name)]);
    for (const [name, entity] of this.#entities)
      this.#tellEntity(telling, names, name, entity, places.get(name));
    this.#tellRoutes(telling, after, primary, places);
    if (wished.length === 0) tellNoFallback(telling);
    else this.#tellFallback(telling, wished, label);
    const leadsTo = (name: string) => destination(this.#carried(name), names);
    const share = (name: string) => (isSplit ? { traffic_percentage: after.get(name) ?? 0 } : {});
    const fallback = second.map((name) => ({ name: label(name), ...leadsTo(name) }));
    return {
      destinations: primary.map((name) => ({ name, ...share(name), ...leadsTo(name) })),
      ...(fallback.length === 0 ? {} : { fallback: { destinations: fallback } }),
    };
  }

  #share(name: string): number {
    return this.#shares.get(name) ?? 0;
  }

  #carried(name: string): EntityWanted {
    const entity = this.#entities.get(name);
    if (entity === undefined || isLost(entity)) throw new Error(`no destination: ${name}`);
    return entity;
  }

  #tellEntity(telling: Telling, names: ProviderNames, name: string, entity: Entity, place?: Path): void {
    const above: Path = ['config', 'served_entities', item(name)];
    if (isLost(entity) || place === undefined) {
      const most = `a service leads to at most ${MOST_DESTINATIONS} destinations, and falls back to ${MOST_FALLBACKS}`;
      for (const setting of telling.below(above))
        telling.tell(setting, 'none', isLost(entity) ? entity.lost : most);
      return;
    }
    const model: Path = [...above, 'external_model'];
    const provider = names.nameOf(entity);
    const address = addressOf({ kind: 'model_provider_services', key: provider });
    const target: Path = [...place, 'external_model_config', 'target', 'model'];
    for (const setting of telling.below(model)) {
      const [field, ...further] = setting.path.slice(model.length);
      if (further.length > 0) continue;
      if (field === 'name') {
        const isSame = entity.model === setting.value;
        telling.tell(
          setting,
          isSame ? 'equal' : 'differs',
          isSame ? '' : `asked for is ${entity.model}`,
          target,
        );
      } else if (field === 'provider') {
        const says = `a model provider service, ${provider}, shared by all that have its credential`;
        const to = [...place, 'external_model_config', 'model_provider_service'];
        telling.tell(setting, 'differs', entity.says === '' ? says : `${entity.says}: ${says}`, to);
      } else if (field === 'task') {
        const says = `callers speak ${entity.apiTypes.join(', ')}, or what all models share, mlflow/v1/chat/completions`;
        const to = ['config', 'targets', item(entity.model), 'native_api_types'];
        telling.tell(setting, 'differs', says, to, address);
      }
    }
    for (const { at, value, outcome, to, isModel, says } of entity.told) {
      const setting = { path: [...model, ...at], value };
      if (isModel) telling.tell(setting, outcome, says, target);
      else if (to === undefined) telling.tell(setting, outcome, says);
      else telling.tell(setting, outcome, says, ['config', entity.provider.block, ...to], address);
    }
  }

  #tellRoutes(
    telling: Telling,
    after: ReadonlyMap<string, number>,
    primary: readonly string[],
    places: ReadonlyMap<string, Path>,
  ): void {
    const gone = [...this.#shares.keys()].filter((name) => !after.has(name)).join(', ');
    for (const setting of telling.below(['config', 'traffic_config', 'routes'])) {
      const name = itemKey(setting.path.at(-1) ?? '[]');
      const share = after.get(name);
      const place = places.get(name);
      if (share === undefined || place === undefined)
        telling.tell(setting, 'none', 'what it leads to is not carried: the others take its share');
      else if (!primary.includes(name))
        telling.tell(setting, 'differs', 'without a share it is only fallen back to', place);
      else if (share === this.#share(name))
        telling.tell(setting, 'equal', '', [...place, 'traffic_percentage']);
      else
        telling.tell(setting, 'differs', `${share}, since ${gone} is not carried`, [
          ...place,
          'traffic_percentage',
        ]);
    }
  }

  #tellFallback(telling: Telling, wished: readonly string[], label: (name: string) => string): void {
    const isOpen = !this.#isOrderKnown && wished.length > 1;
    const names = wished.slice(0, MOST_FALLBACKS).map(label).join(', ');
    const cut = wished.slice(MOST_FALLBACKS).join(', ');
    const says = [
      `an ordered list of destinations, each tried once: ${names}`,
      ...(isOpen ? ['their order is not answered: put them into the one that you mean'] : []),
      ...(cut === '' ? [] : [`a service falls back to ${MOST_FALLBACKS}, so not to ${cut}`]),
    ];
    if (isOpen) telling.todos.push('put the fallback destinations into the order that you mean');
    for (const setting of telling.below(['ai_gateway', 'fallback_config', 'enabled']))
      telling.tell(setting, 'differs', says.join('; '), FALLBACK);
  }
}

function destination(entity: EntityWanted, names: ProviderNames): JsonObject {
  return {
    destination_type: 'DESTINATION_TYPE_EXTERNAL_FOUNDATION_MODEL',
    external_model_config: {
      model_provider_service: `model-provider-services/${names.nameOf(entity)}`,
      target: { model: entity.model },
    },
  };
}

function configOf(fields: JsonObject | undefined): JsonObject {
  return isObject(fields?.config) ? fields.config : {};
}

export function entitiesOf(fields: JsonObject | undefined): Map<string, JsonObject> {
  const items = [...keyed(KEY_CODECS.entity, configOf(fields).served_entities).items];
  return new Map(items.flatMap(([name, entity]) => (isObject(entity) ? [[name, entity] as const] : [])));
}

/** The only entity receives everything, also where no route says so. */
function sharesOf(fields: JsonObject, names: readonly string[]): Map<string, number> {
  const { traffic_config: traffic } = configOf(fields);
  const routes = keyed(KEY_CODECS.route, isObject(traffic) ? traffic.routes : undefined).items;
  const [only, ...others] = names;
  if (routes.size === 0 && only !== undefined && others.length === 0) return new Map([[only, 100]]);
  return new Map([...routes].map(([name, share]) => [name, Number(share)]));
}

/** In the order of the second where it has them; what it does not have follows. */
function inOrder(
  entities: ReadonlyMap<string, JsonObject>,
  said: ReadonlyMap<string, JsonObject>,
): [string, JsonObject][] {
  const names = [...said.keys()].filter((name) => entities.has(name));
  return [...new Set([...names, ...entities.keys()])].map((name) => [name, entities.get(name) ?? {}]);
}

/** No entity is called that. */
function freeLabel(label: string, names: readonly string[]): string {
  return names.includes(label) ? freeLabel(`${label}-2`, names) : label;
}
