// What a plan does, in sentences: for each difference, and for a change as a whole. Which family a field belongs to
// is a column of the field table; no kind and no field is known here by name.
import type { EffectRule } from '../model/effect-rules';
import { isItem, itemKey } from '../model/path';
import type { Direction } from '../model/resource';
import type { FieldDifference } from './diff';
import { worst } from './direction';
import { limitEffect } from './effect-limits';
import {
  accessEffect,
  credentialEffect,
  guardEffect,
  loggingEffect,
  topicsEffect,
  wordsEffect,
} from './effect-protection';
import { itemOf, type Routing, type Ruled, Scene, type SceneOf } from './effect-scene';
import { type Effect, effect } from './effect-sentences';
import {
  entityEffect,
  fallbackEffect,
  modelEffect,
  movedTraffic,
  orderEffect,
  routingChange,
  shareEffect,
} from './effect-traffic';
import { fieldWords, quoted } from './effect-words';
import type { Action, Change, ChangeEffect, Difference } from './types';

/** One for each difference, in their order. */
export function differenceEffects(of: SceneOf, differences: readonly FieldDifference[]): Effect[] {
  const scene = new Scene(of, differences);
  return differences.map((difference) => differenceEffect(difference, scene));
}

function differenceEffect(difference: FieldDifference, scene: Scene): Effect {
  const order = orderEffect(difference, scene);
  if (order !== undefined) return order;
  const rules = scene.rules(difference.path);
  const inner = rules.at(-1);
  if (inner === undefined) return generic(difference, undefined);
  const entity = rules.find(({ rule }) => rule.family === 'entity');
  const whole = entity === undefined ? undefined : entityEffect(entity, scene);
  // A credential that comes along with a new entity is worth a sentence of its own.
  if (whole !== undefined && !(whole.code === 'entity-added' && inner.rule.family === 'credential'))
    return whole;
  return byFamily(difference, inner, entity, scene) ?? generic(difference, inner);
}

function byFamily(
  difference: FieldDifference,
  ruled: Ruled,
  entity: Ruled | undefined,
  scene: Scene,
): Effect | undefined {
  const { rule } = ruled;
  switch (rule.family) {
    case 'limit':
      return limitEffect(difference, scene);
    case 'traffic':
      return shareEffect(difference, rule, scene);
    case 'fallback':
      return fallbackEffect(difference, rule, scene);
    case 'model':
    case 'version':
      return modelEffect(difference, entity, scene, rule.family === 'version');
    case 'guard':
      return guardEffect(difference, rule.of, scene);
    case 'words':
      return wordsEffect(difference, rule.of);
    case 'topics':
      return topicsEffect(difference, rule.of);
    case 'logging':
      return loggingEffect(ruled, scene);
    case 'usage':
      return effect(difference.desired === true ? 'usage-on' : 'usage-off', {});
    case 'access':
      return accessEffect(difference, rule, scene);
    case 'credential':
      return credentialEffect(difference);
    case 'entity':
    case 'setting':
      return undefined;
  }
}

function generic({ path, live, desired }: FieldDifference, ruled: Ruled | undefined): Effect {
  const rule: EffectRule | undefined = ruled?.rule;
  const item = itemOf(path);
  if (rule?.family !== 'setting') {
    const name = path.findLast((segment) => !isItem(segment)) ?? '';
    return effect('generic', { what: fieldWords(name), of: item?.key ?? null, from: live, to: desired });
  }
  // What lies below a setting is named by its author: a tag, a variable.
  const below = path.slice(ruled?.at.length).map((segment) => (isItem(segment) ? itemKey(segment) : segment));
  const what = below.length === 0 ? rule.of : `${rule.of} ${quoted(below.join('.'))}`;
  const of = ruled === undefined ? undefined : itemOf(ruled.at);
  return effect('generic', { what, of: of?.key ?? null, from: live, to: desired });
}

export interface Summed {
  readonly effects: readonly ChangeEffect[];
  /** Where calls go before and after, where that changes. */
  readonly routing?: { readonly before: Routing; readonly after: Routing };
}

