// Services of Unity Catalog from entry to proof: which requests are sent, what they leave alone, and what is done
// when somebody else writes at the same time.
import type { JsonObject } from '../../src/model/json';
import { checkPlan } from '../../src/plan/file';
import {
  entry,
  external,
  limit,
  MCP,
  MODEL,
  only,
  openai,
  PROVIDER,
  payPerToken,
  provisioned,
  removed,
  routed,
  SECRET,
  Services,
  sent,
} from './services';

let services: Services;
beforeAll(async () => {
  services = await Services.open();
});
afterAll(() => services.close());

const SYSTEM = 'system.ai.gpt-5-2';
const CHAT = 'main.ai.chat';
const policy = {
  name: 'jailbreak',
  handler: 'system.ai.block_jailbreak',
  policy_type: 'POLICY_TYPE_BUILTIN',
};
const path = (kind: string, name: string) => `/api/2.1/unity-catalog/${kind}/${name}`;
const attach = { manage: 'attach' } as const;

describe('create', () => {
  test('a provider goes before the model service that routes to it, whatever their order', async () => {
    services.seed({});
    const writes = await services.settle([
      entry(MODEL, CHAT, {
        comment: 'for support',
        config: {
          ...routed(external('gpt', 'main.ai.openai', 'gpt-5')),
          rate_limits: [limit('service', { requests: 9 })],
        },
        grants: [{ principal: 'support', privileges: ['EXECUTE'] }],
      }),
      entry(PROVIDER, 'main.ai.openai', { config: openai() }),
    ]);
    expect(sent(writes)).toEqual([
      [
        'POST',
        'model-provider-services',
        { parent: 'schemas/main.ai', model_provider_service_id: 'openai' },
        { config: openai('gpt-5', { openai: { direct: { api_key: { plaintext: '[redacted]' } } } }) },
      ],
      [
        'POST',
        'model-services',
        { parent: 'schemas/main.ai', model_service_id: 'chat' },
        {
          comment: 'for support',
          config: {
            ...routed(external('gpt', 'main.ai.openai', 'gpt-5')),
            rate_limits: [limit('service', { requests: 9 })],
          },
        },
      ],
      [
        'PATCH',
        `permissions/model_service/${CHAT}`,
        {},
        { changes: [{ principal: 'support', add: ['EXECUTE'] }] },
      ],
    ]);
  });

  test('a model service waits for the serving endpoint that it names, and both kinds are read', async () => {
    services.seed({});
    const { plan, requests } = await services.plan([
      entry(MODEL, CHAT, { config: routed(provisioned('own', 'own-pt')) }),
      entry('serving_endpoints', 'own-pt', {
        config: {
          served_entities: [
            { name: 'e', entity_name: 'system.ai.llama', entity_version: '1', provisioned_model_units: 50 },
          ],
        },
      }),
    ]);
    expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(['GET']));
    const chat = plan.changes.find(({ name }) => name === CHAT);
    expect(chat).toMatchObject({
      action: 'create',
      after: [{ kind: 'serving_endpoints', name: 'own-pt' }],
      direction: 'moves',
    });
    expect(chat?.stamp).toBeUndefined();
    const { results, writes } = await services.apply(plan);
    expect(results.map(({ outcome }) => outcome)).toEqual(['applied', 'applied']);
    expect(writes.map(({ operation }) => operation)).toEqual([
      'serving-endpoints.create-pt',
      'model-services.create',
    ]);
  });

  test('what fails takes along what needs it, whatever its kind', async () => {
    services.seed({ settings: { catalogs: ['main.ai'] } });
    services.simulator.addFault({ operation: 'model-provider-services.create', status: 400 });
    const { plan } = await services.plan([
      entry(MODEL, CHAT, { config: routed(external('gpt', 'main.ai.openai', 'gpt-5')) }),
      entry(PROVIDER, 'main.ai.openai', { config: openai() }),
    ]);
    const { results } = await services.apply(plan);
    expect(results.map(({ subject, outcome, message }) => [subject.name, outcome, message])).toEqual([
      [CHAT, 'not-started', 'it needs main.ai.openai, which is failed'],
      ['main.ai.openai', 'failed', expect.stringContaining('400')],
    ]);
  });

  test('what leads to a provider that is not there is refused, once asked; what may not be seen may be there', async () => {
    services.seed({ model_provider_services: [{ name: 'other.ai.openai', config: openai() }] });
    const led = (provider: string) => [
      entry(MODEL, CHAT, { config: routed(external('gpt', provider, 'gpt-5')) }),
    ];
    const { plan, requests } = await services.plan(led('other.ai.opnai'));
    expect(plan.refused).toMatchObject([
      {
        guard: 'leads-nowhere',
        message: expect.stringContaining('the model provider service "other.ai.opnai"'),
      },
    ]);
    expect(requests.filter((one) => one.path.endsWith('other.ai.opnai'))).toHaveLength(1);
    services.simulator.addFault({ operation: 'model-provider-services.get', status: 403 });
    expect((await services.plan(led('other.ai.opnai'))).plan.refused).toEqual([]);
    await services.settle(led('other.ai.openai'));
    const idle = await services.plan(led('other.ai.openai'));
    expect(idle.requests.filter((one) => one.path.includes('provider'))).toEqual([]);
  });

  test('nothing is created where the list or the service itself cannot be seen', async () => {
    services.seed({ settings: { catalogs: ['main.other'] } });
    const { plan } = await services.plan([entry(MODEL, CHAT, { config: routed(payPerToken('a')) })]);
    expect(plan.changes).toEqual([]);
    expect(plan.refused).toMatchObject([{ guard: 'unseen', name: CHAT }]);
    expect(plan.notices.map(({ code }) => code)).toEqual(['list-refused', 'no-stamp']);
  });

  test('an entry that says too little to make one is told so', async () => {
    services.seed({});
    const { plan } = await services.plan([
      entry(MODEL, CHAT, { config: { rate_limits: [limit('service', { requests: 9 })] } }),
    ]);
    expect(plan.refused).toMatchObject([
      { guard: 'missing', help: expect.stringContaining('config.routing.destinations') },
    ]);
  });
});

