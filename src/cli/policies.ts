// Policies of a run: which files hold, what they say of the files and of a plan, which waivers lift what. One path for
// validate, plan, apply and policy, so that they cannot disagree.
import { basename, dirname, relative, resolve, sep } from 'node:path';
import type { Diagnostic } from '../model/diagnostic';
import { hasErrors } from '../model/diagnostic';
import type { PolicyFile, Waiver } from '../model/policy';
import type { Desired } from '../model/resource';
import { addressOf } from '../model/resource';
import type { LiveEstate } from '../plan/estate';
import type { PolicyReport } from '../plan/policy-report';
import type { Plan } from '../plan/types';
import type { ActivePolicy } from '../policy/active';
import type { EvaluateRequest, Judged } from '../policy/evaluate';
import type { Args } from './args';
import type { Context } from './context';
import { EXIT, type ExitCode } from './exit-codes';
import { Failure } from './failure';
import type { FlagName } from './flags';
import { projectDirectory } from './project';

export const POLICY_FLAGS: readonly FlagName[] = ['policy', 'waivers-from'];

export interface Policies {
  readonly active: ActivePolicy;
  readonly waivers: readonly Waiver[];
  readonly pending: readonly Waiver[];
  readonly texts: ReadonlyMap<string, string>;
}

/** Absent when no policy file is there and none is named. A policy that cannot be read ends the run: it never holds less. */
export function readPolicies(
  args: Args,
  context: Context,
  packs: readonly string[] = [],
): Policies | undefined {
  const files = policyFiles(args, context, packs);
  if (files === undefined) return undefined;
  const { activate } = require('../policy/active') as typeof import('../policy/active');
  const { CATALOGUE } = require('../policy/packs') as typeof import('../policy/packs');
  const active = activate(files.policies, CATALOGUE);
  if (hasErrors(active.diagnostics)) throw new Failure(active.diagnostics, EXIT.invalid, files.texts);
  return { active, ...readWaivers(args, context, files.texts), texts: files.texts };
}

function policyFiles(args: Args, context: Context, packs: readonly string[]) {
  const { POLICY_FILE, readPolicyFile } = require('../config') as typeof import('../config');
  const directory = projectDirectory(args, context);
  const named = args.texts('policy').map((file) => resolve(context.cwd, file));
  const texts = new Map<string, string>();
  const policies: PolicyFile[] = packs.map((pack) => ({
    file: '',
    extends: [{ pack }],
    mode: 'enforce',
    params: {},
    rules: [],
    overrides: [],
  }));
  for (const path of [resolve(directory, POLICY_FILE), ...named]) {
    const { source, file } = seenFrom(context.cwd, path);
    const { read, diagnostics, texts: own } = readPolicyFile(source, file, !named.includes(path));
    if (hasErrors(diagnostics)) throw new Failure(diagnostics, EXIT.invalid, own);
    for (const [name, text] of own) texts.set(name, text);
    if (read !== undefined) policies.push(read);
  }
  return policies.length === 0 ? undefined : { policies, texts };
}

/** Files of a folder, called as they are seen from where the command runs. What a file extends lies below its folder. */
function seenFrom(cwd: string, path: string) {
  const { diskSource } = require('../config') as typeof import('../config');
  const folder = dirname(path);
  const way = relative(cwd, folder).split(sep).join('/');
  const prefix = way === '' ? '' : `${way}/`;
  const disk = diskSource(folder);
  const source = {
    ...disk,
    read: (file: string) =>
      file.startsWith(prefix) ? disk.read(file.slice(prefix.length)) : { problem: 'outside' as const },
  };
  return { source, file: `${prefix}${basename(path)}` };
}

function readWaivers(args: Args, context: Context, texts: Map<string, string>) {
  const { readWaiversFile, WAIVERS_FILE } = require('../config') as typeof import('../config');
  const read = (path: string, optional: boolean): readonly Waiver[] => {
    const { source, file } = seenFrom(context.cwd, path);
    const found = readWaiversFile(source, file, optional);
    if (hasErrors(found.diagnostics)) throw new Failure(found.diagnostics, EXIT.invalid, found.texts);
    for (const [name, text] of found.texts) texts.set(name, text);
    return found.read ?? [];
  };
  const own = read(resolve(projectDirectory(args, context), WAIVERS_FILE), true);
  const from = args.text('waivers-from');
  if (from === undefined) return { waivers: own, pending: [] };
  const waivers = read(resolve(context.cwd, from), false);
  // What this checkout adds or changes lifts nothing until it is where waivers are read from.
  const same = (a: Waiver, b: Waiver) => JSON.stringify({ ...a, at: 0 }) === JSON.stringify({ ...b, at: 0 });
  return { waivers, pending: own.filter((one) => !waivers.some((other) => same(one, other))) };
}

