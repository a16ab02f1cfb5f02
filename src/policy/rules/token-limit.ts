// What is paid by use has a limit on tokens.
import { GPT } from '../examples';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'token-limit',
  alias: 'AIG-LIM-003',
  title: 'What is paid by use is limited in tokens',
  why: 'A count of calls does not bound the cost: one call may be a thousand times another.',
  fix: 'Add tokens to a limit: ai_gateway.rate_limits: { endpoint: { tokens: N } }.',
  severity: 'medium',
  enforcement: 'overridable',
  packs: ['strict'],
  about: 'state',
  needs: ['limits'],
  controls: ['owasp-llm-2026:LLM06'],
  params: {},
  applies: ({ self }) => self.metered,
  *check({ self }) {
    if (!self.limits.some(({ tokens }) => tokens !== undefined))
      yield { path: self.pathOf('limits'), message: 'nothing limits tokens, which is what is paid for' };
  },
  flagged: [
    {
      files: `\n  chat:\n    ${GPT}\n    ai_gateway:\n      rate_limits: { endpoint: { calls: 100 } } # expect: token-limit`,
    },
  ],
  clean: [
    { files: `\n  chat:\n    ${GPT}\n    ai_gateway: { rate_limits: { user: { tokens: 20000 } } }` },
    {
      files: `\n  own:\n    config: { served_entities: [{ name: own, entity_name: ml.models.own, entity_version: "1", workload_size: Small, scale_to_zero_enabled: true }] }`,
    },
  ],
});
