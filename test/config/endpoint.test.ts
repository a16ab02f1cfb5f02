// The normal form of a whole endpoint: shorthands, order, layers, secrets.
import { desiredDocument, readDesiredDocument } from '../../src/config';
import { canonicalJson, type JsonObject } from '../../src/model/json';
import { endpoint, fieldsOf, load, only, said, textAt } from './project';

const KEY = 'openai_config: { openai_api_key: "{{secrets/llm/openai}}" }';
const gpt = (more = '') =>
  `{ name: gpt, ${more}external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, ${KEY} } }`;
const other = (name: string, more = '') =>
  `{ name: ${name}, ${more}external_model: { name: m, provider: openai, task: llm/v1/chat, ${KEY} } }`;
const config = (loaded: ReturnType<typeof load>) =>
  (fieldsOf(loaded) as { config: { served_entities: JsonObject[]; traffic_config: JsonObject } }).config;
const names = (loaded: ReturnType<typeof load>) => config(loaded).served_entities.map(({ name }) => name);

test('inline shares become the whole list of routes', () => {
  const loaded = load(
    endpoint(
      `config: { served_entities: [ ${gpt('traffic_percentage: 80, ')}, ${other('b', 'traffic_percentage: 20, ')} ] }`,
    ),
  );
  expect(said(loaded)).toEqual([]);
  expect(config(loaded)).toEqual({
    served_entities: [
      {
        name: 'gpt',
        external_model: {
          name: 'gpt-5',
          provider: 'openai',
          task: 'llm/v1/chat',
          openai_config: { openai_api_key: '{{secrets/llm/openai}}' },
        },
      },
      expect.objectContaining({ name: 'b' }),
    ],
    traffic_config: {
      routes: [
        { served_entity_name: 'b', traffic_percentage: 20 },
        { served_entity_name: 'gpt', traffic_percentage: 80 },
      ],
    },
  });
});

test('in a map they are own keys of the routes, and an entity of which nothing else is said is not declared', () => {
  const loaded = load(
    endpoint(
      'config: { served_entities: { gpt: { traffic_percentage: 90 }, own: { entity_name: a.b.c, traffic_percentage: 10 } } }',
    ),
  );
  expect(fieldsOf(loaded)).toEqual({
    config: {
      served_entities: { own: { entity_name: 'a.b.c' } },
      traffic_config: { routes: { gpt: 90, own: 10 } },
    },
  });
});

test('shares of every entity of a whole list are all routes, whatever their form', () => {
  const all = {
    routes: [
      { served_entity_name: 'a', traffic_percentage: 60 },
      { served_entity_name: 'b', traffic_percentage: 40 },
    ],
  };
  const text = (routes: string) =>
    endpoint(
      `config: { served_entities: [ ${other('a')}, ${other('b')} ], traffic_config: { routes: ${routes} } }`,
    );
  expect(config(load(text('{ a: 60, b: 40 }'))).traffic_config).toEqual(all);
  expect(config(load(text('{ a: 60 }'))).traffic_config).toEqual({ routes: { a: 60 } });
});

test('an only entity has all requests', () => {
  const only = { routes: [{ served_entity_name: 'a', traffic_percentage: 100 }] };
  expect(config(load(endpoint(`config: { served_entities: [ ${other('a')} ] }`))).traffic_config).toEqual(
    only,
  );
  expect(fieldsOf(load(endpoint('config: { served_entities: { a: { entity_name: x } } }')))).toEqual({
    config: { served_entities: { a: { entity_name: 'x' } } },
  });
});

test('an entity that is removed takes its route along', () => {
  const text = `${endpoint(`preset: base\nconfig: { served_entities: { b: null } }`)}presets: { base: { config: { served_entities: [ ${gpt('traffic_percentage: 100, ')}, ${other('b', 'traffic_percentage: 0, ')} ] } } }`;
  const loaded = load(text);
  expect(said(loaded)).toEqual([]);
  expect(names(loaded)).toEqual(['gpt']);
  expect(config(loaded).traffic_config).toEqual({
    routes: [{ served_entity_name: 'gpt', traffic_percentage: 100 }],
  });
});

