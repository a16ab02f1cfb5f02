import {
  type Body,
  call,
  EXTERNAL,
  LIMIT,
  PAY_PER_TOKEN,
  PROVIDER,
  PROVISIONED,
  services,
  start,
  stopAll,
  THROUGH_PROVIDER,
  UC,
} from './support';

afterEach(stopAll);

const invalid = { status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } };
const share = (traffic_percentage: unknown, name = `d${traffic_percentage}`) => ({
  ...PAY_PER_TOKEN,
  name,
  traffic_percentage,
});
const THROUGHPUT = {
  name: 'llama',
  destination_type: 'DESTINATION_TYPE_PROVISIONED_THROUGHPUT_FOUNDATION_MODEL',
  provisioned_throughput_config: { model_serving_endpoint: 'serving-endpoints/llama' },
};

async function workspace(settings = {}) {
  const simulator = await start({
    state: {
      settings,
      serving_endpoints: [
        { name: 'llama', config: { served_entities: [PROVISIONED] } },
        { name: 'chat', config: { served_entities: [EXTERNAL] } },
      ],
      model_provider_services: [{ name: 'main.ai.openai', ...PROVIDER }],
    },
  });
  const models = services(simulator, 'model-services');
  const create = (config: Body, name = 'main.ai.chat') => models.create(name, { config });
  const route = (destinations: unknown, fallback?: unknown) =>
    create({
      routing: { destinations, ...(fallback === undefined ? {} : { fallback: { destinations: fallback } }) },
    });
  return { simulator, ...models, create, route };
}

