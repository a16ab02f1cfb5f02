// The README is a contract: its example is a state, its tables name every operation, knob and action.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { SETTINGS } from '../../src/simulator/knobs';
import { ROUTES } from '../../src/simulator/routes';
import { type Body, call, services, start, stopAll, UC } from './support';

afterEach(stopAll);

const README = readFileSync(join(__dirname, '../../src/simulator/README.md'), 'utf8');
const section = (title: string) => README.split(`\n## ${title}\n`)[1]!.split('\n## ')[0]!;
const firstCells = (text: string) => [...text.matchAll(/^\| `([\w.-]+)` +\|/gm)].map((match) => match[1]);

test('every operation, in the order in which paths are tried', () => {
  const rows = [...section('Operations').matchAll(/^\| ([\w.-]+) +\| (\w+) (\/\S+) +\|$/gm)].map((match) =>
    match.slice(1),
  );
  expect(rows).toEqual(ROUTES.map((route) => [route.operation, route.method, route.path]));
});

test('every knob', () => {
  expect(firstCells(section('Knobs'))).toEqual(Object.keys(SETTINGS.fields).sort());
});

test('the example is a state, and what its comments say of it is so', async () => {
  const state = parse(/```yaml\n([\s\S]*?)```/.exec(README)![1]!);
  const simulator = await start({ state });
  const list: Body[] = (await call(simulator, 'GET', '/serving-endpoints')).body.endpoints;
  expect(list).toHaveLength(state.serving_endpoints.length);
  const get = async (name: string) => (await call(simulator, 'GET', `/serving-endpoints/${name}`)).body;
  expect((await get('databricks-gpt')).id).toBeUndefined();
  expect((await get('mas-agent')).config).toEqual({});
  expect((await get('only-served-models')).config.served_entities).toBeUndefined();
  expect((await get('legacy-tables')).config.served_models).toBeUndefined();
  expect((await get('hand-made-without-id')).id).toBeUndefined();
  expect((await get('seen-only')).permission_level).toBe('CAN_VIEW');
  const states = async () => {
    const names = ['rolling-out', 'will-fail', 'never-settles', 'has-failed'];
    return Promise.all(names.map(async (name) => (await get(name)).state.config_update));
  };
  expect(await states()).toEqual(['IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS', 'UPDATE_CANCELED']);
  simulator.advance(120_000);
  expect(await states()).toEqual(['NOT_UPDATING', 'UPDATE_FAILED', 'IN_PROGRESS', 'UPDATE_CANCELED']);
  expect((await get('rolling-out')).config.served_entities[0].entity_version).toBe('4');
});

test('what the example says of services is so', async () => {
  const state = parse(/```yaml\n([\s\S]*?)```/.exec(README)![1]!);
  const simulator = await start({ state: { ...state, me: { ...state.me, groups: ['users'] } } });
  const models = services(simulator, 'model-services');
  const config = async (name: string) => (await models.get(name)).body.config;
  expect((await models.list({ parent: 'schemas/system.ai' })).body.model_services).toHaveLength(1);
  expect((await config('main.ai.bare')).routing.destinations).toHaveLength(1);
  const before = await config('main.ai.chat');
  expect(before.inference_table.table).toBe('tables/main.logs.chat_payload');
  expect(before.service_policies).toHaveLength(1);
  const comment = { comment: 'x' };
  expect((await models.patch('main.ai.chat', 'comment', comment)).body.config).toEqual(before);
  expect((await models.get('main.ai.somebody-elses')).status).toBe(200);
  expect((await models.patch('main.ai.somebody-elses', 'comment', comment)).status).toBe(403);
  const routing = { destinations: before.routing.destinations.slice(0, 1) };
  const whole = await models.patch('main.ai.chat', 'config', { config: { routing } });
  expect(whole.body.config).toEqual({ routing });
  const grants = (await call(simulator, 'GET', `${UC}/permissions/model_service/main.ai.chat`)).body;
  expect(grants.privilege_assignments).toEqual([{ principal: 'support', privileges: ['EXECUTE'] }]);
  const mcp = (await services(simulator, 'mcp-services').get('main.ai.tickets')).body;
  expect(mcp.config.source_connection.name).toBe('connections/main.ai.tickets');
  const v2 = (await call(simulator, 'GET', '/api/ai-gateway/v2/endpoints/databricks-gpt-5')).body;
  expect(v2.supported_api_types).toEqual(['openai/v1/responses']);
});

test.each([
  [{ settings: { stale_read: 1 } }, 'settings.stale_read is not known here'],
  [{ settings: { cleared_gateway: 'gone' } }, 'settings.cleared_gateway: "gone" is not one of'],
  [{ endpoints: [] }, 'endpoints is not known here'],
  [
    { serving_endpoints: [{ name: 'a', _simulator: { outcom: 'UPDATE_FAILED' } }] },
    'outcom is not known here',
  ],
])('a misspelt word is refused: %j', async (state, message) => {
  await expect(start({ state: state as never })).rejects.toThrow(message);
});

test('a misspelt fault is refused', async () => {
  const simulator = await start();
  expect(() => simulator.addFault({ operaton: 'x' } as never)).toThrow('operaton is not known here');
});
