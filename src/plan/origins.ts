// Whose change a difference is: base, live and desired compared field by field, by the differ and its field table
// alone. Told by a base, not by a state file: what the base does not manage, nobody can have drifted from. Pure.
import { leavesOf } from '../model/assign';
import type { FieldTable } from '../model/fields';
import { equalJson, isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS, type Keyed, keyed } from '../model/keys';
import { kindOf } from '../model/kinds';
import { isItem, itemKey, type Path, pathText } from '../model/path';
import type { Desired, DesiredResource, LiveResource } from '../model/resource';
import { wireOf } from '../wire';
import { compareFields, declared, meant } from './asked';
import { sameValue } from './diff';
import { type LiveEstate, liveKey, subjectOf } from './estate';
import { expand, type Governed, type Listed } from './expand';
import type { Difference, DifferenceOrigin, Notice, Orphan, Plan, Subject } from './types';

/** The config as it was last applied. */
export interface Base {
  readonly desired: Desired;
  /** As the user calls it: a ref, or a file. */
  readonly name: string;
  readonly commit?: string;
  /** Only what changed since is planned. */
  readonly since?: true;
}

export interface Tracing {
  readonly base: Base;
  readonly desired: Desired;
  readonly live: LiveEstate;
  readonly listed: readonly Listed[];
  readonly governed: readonly Governed[];
  readonly select: (subject: Subject) => boolean;
}

/** The plan with the origin of each difference, what is managed no longer, and what only the base names. */
export function traced(plan: Plan, tracing: Tracing): Plan {
  const { base, live, listed } = tracing;
  const { before, problem } = entriesOf(base, listed);
  if (problem !== undefined) {
    return { ...plan, notices: [...plan.notices, unusable('base-invalid', base.name, problem)] };
  }
  const trace = <T extends Subject & { readonly differences: readonly Difference[] }>(one: T): T => {
    if (one.differences.length === 0) return one;
    const key = liveKey(one.kind, one.name);
    const past = pastOf(before.get(key), live.resources.get(key));
    return {
      ...one,
      differences: one.differences.map((difference) => ({ ...difference, ...past(difference) })),
    };
  };
  const { name, commit, since } = base;
  return {
    ...plan,
    base: { name, ...(commit === undefined ? {} : { commit }), ...(since === undefined ? {} : { since }) },
    changes: plan.changes.map(trace),
    observed: plan.observed.map(trace),
    refused: plan.refused.map(trace),
    orphans: [...plan.orphans, ...orphans(plan, before, tracing)],
    notices: [...plan.notices, ...released(before, tracing)],
  };
}

/** What the base says of each object, by `liveKey`, or why that cannot be told. */
export function entriesOf(
  base: Base,
  listed: readonly Listed[],
): { readonly before: ReadonlyMap<string, DesiredResource>; readonly problem?: string } {
  const { governed, diagnostics } = expand(base.desired, listed);
  const [first] = diagnostics;
  if (first !== undefined) return { before: new Map(), problem: first.message };
  return {
    before: new Map(governed.map(({ resource }) => [liveKey(resource.kind, resource.name), resource])),
  };
}

/** Why nothing is known of origins, as a notice. */
export function unusable(code: string, base: string, why: string, help?: string): Notice {
  return {
    code,
    severity: 'warning',
    message: `${base} cannot tell intent from drift: ${why}`,
    help: help ?? 'The plan holds without it; only whose change a difference is stays unknown.',
  };
}

type Past = (difference: Difference) => { readonly origin: DifferenceOrigin; readonly base?: Json };

function pastOf(resource: DesiredResource | undefined, live: LiveResource | undefined): Past {
  if (resource === undefined) return () => ({ origin: 'intent' });
  return live === undefined ? pastOfMissing(resource) : pastOfLive(resource, live);
}

function pastOfLive(resource: DesiredResource, live: LiveResource): Past {
  const { fields } = kindOf(live.kind);
  const whole = meant(declared(resource), live);
  const { differences, managed } = compareFields(whole, live);
  const at = new Map(managed.map((one) => [pathText(one.path), one]));
  const moved = new Map(differences.map((one) => [pathText(one.path), one]));
  const same = (path: Path, a: Json, b: Json) => sameValue(fields, path, live.sort, live.name, a, b);
  return ({ segments, path, desired }) => {
    const exact = moved.get(path) ?? differences.find((one) => isWithin(segments, one.path));
    if (exact !== undefined) {
      // Of what lies around it the base says that it is to go.
      const base = exact.path.length === segments.length ? exact.desired : null;
      return { origin: same(segments, base, desired) ? 'drift' : 'both', base };
    }
    const base = at.get(path)?.desired ?? saidAt(whole, segments, fields, live.sort);
    const inside = differences.some((one) => isWithin(one.path, segments));
    return { origin: inside ? 'both' : 'intent', ...(base === undefined ? {} : { base }) };
  };
}

