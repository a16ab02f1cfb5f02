import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Body, PROVIDER, services, start, stopAll } from './support';

afterEach(stopAll);

const NAME = 'main.ai.openai';
const SECRET = 'sk-literal-credential';
const invalid = { status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } };
const plain = { plaintext: SECRET };
const reference = { secret_reference: { name: 'secrets/main.keys.openai' } };
const type = (name: string) => `EXTERNAL_MODEL_PROVIDER_TYPE_${name}`;
const url = { base_url: 'https://llm.example.com/v1' };
const targets = [{ model: 'gpt-5', native_api_types: ['openai/v1/chat/completions'] }];

const of = (name: string, block: string, value: Body, rest: Body = {}) => ({
  config: { provider_type: type(name), [block]: value, targets, ...rest },
});

async function workspace(settings = {}) {
  const simulator = await start({ state: { settings } });
  return { simulator, ...services(simulator, 'model-provider-services') };
}

describe('providers', () => {
  const ENTRA = { tenant_id: 't', client_id: 'c' };
  const AWS = { access_key_id: 'AKIA-EXAMPLE' };
  const CREDENTIAL = { name: 'credentials/aws' };

  test.each<[string, string, Body, Body]>([
    [
      'OPENAI',
      'openai',
      { api_key: plain, ...url, organization: 'o' },
      { api_key: {}, ...url, organization: 'o' },
    ],
    ['OPENAI', 'openai', { api_key: reference }, { api_key: reference }],
    ['AZURE_OPENAI', 'azure_openai', { ...url, api_key: plain }, { ...url, api_key: {} }],
    [
      'AZURE_OPENAI',
      'azure_openai',
      { ...url, entra_service_principal: { ...ENTRA, client_secret: plain } },
      { ...url, entra_service_principal: { ...ENTRA, client_secret: {} } },
    ],
    ['ANTHROPIC', 'anthropic', { api_key: plain }, { api_key: {} }],
    [
      'AMAZON_BEDROCK',
      'amazon_bedrock',
      { region: 'eu-west-1', aws_access_key: { ...AWS, secret_access_key: plain } },
      { region: 'eu-west-1', aws_access_key: { ...AWS, secret_access_key: {} } },
    ],
    [
      'BEDROCK_MANTLE',
      'bedrock_mantle',
      { region: 'eu-west-1', service_credential: CREDENTIAL },
      { region: 'eu-west-1', service_credential: CREDENTIAL },
    ],
    ['CUSTOM', 'custom', { ...url, api_key: plain }, { ...url, api_key: {} }],
    [
      'CUSTOM',
      'custom',
      { ...url, header_auth: { api_key_name: 'X-Key', api_key_value: plain } },
      { ...url, header_auth: { api_key_name: 'X-Key', api_key_value: {} } },
    ],
    [
      'MICROSOFT_FOUNDRY',
      'microsoft_foundry',
      { ...url, service_credential: CREDENTIAL },
      { ...url, service_credential: CREDENTIAL },
    ],
    [
      'GEMINI_ENTERPRISE',
      'gemini_enterprise',
      { project_id: 'p', region: 'r', api_key: reference },
      { project_id: 'p', region: 'r', api_key: reference },
    ],
  ])('%s takes %s and answers what is no secret', async (name, block, direct, answered) => {
    const { create, get, simulator } = await workspace();
    const made = await create(NAME, of(name, block, { direct }));
    expect(made.status).toBe(200);
    expect(made.body.config[block]).toEqual({ direct: answered });
    expect((await get(NAME)).body).toEqual(made.body);
    expect(JSON.stringify([simulator.snapshot(), simulator.requests])).not.toContain(SECRET);
  });

  test('Anthropic may be relayed', async () => {
    const { create } = await workspace();
    const made = await create(NAME, of('ANTHROPIC', 'anthropic', { relayed: { plan_type: 'x' } }));
    expect(made.body.config.anthropic).toEqual({ relayed: {} });
  });

  test.each<[string, Body]>([
    ['no type', { config: { openai: { direct: { api_key: plain } }, targets } }],
    ['another type', of('OLLAMA', 'openai', { direct: { api_key: plain } })],
    ['no block', { config: { provider_type: type('OPENAI'), targets } }],
    ['the block of another', of('OPENAI', 'anthropic', { direct: { api_key: plain } })],
    [
      'two blocks',
      of('OPENAI', 'openai', { direct: { api_key: plain } }, { anthropic: { direct: { api_key: plain } } }),
    ],
    ['no credential', of('OPENAI', 'openai', { direct: {} })],
    ['no mode', of('OPENAI', 'openai', {})],
    ['a credential without a value', of('OPENAI', 'openai', { direct: { api_key: {} } })],
    ['an empty one', of('OPENAI', 'openai', { direct: { api_key: { plaintext: '' } } })],
    ['a bare one', of('OPENAI', 'openai', { direct: { api_key: SECRET } })],
    ['a value and a reference', of('OPENAI', 'openai', { direct: { api_key: { ...plain, ...reference } } })],
    [
      'a reference of another form',
      of('OPENAI', 'openai', { direct: { api_key: { secret_reference: { name: '{{secrets/a/b}}' } } } }),
    ],
    ['no address', of('AZURE_OPENAI', 'azure_openai', { direct: { api_key: plain } })],
    ['no region', of('AMAZON_BEDROCK', 'amazon_bedrock', { direct: { service_credential: CREDENTIAL } })],
    [
      'two ways to sign in',
      of('AZURE_OPENAI', 'azure_openai', {
        direct: { ...url, api_key: plain, service_credential: CREDENTIAL },
      }),
    ],
    [
      'a principal without its tenant',
      of('AZURE_OPENAI', 'azure_openai', {
        direct: { ...url, entra_service_principal: { client_id: 'c', client_secret: plain } },
      }),
    ],
    [
      'a credential by its bare name',
      of('MICROSOFT_FOUNDRY', 'microsoft_foundry', {
        direct: { ...url, service_credential: { name: 'aws' } },
      }),
    ],
    ['direct and relayed', of('ANTHROPIC', 'anthropic', { direct: { api_key: plain }, relayed: {} })],
  ])('refuses %s, and keeps the secret to itself', async (_name, body) => {
    const { create, simulator } = await workspace();
    const refused = await create(NAME, body);
    expect(refused).toMatchObject(invalid);
    expect(JSON.stringify([refused.body, simulator.requests, simulator.snapshot()])).not.toContain(SECRET);
  });
});