describe('routing', () => {
  test('every type of destination, with what the server adds', async () => {
    const { route } = await workspace();
    const split = [
      { ...PAY_PER_TOKEN, traffic_percentage: 50 },
      { ...THROUGHPUT, traffic_percentage: 30 },
      { ...THROUGH_PROVIDER, traffic_percentage: 20 },
    ];
    const { status, body } = await route(split);
    expect(status).toBe(200);
    expect(body.config.routing.destinations).toEqual([
      split[0],
      {
        ...split[1],
        provisioned_throughput_config: {
          model_serving_endpoint: 'serving-endpoints/llama',
          model: 'system.ai.llama',
        },
      },
      split[2],
    ]);
    expect(body.supported_api_types).toEqual(['mlflow/v1/chat/completions', 'openai/v1/responses']);
  });

  test('a destination may leave its API types to the provider', async () => {
    const { route } = await workspace();
    const { model_provider_service } = THROUGH_PROVIDER.external_model_config;
    const external_model_config = { model_provider_service, target: { model: 'gpt-5' } };
    const { body } = await route([{ ...THROUGH_PROVIDER, external_model_config }]);
    expect(body.config.routing.destinations[0].external_model_config).toEqual(external_model_config);
    expect(body.supported_api_types).toEqual(['openai/v1/chat/completions']);
  });

  test.each([
    ['a single destination says nothing', [PAY_PER_TOKEN]],
    ['a single destination says 100', [share(100)]],
    ['a split of ten', Array.from({ length: 10 }, (_, index) => share(10, `d${index}`))],
    ['a share of nothing', [share(100), share(0)]],
  ])('%s: taken as it is', async (_name, destinations) => {
    const { route, get } = await workspace();
    expect((await route(destinations)).status).toBe(200);
    expect((await get('main.ai.chat')).body.config.routing.destinations).toEqual(destinations);
  });

  test.each<[string, unknown]>([
    ['none', []],
    ['eleven', Array.from({ length: 11 }, (_, index) => share(index === 0 ? 100 : 0, `d${index}`))],
    ['a split without shares', [PAY_PER_TOKEN, { ...PAY_PER_TOKEN, name: 'b' }]],
    ['a share left out', [share(100), { ...PAY_PER_TOKEN, name: 'b' }]],
    ['a sum of 99', [share(50), share(49)]],
    ['a sum of 101', [share(50), share(51)]],
    ['a single one of 90', [share(90)]],
    ['below 0', [share(-1), share(101)]],
    ['a fraction', [share(50.5), share(49.5)]],
    ['a share as text', [share('100')]],
    ['one name twice', [share(50, 'a'), share(50, 'a')]],
    ['an empty name', [{ ...PAY_PER_TOKEN, name: '' }]],
    ['no name', [{ ...PAY_PER_TOKEN, name: undefined }]],
    ['no type', [{ ...PAY_PER_TOKEN, destination_type: undefined }]],
    ['another type', [{ ...PAY_PER_TOKEN, destination_type: 'DESTINATION_TYPE_FOUNDATION_MODEL' }]],
    ['the block of another type', [{ ...THROUGHPUT, destination_type: PAY_PER_TOKEN.destination_type }]],
    ['two blocks', [{ ...THROUGHPUT, ...PAY_PER_TOKEN }]],
    ['no block', [{ name: 'a', destination_type: PAY_PER_TOKEN.destination_type }]],
    ['a bare model', [{ ...PAY_PER_TOKEN, pay_per_token_config: { model: 'system.ai.gpt' } }]],
    ['a model of two parts', [{ ...PAY_PER_TOKEN, pay_per_token_config: { model: 'models/ai.gpt' } }]],
    ['no list', { 0: PAY_PER_TOKEN }],
  ])('refuses %s', async (_name, destinations) => {
    const { route, get } = await workspace();
    expect(await route(destinations)).toMatchObject(invalid);
    expect((await get('main.ai.chat')).status).toBe(404);
  });

  test.each<[string, Body]>([
    ['no routing', {}],
    ['routing without destinations', { routing: {} }],
  ])('create with %s is refused', async (_name, config) => {
    const { create } = await workspace();
    expect(await create(config)).toMatchObject(invalid);
  });

  test('fallbacks keep their order, at most five, without shares', async () => {
    const { route, patch } = await workspace();
    const back = (name: string) => ({ ...PAY_PER_TOKEN, name });
    const five = ['e', 'b', 'd', 'a', 'c'].map(back);
    const { body } = await route([PAY_PER_TOKEN], five);
    expect(body.config.routing.fallback).toEqual({ destinations: five });
    const write = (destinations: unknown) =>
      patch('main.ai.chat', 'config.routing.fallback.destinations', {
        config: { routing: { fallback: { destinations } } },
      });
    expect(await write([...five, back('f')])).toMatchObject(invalid);
    expect(await write([{ ...back('a'), traffic_percentage: 10 }])).toMatchObject(invalid);
    expect(await write([PAY_PER_TOKEN])).toMatchObject(invalid);
    const zero = [{ ...back('a'), traffic_percentage: 0 }];
    expect((await write(zero)).body.config.routing).toEqual({
      destinations: [PAY_PER_TOKEN],
      fallback: { destinations: zero },
    });
    expect((await write([])).body.config.routing).toEqual({ destinations: [PAY_PER_TOKEN] });
  });

  test('destinations alone are replaced by their mask', async () => {
    const { create, patch } = await workspace();
    const back = { ...PAY_PER_TOKEN, name: 'back' };
    await create({
      routing: { destinations: [PAY_PER_TOKEN], fallback: { destinations: [back] } },
      rate_limits: [LIMIT],
    });
    const { body } = await patch('main.ai.chat', 'config.routing.destinations', {
      config: { routing: { destinations: [THROUGHPUT], fallback: { destinations: [] } }, rate_limits: [] },
    });
    expect(body.config).toMatchObject({
      routing: { destinations: [{ name: 'llama' }], fallback: { destinations: [back] } },
      rate_limits: [LIMIT],
    });
    expect(await patch('main.ai.chat', 'config.routing.destinations', { config: {} })).toMatchObject(invalid);
  });

  test.each<[string, Body, string]>([
    [
      'an endpoint that is not there',
      { ...THROUGHPUT, provisioned_throughput_config: { model_serving_endpoint: 'serving-endpoints/none' } },
      "serving endpoint 'none' does not exist",
    ],
    [
      'an endpoint of another sort',
      { ...THROUGHPUT, provisioned_throughput_config: { model_serving_endpoint: 'serving-endpoints/chat' } },
      "serving endpoint 'chat' has no provisioned throughput",
    ],
    [
      'a bare endpoint',
      { ...THROUGHPUT, provisioned_throughput_config: { model_serving_endpoint: 'llama' } },
      'must have the form serving-endpoints/',
    ],
    [
      'a provider that is not there',
      {
        ...THROUGH_PROVIDER,
        external_model_config: {
          ...THROUGH_PROVIDER.external_model_config,
          model_provider_service: 'model-provider-services/main.ai.none',
        },
      },
      "model provider service 'main.ai.none' does not exist",
    ],
    [
      'a model that the provider does not list',
      {
        ...THROUGH_PROVIDER,
        external_model_config: { ...THROUGH_PROVIDER.external_model_config, target: { model: 'gpt-4' } },
      },
      "does not list the model 'gpt-4'",
    ],
    [
      'a route of its own',
      {
        ...THROUGH_PROVIDER,
        external_model_config: {
          ...THROUGH_PROVIDER.external_model_config,
          target: { model: 'gpt-5', endpoint_route: 'chat' },
        },
      },
      'endpoint_route cannot be set',
    ],
  ])('refuses %s', async (_name, destination, message) => {
    const { route } = await workspace();
    const refused = await route([destination]);
    expect(refused).toMatchObject(invalid);
    expect(refused.body.message).toContain(message);
  });

  test('a provider that offers everything need not list the model', async () => {
    const { simulator, route } = await workspace();
    const providers = services(simulator, 'model-provider-services');
    await providers.patch('main.ai.openai', 'config.allow_all_targets', {
      config: { allow_all_targets: true },
    });
    const target = { model: 'gpt-4', native_api_types: ['openai/v1/responses'] };
    const { model_provider_service } = THROUGH_PROVIDER.external_model_config;
    const external_model_config = { model_provider_service, target };
    expect((await route([{ ...THROUGH_PROVIDER, external_model_config }])).status).toBe(200);
  });
});