/** What a declaration says at a path: `null` also where it says so of what lies around it, undefined where it says nothing. */
function saidAt(root: JsonObject, path: Path, fields: FieldTable, sort: string): Json | undefined {
  let value: Json | undefined = root;
  let owned = false;
  for (const [depth, segment] of path.entries()) {
    if (value === null) return null;
    const row = fields.row(path.slice(0, depth), sort);
    if (isItem(segment)) {
      const list: Keyed | undefined =
        row?.keyed === undefined ? undefined : keyed(KEY_CODECS[row.keyed], value);
      owned = list?.whole === true;
      value = list?.items.get(itemKey(segment));
      if (value === undefined) return owned ? null : undefined;
      owned &&= row?.items === 'whole';
    } else {
      const block: Json | undefined = value;
      // Where the block is off, its other members say nothing.
      const off: boolean =
        row?.switch !== undefined && row.switch !== segment && isObject(block) && block[row.switch] === false;
      value = isObject(block) && Object.hasOwn(block, segment) && !off ? block[segment] : undefined;
      if (value === undefined) return owned ? null : undefined;
    }
  }
  return value;
}

/** The object is gone: whatever the base says of it was moved. */
function pastOfMissing(resource: DesiredResource): Past {
  const { fields } = kindOf(resource.kind);
  const whole = declared(resource);
  const sort = wireOf(resource.kind).sortOf(whole);
  const leaves = new Map(leavesOf(whole, fields, sort).map(({ path, value }) => [pathText(path), value]));
  return ({ segments, path, desired }) => {
    const base = leaves.get(path);
    if (base === undefined) return { origin: 'intent' };
    if (base === null) return { origin: 'intent', base };
    const same = sameValue(fields, segments, sort, resource.name, base, desired);
    return { origin: same ? 'drift' : 'both', base };
  };
}

/** Whether a path is another, or lies below it. */
function isWithin(path: Path, other: Path): boolean {
  return path.length >= other.length && other.every((segment, index) => path[index] === segment);
}

/** What the base managed, the config does not name now, and the workspace has: it stays, whoever expected it to go. */
function released(
  before: ReadonlyMap<string, DesiredResource>,
  { governed, live, select, base }: Tracing,
): Notice[] {
  return governed.flatMap(({ resource }) => {
    const subject = subjectOf(resource);
    const key = liveKey(resource.kind, resource.name);
    const [past, now] = [before.get(key), live.resources.get(key)];
    if (past === undefined || past.manage === 'observe' || now === undefined || !select(subject)) return [];
    const paths = releasedPaths(resource, past, now).map(pathText);
    if (paths.length === 0) return [];
    return {
      code: 'released',
      severity: 'note',
      address: subject.address,
      message: `managed in ${base.name} and no longer, left as it is: ${paths.join(', ')}`,
      help: 'To have it removed, declare it as null; to keep it governed, declare its value.',
    };
  });
}

function releasedPaths(resource: DesiredResource, past: DesiredResource, live: LiveResource): Path[] {
  const [saidNow, saidThen] = [declared(resource), declared(past)];
  if (equalJson(saidNow, saidThen)) return [];
  const { fields } = kindOf(live.kind);
  const then = compareFields(saidThen, live);
  const owned = [...then.managed.filter((one) => one.live !== null), ...then.suppressed];
  const left = compareFields(saidNow, live).preserved.filter((path) =>
    owned.some((one) => isWithin(one.path, path)),
  );
  const unread = live.unknownFields.filter((field) => field in saidThen && !(field in saidNow));
  const named = new Set(leavesOf(saidNow, fields, live.sort).map(({ path }) => pathText(path)));
  const unanswered = then.unverifiable.filter(
    (path) => !named.has(pathText(path)) && !left.some((other) => isWithin(path, other)),
  );
  return [...left, ...unread.map((field) => [field]), ...unanswered];
}

/** Governed at the base, named by no file now, and no stamp would tell: attached objects, kinds without stamps. */
function orphans(
  plan: Plan,
  before: ReadonlyMap<string, DesiredResource>,
  { desired, governed, live, select }: Tracing,
): Orphan[] {
  const named = new Set([
    ...governed.map(({ resource }) => liveKey(resource.kind, resource.name)),
    ...[...desired.removed, ...plan.orphans].map(({ kind, name }) => liveKey(kind, name)),
  ]);
  return [...before].flatMap(([key, { kind, name, manage }]) => {
    const one = live.resources.get(key);
    if (one === undefined || manage === 'observe' || named.has(key)) return [];
    if (one.stamp !== undefined && one.stamp !== desired.project) return [];
    if (!select({ address: `${kind}.${name}`, kind, name })) return [];
    return { kind, name, ...(one.id === undefined ? {} : { id: one.id }), known_by: 'base' };
  });
}