/** Before a plan is made: what the files say of themselves. */
export function judgeFiles(policies: Policies, desired: Desired, now: number): PolicyReport {
  const { judgedFiles } = require('../policy/judged') as typeof import('../policy/judged');
  return { ...reportOn(policies, judgedFiles(desired), desired, now, 'files'), blocked: [] };
}

/** The plan with what policies say of it, and without what they block. */
export function judgePlan(
  policies: Policies,
  desired: Desired,
  live: LiveEstate,
  plan: Plan,
  now: number,
): Plan {
  const { judgedPlan } = require('../policy/judged') as typeof import('../policy/judged');
  const { withPolicies } = require('../policy/block') as typeof import('../policy/block');
  return withPolicies(plan, reportOn(policies, judgedPlan(desired, live, plan), desired, now, 'plan'));
}

export function reportOn(
  { active, waivers, pending }: Policies,
  judged: readonly Judged[],
  desired: Pick<Desired, 'resources' | 'removed' | 'target'>,
  now: number,
  phase: EvaluateRequest['phase'],
): Omit<PolicyReport, 'blocked'> {
  const { dateOf, evaluate } = require('../policy/evaluate') as typeof import('../policy/evaluate');
  const { applyWaivers } = require('../policy/waivers') as typeof import('../policy/waivers');
  const { CATALOGUE } = require('../policy/packs') as typeof import('../policy/packs');
  const { findings, counts } = evaluate({ policy: active, judged, now, phase });
  const changing = active.rules.filter(({ rule }) => rule.about === 'change').map(({ rule }) => rule.id);
  const waived = applyWaivers({
    findings,
    waivers,
    pending,
    rules: CATALOGUE.rules,
    target: desired.target,
    today: dateOf(now),
    judged: new Set(judged.map(({ self }) => self.address)),
    known: new Set([
      ...desired.resources.map(addressOf),
      ...judged.map(({ self }) => self.address),
      ...desired.removed.map(({ name }) => `removed.${name}`),
    ]),
    // A change is there in one plan and gone in the next: its waiver is used when it is made.
    silent: new Set(changing),
  });
  const lifted = waived.findings.filter(({ outcome }) => outcome === 'waived').length;
  return {
    sets: active.sets,
    mode: active.mode,
    counts: lifted === 0 ? counts : recounted(counts, findings, waived.findings),
    findings: waived.findings,
    problems: waived.diagnostics,
  };
}

/** A rule and a resource are waived once nothing of what it found stands. */
function recounted(
  counts: PolicyReport['counts'],
  before: PolicyReport['findings'],
  after: PolicyReport['findings'],
): PolicyReport['counts'] {
  const pair = ({ rule, kind, name }: PolicyReport['findings'][number]) => `${rule}\n${kind} ${name}`;
  const failing = (list: PolicyReport['findings']) =>
    new Set(list.filter(({ outcome }) => outcome === 'fail').map(pair)).size;
  const waived = failing(before) - failing(after);
  return { ...counts, fail: counts.fail - waived, waived: counts.waived + waived };
}

/** 4 when a finding blocks or a waiver is not as it has to be. */
export function policyExit(report: PolicyReport | undefined): ExitCode {
  const blocked = report?.findings.some(({ blocks }) => blocks) ?? false;
  const wrong = report?.problems.some(({ severity }) => severity === 'error') ?? false;
  return (blocked || wrong) && report?.mode !== 'audit' ? EXIT.blocked : EXIT.ok;
}

/** Of a saved plan: a waiver that has expired since lifts nothing any more. */
export function expiredSince(report: PolicyReport | undefined, now: number): Diagnostic[] {
  const today = new Date(now).toISOString().slice(0, 10);
  return (report?.findings ?? []).flatMap(({ waiver, rule, address }): Diagnostic[] =>
    waiver === undefined || waiver.expires >= today
      ? []
      : [
          {
            code: 'waiver-expired',
            severity: 'error',
            message: `${waiver.id} expired on ${waiver.expires}, and the plan was made with it (${rule}, ${address})`,
            help: 'plan again',
          },
        ],
  );
}
