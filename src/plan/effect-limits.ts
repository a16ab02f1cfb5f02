// What a changed limit does: who is limited, by how much, and which other limit holds instead or goes before.
// https://docs.databricks.com/aws/en/ai-gateway/configure-ai-gateway-endpoints
import { isObject, type Json } from '../model/json';
import { KEY_CODECS, type KeyCodec, type Reach } from '../model/keys';
import type { FieldDifference } from './diff';
import { itemOf, type Scene, type Side } from './effect-scene';
import { type Effect, effect, type Limit } from './effect-sentences';
import { principalWords } from './effect-words';

/** Undefined for a path that is no count of a limit. */
export function limitEffect({ path, live, desired }: FieldDifference, scene: Scene): Effect | undefined {
  const item = itemOf(path);
  const unit = path.at(-1);
  const codecName = item && scene.fields.row(item.list, scene.of.sort)?.keyed;
  if (item === undefined || codecName === undefined || unit === undefined) return undefined;
  const codec: KeyCodec = KEY_CODECS[codecName];
  const from = number(live);
  const to = number(desired);
  const { key, period } = parted(item.key);
  const reach = codec.reach?.(key) ?? 'ceiling';
  const limit: Limit = { reach, who: key.includes(':') ? principalWords(key) : null, unit, period };
  const others = (side: Side) => otherLimits(scene, side, codec, item.list, item.key, unit);
  if (to === 0) return effect('limit-closed', { ...limit, from });
  if (from === 0) return effect('limit-opened', { ...limit, to });
  const { beside, ceiling, shared } = others('after');
  const lower = ceiling !== null && to !== null && ceiling < to ? ceiling : null;
  if (to === null) {
    if (from === null) return undefined;
    return effect('limit-removed', {
      ...limit,
      from,
      beside: overrides(reach) ? beside : null,
      shared: reach === 'own' && shared,
      ceiling: reach === 'ceiling' ? null : ceiling,
    });
  }
  const above = reach === 'ceiling' ? null : lower;
  if (from === null)
    return effect('limit-set', { ...limit, to, beside: overrides(reach) ? beside : null, ceiling: above });
  return effect(to > from ? 'limit-raised' : 'limit-lowered', { ...limit, from, to, ceiling: above });
}

function overrides(reach: Reach): boolean {
  return reach === 'own' || reach === 'shared';
}

/** A period other than a minute is part of the key. */
function parted(key: string): { readonly key: string; readonly period: string } {
  const [, head, period] = /^(.*)\/(hour|day)$/.exec(key) ?? [];
  return head === undefined || period === undefined ? { key, period: 'minute' } : { key: head, period };
}

interface Others {
  /** The default of everybody without a limit of their own. */
  readonly beside: number | null;
  readonly ceiling: number | null;
  /** Some group has one. */
  readonly shared: boolean;
}

function otherLimits(
  scene: Scene,
  side: Side,
  codec: KeyCodec,
  list: readonly string[],
  own: string,
  unit: string,
): Others {
  const { period } = parted(own);
  const found: { reach: Reach; count: number }[] = [];
  for (const [item, value] of scene.items(side, list)) {
    const other = parted(item);
    const count = isObject(value) ? number(value[unit] ?? null) : null;
    if (item === own || other.period !== period || count === null) continue;
    found.push({ reach: codec.reach?.(other.key) ?? 'ceiling', count });
  }
  const least = (reach: Reach) => {
    const counts = found.filter((one) => one.reach === reach).map(({ count }) => count);
    return counts.length === 0 ? null : Math.min(...counts);
  };
  return { beside: least('default'), ceiling: least('ceiling'), shared: least('shared') !== null };
}

function number(value: Json): number | null {
  return typeof value === 'number' ? value : null;
}
