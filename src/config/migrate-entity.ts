// One external model of an endpoint as a provider with its credential, and the model that is asked of it. Says of each
// member of its block what becomes of it; what could not be signed in to without a guess is lost, with the reason.

import { PROVIDER_BLOCKS } from '../model/endpoint-config-fields';
import { isObject, type Json, type JsonObject } from '../model/json';
import type { Path } from '../model/path';
import { PROVIDERS } from '../model/provider-service-fields';
import { missingCredentials } from './author-endpoint';
import {
  apiTypes,
  inBlock,
  LACKING_PROVIDERS,
  type MemberRule,
  type ProviderRule,
  providerRule,
} from './migrate-providers';
import type { Outcome } from './migrate-rows';
import type { SecretNames } from './migrate-secrets';
import { STANDARD_PLACE, WAY_NEEDS } from './provider-rules';
import { longWord, PROVIDER_TYPE } from './service-words';

/** What becomes of a member, `at` being its path below `external_model` and `to` that below the provider's config. */
export interface MemberTold {
  readonly at: Path;
  readonly value: Json;
  readonly outcome: Outcome;
  readonly to?: Path;
  /** It names what is asked for. */
  readonly isModel: boolean;
  readonly says: string;
}

export interface Apart {
  readonly under: 'config' | 'preview';
  readonly at: Path;
  readonly value: Json;
}

export interface ProviderWanted {
  readonly type: string;
  readonly block: string;
  /** `{ direct: ... }` */
  readonly settings: JsonObject;
  /** What no live resource says: below the block, or below it under `preview`. */
  readonly apart: readonly Apart[];
  /** What a credential is named by, for a name that tells it from another. */
  readonly credential?: string;
  /** What somebody has to do first. */
  readonly todos: readonly string[];
}

export interface EntityWanted {
  readonly provider: ProviderWanted;
  readonly model: string;
  readonly apiTypes: readonly string[];
  readonly told: readonly MemberTold[];
  /** What is to know of the provider as such. */
  readonly says: string;
}

export interface EntityLost {
  readonly lost: string;
}

const PLAIN = '_plaintext';

/** `of` tells the entity among all that are migrated; `declared` is its external model in a file. */
export function wantedEntity(
  live: JsonObject,
  declared: JsonObject | undefined,
  {
    secrets,
    of,
  }: { readonly secrets: SecretNames; readonly of: readonly [endpoint: string, entity: string] },
): EntityWanted | EntityLost {
  const provider = String(live.provider);
  const name = PROVIDER_BLOCKS[provider as keyof typeof PROVIDER_BLOCKS];
  const model = name === undefined ? live : withDeclared(live, declared, name);
  const block = name !== undefined && isObject(model[name]) ? model[name] : {};
  const rule = providerRule(provider, block);
  if (rule === undefined || name === undefined)
    return { lost: LACKING_PROVIDERS[provider] ?? `services know no provider "${provider}"` };
  const type = longWord(rule.type, PROVIDER_TYPE);
  const building = new Building(secrets, of);
  for (const path of membersOf(block))
    building.member(rule, [name, ...path.split('.')], path, inBlock(block, path) ?? null);
  for (const path of missingCredentials(model) ?? [])
    if (inBlock(model, `${path}${PLAIN}`) === undefined) building.missing(rule, path);
  const row = PROVIDERS[type];
  const direct = isObject(building.settings.direct) ? building.settings.direct : {};
  const absent =
    row === undefined || row.block === STANDARD_PLACE
      ? []
      : row.place.filter((one) => direct[one] === undefined);
  const half = Object.entries(WAY_NEEDS).flatMap(([way, needs]) => {
    const said = direct[way];
    return isObject(said) ? needs.filter((one) => said[one] === undefined) : [];
  });
  const [lacks] = [...absent, ...half];
  if (row === undefined || lacks !== undefined)
    return { lost: `its provider needs ${lacks ?? 'a block'}, which the endpoint does not say` };
  const asked = building.model ?? (typeof live.name === 'string' ? live.name : '');
  const task = typeof live.task === 'string' ? live.task : '';
  const { settings, apart, credential, todos, told } = building;
  return {
    provider: {
      type,
      block: row.block,
      settings,
      apart,
      todos,
      ...(credential === undefined ? {} : { credential }),
    },
    model: asked,
    apiTypes: apiTypes(rule, task, block),
    told,
    says: rule.says ?? '',
  };
}

/** A credential that no workspace answers may stand in a file. */
function withDeclared(live: JsonObject, declared: JsonObject | undefined, name: string): JsonObject {
  const said = declared !== undefined && isObject(declared[name]) ? declared[name] : undefined;
  if (said === undefined) return live;
  const missing = (missingCredentials(live) ?? []).map((path) => path.slice(name.length + 1));
  let block: JsonObject = isObject(live[name]) ? live[name] : {};
  for (const path of missing) {
    for (const form of [path, `${path}${PLAIN}`]) {
      const value = inBlock(said, form);
      if (typeof value === 'string') block = withValue(block, form.split('.'), value);
    }
  }
  return { ...live, [name]: block };
}