test('a share knows where it was written', () => {
  const loaded = load(endpoint(`config: { served_entities: [ ${gpt('traffic_percentage: 100, ')} ] }`));
  const origins = loaded.desired!.resources[0]!.origins;
  expect(textAt(loaded.texts, origins['config.traffic_config.routes[gpt]'])).toBe('100');
  expect(textAt(loaded.texts, origins['config.served_entities[gpt].external_model.name'])).toBe('gpt-5');
});

test('a list of entities keeps its order', () => {
  const list = ['z', 'a', 'm'].map((name) => other(name, 'traffic_percentage: 0, '));
  const loaded = load(
    endpoint(`config: { served_entities: [ ${gpt('traffic_percentage: 100, ')}, ${list.join(', ')} ] }`),
  );
  expect(names(loaded)).toEqual(['gpt', 'z', 'a', 'm']);
  const document = desiredDocument(loaded.desired!);
  const read = readDesiredDocument(canonicalJson(document), 'desired.json');
  expect(read.diagnostics).toEqual([]);
  expect(canonicalJson(desiredDocument(read.desired!))).toBe(canonicalJson(document));
});

test('of two lists the upper one leads; a map says nothing about order', () => {
  const entities = (...list: string[]) => `[ ${list.map((name) => other(name)).join(', ')} ]`;
  const routes = 'traffic_config: { routes: { a: 40, b: 30, c: 30 } }';
  const preset = `presets: { base: { config: { served_entities: ${entities('a', 'b', 'c')}, ${routes} } } }`;
  const over = (text: string) =>
    load(`${endpoint(`preset: base\nconfig: { served_entities: ${text} }`)}${preset}`);
  expect(names(over(entities('c', 'a')))).toEqual(['c', 'a', 'b']);
  expect(names(over('{ c: { environment_vars: null }, a: {} }'))).toEqual(['a', 'b', 'c']);
});

test.each([
  ['an external model', '{ external_model: { name: "claude-4.5:x" } }', 'claude-4-5-x'],
  ['a model of the catalog', '{ entity_name: ml.models.own, entity_version: "3" }', 'own-3'],
  ['a model of the registry', '{ entity_name: own, entity_version: 3 }', 'own-3'],
  ['a version in a variable', '{ entity_name: own, entity_version: "${var.v}" }', 'own-4'],
])('an entity without a name is called as the workspace would call it: %s', (_, entity, name) => {
  const text = `${endpoint(`manage: observe\nconfig: { served_entities: [ ${entity} ] }`)}variables: { v: { default: 4 } }`;
  expect(names(load(text))).toEqual([name]);
});

test('without a version the name is a guess, and said to be one', () => {
  const loaded = load(endpoint('config: { served_entities: [ { entity_name: ml.models.own } ] }'));
  expect(said(loaded)).toEqual(['warning unnamed-entity <entity_name>']);
  expect(names(loaded)).toEqual(['own']);
});

test('routes may be pasted with their old name', () => {
  const entity = '{ entity_name: a.b.c, entity_version: "1" }';
  const text = (route: string) =>
    endpoint(`config: { served_entities: [ ${entity} ], traffic_config: { routes: [ ${route} ] } }`);
  const routes = { routes: [{ served_entity_name: 'c-1', traffic_percentage: 100 }] };
  for (const route of [
    '{ served_model_name: c-1, traffic_percentage: 100 }',
    '{ served_model_name: c-1, served_entity_name: c-1, traffic_percentage: 100 }',
  ])
    expect(config(load(text(route))).traffic_config).toEqual(routes);
  expect(
    said(load(text('{ served_model_name: x, served_entity_name: c-1, traffic_percentage: 100 }'))),
  ).toEqual(['contradiction <x>']);
});

test('permissions have two forms', () => {
  const list = load(
    endpoint(
      'permissions: [ { user_name: ana@example.com, permission_level: CAN_VIEW }, { group_name: support-app, permission_level: CAN_QUERY } ]',
    ),
  );
  expect(fieldsOf(list)).toEqual({
    permissions: [
      { group_name: 'support-app', permission_level: 'CAN_QUERY' },
      { user_name: 'ana@example.com', permission_level: 'CAN_VIEW' },
    ],
  });
  const map = load(endpoint('permissions: { "group:support-app": CAN_QUERY, "user:bo@example.com": null }'));
  expect(fieldsOf(map)).toEqual({
    permissions: { 'group:support-app': 'CAN_QUERY', 'user:bo@example.com': null },
  });
});

