// Migration by example: each provider, each limit of a service, what a file knows that no workspace answers.

import { migrateEndpoints } from '../../src/cli/migrating';
import type { LoadedProject } from '../../src/config';
import { loadProject, textSource } from '../../src/config';
import { loadAuthored } from '../../src/config/author-judge';
import { type Migration, migrate } from '../../src/config/migrate';
import { rescaled } from '../../src/config/migrate-split';
import type { Json, JsonObject } from '../../src/model/json';
import type { DesiredResource, LiveResource } from '../../src/model/resource';
import { wireOf } from '../../src/wire';

const wire = wireOf('serving_endpoints');

function endpoint(config: JsonObject, more: JsonObject = {}): LiveResource {
  return wire.fromWire({ name: 'chat', id: 'i', creator: 'ana@example.com', config, ...more }, true);
}

const model = (provider: string, block: string, settings: JsonObject, name = 'm'): JsonObject => ({
  name,
  provider,
  task: 'llm/v1/chat',
  [block]: settings,
});
const openai = (name = 'gpt-5'): JsonObject =>
  model('openai', 'openai_config', { openai_api_key: '{{secrets/llm/openai}}' }, name);
const served = (...models: JsonObject[]): JsonObject => ({
  served_entities: models.map((external_model, index) => ({ name: `e${index}`, external_model })),
});
const routes = (...shares: number[]): JsonObject => ({
  traffic_config: {
    routes: shares.map((traffic_percentage, index) => ({
      served_entity_name: `e${index}`,
      traffic_percentage,
    })),
  },
});
const falling: JsonObject = { ai_gateway: { fallback_config: { enabled: true } } };

function moved(live: LiveResource, declared?: DesiredResource): Migration {
  const endpoints = [{ live, ...(declared === undefined ? {} : { declared }) }];
  return migrate({ endpoints, schema: 'main.ai', taken: new Set() });
}

function draft(migration: Migration, kind: string): JsonObject {
  return migration.drafts.find((one) => one.kind === kind)?.fields ?? {};
}

function told(migration: Migration, path: string): { outcome: string; says: string } {
  const found = migration.endpoints[0]?.told.find((one) => one.path.includes(path));
  return { outcome: found?.outcome ?? 'untold', says: found?.says ?? '' };
}

/** The whole way, as text that loads. */
function written(live: LiveResource, loaded?: LoadedProject) {
  const found = [{ live, unread: new Map<string, string>() }];
  const survey = { listed: [live], found, unreadable: [], absent: [] };
  const migrated = migrateEndpoints(survey, loaded, { schema: 'main.ai', isNamed: () => true });
  const { objections } = loadAuthored(migrated.entries, { project: 'p', target: '' });
  expect(objections).toEqual([]);
  return migrated;
}