describe('what Databricks made', () => {
  const quiet = (requests: number) => ({ config: { rate_limits: { user_default: { requests } } } });
  const glob = (requests: number) => [entry(MODEL, 'system.ai.*', quiet(requests), attach)];

  test('is limited by a mask of the limits alone, and its policies stay', async () => {
    services.seed({
      model_services: [
        {
          name: SYSTEM,
          service_policies: [policy],
          config: { rate_limits: [limit('service', { tokens: 7 })] },
        },
        { name: 'system.ai.claude-sonnet-4-6' },
      ],
    });
    const writes = await services.settle(glob(30));
    const user = limit('user_default', { requests: 30 });
    expect(sent(writes)).toEqual([
      [
        'PATCH',
        'model-services/system.ai.claude-sonnet-4-6',
        { update_mask: 'config.rate_limits' },
        { config: { rate_limits: [user] } },
      ],
      [
        'PATCH',
        `model-services/${SYSTEM}`,
        { update_mask: 'config.rate_limits' },
        { config: { rate_limits: [limit('service', { tokens: 7 }), user] } },
      ],
    ]);
    for (const { query } of writes) expect(query.etag).toMatch(/=$/);
    expect(services.config(MODEL, SYSTEM).service_policies).toEqual([policy]);
  });

  test('is one list and one canary when nothing differs', async () => {
    const { requests, plan } = await services.plan(glob(30));
    expect(plan.changes).toEqual([]);
    expect(requests.map(({ operation, query }) => [operation, query.view ?? null])).toEqual([
      ['serving-endpoints.list', null],
      ['model-services.list', 'FULL'],
      ['model-services.get', null],
    ]);
  });

  test('keeps its routing: the plan refuses what the platform decides', async () => {
    const { plan } = await services.plan([
      entry(MODEL, SYSTEM, { config: routed(payPerToken('a')) }, attach),
    ]);
    expect(plan.refused).toMatchObject([
      { guard: 'system-owned', message: expect.stringContaining('config.routing.destinations') },
    ]);
  });

  test('cannot be managed fully, nor deleted', async () => {
    const full = await services.plan([entry(MODEL, SYSTEM, quiet(5))]);
    expect(full.plan.refused.map(({ guard }) => guard)).toEqual(['system-owned']);
    const gone = await services.plan([], { removed: [removed(MODEL, SYSTEM)] });
    expect(gone.plan.refused.map(({ guard }) => guard)).toEqual(['system-owned']);
  });

  test('beyond a page is found, also behind an empty page', async () => {
    const many = Array.from({ length: 205 }, (_, index) => ({
      name: `main.ai.s${String(index).padStart(3, '0')}`,
    }));
    services.seed({
      model_services: many.map((one, index) =>
        index < 100 ? { ...one, effective_owner: 'eve@example.com' } : one,
      ),
      me: { groups: ['users'] },
    });
    const { plan, requests } = await services.plan([entry(MODEL, 'main.ai.*', quiet(5), attach)]);
    expect(plan.changes).toHaveLength(105);
    expect(requests.filter(({ operation }) => operation === 'model-services.list')).toHaveLength(3);
  });
});

