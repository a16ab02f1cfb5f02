// From what is live to what a person would write: the text as it stands in the file.
import { author, type Form, LIST_FORM } from '../../src/config/author';
import { placeKey } from '../../src/config/author-walk';
import { authoredText } from '../../src/config/author-yaml';
import type { JsonObject } from '../../src/model/json';
import type { Manage } from '../../src/model/resource';
import { withExtras } from '../../src/reconcile/refresh';
import { servingEndpoints as wire } from '../../src/wire/serving-endpoints';
import { load, said } from './project';

function authored(raw: JsonObject, more: { permissions?: JsonObject[]; manage?: Manage; form?: Form } = {}) {
  const live = wire.fromWire({ name: 'chat', id: 'e1', creator: 'ana@example.com', ...raw }, true);
  const whole = withExtras(live, { permissions: more.permissions ?? [] });
  return author({ live: whole, manage: more.manage ?? 'full' }, more.form ?? LIST_FORM);
}

/** The entry's lines without the two that head it, and without their margin. */
function lines(...args: Parameters<typeof authored>): string {
  const entry = authored(...args);
  const text = authoredText([{ name: 'serving_endpoints', entries: [entry] }]);
  const own = text.split('\n').slice(1).join('\n');
  return own.replace(/^ {2}/gm, '').trimEnd();
}

const OPENAI = { openai_api_key: '{{secrets/llm/openai}}' };
const gpt = (openai_config: JsonObject = OPENAI): JsonObject => ({
  name: 'gpt-5',
  external_model: { name: 'gpt-5', provider: 'openai', task: 'llm/v1/chat', openai_config },
  state: { deployment: 'DEPLOYMENT_READY' },
  creator: 'ana@example.com',
  creation_timestamp: 1,
});

describe('what is standard is not said', () => {
  test.each<[string, JsonObject]>([
    ['nothing set', { description: '', route_optimized: false, ai_gateway: {}, tags: [] }],
    [
      'gateway features that are off',
      {
        ai_gateway: {
          usage_tracking_config: { enabled: false },
          fallback_config: { enabled: false },
          inference_table_config: { enabled: false, catalog_name: 'ml', schema_name: 'logs' },
          guardrails: { input: { pii: { behavior: 'NONE' }, safety: false, invalid_keywords: [] } },
          rate_limits: null,
        },
      },
    ],
    ['nobody is told', { email_notifications: { on_update_failure: [], on_update_success: [] } }],
    [
      'what is only answered',
      { task: 'llm/v1/chat', endpoint_type: 'CUSTOM', capabilities: {}, permission_level: 'CAN_MANAGE' },
    ],
  ])('%s', (_, raw) => {
    expect(lines(raw)).toBe('# Nothing that could be declared is set on it.\nchat: {}');
  });

  test('of an entity: its generated name, all of the traffic, the CPU', () => {
    const config = {
      config_version: 3,
      served_entities: [
        {
          name: 'own-2',
          entity_name: 'ml.models.own',
          entity_version: '2',
          workload_type: 'CPU',
          workload_size: 'Small',
          scale_to_zero_enabled: false,
        },
      ],
      served_models: [{ name: 'own-2', model_name: 'ml.models.own', model_version: '2' }],
      traffic_config: {
        routes: [{ served_model_name: 'own-2', served_entity_name: 'own-2', traffic_percentage: 100 }],
      },
    };
    expect(lines({ config })).toBe(
      [
        'chat:',
        '  config:',
        '    served_entities:',
        '      - { entity_name: ml.models.own, entity_version: "2", workload_size: Small }',
      ].join('\n'),
    );
  });

  test('the prefix that is the name, and the right of whoever made it', () => {
    const table = { enabled: true, catalog_name: 'ml', schema_name: 'logs', table_name_prefix: 'chat' };
    const permissions = [{ user_name: 'ana@example.com', permission_level: 'CAN_MANAGE' }];
    expect(lines({ ai_gateway: { inference_table_config: table } }, { permissions })).toBe(
      'chat:\n  ai_gateway:\n    inference_table_config: { enabled: true, catalog_name: ml, schema_name: logs }',
    );
  });

  test.each([
    ['pay_per_token', true, false],
    ['pay_per_token', false, true],
    ['provisioned_throughput', true, true],
    ['provisioned_throughput', false, false],
    ['custom', true, true],
  ])('usage tracking of %s that is %s is said: %s', (sort, enabled, isSaid) => {
    const entity = {
      pay_per_token: { name: 'fm', entity_name: 'system.ai.fm', foundation_model: { name: 'fm' } },
      provisioned_throughput: {
        name: 'pt',
        entity_name: 'system.ai.pt',
        entity_version: '1',
        provisioned_model_units: 50,
      },
      custom: { name: 'own', entity_name: 'ml.models.own', entity_version: '1' },
    }[sort]!;
    const owner = sort === 'pay_per_token' ? { id: '', endpoint_type: 'FOUNDATION_MODEL_API' } : {};
    const { value } = authored({
      ...owner,
      config: { served_entities: [entity] },
      ai_gateway: { usage_tracking_config: { enabled } },
    });
    expect(value.ai_gateway).toEqual(isSaid ? { usage_tracking_config: { enabled } } : undefined);
  });
});

