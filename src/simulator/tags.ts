// PATCH .../tags: upserts `add_tags`, deletes `delete_tags`, answers all tags sorted by key.
//
// https://docs.databricks.com/api/workspace/servingendpoints/patch
import { invalid } from './errors';
import { byText, type JsonObject, objectsOf, textOf } from './json';
import { refuseSystemOwned } from './ownership';
import { type Answer, type Call, json } from './routing';
import { readBody, type Shape } from './shapes';
import type { Workspace } from './state';

export const TAGS: Shape = { list: { fields: { key: 'string', value: 'string' }, required: ['key'] } };
const PATCH: Shape = { fields: { add_tags: TAGS, delete_tags: { list: 'string' } } };

export function patchTags(workspace: Workspace, call: Call): Answer {
  const endpoint = call.writable(workspace);
  refuseSystemOwned(endpoint, workspace, 'changed');
  const patch = readBody(PATCH, call.body, { unknown: 'drop' });
  const added = objectsOf(patch.add_tags);
  const deleted = new Set(patch.delete_tags as string[] | undefined);
  checkTags(added);
  const both = added.find((tag) => deleted.has(tag.key as string));
  if (both !== undefined) throw invalid(`The tag '${both.key}' cannot be both added and deleted.`);
  const tags = new Map(objectsOf(endpoint.body.tags).map((tag) => [textOf(tag.key)!, tag]));
  for (const key of deleted) tags.delete(key);
  for (const tag of added) tags.set(tag.key as string, tag);
  const sorted = sortedTags([...tags.values()]);
  workspace.put(endpoint.with({ body: { ...endpoint.body, tags: sorted } }));
  return json({ tags: sorted }, workspace.shuffle);
}

export function checkTags(tags: readonly JsonObject[]): void {
  const keys = new Set<unknown>();
  for (const tag of tags) {
    if (tag.key === '') throw invalid('A tag needs a key.');
    if (keys.has(tag.key)) throw invalid(`The tag '${tag.key}' is given twice.`);
    keys.add(tag.key);
  }
}

export function sortedTags(tags: readonly JsonObject[]): JsonObject[] {
  return [...tags].sort((a, b) => byText(textOf(a.key) ?? '', textOf(b.key) ?? ''));
}