describe('a replacement', () => {
  const put = (workspace: Awaited<ReturnType<typeof made>>, openai: Body) =>
    workspace.patch(NAME, 'config.provider', { config: { openai } });
  async function made(direct: Body = { api_key: reference, ...url }) {
    const simulator = await workspace();
    await simulator.create(NAME, of('OPENAI', 'openai', { direct }));
    return simulator;
  }

  test.each<[string, Body]>([
    ['nothing', {}],
    ['no way to sign in', { direct: {} }],
    ['what was read', { direct: { api_key: {} } }],
  ])('without a credential (%s) keeps the stored one', async (_name, openai) => {
    const simulator = await made();
    const { status, body } = await put(simulator, openai);
    expect({ status, openai: body.config.openai }).toEqual({
      status: 200,
      openai: { direct: { api_key: reference } },
    });
    const whole = await simulator.patch(NAME, 'config', { config: { ...PROVIDER.config, openai } });
    expect(whole.body.config.openai).toEqual({ direct: { api_key: reference } });
  });

  test('with a credential replaces it', async () => {
    const simulator = await made();
    const { body } = await put(simulator, { direct: { api_key: plain, organization: 'o' } });
    expect(body.config.openai).toEqual({ direct: { api_key: {}, organization: 'o' } });
    expect(body.config.targets).toEqual(targets);
    const back = await put(simulator, { direct: { api_key: reference } });
    expect(back.body.config.openai).toEqual({ direct: { api_key: reference } });
  });

  test('keeps the secret of a key whose id changes, and needs one for another way', async () => {
    const { create, patch } = await workspace();
    const direct = {
      ...url,
      entra_service_principal: { tenant_id: 't', client_id: 'c', client_secret: plain },
    };
    await create(NAME, of('AZURE_OPENAI', 'azure_openai', { direct }));
    const write = (change: Body) =>
      patch(NAME, 'config.provider', { config: { azure_openai: { direct: { ...url, ...change } } } });
    const principal = { tenant_id: 't2', client_id: 'c' };
    expect((await write({ entra_service_principal: principal })).body.config.azure_openai.direct).toEqual({
      ...url,
      entra_service_principal: { ...principal, client_secret: {} },
    });
    expect(await write({ api_key: {} })).toMatchObject(invalid);
    expect((await write({ api_key: plain })).body.config.azure_openai.direct).toEqual({
      ...url,
      api_key: {},
    });
    expect(await write({ base_url: undefined })).toMatchObject(invalid);
  });

  test('of a relayed provider stays relayed unless it says otherwise', async () => {
    const { create, patch } = await workspace();
    await create(NAME, of('ANTHROPIC', 'anthropic', { relayed: {} }));
    const write = (anthropic: Body) => patch(NAME, 'config.provider', { config: { anthropic } });
    expect((await write({})).body.config.anthropic).toEqual({ relayed: {} });
    expect((await write({ direct: { api_key: plain } })).body.config.anthropic).toEqual({
      direct: { api_key: {} },
    });
    expect((await write({ relayed: {} })).body.config.anthropic).toEqual({ relayed: {} });
  });

  test('cannot change the provider', async () => {
    const simulator = await made();
    const anthropic = { direct: { api_key: plain } };
    expect(await simulator.patch(NAME, 'config.provider', { config: { anthropic } })).toMatchObject(invalid);
    const other = of('ANTHROPIC', 'anthropic', anthropic);
    expect(await simulator.patch(NAME, 'config', other)).toMatchObject(invalid);
    for (const mask of ['config.openai', 'config.provider_type', 'config.pricing'])
      expect(await simulator.patch(NAME, mask, PROVIDER)).toMatchObject(invalid);
  });
});