describe('what a destination led to is deleted', () => {
  test('it is marked, the rest can be written, and the mark goes with new destinations', async () => {
    const { simulator, route, get, patch, list } = await workspace();
    const { body: made } = await route([THROUGHPUT], [THROUGH_PROVIDER]);
    const marks = async () => {
      const { routing } = (await get('main.ai.chat')).body.config;
      return [...routing.destinations, ...routing.fallback.destinations].map((one) => one.is_deleted);
    };
    expect(await marks()).toEqual([undefined, undefined]);
    await services(simulator, 'model-provider-services').remove('main.ai.openai');
    expect(await marks()).toEqual([undefined, true]);
    await call(simulator, 'DELETE', '/serving-endpoints/llama');
    expect(await marks()).toEqual([true, true]);
    expect(
      (await list({ view: 'FULL' })).body.model_services[0].config.routing.destinations[0].is_deleted,
    ).toBe(true);
    expect((await get('main.ai.chat')).body.etag).toBe(made.etag);

    const limited = await patch('main.ai.chat', 'config.rate_limits', { config: { rate_limits: [LIMIT] } });
    expect(limited.status).toBe(200);
    await services(simulator, 'model-provider-services').create('main.ai.openai');
    expect(await marks()).toEqual([true, true]);
    const sent = {
      config: { routing: { fallback: { destinations: [{ ...THROUGH_PROVIDER, is_deleted: true }] } } },
    };
    await patch('main.ai.chat', 'config.routing.fallback.destinations', sent);
    expect(await marks()).toEqual([true, undefined]);
    expect(
      await patch('main.ai.chat', 'config.routing.destinations', {
        config: { routing: { destinations: [THROUGHPUT] } },
      }),
    ).toMatchObject(invalid);
  });
});

