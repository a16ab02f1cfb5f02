import type { SeededEndpoint, Settings } from '../../src/simulator';
import { type Body, call, start, stopAll } from './support';

afterEach(stopAll);

const ADMINS = {
  group_name: 'admins',
  all_permissions: [
    { permission_level: 'CAN_MANAGE', inherited: true, inherited_from_object: ['/serving-endpoints'] },
  ],
};
const direct = (who: object, permission_level: string) => ({
  ...who,
  all_permissions: [{ permission_level, inherited: false }],
});
const user = (user_name: string) => ({ user_name, display_name: user_name });

async function workspace(seed: Partial<SeededEndpoint> = {}, settings: Settings = {}) {
  const simulator = await start({
    state: { settings, serving_endpoints: [{ name: 'chat', ...seed }, { name: 'databricks-gpt' }] },
  });
  const { id } = (await call(simulator, 'GET', '/serving-endpoints/chat')).body;
  const ask = (method: string, access_control_list?: unknown, key = id) =>
    call(
      simulator,
      method,
      `/permissions/serving-endpoints/${key}`,
      access_control_list === undefined ? undefined : { access_control_list },
    );
  return { simulator, id, ask };
}

test('the maker may manage, and admins inherit', async () => {
  const { id, ask } = await workspace();
  expect((await ask('GET')).body).toEqual({
    object_id: `/serving-endpoints/${id}`,
    object_type: 'serving-endpoint',
    access_control_list: [direct(user('ana@example.com'), 'CAN_MANAGE'), ADMINS],
  });
});

test('seeded in the form of a request and of an answer', async () => {
  const { ask } = await workspace({
    permissions: [
      { group_name: 'support', permission_level: 'CAN_QUERY' },
      {
        service_principal_name: '11111111-2222-3333-4444-555555555555',
        all_permissions: [
          { permission_level: 'CAN_VIEW', inherited: false },
          { permission_level: 'CAN_QUERY', inherited: true, inherited_from_object: ['/parent'] },
        ],
      },
    ],
  });
  expect((await ask('GET')).body.access_control_list).toEqual([
    direct({ group_name: 'support' }, 'CAN_QUERY'),
    {
      service_principal_name: '11111111-2222-3333-4444-555555555555',
      display_name: '11111111-2222-3333-4444-555555555555',
      all_permissions: [
        { permission_level: 'CAN_VIEW', inherited: false },
        { permission_level: 'CAN_QUERY', inherited: true, inherited_from_object: ['/parent'] },
      ],
    },
  ]);
});

test('PUT replaces what is direct, PATCH sets who is named; what is inherited stays', async () => {
  const { ask } = await workspace();
  const put = await ask('PUT', [
    { group_name: 'a', permission_level: 'CAN_VIEW' },
    { user_name: 'bo@example.com', permission_level: 'CAN_QUERY' },
  ]);
  const after = [
    direct({ group_name: 'a' }, 'CAN_VIEW'),
    direct(user('bo@example.com'), 'CAN_QUERY'),
    ADMINS,
  ];
  expect(put).toMatchObject({ status: 200, body: { access_control_list: after } });
  const patch = await ask('PATCH', [
    { group_name: 'a', permission_level: 'CAN_MANAGE' },
    { group_name: 'c', permission_level: 'CAN_VIEW' },
  ]);
  expect(patch.body.access_control_list).toEqual([
    direct(user('bo@example.com'), 'CAN_QUERY'),
    direct({ group_name: 'a' }, 'CAN_MANAGE'),
    direct({ group_name: 'c' }, 'CAN_VIEW'),
    ADMINS,
  ]);
  expect((await ask('PUT', [])).body.access_control_list).toEqual([ADMINS]);
});

