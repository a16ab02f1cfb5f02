// Which way a difference moves governance. Rules are a closed list that field rows name; the field table
// says which one, this file says what it means.

import { valueAt } from '../model/assign';
import type { FieldRow, FieldTable } from '../model/fields';
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS, type KeyCodec, keyed, type Reach } from '../model/keys';
import { isItem, itemKey, type Path } from '../model/path';
import type { Direction } from '../model/resource';
import type { FieldDifference } from './diff';

/** What the object looks like before the change: an added limit is judged by those that it overrides. */
export interface Surroundings {
  readonly live: JsonObject;
  readonly sort: string;
  readonly fields: FieldTable;
}

const WORST_FIRST: readonly Direction[] = ['loosens', 'moves', 'tightens', 'neutral'];

export function worst(directions: readonly Direction[]): Direction {
  return WORST_FIRST.find((direction) => directions.includes(direction)) ?? 'neutral';
}

export function directionOf(difference: FieldDifference, around: Surroundings): Direction {
  const row = around.fields.row(difference.path, around.sort);
  switch (row?.direction) {
    case 'on':
      return byRank([false, true], difference, row);
    case 'ranked':
      return byRank(row.ranks ?? [], difference, row);
    case 'more':
      return bySize(difference);
    case 'fewer':
      return opposite(bySize(difference));
    case 'selects':
      return bySelection(difference);
    case 'present':
      return byPresence(difference);
    case 'limit':
      return byLimit(difference, around);
    case 'moves':
      return placeOfSomethingOff(row, around) ? 'neutral' : 'moves';
    default:
      return 'neutral';
  }
}

/** Where logs would go moves nothing while nothing is logged. */
function placeOfSomethingOff(row: FieldRow, { live, fields, sort }: Surroundings): boolean {
  return row.twoStep !== undefined && valueAt(live, row.twoStep.split('.'), fields, sort) !== true;
}

function byRank(ranks: readonly Json[], { live, desired }: FieldDifference, row: FieldRow): Direction {
  const rank = (value: Json) =>
    value === null && row.absent === undefined ? 0 : ranks.indexOf(value ?? row.absent ?? null);
  const from = rank(live);
  const to = rank(desired);
  // A value that the table does not rank (newer than it) cannot be called safe.
  if (from < 0 || to < 0) return 'moves';
  if (to === from) return 'neutral';
  return to > from ? 'tightens' : 'loosens';
}

function bySize({ live, desired }: FieldDifference): Direction {
  const set = (value: Json) => new Set(isList(value) ? value.map((entry) => JSON.stringify(entry)) : []);
  const before = set(live);
  const after = set(desired);
  if ([...before].every((entry) => after.has(entry))) return 'tightens';
  return [...after].every((entry) => before.has(entry)) ? 'loosens' : 'moves';
}

/** Read by its outcome, not by its length: `read_*` selects what `read_mail` does and more. */
function bySelection({ live, desired }: FieldDifference): Direction {
  const names = (value: Json): string[] => (isList(value) && value.length > 0 ? value.map(String) : ['*']);
  const covers = (wide: readonly string[], narrow: readonly string[]) =>
    narrow.every((one) =>
      wide.some((other) => other === one || (other.endsWith('*') && one.startsWith(other.slice(0, -1)))),
    );
  const before = names(live);
  const after = names(desired);
  if (covers(before, after)) return covers(after, before) ? 'neutral' : 'tightens';
  return covers(after, before) ? 'loosens' : 'moves';
}

function byPresence({ live, desired }: FieldDifference): Direction {
  if (live !== null && desired !== null) return 'moves';
  return desired === null ? 'loosens' : 'tightens';
}

function opposite(direction: Direction): Direction {
  if (direction === 'tightens') return 'loosens';
  return direction === 'loosens' ? 'tightens' : direction;
}

function byLimit({ path, live, desired }: FieldDifference, around: Surroundings): Direction {
  if (typeof live === 'number' && typeof desired === 'number') return desired < live ? 'tightens' : 'loosens';
  const added = typeof desired === 'number';
  const count = added ? desired : live;
  if (typeof count !== 'number') return 'neutral';
  const verdict = weigh(count, overridden(path, around));
  return added ? verdict : opposite(verdict);
}

interface Overridden {
  /** The count that holds for everybody without one of their own. */
  readonly fallback?: number;
  readonly others: readonly number[];
  /** Some count by another period, so that nobody can say which is wider. */
  readonly incomparable?: true;
}

/** A limit of `count` beside those that it takes the place of: it tightens only if it is below each of them. */
function weigh(count: number, { fallback, others, incomparable }: Overridden): Direction {
  const all = fallback === undefined ? others : [fallback, ...others];
  if (all.every((other) => other >= count)) return incomparable === true ? 'moves' : 'tightens';
  // Without a default, somebody who had no limit at all gets one, and somebody else may get a wider one.
  return fallback !== undefined && all.every((other) => other <= count) ? 'loosens' : 'moves';
}

/**
 * "User- or application-specific limits go before group limits, those before the user default."
 * A member of several groups is refused only after exceeding all of them, so one more group may widen.
 * https://docs.databricks.com/aws/en/ai-gateway/configure-ai-gateway-endpoints
 */
function overridden(path: Path, around: Surroundings): Overridden {
  const at = path.findIndex(isItem);
  const codec: KeyCodec = KEY_CODECS[around.fields.row(path.slice(0, at), around.sort)?.keyed ?? 'limit'];
  const reach = (key: string): Reach => codec.reach?.(key) ?? 'ceiling';
  const key = itemKey(path[at] ?? '[]');
  const unit = path[at + 1] ?? '';
  const mine = reach(key);
  if (mine === 'ceiling' || mine === 'default') return { others: [] };
  const items = keyed(codec, valueAt(around.live, path.slice(0, at), around.fields, around.sort)).items;
  let fallback: number | undefined;
  let incomparable = false;
  const others: number[] = [];
  for (const [other, value] of items) {
    const count = isObject(value) ? value[unit] : undefined;
    const overrides = reach(other) === 'default' || reach(other) === 'shared';
    if (other === key || typeof count !== 'number' || !overrides) continue;
    if (codec.period?.(other) !== codec.period?.(key)) incomparable = true;
    else if (reach(other) === 'default') fallback = count;
    else others.push(count);
  }
  return {
    others,
    ...(fallback === undefined ? {} : { fallback }),
    ...(incomparable ? { incomparable } : {}),
  };
}