export interface Doing {
  readonly action: Action | undefined;
  readonly differences: readonly Difference[];
  readonly of: SceneOf;
  readonly stamp?: Change['stamp'];
  readonly project: string;
}

/** What is refused is not done: only what its fields would do is left to be said. */
export function refusedEffects(effects: readonly ChangeEffect[]): readonly ChangeEffect[] {
  return effects.filter(({ code }) => !ACTION_CODES.includes(code));
}

const ACTION_CODES: readonly Effect['code'][] = ['replaced', 'deleted', 'adopted', 'released'];

/** Sentences of a new object that say no more than that it is made. */
const PART_OF_MAKING: readonly Effect['code'][] = ['entity-added', 'traffic-share', 'generic'];

/** What the action does, then what its differences do, the worst first; traffic summed, no sentence twice. */
export function changeEffects(doing: Doing): Summed {
  const found = doing.differences.map(({ segments, live, desired }) => ({ path: segments, live, desired }));
  const scene = new Scene(doing.of, found);
  const routing = doing.action === 'create' ? undefined : routingChange(scene);
  const moved = routing && movedTraffic(scene, routing.before, routing.after);
  const passed = (own: Effect) =>
    doing.action === 'create' ? PART_OF_MAKING.includes(own.code) : moved !== undefined && sums(moved, own);
  const said = new Map<string, { effect: Effect; directions: Direction[] }>();
  const say = (one: Effect, direction: Direction) => {
    const before = said.get(one.text);
    if (before === undefined) said.set(one.text, { effect: one, directions: [direction] });
    else before.directions.push(direction);
  };
  if (moved !== undefined) say(moved, 'moves');
  const comeOrGone = doing.differences.flatMap(({ effect: own }) =>
    own.code === 'entity-added' || own.code === 'entity-removed' ? [own.args] : [],
  );
  for (const { effect: own, direction } of doing.differences) {
    if (
      passed(own) ||
      (own.code === 'traffic-share' && comeOrGone.some((one) => one.entity === own.args.entity))
    )
      continue;
    say(moved === undefined ? own : withoutShare(own), direction);
  }
  const first = actionEffect(doing, scene);
  const rest = [...said.values()].map(
    ({ effect: own, directions }): ChangeEffect => ({ ...own, direction: worst(directions) }),
  );
  const order: readonly Direction[] = ['loosens', 'moves', 'tightens', 'neutral'];
  const actions: ChangeEffect[] = first === undefined ? [] : [{ ...first, direction: 'neutral' }];
  const fields = order.flatMap((direction) => rest.filter((own) => own.direction === direction));
  // Who manages it changes nothing for anybody who calls it.
  const effects = doing.action === 'adopt' ? [...fields, ...actions] : [...actions, ...fields];
  return { effects, ...(routing === undefined ? {} : { routing }) };
}

/** Whether the sentence about all traffic says what one about a field says. */
function sums(moved: Effect, own: Effect): boolean {
  if (own.code === 'traffic-share') return true;
  if (moved.code !== 'traffic-moves') return false;
  if (own.code !== 'model-changed') return false;
  const { from, to } = own.args;
  return (
    moved.args.from.some(({ label }) => label === from) && moved.args.to.some(({ label }) => label === to)
  );
}

/** Beside the sentence about all traffic it is news only that one comes or goes. */
function withoutShare(own: Effect): Effect {
  if ((own.code !== 'entity-added' && own.code !== 'entity-removed') || !own.args.points) return own;
  return own.code === 'entity-added'
    ? effect(own.code, { ...own.args, points: null })
    : effect(own.code, { ...own.args, points: null });
}

function actionEffect({ action, stamp, project }: Doing, scene: Scene): Effect | undefined {
  const { noun } = scene.kind;
  switch (action) {
    case 'create':
      return effect('created', { noun, answers: scene.routing('after')?.answers ?? [] });
    case 'replace':
      return effect('replaced', { noun });
    case 'delete':
      return effect('deleted', { noun });
    case 'adopt':
      return effect('adopted', { noun, project, from: stamp?.live ?? null });
    case 'release':
      return effect('released', { noun, project });
    default:
      return undefined;
  }
}
