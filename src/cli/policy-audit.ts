// `policy audit`: everything that the workspace has, managed or not, against the policies. Only reads. Its JSON is made
// for a trend: counts by rule, and what no file governs.
import { KINDS } from '../model/kinds';
import type { Desired } from '../model/resource';
import { addressOf } from '../model/resource';
import { liveKey } from '../plan/estate';
import { expand } from '../plan/expand';
import type { PolicyReport } from '../plan/policy-report';
import type { Judged } from '../policy/evaluate';
import { liveSelf } from '../policy/judged';
import type { Survey } from '../reconcile/survey';
import { findingsText, policySummary } from '../render/policy-text';
import { oneLine, safeJson } from '../render/sanitise';
import type { Args } from './args';
import type { Context } from './context';
import { EXIT, type ExitCode } from './exit-codes';
import { failure } from './failure';
import { readDesired } from './planning';
import { policyExit, readPolicies, reportOn } from './policies';
import { paintFor, widthFor } from './report';
import { openWorkspace } from './workspace';

const DEFAULT_PARALLELISM = 64;
const SHOWN = 10;

export async function audit(operands: readonly string[], args: Args, context: Context): Promise<ExitCode> {
  if (operands.length > 0)
    throw failure('usage', 'policy audit takes no more words', { help: 'leave them out' });
  const desired = readDesired(args, context);
  const policies = readPolicies(args, context) ?? readPolicies(args, context, ['recommended']);
  if (policies === undefined) return EXIT.ok;
  const workspace = await openWorkspace(args, context, desired, { readOnly: true });
  try {
    const { survey } = require('../reconcile/survey') as typeof import('../reconcile/survey');
    const found = await survey({
      client: workspace.client,
      kinds: KINDS.map(({ kind }) => kind),
      names: desired.resources.filter(({ pattern }) => !pattern).map(({ kind, name }) => ({ kind, name })),
      choose: (listed) => listed,
      parallelism: args.number('parallelism') ?? DEFAULT_PARALLELISM,
    });
    const { judged, unmanaged } = judgedSurvey(found, desired);
    const report = { ...reportOn(policies, judged, desired, context.clock.now(), 'plan'), blocked: [] };
    write(report, { judged: judged.length, unmanaged, host: workspace.host, found, desired }, args, context);
    return policyExit(report);
  } finally {
    await workspace.close();
  }
}

function judgedSurvey(
  { found }: Survey,
  desired: Desired,
): { readonly judged: Judged[]; readonly unmanaged: string[] } {
  const { governed } = expand(
    desired,
    found.map(({ live }) => live),
  );
  const entries = new Map(governed.map(({ resource }) => [liveKey(resource.kind, resource.name), resource]));
  const unmanaged: string[] = [];
  const judged = found.map(({ live, unread }): Judged => {
    const resource = entries.get(liveKey(live.kind, live.name));
    if (resource === undefined) unmanaged.push(`${live.kind}.${live.name}`);
    const seen = { ...live, unknownFields: [...live.unknownFields, ...unread.keys()] };
    const address = resource === undefined ? `${live.kind}.${live.name}` : addressOf(resource);
    const self = liveSelf(seen, desired.target, address, resource);
    return { self, ...(resource === undefined ? {} : { resource }) };
  });
  return { judged, unmanaged };
}

interface Audited {
  readonly judged: number;
  readonly unmanaged: readonly string[];
  readonly host: string;
  readonly found: Survey;
  readonly desired: Desired;
}

function write(report: PolicyReport, audited: Audited, args: Args, context: Context): void {
  const { judged, unmanaged, host, found, desired } = audited;
  const unreadable = found.unreadable.map(({ kind, name, reason }) => ({
    address: `${kind}.${name}`,
    reason,
  }));
  if (args.text('format') === 'json') {
    const { sets, mode, counts, findings, problems } = report;
    const coverage = { resources: judged, governed: judged - unmanaged.length, unmanaged, unreadable };
    const said = {
      format: 'gatewright/policy-audit/1',
      created_at: new Date(context.clock.now()).toISOString(),
      project: desired.project,
      target: desired.target,
      host,
      sets,
      mode,
      counts,
      by_rule: byRule(report),
      coverage,
      findings,
      problems,
    };
    context.stdout.write(`${safeJson(said)}\n`);
    return;
  }
  const paint = paintFor(context.stdout, context, args.on('no-color'));
  context.stdout.write(findingsText(report, { paint, width: widthFor(context.stdout, context) }));
  for (const { address, reason } of unreadable)
    context.stdout.write(`cannot be read: ${oneLine(address)}: ${oneLine(reason)}\n`);
  const shown = unmanaged.slice(0, SHOWN).map(oneLine).join(', ');
  const more = unmanaged.length > SHOWN ? ` and ${unmanaged.length - SHOWN} more` : '';
  const none = unmanaged.length === 0 ? '' : `, no file governs ${shown}${more}`;
  context.stdout.write(`${policySummary(report)}\nAudit (${host}): ${judged} resources${none}.\n`);
}

function byRule({ findings }: PolicyReport): Record<string, Record<string, number>> {
  const rules: Record<string, Record<string, number>> = {};
  for (const { rule, outcome } of findings) {
    rules[rule] ??= { fail: 0, unknown: 0, waived: 0 };
    const counts = rules[rule];
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return rules;
}
