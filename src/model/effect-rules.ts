// What kind of thing a field is to callers, users and reviewers: the column `effect` of the field table. A rule
// gives words and where to look; `plan/effects.ts` makes sentences of it and knows no field by name.

/**
 * entity: a list of what answers; `labels` are templates over one item, the first that can be filled in whole names
 * it, and `version` is the member that tells two of one name apart · model / version: members that decide what an entity answers with ·
 * traffic: the share of an entity of the list `entities` · fallback: whether a failed call goes to the next of
 * `entities` · limit: a count per time · guard: what a filter does to `of` · words / topics: lists that refuse or
 * admit `of` · logging: a block that writes `of` to `table`, a template over the block · usage: whether use is
 * counted · access: what a principal may do, in words by level · credential: where a secret is read from ·
 * setting: anything else, called `of`.
 */
export type EffectRule =
  | { readonly family: 'entity'; readonly labels: readonly string[]; readonly version?: string }
  | { readonly family: 'model' | 'version' | 'limit' | 'usage' | 'credential' }
  | { readonly family: 'traffic' | 'fallback'; readonly entities: string }
  | { readonly family: 'guard' | 'words' | 'topics' | 'setting'; readonly of: string }
  | { readonly family: 'logging'; readonly of: string; readonly table: string }
  | { readonly family: 'access'; readonly rights: Readonly<Record<string, string>> };

export type EffectFamily = EffectRule['family'];
