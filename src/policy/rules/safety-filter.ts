// What people outside talk to filters unsafe content, both ways.
import { GPT } from '../examples';
import { params } from '../params';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'safety-filter',
  alias: 'AIG-GRD-003',
  title: 'Unsafe content is filtered where people outside are served',
  why: 'What the model says is what the company said.',
  fix: 'Set safety: true under ai_gateway.guardrails, for input and for output.',
  severity: 'medium',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['guards.input.safety', 'guards.output.safety'],
  controls: ['owasp-llm-2026:LLM01', 'dasf:54'],
  params: params('facing_users'),
  applies: ({ self, params: { facing_users } }) => facing_users.includes(self.labels.exposure ?? ''),
  *check({ self }) {
    for (const side of ['input', 'output'] as const) {
      const fact = `guards.${side}.safety` as const;
      if (!self.flag(fact))
        yield {
          path: self.pathOf(fact),
          finding: side,
          message: `unsafe content in the ${side} is not filtered`,
        };
    }
  },
  flagged: [
    {
      files: `
  chat:
    ${GPT}
    labels: { exposure: external }
    ai_gateway:
      guardrails:
        input: { safety: true }
        output: { safety: false } # expect: safety-filter`,
    },
  ],
  clean: [
    {
      files: `\n  chat:\n    ${GPT}\n    labels: { exposure: external }\n    ai_gateway: { guardrails: { input: { safety: true }, output: { safety: true } } }`,
    },
    { files: `\n  chat:\n    ${GPT}\n    labels: { exposure: internal }` },
  ],
});
