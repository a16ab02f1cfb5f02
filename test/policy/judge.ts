// Cases of rules, judged as a run would: files through the loader, changes through a plan from what was there before.
import { loadProject, textSource } from '../../src/config';
import { isObject, type JsonObject } from '../../src/model/json';
import { KEY_CODECS, keyed } from '../../src/model/keys';
import type { Desired, LiveResource } from '../../src/model/resource';
import { liveKey } from '../../src/plan/estate';
import { makePlan } from '../../src/plan/plan';
import type { PolicyFinding } from '../../src/plan/policy-report';
import { type ActivePolicy, activate } from '../../src/policy/active';
import { evaluate } from '../../src/policy/evaluate';
import { judgedFiles, judgedPlan } from '../../src/policy/judged';
import type { Case, Rule } from '../../src/policy/rule';

const NOW = Date.UTC(2026, 10, 20);

export function project(entries: string, section = 'serving_endpoints'): string {
  return `project: p\ntargets: { prod: { host: simulator } }\n${section}:${entries}\n`;
}

export function desiredOf(text: string): Desired {
  const { desired, diagnostics } = loadProject({ source: textSource({ 'gatewright.yaml': text }) });
  if (desired === undefined) throw new Error(JSON.stringify(diagnostics, null, 1));
  return desired;
}

/** One rule alone, with the parameters of a case. */
export function only(rule: Rule, params: Case['params'] = {}): ActivePolicy {
  const at = { file: 'gatewright.policy.yaml', line: 1, column: 1 };
  const written = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, { value: value as never, at }]),
  );
  const setting = { rule: rule.id, at, off: false, params: {} };
  return activate(
    [{ file: at.file, extends: [], mode: 'enforce', params: written, rules: [setting], overrides: [] }],
    { rules: [rule], packs: ['recommended', 'strict'] },
  );
}

/** What an apply of these files would have left. */
export function liveOf(desired: Desired): LiveResource[] {
  return desired.resources.map(({ kind, name, fields }) => {
    const gateway = isObject(fields.ai_gateway) ? fields.ai_gateway : undefined;
    const limits = gateway?.rate_limits;
    const listed = [...keyed(KEY_CODECS.limit, limits).items].flatMap(([key, value]) =>
      KEY_CODECS.limit.entries(key, value),
    );
    const live: JsonObject = {
      ...fields,
      ...(gateway === undefined
        ? {}
        : { ai_gateway: { ...gateway, ...(limits === undefined ? {} : { rate_limits: listed }) } }),
    };
    return {
      kind,
      name,
      id: `id-${name}`,
      sort: 'external',
      fields: live,
      unknownFields: [],
      unknownMembers: [],
      stamp: 'p',
      settling: 'settled',
      systemOwned: false,
      raw: {},
    };
  });
}

export function findingsOf(policy: ActivePolicy, one: Case): readonly PolicyFinding[] {
  const desired = desiredOf(project(one.files, one.section));
  if (one.before === undefined)
    return evaluate({ policy, judged: judgedFiles(desired), now: NOW, phase: 'files' }).findings;
  const live = liveOf(desiredOf(project(one.before)));
  const estate = {
    resources: new Map(live.map((each) => [liveKey(each.kind, each.name), each])),
    absent: new Set<string>(),
    unseen: new Map<string, string>(),
    listed: live,
    notices: [],
  };
  const { plan } = makePlan({
    desired,
    live: estate,
    host: 'simulator',
    tool: 'test',
    now: NOW,
    allow: ['replace', 'adopt-removes'],
  });
  return evaluate({ policy, judged: judgedPlan(desired, estate, plan), now: NOW, phase: 'plan' }).findings;
}
