// The same gateway in TypeScript and in YAML is one desired document, and every value knows the line that said it.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  GatewayApp,
  GatewayAttachment,
  Group,
  ModelService,
  Provider,
  Secret,
  ServicePrincipal,
  ServingEndpoint,
  type ServingEndpointProps,
  Task,
  User,
  Variable,
} from '../../constructs';
import { SHAPES } from '../../constructs/generated/spelling';
import { load } from '../config/project';
import { wholeEstates } from '../generators/config';
import { digestOf, documentOf, lineOf, loadApp, told } from './program';

const HERE = 'test/constructs/serving-endpoint.test.ts';
const text = readFileSync(__filename, 'utf8');
const line = (mark: string) => lineOf(text, mark);

test('what the API says in snake case the props say in camel case', () => {
  const app = new GatewayApp({ project: 'p' });
  new ServingEndpoint(app, 'chat', {
    labels: { data_class: 'confidential' },
    protect: true,
    aiGateway: {
      rateLimits: {
        user: { calls: 60, tokens: 0 },
        'user_group:data-science': { tokens: 200_000 },
        endpoint: null,
      },
      guardrails: { input: { pii: { behavior: 'BLOCK' }, safety: true }, output: null },
      inferenceTableConfig: { enabled: true, catalogName: 'ml', schemaName: 'logs' },
      usageTrackingConfig: null,
    },
    tags: { costCentre: '12', old: null },
  });
  const yaml = `
project: p
serving_endpoints:
  chat:
    protect: true
    labels: { data_class: confidential }
    tags: { old: null, costCentre: "12" }
    ai_gateway:
      usage_tracking_config: null
      guardrails: { input: { safety: true, pii: { behavior: BLOCK } }, output: null }
      inference_table_config: { enabled: true, catalog_name: ml, schema_name: logs }
      rate_limits: { endpoint: null, "user_group:data-science": { tokens: 200000 }, user: { calls: 60, tokens: 0 } }
`;
  expect(documentOf(loadApp(app))).toBe(documentOf(load(yaml)));
  expect(documentOf(load(JSON.stringify(app.toDocument())))).toBe(documentOf(load(yaml)));
});

test('methods say what a file would say', () => {
  const app = new GatewayApp({ project: 'llm-platform' });
  const llm = Secret.scope('llm');
  const chat = new ServingEndpoint(app, 'chat', { labels: { tier: 'tier-1' }, protect: true });
  chat.addExternalModel('gpt', {
    provider: Provider.openai({ apiKey: llm.key('openai') }),
    model: 'gpt-5',
    task: Task.CHAT,
    traffic: 80,
  });
  chat.addExternalModel('claude', {
    provider: Provider.anthropic({ apiKey: llm.key('anthropic') }),
    model: 'claude-4',
    task: Task.CHAT,
    traffic: 20,
  });
  chat
    .limit({ per: 'user', calls: 60, tokens: 20_000 })
    .limit({ per: Group.named('data-science'), tokens: 200_000 });
  chat
    .guard({ input: { pii: 'BLOCK', safety: true } })
    .guard({ output: { pii: 'MASK' } })
    .enableFallback()
    .trackUsage()
    .logTo('ml.logs', { prefix: 'chat' })
    .tag('team', 'support');
  chat
    .grantQuery(Group.named('support-app'), ServicePrincipal.withId('app-1'))
    .grantView(User.named('ana@example.com'));
  GatewayAttachment.matching(app, 'databricks-*', { kind: 'pay_per_token' }).limit({
    per: 'user',
    calls: 30,
  });
  const yaml = `
project: llm-platform
serving_endpoints:
  chat:
    labels: { tier: tier-1 }
    protect: true
    config:
      served_entities:
        - name: gpt
          traffic_percentage: 80
          external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key: "{{secrets/llm/openai}}" } }
        - name: claude
          traffic_percentage: 20
          external_model: { name: claude-4, provider: anthropic, task: llm/v1/chat, anthropic_config: { anthropic_api_key: "{{secrets/llm/anthropic}}" } }
    ai_gateway:
      rate_limits: { user: { calls: 60, tokens: 20000 }, "user_group:data-science": { tokens: 200000 } }
      guardrails: { input: { pii: { behavior: BLOCK }, safety: true }, output: { pii: { behavior: MASK } } }
      fallback_config: { enabled: true }
      usage_tracking_config: { enabled: true }
      inference_table_config: { enabled: true, catalog_name: ml, schema_name: logs, table_name_prefix: chat }
    tags: { team: support }
    permissions: { "group:support-app": CAN_QUERY, "service_principal:app-1": CAN_QUERY, "user:ana@example.com": CAN_VIEW }
  databricks-*: { manage: attach, kind: pay_per_token, ai_gateway: { rate_limits: { user: { calls: 30 } } } }
`;
  expect(documentOf(load(JSON.stringify(app.toDocument())))).toBe(documentOf(load(yaml)));
});