describe('update', () => {
  const two = routed(
    payPerToken('a', { traffic_percentage: 80 }),
    payPerToken('b', { traffic_percentage: 20 }),
  ).routing as JsonObject;

  beforeEach(() =>
    services.seed({
      model_services: [
        {
          name: CHAT,
          comment: 'by hand',
          service_policies: [policy],
          config: {
            routing: two,
            rate_limits: [limit('service', { requests: 100 }), limit('user_default', { tokens: 500 })],
            some_future_config: { enabled: true },
          },
        },
      ],
    }),
  );

  test('of the split and of limits is one request that says nothing else', async () => {
    const before = services.config(MODEL, CHAT);
    const writes = await services.settle([
      entry(MODEL, CHAT, {
        config: {
          routing: { destinations: { a: { traffic_percentage: 50 }, b: { traffic_percentage: 50 } } },
          rate_limits: { service: { requests: 60 }, 'user_default/hour': { requests: 5 } },
        },
      }),
    ]);
    expect(sent(writes)).toEqual([
      [
        'PATCH',
        `model-services/${CHAT}`,
        { update_mask: 'config.routing.destinations,config.rate_limits' },
        {
          config: {
            ...routed(
              payPerToken('a', { traffic_percentage: 50 }),
              payPerToken('b', { traffic_percentage: 50 }),
            ),
            rate_limits: [
              limit('service', { requests: 60 }),
              limit('user_default', { tokens: 500 }),
              limit('user_default', { requests: 5 }, 'HOUR'),
            ],
          },
        },
      ],
    ]);
    const after = services.config(MODEL, CHAT);
    expect(after.service_policies).toEqual(before.service_policies);
    expect(after.some_future_config).toEqual(before.some_future_config);
    expect(services.live(MODEL, CHAT).comment).toBe('by hand');
  });

  test('of a list removes what it does not name; null and an empty list clear', async () => {
    await services.settle([
      entry(MODEL, CHAT, { config: { rate_limits: [limit('service', { tokens: 0 })] } }),
    ]);
    expect(services.config(MODEL, CHAT).rate_limits).toEqual([limit('service', { tokens: 0 })]);
    const writes = await services.settle([
      entry(MODEL, CHAT, { comment: null, config: { rate_limits: null } }),
    ]);
    expect(sent(writes)).toEqual([
      [
        'PATCH',
        `model-services/${CHAT}`,
        { update_mask: 'comment,config.rate_limits' },
        { config: { rate_limits: [] } },
      ],
    ]);
    expect(services.config(MODEL, CHAT).rate_limits).toBeUndefined();
  });

  test('sees what the plan calls it: directions, the masks, an etag yet unknown', async () => {
    const { plan } = await services.plan([
      entry(MODEL, CHAT, {
        config: {
          rate_limits: { service: { requests: 200 } },
          inference_table: { parent: 'schemas/main.logs' },
        },
      }),
    ]);
    const { differences, steps, direction } = only(plan);
    expect(differences.map((one) => [one.path, one.live, one.desired, one.direction])).toEqual([
      ['config.rate_limits[service].requests', 100, 200, 'loosens'],
      ['config.inference_table.parent', null, 'schemas/main.logs', 'tightens'],
    ]);
    expect(direction).toBe('loosens');
    expect(steps.map((step) => step.path)).toEqual([
      `${path('model-services', CHAT)}?update_mask=config.rate_limits,config.inference_table&etag={etag:${CHAT}}`,
    ]);
    expect(plan.preserved.map((one) => one.path)).toEqual([
      'config.rate_limits[user_default]',
      'config.routing',
      'config.some_future_config',
      'config.service_policies',
    ]);
    expect(plan.notices.map(({ code }) => code)).toEqual(['no-stamp']);
  });

  test('of the order of fallbacks alone is a change, of primary destinations none', async () => {
    const list = [payPerToken('x'), payPerToken('y'), payPerToken('z')];
    const [x, y, z] = list as [JsonObject, JsonObject, JsonObject];
    const fallback = (...destinations: JsonObject[]) =>
      entry(MODEL, CHAT, { config: { routing: { fallback: { destinations } } } });
    await services.settle([fallback(x, y)]);
    const writes = await services.settle([fallback(z, y, x)]);
    expect(sent(writes)).toMatchObject([
      [
        'PATCH',
        `model-services/${CHAT}`,
        { update_mask: 'config.routing.fallback.destinations' },
        { config: { routing: { fallback: { destinations: [z, y, x] } } } },
      ],
    ]);
    const { plan } = await services.plan([fallback(x, y, z)]);
    expect(only(plan).differences).toMatchObject([
      {
        path: 'config.routing.fallback.destinations[]',
        live: ['z', 'y', 'x'],
        desired: ['x', 'y', 'z'],
        direction: 'moves',
      },
    ]);
    const [a, b] = two.destinations as JsonObject[];
    const swapped = await services.plan([entry(MODEL, CHAT, { config: routed(b!, a!) })]);
    expect(swapped.plan.changes).toEqual([]);
    await services.settle([entry(MODEL, CHAT, { config: { routing: { fallback: null } } })]);
    expect(services.config(MODEL, CHAT).routing).toEqual(two);
  });

  test('to another type of destination takes the block of the former away', async () => {
    services.seed({
      model_services: [{ name: CHAT, config: routed(payPerToken('a')) }],
      model_provider_services: [{ name: 'main.ai.openai' }],
    });
    const writes = await services.settle([
      entry(MODEL, CHAT, { config: routed(external('a', 'main.ai.openai', 'gpt-5')) }),
    ]);
    expect(sent(writes)).toMatchObject([
      [
        'PATCH',
        expect.anything(),
        expect.anything(),
        { config: routed(external('a', 'main.ai.openai', 'gpt-5')) },
      ],
    ]);
  });

  test('refuses a split that does not add up, and a service without destinations', async () => {
    const split = await services.plan([
      entry(MODEL, CHAT, { config: { routing: { destinations: { a: { traffic_percentage: 50 } } } } }),
    ]);
    expect(split.plan.refused).toMatchObject([
      { guard: 'split-sum', message: expect.stringContaining('70') },
    ]);
    const none = await services.plan([
      entry(MODEL, CHAT, { config: { routing: { destinations: { a: null, b: null } } } }),
    ]);
    expect(none.plan.refused).toMatchObject([{ guard: 'no-destination' }]);
  });

  test('refuses to drop what it does not know, but only where the list around it is replaced', async () => {
    services.seed({
      model_services: [
        {
          name: CHAT,
          config: { routing: two, rate_limits: [{ ...limit('service', { requests: 9 }), burst: 3 }] },
        },
      ],
    });
    const limits = { rate_limits: { service: { requests: 5 } } };
    const { plan } = await services.plan([entry(MODEL, CHAT, { config: limits })]);
    expect(plan.refused).toMatchObject([{ guard: 'unknown-member', measured: 'config.rate_limits[].burst' }]);
    await services.settle([entry(MODEL, CHAT, { comment: 'new' })]);
  });

  test('never says what no mask can say', async () => {
    const preview = { config: { service_policies: [] } };
    const { plan } = await services.plan([entry(MODEL, CHAT, { comment: 'new' }, { preview })]);
    expect(plan.refused).toMatchObject([
      { guard: 'no-mask', message: expect.stringContaining('config.service_policies') },
    ]);
  });

  test('of an inference table that moves is refused, also by its prefix, and goes in two changes', async () => {
    const at = (parent: string, more: JsonObject = {}) =>
      entry(MODEL, CHAT, { config: { inference_table: { parent, ...more } } });
    await services.settle([at('schemas/main.logs')]);
    for (const moved of [at('schemas/main.audit'), at('schemas/main.logs', { table_name_prefix: 'other' })]) {
      expect((await services.plan([moved])).plan.refused).toMatchObject([{ guard: 'table-moves' }]);
    }
    const same = await services.plan([at('schemas/main.logs', { table_name_prefix: 'chat' })]);
    expect(same.plan.changes).toEqual([]);
    const off = await services.plan([entry(MODEL, CHAT, { config: { inference_table: null } })]);
    expect(only(off.plan).direction).toBe('loosens');
    await services.settle([entry(MODEL, CHAT, { config: { inference_table: null } })]);
    await services.settle([at('schemas/main.audit')]);
  });

  test('reads counts that come as digits, and limits that stand as two entries', async () => {
    const entries = [limit('service', { requests: 60 }), limit('service', { tokens: 700 })];
    services.seed({
      settings: { int64_as_text: true, shuffle_seed: 7 },
      model_services: [{ name: CHAT, config: { routing: two, rate_limits: entries } }],
    });
    const { plan } = await services.plan([
      entry(MODEL, CHAT, { config: { rate_limits: [limit('service', { requests: 60, tokens: 700 })] } }),
    ]);
    expect(plan.changes).toEqual([]);
  });
});

