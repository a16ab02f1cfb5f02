// What all kinds of services in Unity Catalog have in common: names, reads, pages, masks, etags.
import { type Body, call, LIMIT, SERVICES, type ServicePath, services, start, stopAll, UC } from './support';

afterEach(stopAll);

const KINDS = Object.keys(SERVICES) as ServicePath[];
const invalid = { status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } };
const absent = { status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST' } };

async function workspace(path: ServicePath, settings = {}, more = {}) {
  const simulator = await start({ state: { settings, ...more } });
  return { simulator, ...services(simulator, path) };
}

describe.each(KINDS)('%s', (path) => {
  const { id, list: members, body } = SERVICES[path];

  test('create answers the whole service, as get does', async () => {
    const { create, get } = await workspace(path);
    const made = await create('main.ai.one', { comment: 'for tests', ...body });
    expect(made).toMatchObject({
      status: 200,
      body: {
        name: `${path}/main.ai.one`,
        comment: 'for tests',
        effective_owner: 'ana@example.com',
        created_by: 'ana@example.com',
        updated_by: 'ana@example.com',
        create_time: '2026-01-01T00:00:00Z',
        update_time: '2026-01-01T00:00:00Z',
        metastore_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        etag: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
        config: body.config,
      },
    });
    expect(await get('main.ai.one')).toMatchObject({ status: 200, body: made.body });
  });

  test('what the server derives is not taken from a request', async () => {
    const { create } = await workspace(path);
    const outputs = {
      name: 'x',
      effective_owner: 'eve@example.com',
      etag: 'x',
      create_time: 'x',
      owner: 'x',
    };
    const { body: made } = await create('main.ai.one', { ...outputs, ...body });
    expect(made).toMatchObject({ name: `${path}/main.ai.one`, effective_owner: 'ana@example.com' });
    expect(made.etag).not.toBe('x');
    expect(made).not.toHaveProperty('owner');
  });

  test.each([
    ['no parent', `?${id}=one`],
    ['a bare parent', `?parent=main.ai&${id}=one`],
    ['a parent of one part', `?parent=schemas/main&${id}=one`],
    ['no id', '?parent=schemas/main.ai'],
    ['an id with a dot', `?parent=schemas/main.ai&${id}=a.b`],
    ['an id with a space', `?parent=schemas/main.ai&${id}=a+b`],
    ['a long id', `?parent=schemas/main.ai&${id}=${'x'.repeat(256)}`],
  ])('create with %s is refused', async (_name, query) => {
    const { simulator } = await workspace(path);
    expect(await call(simulator, 'POST', `${UC}/${path}${query}`, body)).toMatchObject(invalid);
  });

  test('an id of 255 characters is taken', async () => {
    const { create, get } = await workspace(path);
    const name = `main.ai.${'x'.repeat(255)}`;
    expect((await create(name)).status).toBe(200);
    expect((await get(name)).status).toBe(200);
  });

  test('ids inside the body name nothing, and a wrapped body has no config', async () => {
    const { simulator, create } = await workspace(path);
    const named = { parent: 'schemas/main.ai', [id]: 'one', ...body };
    expect(await call(simulator, 'POST', `${UC}/${path}`, named)).toMatchObject(invalid);
    expect((await create('main.ai.one', { [members.slice(0, -1)]: body })).body.message).toBe(
      'config is required.',
    );
  });

  test('a name is taken once, and free again after delete', async () => {
    const { create, get, remove } = await workspace(path);
    const { body: first } = await create('main.ai.one');
    expect(await create('main.ai.one')).toMatchObject({
      status: 409,
      body: { error_code: 'RESOURCE_ALREADY_EXISTS' },
    });
    expect(await remove('main.ai.one')).toMatchObject({ status: 200, body: {} });
    expect(await get('main.ai.one')).toMatchObject(absent);
    expect(await remove('main.ai.one')).toMatchObject(absent);
    expect((await create('main.ai.one')).body.etag).not.toBe(first.etag);
  });

  test('the schema must exist', async () => {
    const { create, list } = await workspace(path, { catalogs: ['main.ai'] });
    expect((await create('main.ai.one')).status).toBe(200);
    for (const [name, code] of [
      ['main.other.one', 'SCHEMA_DOES_NOT_EXIST'],
      ['other.ai.one', 'CATALOG_DOES_NOT_EXIST'],
    ] as const) {
      expect(await create(name)).toMatchObject({ status: 404, body: { error_code: code } });
      const parent = `schemas/${name.slice(0, -4)}`;
      expect(await list({ parent })).toMatchObject({ status: 404, body: { error_code: code } });
    }
  });

  test('a name that is none, and one that is not there', async () => {
    const { get, patch } = await workspace(path);
    for (const name of ['one', 'main.ai', 'main.ai.one.two', 'main..one'])
      expect(await get(name)).toMatchObject(invalid);
    expect(await get('main.ai.none')).toMatchObject(absent);
    expect(await patch('main.ai.none', 'comment', { comment: 'x' })).toMatchObject(absent);
  });

  test('every write makes another etag; only the right one, or none, is let through', async () => {
    const { simulator, create, get, patch, remove } = await workspace(path);
    const seen = new Set<string>();
    seen.add((await create('main.ai.one')).body.etag);
    simulator.advance(1000);
    for (const comment of ['a', 'a', 'b']) {
      const { etag } = (await get('main.ai.one')).body;
      const done = await patch('main.ai.one', 'comment', { comment }, { etag });
      expect(done).toMatchObject({ status: 200, body: { comment, update_time: '2026-01-01T00:00:01Z' } });
      seen.add(done.body.etag);
    }
    expect(seen.size).toBe(4);
    const [stale] = seen;
    const refused = { status: 409, body: { error_code: 'ABORTED' } };
    expect(await patch('main.ai.one', 'comment', { comment: 'c' }, { etag: stale! })).toMatchObject(refused);
    expect(await remove('main.ai.one', { etag: stale! })).toMatchObject(refused);
    expect((await get('main.ai.one')).body.comment).toBe('b');
    expect((await patch('main.ai.one', 'comment', { comment: 'c' }, { etag: '' })).status).toBe(200);
    const { etag } = (await get('main.ai.one')).body;
    expect((await remove('main.ai.one', { etag })).status).toBe(200);
  });

  test('what lies outside of the mask is not read', async () => {
    const { create, patch } = await workspace(path);
    await create('main.ai.one', { comment: 'before', ...body });
    const sent = { comment: 'after', name: 7, config: { rate_limits: 'none', source_connection: 3 } };
    const { status, body: after } = await patch('main.ai.one', 'comment', sent);
    expect({ status, comment: after.comment, config: after.config }).toEqual({
      status: 200,
      comment: 'after',
      config: body.config,
    });
  });

  test('a part that the mask names and the body leaves out is cleared', async () => {
    const { create, patch } = await workspace(path);
    await create('main.ai.one', { comment: 'x', config: { ...body.config, rate_limits: [LIMIT] } });
    const { body: after } = await patch('main.ai.one', 'comment,config.rate_limits', { config: {} });
    expect(after).not.toHaveProperty('comment');
    expect(after.config).not.toHaveProperty('rate_limits');
    await patch('main.ai.one', 'config.rate_limits', { config: { rate_limits: [LIMIT] } });
    const cleared = await patch('main.ai.one', 'config.rate_limits', { config: { rate_limits: [] } });
    expect(cleared.body.config).toEqual(body.config);
  });

  test.each(['*', 'config.*', 'name', 'owner', 'etag', 'config.routing', 'config.routing.fallback'])(
    'the mask %s is no path',
    async (mask) => {
      const { create, get, patch } = await workspace(path);
      const { body: made } = await create('main.ai.one');
      expect(await patch('main.ai.one', mask, { comment: 'x', ...body })).toMatchObject(invalid);
      expect(await patch('main.ai.one', `comment,${mask}`, { comment: 'x' })).toMatchObject(invalid);
      expect((await get('main.ai.one')).body).toEqual(made);
    },
  );

  test('a mask is needed, and config with it', async () => {
    const { simulator, create, patch } = await workspace(path);
    await create('main.ai.one');
    expect(await patch('main.ai.one', '', { comment: 'x' })).toMatchObject(invalid);
    expect(await call(simulator, 'PATCH', `${UC}/${path}/main.ai.one`, { comment: 'x' })).toMatchObject(
      invalid,
    );
    expect(await patch('main.ai.one', 'config.rate_limits', { comment: 'x' })).toMatchObject(invalid);
    expect(await patch('main.ai.one', 'config', {})).toMatchObject(invalid);
  });

  test('the mask config replaces everything, policies attached in the UI among it', async () => {
    const service_policies = [{ name: 'a', handler: 'system.ai.block_jailbreak', future: 1 }];
    const config = { ...body.config, rate_limits: [LIMIT], future: { on: true } };
    const { patch, get } = await workspace(
      path,
      {},
      { [members]: [{ name: 'main.ai.one', config, service_policies }] },
    );
    const granular = await patch('main.ai.one', 'config.rate_limits', { config: { rate_limits: [LIMIT] } });
    expect(granular.body.config).toEqual({ ...config, service_policies });
    const whole = await patch('main.ai.one', 'config', body);
    expect(whole).toMatchObject({ status: 200 });
    expect((await get('main.ai.one')).body.config).toEqual(body.config);
  });

  test('policies by hand, as public scripts do it', async () => {
    const { create, patch, get } = await workspace(path);
    const { body: made } = await create('main.ai.one');
    const options = { phases: 'pre_call,post_call', dry_run: 'false', max_turns: '10' };
    const policy = {
      name: 'judge',
      handler: 'system.ai.invoke_llm_judge',
      policy_type: 'POLICY_TYPE_BUILTIN',
      rank: 1,
      options,
    };
    const attach = (service_policies: unknown) =>
      patch('main.ai.one', 'config.service_policies', { config: { service_policies } });
    expect((await attach([policy])).body.config.service_policies).toEqual([policy]);
    expect((await get('main.ai.one')).body.etag).not.toBe(made.etag);
    for (const wrong of [
      [policy, policy],
      [{ ...policy, options: { dry_run: false } }],
      [{ ...policy, policy_type: 'BUILTIN' }],
      [{ name: 'x' }],
    ])
      expect(await attach(wrong)).toMatchObject(invalid);
    expect((await attach([])).body.config).toEqual(body.config);
  });

  test('a list has pages, in one schema, without what others hold', async () => {
    const names = Array.from({ length: 250 }, (_, index) => `main.ai.s${String(index).padStart(3, '0')}`);
    const seeds = [...names].reverse().concat('main.other.x', 'main.ai2.y');
    const { simulator, list } = await workspace(path, {}, { [members]: seeds.map((name) => ({ name })) });
    const walk = async (query: Record<string, string>) => {
      const pages: string[][] = [];
      let page_token = '';
      do {
        const { body: page } = await list({ ...query, page_token });
        pages.push((page[members] ?? []).map((one: Body) => one.name));
        page_token = page.next_page_token ?? '';
      } while (page_token !== '');
      return pages;
    };
    const full = names.map((name) => `${path}/${name}`);
    const byDefault = await walk({});
    expect(byDefault.map((page) => page.length)).toEqual([100, 100, 50]);
    expect(byDefault.flat()).toEqual(full);
    expect((await walk({ page_size: '0' }))[0]).toHaveLength(100);
    expect((await walk({ page_size: '1000' }))[0]).toHaveLength(100);
    expect(await walk({ page_size: '125' })).toHaveLength(3);
    expect((await walk({ page_size: '50' })).map((page) => page.length)).toEqual([50, 50, 50, 50, 50]);
    expect(await walk({ parent: 'schemas/main.ai2' })).toEqual([[`${path}/main.ai2.y`]]);
    expect(await walk({ parent: 'schemas/main.none' })).toEqual([[]]);

    const { body: first } = await list({ page_size: '2' });
    await call(simulator, 'DELETE', `${UC}/${path}/main.ai.s001`);
    const { body: second } = await list({ page_size: '2', page_token: first.next_page_token });
    expect(second[members].map((one: Body) => one.name)).toEqual([full[2], full[3]]);
  });

  test.each([
    { parent: '' },
    { parent: 'main.ai' },
    { parent: 'schemas/main' },
    { page_size: '-1' },
    { page_size: 'ten' },
    { page_token: 'x' },
    { view: 'basic' },
  ])('a list with %j is refused', async (query) => {
    const { list } = await workspace(path);
    expect(await list(query as Record<string, string>)).toMatchObject(invalid);
  });

  test('the token of another list is none of this one', async () => {
    const seeds = ['main.ai.a', 'main.ai.b', 'main.other.a'].map((name) => ({ name }));
    const { list } = await workspace(path, {}, { [members]: seeds });
    const page_token = (await list({ page_size: '1' })).body.next_page_token;
    expect(await list({ parent: 'schemas/main.other', page_token })).toMatchObject(invalid);
  });

  test('view FULL is what get answers; BASIC names no principals', async () => {
    const named = { ...LIMIT, key: 'RATE_LIMIT_KEY_USER', principal: 'bo@example.com' };
    const { create, get, list } = await workspace(path);
    await create('main.ai.one', { ...body, config: { ...body.config, rate_limits: [LIMIT, named] } });
    const whole = (await get('main.ai.one')).body;
    expect((await list({ view: 'FULL' })).body[members]).toEqual([whole]);
    const [basic] = (await list()).body[members];
    expect(basic).toMatchObject({ name: whole.name, etag: whole.etag, effective_owner: 'ana@example.com' });
    expect(basic.config.rate_limits).toEqual([LIMIT, { ...LIMIT, key: 'RATE_LIMIT_KEY_USER' }]);
    expect((await list({ view: 'BASIC' })).body[members]).toEqual([basic]);
    expect(JSON.stringify(basic)).not.toMatch(/destinations|source_connection/);
  });

  test.each([
    ['omitted', {}],
    ['null', { [members]: null }],
    ['empty', { [members]: [] }],
  ])('an empty list is %s', async (empty_list, body) => {
    const { list } = await workspace(path, { empty_list });
    expect((await list()).body).toEqual(body);
  });

  test('the owner and who holds MANAGE may write, others may see, and strangers see an empty page', async () => {
    const bo = { user_name: 'bo@example.com', groups: ['users', 'team'] };
    const grant = (principal: string, privilege: string) => ({ principal, privileges: [privilege] });
    const seeds: Body[] = [
      { name: 'main.ai.a', effective_owner: 'eve@example.com' },
      { name: 'main.ai.b', effective_owner: 'bo@example.com' },
      { name: 'main.ai.c', effective_owner: 'eve@example.com', grants: [grant('team', 'MANAGE')] },
      { name: 'main.ai.d', effective_owner: 'eve@example.com', grants: [grant('bo@example.com', 'EXECUTE')] },
      { name: 'main.ai.e', effective_owner: 'team' },
      { name: 'main.ai.f', effective_owner: 'eve@example.com', grants: [grant('team', 'ALL_PRIVILEGES')] },
    ];
    const { get, list, patch, remove } = await workspace(path, {}, { me: bo, [members]: seeds });
    const first = (await list({ page_size: '1' })).body;
    expect(first).toEqual({ next_page_token: expect.any(String) });
    const seen = (await list()).body[members].map((one: Body) => one.name.slice(-1));
    expect(seen).toEqual(['b', 'c', 'd', 'e', 'f']);
    const denied = { status: 403, body: { error_code: 'PERMISSION_DENIED' } };
    expect(await get('main.ai.a')).toMatchObject(denied);
    const write = async (leaf: string) =>
      (await patch(`main.ai.${leaf}`, 'comment', { comment: 'x' })).status;
    expect(await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(write))).toEqual([
      403, 200, 200, 403, 200, 403,
    ]);
    expect(await remove('main.ai.d')).toMatchObject(denied);
  });

  test('reads can come too early', async () => {
    const { simulator, create, get, list, patch, remove } = await workspace(path, { stale_reads: 1 });
    const names = async () => ((await list()).body[members] ?? []).map((one: Body) => one.name.slice(-3));
    const { body: made } = await create('main.ai.one');
    expect(await get('main.ai.one')).toMatchObject(absent);
    expect((await get('main.ai.one')).body).toEqual(made);
    await patch('main.ai.one', 'comment', { comment: 'x' });
    expect((await get('main.ai.one')).body).toEqual(made);
    await create('main.ai.two');
    expect(await names()).toEqual(['one']);
    expect(await names()).toEqual(['one', 'two']);
    await remove('main.ai.two');
    expect(await names()).toEqual(['one', 'two']);
    expect(await names()).toEqual(['one']);
    simulator.addFault({ operation: `${path}.get`, action: 'stale-read' });
    expect((await get('main.ai.one')).body).toEqual(made);
    expect((await get('main.ai.one')).body.comment).toBe('x');
  });

  test('faults and the log know the operations', async () => {
    const { simulator, create, get, patch } = await workspace(path);
    simulator.addFault({ operation: `${path}.patch`, when: 'after', action: 'reset' });
    simulator.addFault({ operation: `${path}.list`, status: 499 });
    await create('main.ai.one');
    await expect(patch('main.ai.one', 'comment', { comment: 'x' })).rejects.toThrow();
    expect((await get('main.ai.one')).body.comment).toBe('x');
    const list = await call(simulator, 'GET', `${UC}/${path}?parent=schemas/main.ai`);
    expect(list).toMatchObject({ status: 499, body: { error_code: 'CANCELLED' } });
    expect(simulator.requests.map((one) => [one.operation, one.status])).toEqual([
      [`${path}.create`, 200],
      [`${path}.patch`, null],
      [`${path}.get`, 200],
      [`${path}.list`, 499],
    ]);
    expect(simulator.requests[1]!.query).toEqual({ update_mask: 'comment' });
  });

  test('a snapshot is the whole workspace', async () => {
    const { simulator, create, get } = await workspace(path, { grant_delay_ms: 1000 });
    await create('main.ai.one', { ...body, config: { ...body.config, rate_limits: [LIMIT] } });
    const type = members.slice(0, -1);
    const grants = `${UC}/permissions/${type}/main.ai.one`;
    await call(simulator, 'PATCH', grants, { changes: [{ principal: 'a', add: ['EXECUTE'] }] });
    const snapshot = simulator.snapshot();
    const before = (await get('main.ai.one')).body;
    simulator.seed(snapshot);
    expect(simulator.snapshot()).toEqual(snapshot);
    expect((await get('main.ai.one')).body).toEqual(before);
    expect((await call(simulator, 'GET', grants)).body).toEqual({});
    simulator.advance(1000);
    expect((await call(simulator, 'GET', grants)).body).toEqual({
      privilege_assignments: [{ principal: 'a', privileges: ['EXECUTE'] }],
    });
  });
});