const PROVIDERS: readonly [string, JsonObject, string, Json][] = [
  [
    'Azure OpenAI, by key',
    model('openai', 'openai_config', {
      openai_api_type: 'azure',
      openai_api_base: 'https://example.com',
      openai_api_version: '2024-06-01',
      openai_deployment_name: 'gpt-eu',
      openai_api_key: '{{secrets/llm/azure}}',
    }),
    'azure_openai',
    { base_url: 'https://example.com', api_key: { secret_reference: { name: 'secrets/main.ai.llm_azure' } } },
  ],
  [
    'Azure OpenAI, by Entra ID',
    model('openai', 'openai_config', {
      openai_api_type: 'azuread',
      openai_api_base: 'https://example.com',
      openai_deployment_name: 'gpt-eu',
      microsoft_entra_tenant_id: 't',
      microsoft_entra_client_id: 'c',
      microsoft_entra_client_secret: '{{secrets/llm/entra}}',
    }),
    'azure_openai',
    {
      base_url: 'https://example.com',
      entra_service_principal: {
        tenant_id: 't',
        client_id: 'c',
        client_secret: { secret_reference: { name: 'secrets/main.ai.llm_entra' } },
      },
    },
  ],
  [
    'Bedrock, by access keys',
    model('amazon-bedrock', 'amazon_bedrock_config', {
      aws_region: 'eu-west-1',
      bedrock_provider: 'anthropic',
      aws_access_key_id: '{{secrets/llm/id}}',
      aws_secret_access_key: '{{secrets/llm/secret}}',
    }),
    'amazon_bedrock',
    {
      region: 'eu-west-1',
      aws_access_key: {
        access_key_id: 'ACCESS-KEY-ID',
        secret_access_key: { secret_reference: { name: 'secrets/main.ai.llm_secret' } },
      },
    },
  ],
  [
    'Bedrock, by instance profile',
    model('amazon-bedrock', 'amazon_bedrock_config', {
      aws_region: 'eu-west-1',
      bedrock_provider: 'cohere',
      instance_profile_arn: 'arn:aws:iam::1:instance-profile/p',
    }),
    'amazon_bedrock',
    { region: 'eu-west-1', service_credential: { name: 'credentials/NAME' } },
  ],
  [
    'Vertex AI',
    model('google-cloud-vertex-ai', 'google_cloud_vertex_ai_config', {
      project_id: 'p',
      region: 'r',
      private_key: '{{secrets/llm/google}}',
    }),
    'gemini_enterprise',
    { project_id: 'p', region: 'r', api_key: { secret_reference: { name: 'secrets/main.ai.llm_google' } } },
  ],
  [
    'a custom provider, by bearer token',
    model('custom', 'custom_provider_config', {
      custom_provider_url: 'https://example.com/v1',
      bearer_token_auth: { token: '{{secrets/llm/own}}' },
    }),
    'custom',
    {
      base_url: 'https://example.com/v1',
      api_key: { secret_reference: { name: 'secrets/main.ai.llm_own' } },
    },
  ],
];

test.each(PROVIDERS)('%s', (_, external, block, direct) => {
  const live = endpoint(served(external));
  const migration = moved(live);
  const { config } = draft(migration, 'model_provider_services');
  expect((config as JsonObject)[block]).toEqual({ direct });
  written(live);
});

test('a header of a custom provider is newer than the schema', () => {
  const live = endpoint(
    served(
      model('custom', 'custom_provider_config', {
        custom_provider_url: 'https://example.com/v1',
        api_key_auth: { key: 'x-api-key', value: '{{secrets/llm/own}}' },
      }),
    ),
  );
  const { entries } = written(live);
  expect(entries.find(({ kind }) => kind === 'model_provider_services')?.value.preview).toEqual({
    config: {
      custom: {
        direct: {
          header_auth: {
            api_key_name: 'x-api-key',
            api_key_value: { secret_reference: { name: 'secrets/main.ai.llm_own' } },
          },
        },
      },
    },
  });
});

test('custom providers whose headers have different credentials are two; with the same one they are shared', () => {
  const custom = (auth: JsonObject) =>
    model('custom', 'custom_provider_config', {
      custom_provider_url: 'https://example.com/v1',
      api_key_auth: { key: 'x-api-key', ...auth },
    });
  const own = { value: '{{secrets/llm/own}}' };
  // The third was given in plain text, which no workspace answers.
  const live = endpoint({ ...served(custom(own), custom(own), custom({})), ...routes(50, 25, 25) });
  const { entries } = written(live);
  const providers = entries.filter(({ kind }) => kind === 'model_provider_services');
  const header = (name: string) => ({
    config: {
      custom: {
        direct: {
          header_auth: { api_key_name: 'x-api-key', api_key_value: { secret_reference: { name } } },
        },
      },
    },
  });
  expect(providers.map(({ key, value }) => [key, value.preview])).toEqual([
    ['main.ai.custom_llm_own', header('secrets/main.ai.llm_own')],
    ['main.ai.custom_chat_e2', header('secrets/main.ai.chat_e2')],
  ]);
  expect(providers[0]?.value.config).toEqual(providers[1]?.value.config);
  const service = entries.find(({ kind }) => kind === 'model_services')?.value;
  expect(JSON.stringify(service).match(/main\.ai\.custom_\w+/g)).toEqual([
    'main.ai.custom_llm_own',
    'main.ai.custom_llm_own',
    'main.ai.custom_chat_e2',
  ]);
});