describe('as people write it', () => {
  test('a whole endpoint', () => {
    const text = lines(
      {
        description: 'The chat of support',
        config: {
          served_entities: [
            gpt(),
            {
              name: 'claude',
              external_model: {
                name: 'claude-4.5',
                provider: 'anthropic',
                task: 'llm/v1/chat',
                anthropic_config: { anthropic_api_key: '{{secrets/llm/anthropic}}' },
              },
            },
          ],
          traffic_config: {
            routes: [
              { served_entity_name: 'claude', traffic_percentage: 0 },
              { served_entity_name: 'gpt-5', traffic_percentage: 100 },
            ],
          },
        },
        ai_gateway: {
          fallback_config: { enabled: true },
          rate_limits: [
            { calls: 60, key: 'user', renewal_period: 'minute' },
            { tokens: 0, key: 'user_group', principal: 'data science', renewal_period: 'minute' },
            { tokens: 20000, key: 'user', renewal_period: 'minute' },
            { calls: 1000, renewal_period: 'minute' },
          ],
          guardrails: {
            output: { pii: { behavior: 'MASK' } },
            input: { safety: true, pii: { behavior: 'BLOCK' } },
          },
        },
        tags: [
          { key: 'team', value: 'support' },
          { key: 'on', value: 'yes' },
        ],
        email_notifications: { on_update_failure: ['bo@example.com', 'ana@example.com', 'bo@example.com'] },
      },
      {
        permissions: [
          { group_name: 'support', permission_level: 'CAN_QUERY' },
          { user_name: 'ana@example.com', permission_level: 'CAN_MANAGE' },
        ],
      },
    );
    expect(text).toBe(`chat:
  description: The chat of support
  config:
    # Fallback tries these in their order, which no workspace answers (they come back sorted): put
    # them into the order that you mean before the next change of the config.
    served_entities:
      - name: gpt-5
        traffic_percentage: 100
        external_model:
          name: gpt-5
          provider: openai
          task: llm/v1/chat
          openai_config: { openai_api_key: "{{secrets/llm/openai}}" }
      - name: claude
        traffic_percentage: 0
        external_model:
          name: claude-4.5
          provider: anthropic
          task: llm/v1/chat
          anthropic_config: { anthropic_api_key: "{{secrets/llm/anthropic}}" }
  ai_gateway:
    rate_limits:
      endpoint: { calls: 1000 }
      user: { calls: 60, tokens: 20000 }
      user_group:data science: { tokens: 0 }
    guardrails:
      input: { pii: { behavior: BLOCK }, safety: true }
      output: { pii: { behavior: MASK } }
    fallback_config: { enabled: true }
  permissions:
    - { user_name: ana@example.com, permission_level: CAN_MANAGE }
    - { group_name: support, permission_level: CAN_QUERY }
  tags: { "on": "yes", team: support }
  email_notifications: { on_update_failure: [ana@example.com, bo@example.com] }`);
  });

  test('lines of at most 100 columns, comments among them', () => {
    const long = 'word '.repeat(80).trim();
    const text = lines({
      description: long,
      config: {
        served_entities: [
          gpt({ openai_organization: 'o'.repeat(60), openai_api_base: 'https://example.com' }),
        ],
      },
      ai_gateway: { future_config: { on: true } },
    });
    for (const line of text.split('\n')) expect(line.length + 2).toBeLessThanOrEqual(100);
    expect(text).toContain('# The credential was given in plain text');
  });

  test('a route that leads nowhere stays a route', () => {
    const config = {
      served_entities: [{ name: 'own', entity_name: 'ml.models.own', entity_version: '1' }],
      traffic_config: { routes: [{ served_entity_name: 'gone', traffic_percentage: 100 }] },
    };
    expect(authored({ config }).value.config).toMatchObject({
      traffic_config: { routes: [{ served_entity_name: 'gone', traffic_percentage: 100 }] },
    });
  });

  test('texts that YAML or variables would read as something else come back as they were', () => {
    const odd = [
      'no',
      '012',
      '1e3',
      '',
      ' x',
      '${var.a}',
      '$${',
      '{{x',
      '# x',
      'a: b',
      '\u200b',
      '##[group]',
      '::error::',
      'a\nb',
      '\t',
    ];
    const tags = odd.map((value, index) => ({ key: `k${index}`, value }));
    const text = authoredText([{ name: 'serving_endpoints', entries: [authored({ tags })] }]);
    const loaded = load(`project: p\n${text}`);
    expect(said(loaded)).toEqual([]);
    expect(loaded.desired?.resources[0]?.fields.tags).toEqual(
      Object.fromEntries(tags.map(({ key, value }) => [key, value])),
    );
    expect(text).not.toMatch(/[^\P{Cf}]|##\[|^\s*::/mu);
  });
});

describe('how it is managed', () => {
  const system = { id: '', creator: null, endpoint_type: 'FOUNDATION_MODEL_API', name: 'databricks-fm' };
  const limited = { ai_gateway: { rate_limits: [{ calls: 30, key: 'user', renewal_period: 'minute' }] } };

  test.each<[Manage, string]>([
    ['full', 'attach'],
    ['attach', 'attach'],
    ['observe', 'observe'],
  ])('what Databricks made, asked for as %s', (manage, becomes) => {
    expect(
      lines(
        { ...system, ...limited, config: { served_entities: [{ name: 'fm', foundation_model: {} }] } },
        { manage },
      ),
    ).toBe(
      `databricks-fm:\n  manage: ${becomes}\n  kind: pay_per_token\n  ai_gateway: { rate_limits: { user: { calls: 30 } } }`,
    );
  });

  test('a reserved name on an endpoint of one’s own is attached, and without what cannot be attached', () => {
    const config = { served_entities: [{ name: 'own', entity_name: 'ml.models.own', entity_version: '1' }] };
    expect(
      lines({ name: 'databricks-app', config, description: 'x', tags: [{ key: 'a', value: 'b' }] }),
    ).toBe('databricks-app:\n  manage: attach\n  kind: custom\n  tags: { a: b }');
  });

  test('grants on what is attached are added, not the whole list', () => {
    const permissions = [
      { group_name: 'support', permission_level: 'CAN_QUERY' },
      { user_name: 'bo@example.com', permission_level: 'CAN_VIEW' },
    ];
    expect(lines({}, { permissions, manage: 'attach' })).toBe(
      'chat:\n  manage: attach\n  permissions:\n    group:support: CAN_QUERY\n    user:bo@example.com: CAN_VIEW'.replace(
        '\n    group:support: CAN_QUERY\n    user:bo@example.com: CAN_VIEW',
        ' { group:support: CAN_QUERY, user:bo@example.com: CAN_VIEW }',
      ),
    );
  });

  test('the group admins is nobody’s to grant: a map leaves it as it is', () => {
    const permissions = [
      { group_name: 'admins', permission_level: 'CAN_MANAGE' },
      { user_name: 'bo@example.com', permission_level: 'CAN_VIEW' },
    ];
    expect(lines({}, { permissions })).toBe('chat:\n  permissions: { user:bo@example.com: CAN_VIEW }');
  });
});

describe('what cannot be said becomes a note', () => {
  test.each<[string, JsonObject, string]>([
    [
      'a deprecated table',
      { config: { auto_capture_config: { enabled: true } } },
      'config.auto_capture_config cannot be declared',
    ],
    ['an unknown block', { ai_gateway: { future: {} } }, 'ai_gateway.future cannot be declared'],
    [
      'an unknown member of an entity',
      { config: { served_entities: [{ ...gpt(), burst: 1 }] } },
      'config.served_entities[gpt-5].burst cannot be declared',
    ],
    [
      'a limit of another period',
      { ai_gateway: { rate_limits: [{ calls: 1, key: 'user', renewal_period: 'hour' }] } },
      'a limit of another period is left out',
    ],
    [
      'a limit of an unknown key',
      { ai_gateway: { rate_limits: [{ calls: 1, key: 'tag', renewal_period: 'minute' }] } },
      'ai_gateway.rate_limits[tag] is left out',
    ],
    ['a failed update', { state: { config_update: 'UPDATE_FAILED' } }, 'its last config update failed'],
    ['an update under way', { state: { config_update: 'IN_PROGRESS' } }, 'a config update is under way'],
    [
      'a credential in plain text',
      { config: { served_entities: [gpt({})] } },
      'gpt-5 needs its credential as a reference: openai_config.openai_api_key',
    ],
    [
      'a right that does not do',
      { permission_level: 'CAN_QUERY' },
      'you have CAN_QUERY; to apply takes CAN_MANAGE',
    ],
  ])('%s', (_, raw, todo) => {
    expect(authored(raw).todos).toEqual([todo]);
  });

  test.each<[string, JsonObject, string]>([
    ['a budget policy', { effective_budget_policy_id: 'b-1' }, 'in effect is b-1'],
    [
      'telemetry made of names',
      { telemetry_config: { telemetry_profile_id: 'p-1' } },
      'If this was made of table_names',
    ],
  ])('and %s is told without a task', (_, raw, text) => {
    const notes = authored({ tags: [{ key: 'a', value: 'b' }], ...raw }).notes;
    expect(notes).toEqual([{ at: expect.anything(), text: expect.stringContaining(text) }]);
  });

  test.each<[string, JsonObject, string]>([
    ['anthropic', { anthropic_config: {} }, 'anthropic_config.anthropic_api_key'],
    [
      'openai',
      { openai_config: { openai_api_type: 'azuread' } },
      'openai_config.microsoft_entra_client_secret',
    ],
    [
      'custom',
      { custom_provider_config: { api_key_auth: { key: 'x' } } },
      'custom_provider_config.api_key_auth.value',
    ],
    [
      'custom',
      { custom_provider_config: { bearer_token_auth: { future: 1 } } },
      'custom_provider_config.api_key_auth.value',
    ],
    [
      'amazon-bedrock',
      { amazon_bedrock_config: { aws_region: 'r' } },
      'amazon_bedrock_config.aws_access_key_id, amazon_bedrock_config.aws_secret_access_key',
    ],
    [
      'amazon-bedrock',
      { amazon_bedrock_config: { aws_region: 'r', aws_access_key_id: '{{secrets/a/b}}' } },
      'amazon_bedrock_config.aws_secret_access_key',
    ],
    ['cohere', {}, 'cohere_config.cohere_api_key'],
  ])('the credential that is missing for %s %j', (provider, block, missing) => {
    const entity = { name: 'm', external_model: { name: 'm', provider, task: 't', ...block } };
    const { todos } = authored({ config: { served_entities: [entity] } });
    expect(todos).toContain(`m needs its credential as a reference: ${missing}`);
  });

  test('an instance profile is a credential', () => {
    const amazon_bedrock_config = {
      aws_region: 'r',
      bedrock_provider: 'anthropic',
      instance_profile_arn: 'arn',
    };
    const entity = {
      name: 'm',
      external_model: { name: 'm', provider: 'amazon-bedrock', task: 't', amazon_bedrock_config },
    };
    expect(authored({ config: { served_entities: [entity] } }).notes).toEqual([]);
  });

  test('literal credentials are left out wherever they stand, and never quoted', () => {
    const key = `sk-${'a'.repeat(30)}`;
    const entity = {
      name: 'own',
      entity_name: 'ml.models.own',
      entity_version: '1',
      environment_vars: { API_KEY: 'hunter2hunter2', OTHER: key, LOG: 'info', TOKEN: '{{secrets/a/b}}' },
    };
    const raw = {
      description: `uses ${key}`,
      config: { served_entities: [entity] },
      tags: [{ key: 'token', value: 'hunter2hunter2' }],
      ai_gateway: { guardrails: { input: { invalid_keywords: [key, 'word'] } }, [key]: 1 },
    };
    const text = lines(raw);
    expect(text).not.toMatch(/hunter2|aaaa/);
    expect(text).toContain('environment_vars: { LOG: info, TOKEN: "{{secrets/a/b}}" }');
    expect(text).toContain('invalid_keywords: [word]');
    expect(text.match(/holds a literal credential/g)).toHaveLength(5);
  });

  test('fields that could not be read', () => {
    const live = wire.fromWire({ name: 'chat', id: 'e1' }, true);
    const { todos } = author({
      live,
      manage: 'full',
      unread: new Map([['permissions', 'you need CAN_MANAGE']]),
    });
    expect(todos).toEqual(['permissions not readable']);
  });
});

describe('another form', () => {
  const config = { served_entities: [gpt({})] };

  test('entities as a map, which may leave out what cannot be read', () => {
    const text = lines({ config }, { form: { entities: 'map', without: new Map() } });
    expect(text).toContain('served_entities:\n      gpt-5:\n');
    expect(said(load(`project: p\nserving_endpoints:\n${text.replace(/^/gm, '  ')}\n`))).toEqual([]);
  });

  test('without a value, with the reason above what held it', () => {
    const without = new Map([
      [placeKey(['config', 'served_entities', '0', 'external_model', 'task']), 'nobody knows it'],
    ]);
    const text = lines({ config: { served_entities: [gpt()] } }, { form: { entities: 'list', without } });
    expect(text).toContain('# task is left out: nobody knows it.\n');
    expect(text).not.toContain('llm/v1/chat');
  });
});