describe('an etag that has moved between reading and writing', () => {
  const wanted = [entry(MODEL, CHAT, { config: { rate_limits: { service: { requests: 60 } } } })];
  const patch = (mask: string, config: JsonObject) =>
    services.byHand('PATCH', `${path('model-services', CHAT)}?update_mask=${mask}`, { config });
  const byPolicy = () => patch('config.service_policies', { service_policies: [policy] });
  const byLimit = (requests: number) =>
    patch('config.rate_limits', { rate_limits: [limit('service', { requests })] });

  describe.each([409, 412, 400] as const)('answered %i', (status) => {
    beforeEach(() =>
      services.seed({
        settings: { etag_refusal: status },
        model_services: [{ name: CHAT, config: { rate_limits: [limit('service', { requests: 100 })] } }],
      }),
    );

    test('by a policy: goes on, and the policy stays', async () => {
      const { plan } = await services.plan(wanted);
      const { results, writes } = await services.apply(plan, async (_, write) => {
        if (write === 1) await byPolicy();
      });
      expect(results).toMatchObject([{ outcome: 'applied' }]);
      const ours = writes.filter(({ query }) => query.etag !== undefined);
      expect(ours.map((one) => one.status)).toEqual([status, 200]);
      expect(services.config(MODEL, CHAT)).toMatchObject({
        service_policies: [policy],
        rate_limits: [limit('service', { requests: 60 })],
      });
    });

    test('by the limit itself: stale, and what somebody else set stays', async () => {
      const { plan } = await services.plan(wanted);
      const { results } = await services.apply(plan, async (_, write) => {
        if (write === 1) await byLimit(77);
      });
      expect(results).toMatchObject([
        {
          outcome: 'stale',
          fields: [{ path: 'config.rate_limits[service].requests', expected: '100', found: '77' }],
        },
      ]);
      expect(services.config(MODEL, CHAT).rate_limits).toEqual([limit('service', { requests: 77 })]);
    });

    test('by the same limit: nothing is left to do', async () => {
      const { plan } = await services.plan(wanted);
      const { results } = await services.apply(plan, async (_, write) => {
        if (write === 1) await byLimit(60);
      });
      expect(results).toMatchObject([{ outcome: 'already' }]);
    });

    test('each time: given up after the second', async () => {
      const { plan } = await services.plan(wanted);
      const { results, writes } = await services.apply(plan, byPolicy);
      expect(results).toMatchObject([{ outcome: status === 400 ? 'failed' : 'stale' }]);
      expect(writes.filter(({ query }) => query.etag !== undefined)).toHaveLength(2);
    });
  });

  test('a lost answer is read back, and not written again', async () => {
    services.seed({ model_services: [{ name: CHAT }] });
    const { plan } = await services.plan(wanted);
    services.simulator.addFault({ operation: 'model-services.patch', when: 'after', action: 'reset' });
    const { results, writes } = await services.apply(plan);
    expect(results).toHaveLength(1);
    expect(['applied', 'already']).toContain(results[0]?.outcome);
    expect(writes.map(({ status }) => status)).toEqual([null, 409]);
  });

  test('a plan whose limit moved before it is applied is stale and writes nothing', async () => {
    services.seed({ model_services: [{ name: CHAT }] });
    const { plan } = await services.plan(wanted);
    await byLimit(5);
    const { results, writes } = await services.apply(plan);
    expect(results).toMatchObject([{ outcome: 'stale' }]);
    expect(writes).toEqual([]);
  });
});