/** The API's spelling → that of the props, for what a test generates. */
function camelled(value: unknown, type: string): unknown {
  const shape =
    (
      SHAPES as Record<
        string,
        { fields?: Record<string, string>; values?: string; items?: string; verbatim?: true }
      >
    )[type] ?? {};
  if (typeof value !== 'object' || value === null || shape.verbatim) return value;
  if (Array.isArray(value)) return value.map((item) => camelled(item, shape.items ?? ''));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const prop = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
      return shape.values === undefined
        ? [prop, camelled(member, shape.fields?.[prop] ?? '')]
        : [name, camelled(member, shape.values)];
    }),
  );
}

test('generated endpoints: YAML and TypeScript give one document, byte for byte, and one digest', () => {
  let spelt = 0;
  const digests = new Set<string>();
  fc.assert(
    fc.property(wholeEstates, ({ config, live }) => {
      const app = new GatewayApp({ project: 'generated' });
      for (const [key, entry] of Object.entries(config.serving_endpoints as object)) {
        const props = camelled(entry, 'ServingEndpointProps') as ServingEndpointProps;
        if (JSON.stringify(props) !== JSON.stringify(entry)) spelt += 1;
        new ServingEndpoint(app, key, props);
      }
      const typed = loadApp(app, { 'gatewright.yaml': 'project: generated\napp: gateways.ts\n' });
      const yaml = load(JSON.stringify(config));
      expect(documentOf(typed)).toBe(documentOf(yaml));
      const digest = digestOf(typed, live);
      expect(digest).toBe(digestOf(yaml, live));
      digests.add(digest);
    }),
    { numRuns: Number(process.env.GATEWRIGHT_CASES ?? 200) },
  );
  expect(spelt).toBeGreaterThan(50);
  expect(digests.size).toBeGreaterThan(50);
});

test('each value knows its line: the props, the method that added it, and the construct', () => {
  const app = new GatewayApp();
  const chat = new ServingEndpoint(app, 'chat', { protect: true, description: 'answers' }); // made
  chat.limit({ per: 'user', calls: 60 }); // limited
  chat.limit({ per: 'endpoint', calls: 600 }); // ceiling
  const { origins } = loadApp(app).desired!.resources[0]!;
  const at = (path: string) => {
    const { file, line, layer } = origins[path]!;
    return { file, line, layer };
  };
  expect(at('')).toEqual({ file: HERE, line: line('made'), layer: 'construct chat' });
  expect(at('description')).toMatchObject({ line: line('made') });
  expect(at('ai_gateway.rate_limits[user].calls')).toMatchObject({ file: HERE, line: line('limited') });
  expect(at('ai_gateway.rate_limits[endpoint].calls')).toMatchObject({ line: line('ceiling') });
});

test('an error stands at the line of the program, in a frame of its text', () => {
  const app = new GatewayApp();
  new ServingEndpoint(app, 'chat').limit({ per: 'user', calls: -1 }); // negative
  GatewayAttachment.fromEndpointName(app, 'theirs', { nonsense: true } as object); // unknown
  const loaded = loadApp(app, { [HERE]: text });
  expect(told(loaded)).toEqual([
    `bad-value ${HERE}:${line('negative')}`,
    `unknown-field ${HERE}:${line('unknown')}`,
  ]);
  expect(loaded.texts.get(HERE)).toContain('// negative');
});