describe('the rest of the config', () => {
  const write = async (mask: string, config: Body) => {
    const { create, patch } = await workspace();
    await create(NAME, PROVIDER);
    return patch(NAME, mask, { config });
  };

  test.each(['forward_headers', 'forward_query_parameters', 'forward_unmanaged_paths', 'allow_all_targets'])(
    '%s',
    async (field) => {
      const { body } = await write(`config.${field}`, { [field]: true });
      expect(body.config).toEqual({ ...PROVIDER.config, [field]: true });
    },
  );

  test('the discount, its empty block, and neither', async () => {
    const { create, patch } = await workspace();
    await create(NAME, PROVIDER);
    const put = (pricing?: Body) =>
      patch(NAME, 'config.pricing.default_discount_basis_points', { config: { pricing } });
    const pricing = { default_discount_basis_points: 2000 };
    expect((await put(pricing)).body.config.pricing).toEqual(pricing);
    expect((await put({})).body.config.pricing).toEqual({});
    expect((await put()).body.config).not.toHaveProperty('pricing');
    expect(await put({ default_discount_basis_points: 10_001 })).toMatchObject(invalid);
    expect((await put({ default_discount_basis_points: -50_000 })).status).toBe(200);
  });

  test.each<[string, Body]>([
    ['none', []],
    ['without API types', [{ model: 'a' }]],
    ['with none', [{ model: 'a', native_api_types: [] }]],
    ['sixty-five of them', [{ model: 'a', native_api_types: Array.from({ length: 65 }, (_, n) => `t${n}`) }]],
    ['a long one', [{ model: 'a', native_api_types: ['x'.repeat(257)] }]],
    ['without a model', [{ native_api_types: ['x'] }]],
    ['twice', [...targets, ...targets]],
    ['with a route', [{ ...targets[0], endpoint_route: 'chat' }]],
  ])('targets: %s is refused', async (_name, wrong) => {
    expect(await write('config.targets', { targets: wrong })).toMatchObject(invalid);
  });

  test('no targets when all are allowed; all are never allowed of a custom provider', async () => {
    const both = 'config.targets,config.allow_all_targets';
    const all = await write(both, { allow_all_targets: true });
    expect(all.body.config).not.toHaveProperty('targets');
    const { create } = await workspace();
    const custom = { direct: { ...url, api_key: plain } };
    const open = of('CUSTOM', 'custom', custom, { allow_all_targets: true });
    expect((await create(NAME, open)).body.message).toContain('allow_all_targets cannot be enabled');
    const routed = { targets: [{ ...targets[0], endpoint_route: 'serve/chat' }] };
    expect((await create(NAME, of('CUSTOM', 'custom', custom, routed))).status).toBe(200);
    for (const endpoint_route of ['/chat', 'a?b', 'a#b', '{model}', 'https://x']) {
      const wrong = { targets: [{ ...targets[0], endpoint_route }] };
      expect(await create('main.ai.two', of('CUSTOM', 'custom', custom, wrong))).toMatchObject(invalid);
    }
  });

  test('BASIC leaves out the service credential and the inference table', async () => {
    const { create, list } = await workspace();
    const direct = { region: 'eu-west-1', service_credential: { name: 'credentials/aws' } };
    const more = { inference_table: { parent: 'schemas/main.logs' } };
    const { body } = await create(NAME, of('AMAZON_BEDROCK', 'amazon_bedrock', { direct }, more));
    expect(body.config.inference_table.table).toBe('tables/main.logs.openai_payload');
    const [basic] = (await list()).body.model_provider_services;
    expect(basic.config).toEqual({
      provider_type: type('AMAZON_BEDROCK'),
      amazon_bedrock: { direct: { region: 'eu-west-1' } },
      targets,
    });
    expect((await list({ view: 'FULL' })).body.model_provider_services).toEqual([body]);
  });
});

test('a literal credential is in no seed, file, answer or log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  const stateFile = join(folder, 'state.json');
  try {
    const seed = of('OPENAI', 'openai', { direct: { api_key: plain } });
    const simulator = await start({
      stateFile,
      state: { model_provider_services: [{ name: 'main.ai.seeded', ...seed }] },
    });
    const { create, get, patch, list } = services(simulator, 'model-provider-services');
    expect((await get('main.ai.seeded')).body.config.openai).toEqual({ direct: { api_key: {} } });
    await create(NAME, seed);
    await patch(NAME, 'config.provider', { config: { openai: { direct: { api_key: plain } } } });
    await patch(NAME, 'config.provider', { config: { openai: { direct: { api_key: SECRET } } } });
    await patch(NAME, 'comment', {
      config: { openai: { direct: { header_auth: { api_key_value: SECRET } } } },
    });
    const seen = [
      readFileSync(stateFile, 'utf8'),
      simulator.snapshot(),
      simulator.requests,
      (await list({ view: 'FULL' })).body,
    ];
    expect(JSON.stringify(seen)).not.toContain(SECRET);
    expect(JSON.stringify(simulator.requests)).toContain('[redacted]');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