test('sets are sorted, and what else an endpoint has stays as it is', () => {
  const loaded = load(
    endpoint(`
      description: answers questions
      route_optimized: true
      budget_policy_id: b-1
      email_notifications: { on_update_failure: [bo@example.com, ana@example.com, bo@example.com] }
      telemetry_config: { telemetry_profile_id: t, enabled_telemetry_features: [TELEMETRY_FEATURE_TRACES, TELEMETRY_FEATURE_LOGS] }
    `),
  );
  expect(said(loaded)).toEqual([]);
  expect(fieldsOf(loaded)).toEqual({
    description: 'answers questions',
    route_optimized: true,
    budget_policy_id: 'b-1',
    email_notifications: { on_update_failure: ['ana@example.com', 'bo@example.com'] },
    telemetry_config: {
      telemetry_profile_id: 't',
      enabled_telemetry_features: ['TELEMETRY_FEATURE_LOGS', 'TELEMETRY_FEATURE_TRACES'],
    },
  });
});

describe('secrets', () => {
  const secret = (text: string, more = '') =>
    `${endpoint(`config: { served_entities: [ { name: a, external_model: { name: m, provider: anthropic, task: llm/v1/chat, anthropic_config: { ${text} } } } ] }`)}variables: { a: { default: scope }, b: { default: key }, literal: { default: hunter2-hunter2 }, whole: { default: "{{secrets/x/y}}" } ${more} }`;
  const value = (loaded: ReturnType<typeof load>) =>
    JSON.stringify(config(loaded).served_entities[0]!.external_model);

  test.each([
    ['anthropic_api_key: "{{secrets/llm/claude}}"', '{{secrets/llm/claude}}'],
    ['anthropic_api_key: "{{secrets/${var.a}/claude}}"', '{{secrets/scope/claude}}'],
    ['anthropic_api_key: "{{secrets/${var.a}/${var.b}}}"', '{{secrets/scope/key}}'],
    ['anthropic_api_key: "${var.whole}"', '{{secrets/x/y}}'],
    ['anthropic_api_key_plaintext: "${env.CLAUDE_KEY}"', '${env.CLAUDE_KEY}'],
  ])('%s is taken', (text, expected) => {
    const loaded = load(secret(text));
    expect(said(loaded)).toEqual([]);
    expect(value(loaded)).toContain(`"${expected}"`);
    const document = canonicalJson(desiredDocument(loaded.desired!));
    const read = readDesiredDocument(document, 'desired.json');
    expect(read.diagnostics).toEqual([]);
    expect(canonicalJson(desiredDocument(read.desired!))).toBe(document);
  });

  test.each([
    ['anthropic_api_key: hunter2-hunter2', 'literal-credential'],
    ['anthropic_api_key: 123456789', 'literal-credential'],
    ['anthropic_api_key: "${var.literal}"', 'literal-credential'],
    ['anthropic_api_key: "prefix-${var.a}"', 'literal-credential'],
    ['anthropic_api_key: "{{secrets/llm}}"', 'bad-value'],
    ['anthropic_api_key: "{{ secrets/llm/claude }}"', 'bad-value'],
    ['anthropic_api_key: "{{secrets/llm/a/b}}"', 'bad-value'],
    ['anthropic_api_key: "{{secrets/llm/claude}}hunter2-hunter2"', 'literal-credential'],
    ['anthropic_api_key: ""', 'bad-value'],
    ['anthropic_api_key: { a: 1 }', 'bad-value'],
    ['anthropic_api_key: "${env.CLAUDE_KEY}"', 'env-not-allowed'],
    ['anthropic_api_key_plaintext: hunter2-hunter2', 'literal-credential'],
    ['anthropic_api_key_plaintext: "${var.literal}"', 'bad-value'],
    ['anthropic_api_key_plaintext: "{{secrets/llm/claude}}"', 'bad-value'],
    ['anthropic_api_key_plaintext: "${env.CLAUDE}x"', 'literal-credential'],
    ['anthropic_api_key_plaintext: "$${env.CLAUDE}"', 'literal-credential'],
    ['anthropic_api_key_plaintext: "${env.DATABRICKS_TOKEN}"', 'env-not-allowed'],
    ['anthropic_api_key_plaintext: "${env.GITHUB_TOKEN}"', 'env-not-allowed'],
    ['anthropic_api_key_plaintext: "${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}"', 'env-not-allowed'],
    ['anthropic_api_key_plaintext: "${env.arm_client_secret}"', 'env-not-allowed'],
  ])('%s is refused at its line, and not repeated', (text, code) => {
    const loaded = load(secret(text));
    expect(loaded.diagnostics.map((each) => [each.code, each.at?.line])).toContainEqual([code, 4]);
    expect(loaded.desired).toBeUndefined();
    const shown = JSON.stringify([loaded.diagnostics, loaded.texts.get('gatewright.yaml')?.split('\n')[3]]);
    expect(shown).not.toMatch(/hunter2|123456789/);
  });

  test('a variable cannot name what is taken from the environment', () => {
    const text = secret('anthropic_api_key_plaintext: "{{secrets/a/b}}"');
    expect(said(load(text, { variables: { a: '${env.GITHUB_TOKEN}' } }))).toContainEqual(
      expect.stringMatching(/^bad-value/),
    );
  });

  test('a document is held to the same names', () => {
    const good = desiredDocument(load(secret('anthropic_api_key_plaintext: "${env.CLAUDE_KEY}"')).desired!);
    const bad = JSON.stringify(good).replace('CLAUDE_KEY', 'DATABRICKS_TOKEN');
    expect(readDesiredDocument(bad, 'desired.json').diagnostics.map(({ code }) => code)).toEqual([
      'env-not-allowed',
    ]);
  });

  test('nothing is resolved in preview', () => {
    const text = endpoint('preview: { x: { openai_api_key_plaintext: "${env.CLAUDE_KEY}" } }');
    expect(said(load(text))).toEqual([expect.stringMatching(/^env-not-allowed/)]);
  });

  test('one form of a credential at most, also across layers', () => {
    const text = `${secret('anthropic_api_key: "{{secrets/a/b}}"').replace('    config', '    preset: x\n    config')}\npresets: { x: { config: { served_entities: { a: { external_model: { anthropic_config: { anthropic_api_key_plaintext: "\${env.CLAUDE_KEY}" } } } } } } }`;
    const found = only(load(text), 'excluded-field');
    expect(found.message).toBe('anthropic_api_key_plaintext cannot stand beside anthropic_api_key');
    expect(found.because?.at).toBeDefined();
  });

  test.each([
    [
      'environment_vars: { LOG: info, API_KEY: "{{secrets/a/b}}", USE_API_KEY: "true", MAX_TOKEN: "4096" }',
      [],
    ],
    ['environment_vars: { API_KEY: hunter2-hunter2 }', ['literal-credential']],
    ['environment_vars: { API_KEY: "${var.literal}" }', ['literal-credential']],
    ['environment_vars: { API_KEY: "{{secrets/a}}" }', ['bad-value']],
    [`environment_vars: { OTHER: dapi${'0123456789abcdef'.repeat(2)} }`, ['literal-credential']],
  ])('%s', (text, codes) => {
    const loaded = load(
      `${endpoint(`config: { served_entities: [ { name: a, entity_name: a.b.c, entity_version: "1", ${text} } ] }`)}variables: { literal: { default: hunter2-hunter2 } }`,
    );
    expect(loaded.diagnostics.map(({ code }) => code)).toEqual(codes);
    expect(JSON.stringify(loaded.diagnostics)).not.toMatch(/hunter2|dapi0/);
  });
});

test('null is refused where nothing can be unset, and the reason is said', () => {
  for (const field of ['config', 'description', 'route_optimized', 'budget_policy_id']) {
    const found = only(load(endpoint(`${field}: null`)), 'wrong-type');
    expect(found.message).toBe(`${field} cannot be null`);
    expect(found.because?.text).toMatch(/^[A-Z].*\.$/);
  }
});