describe('grants', () => {
  const held = (name = CHAT) =>
    Object.fromEntries(
      ((services.live(MODEL, name).grants ?? []) as JsonObject[]).map(({ principal, privileges }) => [
        principal,
        (privileges as JsonObject[]).map(({ privilege }) => privilege),
      ]),
    );
  beforeEach(() =>
    services.seed({
      model_services: [
        {
          name: CHAT,
          grants: [
            { principal: 'support', privileges: ['EXECUTE', 'MANAGE'] },
            { principal: 'ops', privileges: ['EXECUTE'] },
            {
              principal: 'everyone',
              privileges: [
                { privilege: 'EXECUTE', inherited_from_type: 'SCHEMA', inherited_from_name: 'main.ai' },
              ],
            },
          ],
        },
      ],
    }),
  );

  test('are widened and narrowed: what goes first, what comes last, what a schema conveys stays', async () => {
    const list = [
      { principal: 'support', privileges: ['EXECUTE'] },
      { principal: 'data-science', privileges: ['EXECUTE', 'READ_METADATA'] },
    ];
    const { plan } = await services.plan([entry(MODEL, CHAT, { grants: list })]);
    expect(only(plan).differences.map((one) => [one.path, one.live, one.desired, one.direction])).toEqual([
      ['grants[support]', ['EXECUTE', 'MANAGE'], ['EXECUTE'], 'tightens'],
      ['grants[data-science]', null, ['EXECUTE', 'READ_METADATA'], 'loosens'],
      ['grants[ops]', ['EXECUTE'], null, 'tightens'],
    ]);
    const writes = await services.settle([entry(MODEL, CHAT, { grants: list })]);
    expect(sent(writes)).toEqual([
      [
        'PATCH',
        `permissions/model_service/${CHAT}`,
        {},
        {
          changes: [
            { principal: 'support', remove: ['MANAGE'] },
            { principal: 'ops', remove: ['EXECUTE'] },
          ],
        },
      ],
      [
        'PATCH',
        `permissions/model_service/${CHAT}`,
        {},
        { changes: [{ principal: 'data-science', add: ['EXECUTE', 'READ_METADATA'] }] },
      ],
    ]);
    expect(held()).toEqual({
      everyone: ['EXECUTE'],
      support: ['EXECUTE'],
      'data-science': ['EXECUTE', 'READ_METADATA'],
    });
  });

  test('of a map are those principals alone', async () => {
    await services.settle([entry(MODEL, CHAT, { grants: { ops: null, dev: ['EXECUTE'] } })]);
    expect(held()).toEqual({ everyone: ['EXECUTE'], support: ['EXECUTE', 'MANAGE'], dev: ['EXECUTE'] });
  });

  test('of what somebody else made are added to, also by a list', async () => {
    const list = [{ principal: 'dev', privileges: ['EXECUTE'] }];
    await services.settle([entry(MODEL, CHAT, { grants: list }, attach)]);
    expect(held()).toEqual({
      everyone: ['EXECUTE'],
      support: ['EXECUTE', 'MANAGE'],
      ops: ['EXECUTE'],
      dev: ['EXECUTE'],
    });
  });

  test('that take minutes to spread are waited for', async () => {
    services.simulator.seed({
      ...services.simulator.snapshot(),
      settings: { grant_delay_ms: 4 * 60_000 },
    });
    const before = services.clock.now();
    await services.settle([entry(MODEL, CHAT, { grants: { dev: ['EXECUTE'] } })]);
    expect(services.clock.now() - before).toBeGreaterThanOrEqual(4 * 60_000);
  });

  test('of whoever runs this are kept when a list leaves them out, and not taken when it says so', async () => {
    const me = 'ana@example.com';
    services.seed({
      me: { groups: ['users'] },
      model_services: [
        {
          name: CHAT,
          effective_owner: 'eve@example.com',
          grants: [{ principal: me, privileges: ['MANAGE'] }],
        },
      ],
    });
    const left = await services.plan([
      entry(MODEL, CHAT, { grants: [{ principal: 'ops', privileges: ['EXECUTE'] }] }),
    ]);
    expect(left.plan.suppressed.map((one) => one.path)).toEqual([`grants[${me}]`]);
    expect(only(left.plan).differences.map((one) => one.path)).toEqual(['grants[ops]']);
    const taken = await services.plan([entry(MODEL, CHAT, { grants: { [me]: ['EXECUTE'] } })]);
    expect(taken.plan.refused.map(({ guard }) => guard)).toEqual(['lock-out']);
    await services.settle([entry(MODEL, CHAT, { grants: [{ principal: 'ops', privileges: ['EXECUTE'] }] })]);
    expect(held()).toEqual({ [me]: ['MANAGE'], ops: ['EXECUTE'] });
  });
});

