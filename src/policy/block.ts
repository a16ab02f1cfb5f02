// A plan without what policies block: such a change is left out and said, the rest goes on. Nothing is deleted while
// something else is left out, as with guards.
import { planDigest } from '../plan/digest';
import { isRemoved, liveKey } from '../plan/estate';
import type { Blocked, PolicyFinding, PolicyReport } from '../plan/policy-report';
import type { Plan } from '../plan/types';

export function withPolicies(plan: Plan, report: Omit<PolicyReport, 'blocked'>): Plan {
  const rules = new Map<string, string[]>();
  for (const { kind, name, rule, blocks } of report.findings) {
    if (!blocks) continue;
    const key = liveKey(kind, name);
    const named = rules.get(key) ?? [];
    if (!named.includes(rule)) named.push(rule);
    rules.set(key, named);
  }
  const blocked = plan.changes.flatMap((change): Blocked[] => {
    const { address, kind, name, action, differences } = change;
    const by = rules.get(liveKey(kind, name));
    return by === undefined ? [] : [{ address, kind, name, action, differences, rules: by }];
  });
  const left = plan.changes.filter(({ kind, name }) => !rules.has(liveKey(kind, name)));
  const undone = blocked.find(({ address }) => !isRemoved(address));
  const hasty = undone === undefined ? [] : left.filter(({ action }) => action === 'delete');
  const kept = left.filter((change) => !hasty.includes(change));
  const names = new Set(kept.map(({ kind, name }) => liveKey(kind, name)));
  const changes = kept.map((change) => ({
    ...change,
    after: change.after.filter(({ kind, name }) => names.has(liveKey(kind, name))),
  }));
  const refused = hasty.map(({ address, kind, name }) => ({
    address,
    kind,
    name,
    guard: 'delete-waits',
    message: `nothing is deleted while something else is blocked: ${undone?.name}`,
    help: `See to that first, or delete this alone: --select ${address}`,
    action: 'delete' as const,
    effects: [],
    differences: [],
  }));
  const next = { ...plan, changes, refused: [...plan.refused, ...refused], policy: { ...report, blocked } };
  return { ...next, digest: planDigest(next) };
}

/** Whether anything keeps the run from being as it should be, applied or not. */
export function isBlocked(findings: readonly PolicyFinding[]): boolean {
  return findings.some(({ blocks }) => blocks);
}
