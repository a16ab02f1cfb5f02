// Replaces: what is set aside before the delete, what the new one is given, and every way in which it can go wrong.
import type { SeededEndpoint } from '../../src/simulator';
import { STAMP, Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const PATH = '/api/2.0/serving-endpoints';
const FILE = 'serving_endpoints:\n  fraud: { description: new }\n';
const ALLOWED = ['apply', '--yes', '--allow', 'replace:fraud'];
const old: SeededEndpoint = {
  name: 'fraud',
  description: 'old',
  config: {
    served_entities: [
      { name: 'a', entity_name: 'ml.models.a', entity_version: '7', environment_vars: { MODE: 'x' } },
      { name: 'b', entity_name: 'ml.models.b', entity_version: '1' },
    ],
    traffic_config: {
      routes: [
        { served_entity_name: 'a', traffic_percentage: 90 },
        { served_entity_name: 'b', traffic_percentage: 10 },
      ],
    },
  },
  ai_gateway: {
    rate_limits: [{ key: 'user', calls: 60, renewal_period: 'minute' }],
    inference_table_config: {
      enabled: true,
      catalog_name: 'ml',
      schema_name: 'logs',
      table_name_prefix: 'fraud',
    },
  },
  email_notifications: { on_update_failure: ['ana@example.com'] },
  effective_budget_policy_id: 'policy-1',
  permissions: [
    { user_name: 'ana@example.com', permission_level: 'CAN_MANAGE' },
    { group_name: 'risk', permission_level: 'CAN_QUERY' },
  ],
  tags: [STAMP, { key: 'team', value: 'risk' }],
};

/** What the endpoint is to be in the end, whichever way it got there. */
function expectWhole(): void {
  const found = stage.endpoint('fraud');
  expect(found).toMatchObject({
    description: 'new',
    config: { served_entities: [{ name: 'a', environment_vars: { MODE: 'x' } }, { name: 'b' }] },
    ai_gateway: old.ai_gateway,
    email_notifications: old.email_notifications,
    effective_budget_policy_id: 'policy-1',
    tags: [STAMP, { key: 'team', value: 'risk' }],
  });
  expect(JSON.stringify(found?.permissions)).toContain('"group_name":"risk"');
  expect(Object.keys(stage.files())).toEqual(['gatewright.yaml']);
}

test('the new one has everything that the old one had, in whatever order the workspace answers', async () => {
  stage.set(FILE, { serving_endpoints: [old], settings: { update_duration_ms: 0, shuffle_seed: 7 } });
  const ran = await stage.gatewright(ALLOWED);
  expect({ code: ran.code, out: ran.out }).toEqual({ code: 0, out: ran.out });
  expect(ran.writes.map((one) => one.replace(/[0-9a-f]{32}/, 'ID'))).toEqual([
    `DELETE ${PATH}/fraud`,
    `POST ${PATH}`,
    'PATCH /api/2.0/permissions/serving-endpoints/ID',
  ]);
  expect((await stage.gatewright(['plan', '--detailed-exitcode'])).code).toBe(0);
});

test('something unmanaged that changes between plan and apply stops it before the delete', async () => {
  stage.set(FILE, { serving_endpoints: [old], settings: { update_duration_ms: 0 } });
  expect((await stage.gatewright(['plan', '--allow', 'replace:fraud', '--out', 'plan.json'])).code).toBe(0);
  await stage.byHand('PATCH', `${PATH}/fraud/tags`, { add_tags: [{ key: 'cost', value: '7' }] });
  const ran = await stage.gatewright(['apply', 'plan.json']);
  expect(ran).toMatchObject({ code: 6, writes: [] });
  expect(ran.out).toContain('something that the config does not name changed since the plan');
});

test('a saved plan of a replace goes on where its first run was stopped', async () => {
  stage.set(FILE, { serving_endpoints: [old], settings: { update_duration_ms: 0 } });
  await stage.gatewright(['plan', '--allow', 'replace:fraud', '--out', 'plan.json']);
  const refused = { operation: 'permissions.update', status: 403 };
  const first = await stage.gatewright(['apply', 'plan.json'], { faults: [refused] });
  expect(first.code).toBe(7);
  const second = await stage.gatewright(['apply', 'plan.json']);
  expect({ code: second.code, out: second.out }).toEqual({ code: 0, out: second.out });
  expect(second.writes).toHaveLength(1);
});

test.each([
  ['serving-endpoints.create', 'before its create', false],
  ['permissions.update', 'before its permissions', true],
])(
  'what is refused at %s (%s) is made up for by the next run, without the allowance',
  async (operation, _, made) => {
    stage.set(FILE, { serving_endpoints: [old], settings: { update_duration_ms: 0 } });
    const cut = await stage.gatewright(ALLOWED, { faults: [{ operation, status: 403 }] });
    expect(cut.code).toBe(7);
    expect(stage.endpoint('fraud') !== undefined).toBe(made);
    expect(Object.keys(stage.files())).toContain('.gatewright/journal/serving_endpoints.fraud.json');
    const next = await stage.gatewright(['apply', '--yes']);
    expect({ code: next.code, out: next.out }).toEqual({ code: 0, out: next.out });
    expectWhole();
  },
);

test('what one workspace had is never given to another', async () => {
  stage.set(FILE, { serving_endpoints: [old], settings: { update_duration_ms: 0 } });
  await stage.gatewright(ALLOWED, { faults: [{ operation: 'serving-endpoints.create', status: 403 }] });
  const journal = stage.files()['.gatewright/journal/serving_endpoints.fraud.json'] ?? '';
  for (const other of [
    journal.replace(stage.simulator.url, 'https://other.example.com'),
    journal.replace('"target":""', '"target":"prod"'),
  ]) {
    expect(other).not.toBe(journal);
    stage.file('.gatewright/journal/serving_endpoints.fraud.json', other);
    const plan = await stage.gatewright(['plan']);
    expect(plan.code).toBe(5);
    expect(plan.out).toContain('refused: missing');
  }
});

test('what was set aside is dropped once nothing needs it: the old one is still there, or the new one is whole', async () => {
  stage.set(FILE, { serving_endpoints: [old], settings: { update_duration_ms: 0 } });
  const kept = { operation: 'serving-endpoints.delete', status: 403 };
  expect((await stage.gatewright(ALLOWED, { faults: [kept] })).code).toBe(1);
  expect(Object.keys(stage.files())).toContain('.gatewright/journal/serving_endpoints.fraud.json');
  await stage.byHand('PATCH', `${PATH}/fraud/tags`, { delete_tags: ['team'] });
  stage.file('gatewright.yaml', `project: p\n${FILE.replace('new', 'old')}`);
  const ran = await stage.gatewright(['apply', '--yes']);
  expect(ran).toMatchObject({ code: 0, writes: [] });
  expect(Object.keys(stage.files())).toEqual(['gatewright.yaml']);
  expect(stage.endpoint('fraud')).toMatchObject({ tags: [STAMP] });
});

test('what somebody else has made since is not given the settings of the old one, and the plan says so', async () => {
  stage.set(FILE, { serving_endpoints: [old], settings: { update_duration_ms: 0 } });
  await stage.gatewright(ALLOWED, { faults: [{ operation: 'serving-endpoints.create', status: 403 }] });
  await stage.byHand('POST', PATH, { name: 'fraud', description: 'new', config: old.config });
  const ran = await stage.gatewright(['apply', '--yes']);
  expect(ran).toMatchObject({ code: 0, writes: [`PATCH ${PATH}/fraud/tags`] });
  expect(ran.out).toContain('warning[set-aside-unused]');
});

test('a table that is in the way of the new one stops it with what the workspace says, and running again ends it', async () => {
  stage.set(FILE, { serving_endpoints: [old], settings: { update_duration_ms: 0, tables_persist: true } });
  const ran = await stage.gatewright(ALLOWED);
  expect(ran.code).toBe(7);
  expect(ran.out).toContain('The table\n      ml.logs.fraud_payload stays');
  stage.simulator.seed({ ...stage.simulator.snapshot(), tables: [] });
  expect((await stage.gatewright(['apply', '--yes'])).code).toBe(0);
  expectWhole();
});
