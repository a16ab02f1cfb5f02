// The watch can fail: runs that pass through a state which is less governed than both ends, and runs that do not.
import type { JsonObject } from '../../src/model/json';
import { Simulator } from '../../src/simulator';
import { type Watch, watched } from './watch';

const LIMIT = (calls: number, more: JsonObject = {}) => ({
  key: 'user',
  calls,
  renewal_period: 'minute',
  ...more,
});
const BLOCK = { guardrails: { input: { pii: { behavior: 'BLOCK' } } } };
const table = (schema_name: string, enabled = true) => ({
  inference_table_config: { enabled, catalog_name: 'ml', schema_name, table_name_prefix: 'chat' },
});
const entity = (name: string) => ({
  name,
  external_model: {
    name,
    provider: 'openai',
    task: 'llm/v1/chat',
    openai_config: { openai_api_key: '{{secrets/a/b}}' },
  },
});
const config = (shares: Readonly<Record<string, number>>) => ({
  served_entities: Object.keys(shares).map(entity),
  traffic_config: {
    routes: Object.entries(shares).map(([served_entity_name, traffic_percentage]) => ({
      served_entity_name,
      traffic_percentage,
    })),
  },
});
const CHAT = { name: 'chat', config: config({ gpt: 100 }) };
const ID = '{id}';

type Write = readonly [method: string, path: string, body?: JsonObject];
const gateway = (body: JsonObject): Write => ['PUT', '/serving-endpoints/chat/ai-gateway', body];
const put = (body: JsonObject): Write => ['PUT', '/serving-endpoints/chat/config', body];
const remove: Write = ['DELETE', '/serving-endpoints/chat'];
const create = (body: JsonObject): Write => ['POST', '/serving-endpoints', { ...CHAT, ...body }];
const rights = (...groups: string[]): Write => [
  'PUT',
  `/permissions/serving-endpoints/${ID}`,
  { access_control_list: groups.map((group_name) => ({ group_name, permission_level: 'CAN_QUERY' })) },
];

let simulator: Simulator;
let watch: Watch;
beforeAll(async () => {
  ({ simulator, watch } = await watched(Simulator.start, { clock: 'manual' }));
});
afterAll(() => simulator.close());

/** What the watch finds in a run of these writes, on an endpoint with these settings. */
async function found(settings: JsonObject, writes: readonly Write[]): Promise<string[]> {
  simulator.seed({
    settings: { update_duration_ms: 1_000 },
    serving_endpoints: [{ ...CHAT, permissions: [], ...settings }],
  });
  watch.begin();
  for (const [method, path, body] of writes) {
    const id = simulator.snapshot().serving_endpoints?.[0]?.id;
    expect({ path, status: await send(method, path.replace(ID, String(id)), body) }).toEqual({
      path,
      status: 200,
    });
    if (!path.endsWith('/config')) continue;
    simulator.advance(1_000);
    await send('GET', '/serving-endpoints/chat');
  }
  return watch.end();
}

async function send(method: string, path: string, body?: JsonObject): Promise<number> {
  const { status } = await fetch(`${simulator.url}/api/2.0${path}`, {
    method,
    headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return status;
}

test.each<[string, JsonObject, Write[], RegExp]>([
  [
    'opens before it tightens',
    { ai_gateway: { rate_limits: [LIMIT(60)] } },
    [gateway({ rate_limits: [LIMIT(600)] }), gateway({ rate_limits: [LIMIT(600)], ...BLOCK })],
    /freer than at both ends: calls of .*; input pii/,
  ],
  [
    'lets go of all limits for a moment',
    { ai_gateway: { rate_limits: [LIMIT(60)] } },
    [gateway({}), gateway({ rate_limits: [LIMIT(30)] })],
    /calls of anybody in no group/,
  ],
  [
    'takes the limit of one before the default comes',
    { ai_gateway: { rate_limits: [LIMIT(5, { principal: 'ana@example.com' })] } },
    [gateway({}), gateway({ rate_limits: [LIMIT(30)] })],
    /calls of user:ana@example.com/,
  ],
  [
    'drops a guardrail that both ends have',
    { ai_gateway: BLOCK },
    [gateway({ rate_limits: [LIMIT(1)] }), gateway({ ...BLOCK, rate_limits: [LIMIT(1)] })],
    /input pii/,
  ],
  [
    'stops logging where the table does not move',
    { ai_gateway: table('logs') },
    [gateway(table('logs', false)), gateway({ ...table('logs'), rate_limits: [LIMIT(1)] })],
    /inference_table_config/,
  ],
  [
    'gives a right before the limit that comes with it',
    {},
    [rights('support'), gateway({ rate_limits: [LIMIT(60)] })],
    /calls of anybody.*; rights of support|rights of support; .*calls of anybody/,
  ],
  [
    'gives a right to somebody who has it at neither end',
    {},
    [rights('support'), rights()],
    /rights of support/,
  ],
  [
    'sends traffic by way of an entity that neither end has',
    {},
    [put(config({ other: 100 })), put(config({ next: 100 }))],
    /reaches what neither end does: entity .*other/,
  ],
  [
    'lets fallback reach an entity before fallback ends',
    { config: config({ gpt: 100, old: 0 }), ai_gateway: { fallback_config: { enabled: true } } },
    [put(config({ gpt: 100, next: 0 })), gateway({})],
    /reaches what neither end does: entity .*next/,
  ],
  [
    'makes an endpoint anew and guards it later',
    { ai_gateway: BLOCK },
    [remove, create({}), gateway(BLOCK)],
    /after POST .* input pii/,
  ],
])('a run that %s is found', async (_, settings, writes, words) => {
  expect((await found(settings, writes)).join('\n')).toMatch(words);
});

test.each<[string, JsonObject, Write[]]>([
  [
    'tightens before it opens',
    { ai_gateway: { rate_limits: [LIMIT(60)] } },
    [gateway({ rate_limits: [LIMIT(60)], ...BLOCK }), gateway({ rate_limits: [LIMIT(600)], ...BLOCK })],
  ],
  [
    'moves a table the only way there is',
    { ai_gateway: table('logs') },
    [gateway(table('logs', false)), gateway(table('audit'))],
  ],
  ['makes an endpoint anew as it was', { ai_gateway: BLOCK }, [remove, create({ ai_gateway: BLOCK })]],
  [
    'ends fallback before the entities change',
    { config: config({ gpt: 100, old: 0 }), ai_gateway: { fallback_config: { enabled: true } } },
    [gateway({}), put(config({ gpt: 100, next: 0 }))],
  ],
  [
    'moves traffic between what tightens and what opens',
    { ai_gateway: { rate_limits: [LIMIT(60)] } },
    [
      gateway({ rate_limits: [LIMIT(60)], ...BLOCK }),
      put(config({ next: 100 })),
      gateway({ rate_limits: [LIMIT(600)], ...BLOCK }),
      rights('support'),
    ],
  ],
])('a run that %s is fine', async (_, settings, writes) => {
  expect(await found(settings, writes)).toEqual([]);
});

test('an update of somebody else that settles meanwhile is not held against us', async () => {
  const now = Date.now();
  simulator.seed({
    serving_endpoints: [
      {
        ...CHAT,
        pending_config: config({ theirs: 100 }),
        state: { ready: 'READY', config_update: 'IN_PROGRESS' },
        _simulator: { settles_at: now },
      },
    ],
  });
  watch.begin();
  simulator.advance(3_600_000);
  await send('GET', '/serving-endpoints');
  expect(watch.end()).toEqual([]);
});
