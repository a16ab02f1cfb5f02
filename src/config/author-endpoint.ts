// How people write serving endpoints: shares beside the entities, no name that the workspace would give itself, a word
// where the workspace keeps something to itself (credentials, the order of fallback, who pays).
import { CREDENTIALS, PROVIDER_BLOCKS } from '../model/endpoint-config-fields';
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import type { Habits } from './author';
import type { AuthorWalk } from './author-walk';
import { generatedName } from './endpoint-shorthands';

export const endpointHabits: Habits = {
  // https://docs.databricks.com/api/workspace/servingendpoints/create
  reserved: /^databricks-/,
  sorts: true,
  unknownSays: (name, part) =>
    `The workspace also answers ${name}, which this version does not know. It is left as it is, and changes of ${part} are refused until preview says what it is to be.`,

  prepare(walk, { fields, raw }) {
    const config = isObject(fields.config) ? inlineShares(fields.config) : fields.config;
    const permissions = isList(fields.permissions) ? ownGrants(fields.permissions, raw.creator) : null;
    const gateway = isObject(fields.ai_gateway) ? perMinute(walk, fields.ai_gateway) : fields.ai_gateway;
    return {
      ...fields,
      ...(config === undefined ? {} : { config }),
      permissions,
      ...(gateway === undefined ? {} : { ai_gateway: gateway }),
    };
  },

  finish(walk, entry) {
    const config = isObject(entry.config) ? entry.config : {};
    const entities = config.served_entities;
    if (isList(entities)) {
      // Of several, shares and fallback are read by name.
      const [only, second] = entities;
      if (isObject(only) && second === undefined)
        entry.config = { ...config, served_entities: [unnamed(only)] };
      for (const [index, entity] of entities.entries())
        aboutEntity(walk, ['config', 'served_entities', String(index)], entity, nameOf(entity));
    } else if (isObject(entities)) {
      for (const [name, entity] of Object.entries(entities))
        aboutEntity(walk, ['config', 'served_entities', name], entity, name);
    }
    aboutFallback(walk, entities, entry);
    aboutEndpoint(walk, entry);
  },
};

const nameOf = (entity: Json) => (isObject(entity) && typeof entity.name === 'string' ? entity.name : '');

/** The share of each entity beside it; all of them to the only one goes without saying. */
export function inlineShares(config: JsonObject): JsonObject {
  const { traffic_config: traffic, ...rest } = config;
  const entities = isList(config.served_entities) ? config.served_entities.filter(isObject) : [];
  const routes = isObject(traffic) && isList(traffic.routes) ? traffic.routes.filter(isObject) : [];
  const shares = new Map(routes.map((route) => [route.served_entity_name, route.traffic_percentage ?? null]));
  const names = new Set(entities.map(nameOf));
  const isPlain =
    routes.length === shares.size && [...shares.keys()].every((name) => names.has(String(name)));
  if (!isObject(traffic) || routes.length === 0 || !isPlain) return config;
  const { routes: _, ...further } = traffic;
  const isStandard = entities.length === 1 && [...shares.values()][0] === 100;
  const served = entities.map((entity) =>
    isStandard ? entity : { ...entity, traffic_percentage: shares.get(nameOf(entity)) ?? null },
  );
  return {
    ...rest,
    served_entities: served,
    ...(Object.keys(further).length === 0 ? {} : { traffic_config: further }),
  };
}

/**
 * Whoever made an endpoint may manage it: that alone goes without saying. The group admins cannot be granted anything; a
 * list that leaves it out would take it away, a map does not.
 */
function ownGrants(permissions: readonly Json[], creator: Json | undefined): Json {
  const entries = permissions.filter(isObject);
  const [only] = entries;
  const isMaker = only?.user_name === creator || only?.service_principal_name === creator;
  if (entries.length === 1 && isMaker && only?.permission_level === 'CAN_MANAGE') return null;
  const others = entries.filter((entry) => entry.group_name !== 'admins');
  if (others.length === entries.length) return permissions;
  return Object.fromEntries(
    others.map((entry) => {
      const [field = '', name = ''] = Object.entries(entry).find(([key]) => key !== 'permission_level') ?? [];
      return [`${field.replace(/_name$/, '')}:${String(name)}`, entry.permission_level ?? null];
    }),
  );
}

/** Another period than the minute is not known to be, and its identity could not be written. */
function perMinute(walk: AuthorWalk, gateway: JsonObject): JsonObject {
  const limits = gateway.rate_limits;
  if (!isList(limits)) return gateway;
  const known = limits.filter((limit) => isObject(limit) && (limit.renewal_period ?? 'minute') === 'minute');
  if (known.length < limits.length) {
    const text = 'A limit of another period than a minute is left out: this version does not know it.';
    walk.note(['ai_gateway', 'rate_limits'], text, 'a limit of another period is left out');
  }
  return { ...gateway, rate_limits: known };
}

