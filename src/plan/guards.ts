// Guards: built-in refusals. Each names what it measured, its limit and the way out; there is no bare
// force, only `--allow <guard>[:<name>]`, which is printed and recorded.
import { valueAt } from '../model/assign';
import { equalJson, isList, isObject, type Json, type JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import { type Path, pathText } from '../model/path';
import type { LiveResource } from '../model/resource';
import { wireOf } from '../wire';
import type { Hazard, Need } from '../wire/step';
import type { Governed } from './expand';
import type { Action, Difference, Refused, Subject } from './types';

/** Guards that `--allow` can lift. The others protect what cannot be undone, or is not ours to decide. */
export const ALLOWABLE: readonly string[] = [
  'adopt-removes',
  'brake',
  'delete-budget',
  'replace',
  'takeover',
];

/** True of `brake` and of `brake:chat`. */
export function allowable(text: string): boolean {
  return ALLOWABLE.some((guard) => text === guard || text.startsWith(`${guard}:`));
}

export class Allowances {
  readonly used = new Set<string>();

  constructor(readonly given: readonly string[]) {}

  /** `brake` allows the guard everywhere, `adopt-removes:chat` for one name. Other guards are never allowed. */
  allows(guard: string, name: string): boolean {
    if (!ALLOWABLE.includes(guard)) return false;
    const hit = this.given.find((text) => text === guard || text === `${guard}:${name}`);
    if (hit !== undefined) this.used.add(hit);
    return hit !== undefined;
  }
}

export interface Candidate {
  readonly subject: Subject;
  readonly governed: Governed;
  readonly live: LiveResource;
  readonly action: Action;
  readonly differences: readonly Difference[];
  readonly project: string;
  /** What it would lead to, and is not there. */
  readonly lacking: readonly Need[];
  /** What its requests would do besides. */
  readonly hazards: readonly Hazard[];
  /** Whoever runs this would lose the right to manage it. */
  readonly lockOut: boolean;
  /** By the entry, or by the target. */
  readonly protected: boolean;
}

export type Refusal = Pick<Refused, 'guard' | 'message' | 'measured' | 'limit' | 'help'>;

/** The first guard that refuses one resource, or none. */
export function refusal(candidate: Candidate, allowances: Allowances): Refusal | undefined {
  for (const guard of [
    systemOwned,
    takeover,
    ({ differences, live }: Candidate) => unavailable(differences, live),
    reservedStamp,
    undeclaredSwitch,
    unknownMember,
    ledNowhere,
    lockOut,
    ({ hazards }: Candidate) => hazardOf(hazards),
    protectedFromReplace,
    replace,
    adoptRemoves,
  ]) {
    const found = guard(candidate);
    if (found !== undefined && !allowances.allows(found.guard, candidate.subject.name)) return found;
  }
  return undefined;
}

function systemOwned({ governed, live, subject }: Candidate): Refusal | undefined {
  if (!live.systemOwned || governed.resource.manage !== 'full') return undefined;
  return {
    guard: 'system-owned',
    message: `${subject.name} was made by the platform: it cannot carry a stamp, be created or be deleted`,
    help: 'Say `manage: attach` to govern only the fields that you name.',
  };
}

/** What this sort of object cannot have, by the field table. */
function unavailable(differences: readonly Difference[], live: LiveResource): Refusal | undefined {
  const { fields } = kindOf(live.kind);
  for (const { segments, desired } of differences) {
    const row = fields.outermost(segments, live.sort, (one) => one.unavailable === true);
    if (row === undefined || desired === null || equalJson(desired, row.absent ?? null)) continue;
    return {
      guard: 'unavailable',
      message: `${live.name} cannot have ${row.path}. ${row.reason}`,
      measured: live.sort,
      help: `Remove it. ${row.source}`,
    };
  }
  return undefined;
}

function takeover({ governed, live, project, subject }: Candidate): Refusal | undefined {
  if (governed.resource.manage !== 'full' || live.stamp === undefined || live.stamp === project)
    return undefined;
  return {
    guard: 'takeover',
    message: `${subject.name} belongs to project "${live.stamp}"`,
    measured: live.stamp,
    limit: project,
    help: `Remove it from that project first, say \`manage: attach\`, or take it over with --allow takeover:${subject.name}.`,
  };
}

/** The stamp sets itself. A declaration that names it, by whatever way, would give the object to somebody else. */
function reservedStamp({ differences, subject }: Candidate): Refusal | undefined {
  const stamp = pathText(wireOf(subject.kind).stampPath ?? []);
  if (!differences.some(({ path }) => path === stamp)) return undefined;
  return {
    guard: 'reserved-stamp',
    message: `${stamp} says who manages ${subject.name}, and is set by itself`,
    help: 'Remove it from the declaration, also from `preview:`.',
  };
}

/** A two-step move passes through "off". Who only sees "off" afterwards must find in the files that it is to be on. */
function undeclaredSwitch({ governed, live, differences, subject }: Candidate): Refusal | undefined {
  const { fields } = kindOf(subject.kind);
  for (const { path, segments } of differences) {
    const toggle = fields.row(segments, live.sort)?.twoStep;
    if (toggle === undefined || differences.some((other) => other.path === toggle)) continue;
    const at = toggle.split('.');
    const on = valueAt(live.fields, at, fields, live.sort) === true;
    if (!on || valueAt(governed.resource.fields, at, fields, live.sort) !== undefined) continue;
    return {
      guard: 'undeclared-switch',
      message: `changing ${path} of ${subject.name} switches it off for a moment, and a run that is cut then could not know that it is to be on`,
      measured: `${toggle} is true and not declared`,
      help: `Declare ${toggle} too.`,
    };
  }
  return undefined;
}

function unknownMember({ governed, live, action, differences, subject }: Candidate): Refusal | undefined {
  const paths = action === 'replace' ? 'everything' : differences.map(({ segments }) => segments);
  const unknown = uncovered(live, paths, governed.resource.preview);
  if (unknown.length === 0) return undefined;
  return {
    guard: 'unknown-member',
    message: `${subject.name} has ${unknown.join(', ')}, which this version does not know and a full replace would drop`,
    measured: unknown.join(', '),
    help: 'Declare it under `preview:` with the value that it is to have, or update Gatewright.',
  };
}

/** Live members that nobody here knows, in blocks that writes to these paths replace, and that no declaration names. */
export function uncovered(
  live: LiveResource,
  paths: readonly Path[] | 'everything',
  declared: JsonObject,
): string[] {
  const wire = wireOf(live.kind);
  const blocks = paths === 'everything' ? [] : [...new Set(paths.map((path) => wire.replaced(path)))];
  const dropped = (member: string) =>
    paths === 'everything' ||
    blocks.some((block) => member.startsWith(block) && '.['.includes(member[block.length] ?? ''));
  return live.unknownMembers.filter((member) => dropped(member) && !covered(declared, member.split('.')));
}

/** `preview:` says it; of a list, for one of its items. */
function covered(preview: Json | undefined, [segment, ...rest]: readonly string[]): boolean {
  if (segment === undefined) return preview !== undefined;
  const name = segment.replace(/\[\]$/, '');
  const inner = isObject(preview) && Object.hasOwn(preview, name) ? preview[name] : undefined;
  if (name === segment) return covered(inner, rest);
  const items = isList(inner) ? inner : isObject(inner) ? Object.values(inner) : [];
  return items.some((one) => covered(one, rest));
}

function adoptRemoves({ action, differences, subject }: Candidate): Refusal | undefined {
  if (action !== 'adopt') return undefined;
  const removed = differences.filter(({ live, desired }) => live !== null && desired === null);
  if (removed.length === 0) return undefined;
  const paths = removed.map(({ path }) => path).join(', ');
  return {
    guard: 'adopt-removes',
    message: `adopting ${subject.name} would remove what it has: ${paths}`,
    measured: `${removed.length} removed`,
    limit: '0',
    help: `Declare it, leave it unmanaged, or say --allow adopt-removes:${subject.name}.`,
  };
}

function ledNowhere({ lacking, subject }: Candidate): Refusal | undefined {
  const [first] = lacking;
  if (first === undefined) return undefined;
  const names = lacking.map(({ kind, name }) => `the ${kindOf(kind).noun} "${name}"`).join(' and ');
  return {
    guard: 'leads-nowhere',
    message: `${subject.name} would lead to ${names}, which nobody declares and this workspace does not have`,
    help: 'Correct the name, declare it too, or have it made first.',
  };
}

function lockOut({ lockOut: locked, subject }: Candidate): Refusal | undefined {
  if (!locked) return undefined;
  return {
    guard: 'lock-out',
    message: `whoever runs this would lose the right to manage ${subject.name}`,
    help: 'Leave that principal out of the list, which keeps its right, or let somebody else take it away.',
  };
}

/** The first, with what the others say. */
function hazardOf(hazards: readonly Hazard[]): Refusal | undefined {
  const [first, ...others] = hazards;
  if (first === undefined) return undefined;
  return { ...first, message: [first.message, ...others.map(({ message }) => message)].join('; ') };
}

function protectedFromReplace({ action, subject, protected: isProtected }: Candidate): Refusal | undefined {
  if (action !== 'replace' || !isProtected) return undefined;
  return {
    guard: 'protect',
    message: `${subject.name} is protected, and what changes can only be had by deleting it and making it anew`,
    help: 'Undo that change, give the new one another name, or take the protection away in a change of its own.',
  };
}

function replace({ action, subject, differences }: Candidate): Refusal | undefined {
  if (action !== 'replace') return undefined;
  return {
    guard: 'replace',
    message: `${subject.name} would be deleted and made anew: it does not serve meanwhile, and gets another id`,
    measured: differences.map(({ path }) => path).join(', '),
    help: `If the pause is meant, say --allow replace:${subject.name}; otherwise give the new one another name.`,
  };
}

/** Whether what is under `removed` may be deleted. */
export function deletes(
  { live, project, protected: isProtected }: { live: LiveResource; project: string; protected: boolean },
  allowances: Allowances,
): Refusal | undefined {
  if (live.systemOwned) {
    return {
      guard: 'system-owned',
      message: `${live.name} was made by the platform and cannot be deleted`,
      help: 'Take it out of `removed`.',
    };
  }
  // What cannot carry a stamp is told by its name alone, which the entry says in full.
  const stampable = wireOf(live.kind).stampPath !== undefined;
  if (stampable && live.stamp !== project && !allowances.allows('takeover', live.name)) {
    const whose = live.stamp === undefined ? "carries nobody's stamp" : `belongs to project "${live.stamp}"`;
    return {
      guard: 'takeover',
      message: `${live.name} ${whose}, so it is not this project's to delete`,
      help: `If it is, say --allow takeover:${live.name}.`,
    };
  }
  if (!isProtected) return undefined;
  return {
    guard: 'protect',
    message: `the target is protected, and ${live.name} would be deleted`,
    help: 'Take the protection away in a change of its own.',
  };
}
