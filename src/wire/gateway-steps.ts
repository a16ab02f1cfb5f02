// Which puts of the gateway block make a set of assignments true, and in which order: no state between two of
// them is less governed than both ends, but for the table that the API moves only while it is off.
import { type Assignment, assign, valueAt } from '../model/assign';
import { isList, isObject, type Json } from '../model/json';
import { KEY_CODECS, type KeyCodec } from '../model/keys';
import { kindOf } from '../model/kinds';
import { pathText } from '../model/path';
import type { LiveResource } from '../model/resource';
import type { StepDraft, Wanted, WantedAssignment } from './step';

const UNLOGGED =
  'Requests are not logged while the table is being moved: the API moves it only while logging is off.';

/** One PUT, or two where a single one would pass through a state that is looser than both ends, or the API refuses one. */
export function gatewaySteps(
  wanted: readonly WantedAssignment[],
  live: LiveResource,
  fields: Wanted['fields'],
): Pick<StepDraft, 'phase' | 'ours' | 'note'>[] {
  if (wanted.length === 0) return [];
  const bare = (list: readonly WantedAssignment[]): Assignment[] =>
    list.map(({ path, value }) => ({ path, value }));
  const stricter = withCompanions(wanted, live, fields);
  const tightening = fitsInBetween(stricter, live, fields) ? stricter : [];
  // What moves traffic elsewhere waits as what loosens does: fallback may need an entity that the config brings.
  const opening = wanted.some(
    (one) => (one.direction === 'loosens' || one.direction === 'moves') && !narrows(one, live, fields),
  );
  const switches = offFirst(wanted, live, fields);
  if (switches.length > 0) {
    const first = bare(tightening);
    const off = switches.map((one) => one.off);
    const rest = bare(wanted.filter(({ path }) => !switches.some((s) => samePath(s.on.path, path))));
    const stepwise: Pick<StepDraft, 'phase' | 'ours'>[] =
      first.length > 0 ? [{ phase: 'tighten', ours: first }] : [];
    // Off for one round trip, and not for as long as a config takes to roll out.
    if (switches.some(({ on }) => on.value === true)) {
      return [
        ...stepwise,
        { phase: 'open', ours: [...first, ...off], note: UNLOGGED },
        { phase: 'open', ours: [...rest, ...switches.map(({ on }) => on)] },
      ];
    }
    // What is to be off opens, together with all else that does; the place of what is off comes after that.
    const isPlace = ({ path }: Assignment) => fields.row(path, live.sort)?.twoStep !== undefined;
    return [
      ...stepwise,
      { phase: 'open', ours: [...rest.filter((one) => !isPlace(one)), ...off] },
      { phase: 'open', ours: [...rest, ...off] },
    ];
  }
  if (tightening.length > 0 && opening) {
    return [
      { phase: 'tighten', ours: bare(tightening) },
      { phase: 'open', ours: bare(wanted) },
    ];
  }
  return [{ phase: opening ? 'open' : 'tighten', ours: bare(wanted) }];
}

/**
 * What tightens, and what must come with it: a block is switched on together with its place, or the API
 * refuses it; and what the server would fill in unasked is said at the first chance.
 */
function withCompanions(
  wanted: readonly WantedAssignment[],
  live: LiveResource,
  fields: Wanted['fields'],
): readonly WantedAssignment[] {
  const tightens = (one: WantedAssignment) => one.direction === 'tightens' || narrows(one, live, fields);
  const switched = new Set(wanted.filter(tightens).map(({ path }) => pathText(path)));
  const companion = ({ path }: WantedAssignment) => {
    const row = fields.row(path, live.sort);
    const unsaid = valueAt(live.fields, path, fields, live.sort) === undefined;
    return switched.has(row?.twoStep ?? '') || (row?.serverFills === true && unsaid);
  };
  return wanted.filter((one) => tightens(one) || companion(one));
}

/** Fallback that ends: later it would reach entities that the config brings, and that nobody meant it to reach. */
function narrows(
  { direction, path, value }: WantedAssignment,
  live: LiveResource,
  fields: Wanted['fields'],
): boolean {
  return (
    direction === 'moves' &&
    (value === false || value === null) &&
    valueAt(live.fields, path, fields, live.sort) === true
  );
}

/** Blocks that must be off before what is wanted can be set: the API refuses to move an inference table that is on. */
function offFirst(wanted: readonly WantedAssignment[], live: LiveResource, fields: Wanted['fields']) {
  const found = new Map<string, { off: Assignment; on: Assignment }>();
  for (const { path } of wanted) {
    const text = fields.row(path, live.sort)?.twoStep;
    if (text === undefined) continue;
    const toggle = text.split('.');
    if (valueAt(live.fields, toggle, fields, live.sort) !== true) continue;
    const asked = wanted.find((other) => samePath(other.path, toggle));
    // A block that goes altogether moves nowhere.
    if (asked?.value === null) continue;
    found.set(text, {
      off: { path: toggle, value: false },
      on: { path: toggle, value: asked?.value ?? true },
    });
  }
  return [...found.values()];
}

/**
 * The state between two PUTs holds the items of both ends; where the API would refuse so many, one PUT is
 * taken instead, which has no state in between.
 */
function fitsInBetween(
  tightening: readonly Assignment[],
  live: LiveResource,
  fields: Wanted['fields'],
): boolean {
  const between = assign(live.fields, tightening, fields, live.sort);
  return kindOf(live.kind).most.every(({ path, reach, items }) => {
    const segments = path.split('.');
    const list = valueAt(between, segments, fields, live.sort);
    const codec: KeyCodec = KEY_CODECS[fields.row(segments, live.sort)?.keyed ?? 'tag'];
    const counts = (entry: Json) =>
      isObject(entry) && (reach === undefined || codec.reach?.(codec.keyOf(entry) ?? '') === reach);
    return !isList(list) || list.filter(counts).length <= items;
  });
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return pathText(a) === pathText(b);
}
