// Guards: what each refuses, what it says it measured, and that only the named way out opens it.
import type { JsonObject } from '../../src/model/json';
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
    const config = { served_entities: [{ name: 'own', entity_name: 'ml.m.own', entity_version: '1' }] };
    const planned = planOf([entry('chat', { config }), attached('databricks-*', userLimit(5))], workspace);
    expect(planned.plan.changes).toEqual([]);
    expect(refusals(planned).map(([name, guard]) => [name, guard])).toEqual([
      ['chat', 'unseen'],
      ['databricks-gpt', 'unseen'],
    ]);
    expect(planned.plan.notices).toEqual([]);
  });
});

describe('the stamp', () => {
  const stamp = { gatewright_project: 'search-team' };
  test.each([
    ['in tags', { fields: { tags: stamp } }],
    ['in a list', { fields: { tags: [{ key: 'gatewright_project', value: 'search-team' }] } }],
    ['beyond the schema', { preview: { tags: stamp } }],
    ['attached', { preview: { tags: stamp }, manage: 'attach' as const }],
  ])('cannot be declared: %s', (_, more) => {
    const planned = planOf([entry('chat', {}, more)], { live: [live('chat')] });
    expect(refusals(planned).map(([, guard]) => guard)).toEqual(['reserved-stamp']);
  });
});

test('the stamp cannot be declared of what is to be created either', () => {
  const config = {
    served_entities: [{ name: 'own', entity_name: 'ml.models.own', entity_version: '1' }],
  };
  const made = entry('new', { config }, { preview: { tags: { gatewright_project: 'search-team' } } });
  expect(refusals(planOf([made], {})).map(([, guard]) => guard)).toEqual(['reserved-stamp']);
  expect(planOf([entry('new', { config })], {}).plan.changes).toMatchObject([{ action: 'create' }]);
});

describe('a logging table that is on', () => {
  const table = { enabled: true, catalog_name: 'ml', schema_name: 'logs', table_name_prefix: 'chat' };
  const workspace = (enabled: boolean) => ({
    live: [live('chat', { ai_gateway: { inference_table_config: { ...table, enabled } } })],
  });
  const moved = (more: JsonObject) => [
    entry('chat', { ai_gateway: { inference_table_config: { schema_name: 'audit', ...more } } }),
  ];

  test('is moved only where the file says that it is to be on, or off', () => {
    expect(refusals(planOf(moved({}), workspace(true)))).toEqual([
      [
        'chat',
        'undeclared-switch',
        'ai_gateway.inference_table_config.enabled is true and not declared',
        undefined,
      ],
    ]);
    for (const enabled of [true, false])
      expect(refusals(planOf(moved({ enabled }), workspace(true)))).toEqual([]);
  });

  test('that is off moves by itself', () => {
    const { plan } = planOf(moved({}), workspace(false));
    expect(plan.refused).toEqual([]);
    expect(plan.changes.map(({ steps }) => steps.length)).toEqual([1]);
  });
});

describe('the brake', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `e${index}`);
  interface Case {
    readonly of: number;
    readonly loosened: number;
    readonly manage?: 'full' | 'attach' | 'observe';
    readonly stamp?: string | null;
    readonly tightened?: number;
  }
  function braked({ of, loosened, manage = 'full', stamp, tightened = 0 }: Case, more = {}) {
    const wanted = (index: number) => (index < loosened ? 60 : index < loosened + tightened ? 1 : 10);
    return planOf(
      names(of).map((name, index) => entry(name, userLimit(wanted(index)), { manage })),
      { live: names(of).map((name) => live(name, withUserLimit(10), stamp)) },
      more,
    ).plan;
  }

  test.each<[string, Case, number]>([
    ['more than 30 % of ten', { of: 10, loosened: 4 }, 4],
    ['30 % of ten', { of: 10, loosened: 3 }, 0],
    ['all of nine', { of: 9, loosened: 9 }, 0],
    ['attached counts on both sides', { of: 20, loosened: 7, manage: 'attach' }, 7],
    ['attached within the share', { of: 20, loosened: 6, manage: 'attach' }, 0],
    ['tightening does not count', { of: 10, loosened: 3, tightened: 7 }, 0],
    ['adopting does not count', { of: 10, loosened: 10, stamp: null }, 0],
    ['what is observed is not written', { of: 10, loosened: 10, manage: 'observe' }, 0],
  ])('%s', (_, estate, refused) => {
    const plan = braked(estate);
    expect(plan.refused.filter(({ guard }) => guard === 'brake')).toHaveLength(refused);
    expect(plan.changes.length + plan.refused.length + plan.observed.length).toBe(
      estate.loosened + (estate.tightened ?? 0),
    );
  });

  test('says what it measured, and lets pass what is allowed', () => {
    const estate = { of: 12, loosened: 4 };
    expect(braked(estate).refused[0]).toMatchObject({
      measured: '4 of 12 (33.3 %)',
      limit: '30 %',
      action: 'update',
      differences: [{ direction: 'loosens' }],
    });
    expect(braked(estate, { allow: ['brake'] })).toMatchObject({ refused: [], notices: [] });
    expect(braked(estate, { allow: ['brake:e1'] }).changes.map(({ name }) => name)).toEqual(['e1']);
  });

  test('counts what the project manages, not what was selected of it', () => {
    const few = { select: ({ name }: { name: string }) => ['e0', 'e1', 'e2'].includes(name) };
    expect(braked({ of: 12, loosened: 12 }, few).changes).toHaveLength(3);
    const many = { select: ({ name }: { name: string }) => Number(name.slice(1)) < 4 };
    expect(braked({ of: 12, loosened: 12 }, many).refused).toHaveLength(4);
  });
});
