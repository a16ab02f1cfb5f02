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
    const planned = planOf([entry('chat', {}), attached('databricks-*', userLimit(5))], workspace);
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