test('the highest level of a principal counts', async () => {
  const { ask } = await workspace();
  const twice = ['CAN_VIEW', 'CAN_MANAGE', 'CAN_QUERY'].map((permission_level) => ({
    group_name: 'a',
    permission_level,
  }));
  expect((await ask('PUT', twice)).body.access_control_list).toEqual([
    direct({ group_name: 'a' }, 'CAN_MANAGE'),
    ADMINS,
  ]);
});

test.each<[string, Body]>([
  ['admins', [{ group_name: 'admins', permission_level: 'CAN_MANAGE' }]],
  ['another level', [{ group_name: 'a', permission_level: 'CAN_RUN' }]],
  ['no level', [{ group_name: 'a' }]],
  ['nobody', [{ permission_level: 'CAN_VIEW' }]],
  ['two at once', [{ group_name: 'a', user_name: 'bo@example.com', permission_level: 'CAN_VIEW' }]],
  ['no list', { group_name: 'a' }],
])('%s is refused', async (_name, list) => {
  const { ask } = await workspace();
  for (const method of ['PUT', 'PATCH']) {
    expect(await ask(method, list)).toMatchObject({
      status: 400,
      body: { error_code: 'INVALID_PARAMETER_VALUE' },
    });
  }
  expect((await ask('GET')).body.access_control_list).toHaveLength(2);
});

test('a name, or the id that an endpoint does not have, is no id', async () => {
  const { ask } = await workspace();
  for (const name of ['chat', 'databricks-gpt', 'null', 'root']) {
    expect(await ask('GET', undefined, name)).toMatchObject({
      status: 400,
      body: {
        error_code: 'INVALID_PARAMETER_VALUE',
        message: `'${name}' is not a valid Inference Endpoint ID.`,
      },
    });
  }
  expect((await ask('GET', undefined, 'f'.repeat(32))).body.error_code).toBe('RESOURCE_DOES_NOT_EXIST');
});

test('the levels there are', async () => {
  const { simulator, id } = await workspace();
  const { body } = await call(simulator, 'GET', `/permissions/serving-endpoints/${id}/permissionLevels`);
  expect(body.permission_levels.map((one: Body) => one.permission_level)).toEqual([
    'CAN_VIEW',
    'CAN_QUERY',
    'CAN_MANAGE',
  ]);
});

test('who gives up the right to manage has lost it', async () => {
  const simulator = await start({
    state: { me: { user_name: 'bo@example.com', groups: ['users'] }, serving_endpoints: [{ name: 'chat' }] },
  });
  const { id, permission_level } = (await call(simulator, 'GET', '/serving-endpoints/chat')).body;
  expect(permission_level).toBe('CAN_MANAGE');
  const path = `/permissions/serving-endpoints/${id}`;
  const list = [{ group_name: 'users', permission_level: 'CAN_VIEW' }];
  expect((await call(simulator, 'PUT', path, { access_control_list: list })).status).toBe(200);
  expect((await call(simulator, 'PUT', path, { access_control_list: [] })).status).toBe(403);
  expect((await call(simulator, 'GET', '/serving-endpoints/chat')).body.permission_level).toBe('CAN_VIEW');
});

test('a workspace may know its principals, or have no lists at all', async () => {
  const known = await workspace({}, { principals: ['a'] });
  expect((await known.ask('PUT', [{ group_name: 'a', permission_level: 'CAN_VIEW' }])).status).toBe(200);
  expect(await known.ask('PUT', [{ group_name: 'b', permission_level: 'CAN_VIEW' }])).toMatchObject({
    status: 404,
    body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'Principal: GroupName(b) does not exist' },
  });
  const none = await workspace({}, { acls_disabled: true });
  expect(await none.ask('GET')).toMatchObject({ status: 404, body: { error_code: 'FEATURE_DISABLED' } });
});

test('lists can be read late', async () => {
  const { ask } = await workspace({}, { stale_reads: 1 });
  await ask('PUT', []);
  expect((await ask('GET')).body.access_control_list).toHaveLength(2);
  expect((await ask('GET')).body.access_control_list).toEqual([ADMINS]);
});
