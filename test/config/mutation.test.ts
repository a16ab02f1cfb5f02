// Valid files, damaged at random: the answer is a clean diagnostic at a place inside the file, never a crash.
import fc from 'fast-check';
import { wholeEstates } from '../generators/config';
import { aiGatewayConfig, tagsConfig } from '../generators/gateway';
import { load, ref, said } from './project';

const FILE = `# the gateway
project: llm-platform
variables:
  catalog: { default: ml }
  calls: { type: integer, default: 60 }
targets:
  sandbox: { default: true, host: simulator }
  prod:
    host: https://adb-12.azuredatabricks.net
    variables: { catalog: ml_prod }
    serving_endpoints: { chat: { ai_gateway: { rate_limits: { user: { calls: 30 } } } } }
presets:
  standard: { ai_gateway: { usage_tracking_config: { enabled: true } } }
serving_endpoints:
  chat:
    preset: standard
    only_in: [prod, sandbox]
    labels: { tier: tier-1 }
    ai_gateway:
      inference_table_config: { enabled: true, catalog_name: "\${var.catalog}", schema_name: logs }
      rate_limits:
        - key: user
          calls: \${var.calls}
        - { key: user_group, principal: "data science", tokens: 0 }
      guardrails: { input: { pii: { behavior: BLOCK }, safety: true } }
    tags: { team: support }
    config:
      served_entities:
        - name: gpt
          traffic_percentage: 80
          external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key: "{{secrets/\${var.catalog}/key}}" } }
        - traffic_percentage: 20
          external_model: { name: m.1, provider: anthropic, task: llm/v1/chat, anthropic_config: { anthropic_api_key_plaintext: "\${env.CLAUDE_KEY}" } }
    permissions: [ { group_name: support-app, permission_level: CAN_QUERY } ]
    email_notifications: { on_update_failure: [ana@example.com] }
  own:
    config:
      served_entities: { own-1: { entity_name: "\${var.catalog}.models.own", entity_version: 1, environment_vars: { LOG: info, KEY: "{{secrets/a/b}}" } } }
      traffic_config: { routes: { own-1: 100 } }
    permissions: { "group:dev": CAN_VIEW }
    telemetry_config: { telemetry_profile_id: t }
  "databricks-*":
    manage: attach
    kind: pay_per_token
    ai_gateway: { rate_limits: { user: &limit { calls: 30 }, endpoint: *limit } }
model_services:
  main.ai.chat:
    config:
      routing:
        destinations:
          - { name: gpt, traffic_percentage: 60, external_model_config: { model_provider_service: model-provider-services/main.ai.openai, target: { model: gpt-5, native_api_types: [a] } } }
          - { name: own, traffic_percentage: 40, destination_type: provisioned_throughput, provisioned_throughput_config: { model_serving_endpoint: serving-endpoints/pt } }
        fallback: { destinations: [ { name: last, pay_per_token_config: { model: "models/system.ai.\${var.catalog}" } } ] }
      rate_limits: [ { requests: 5 }, { key: user_group, principal: x, renewal_period: hour, tokens: 9 } ]
      inference_table: { parent: schemas/main.logs }
    grants: [ { principal: support-app, privileges: [EXECUTE] } ]
  "system.ai.*": { manage: attach, config: { rate_limits: { user_default/hour: { requests: 1 } } }, grants: { x: null } }
model_provider_services:
  main.ai.openai: { config: { openai: { direct: { api_key: { plaintext: "\${env.OPENAI_KEY}" } } }, targets: { gpt-5: { native_api_types: [a] } } } }
  main.ai.claude: { config: { provider_type: anthropic, anthropic: { relayed: {} }, allow_all_targets: true } }
mcp_services:
  main.ai.tickets: { config: { source_connection: { name: connections/main.ai.t }, include_tool_selectors: ["read_*"] } }
removed: [ { mcp_service: main.ai.old, reason: x, since: 2026-11-20 }, { serving_endpoint: old-chat, reason: replaced by chat, since: 2026-11-20, only_in: [prod] } ]
`;

/** More when a deep run asks for it. */
const { numRuns = 200 } = fc.readConfigureGlobal();

