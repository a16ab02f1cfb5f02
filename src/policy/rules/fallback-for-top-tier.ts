// What has to stay up has somewhere to go when its model is down.
import { GPT, GPT_AND_CLAUDE } from '../examples';
import { inProduction, params } from '../params';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'fallback-for-top-tier',
  alias: 'AIG-RES-001',
  title: 'What has to stay up has a fallback',
  why: 'With one model behind it, an outage of the provider is an outage of everything in front.',
  fix: 'Declare a second model with a share of 0 and set ai_gateway.fallback_config.enabled to true.',
  severity: 'medium',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['fallback', 'destinations'],
  controls: ['nist-ai-rmf:MANAGE-2.4'],
  params: params('top_tiers', 'production_targets'),
  applies: ({ self, params: { top_tiers, production_targets } }) =>
    top_tiers.includes(self.labels.tier ?? '') && inProduction(self, production_targets) && self.external,
  *check({ self }) {
    if (self.destinations.all().length < 2)
      yield {
        path: self.pathOf('destinations'),
        finding: 'destinations',
        message: 'there is one model and nothing to fall back to',
      };
    else if (!self.flag('fallback'))
      yield {
        path: self.pathOf('fallback'),
        finding: 'fallback',
        message: 'nothing is tried when a model fails',
      };
  },
  flagged: [
    { files: `\n  chat:\n    labels: { tier: tier-1 }\n    ${GPT} # expect: fallback-for-top-tier` },
    {
      files: `
  chat:
    labels: { tier: tier-1 }
    ${GPT_AND_CLAUDE}
    ai_gateway:
      fallback_config: { enabled: false } # expect: fallback-for-top-tier`,
    },
  ],
  clean: [
    {
      files: `\n  chat:\n    labels: { tier: tier-1 }\n    ${GPT_AND_CLAUDE}\n    ai_gateway: { fallback_config: { enabled: true } }`,
    },
    { files: `\n  chat:\n    labels: { tier: tier-3 }\n    ${GPT}` },
  ],
});
