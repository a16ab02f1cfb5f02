// Whether a list told the truth of one of its items. That a list is complete is documented nowhere, so it is held
// against an object that was read whole.
import type { Json, JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import type { LiveResource } from '../model/resource';
import { compare } from '../plan/diff';

/** What a list item tells is what the whole answer tells; what it leaves out is no contradiction. */
export function agree(listed: LiveResource, whole: LiveResource): boolean {
  const fields = kindOf(listed.kind).fields;
  const told = Object.keys(listed.fields).filter((field) => !listed.unknownFields.includes(field));
  const pick = (from: LiveResource): JsonObject =>
    Object.fromEntries(told.map((field): [string, Json] => [field, from.fields[field] ?? null]));
  const { differences } = compare({
    desired: pick(whole),
    live: pick(listed),
    name: whole.name,
    sort: whole.sort,
    fields,
  });
  const sameStamp = !told.includes('tags') || listed.stamp === whole.stamp;
  return differences.length === 0 && sameStamp;
}