function unnamed(entity: JsonObject): JsonObject {
  const { name, ...rest } = entity;
  const model = isObject(entity.external_model) ? entity.external_model.name : undefined;
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : undefined);
  const version = text(entity.entity_version);
  if (model === undefined && version === undefined) return entity;
  return generatedName(text(model), text(entity.entity_name), version) === name ? rest : entity;
}

const PROVISIONED = ['provisioned_model_units', 'min_provisioned_throughput', 'max_provisioned_throughput'];

function aboutEntity(walk: AuthorWalk, at: readonly string[], entity: Json, name: string): void {
  if (!isObject(entity)) return;
  const missing = isObject(entity.external_model) ? missingCredentials(entity.external_model) : undefined;
  if (missing !== undefined) {
    const fields = missing.map(asReference).join(', ');
    walk.note(
      [...at, 'external_model'],
      `The credential was given in plain text, which no workspace answers: put it into a secret scope and add ${fields}. Until then a change of the config is refused.`,
      `${name} needs its credential as a reference: ${missing.join(', ')}`,
    );
  }
  if (
    PROVISIONED.some((field) => entity[field] !== undefined) &&
    entity.burst_scaling_enabled === undefined
  ) {
    walk.note(
      at,
      'burst_scaling_enabled is never answered: if it was set, say so here, or the next change of the config resets it.',
    );
  }
}

/** `openai_config: { openai_api_key: "{{secrets/SCOPE/KEY}}" }`: as it is to be written. */
function asReference(path: string): string {
  const [last = '', ...around] = path.split('.').reverse();
  return around.reduce((text, name) => `${name}: { ${text} }`, `${last}: "{{secrets/SCOPE/KEY}}"`);
}

/** By the path below `external_model`; undefined where none is missing. */
export function missingCredentials(model: JsonObject): string[] | undefined {
  const block = PROVIDER_BLOCKS[String(model.provider) as keyof typeof PROVIDER_BLOCKS];
  if (block === undefined) return undefined;
  const said = isObject(model[block]) ? model[block] : {};
  if (said.instance_profile_arn !== undefined) return undefined;
  const has = (path: string) =>
    path.split('.').reduce<Json | undefined>((at, name) => (isObject(at) ? at[name] : undefined), model);
  const ways = CREDENTIALS.filter((path) => path.startsWith(`${block}.`));
  const isPair = block === PROVIDER_BLOCKS['amazon-bedrock'];
  const absent = ways.filter((path) => has(path) === undefined);
  if (absent.length === 0 || (!isPair && absent.length < ways.length)) return undefined;
  if (isPair) return absent;
  // Of several ways the one that the block has begun: https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go
  const entra = said.openai_api_type === 'azuread' ? 'microsoft_entra_client_secret' : undefined;
  const begun = Object.keys(said).find((name) => absent.some((path) => path.startsWith(`${block}.${name}.`)));
  const hint = entra ?? begun;
  return [absent.find((path) => hint !== undefined && path.split('.').includes(hint)) ?? absent[0] ?? block];
}

function aboutFallback(walk: AuthorWalk, entities: Json | undefined, entry: JsonObject): void {
  const gateway = isObject(entry.ai_gateway) ? entry.ai_gateway : {};
  const fallback = isObject(gateway.fallback_config) && gateway.fallback_config.enabled === true;
  if (!fallback || !isList(entities) || entities.length < 2) return;
  walk.note(
    ['config', 'served_entities'],
    'Fallback tries these in their order, which no workspace answers (they come back sorted): put them into the order that you mean before the next change of the config.',
    'the order of served_entities, which fallback goes by, is not answered',
  );
}

function aboutEndpoint(walk: AuthorWalk, entry: JsonObject): void {
  const { raw } = walk.live;
  const policy = raw.budget_policy_id ?? raw.effective_budget_policy_id;
  if (typeof policy === 'string' && policy !== '' && walk.manage !== 'attach') {
    walk.note(
      [],
      `budget_policy_id is taken when an endpoint is made and cannot be read back; in effect is ${policy}.`,
    );
  }
  if (isObject(entry.telemetry_config) && entry.telemetry_config.telemetry_profile_id !== undefined) {
    walk.note(
      ['telemetry_config'],
      'If this was made of table_names, the workspace answers only their profile.',
    );
  }
  const level = raw.permission_level;
  if (typeof level === 'string' && level !== 'CAN_MANAGE' && walk.manage !== 'observe') {
    // Of the moment and of a person: nothing for a file.
    walk.todos.push(`you have ${level}; to apply takes CAN_MANAGE`);
  }
}
