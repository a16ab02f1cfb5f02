// There is a limit that holds for everybody together.
import { GPT } from '../examples';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'endpoint-limit',
  alias: 'AIG-LIM-001',
  title: 'A limit holds for everybody together',
  why: 'Without one, a fault in one caller spends without bound.',
  fix: 'Add a limit for the endpoint: ai_gateway.rate_limits: { endpoint: { calls: N } }.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['limits'],
  controls: ['owasp-llm-2026:LLM06', 'dasf:60'],
  params: {},
  applies: ({ self }) => !self.systemOwned && self.manage !== 'attach',
  *check({ self }) {
    if (!self.limits.some(({ scope }) => scope === 'service'))
      yield { path: self.pathOf('limits'), message: 'no limit holds for everybody together' };
  },
  flagged: [
    { files: `\n  chat: # expect: endpoint-limit\n    ${GPT}` },
    {
      files: `\n  chat:\n    ${GPT}\n    ai_gateway:\n      rate_limits: { user: { calls: 30 } } # expect: endpoint-limit`,
    },
  ],
  clean: [
    { files: `\n  chat:\n    ${GPT}\n    ai_gateway: { rate_limits: { endpoint: { tokens: 100000 } } }` },
  ],
});
