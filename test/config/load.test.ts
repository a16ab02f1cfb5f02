// A project as a whole: from files to what is desired.
import { desiredDocument, readDesiredDocument } from '../../src/config';
import { endpoint, fieldsOf, load, only, said, textAt } from './project';

const PROJECT = {
  'gatewright.yaml': `
project: llm-platform
include: [gateways/*.yaml]
variables:
  payload_catalog: { default: ml }
targets:
  sandbox: { default: true, host: simulator }
  prod:
    host: https://adb-12.azuredatabricks.net
    protect: true
    variables: { payload_catalog: ml_prod }
    serving_endpoints: { chat: { ai_gateway: { rate_limits: { user: { calls: 30 } } } } }
presets:
  standard: { ai_gateway: { usage_tracking_config: { enabled: true }, rate_limits: { endpoint: { calls: 1000 } } } }
`,
  'gateways/chat.yaml': `
serving_endpoints:
  chat:
    preset: standard
    labels: { tier: tier-1 }
    ai_gateway:
      inference_table_config: { enabled: true, catalog_name: "\${var.payload_catalog}", schema_name: logs }
      rate_limits: { user: { calls: 60, tokens: 20000 } }
    tags: { team: support }
`,
};

test('layers, variables and targets come together', () => {
  const loaded = load(PROJECT, { target: 'prod' });
  expect(said(loaded)).toEqual([]);
  expect(loaded.desired).toMatchObject({
    project: 'llm-platform',
    target: 'prod',
    host: 'https://adb-12.azuredatabricks.net',
    protect: true,
  });
  expect(fieldsOf(loaded)).toEqual({
    ai_gateway: {
      usage_tracking_config: { enabled: true },
      rate_limits: { endpoint: { calls: 1000 }, user: { calls: 30, tokens: 20000 } },
      inference_table_config: { enabled: true, catalog_name: 'ml_prod', schema_name: 'logs' },
    },
    tags: { team: 'support' },
  });
});

test('each value knows its layer and its place', () => {
  const loaded = load(PROJECT, { target: 'prod' });
  const origins = loaded.desired!.resources[0]!.origins;
  const placed = Object.fromEntries(
    Object.entries(origins).map(([path, origin]) => [
      path,
      `${origin.layer}: ${textAt(loaded.texts, origin)}`,
    ]),
  );
  expect(placed).toMatchObject({
    '': 'file: chat',
    'ai_gateway.rate_limits[user].calls': 'target prod: 30',
    'ai_gateway.rate_limits[user].tokens': 'file: 20000',
    'ai_gateway.rate_limits[endpoint].calls': 'preset standard: 1000',
    'ai_gateway.inference_table_config.catalog_name': `file: "\${var.payload_catalog}"`,
    'tags[team]': 'file: support',
  });
});

test('without a target named, the default is taken', () => {
  expect(load(PROJECT).desired).toMatchObject({ target: 'sandbox', host: 'simulator', protect: false });
});

test('an unknown key is shown with what was meant', () => {
  const loaded = load(endpoint('ai_gateway:\n  rate_limit: { user: { calls: 1 } }'));
  expect(said(loaded)).toEqual(['unknown-field <rate_limit> did you mean "rate_limits"?']);
  expect(only(loaded, 'unknown-field')).toMatchObject({ at: { line: 5, column: 7 } });
  expect(loaded.desired).toBeUndefined();
});

test('the desired document reads back as it was', () => {
  const loaded = load(PROJECT, { target: 'prod' });
  const text = JSON.stringify(desiredDocument(loaded.desired!));
  const read = readDesiredDocument(text, 'desired.json');
  expect(read.diagnostics).toEqual([]);
  expect(JSON.stringify(desiredDocument(read.desired!))).toBe(text);
});
