// Usage is tracked.
import { GPT } from '../examples';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'usage-tracking',
  alias: 'AIG-LOG-002',
  title: 'Usage is tracked',
  why: 'Without it nobody can say who used what, and what it cost.',
  fix: 'Set ai_gateway.usage_tracking_config.enabled to true.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['usage'],
  controls: ['owasp-llm-2026:LLM06', 'dasf:55'],
  params: {},
  *check({ self }) {
    if (!self.flag('usage')) yield { path: self.pathOf('usage'), message: 'usage is not tracked' };
  },
  flagged: [
    { files: `\n  chat: # expect: usage-tracking\n    ${GPT}` },
    {
      files: `\n  chat:\n    ${GPT}\n    ai_gateway:\n      usage_tracking_config: { enabled: false } # expect: usage-tracking`,
    },
  ],
  clean: [{ files: `\n  chat:\n    ${GPT}\n    ai_gateway: { usage_tracking_config: { enabled: true } }` }],
});