describe('providers', () => {
  const NAME = 'main.ai.openai';
  test('keep their credential: it is sent when they are made, and not again', async () => {
    services.seed({});
    await services.settle([entry(PROVIDER, NAME, { config: openai() })]);
    const moved = entry(PROVIDER, NAME, {
      config: openai('gpt-5', {
        openai: {
          direct: { api_key: { plaintext: '${env.OPENAI_KEY}' }, base_url: 'https://eu.example.com' },
        },
        forward_headers: true,
      }),
    });
    const { plan } = await services.plan([moved]);
    expect(plan.unverifiable.map((one) => one.path)).toEqual(['config.openai.direct.api_key.plaintext']);
    expect(only(plan).differences.map((one) => [one.path, one.direction])).toEqual([
      ['config.openai.direct.base_url', 'moves'],
      ['config.forward_headers', 'loosens'],
    ]);
    const writes = await services.settle([moved]);
    expect(sent(writes)).toEqual([
      [
        'PATCH',
        `model-provider-services/${NAME}`,
        { update_mask: 'config.provider,config.forward_headers' },
        { config: { openai: { direct: { base_url: 'https://eu.example.com' } }, forward_headers: true } },
      ],
    ]);
    expect(services.config(PROVIDER, NAME).openai).toEqual({
      direct: { api_key: {}, base_url: 'https://eu.example.com' },
    });
    expect(JSON.stringify(plan)).not.toContain(SECRET);
  });

  test('are given another credential when the way to sign in changes, as reference or as text', async () => {
    services.seed({ model_provider_services: [{ name: NAME, config: openai() }] });
    const reference = { api_key: { secret_reference: { name: 'secrets/main.ai.key' } } };
    const signed = (direct: JsonObject) => entry(PROVIDER, NAME, { config: { openai: { direct } } });
    const first = await services.settle([signed(reference)]);
    expect(sent(first)).toEqual([
      [
        'PATCH',
        `model-provider-services/${NAME}`,
        { update_mask: 'config.provider' },
        { config: { openai: { direct: reference } } },
      ],
    ]);
    const second = await services.settle([signed({ api_key: { plaintext: '${env.OPENAI_KEY}' } })]);
    expect(sent(second)).toMatchObject([
      [
        'PATCH',
        expect.anything(),
        {},
        { config: { openai: { direct: { api_key: { plaintext: '[redacted]' } } } } },
      ],
    ]);
  });

  test('are sent their credential again when that is asked for by name, once for each time', async () => {
    services.seed({ model_provider_services: [{ name: NAME, config: openai() }] });
    const signed = [entry(PROVIDER, NAME, { config: openai() })];
    expect((await services.plan(signed)).plan.changes).toEqual([]);
    for (const name of [NAME, `${PROVIDER}.${NAME}`]) {
      const { plan } = await services.plan(signed, { rotate: [name] });
      expect(only(plan).differences).toMatchObject([
        { path: 'config.openai.direct.api_key.plaintext', desired: '${env.OPENAI_KEY}', again: true },
      ]);
      expect(plan.unverifiable).toEqual([]);
      expect(checkPlan(JSON.parse(JSON.stringify(plan)))).toBeUndefined();
      const { results, writes } = await services.apply(plan);
      expect(results.map(({ outcome }) => outcome)).toEqual(['applied']);
      expect(sent(writes)).toEqual([
        [
          'PATCH',
          `model-provider-services/${NAME}`,
          { update_mask: 'config.provider' },
          { config: { openai: { direct: { api_key: { plaintext: '[redacted]' } } } } },
        ],
      ]);
    }
    expect((await services.plan(signed)).plan.changes).toEqual([]);
    const other = await services.plan(signed, { rotate: ['main.ai.other'] });
    expect(other.plan.changes).toEqual([]);
  });

  test('are sent their credential again when the files refer to another one than the base did', async () => {
    services.seed({ model_provider_services: [{ name: NAME, config: openai() }] });
    const keyed = (plaintext: string) => [
      entry(PROVIDER, NAME, { config: openai('gpt-5', { openai: { direct: { api_key: { plaintext } } } }) }),
    ];
    const from = (plaintext: string) => ({
      base: {
        name: 'deployed',
        desired: { project: 'p', target: '', protect: false, resources: keyed(plaintext), removed: [] },
      },
    });
    const same = await services.plan(keyed('${env.OPENAI_KEY}'), from('${env.OPENAI_KEY}'));
    expect(same.plan.changes).toEqual([]);
    const { plan } = await services.plan(keyed('${env.NEW_KEY}'), from('${env.OPENAI_KEY}'));
    expect(only(plan).differences).toMatchObject([
      { desired: '${env.NEW_KEY}', again: true, origin: 'intent', base: '${env.OPENAI_KEY}' },
    ]);
  });

  test('that only refer to a secret have nothing to send again, and say so', async () => {
    const direct = { api_key: { secret_reference: { name: 'secrets/main.ai.key' } } };
    services.seed({
      model_provider_services: [{ name: NAME, config: openai('gpt-5', { openai: { direct } }) }],
    });
    const { plan } = await services.plan([entry(PROVIDER, NAME, { config: { openai: { direct } } })], {
      rotate: [NAME],
    });
    expect(plan.changes).toEqual([]);
    expect(plan.notices).toContainEqual(expect.objectContaining({ code: 'nothing-to-rotate' }));
  });

  test('whose rotation was cut off are not said to have been sent it', async () => {
    services.seed({ model_provider_services: [{ name: NAME, config: openai() }] });
    const { plan } = await services.plan([entry(PROVIDER, NAME, { config: openai() })], { rotate: [NAME] });
    const operation = 'model-provider-services.patch';
    services.simulator.addFault({ operation, action: 'reset', when: 'before', times: 0 });
    const { results } = await services.apply(plan);
    expect(results).toMatchObject([{ outcome: 'unknown' }]);
  });

  test('may pass on the token of the caller instead, and back', async () => {
    const name = 'main.ai.claude';
    const type = { provider_type: 'EXTERNAL_MODEL_PROVIDER_TYPE_ANTHROPIC' };
    services.seed({
      model_provider_services: [
        {
          name,
          config: {
            ...type,
            anthropic: { direct: { api_key: {} } },
            targets: [{ model: 'claude', native_api_types: ['anthropic/v1/messages'] }],
          },
        },
      ],
    });
    const to = (anthropic: JsonObject) => [entry(PROVIDER, name, { config: { anthropic } })];
    await services.settle(to({ relayed: {} }));
    expect(services.config(PROVIDER, name).anthropic).toEqual({ relayed: {} });
    const writes = await services.settle(to({ direct: { api_key: { plaintext: '${env.KEY}' } } }));
    expect(sent(writes)).toMatchObject([
      [
        'PATCH',
        `model-provider-services/${name}`,
        { update_mask: 'config.provider' },
        { config: { anthropic: { direct: { api_key: { plaintext: '[redacted]' } } } } },
      ],
    ]);
  });

  test('refuse half a credential, whose other half cannot be read', async () => {
    const name = 'main.ai.bedrock';
    const direct = {
      region: 'eu-central-1',
      aws_access_key: { access_key_id: 'AKIA1', secret_access_key: {} },
    };
    services.seed({
      model_provider_services: [
        {
          name,
          config: {
            provider_type: 'EXTERNAL_MODEL_PROVIDER_TYPE_AMAZON_BEDROCK',
            amazon_bedrock: { direct },
            allow_all_targets: true,
          },
        },
      ],
    });
    const key = (more: JsonObject) => [
      entry(PROVIDER, name, {
        config: { amazon_bedrock: { direct: { aws_access_key: { access_key_id: 'AKIA2', ...more } } } },
      }),
    ];
    expect((await services.plan(key({}))).plan.refused).toMatchObject([{ guard: 'credential-lost' }]);
    const writes = await services.settle(key({ secret_access_key: { plaintext: '${env.AWS}' } }));
    expect(sent(writes)).toMatchObject([
      [
        'PATCH',
        `model-provider-services/${name}`,
        { update_mask: 'config.provider' },
        {
          config: {
            amazon_bedrock: {
              direct: {
                region: 'eu-central-1',
                aws_access_key: { access_key_id: 'AKIA2', secret_access_key: { plaintext: '[redacted]' } },
              },
            },
          },
        },
      ],
    ]);
  });

  test('of another type are others: refused, and when allowed made anew with grants and limits carried over', async () => {
    services.seed({
      model_provider_services: [
        {
          name: NAME,
          comment: 'kept',
          grants: [{ principal: 'support', privileges: ['EXECUTE'] }],
          config: openai('gpt-5', { rate_limits: [limit('service', { requests: 9 })] }),
        },
      ],
    });
    const other = [
      entry(PROVIDER, NAME, {
        config: {
          provider_type: 'EXTERNAL_MODEL_PROVIDER_TYPE_ANTHROPIC',
          anthropic: { relayed: {} },
          targets: [{ model: 'claude', native_api_types: ['anthropic/v1/messages'] }],
        },
      }),
    ];
    expect((await services.plan(other)).plan.refused.map(({ guard }) => guard)).toEqual(['replace']);
    const writes = await services.settle(other, { allow: ['replace'] });
    expect(writes.map(({ operation }) => operation)).toEqual([
      'model-provider-services.delete',
      'model-provider-services.create',
      'grants.patch',
    ]);
    expect(services.live(PROVIDER, NAME)).toMatchObject({
      comment: 'kept',
      config: { anthropic: { relayed: {} }, rate_limits: [limit('service', { requests: 9 })] },
      grants: [{ principal: 'support' }],
    });
    expect(services.config(PROVIDER, NAME).openai).toBeUndefined();
  });

  test('are not made anew when policies would be lost', async () => {
    services.seed({
      model_provider_services: [{ name: NAME, config: openai(), service_policies: [policy] }],
    });
    const { plan } = await services.plan(
      [
        entry(PROVIDER, NAME, {
          config: { provider_type: 'EXTERNAL_MODEL_PROVIDER_TYPE_ANTHROPIC', anthropic: { relayed: {} } },
        }),
      ],
      { allow: ['replace'] },
    );
    expect(plan.refused).toMatchObject([{ guard: 'unknown-member', measured: 'config.service_policies' }]);
  });
});

