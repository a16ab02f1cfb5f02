// The same gateway in TypeScript and in YAML is one desired document.

import { GatewayApp, ServingEndpoint } from '../../constructs';
import { desiredDocument, loadProject } from '../../src/config';
import { canonicalJson } from '../../src/model/json';
import { memorySource } from '../config/project';

function synthesised(text: string) {
  const { desired, diagnostics } = loadProject({ source: memorySource({ 'gatewright.yaml': text }) });
  expect(diagnostics).toEqual([]);
  return canonicalJson(desiredDocument(desired!));
}

test('a tree of constructs gives what the YAML gives, byte for byte', () => {
  const app = new GatewayApp({ project: 'llm-platform' });
  new ServingEndpoint(app, 'chat', {
    labels: { tier: 'tier-1' },
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
    tags: { team: 'support', old: null },
  });
  const yaml = `
project: llm-platform
serving_endpoints:
  chat:
    protect: true
    labels: { tier: tier-1 }
    tags: { old: null, team: support }
    ai_gateway:
      usage_tracking_config: null
      guardrails: { input: { safety: true, pii: { behavior: BLOCK } }, output: null }
      inference_table_config: { enabled: true, catalog_name: ml, schema_name: logs }
      rate_limits: { endpoint: null, "user_group:data-science": { tokens: 200000 }, user: { calls: 60, tokens: 0 } }
`;
  expect(synthesised(JSON.stringify(app.toDocument()))).toBe(synthesised(yaml));
});

test('two constructs of one key are refused with the place of the second', () => {
  const app = new GatewayApp({ project: 'p' });
  new ServingEndpoint(app, 'chat');
  const inner = new ServingEndpoint(app, 'outer');
  new ServingEndpoint(inner, 'chat');
  expect(() => app.toDocument()).toThrow(
    'serving_endpoints.chat is declared twice, the second time at outer/chat',
  );
});
