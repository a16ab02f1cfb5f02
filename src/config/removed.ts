// What a project says is to go, in one target. Never what is also declared there.
import type { Location } from '../model/diagnostic';
import type { RemovedResource } from '../model/resource';
import { explain } from './explain';
import type { Findings } from './findings';
import { locate, locateKey, type MapNode, member, type Node, plain, textOf } from './node';
import { SECTIONS } from './sections';
import { schemaErrors } from './validators';

export interface RemovedRequest {
  /** Entries of every file, in the order in which they were read. */
  readonly entries: readonly Node[];
  /** Whether an entry holds in the target that is read. */
  isHere(entry: Node): boolean;
  fillIn(node: Node): Node;
  /** Where a resource of that kind and name is declared in this target, if it is. */
  declaredAt(kind: string, name: string): Location | undefined;
  /** A date, `2026-11-20`; without it no date is in the future. */
  readonly today?: string;
}

export function removedResources(request: RemovedRequest, findings: Findings): RemovedResource[] {
  const found = new Map<string, RemovedResource>();
  for (const entry of request.entries) {
    if (entry.kind !== 'map' || findings.isBroken(entry) || !request.isHere(entry)) continue;
    const filled = request.fillIn(entry);
    if (entry.refers)
      explain(schemaErrors('removed_entry', plain(filled)), filled, findings, 'removed_entry');
    const removed = filled.kind === 'map' ? removedOf(filled) : undefined;
    if (removed === undefined || filled.kind !== 'map' || findings.isBroken(filled)) continue;
    const identity = `${removed.kind} ${removed.name}`;
    const first = found.get(identity);
    if (first === undefined) found.set(identity, removed);
    else refuseSecond(removed, first, findings);
    checkDeclared(removed, request.declaredAt(removed.kind, removed.name), findings);
    checkReserved(removed, findings);
    checkSince(removed, filled, request.today, findings);
  }
  return [...found.values()].sort((a, b) => (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1));
}

function removedOf(entry: MapNode): RemovedResource | undefined {
  const section = SECTIONS.find(({ removedAs }) => entry.entries.has(removedAs));
  const name = textOf(member(entry, section?.removedAs ?? ''));
  const reason = textOf(member(entry, 'reason'));
  const since = textOf(member(entry, 'since'));
  if (section === undefined || name === undefined || reason === undefined || since === undefined)
    return undefined;
  const destroy = member(entry, 'destroy');
  return {
    kind: section.kind,
    name,
    reason,
    since,
    destroy: destroy?.kind !== 'scalar' || destroy.value !== false,
    origin: { ...locate(member(entry, section.removedAs) ?? entry), layer: 'file' },
  };
}

/** Without its layer. */
export const placeOf = ({ layer: _, ...at }: RemovedResource['origin']): Location => at;

function refuseSecond(second: RemovedResource, first: RemovedResource, findings: Findings): void {
  findings.error({
    code: 'duplicate-name',
    message: `"${second.name}" is removed twice`,
    at: placeOf(second.origin),
    because: { text: 'the first entry stands here', at: placeOf(first.origin) },
    help: 'Keep one of them.',
  });
}

function checkDeclared(removed: RemovedResource, declared: Location | undefined, findings: Findings): void {
  if (declared === undefined) return;
  findings.error({
    code: 'removed-and-declared',
    message: `"${removed.name}" is removed, and declared`,
    at: placeOf(removed.origin),
    because: { text: 'it is declared here', at: declared },
    help: 'Keep one of them; only_in says in which targets either holds.',
  });
}

/**
 * What Databricks made cannot be deleted, only let go. https://docs.databricks.com/api/workspace/servingendpoints/delete,
 * https://docs.databricks.com/api/workspace/aigateway/deletemodelservice
 */
function checkReserved(removed: RemovedResource, findings: Findings): void {
  const section = SECTIONS.find(({ kind }) => kind === removed.kind);
  if (!removed.destroy || section === undefined || !section.reserved.names.test(removed.name)) return;
  findings.error({
    code: 'reserved-name',
    message: `the prefix of "${removed.name}" is reserved for ${section.reserved.says}, which cannot be deleted`,
    at: placeOf(removed.origin),
    help: 'Add destroy: false to stop managing it.',
  });
}

function checkSince(
  removed: RemovedResource,
  entry: MapNode,
  today: string | undefined,
  findings: Findings,
): void {
  const node = member(entry, 'since');
  const at = node === undefined ? locateKey(entry, 'since') : locate(node);
  const [year, month, day] = removed.since.split('-').map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) {
    findings.error({ code: 'bad-value', message: `since is a day that does not exist`, at });
  } else if (today !== undefined && removed.since > today) {
    findings.warning({
      code: 'future-date',
      message: `since is in the future; "${removed.name}" is removed all the same`,
      at,
      help: 'Add the entry on that day, or write since when it is not wanted any more.',
    });
  }
}
