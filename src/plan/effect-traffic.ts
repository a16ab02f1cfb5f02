// What a changed list of those that answer, or a changed split, does to calls: per field, and over a whole change.
import type { EffectRule } from '../model/effect-rules';
import { equalJson, isList, type Json } from '../model/json';
import { isItem, itemKey } from '../model/path';
import type { FieldDifference } from './diff';
import { itemOf, type Routing, type Ruled, type Scene, type Side } from './effect-scene';
import { type Effect, effect, type Share } from './effect-sentences';

/** An item that comes or goes as a whole speaks for all of its members. */
export function entityEffect({ at }: Ruled, scene: Scene): Effect | undefined {
  const item = itemOf(at);
  if (item === undefined) return undefined;
  const { list, key } = item;
  const before = scene.items('live', list).has(key);
  const after = scene.items('after', list).has(key);
  if (before === after) return undefined;
  const side = after ? 'after' : 'live';
  const routing = scene.routing(side);
  const answering = { entity: key, label: scene.label(list, key, side) };
  const share = routing?.answers.find(({ entity }) => entity === key);
  // A list beside the one that traffic is split over is tried when that one fails.
  if (after && routing !== undefined && share === undefined)
    return effect('entity-added', { ...answering, points: 0, fallback: true });
  const points = share?.points ?? null;
  return after
    ? effect('entity-added', { ...answering, points, fallback: routing?.fallback === true })
    : effect('entity-removed', { ...answering, points });
}

/** Another model, or another version of the same one. */
export function modelEffect(
  { live, desired }: FieldDifference,
  entity: Ruled | undefined,
  scene: Scene,
  versioned: boolean,
): Effect | undefined {
  const item = entity && itemOf(entity.at);
  if (item === undefined) return undefined;
  const { list, key } = item;
  const model = scene.model(list, key, 'after');
  const same = model !== undefined && model === scene.model(list, key, 'live');
  if (versioned && same && typeof live === 'string' && typeof desired === 'string')
    return effect('version-changed', { entity: key, model, from: live, to: desired });
  const [from, to] = [scene.label(list, key, 'live'), scene.label(list, key, 'after')];
  return from === to ? undefined : effect('model-changed', { entity: key, from, to });
}

export function shareEffect(
  { path, live, desired }: FieldDifference,
  { entities }: Extract<EffectRule, { entities: string }>,
  scene: Scene,
): Effect | undefined {
  const item = itemOf(path);
  if (item === undefined) return undefined;
  const list = entities.split('.');
  const side = scene.items('after', list).has(item.key) ? 'after' : 'live';
  const label = scene.label(list, item.key, side);
  return effect('traffic-share', { entity: item.key, label, from: points(live), to: points(desired) });
}

/** Another order of a list that is tried one after the other. */
export function orderEffect({ path, desired }: FieldDifference, scene: Scene): Effect | undefined {
  const last = path.at(-1);
  const list = path.slice(0, -1);
  if (last === undefined || !isItem(last) || itemKey(last) !== '' || !isList(desired)) return undefined;
  if (scene.fields.row(list, scene.of.sort)?.ordered !== true) return undefined;
  return effect('fallback-on', { order: desired.map((key) => scene.label(list, String(key), 'after')) });
}

export function fallbackEffect(
  { desired }: FieldDifference,
  { entities }: Extract<EffectRule, { entities: string }>,
  scene: Scene,
): Effect {
  if (desired !== true) return effect('fallback-off', {});
  const list = entities.split('.');
  const order = scene.declaredOrder(list).map((key) => scene.label(list, key, 'after'));
  return effect('fallback-on', { order });
}

/** Both sides of the routing where they differ; undefined where they do not, or where there is none. */
export function routingChange(scene: Scene): { before: Routing; after: Routing } | undefined {
  const [before, after] = [scene.routing('live'), scene.routing('after')];
  if (before === undefined || after === undefined) return undefined;
  return equalJson(before as unknown as Json, after as unknown as Json) ? undefined : { before, after };
}

/**
 * Who loses primary traffic and who gains it, over all routes together. An entity that answers with another model is
 * another one; one with another version is not.
 */
export function movedTraffic(scene: Scene, before: Routing, after: Routing): Effect | undefined {
  const known = (routing: Routing) => routing.answers.every(({ points: share }) => share !== null);
  if (!known(before) || !known(after)) return undefined;
  if (before.answers.length === 0 || after.answers.length === 0) return undefined;
  const moved = new Map<string, Share & { points: number }>();
  const add = (routing: Routing, side: Side, sign: 1 | -1) => {
    for (const { entity, label, points: share } of routing.answers) {
      const id = JSON.stringify([entity, scene.routed(entity, side)]);
      const sum = (moved.get(id)?.points ?? 0) + sign * (share ?? 0);
      moved.set(id, { entity, label, points: sum });
    }
  };
  add(before, 'live', -1);
  add(after, 'after', 1);
  const all = [...moved.values()].sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
  const from = all.filter((share) => share.points < 0).map((share) => ({ ...share, points: -share.points }));
  const to = all.filter((share) => share.points > 0);
  if (from.length === 0 || to.length === 0) return undefined;
  const sum = (shares: typeof all) => shares.reduce((total, share) => total + share.points, 0);
  return effect('traffic-moves', { points: Math.max(sum(from), sum(to)), from, to });
}

function points(value: Json): number | null {
  return typeof value === 'number' ? value : null;
}
