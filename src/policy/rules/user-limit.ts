// There is a limit for each user who has none of their own.
import { ATTACHED, GPT } from '../examples';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'user-limit',
  alias: 'AIG-LIM-002',
  title: 'A limit holds for each user',
  why: 'One user can take all that everybody may have together.',
  fix: 'Add a limit for users: ai_gateway.rate_limits: { user: { calls: N } }.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['limits'],
  controls: ['owasp-llm-2026:LLM06', 'dasf:60'],
  params: {},
  *check({ self }) {
    if (!self.limits.some(({ scope }) => scope === 'user-default'))
      yield { path: self.pathOf('limits'), message: 'no limit holds for each user' };
  },
  flagged: [
    { files: `\n  chat: # expect: user-limit\n    ${GPT}` },
    {
      files: `\n  chat:\n    ${GPT}\n    ai_gateway:\n      rate_limits:\n        - { key: endpoint, calls: 1000 } # expect: user-limit\n        - { key: user, principal: ana@example.com, calls: 5 }`,
    },
  ],
  clean: [
    { files: `\n  chat:\n    ${GPT}\n    ai_gateway: { rate_limits: { user: { calls: 60 } } }` },
    {
      files: `\n  databricks-gpt:\n    ${ATTACHED}\n    ai_gateway: { rate_limits: { user: { calls: 30 } } }`,
    },
  ],
});
