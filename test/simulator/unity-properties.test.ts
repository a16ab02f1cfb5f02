// Whatever is asked of services, in whatever order: answers keep their form, reads agree with each other, what is
// refused changes nothing, a snapshot is the whole workspace, and a literal credential is nowhere to be found.
import fc from 'fast-check';
import {
  type Body,
  call,
  LIMIT,
  PAY_PER_TOKEN,
  PROVISIONED,
  SERVICES,
  type ServicePath,
  start,
  stopAll,
  THROUGH_PROVIDER,
  UC,
} from './support';

afterAll(stopAll);

const SECRET = 'sk-literal-credential';
const KINDS = Object.keys(SERVICES) as ServicePath[];
const path = fc.constantFrom(...KINDS);
const name = fc.constantFrom('main.ai.a', 'main.ai.b', 'main.ai.openai', 'system.ai.gpt-5-2');

const destination = fc.oneof(
  fc.constantFrom<Body>(PAY_PER_TOKEN, THROUGH_PROVIDER, {
    name: 'llama',
    destination_type: 'DESTINATION_TYPE_PROVISIONED_THROUGHPUT_FOUNDATION_MODEL',
    provisioned_throughput_config: { model_serving_endpoint: 'serving-endpoints/llama' },
  }),
  fc.integer({ min: 0, max: 100 }).map((traffic_percentage) => ({ ...PAY_PER_TOKEN, traffic_percentage })),
);
const destinations = fc.array(destination, { maxLength: 3 });
const limit = fc.record(
  {
    key: fc.constantFrom('RATE_LIMIT_KEY_SERVICE', 'RATE_LIMIT_KEY_USER', 'RATE_LIMIT_KEY_REQUEST_TAG'),
    principal: fc.constantFrom('x', ''),
    renewal_period: fc.constant(LIMIT.renewal_period),
    requests: fc.constantFrom<unknown>(0, 5, '7', -1, 'many'),
    tokens: fc.integer({ min: 0, max: 9 }),
  },
  { requiredKeys: ['key', 'renewal_period'] },
);
/** Also where no secret belongs: what is refused is logged too. */
const secret = fc.constantFrom<unknown>(
  { plaintext: SECRET },
  { plaintext: SECRET, secret_reference: { name: 'secrets/main.keys.a' } },
  { secret_reference: { name: 'secrets/main.keys.a' } },
  {},
  SECRET,
);
const direct = fc.record(
  {
    base_url: fc.constant('https://llm.example.com'),
    api_key: secret,
    entra_service_principal: secret.map((client_secret) => ({
      tenant_id: 't',
      client_id: 'c',
      client_secret,
    })),
    header_auth: secret.map((api_key_value) => ({ api_key_name: 'X-Key', api_key_value })),
    aws_access_key: secret.map((secret_access_key) => ({ access_key_id: 'A', secret_access_key })),
  },
  { requiredKeys: [] },
);
const config = fc.record(
  {
    routing: fc.record({ destinations, fallback: fc.record({ destinations }) }, { requiredKeys: [] }),
    rate_limits: fc.array(limit, { maxLength: 3 }),
    inference_table: fc.record({
      parent: fc.constantFrom('schemas/main.logs', 'schemas/main.none', 'main.logs'),
      table_name_prefix: fc.constantFrom('', 'x'),
    }),
    service_policies: fc.constantFrom<unknown>(
      [],
      [{ name: 'a', handler: 'h', policy_type: 'POLICY_TYPE_CUSTOM' }],
    ),
    source_connection: fc.record({ name: fc.constantFrom('connections/main.ai.c', 'c') }),
    include_tool_selectors: fc.constantFrom([], ['a', 'b*'], ['*a']),
    provider_type: fc.constantFrom<unknown>(
      { plaintext: SECRET },
      'EXTERNAL_MODEL_PROVIDER_TYPE_OPENAI',
      'EXTERNAL_MODEL_PROVIDER_TYPE_CUSTOM',
    ),
    openai: fc.record({ direct }),
    custom: fc.record({ direct }),
    targets: fc.constantFrom([], [{ model: 'gpt-5', native_api_types: ['openai/v1/responses'] }]),
    allow_all_targets: fc.boolean(),
  },
  { requiredKeys: [] },
);
/** Often a whole one, lest nothing is ever taken. */
const body = (kind: ServicePath) =>
  fc.oneof(
    fc.constant(SERVICES[kind].body),
    config.map((some) => ({ comment: 'x', config: { ...SERVICES[kind].body.config, ...some } })),
    config.map((some) => ({ config: some })),
  );
const mask = fc.constantFrom(
  'comment',
  'config',
  '*',
  'config.routing.destinations',
  'config.routing.fallback.destinations',
  'config.rate_limits',
  'config.inference_table',
  'config.service_policies',
  'config.provider',
  'config.targets',
  'config.source_connection.name',
  'comment,config.rate_limits',
);
const changes = fc.array(
  fc.record(
    {
      principal: fc.constantFrom('x', 'y', ''),
      add: fc.array(fc.constantFrom('EXECUTE', 'MANAGE', 'execute'), { maxLength: 2 }),
      remove: fc.array(fc.constantFrom('EXECUTE', 'MANAGE'), { maxLength: 1 }),
    },
    { requiredKeys: ['principal'] },
  ),
  { maxLength: 2 },
);