/** Paths of what stands in a block; custom providers have one level more. */
function membersOf(block: JsonObject, above = ''): string[] {
  return Object.entries(block).flatMap(([name, value]) =>
    value === null ? [] : isObject(value) ? membersOf(value, `${above}${name}.`) : [`${above}${name}`],
  );
}

class Building {
  settings: JsonObject = {};
  readonly apart: Apart[] = [];
  credential: string | undefined;
  model: string | undefined;
  readonly todos: string[] = [];
  readonly told: MemberTold[] = [];

  constructor(
    readonly secrets: SecretNames,
    readonly of: readonly [endpoint: string, entity: string],
  ) {}

  member(rule: ProviderRule, at: Path, path: string, value: Json): void {
    const isPlain = path.endsWith(PLAIN);
    const row = rule.members[isPlain ? path.slice(0, -PLAIN.length) : path];
    if (row === undefined) {
      this.#tell({ at, value, outcome: 'none', says: 'model provider services do not say it' });
      return;
    }
    const { outcome, says, to } = row;
    if (row.model === true && typeof value === 'string') this.model = value;
    if (to === undefined) {
      this.#tell({ at, value, outcome, says, isModel: row.model === true });
    } else if (row.placeholder !== undefined) {
      this.#put(row, to, row.placeholder);
      this.todos.push(`write ${to} in place of ${row.placeholder}`);
      this.#tell({ at, value, outcome, says, to: to.split('.') });
    } else if (row.secret === true) {
      this.#secret(row, at, value, to, isPlain);
    } else {
      this.#put(row, to, value);
      this.#tell({ at, value, outcome, says, to: to.split('.') });
    }
  }

  /** A credential that was given in plain text; `path` begins with the block. */
  missing(rule: ProviderRule, path: string): void {
    const [block = '', ...rest] = path.split('.');
    const row = rule.members[rest.join('.')];
    const at = [block, ...rest.slice(0, -1), `${rest.at(-1)}${PLAIN}`];
    if (row?.to === undefined) {
      this.#tell({
        at,
        value: null,
        outcome: 'none',
        says: 'it was given in plain text, and services do not take it',
      });
      return;
    }
    if (row.secret !== true) {
      this.#put(row, row.to, row.placeholder ?? '');
      this.todos.push(`write ${row.to} in place of ${row.placeholder}`);
      this.#tell({
        at,
        value: null,
        outcome: 'none',
        says: `it was given in plain text, which no workspace answers: write ${row.to}`,
        to: row.to.split('.'),
      });
      return;
    }
    const name = this.#refer(row, row.to, this.of.join('_'), JSON.stringify([...this.of, row.to]));
    this.todos.push(
      `put its credential into ${name}: it was given in plain text, which no workspace answers`,
    );
    const says = `it was given in plain text, which no workspace answers: put it into ${name}`;
    this.#tell({ at, value: null, outcome: 'none', to: row.to.split('.'), says });
  }

  #secret(row: MemberRule, at: Path, value: Json, to: string, isPlain: boolean): void {
    const also = row.says === '' ? '' : `${row.says}; `;
    if (isPlain) {
      // `${env.NAME}`: resolved while applying, there as here.
      this.apart.push({
        under: row.newer === true ? 'preview' : 'config',
        at: [...to.split('.'), 'plaintext'],
        value,
      });
      if (row.newer !== true) this.#put(row, to, {});
      this.credential ??= String(value).replace(/^\$\{env\.|\}$/g, '');
      this.#tell({
        at,
        value,
        outcome: row.says === '' ? 'equal' : 'differs',
        says: row.says,
        to: to.split('.'),
      });
      return;
    }
    const [, scope = '', key = ''] = /^\{\{secrets\/([^/{}]+)\/([^/{}]+)\}\}$/.exec(String(value)) ?? [];
    const text = scope === '' ? this.of.join('_') : `${scope}_${key}`;
    const name = this.#refer(row, to, text, String(value));
    this.todos.push(`put the value of ${String(value)} into ${name}`);
    const says = `${also}secrets of scopes are not those of Unity Catalog: put its value into ${name}`;
    this.#tell({ at, value, outcome: 'differs', says, to: to.split('.') });
  }

  /** The secret's full name. */
  #refer(row: MemberRule, to: string, text: string, credential: string): string {
    const leaf = this.secrets.leafOf(credential, text);
    const name = `secrets/${this.secrets.schema}.${leaf}`;
    this.credential ??= leaf;
    this.#put(row, to, { secret_reference: { name } });
    return name;
  }

  #tell(told: Omit<MemberTold, 'isModel'> & { readonly isModel?: boolean }): void {
    this.told.push({ isModel: false, ...told });
  }

  #put({ newer }: MemberRule, to: string, value: Json): void {
    if (newer === true) this.apart.push({ under: 'preview', at: to.split('.'), value });
    else this.settings = withValue(this.settings, to.split('.'), value);
  }
}

export function withValue(
  object: JsonObject,
  [first = '', ...rest]: readonly string[],
  value: Json,
): JsonObject {
  const inner = isObject(object[first]) ? object[first] : {};
  return { ...object, [first]: rest.length === 0 ? value : withValue(inner, rest, value) };
}
