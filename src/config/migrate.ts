// From serving endpoints to services of Unity AI Gateway: what a person would declare instead, and of every setting what
// became of it. Nothing is left unsaid: what no rule knows has no equivalent. Data in, data out; writes nothing.

import { equalJson, type Json, type JsonObject } from '../model/json';
import { item, type Path, pathPattern, pathText } from '../model/path';
import { addressOf, type DesiredResource, type LiveResource } from '../model/resource';
import type { Note } from './author';
import { External, entitiesOf } from './migrate-external';
import { grantsOf, limitsOf, tableOf, tellNoFallback } from './migrate-gateway';
import { ProviderNames } from './migrate-names';
import { FIELD_RULES, type FieldRule, SORT_RULES } from './migrate-rows';
import { SecretNames } from './migrate-secrets';
import { Telling, type Told } from './migrate-telling';

export type { Told };

const SERVICES = 'model_services';
const PRIMARY: Path = ['config', 'routing', 'destinations'];

export interface ClassicEndpoint {
  /** Read whole. */
  readonly live: LiveResource;
  /** What a file says of it: the order of entities and references to credentials, which no workspace answers. */
  readonly declared?: DesiredResource;
}

export interface MigratedEndpoint {
  readonly name: string;
  /** The model service that takes its place; absent where it stays as it is. */
  readonly service?: string;
  /** Why it stays. */
  readonly stays?: string;
  readonly told: readonly Told[];
}

/** An entry to be written. */
export interface ServiceDraft {
  readonly kind: string;
  readonly name: string;
  /** As a workspace would answer them. */
  readonly fields: JsonObject;
  /** What no workspace answers, by its path in the entry. */
  readonly apart: readonly { readonly at: Path; readonly value: Json }[];
  readonly notes: readonly Note[];
  readonly todos: readonly string[];
}

/** A model that a declared provider service is asked for and does not list. */
export interface MissingTarget {
  readonly name: string;
  readonly model: string;
  readonly types: readonly string[];
}

export interface Migration {
  readonly endpoints: readonly MigratedEndpoint[];
  /** Providers first. */
  readonly drafts: readonly ServiceDraft[];
  readonly missing: readonly MissingTarget[];
}

export interface MigrateRequest {
  readonly endpoints: readonly ClassicEndpoint[];
  /** `main.ai`: where the services will lie. */
  readonly schema: string;
  /** Names in that schema that are taken, the last part alone. */
  readonly taken: ReadonlySet<string>;
  /** What files declare: a model provider service with the same credential is shared. */
  readonly declared?: readonly DesiredResource[];
}

export function migrate({ endpoints, schema, taken, declared = [] }: MigrateRequest): Migration {
  const leaves = new Set([...taken, ...endpoints.map(({ live }) => live.name)]);
  const names = new ProviderNames(schema, leaves, declared);
  const secrets = new SecretNames(schema);
  // All of them first, so that every provider is known before one is named.
  const begun = endpoints.map((endpoint) => {
    const external =
      endpoint.live.sort === 'external' ? new External(endpoint.live, endpoint.declared, secrets) : undefined;
    const stays = whyStays(endpoint.live, external);
    if (stays === undefined) for (const entity of external?.wanted() ?? []) names.add(entity);
    return { live: endpoint.live, external, stays };
  });
  names.settle();
  const done = begun.map(({ live, external, stays }) => {
    const service = `${schema}.${live.name}`;
    const telling = new Telling(live, addressOf({ kind: SERVICES, key: service }));
    if (stays !== undefined) {
      for (const setting of telling.settings) telling.tell(setting, 'none', stays);
      return { endpoint: { name: live.name, stays, told: telling.told } };
    }
    const draft = draftOf(service, live, telling, external?.routing(telling, names));
    return { endpoint: { name: live.name, service, told: telling.told }, draft };
  });
  return {
    endpoints: done.map(({ endpoint }) => endpoint),
    drafts: [...names.drafts(), ...done.flatMap(({ draft }) => draft ?? [])],
    missing: names.missingTargets(),
  };
}

function whyStays({ fields, sort }: LiveResource, external: External | undefined): string | undefined {
  const rule = Object.hasOwn(SORT_RULES, sort) ? SORT_RULES[sort] : undefined;
  if (rule !== undefined) return rule;
  return external === undefined && entitiesOf(fields).size === 0 ? 'it serves nothing' : external?.stays;
}

