// What an entry asks of one object, and how that stands to what is live. Refresh, plan and apply ask the same
// questions. Knows kinds only through their rows and their wire.
import { assign } from '../model/assign';
import type { FieldTable } from '../model/fields';
import { isList, type JsonObject } from '../model/json';
import { KEY_CODECS, keyed } from '../model/keys';
import { kindOf } from '../model/kinds';
import type { DesiredResource, LiveResource } from '../model/resource';
import { wireOf } from '../wire';
import { type Comparison, compare } from './diff';
import type { SetAside } from './estate';
import { mergeFields } from './expand';

/** What an entry declares, with what it sends beyond the schema. */
export function declared(resource: DesiredResource): JsonObject {
  const { fields } = kindOf(resource.kind);
  const all = mergeFields(resource.fields, resource.preview, fields);
  return resource.manage === 'attach' ? additive(all, fields) : all;
}

/** A list of what others share with us, by key: it removes nobody. */
function additive(all: JsonObject, fields: FieldTable): JsonObject {
  return Object.fromEntries(
    Object.entries(all).map(([field, value]) => {
      const row = fields.row([field], '');
      if (row?.additive !== true || row.keyed === undefined || !isList(value)) return [field, value];
      return [field, Object.fromEntries(keyed(KEY_CODECS[row.keyed], value).items)];
    }),
  );
}

/** What an entry asks for: what it declares, over what a replace of it that was cut short has set aside. */
export function asked(
  resource: DesiredResource,
  live: LiveResource | undefined,
  setAside: SetAside | undefined,
  project: string,
): JsonObject {
  const own = declared(resource);
  if (setAside === undefined || resource.manage !== 'full') return own;
  if (live !== undefined && !isSuccessor(live, setAside, project)) return own;
  const { kind, name } = resource;
  return onTop(setAside.carried, own, { kind, name, sort: live?.sort ?? wireOf(kind).sortOf(own) });
}

/**
 * Whether it was made by us since, and perhaps not all of it; what others made has settings of its own. Of what carries
 * no stamp it cannot be told: it is taken as ours, and what that changes is shown.
 */
function isSuccessor(live: LiveResource, setAside: SetAside, project: string): boolean {
  const stampable = wireOf(live.kind).stampPath !== undefined;
  return live.id !== setAside.id && (!stampable || live.stamp === project);
}

/** What is asked for, with what that asks for without saying so, given what is live. */
export function meant(entry: JsonObject, live: LiveResource): JsonObject {
  return mergeFields(entry, wireOf(live.kind).implied(entry, live), kindOf(live.kind).fields);
}

export function compareFields(desired: JsonObject, live: LiveResource): Comparison {
  return compare({
    desired,
    live: live.fields,
    name: live.name,
    sort: live.sort,
    fields: kindOf(live.kind).fields,
  });
}

/** Differences that only another object under the same name can make true. */
export function needsReplace(desired: JsonObject, live: LiveResource, { differences }: Comparison): boolean {
  const { fields } = kindOf(live.kind);
  const fixed = differences.some(({ path }) =>
    path.some((_, depth) => fields.row(path.slice(0, depth + 1), live.sort)?.immutable === true),
  );
  return fixed || wireOf(live.kind).irreplaceable(desired, live).length > 0;
}

/** What is carried over with the declaration on top, and without what that rules out. */
export function onTop(
  carried: JsonObject,
  desired: JsonObject,
  { kind, name, sort }: Pick<LiveResource, 'kind' | 'name' | 'sort'>,
): JsonObject {
  const { fields } = kindOf(kind);
  const { differences } = compare({ desired, live: carried, name, sort, fields });
  const gone = differences.flatMap(({ path, desired: value }) => (value === null ? [{ path, value }] : []));
  return mergeFields(assign(carried, gone, fields, sort), desired, fields);
}

/** What was set aside is of no use where somebody else has made a new one. */
export function isUnused(setAside: SetAside | undefined, live: LiveResource, project: string): boolean {
  return setAside !== undefined && live.id !== setAside.id && !isSuccessor(live, setAside, project);
}

/** Whether what is declared holds only once an update that is under way has ended. */
export function awaits({ kind, settling }: LiveResource, desired: JsonObject): boolean {
  return settling === 'pending' && wireOf(kind).updated.some((field) => desired[field] !== undefined);
}