describe('rate limits', () => {
  const put = async (rate_limits: unknown) => {
    const { create, patch } = await workspace();
    await create({ routing: { destinations: [PAY_PER_TOKEN] } });
    return patch('main.ai.chat', 'config.rate_limits', { config: { rate_limits } });
  };
  const of = (key: string, principal?: string) => ({
    ...LIMIT,
    key: `RATE_LIMIT_KEY_${key}`,
    ...(principal === undefined ? {} : { principal }),
  });
  const HOUR = { renewal_period: 'RATE_LIMIT_RENEWAL_PERIOD_HOUR' };

  test('every key and period, requests and tokens, in the order sent', async () => {
    const limits = [
      of('USER_GROUP', 'data'),
      { ...of('SERVICE'), ...HOUR, tokens: 0 },
      of('SERVICE'),
      { key: 'RATE_LIMIT_KEY_SERVICE', renewal_period: LIMIT.renewal_period, tokens: 5 },
      of('USER_DEFAULT'),
      of('USER', 'bo@example.com'),
      of('SERVICE_PRINCIPAL', '11111111-2222-3333-4444-555555555555'),
    ];
    const { status, body } = await put(limits);
    expect({ status, limits: body.config.rate_limits }).toEqual({ status: 200, limits });
  });

  test.each<[string, unknown]>([
    ['no count', [{ key: LIMIT.key, renewal_period: LIMIT.renewal_period }]],
    ['a negative count', [{ ...LIMIT, requests: -1 }]],
    ['a fraction', [{ ...LIMIT, requests: 1.5 }]],
    ['words for a count', [{ ...LIMIT, requests: 'many' }]],
    ['no key', [{ ...LIMIT, key: undefined }]],
    ['no period', [{ ...LIMIT, renewal_period: undefined }]],
    ['the words of serving endpoints', [{ key: 'user', renewal_period: 'minute', calls: 1 }]],
    ['a key that did not last', [{ ...LIMIT, key: 'RATE_LIMIT_KEY_REQUEST_TAG' }]],
    ['a service with a principal', [of('SERVICE', 'x')]],
    ['a default with a principal', [of('USER_DEFAULT', 'x')]],
    ['a user without one', [of('USER')]],
    ['a group without one', [of('USER_GROUP', '')]],
    ['a service principal without one', [of('SERVICE_PRINCIPAL')]],
    ['the same twice', [LIMIT, { ...LIMIT, requests: 5 }]],
    ['one that another overlaps', [LIMIT, { ...LIMIT, tokens: 5 }]],
    ['twenty-one', Array.from({ length: 21 }, (_, index) => of('USER', `u${index}`))],
    ['six for groups', Array.from({ length: 6 }, (_, index) => of('USER_GROUP', `g${index}`))],
  ])('refuses %s', async (_name, limits) => {
    expect(await put(limits)).toMatchObject(invalid);
  });

  test('twenty, five of them for groups, are taken', async () => {
    const groups = Array.from({ length: 5 }, (_, index) => of('USER_GROUP', `g${index}`));
    const users = Array.from({ length: 15 }, (_, index) => of('USER', `u${index}`));
    expect((await put([...groups, ...users])).status).toBe(200);
  });

  test('counts are taken as numbers and as digits, and answered as numbers or, if told to, as digits', async () => {
    const sent = [
      { ...LIMIT, requests: '100' },
      { ...LIMIT, ...HOUR, requests: 7, tokens: '0' },
    ];
    for (const int64_as_text of [false, true]) {
      const { create, get, list } = await workspace({ int64_as_text });
      const { body } = await create({ routing: { destinations: [PAY_PER_TOKEN] }, rate_limits: sent });
      const counts = body.config.rate_limits.map((one: Body) => [one.requests, one.tokens]);
      expect(counts).toEqual(
        int64_as_text
          ? [
              ['100', undefined],
              ['7', '0'],
            ]
          : [
              [100, undefined],
              [7, 0],
            ],
      );
      expect((await get('main.ai.chat')).body).toEqual(body);
      const [basic] = (await list()).body.model_services;
      expect(basic.config.rate_limits).toEqual(body.config.rate_limits);
    }
  });
});

describe('the inference table', () => {
  const TABLE = { parent: 'schemas/main.logs', table_name_prefix: 'chat_prod' };
  const withTable = (inference_table: unknown) => ({
    routing: { destinations: [PAY_PER_TOKEN] },
    inference_table,
  });

  test('is named after its prefix, or after the service', async () => {
    const { create } = await workspace();
    expect((await create(withTable(TABLE))).body.config.inference_table).toEqual({
      ...TABLE,
      table: 'tables/main.logs.chat_prod_payload',
    });
    const other = await create(
      withTable({ parent: 'schemas/main.logs', table: 'x', is_deleted: true }),
      'main.ai.two',
    );
    expect(other.body.config.inference_table).toEqual({
      parent: 'schemas/main.logs',
      table: 'tables/main.logs.two_payload',
    });
  });

  test('lies in a schema that exists', async () => {
    const { create } = await workspace({ catalogs: ['main.ai', 'main.logs'] });
    for (const parent of ['schemas/main.none', 'main.logs', 'schemas/main', ''])
      expect(await create(withTable({ parent }))).toMatchObject(invalid);
    expect(await create(withTable({ table_name_prefix: 'x' }))).toMatchObject(invalid);
    expect((await create(withTable(TABLE))).status).toBe(200);
  });

  test('does not move while it is there; off and on again does', async () => {
    const { create, get, patch } = await workspace();
    const put = (inference_table?: unknown) =>
      patch('main.ai.chat', 'config.inference_table', { config: { inference_table } });
    await create(withTable(TABLE));
    for (const moved of [
      { ...TABLE, parent: 'schemas/main.other' },
      { ...TABLE, table_name_prefix: 'other' },
      { parent: TABLE.parent },
    ]) {
      expect(await put(moved)).toMatchObject(invalid);
      expect(await patch('main.ai.chat', 'config', { config: withTable(moved) })).toMatchObject(invalid);
    }
    expect((await put(TABLE)).status).toBe(200);
    expect((await put()).body.config).not.toHaveProperty('inference_table');
    const moved = await put({ parent: 'schemas/main.other' });
    expect(moved.body.config.inference_table.table).toBe('tables/main.other.chat_payload');
    expect((await get('main.ai.chat')).body).toEqual(moved.body);
  });

  test('may stay behind and be in the way', async () => {
    const { simulator, create, remove } = await workspace({ tables_persist: true });
    await create(withTable(TABLE));
    expect(simulator.snapshot().tables).toEqual(['main.logs.chat_prod_payload']);
    expect(await create(withTable(TABLE), 'main.ai.two')).toMatchObject(invalid);
    await remove('main.ai.chat');
    expect(await create(withTable(TABLE), 'main.ai.two')).toMatchObject(invalid);
  });

  test('that was deleted may be replaced', async () => {
    const simulator = await start({
      state: {
        model_services: [
          { name: 'main.ai.chat', config: { inference_table: { ...TABLE, is_deleted: true } } },
        ],
      },
    });
    const { get, patch } = services(simulator, 'model-services');
    expect((await get('main.ai.chat')).body.config.inference_table).toEqual({
      ...TABLE,
      table: 'tables/main.logs.chat_prod_payload',
      is_deleted: true,
    });
    const inference_table = { parent: 'schemas/main.other' };
    const { body } = await patch('main.ai.chat', 'config.inference_table', { config: { inference_table } });
    expect(body.config.inference_table).toEqual({
      ...inference_table,
      table: 'tables/main.other.chat_payload',
    });
  });
});

