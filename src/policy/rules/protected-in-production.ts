// In production nothing is deleted or replaced by mistake.
import { ATTACHED, GPT } from '../examples';
import { inProduction, params } from '../params';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'protected-in-production',
  alias: 'AIG-LIF-003',
  title: 'In production nothing is deleted by mistake',
  why: 'A deleted endpoint comes back with another id, without its history, and after an outage.',
  fix: 'Set protect: true on the target, or on the entry.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: [],
  controls: [],
  params: params('production_targets'),
  applies: ({ self, params: { production_targets } }) =>
    self.manage === 'full' && inProduction(self, production_targets),
  *check({ self }) {
    if (!self.protect) yield { path: '', message: 'it can be deleted and replaced' };
  },
  flagged: [{ files: `\n  chat: # expect: protected-in-production\n    ${GPT}` }],
  clean: [
    { files: `\n  chat:\n    ${GPT}\n    protect: true` },
    {
      files: `\n  databricks-gpt:\n    ${ATTACHED}\n    ai_gateway: { rate_limits: { user: { calls: 30 } } }`,
    },
  ],
});