describe('MCP services', () => {
  const NAME = 'main.ai.tickets';
  test('are made and changed by the same code', async () => {
    services.seed({});
    const config = (more: JsonObject) => ({
      source_connection: { name: 'connections/main.ai.jira' },
      ...more,
    });
    await services.settle([
      entry(MCP, NAME, { config: config({ include_tool_selectors: ['read_*', 'list'] }) }),
    ]);
    const narrowed = entry(MCP, NAME, {
      config: {
        source_connection: { name: 'connections/main.ai.other' },
        include_tool_selectors: ['list', 'read_mail'],
        rate_limits: { 'user_group:ops/hour': { requests: 3 } },
      },
    });
    const { plan } = await services.plan([narrowed]);
    expect(only(plan).differences.map((one) => [one.path, one.direction])).toEqual([
      ['config.source_connection.name', 'moves'],
      ['config.include_tool_selectors', 'tightens'],
      ['config.rate_limits[user_group:ops/hour].requests', 'tightens'],
    ]);
    expect(sent(await services.settle([narrowed]))).toEqual([
      [
        'PATCH',
        `mcp-services/${NAME}`,
        { update_mask: 'config.source_connection.name,config.include_tool_selectors,config.rate_limits' },
        {
          config: {
            source_connection: { name: 'connections/main.ai.other' },
            include_tool_selectors: ['list', 'read_mail'],
            rate_limits: [limit('user_group:ops', { requests: 3 }, 'HOUR')],
          },
        },
      ],
    ]);
  });
});

