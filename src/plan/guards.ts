// Guards: built-in refusals. Each names what it measured, its limit and the way out; there is no bare
// force, only `--allow <guard>[:<name>]`, which is printed and recorded.
import type { LiveResource } from '../model/resource';
import type { Governed } from './expand';
import type { Action, Change, Difference, Refused, Subject } from './types';

/** Guards that `--allow` can lift. The others protect what cannot be undone or is not ours. */
export const ALLOWABLE = ['adopt-removes', 'brake', 'takeover'] as const;

/** Brakes: updates of more than this share of what is ours stop the run, once there are enough to count. */
const BRAKE = { share: 0.3, least: 10 } as const;

export class Allowances {
  readonly used = new Set<string>();

  constructor(readonly given: readonly string[]) {}

  /** `brake` allows the guard everywhere, `adopt-removes:chat` for one name. */
  allows(guard: string, name: string): boolean {
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
}

type Refusal = Pick<Refused, 'guard' | 'message' | 'measured' | 'limit' | 'help'>;

/** The first guard that refuses one resource, or none. */
export function refusal(candidate: Candidate, allowances: Allowances): Refusal | undefined {
  for (const guard of [systemOwned, takeover, unknownMember, adoptRemoves]) {
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

function unknownMember({ governed, live, differences, subject }: Candidate): Refusal | undefined {
  const touched = new Set(differences.map(({ segments }) => segments[0]));
  const unknown = live.unknownMembers.filter((member) => {
    const segments = member.split('.');
    return touched.has(segments[0]) && !covered(governed.resource.preview, segments);
  });
  if (unknown.length === 0) return undefined;
  return {
    guard: 'unknown-member',
    message: `${subject.name} has ${unknown.join(', ')}, which this version does not know and a full replace would drop`,
    measured: unknown.join(', '),
    help: 'Declare it under `preview:` with the value that it is to have, or update Gatewright.',
  };
}

function covered(preview: unknown, segments: readonly string[]): boolean {
  let node: unknown = preview;
  for (const segment of segments) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, segment)) return false;
    node = (node as Record<string, unknown>)[segment];
  }
  return true;
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

/** Creates, adopts and pure tightening do not count: a brake is against the runaway loosening of an estate. */
export function brake(
  changes: readonly Change[],
  ours: number,
  allowances: Allowances,
): Map<Change, Refusal> {
  const counted = changes.filter(({ action, direction }) => action === 'update' && direction !== 'tightens');
  const refused = new Map<Change, Refusal>();
  if (ours < BRAKE.least || counted.length <= ours * BRAKE.share) return refused;
  const measured = `${counted.length} of ${ours} (${percent(counted.length / ours)})`;
  for (const change of counted) {
    if (allowances.allows('brake', change.name)) continue;
    refused.set(change, {
      guard: 'brake',
      message: `this plan updates ${measured} of what the project manages`,
      measured,
      limit: percent(BRAKE.share),
      help: 'If that is meant, say --allow brake. Otherwise look for a preset or a variable that reaches further than it should.',
    });
  }
  return refused;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).replace(/\.0$/, '')} %`;
}
