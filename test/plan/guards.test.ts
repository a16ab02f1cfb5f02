// Guards: what each refuses, what it says it measured, and that only the named way out opens it.
import { attached, entry, live, planOf, userLimit, withUserLimit } from './make';

const refusals = ({ plan }: ReturnType<typeof planOf>) =>
  plan.refused.map(({ name, guard, measured, limit }) => [name, guard, measured, limit]);

describe('allowances', () => {
  const unknown = live('chat', { ai_gateway: { later: { on: true } } });
  test.each(['unknown-member', 'unknown-member:chat'])('%s lifts nothing', (allow) => {
    const planned = planOf([entry('chat', userLimit(5))], { live: [unknown] }, { allow: [allow] });
    expect(refusals(planned)).toEqual([['chat', 'unknown-member', 'ai_gateway.later', undefined]]);
    expect(planned.plan.notices.map(({ code }) => code)).toEqual(['unused-allowance']);
  });

  test('what the platform owns stays so, whatever is allowed', () => {
    const system = live('fm', { id: '', endpoint_type: 'FOUNDATION_MODEL_API' }, null);
    const planned = planOf([entry('fm', userLimit(5))], { live: [system] }, { allow: ['system-owned'] });
    expect(refusals(planned)).toEqual([['fm', 'system-owned', undefined, undefined]]);
  });

  test('one for another name allows nothing and is said', () => {
    const allow = ['takeover:search'];
    const { plan } = planOf([entry('chat', {})], { live: [live('chat', {}, 'other')] }, { allow });
    expect(plan.refused.map(({ guard }) => guard)).toEqual(['takeover']);
    expect(plan.notices).toMatchObject([
      { code: 'unused-allowance', message: expect.stringContaining('takeover:search') },
    ]);
    expect(plan.allowed).toEqual(allow);
  });
});

test('a takeover is refused, also without differences, and adopts when allowed', () => {
  const workspace = { live: [live('chat', {}, 'search-team')] };
  expect(refusals(planOf([entry('chat', {})], workspace))).toEqual([
    ['chat', 'takeover', 'search-team', 'llm-platform'],
  ]);
  const { plan } = planOf([entry('chat', {})], workspace, { allow: ['takeover:chat'] });
  expect(plan.changes).toMatchObject([
    { action: 'adopt', stamp: { live: 'search-team', desired: 'llm-platform' } },
  ]);
  expect(planOf([attached('chat', {})], workspace).plan.refused).toEqual([]);
});

describe('adopt-removes', () => {
  const list = { ai_gateway: { rate_limits: [{ key: 'endpoint', calls: 9 }] } };
  test('counts what goes, not what changes', () => {
    const workspace = { live: [live('chat', withUserLimit(5), null)] };
    expect(refusals(planOf([entry('chat', list)], workspace))).toEqual([
      ['chat', 'adopt-removes', '1 removed', '0'],
    ]);
    expect(refusals(planOf([entry('chat', userLimit(6))], workspace))).toEqual([]);
  });

  test('is about the first time: of what is ours the file decides', () => {
    expect(refusals(planOf([entry('chat', list)], { live: [live('chat', withUserLimit(5))] }))).toEqual([]);
  });
});

describe('what cannot be read', () => {
  test('refuses whatever reaches it, by name and by glob, and is no absence', () => {
    const workspace = { unseen: { 'databricks-gpt': 'answered 403', chat: 'answered 403' } };
    const planned = planOf([entry('chat', {}), attached('databricks-*', userLimit(5))], workspace);
    expect(refusals(planned).map(([name, guard]) => [name, guard])).toEqual([
      ['chat', 'unseen'],
      ['databricks-gpt', 'unseen'],
    ]);
    expect(planned.plan.notices).toEqual([]);
  });
});