test.each([
  [400, 'FAILED_PRECONDITION'],
  [409, 'ABORTED'],
  [412, 'PRECONDITION_FAILED'],
] as const)('an etag that does not match may be answered %s', async (etag_refusal, error_code) => {
  const { create, patch } = await workspace('model-services', { etag_refusal });
  await create('main.ai.one');
  const refused = await patch('main.ai.one', 'comment', { comment: 'x' }, { etag: 'b2xk' });
  expect(refused).toMatchObject({ status: etag_refusal, body: { error_code } });
});

test('an etag is text for a query: what is not encoded does not match', async () => {
  const { simulator, create } = await workspace('model-services');
  const plus = (etag: string) => etag.includes('+');
  let made: Body;
  for (let n = 0; made === undefined || !plus(made.etag); n++) made = (await create(`main.ai.n${n}`)).body;
  const at = `${UC}/${made.name}?update_mask=comment&etag=`;
  expect((await call(simulator, 'PATCH', at + made.etag, { comment: 'x' })).status).toBe(409);
  const encoded = at + encodeURIComponent(made.etag);
  expect((await call(simulator, 'PATCH', encoded, { comment: 'x' })).status).toBe(200);
});

test('model services and model provider services share their names, MCP services have their own', async () => {
  const simulator = await start();
  const model = services(simulator, 'model-services');
  const provider = services(simulator, 'model-provider-services');
  const mcp = services(simulator, 'mcp-services');
  expect((await provider.create('main.ai.one')).status).toBe(200);
  expect((await model.create('main.ai.one')).status).toBe(409);
  expect((await mcp.create('main.ai.one')).status).toBe(200);
  expect((await model.create('main.ai.two')).status).toBe(200);
  expect((await provider.create('main.ai.two')).status).toBe(409);
  expect((await model.create('main.other.one')).status).toBe(200);
});

