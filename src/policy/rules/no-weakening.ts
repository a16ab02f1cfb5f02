// No change weakens: a filter, logging or tracking off, a grant wider, a limit much higher or gone. It may be that the
// end state passes every rule.
import { GPT } from '../examples';
import { params } from '../params';
import { defineRule } from '../rule';

const CHANGES: readonly string[] = ['update', 'adopt', 'replace'];

export const rule = defineRule({
  id: 'no-weakening',
  alias: 'AIG-CHG-001',
  title: 'No change weakens what protects',
  why: 'The end state may pass every rule though less is protected than before, and nobody decided that.',
  fix: 'Take it back, or have it waived by who answers for it.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'change',
  needs: [],
  controls: ['nist-ai-rmf:MANAGE-4.1'],
  params: params('max_raise'),
  applies: ({ change }) => change !== undefined && CHANGES.includes(change.action),
  *check({ change, params: { max_raise } }) {
    for (const { path, live, desired, direction } of change?.moves ?? []) {
      if (direction !== 'loosens') continue;
      if (typeof live === 'number' && typeof desired === 'number' && desired <= live * max_raise) continue;
      yield { path, finding: path, message: `${path} is weakened: ${said(live)} → ${said(desired)}` };
    }
  },
  flagged: [
    {
      before: `\n  chat:\n    ${GPT}\n    ai_gateway: { guardrails: { input: { pii: { behavior: BLOCK } } } }`,
      files: `
  chat:
    ${GPT}
    ai_gateway:
      guardrails:
        input:
          pii: { behavior: MASK } # expect: no-weakening`,
    },
    {
      before: `\n  chat:\n    ${GPT}\n    ai_gateway: { rate_limits: { user: { calls: 50 } } }`,
      files: `
  chat:
    ${GPT}
    ai_gateway:
      rate_limits:
        user: { calls: 500 } # expect: no-weakening`,
    },
  ],
  clean: [
    {
      before: `\n  chat:\n    ${GPT}\n    ai_gateway: { rate_limits: { user: { calls: 50 } } }`,
      files: `\n  chat:\n    ${GPT}\n    ai_gateway: { rate_limits: { user: { calls: 90 } } }`,
    },
    {
      before: `\n  chat:\n    ${GPT}\n    ai_gateway: { guardrails: { input: { pii: { behavior: NONE } } } }`,
      files: `\n  chat:\n    ${GPT}\n    ai_gateway: { guardrails: { input: { pii: { behavior: BLOCK } } } }`,
    },
  ],
});

function said(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
