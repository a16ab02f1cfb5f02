import { type Body, LIMIT, services, start, stopAll } from './support';

afterEach(stopAll);

const NAME = 'main.ai.tickets';
const invalid = { status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } };
const source_connection = { name: 'connections/main.ai.tickets' };

async function workspace(settings = {}, mcp_services?: Body[]) {
  const simulator = await start({ state: { settings, ...(mcp_services && { mcp_services }) } });
  return services(simulator, 'mcp-services');
}

test.each<[string, Body]>([
  ['no connection', {}],
  ['a connection without name', { source_connection: {} }],
  ['a bare connection', { source_connection: { name: 'main.ai.tickets' } }],
  ['a connection of the metastore', { source_connection: { name: 'connections/tickets' } }],
  ['the word of the Beta', { connection: source_connection }],
  ['an empty selector', { source_connection, include_tool_selectors: [''] }],
  ['a star in the middle', { source_connection, include_tool_selectors: ['read_*_all'] }],
  ['a long selector', { source_connection, include_tool_selectors: ['x'.repeat(257)] }],
  [
    'too many',
    { source_connection, include_tool_selectors: Array.from({ length: 1025 }, (_, n) => `t${n}`) },
  ],
  ['a limit without count', { source_connection, rate_limits: [{ ...LIMIT, requests: undefined }] }],
])('create refuses %s', async (_name, config) => {
  const { create } = await workspace();
  expect(await create(NAME, { config })).toMatchObject(invalid);
});

test('the connection must exist where connections are known', async () => {
  const { create, patch } = await workspace({ connections: ['main.ai.tickets'] });
  const other = { source_connection: { name: 'connections/main.ai.other' } };
  expect(await create(NAME, { config: other })).toMatchObject(invalid);
  expect((await create(NAME, { config: { source_connection } })).status).toBe(200);
  expect(await patch(NAME, 'config.source_connection.name', { config: other })).toMatchObject(invalid);
});

test('selectors keep their order; none exposes all', async () => {
  const { create, patch } = await workspace();
  const include_tool_selectors = ['search', 'read_*', '*'];
  const { body } = await create(NAME, { config: { source_connection, include_tool_selectors } });
  expect(body.config).toEqual({ source_connection, include_tool_selectors });
  const mask = 'config.include_tool_selectors';
  const cleared = await patch(NAME, mask, { config: { include_tool_selectors: [] } });
  expect(cleared.body.config).toEqual({ source_connection });
});

test('another connection takes the answers of the former along', async () => {
  const { get, patch, list } = await workspace({}, [
    {
      name: NAME,
      config: { source_connection: { ...source_connection, options: { client_id: 'x' }, is_deleted: true } },
    },
  ]);
  expect((await get(NAME)).body.config.source_connection.options).toEqual({ client_id: 'x' });
  const other = { source_connection: { name: 'connections/main.ai.other' } };
  const { body } = await patch(NAME, 'config.source_connection.name', { config: other });
  expect(body.config).toEqual(other);
  expect((await list()).body.mcp_services[0].config).toEqual({});
});

test('limits on tokens are taken', async () => {
  const { create } = await workspace();
  const rate_limits = [{ ...LIMIT, tokens: 5 }];
  const { body } = await create(NAME, { config: { source_connection, rate_limits } });
  expect(body.config.rate_limits).toEqual(rate_limits);
});

test('what Databricks made takes limits alone', async () => {
  const { patch, remove } = await workspace({}, [{ name: 'system.ai.slack' }]);
  const name = 'system.ai.slack';
  const config = { source_connection, rate_limits: [LIMIT], include_tool_selectors: ['a'] };
  expect((await patch(name, 'config.rate_limits', { config })).status).toBe(200);
  for (const mask of ['config', 'config.include_tool_selectors', 'config.source_connection.name', 'comment'])
    expect(await patch(name, mask, { comment: 'x', config })).toMatchObject(invalid);
  expect(await remove(name)).toMatchObject(invalid);
});
