import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkspaceState } from '../../src/simulator';
import { SERVICES, type ServicePath, services, start, stopAll } from './support';

afterEach(stopAll);

const KINDS = Object.keys(SERVICES) as ServicePath[];

test.each(KINDS)('%s: a name alone is a whole service', async (path) => {
  const { list } = SERVICES[path];
  const bare = await start({ state: { [list]: [{ name: 'main.ai.one' }] } });
  const full = await start({ state: { [list]: [{ name: `${path}/main.ai.one` }] } });
  const [one, other] = [
    await services(bare, path).get('main.ai.one'),
    await services(full, path).get('main.ai.one'),
  ];
  expect(one.body).toEqual(other.body);
  expect(one.body).toMatchObject({
    name: `${path}/main.ai.one`,
    effective_owner: 'ana@example.com',
    create_time: '2026-01-01T00:00:00Z',
    etag: expect.any(String),
    config: expect.any(Object),
  });
});

test('written as GET answers it, with what no client knows, at any level', async () => {
  const seed = {
    name: 'model-services/main.ai.one',
    comment: 'x',
    effective_owner: null,
    create_time: null,
    update_time: '2026-05-01T10:00:00.123Z',
    etag: 'b25l',
    future: { deep: [1] },
    supported_api_types: ['anthropic/v1/messages'],
    config: {
      routing: { destinations: [{ name: 'a', destination_type: 'NEW', is_deleted: true, new: 1 }], new: 1 },
      rate_limits: null,
      new_block: { on: true },
    },
  };
  const simulator = await start({ state: { model_services: [seed] } });
  const { body } = await services(simulator, 'model-services').get('main.ai.one');
  const { effective_owner: _none, create_time: _neither, ...rest } = seed;
  expect(body).toEqual({
    ...rest,
    metastore_id: expect.any(String),
    created_by: 'ana@example.com',
    updated_by: 'ana@example.com',
  });
});

test('a provider is known by its block, a service without config by null', async () => {
  const simulator = await start({
    state: {
      model_provider_services: [{ name: 'main.ai.a', config: { anthropic: { relayed: {} } } }],
      mcp_services: [{ name: 'main.ai.b', config: null }],
    },
  });
  const provider = await services(simulator, 'model-provider-services').get('main.ai.a');
  expect(provider.body.config).toEqual({
    provider_type: 'EXTERNAL_MODEL_PROVIDER_TYPE_ANTHROPIC',
    anthropic: { relayed: {} },
  });
  expect((await services(simulator, 'mcp-services').get('main.ai.b')).body).not.toHaveProperty('config');
});

test('a provider of a type that nobody knows yet can be read, and its block not written', async () => {
  const config = { provider_type: 'EXTERNAL_MODEL_PROVIDER_TYPE_NEW', new_provider: { direct: {} } };
  const simulator = await start({ state: { model_provider_services: [{ name: 'main.ai.a', config }] } });
  const { get, patch } = services(simulator, 'model-provider-services');
  expect((await get('main.ai.a')).body.config).toEqual(config);
  expect((await patch('main.ai.a', 'config.provider', { config })).status).toBe(400);
  expect((await patch('main.ai.a', 'comment', { comment: 'x' })).body.config).toEqual(config);
});

test.each<[WorkspaceState, string]>([
  [{ model_services: [{ name: 'one' }] }, "'one' is not a name of 3 parts"],
  [{ mcp_services: [{ name: 'model-services/main.ai.one' }] }, 'is not a name of 3 parts'],
  [{ mcp_services: [{} as never] }, 'every entry of mcp_services needs a name'],
  [{ gateway_endpoints_v2: [{}] }, 'every entry of gateway_endpoints_v2 needs a name'],
  [{ mcp_services: [{ name: 'main.ai.a' }, { name: 'main.ai.a' }] }, 'main.ai.a is seeded twice'],
  [
    { model_services: [{ name: 'main.ai.a' }], model_provider_services: [{ name: 'main.ai.a' }] },
    'main.ai.a is seeded twice in model-services and model-provider-services',
  ],
  [{ mcp_services: [{ name: 'main.ai.a', grants: [{ principal: 'x' }] }] }, 'a grant names a principal'],
  [{ mcp_services: [{ name: 'main.ai.a', _simulator: { done: true } }] }, 'done is not known here'],
  [{ settings: { grant_delay: 1 } as never }, 'settings.grant_delay is not known here'],
  [{ settings: { empty_list: 'none' as never } }, 'settings.empty_list: "none" is not one of'],
])('a seed that is none is refused, and nothing changes: %j', async (state, message) => {
  const simulator = await start({ state: { model_services: [{ name: 'main.ai.kept' }] } });
  const before = simulator.snapshot();
  expect(() => simulator.seed(state)).toThrow(message);
  expect(simulator.snapshot()).toEqual(before);
});

test('a seed that speaks of model services has those and no others', async () => {
  const simulator = await start({ state: { model_services: [] } });
  expect((await services(simulator, 'model-services').list({ parent: 'schemas/system.ai' })).body).toEqual(
    {},
  );
});

test('the state file is read again, also what was written by hand', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  const stateFile = join(folder, 'state.json');
  try {
    const first = await start({ stateFile });
    const { body: made } = await services(first, 'mcp-services').create('main.ai.one');
    await first.close();
    expect(JSON.parse(readFileSync(stateFile, 'utf8')).mcp_services).toHaveLength(1);
    const second = await start({ stateFile });
    expect((await services(second, 'mcp-services').get('main.ai.one')).body).toEqual(made);
    expect(second.snapshot()).toEqual(JSON.parse(readFileSync(stateFile, 'utf8')));
    expect(second.snapshot().model_services).toHaveLength(3);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('thousands of services are listed whole, each once', async () => {
  const names = Array.from({ length: 5000 }, (_, index) => ({ name: `main.ai.s${index}` }));
  const simulator = await start({ state: { model_services: names } });
  const { list } = services(simulator, 'model-services');
  const seen = new Set<string>();
  let pages = 0;
  for (let page_token = ''; pages === 0 || page_token !== ''; pages++) {
    const { body } = await list({ view: 'FULL', page_token });
    for (const one of body.model_services) seen.add(one.name);
    page_token = body.next_page_token ?? '';
  }
  expect([pages, seen.size]).toEqual([50, 5000]);
});