test('members that no shape knows are dropped, or kept where the workspace is told to', async () => {
  const unknown = { usage_tracking: { enabled: true } };
  for (const keeps_unknown of [false, true]) {
    const { create, patch } = await workspace('model-services', { keeps_unknown });
    const config = { ...SERVICES['model-services'].body.config, ...unknown };
    const made = await create('main.ai.one', { config });
    expect('usage_tracking' in made.body.config).toBe(keeps_unknown);
    const limit = { ...LIMIT, burst: 3 };
    const { body } = await patch('main.ai.one', 'config.rate_limits', { config: { rate_limits: [limit] } });
    expect('usage_tracking' in body.config).toBe(keeps_unknown);
    expect(body.config.rate_limits).toEqual([keeps_unknown ? limit : LIMIT]);
  }
});

test('a comment has at most 65536 characters', async () => {
  const { create, patch } = await workspace('model-services');
  await create('main.ai.one');
  expect((await patch('main.ai.one', 'comment', { comment: 'x'.repeat(65_536) })).status).toBe(200);
  expect(await patch('main.ai.one', 'comment', { comment: 'x'.repeat(65_537) })).toMatchObject(invalid);
});

test('no token, no answer', async () => {
  const { simulator } = await workspace('model-services');
  const response = await fetch(`${simulator.url}${UC}/model-services?parent=schemas/main.ai`);
  expect(response.status).toBe(401);
});
