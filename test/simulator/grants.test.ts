import { type Body, call, services, start, stopAll, UC } from './support';

afterEach(stopAll);

const NAME = 'main.ai.chat';
const invalid = { status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } };
const TYPES = ['model_service', 'model_provider_service', 'mcp_service'] as const;
const held = (principal: string, ...privileges: string[]) => ({ principal, privileges });

async function workspace(
  settings = {},
  seed: Body = {},
  type: (typeof TYPES)[number] = 'model_service',
  me?: Body,
) {
  const simulator = await start({
    state: { settings, [`${type}s`]: [{ name: NAME, ...seed }], ...(me && { me }) },
  });
  const at = (what: string, query = '') => `${UC}/${what}/${type}/${NAME}${query}`;
  const list = async (query = '') => (await call(simulator, 'GET', at('permissions', query))).body;
  const effective = async () => (await call(simulator, 'GET', at('effective-permissions'))).body;
  const change = (...changes: Body[]) => call(simulator, 'PATCH', at('permissions'), { changes });
  return { simulator, list, effective, change };
}

test.each(TYPES)('%s: none at first, added, removed', async (type) => {
  const { list, change } = await workspace({}, {}, type);
  expect(await list()).toEqual({});
  const added = await change(
    { principal: 'b', add: ['MANAGE', 'EXECUTE'] },
    { principal: 'a', add: ['EXECUTE', 'EXECUTE'] },
  );
  const after = { privilege_assignments: [held('a', 'EXECUTE'), held('b', 'EXECUTE', 'MANAGE')] };
  expect(added).toMatchObject({ status: 200, body: after });
  expect(await list()).toEqual(after);
  const left = await change({ principal: 'b', remove: ['MANAGE', 'READ_METADATA'], add: ['APPLY_TAG'] });
  expect(left.body).toEqual({
    privilege_assignments: [held('a', 'EXECUTE'), held('b', 'APPLY_TAG', 'EXECUTE')],
  });
  await change({ principal: 'a', remove: ['EXECUTE'] }, { principal: 'b', remove: ['APPLY_TAG', 'EXECUTE'] });
  expect(await list()).toEqual({});
});

test('ALL_PRIVILEGES is a privilege of its own: taking it leaves the others', async () => {
  const { change } = await workspace();
  await change({ principal: 'a', add: ['ALL_PRIVILEGES', 'EXECUTE'] });
  const { body } = await change({ principal: 'a', remove: ['ALL_PRIVILEGES'] });
  expect(body).toEqual({ privilege_assignments: [held('a', 'EXECUTE')] });
});

test('words that no client knows yet are taken', async () => {
  const { change } = await workspace();
  expect((await change({ principal: 'a', add: ['CREATE_SERVICE_V2'] })).status).toBe(200);
});

test.each<[string, Body]>([
  ['nobody', { add: ['EXECUTE'] }],
  ['an empty name', { principal: '', add: ['EXECUTE'] }],
  ['the spelling of SQL', { principal: 'a', add: ['READ METADATA'] }],
  ['lower case', { principal: 'a', add: ['execute'] }],
  ['a privilege both ways', { principal: 'a', add: ['EXECUTE'], remove: ['EXECUTE'] }],
  ['a privilege alone', { principal: 'a', add: 'EXECUTE' }],
])('%s is refused, and nothing of the request happens', async (_name, wrong) => {
  const { list, change } = await workspace();
  expect(await change({ principal: 'b', add: ['EXECUTE'] }, wrong)).toMatchObject(invalid);
  expect(await list()).toEqual({});
});

test('what a schema conveys is effective, not listed, and stays', async () => {
  const inherited = { privilege: 'EXECUTE', inherited_from_type: 'SCHEMA', inherited_from_name: 'main.ai' };
  const { list, effective, change } = await workspace(
    {},
    { grants: [held('a', inherited as never, 'MANAGE')] },
  );
  expect(await list()).toEqual({ privilege_assignments: [held('a', 'MANAGE')] });
  const whole = [{ principal: 'a', privileges: [inherited, { privilege: 'MANAGE' }] }];
  expect(await effective()).toEqual({ privilege_assignments: whole });
  await change({ principal: 'a', remove: ['EXECUTE', 'MANAGE'] });
  expect(await list()).toEqual({});
  expect(await effective()).toEqual({ privilege_assignments: [{ principal: 'a', privileges: [inherited] }] });
});