function expectClean(text: string): void {
  const loaded = load(text, { allTargets: true });
  const lines = text.replace(/^\ufeff/, '').split('\n');
  expect(loaded.desired === undefined).toBe(loaded.diagnostics.some(({ severity }) => severity === 'error'));
  for (const { code, message, at, because } of loaded.diagnostics) {
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(message).not.toMatch(/undefined|\[object|NaN/);
    for (const place of [at, because?.at]) {
      if (place === undefined) continue;
      expect(place.line).toBeGreaterThan(0);
      expect(place.line).toBeLessThanOrEqual(lines.length);
      expect(place.column).toBeGreaterThan(0);
      expect(place.column + (place.length ?? 1)).toBeLessThanOrEqual(lines[place.line - 1]!.length + 2);
    }
  }
}

test('the file is valid before it is damaged', () => {
  expect(said(load(FILE, { allTargets: true }))).toEqual([]);
});

const PIECES = [
  ...'{}[]:,-?&*!|>\'"%@`#\n\t \u0000~',
  'null',
  'true',
  '-1',
  '1.5',
  '.nan',
  '1e999',
  '0x1f',
  '12345678901234567890',
  'yes',
  '<<: ',
  '*limit',
  '&a ',
  '!!str ',
  '---\n',
  ref('var.calls'),
  '${',
  '$${',
  ref('env.X'),
  '__proto__',
  'constructor',
  'rate_limits',
  'requests',
  'destinations',
  'secret_reference',
  'main.ai.openai',
  'calls',
  'key',
  'user',
  '\u202e',
  '\ud800',
  '😀',
  '"\\e"',
  '  ',
];

test('pieces put in, taken out and moved', () => {
  const edit = fc.record({
    at: fc.nat({ max: FILE.length }),
    drop: fc.oneof(fc.constant(0), fc.nat({ max: 12 })),
    put: fc.oneof(fc.constantFrom(...PIECES), fc.constant(''), fc.string({ maxLength: 6 })),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      let text = FILE;
      for (const { at, drop, put } of edits) text = text.slice(0, at) + put + text.slice(at + drop);
      expectClean(text);
    }),
    { numRuns },
  );
});

test('lines taken out, doubled, swapped and indented', () => {
  const lines = FILE.split('\n');
  const line = fc.nat({ max: lines.length - 1 });
  fc.assert(
    fc.property(fc.constantFrom('drop', 'double', 'swap', 'indent', 'cut'), line, line, (action, a, b) => {
      const changed = [...lines];
      if (action === 'drop') changed.splice(a, 1);
      if (action === 'double') changed.splice(b, 0, lines[a]!);
      if (action === 'swap') [changed[a], changed[b]] = [lines[b]!, lines[a]!];
      if (action === 'indent') changed[a] = `  ${lines[a]}`;
      if (action === 'cut') changed.length = a;
      expectClean(changed.join('\n'));
    }),
    { numRuns },
  );
});

test('values replaced by values of any kind', () => {
  const wild = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(...PIECES),
    fc.constant({ __proto__x: 1 }),
    fc.constant({ constructor: 1 }),
  );
  const gateway = fc.tuple(aiGatewayConfig(), tagsConfig()).map(([ai_gateway, tags]) => ({
    project: 'p',
    serving_endpoints: { chat: { manage: 'full', kind: 'external', ai_gateway, tags, labels: { a: 'b' } } },
  }));
  fc.assert(
    fc.property(
      fc.oneof(
        gateway,
        wholeEstates.map(({ config }) => config),
      ),
      fc.nat(),
      wild,
      fc.constantFrom(...PIECES),
      (file, nth, wildValue, wildKey) => {
        let seen = 0;
        const count = JSON.stringify(file).split(/[:,]/).length;
        const visit = (value: unknown): unknown => {
          seen += 1;
          if (seen === (nth % count) + 1) return wildValue;
          if (Array.isArray(value)) return value.map(visit);
          if (typeof value !== 'object' || value === null) return value;
          return Object.fromEntries(
            Object.entries(value).map(([key, each]) => [
              seen + 1 === (nth % count) + 2 ? wildKey : key,
              visit(each),
            ]),
          );
        };
        expectClean(JSON.stringify(visit(file)) ?? '');
      },
    ),
    { numRuns },
  );
});

test('text of any kind', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => expectClean(text)),
    { numRuns },
  );
});