describe('what Databricks made', () => {
  const NAME = 'system.ai.gpt-5-2';

  test('is there, and everybody may call it', async () => {
    const { simulator, list, get } = await workspace();
    const { model_services } = (await list({ parent: 'schemas/system.ai' })).body;
    expect(model_services.map((one: Body) => one.name)).toEqual([
      'model-services/system.ai.claude-sonnet-4-6',
      'model-services/system.ai.gpt-5-2',
      'model-services/system.ai.gpt-oss-120b',
    ]);
    expect((await get(NAME)).body).toMatchObject({
      effective_owner: 'System user',
      config: {
        routing: {
          destinations: [{ pay_per_token_config: { model: 'models/system.ai.databricks-gpt-5-2' } }],
        },
      },
    });
    expect((await call(simulator, 'GET', `${UC}/permissions/model_service/${NAME}`)).body).toEqual({
      privilege_assignments: [{ principal: 'account users', privileges: ['EXECUTE'] }],
    });
  });

  test('takes limits and an inference table, and nothing else', async () => {
    const { get, patch, remove, create } = await workspace();
    const before = (await get(NAME)).body;
    const config = { routing: before.config.routing, rate_limits: [LIMIT] };
    for (const mask of ['config', 'config.routing.destinations', 'comment', 'config.rate_limits,comment'])
      expect(await patch(NAME, mask, { comment: 'x', config })).toMatchObject(invalid);
    expect(await remove(NAME)).toMatchObject(invalid);
    expect(await create(config, 'system.ai.mine')).toMatchObject(invalid);
    expect((await get(NAME)).body).toEqual(before);

    const inference_table = { parent: 'schemas/main.logs' };
    const done = await patch(NAME, 'config.rate_limits,config.inference_table', {
      config: { rate_limits: [LIMIT], inference_table },
    });
    expect(done.status).toBe(200);
    expect(done.body.config).toMatchObject({ ...before.config, rate_limits: [LIMIT], inference_table });
  });

  test('may refuse with 403', async () => {
    const { remove } = await workspace({ system_refusal: 403 });
    expect(await remove(NAME)).toMatchObject({ status: 403, body: { error_code: 'PERMISSION_DENIED' } });
  });
});

test('orders that mean nothing may differ at every read; fallbacks keep theirs', async () => {
  const destinations = Array.from({ length: 10 }, (_, index) => share(10, `d${index}`));
  const fallback = ['e', 'b', 'd', 'a', 'c'].map((name) => ({ ...PAY_PER_TOKEN, name }));
  const { create, get, list } = await workspace({ shuffle_seed: 1 });
  await create({ routing: { destinations, fallback: { destinations: fallback } } });
  const { routing } = (await get('main.ai.chat')).body.config;
  expect(routing.destinations).not.toEqual(destinations);
  expect([...routing.destinations].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(destinations);
  expect(routing.fallback.destinations).toEqual(fallback);
  expect((await list({ view: 'FULL' })).body.model_services[0].config.routing.fallback).toEqual(
    routing.fallback,
  );
});