describe('what is to go', () => {
  test('goes after what needs it, once, by its etag', async () => {
    services.seed({
      model_services: [{ name: CHAT, config: routed(external('gpt', 'main.ai.openai', 'gpt-5')) }],
      model_provider_services: [{ name: 'main.ai.openai' }],
    });
    const gone = [removed(PROVIDER, 'main.ai.openai'), removed(MODEL, CHAT)];
    const { plan } = await services.plan([], { removed: gone, allow: ['delete-budget'] });
    expect(plan.changes.map(({ name, after }) => [name, after])).toEqual([
      ['main.ai.openai', [{ kind: MODEL, name: CHAT }]],
      [CHAT, []],
    ]);
    const { results, writes } = await services.apply(plan);
    expect(results.map(({ outcome }) => outcome)).toEqual(['applied', 'applied']);
    expect(writes.map(({ operation, query }) => [operation, query.etag !== undefined])).toEqual([
      ['model-services.delete', true],
      ['model-provider-services.delete', true],
    ]);
    expect((await services.plan([], { removed: gone })).plan.changes).toEqual([]);
  });

  test('stays when another was made under its name since the plan', async () => {
    services.seed({ mcp_services: [{ name: 'main.ai.tickets' }] });
    const { plan } = await services.plan([], { removed: [removed(MCP, 'main.ai.tickets')] });
    services.simulator.advance(1_000);
    services.seed({ mcp_services: [{ name: 'main.ai.tickets' }] });
    const { results, writes } = await services.apply(plan);
    expect(results).toMatchObject([{ outcome: 'stale' }]);
    expect(writes).toEqual([]);
  });
});

test('what leads to something deleted is said in every plan, also when nothing changes', async () => {
  services.seed({
    model_services: [
      { name: CHAT, config: routed({ ...payPerToken('a'), is_deleted: true }) },
      {
        name: 'main.ai.other',
        config: { inference_table: { parent: 'schemas/main.logs', is_deleted: true } },
      },
    ],
    mcp_services: [
      {
        name: 'main.ai.tickets',
        config: { source_connection: { name: 'connections/main.ai.x', is_deleted: true } },
      },
    ],
  });
  const { plan } = await services.plan([
    entry(MODEL, 'main.ai.*', { comment: '' }, attach),
    entry(MCP, 'main.ai.tickets', { comment: 'new' }),
  ]);
  const said = plan.notices.filter(({ code }) => code === 'refers-to-deleted');
  expect(said.map(({ severity, message }) => [severity, message.split(' was ')[0]]).sort()).toEqual([
    ['warning', `${CHAT}: what config.routing.destinations[a] refers to`],
    ['warning', 'main.ai.other: what config.inference_table refers to'],
    ['warning', 'what config.source_connection refers to'],
  ]);
});