test('a deployment is what is asked for', () => {
  const [, external] = PROVIDERS[0]!;
  const migration = moved(endpoint(served(external)));
  expect(draft(migration, 'model_provider_services').config).toMatchObject({
    targets: [{ model: 'gpt-eu' }],
  });
  expect(told(migration, 'openai_deployment_name').outcome).toBe('differs');
  expect(told(migration, 'openai_api_version').outcome).toBe('none');
});

test.each(['ai21labs', 'cohere', 'palm', 'databricks-model-serving'])('services lack %s', (provider) => {
  const migration = moved(endpoint(served(model(provider, `${provider.replaceAll('-', '_')}_config`, {}))));
  expect(migration.drafts).toEqual([]);
  expect(migration.endpoints[0]?.stays).not.toBe('');
  expect(migration.endpoints[0]?.told.map(({ outcome }) => outcome)).not.toContain('equal');
});

test('what has all of the traffic must be carried', () => {
  const cohere = model('cohere', 'cohere_config', { cohere_api_key: '{{secrets/llm/cohere}}' });
  const migration = moved(endpoint({ ...served(cohere, openai()), ...routes(100, 0) }));
  expect(migration.endpoints[0]?.stays).toMatch(/^all of its traffic goes to models that are not carried/);
});

test('more destinations than a service takes: those with the least traffic are told', () => {
  const models = Array.from({ length: 12 }, (_, index) => openai(`m${index}`));
  const shares = [1, 1, ...Array.from({ length: 9 }, () => 9), 17];
  const live = endpoint({ ...served(...models), ...routes(...shares) });
  const migration = moved(live);
  const { routing } = draft(migration, 'model_services').config as JsonObject;
  const { destinations } = routing as { destinations: { traffic_percentage: number }[] };
  expect(destinations).toHaveLength(10);
  expect(destinations.reduce((sum, { traffic_percentage: share }) => sum + share, 0)).toBe(100);
  expect(told(migration, 'served_entities[e0].external_model.name').says).toContain('at most 10');
  expect(told(migration, 'routes[e0]').outcome).toBe('none');
  expect(told(migration, 'routes[e11]')).toMatchObject({ outcome: 'differs' });
  written(live);
});

test('more fallbacks than a service takes', () => {
  const models = Array.from({ length: 8 }, (_, index) => openai(`m${index}`));
  const live = endpoint({ ...served(...models), ...routes(100, 0, 0, 0, 0, 0, 0, 0) }, falling);
  const migration = moved(live);
  const { routing } = draft(migration, 'model_services').config as { routing: JsonObject };
  const { destinations } = routing.fallback as { destinations: { name: string }[] };
  expect(destinations.map(({ name }) => name)).toEqual(['e1', 'e2', 'e3', 'e4', 'e5']);
  expect(told(migration, 'fallback_config.enabled').says).toContain('so not to e6, e7');
  expect(told(migration, 'served_entities[e7].external_model.name').outcome).toBe('none');
  written(live);
});

const PROJECT = `project: p
serving_endpoints:
  chat:
    config:
      served_entities:
        - { name: e1, traffic_percentage: 50, external_model: { name: gpt-6, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key_plaintext: "\${env.OPENAI}" } } }
        - { name: e0, traffic_percentage: 50, external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key_plaintext: "\${env.OPENAI}" } } }
`;

test('a file knows the order of entities, and the credential that no workspace answers', () => {
  const plain = (name: string) => model('openai', 'openai_config', {}, name);
  const live = endpoint({ ...served(plain('gpt-5'), plain('gpt-6')), ...routes(50, 50) }, falling);
  const loaded = loadProject({ source: textSource({ 'gatewright.yaml': PROJECT }) });
  const { entries, endpoints, todos } = written(live, loaded);
  const [provider, service] = entries;
  expect(provider?.value.config).toMatchObject({
    openai: { direct: { api_key: { plaintext: '${env.OPENAI}' } } },
  });
  expect(entries).toHaveLength(2);
  const { routing } = service!.value.config as { routing: JsonObject };
  const fallback = routing.fallback as { destinations: { name: string }[] };
  expect(fallback.destinations.map(({ name }) => name)).toEqual(['e1-fallback', 'e0-fallback']);
  expect(todos).toEqual([]);
  const plaintext = endpoints[0]?.told.filter(({ path }) => path.endsWith('openai_api_key_plaintext'));
  expect(plaintext?.map(({ outcome, value }) => [outcome, value])).toEqual([
    ['equal', '${env.OPENAI}'],
    ['equal', '${env.OPENAI}'],
  ]);
});

