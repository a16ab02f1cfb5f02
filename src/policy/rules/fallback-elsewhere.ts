// A fallback is at another provider or in another region: what takes one down leaves the other up.
import { GPT_AND_CLAUDE } from '../examples';
import { params } from '../params';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'fallback-elsewhere',
  alias: 'AIG-RES-002',
  title: 'A fallback is at another provider or in another region',
  why: 'Models of one provider in one region go down together.',
  fix: 'Use a model of another provider, or another region, as the fallback.',
  severity: 'medium',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['fallback', 'destinations'],
  controls: ['nist-ai-rmf:MANAGE-2.4'],
  params: params('top_tiers'),
  applies: ({ self, params: { top_tiers } }) =>
    top_tiers.includes(self.labels.tier ?? '') && self.flag('fallback') && self.destinations.all().length > 1,
  *check({ self }) {
    const places = new Set(
      self.destinations.all().map(({ provider, region }) => `${provider} ${region ?? ''}`),
    );
    if (places.size === 1) {
      const [first] = self.destinations.all();
      yield { path: self.pathOf('destinations'), message: `every model is at ${first?.provider}` };
    }
  },
  flagged: [
    {
      files: `
  chat:
    labels: { tier: tier-1 }
    ai_gateway: { fallback_config: { enabled: true } }
    config:
      served_entities:
        - { name: big, traffic_percentage: 100, external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key: "{{secrets/llm/openai}}" } } } # expect: fallback-elsewhere
        - { name: small, traffic_percentage: 0, external_model: { name: gpt-5-mini, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key: "{{secrets/llm/openai}}" } } }`,
    },
  ],
  clean: [
    {
      files: `\n  chat:\n    labels: { tier: tier-1 }\n    ${GPT_AND_CLAUDE}\n    ai_gateway: { fallback_config: { enabled: true } }`,
    },
  ],
});
