// What changes of services do, in the same sentences as those of endpoints: the rows say it, no code knows the kind.
import type { JsonObject } from '../../src/model/json';
import { differenceEffects } from '../../src/plan/effects';

const provider = (model: string) => ({
  destination_type: 'DESTINATION_TYPE_EXTERNAL_FOUNDATION_MODEL',
  external_model_config: { model_provider_service: 'main.ai.p', target: { model } },
});
const LIVE: JsonObject = {
  config: {
    routing: {
      destinations: [
        { name: 'gpt', traffic_percentage: 80, ...provider('gpt-5') },
        { name: 'claude', traffic_percentage: 20, ...provider('claude-4') },
      ],
    },
    rate_limits: [
      {
        key: 'RATE_LIMIT_KEY_USER_DEFAULT',
        renewal_period: 'RATE_LIMIT_RENEWAL_PERIOD_HOUR',
        requests: 120,
      },
    ],
  },
};

const SHARE = 'traffic_percentage';
test.each<[string, readonly string[], unknown, unknown, string]>([
  [
    'a limit by the hour',
    ['config', 'rate_limits', '[user_default/hour]', 'requests'],
    120,
    60,
    'the default user limit falls from 120 to 60 requests an hour',
  ],
  [
    'a share',
    ['config', 'routing', 'destinations', '[gpt]', SHARE],
    80,
    60,
    'gpt-5 gets 60 % of primary traffic instead of 80 %',
  ],
  [
    'another model',
    ['config', 'routing', 'destinations', '[gpt]', 'external_model_config', 'target', 'model'],
    'gpt-5',
    'gpt-6',
    'gpt answers with gpt-6 instead of gpt-5',
  ],
  ['a grant', ['grants', '[support]'], null, ['EXECUTE'], 'support may now call it'],
  ['a wider grant', ['grants', '[support]'], ['EXECUTE'], ['EXECUTE', 'MANAGE'], 'support may now manage it'],
  [
    'a narrower grant',
    ['grants', '[support]'],
    ['EXECUTE', 'MANAGE'],
    ['EXECUTE'],
    'support may no longer manage it',
  ],
  ['a grant that ends', ['grants', '[support]'], ['EXECUTE'], null, 'support may no longer call it'],
])('%s', (_, path, live, desired, text) => {
  const of = { kind: 'model_services', name: 'main.ai.chat', sort: '', live: LIVE, declared: {} };
  const [found] = differenceEffects(of, [{ path, live, desired } as never]);
  expect(found?.text).toBe(text);
});