test('a provider service that a file declares is shared; what it does not list is for a person to add', () => {
  const loaded = loadProject({
    source: textSource({
      'gatewright.yaml': `project: p
model_provider_services:
  main.ai.shared:
    config:
      openai: { direct: { api_key: { secret_reference: { name: secrets/main.ai.llm_openai } } } }
      targets: [{ model: gpt-4, native_api_types: [openai/v1/chat/completions] }]
`,
    }),
  });
  const { entries, todos } = written(endpoint(served(openai())), loaded);
  expect(entries.map(({ kind }) => kind)).toEqual(['model_services']);
  expect(JSON.stringify(entries[0]?.value)).toContain('model-provider-services/main.ai.shared');
  expect(todos.map(({ name, text }) => `${name}: ${text}`)).toEqual([
    'main.ai.shared: add to its targets: { model: gpt-5, native_api_types: [openai/v1/chat/completions] }',
  ]);
});

test('an endpoint with provisioned throughput stays, and the service leads to it', () => {
  const entity = {
    name: 'llama',
    entity_name: 'system.ai.llama',
    entity_version: '1',
    provisioned_model_units: 50,
  };
  const live = endpoint({ served_entities: [entity] });
  expect(draft(moved(live), 'model_services').config).toEqual({
    routing: {
      destinations: [
        {
          name: 'chat',
          destination_type: 'DESTINATION_TYPE_PROVISIONED_THROUGHPUT_FOUNDATION_MODEL',
          provisioned_throughput_config: { model_serving_endpoint: 'serving-endpoints/chat' },
        },
      ],
    },
  });
  written(live);
});

test('what the language does not take is left out, and told', () => {
  const limits = [{ key: 'user', principal: 'ana@example.com', calls: 5, renewal_period: 'hour' }];
  const table = { enabled: true, catalog_name: 'a/b', schema_name: 'logs' };
  const live = endpoint(served(openai()), {
    ai_gateway: { rate_limits: limits, inference_table_config: table },
  });
  const { endpoints } = written(live);
  const outcomes = endpoints[0]?.told.filter(({ path }) => path.startsWith('ai_gateway'));
  expect(outcomes?.map(({ path, outcome }) => [path, outcome])).toEqual([
    ['ai_gateway.rate_limits[user:ana@example.com/hour].calls', 'none'],
    ['ai_gateway.inference_table_config.enabled', 'none'],
    ['ai_gateway.inference_table_config.catalog_name', 'none'],
    ['ai_gateway.inference_table_config.schema_name', 'none'],
  ]);
});

test('shares keep their proportions', () => {
  expect([...rescaled([['a', 70]])]).toEqual([['a', 100]]);
  expect([
    ...rescaled([
      ['a', 20],
      ['b', 20],
      ['c', 20],
    ]),
  ]).toEqual([
    ['a', 34],
    ['b', 33],
    ['c', 33],
  ]);
  expect([
    ...rescaled([
      ['a', 0],
      ['b', 5],
    ]),
  ]).toEqual([
    ['a', 0],
    ['b', 100],
  ]);
  expect([
    ...rescaled([
      ['a', 40],
      ['b', 60],
    ]),
  ]).toEqual([
    ['a', 40],
    ['b', 60],
  ]);
});

test('credentials whose secrets would be called alike are two, and each has a secret of its own', () => {
  const by = (reference: string) => model('openai', 'openai_config', { openai_api_key: reference }, 'gpt-5');
  const migration = moved(
    endpoint({
      ...served(by('{{secrets/a_b/c}}'), by('{{secrets/a/b_c}}'), by('{{secrets/a_b/c}}')),
      ...routes(50, 30, 20),
    }),
  );
  const secrets = migration.drafts
    .filter(({ kind }) => kind === 'model_provider_services')
    .map(({ fields }) => /secrets\/[\w.]+/.exec(JSON.stringify(fields))?.[0]);
  expect(secrets).toEqual(['secrets/main.ai.a_b_c', 'secrets/main.ai.a_b_c_2']);
});