type Ask = readonly [method: string, path: string, body?: unknown];
const ask: fc.Arbitrary<Ask> = path.chain((kind) => {
  const { id, list } = SERVICES[kind];
  const at = (one: string, query = '') => `${UC}/${kind}/${one}${query}`;
  return fc.oneof(
    fc.tuple(name, body(kind)).map(([one, sent]): Ask => {
      const [catalog, schema, leaf] = one.split('.');
      return ['POST', `${UC}/${kind}?parent=schemas/${catalog}.${schema}&${id}=${leaf}`, sent];
    }),
    fc
      .tuple(name, mask, body(kind))
      .map(([one, paths, sent]): Ask => ['PATCH', at(one, `?update_mask=${paths}`), sent]),
    fc.tuple(name, changes).map(([one, all]): Ask => {
      return ['PATCH', `${UC}/permissions/${list.slice(0, -1)}/${one}`, { changes: all }];
    }),
    name.map((one): Ask => ['DELETE', at(one)]),
    name.map((one): Ask => ['DELETE', at(one, '?etag=b2xk')]),
    fc.constant<Ask>(['DELETE', '/serving-endpoints/llama']),
    fc.constantFrom(0, 500).map((ms): Ask => ['POST', '/_simulator/clock', { advance_ms: ms }]),
  );
});

const settings = {
  catalogs: ['main.ai', 'main.logs'],
  grant_delay_ms: 500,
  tables_persist: true,
};

test('any run of requests', async () => {
  const simulator = await start();
  const read = async (at: string) => (await call(simulator, 'GET', at)).body;
  const statuses = new Map<number, number>();
  const run = async (asks: readonly Ask[]) => {
    simulator.seed({
      settings,
      serving_endpoints: [{ name: 'llama', config: { served_entities: [PROVISIONED] } }],
      model_provider_services: [{ name: 'main.ai.openai', ...SERVICES['model-provider-services'].body }],
    });
    for (const [method, at, sent] of asks) {
      const before = simulator.snapshot();
      const answer = await call(simulator, method, at, sent);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.status === 200) {
        const written = answer.body.etag !== undefined;
        if (written) expect(JSON.stringify(before)).not.toContain(answer.body.etag);
        if (written) expect(await read(`${UC}/${answer.body.name}`)).toEqual(answer.body);
        continue;
      }
      expect([400, 404, 409]).toContain(answer.status);
      expect(answer.body).toEqual({
        error_code: expect.any(String),
        message: expect.any(String),
        details: expect.any(Array),
      });
      expect(JSON.stringify(answer.body)).not.toContain(SECRET);
      expect(simulator.snapshot()).toEqual(before);
    }
    for (const kind of KINDS) {
      const { list } = SERVICES[kind];
      for (const parent of ['schemas/main.ai', 'schemas/system.ai']) {
        const at = `${UC}/${kind}?parent=${parent}`;
        const full: Body[] = (await read(`${at}&view=FULL`))[list] ?? [];
        const basic: Body[] = (await read(at))[list] ?? [];
        expect(basic.map((one) => one.etag)).toEqual(full.map((one) => one.etag));
        for (const [index, one] of full.entries()) {
          expect(await read(`${UC}/${one.name}`)).toEqual(one);
          expect({ ...one, config: undefined }).toEqual({ ...basic[index], config: undefined });
        }
      }
    }
    const snapshot = simulator.snapshot();
    simulator.seed(snapshot);
    expect(simulator.snapshot()).toEqual(snapshot);
    expect(JSON.stringify([snapshot, simulator.requests])).not.toContain(SECRET);
    simulator.clearRequests();
  };
  await fc.assert(fc.asyncProperty(fc.array(ask, { maxLength: 12 }), run), { numRuns: 200 });
  for (const status of [200, 400, 404, 409]) expect(statuses.get(status)).toBeGreaterThan(20);
}, 60_000);

test('a service that is taken can be written again as it is read, and only its etag moves', async () => {
  const simulator = await start();
  const taken = { count: 0 };
  const property = fc.asyncProperty(
    path.chain((kind) => fc.tuple(fc.constant(kind), body(kind))),
    async ([kind, sent]) => {
      const { id } = SERVICES[kind];
      simulator.seed({
        serving_endpoints: [{ name: 'llama', config: { served_entities: [PROVISIONED] } }],
        model_provider_services: [{ name: 'main.ai.openai', ...SERVICES['model-provider-services'].body }],
      });
      const first = await call(simulator, 'POST', `${UC}/${kind}?parent=schemas/main.ai&${id}=a`, sent);
      if (first.status !== 200) return;
      taken.count++;
      const again = await call(
        simulator,
        'PATCH',
        `${UC}/${first.body.name}?update_mask=comment,config&etag=${encodeURIComponent(first.body.etag)}`,
        first.body,
      );
      expect(again.body).toEqual({ ...first.body, etag: expect.any(String) });
      expect(again.body.etag).not.toBe(first.body.etag);
    },
  );
  await fc.assert(property, { numRuns: 300 });
  expect(taken.count).toBeGreaterThan(50);
}, 60_000);
