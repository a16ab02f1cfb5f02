import { call, services, start, stopAll, UC } from './support';

afterEach(stopAll);

async function workspace(catalogs?: string[], more = {}) {
  const simulator = await start({ state: { settings: catalogs === undefined ? {} : { catalogs }, ...more } });
  const get = (path: string) => call(simulator, 'GET', `${UC}/${path}`);
  const names = async (path: string, list: string) =>
    (await get(path)).body[list].map((one: { full_name: string }) => one.full_name);
  return { simulator, get, names };
}

test('those that the workspace was told of, and system.ai', async () => {
  const { get, names } = await workspace(['main.logs', 'main.ai', 'ml.x']);
  expect(await names('catalogs', 'catalogs')).toEqual(['main', 'ml', 'system']);
  expect(await names('schemas?catalog_name=main', 'schemas')).toEqual(['main.ai', 'main.logs']);
  expect((await get('catalogs/main')).body).toMatchObject({
    name: 'main',
    catalog_type: 'MANAGED_CATALOG',
    owner: 'ana@example.com',
  });
  expect((await get('schemas/system.ai')).body).toMatchObject({
    name: 'ai',
    catalog_name: 'system',
    full_name: 'system.ai',
    catalog_type: 'SYSTEM_CATALOG',
  });
  for (const [path, error_code] of [
    ['catalogs/none', 'CATALOG_DOES_NOT_EXIST'],
    ['schemas?catalog_name=none', 'CATALOG_DOES_NOT_EXIST'],
    ['schemas/main.none', 'SCHEMA_DOES_NOT_EXIST'],
    ['schemas/none.ai', 'CATALOG_DOES_NOT_EXIST'],
  ] as const)
    expect(await get(path)).toMatchObject({ status: 404, body: { error_code } });
  for (const path of ['schemas', 'schemas/main', 'catalogs/a.b', 'catalogs?max_results=-1'])
    expect(await get(path)).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
});

test('where nothing was said any exists, and those in use are listed', async () => {
  const config = { inference_table: { parent: 'schemas/main.logs' } };
  const { get, names } = await workspace(undefined, { model_services: [{ name: 'main.ai.chat', config }] });
  expect((await get('schemas/any.where')).status).toBe(200);
  expect(await names('catalogs', 'catalogs')).toEqual(['main', 'system']);
  expect(await names('schemas?catalog_name=main', 'schemas')).toEqual(['main.ai', 'main.logs']);
});

test('pages', async () => {
  const { get } = await workspace(Array.from({ length: 120 }, (_, index) => `main.s${index}`));
  const all = (await get('schemas?catalog_name=main')).body;
  expect(all.schemas).toHaveLength(120);
  expect(all).not.toHaveProperty('next_page_token');
  const first = (await get('schemas?catalog_name=main&max_results=0')).body;
  expect(first.schemas).toHaveLength(100);
  const rest = (await get(`schemas?catalog_name=main&max_results=50&page_token=${first.next_page_token}`))
    .body;
  expect([...first.schemas, ...rest.schemas]).toEqual(all.schemas);
});

test('gateway endpoints of the former generation can be read and not written', async () => {
  const seeds = ['b', 'a'].map((name) => ({
    name,
    supported_api_types: ['x'],
    config: { destinations: [] },
  }));
  const { simulator } = await workspace(undefined, { gateway_endpoints_v2: seeds });
  const at = '/api/ai-gateway/v2/endpoints';
  const { body } = await call(simulator, 'GET', at);
  expect(body).toEqual({
    endpoints: ['a', 'b'].map((name) => ({
      name,
      id: expect.any(String),
      created_by: 'ana@example.com',
      config: { destinations: [] },
    })),
  });
  const first = (await call(simulator, 'GET', `${at}?page_size=1`)).body;
  const next = (await call(simulator, 'GET', `${at}?page_size=1&page_token=${first.next_page_token}`)).body;
  expect([...first.endpoints, ...next.endpoints]).toEqual(body.endpoints);
  expect((await call(simulator, 'GET', `${at}/a`)).body.supported_api_types).toEqual(['x']);
  expect((await call(simulator, 'GET', `${at}/none`)).status).toBe(404);
  for (const method of ['POST', 'PATCH', 'DELETE'])
    expect((await call(simulator, method, `${at}/a`, {})).body.error_code).toBe('ENDPOINT_NOT_FOUND');
  const empty = await workspace();
  expect((await call(empty.simulator, 'GET', at)).body).toEqual({ endpoints: [] });
});

test("services need their schema, also when it is the system's", async () => {
  const { simulator } = await workspace(['main.ai']);
  const { list, create } = services(simulator, 'model-services');
  expect((await list({ parent: 'schemas/system.ai' })).body.model_services).toHaveLength(3);
  expect((await create('main.ai.chat')).status).toBe(200);
});
