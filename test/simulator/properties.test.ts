// Whatever is asked, in whatever order: answers keep their form, reads agree with each other, a snapshot is the
// whole workspace, and a literal credential is nowhere to be found.
import fc from 'fast-check';
import { type Body, CUSTOM, call, EXTERNAL, PROVISIONED, start, stopAll } from './support';

afterAll(stopAll);

const SECRET = 'sk-literal-credential';
const name = fc.constantFrom('a', 'b', 'databricks-gpt');
const literal = {
  name: 'lit',
  external_model: { ...EXTERNAL.external_model, openai_config: { openai_api_key_plaintext: SECRET } },
};
const config = fc.constantFrom<Body>(
  { served_entities: [EXTERNAL] },
  { served_entities: [literal] },
  { served_entities: [CUSTOM] },
  { served_entities: [PROVISIONED] },
  {
    served_entities: [
      {
        ...EXTERNAL,
        external_model: { ...EXTERNAL.external_model, openai_config: { openai_api_key: SECRET } },
      },
    ],
  },
  {},
);
const limit = fc.record(
  {
    calls: fc.integer({ min: -1, max: 9 }),
    tokens: fc.integer({ min: 0, max: 9 }),
    key: fc.constantFrom('endpoint', 'user', 'user_group', 'team'),
    principal: fc.constantFrom('x', ''),
    renewal_period: fc.constant('minute'),
  },
  { requiredKeys: ['renewal_period'] },
);
const gateway = fc.record(
  {
    fallback_config: fc.record({ enabled: fc.boolean() }),
    guardrails: fc.record({ input: fc.record({ safety: fc.boolean() }) }),
    inference_table_config: fc.record({
      enabled: fc.boolean(),
      catalog_name: fc.constant('main'),
      schema_name: fc.constantFrom('logs', 'other'),
    }),
    rate_limits: fc.array(limit, { maxLength: 3 }),
    usage_tracking_config: fc.record({ enabled: fc.boolean() }),
  },
  { requiredKeys: [] },
);
const grants = fc.array(
  fc.record({
    group_name: fc.constantFrom('x', 'y', 'admins'),
    permission_level: fc.constantFrom('CAN_VIEW', 'CAN_QUERY', 'CAN_MANAGE'),
  }),
  { maxLength: 3 },
);
const tags = fc.record({
  add_tags: fc.array(fc.record({ key: fc.constantFrom('x', 'y', '') }), { maxLength: 2 }),
  delete_tags: fc.array(fc.constantFrom('x', 'y'), { maxLength: 1 }),
});

type Ask = readonly [method: string, path: string, body?: unknown];
const ask: fc.Arbitrary<Ask> = fc.oneof(
  fc.tuple(name, config).map(([n, c]): Ask => ['POST', '/serving-endpoints', { name: n, config: c }]),
  fc.tuple(name, config).map(([n, c]): Ask => ['PUT', `/serving-endpoints/${n}/config`, c]),
  fc.tuple(name, gateway).map(([n, g]): Ask => ['PUT', `/serving-endpoints/${n}/ai-gateway`, g]),
  fc.tuple(name, tags).map(([n, t]): Ask => ['PATCH', `/serving-endpoints/${n}/tags`, t]),
  fc
    .tuple(name, grants)
    .map(([n, g]): Ask => ['PUT', `/permissions/serving-endpoints/{id:${n}}`, { access_control_list: g }]),
  name.map((n): Ask => ['DELETE', `/serving-endpoints/${n}`]),
  fc.constantFrom(0, 500, 1000).map((ms): Ask => ['POST', '/_simulator/clock', { advance_ms: ms }]),
);

test('any run of requests', async () => {
  const simulator = await start();
  const settings = { update_duration_ms: 1000, tables_persist: true };
  const read = async (path: string) => (await call(simulator, 'GET', path)).body;
  const run = async (asks: readonly Ask[]) => {
    simulator.seed({ settings, serving_endpoints: [{ name: 'a' }, { name: 'databricks-gpt' }] });
    for (const [method, path, body] of asks) {
      const named = /\{id:(.*)\}/.exec(path)?.[1];
      const id = named === undefined ? '' : ((await read(`/serving-endpoints/${named}`)).id ?? named);
      const before = simulator.snapshot();
      const answer = await call(simulator, method, path.replace(/\{id:.*\}/, id), body);
      if (answer.status === 200) continue;
      expect([400, 404, 409]).toContain(answer.status);
      expect(answer.body).toEqual({
        error_code: expect.any(String),
        message: expect.any(String),
        details: expect.any(Array),
      });
      expect(simulator.snapshot()).toEqual(before);
    }
    const list: Body[] = (await read('/serving-endpoints')).endpoints;
    for (const item of list) {
      const { config: summary, ...rest } = item;
      const whole = await read(`/serving-endpoints/${item.name}`);
      expect(whole).toMatchObject(rest);
      expect(whole.config === undefined).toBe(summary === undefined);
    }
    const snapshot = simulator.snapshot();
    simulator.seed(snapshot);
    expect(simulator.snapshot()).toEqual(snapshot);
    expect((await read('/serving-endpoints')).endpoints).toEqual(list);
    expect(JSON.stringify([snapshot, simulator.requests])).not.toContain(SECRET);
    simulator.clearRequests();
  };
  await fc.assert(fc.asyncProperty(fc.array(ask, { maxLength: 12 }), run), { numRuns: 150 });
}, 60_000);

test('a gateway block that is taken is what is read, and the same again changes nothing', async () => {
  const simulator = await start({
    state: { serving_endpoints: [{ name: 'a', config: { served_entities: [EXTERNAL] } }] },
  });
  const path = '/serving-endpoints/a/ai-gateway';
  const put = async (body: unknown) => {
    simulator.seed({ serving_endpoints: [{ name: 'a', config: { served_entities: [EXTERNAL] } }] });
    const first = await call(simulator, 'PUT', path, body);
    if (first.status !== 200) return;
    const { body: read } = await call(simulator, 'GET', '/serving-endpoints/a');
    expect(read.ai_gateway ?? {}).toEqual(first.body);
    expect(await call(simulator, 'PUT', path, first.body)).toMatchObject({ status: 200, body: first.body });
    expect((await call(simulator, 'GET', '/serving-endpoints/a')).body).toEqual(read);
  };
  await fc.assert(fc.asyncProperty(gateway, put), { numRuns: 150 });
}, 60_000);
