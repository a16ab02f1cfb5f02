// One model provider service for each provider and credential, shared by all that ask it: which are needed, what each is
// called, which models it lists. One that a file declares with the same credential is shared too.
import { canonicalJson, isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS, keyed } from '../model/keys';
import type { DesiredResource } from '../model/resource';
import type { ServiceDraft } from './migrate';
import type { EntityWanted, ProviderWanted } from './migrate-entity';

const KIND = 'model_provider_services';

interface Group {
  readonly provider: ProviderWanted;
  readonly targets: Map<string, Set<string>>;
  name?: string;
  /** A file declares it. */
  declared?: DesiredResource;
}

export class ProviderNames {
  readonly #groups = new Map<string, Group>();

  /** `taken`: names in the schema, the last part alone. */
  constructor(
    readonly schema: string,
    readonly taken: ReadonlySet<string>,
    readonly declared: readonly DesiredResource[],
  ) {}

  add({ provider, model, apiTypes }: EntityWanted): void {
    const key = identityOf(provider);
    const group: Group = this.#groups.get(key) ?? { provider, targets: new Map() };
    const types = group.targets.get(model) ?? new Set();
    for (const type of apiTypes) types.add(type);
    group.targets.set(model, types);
    this.#groups.set(key, group);
  }

  /** Names all that were added. The only one of its provider is called as that; others say their credential too. */
  settle(): void {
    const taken = new Set([...this.taken].map((name) => name.toLowerCase()));
    for (const group of this.#groups.values()) {
      const { block, credential } = group.provider;
      const same = this.declared.find((resource) => isSame(resource, group.provider));
      if (same !== undefined) {
        group.declared = same;
        group.name = same.name;
        continue;
      }
      const alike = [...this.#groups.values()].filter(({ provider }) => provider.block === block);
      const isOnly = alike.length === 1 || credential === undefined;
      const precise = credential === undefined ? block : `${block}_${credential}`;
      let leaf = isOnly ? block : precise;
      if (taken.has(leaf.toLowerCase())) leaf = precise;
      for (let number = 2; taken.has(leaf.toLowerCase()); number += 1) leaf = `${precise}_${number}`;
      taken.add(leaf.toLowerCase());
      group.name = `${this.schema}.${leaf}`;
    }
  }

  nameOf({ provider }: EntityWanted): string {
    const name = this.#groups.get(identityOf(provider))?.name;
    if (name === undefined) throw new Error(`no provider service for ${provider.block}`);
    return name;
  }

  drafts(): ServiceDraft[] {
    return [...this.#groups.values()].flatMap(({ provider, targets, name = '', declared }) => {
      if (declared !== undefined) return [];
      const { type, block, settings, apart, todos } = provider;
      const list = [...targets].map(([model, types]) => ({ model, native_api_types: [...types].sort() }));
      return [
        {
          kind: KIND,
          name,
          fields: { config: { provider_type: type, [block]: settings, targets: list } },
          apart: apart.map(({ under, at, value }) => ({
            at: under === 'preview' ? ['preview', 'config', block, ...at] : ['config', block, ...at],
            value,
          })),
          notes: [...new Set(todos)].map((todo) => ({ at: [], text: `Before it is applied, ${todo}.` })),
          todos: [...new Set(todos)],
        },
      ];
    });
  }

  /** Models that a declared provider service does not list yet, by its name. */
  missingTargets(): { readonly name: string; readonly model: string; readonly types: readonly string[] }[] {
    return [...this.#groups.values()].flatMap(({ declared, targets }) => {
      const config = isObject(declared?.fields.config) ? declared.fields.config : undefined;
      if (declared === undefined || config === undefined || config.allow_all_targets === true) return [];
      const listed = keyed(KEY_CODECS.target, config.targets).items;
      return [...targets]
        .filter(([model]) => !listed.has(model))
        .map(([model, types]) => ({ name: declared.name, model, types: [...types].sort() }));
    });
  }
}

function identityOf({ type, settings, apart }: ProviderWanted): string {
  return canonicalJson([type, settings, apart as unknown as Json]);
}

/** The same provider, place and credential. Plain text may be anybody's. */
function isSame(
  { kind, pattern, fields }: DesiredResource,
  { type, block, settings, apart }: ProviderWanted,
): boolean {
  const config: JsonObject = isObject(fields.config) ? fields.config : {};
  if (kind !== KIND || pattern || config.provider_type !== type || apart.length > 0) return false;
  return canonicalJson(config[block]) === canonicalJson(settings);
}