test('a change spreads with the clock, each on its own', async () => {
  const { simulator, list, effective, change } = await workspace({ grant_delay_ms: 120_000 });
  expect((await change({ principal: 'a', add: ['EXECUTE'] })).body).toEqual({
    privilege_assignments: [held('a', 'EXECUTE')],
  });
  simulator.advance(60_000);
  await change({ principal: 'b', add: ['EXECUTE'] });
  expect([await list(), await effective()]).toEqual([{}, {}]);
  simulator.advance(60_000);
  expect(await list()).toEqual({ privilege_assignments: [held('a', 'EXECUTE')] });
  simulator.advance(60_000);
  expect(await list()).toEqual({ privilege_assignments: [held('a', 'EXECUTE'), held('b', 'EXECUTE')] });
});

test('who gives up the right to manage has lost it when that has spread', async () => {
  const me = { user_name: 'bo@example.com', groups: ['users'] };
  const seed = { effective_owner: 'eve@example.com', grants: [held('bo@example.com', 'MANAGE')] };
  const { simulator, change } = await workspace({ grant_delay_ms: 1000 }, seed, 'model_service', me);
  const give = () => change({ principal: 'bo@example.com', remove: ['MANAGE'], add: ['EXECUTE'] });
  expect((await give()).status).toBe(200);
  expect((await give()).status).toBe(200);
  simulator.advance(1000);
  expect(await give()).toMatchObject({ status: 403, body: { error_code: 'PERMISSION_DENIED' } });
  expect((await services(simulator, 'model-services').get(NAME)).status).toBe(200);
});

test('one principal, pages, and an answer left out', async () => {
  const grants = Array.from({ length: 200 }, (_, index) =>
    held(`p${String(index).padStart(3, '0')}`, 'EXECUTE'),
  );
  const { simulator, list } = await workspace({}, { grants });
  expect((await list()).privilege_assignments).toHaveLength(200);
  expect((await list('?principal=p007')).privilege_assignments).toEqual([grants[7]]);
  expect(await list('?principal=none')).toEqual({});
  const first = await list('?max_results=0');
  expect(first.privilege_assignments).toEqual(grants.slice(0, 150));
  const rest = await list(`?max_results=0&page_token=${first.next_page_token}`);
  expect(rest).toEqual({ privilege_assignments: grants.slice(150) });
  for (const wrong of ['10', '-1']) expect((await list(`?max_results=${wrong}`)).error_code).toBeDefined();
  const patch = { changes: [{ principal: 'x', add: ['EXECUTE'] }], omit_permissions_in_response: true };
  const at = `${UC}/permissions/MODEL_SERVICE/${NAME}`;
  expect((await call(simulator, 'PATCH', at, patch)).body).toEqual({});
});

test('a principal that does not exist, a service that does not, a type that is none here', async () => {
  const { simulator, change } = await workspace({ principals: ['a'] });
  expect(await change({ principal: 'b', add: ['EXECUTE'] })).toMatchObject({
    status: 404,
    body: { error_code: 'PRINCIPAL_DOES_NOT_EXIST', message: 'Could not find principal with name b' },
  });
  expect((await change({ principal: 'b', remove: ['EXECUTE'] })).status).toBe(200);
  expect((await change({ principal: 'a', add: ['EXECUTE'] })).status).toBe(200);
  const at = (path: string) => call(simulator, 'GET', `${UC}/permissions/${path}`);
  expect(await at('model_service/main.ai.none')).toMatchObject({
    status: 404,
    body: { error_code: 'RESOURCE_DOES_NOT_EXIST' },
  });
  expect(await at('table/main.ai.chat')).toMatchObject(invalid);
  expect(await at('model_service/model-services/main.ai.chat')).toMatchObject({
    status: 404,
    body: { error_code: 'ENDPOINT_NOT_FOUND' },
  });
});

test('grants leave the etag alone, and lists of them can be read late', async () => {
  const { simulator, list, change } = await workspace({ stale_reads: 1 });
  const { get } = services(simulator, 'model-services');
  const before = (await get(NAME)).body;
  await change({ principal: 'a', add: ['EXECUTE'] });
  expect((await get(NAME)).body).toEqual(before);
  expect(await list()).toEqual({});
  expect(await list()).toEqual({ privilege_assignments: [held('a', 'EXECUTE')] });
});

test('grants go with the service', async () => {
  const { simulator, list, change } = await workspace();
  await change({ principal: 'a', add: ['EXECUTE'] });
  const { create, remove } = services(simulator, 'model-services');
  await remove(NAME);
  await create(NAME);
  expect(await list()).toEqual({});
});