function draftOf(service: string, live: LiveResource, telling: Telling, external?: JsonObject): ServiceDraft {
  const { name, fields, sort } = live;
  const routing =
    external ?? (sort === 'provisioned_throughput' ? provisioned(name, telling) : payPerToken(live, telling));
  const limits = limitsOf(telling, fields);
  const table = tableOf(telling, name);
  const grants = grantsOf(telling);
  for (const setting of telling.untold()) {
    const rule = FIELD_RULES.find((each) => fits(each, pathPattern(setting.path), setting.value));
    const to = pathText(setting.path) === 'description' ? ['comment'] : undefined;
    telling.tell(setting, rule?.outcome ?? 'none', rule?.says ?? 'services have no such setting', to);
  }
  const config = {
    routing,
    ...(limits.length > 0 ? { rate_limits: limits } : {}),
    ...(table === undefined ? {} : { inference_table: table }),
  };
  return {
    kind: SERVICES,
    name: service,
    fields: {
      ...(typeof fields.description === 'string' ? { comment: fields.description } : {}),
      config,
      ...(grants.length > 0 ? { grants } : {}),
    },
    apart: [],
    notes: notesOf(name, telling.told),
    todos: telling.todos,
  };
}

/** The endpoint itself serves; the service leads to it. */
function provisioned(name: string, telling: Telling): JsonObject {
  const block = 'provisioned_throughput_config';
  const to = [...PRIMARY, item(name), block, 'model_serving_endpoint'];
  for (const setting of telling.below(['config']))
    telling.tell(setting, 'differs', 'the endpoint stays as it is, and the service leads to it', to);
  tellNoFallback(telling);
  const destination_type = 'DESTINATION_TYPE_PROVISIONED_THROUGHPUT_FOUNDATION_MODEL';
  const leadsTo = { model_serving_endpoint: `serving-endpoints/${name}` };
  return { destinations: [{ name, destination_type, [block]: leadsTo }] };
}

/** What the platform serves to all: the model itself. */
function payPerToken({ name, fields }: LiveResource, telling: Telling): JsonObject {
  const [[label, entity] = ['', {}]] = entitiesOf(fields);
  const said = typeof entity.entity_name === 'string' ? entity.entity_name : name;
  const isWhole = /^[^.]+\.[^.]+\.[^.]+$/.test(said);
  const block = 'pay_per_token_config';
  for (const setting of telling.below(['config'])) {
    if (setting.path.at(-1) === 'entity_name')
      telling.tell(setting, isWhole ? 'equal' : 'differs', '', [...PRIMARY, item(label), block, 'model']);
    else telling.tell(setting, 'none', 'the platform decides it');
  }
  tellNoFallback(telling);
  const destination_type = 'DESTINATION_TYPE_PAY_PER_TOKEN_FOUNDATION_MODEL';
  const leadsTo = { model: `models/${isWhole ? said : `system.ai.${said}`}` };
  return { destinations: [{ name: label, destination_type, [block]: leadsTo }] };
}

function fits(rule: FieldRule, pattern: string, value: Json): boolean {
  const isThere = rule.path.endsWith('*')
    ? pattern.startsWith(rule.path.slice(0, -1))
    : pattern === rule.path;
  return isThere && (rule.values === undefined || rule.values.some((one) => equalJson(one, value)));
}

/** What is not carried, above the entry: it is read where the change is reviewed. What has a place is told there. */
function notesOf(endpoint: string, told: readonly Told[]): Note[] {
  const reasons = new Map<string, Set<string>>();
  for (const { path, outcome, to, says } of told)
    if (outcome === 'none' && to === undefined)
      reasons.set(says, (reasons.get(says) ?? new Set<string>()).add(inShort(path)));
  return [
    { at: [], text: `Written from the serving endpoint ${endpoint}, which stays as it is.` },
    ...[...reasons].map(([says, paths]) => ({
      at: [],
      text: `Not carried: ${heads(paths).join(', ')} (${says})`,
    })),
  ];
}

/** Of what belongs to an entity that is not carried, the entity alone. */
function inShort(path: string): string {
  const [entity] =
    /^config\.served_entities\[[^\]]*\](?=\.external_model\.(name|provider|task)$)/.exec(path) ?? [];
  return entity ?? path;
}

/** Without what is part of another. */
function heads(paths: ReadonlySet<string>): string[] {
  return [...paths].filter((path) => ![...paths].some((other) => path.startsWith(`${other}.`)));
}
