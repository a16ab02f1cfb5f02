// Applications that work in bulk have a limit of their own wherever they may query.
import { GPT } from '../examples';
import { params } from '../params';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'batch-limited',
  alias: 'AIG-LIM-005',
  title: 'Applications that work in bulk have a limit of their own',
  why: 'A nightly job takes what people need in the morning.',
  fix: 'Add a limit for it: ai_gateway.rate_limits: { "service_principal:ID": { tokens: N } }.',
  severity: 'medium',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['limits', 'grants'],
  controls: ['owasp-llm-2026:LLM06'],
  params: params('batch_principals'),
  applies: ({ params: { batch_principals } }) => batch_principals.length > 0,
  *check({ self, params: { batch_principals } }) {
    for (const { principal, type, level, at } of self.grants) {
      if (level !== 'use' || type === 'user' || !batch_principals.includes(principal)) continue;
      if (!self.limits.some((limit) => limit.principal === principal))
        yield { path: at, finding: at, message: `${principal} works in bulk and has no limit of its own` };
    }
  },
  flagged: [
    {
      params: { batch_principals: ['nightly-etl'] },
      files: `
  chat:
    ${GPT}
    ai_gateway: { rate_limits: { user: { calls: 60 } } }
    permissions:
      - { service_principal_name: nightly-etl, permission_level: CAN_QUERY } # expect: batch-limited`,
    },
  ],
  clean: [
    {
      params: { batch_principals: ['nightly-etl'] },
      files: `\n  chat:\n    ${GPT}\n    ai_gateway: { rate_limits: { "service_principal:nightly-etl": { tokens: 5000 } } }\n    permissions: [{ service_principal_name: nightly-etl, permission_level: CAN_QUERY }]`,
    },
  ],
});