test('an address in YAML and in TypeScript is a clash with both places', () => {
  const app = new GatewayApp();
  new ServingEndpoint(app, 'chat', { protect: true }); // clashing
  const yaml = 'project: p\napp: gateways.ts\nserving_endpoints:\n  chat: { protect: false }\n';
  const [clash, ...rest] = loadApp(app, { 'gatewright.yaml': yaml }).diagnostics;
  expect(rest).toEqual([]);
  expect(clash).toMatchObject({
    code: 'duplicate-name',
    at: { file: HERE, line: line('clashing') },
    label: 'by construct chat',
    because: { at: { file: 'gatewright.yaml', line: 4, column: 3 } },
  });
});

test('two constructs of one address are named both, also from one line of a library', () => {
  const app = new GatewayApp();
  for (const team of ['a', 'b']) GatewayAttachment.matching(new ServingEndpoint(app, team), 'databricks-*');
  const clash = loadApp(app).diagnostics.find(({ code }) => code === 'duplicate-name');
  expect(clash).toMatchObject({
    label: 'by construct b/databricks-*',
    because: { text: expect.stringContaining('by construct a/databricks-*') },
  });
  expect(() => app.toDocument()).toThrow(
    'serving_endpoints.databricks-* is declared twice: by a/databricks-*',
  );
});

test('an id within another is joined to it, but for Default', () => {
  const app = new GatewayApp();
  const outer = new ServingEndpoint(app, 'support');
  expect([new ServingEndpoint(outer, 'chat').key, new ServingEndpoint(outer, 'Default').section]).toEqual([
    'support-chat',
    'serving_endpoints',
  ]);
});

test('what two calls say differently is refused with the place of the first; the same twice is fine', () => {
  const app = new GatewayApp();
  const chat = new ServingEndpoint(app, 'chat');
  chat.limit({ per: 'user', calls: 60 }).limit({ per: 'user', tokens: 100 }); // first
  expect(() => chat.limit({ per: 'user', calls: 30 })).toThrow(
    new RegExp(`ai_gateway.rate_limits.user.calls of chat is said already.*${HERE}:${line('first')}:`),
  );
  expect(() => chat.limit({ per: 'user', calls: 60 })).not.toThrow();
  expect(() => chat.limit({ per: 'user' })).toThrow('names neither calls nor tokens');
});

test('methods add to a list that the props gave, and refuse a map where order counts', () => {
  const app = new GatewayApp();
  const given = {
    aiGateway: { rateLimits: [{ key: 'endpoint' as const, calls: 5 }] },
    tags: [{ key: 'a', value: 'b' }],
  };
  new ServingEndpoint(app, 'chat', given).limit({ per: Group.named('g'), calls: 1 }).tag('c', 'd');
  const { fields } = loadApp(app).desired!.resources[0]!;
  expect(JSON.parse(JSON.stringify(fields))).toEqual({
    ai_gateway: {
      rate_limits: [
        { calls: 5, key: 'endpoint', renewal_period: 'minute' },
        { calls: 1, key: 'user_group', principal: 'g', renewal_period: 'minute' },
      ],
    },
    tags: [
      { key: 'a', value: 'b' },
      { key: 'c', value: 'd' },
    ],
  });
  expect(given.aiGateway.rateLimits).toHaveLength(1);
  const mapped = new ServingEndpoint(app, 'mapped', { config: { servedEntities: {} } });
  expect(() => mapped.addModel('m', { entityName: 'main.ai.m' })).toThrow('is given as a map');
});

test('variables of the program and of the file, credentials of the environment', () => {
  const app = new GatewayApp();
  const catalog = app.variable('catalog', { default: 'ml' });
  new ServingEndpoint(app, 'chat', { protect: Variable.named('guarded') })
    .addExternalModel('gpt', {
      provider: Provider.openai({ openaiApiKeyPlaintext: Secret.environment('OPENAI_API_KEY') }),
      model: 'gpt-5',
      task: Task.CHAT,
    })
    .logTo(`${catalog}.logs`);
  const yaml = 'project: p\napp: x.ts\nvariables: { guarded: { default: true } }\n';
  const loaded = loadApp(app, { 'gatewright.yaml': yaml }, { variables: { catalog: 'other' } });
  expect(loaded.diagnostics).toEqual([]);
  expect(loaded.desired!.resources[0]).toMatchObject({
    protect: true,
    fields: { ai_gateway: { inference_table_config: { catalog_name: 'other', schema_name: 'logs' } } },
  });
});

