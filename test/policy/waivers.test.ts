// Waivers: exact, dated by an injected day, for one value; whatever is wrong with one is an error that says what.
import type { Waiver } from '../../src/model/policy';
import { activate } from '../../src/policy/active';
import { dateOf, evaluate } from '../../src/policy/evaluate';
import { GPT } from '../../src/policy/examples';
import { judgedFiles } from '../../src/policy/judged';
import { CATALOGUE } from '../../src/policy/packs';
import { applyWaivers, MOST_DAYS } from '../../src/policy/waivers';
import { desiredOf, project } from './judge';

const AT = { file: 'gatewright.policy.yaml', line: 1, column: 1 };
const DAY = 86_400_000;
const TODAY = '2026-11-20';

function run(
  changes: Partial<Waiver>,
  more: {
    enforcement?: 'mandatory';
    today?: string;
    twice?: boolean;
    limit?: string;
    pending?: boolean;
  } = {},
) {
  const today = more.today ?? TODAY;
  const gateway = `ai_gateway: { rate_limits: { endpoint: { calls: 10 }, user: { calls: ${more.limit ?? '20'} } } }`;
  const desired = desiredOf(
    project(`\n  chat:\n    ${GPT}\n    ${gateway}\n  other:\n    ${GPT}\n    ${gateway}`),
  );
  const setting = {
    rule: 'limits-nested',
    at: AT,
    off: false,
    params: {},
    ...(more.enforcement === undefined ? {} : { enforcement: more.enforcement }),
  };
  const policy = activate(
    [{ file: AT.file, extends: [], mode: 'enforce', params: {}, rules: [setting], overrides: [] }],
    CATALOGUE,
  );
  const judged = judgedFiles(desired);
  const { findings } = evaluate({ policy, judged, now: Date.parse(today), phase: 'files' });
  const first = findings.find(({ address }) => address === 'serving_endpoints.chat');
  const waiver: Waiver = {
    id: 'W-1',
    rule: 'limits-nested',
    resource: 'prod/serving_endpoints.chat',
    finding: 'ai_gateway.rate_limits[user].calls',
    category: 'accepted-risk',
    reason: 'Only until the load test is over.',
    ticket: 'SEC-1',
    approvedBy: 'group:ai-security',
    created: '2026-11-01',
    expires: '2026-12-31',
    fingerprint: first?.fingerprint ?? '',
    at: { file: 'gatewright.waivers.yaml', line: 2, column: 5 },
    ...changes,
  };
  const waivers = more.twice === true ? [waiver, { ...waiver, id: 'W-2' }] : [waiver];
  const done = applyWaivers({
    findings,
    waivers: more.pending === true ? [] : waivers,
    pending: more.pending === true ? waivers : [],
    rules: CATALOGUE.rules,
    target: 'prod',
    today,
    judged: new Set(judged.map(({ self }) => self.address)),
    known: new Set(judged.map(({ self }) => self.address)),
  });
  return {
    outcomes: Object.fromEntries(done.findings.map((one) => [one.name, one.outcome])),
    blocks: Object.fromEntries(done.findings.map((one) => [one.name, one.blocks])),
    pending: done.findings.map((one) => one.pending),
    codes: done.diagnostics.map(({ code, severity }) => `${severity} ${code}`),
    fingerprint: first?.fingerprint,
  };
}

test('one finding of one resource is waived, and nobody else', () => {
  expect(run({})).toMatchObject({
    outcomes: { chat: 'waived', other: 'fail' },
    blocks: { chat: false, other: true },
    codes: [],
  });
  expect(run({ rule: 'AIG-LIM-004' }).outcomes.chat).toBe('waived');
  expect(run({ resource: 'serving_endpoints.chat' }).outcomes.chat).toBe('waived');
});

test('in another target it neither holds nor is wrong', () => {
  expect(run({ resource: 'dev/serving_endpoints.chat' })).toMatchObject({
    outcomes: { chat: 'fail' },
    codes: [],
  });
});

test.each<[string, Partial<Waiver>, Parameters<typeof run>[1], string]>([
  ['no such rule', { rule: 'limit-nested' }, {}, 'error waiver-unknown-rule'],
  ['no such resource', { resource: 'serving_endpoints.chta' }, {}, 'error waiver-unknown-resource'],
  ['every resource', { resource: 'serving_endpoints.*' }, {}, 'error waiver-unknown-resource'],
  ['another finding', { finding: 'ai_gateway.rate_limits[user].tokens' }, {}, 'error waiver-unused'],
  ['no finding where there may be several', { finding: '' }, {}, 'error waiver-unused'],
  ['what is mended', {}, { limit: '5' }, 'error waiver-unused'],
  ['a mandatory rule', {}, { enforcement: 'mandatory' }, 'error waiver-of-mandatory'],
  ['another value', { fingerprint: `sha256:${'0'.repeat(64)}` }, {}, 'error waiver-lapsed'],
  ['longer than its severity allows', { expires: '2027-11-01' }, {}, 'error waiver-too-long'],
  ['the day after it expired', {}, { today: '2027-01-01' }, 'error waiver-expired'],
  ['before it was written', {}, { today: '2026-10-31' }, 'error waiver-dates'],
  ['a day that is none', { expires: '2026-02-31' }, {}, 'error waiver-dates'],
  ['the same twice', {}, { twice: true }, 'error waiver-twice'],
])('a waiver for %s is an error', (_, changes, more, code) => {
  const { codes, outcomes } = run(changes, more);
  expect(codes).toEqual([code]);
  if (code !== 'error waiver-twice') expect(Object.values(outcomes)).not.toContain('waived');
});

test('it holds on its last day, and says in time that it will end', () => {
  expect(run({}, { today: '2026-12-31' })).toMatchObject({
    outcomes: { chat: 'waived' },
    codes: ['warning waiver-expires'],
  });
  const last = dateOf(Date.parse('2026-11-01') + MOST_DAYS.medium * DAY);
  expect(run({ expires: last }).codes).toEqual([]);
});

test('a value that changed is another finding', () => {
  const was = run({}).fingerprint ?? '';
  expect(run({ fingerprint: was }, { limit: '30' }).codes).toEqual(['error waiver-lapsed']);
});

test('what is only pending lifts nothing and is shown', () => {
  const { outcomes, pending, codes } = run({}, { pending: true });
  expect(outcomes.chat).toBe('fail');
  expect(pending).toContain('W-1');
  expect(codes).toEqual([]);
});