test('removed names what goes, with its line', () => {
  const app = new GatewayApp();
  app.removed({ servingEndpoint: 'old-chat', reason: 'replaced by chat', since: '2026-11-20' }); // removing
  const [removed] = loadApp(app).desired!.removed;
  expect(removed).toMatchObject({ name: 'old-chat', origin: { file: HERE, line: line('removing') } });
});

test('a model service, by its name in Unity Catalog', () => {
  const app = new GatewayApp();
  new ModelService(app, 'main.ai.chat', {
    config: {
      routing: { destinations: [{ name: 'a', payPerTokenConfig: { model: 'models/system.ai.claude' } }] },
    },
  })
    .limit({ per: 'user_default', by: 'hour', requests: 10 })
    .grantExecute(Group.named('support-app'));
  const yaml = `
project: p
model_services:
  main.ai.chat:
    config:
      routing: { destinations: [ { name: a, pay_per_token_config: { model: models/system.ai.claude } } ] }
      rate_limits: { user_default/hour: { requests: 10 } }
    grants: { support-app: [EXECUTE] }
`;
  expect(documentOf(loadApp(app))).toBe(documentOf(load(yaml)));
});

test('an entry in the spelling of the API', () => {
  const app = new GatewayApp();
  const entry = { ai_gateway: { usage_tracking_config: { enabled: true } } };
  ServingEndpoint.fromApi(app, 'chat', entry).limit({ per: 'user', calls: 1 });
  expect(documentOf(loadApp(app))).toContain(
    '"rate_limits":{"user":{"calls":1}},"usage_tracking_config":{"enabled":true}',
  );
  expect(entry).toEqual({ ai_gateway: { usage_tracking_config: { enabled: true } } });
});

test('a credential that the program wrote down is refused at its line, and not shown', () => {
  const app = new GatewayApp();
  const key = 'not-a-real-credential';
  new ServingEndpoint(app, 'chat').addExternalModel('gpt', {
    provider: Provider.openai({ apiKey: key as never }), // leaking
    model: 'gpt-5',
    task: Task.CHAT,
  });
  const loaded = loadApp(app, { [HERE]: text });
  expect(told(loaded).join()).toContain('literal-credential');
  expect([...loaded.texts.values()].join('\n')).not.toContain(key);
  expect(JSON.stringify(loaded.diagnostics)).not.toContain(key);
});

test('a program of another project is refused with both places', () => {
  const app = new GatewayApp({ project: 'other' }); // other project
  const [diagnostic] = loadApp(app).diagnostics;
  expect(diagnostic).toMatchObject({
    code: 'other-project',
    at: { line: line('other project') },
    because: { at: { file: 'gatewright.yaml', line: 1 } },
  });
});

test('without somebody to run it, a project with a program is refused', () => {
  expect(load('project: p\napp: gateways.ts\n').diagnostics).toMatchObject([
    { code: 'app-not-run', at: { line: 2 } },
  ]);
});

test.each([
  ['not JSON', '{', 'is not JSON'],
  ['another format', '{"format":"gatewright/declared/2"}', 'is not gatewright/declared/1'],
  [
    'an unknown section',
    '{"format":"gatewright/declared/1","entries":[{"section":"targets","key":"a","value":{}}]}',
    'no address',
  ],
  [
    'a prototype',
    '{"format":"gatewright/declared/1","entries":[{"section":"serving_endpoints","key":"a","value":{"__proto__":{}}}]}',
    'cannot be a key',
  ],
])('%s is refused', (_, document, message) => {
  const loaded = loadApp(new GatewayApp(), {}, { runApp: () => ({ documents: [document], directory: '/' }) });
  expect(loaded.diagnostics).toMatchObject([
    { severity: 'error', message: expect.stringContaining(message) },
  ]);
});
