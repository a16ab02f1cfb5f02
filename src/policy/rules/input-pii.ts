// Personal data is filtered where data is protected or leaves the workspace: the input side.
import { GPT } from '../examples';
import { params } from '../params';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'input-pii',
  alias: 'AIG-GRD-001',
  title: 'Personal data is filtered from the input',
  why: 'A prompt with personal data reaches a provider, or a log, that must not have it.',
  fix: 'Set ai_gateway.guardrails.input.pii.behavior to BLOCK or MASK.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['guards.input.pii'],
  controls: ['owasp-llm-2026:LLM02', 'dasf:54'],
  params: params('protected_classes'),
  applies: ({ self, params: { protected_classes } }) =>
    protected_classes.includes(self.labels.data_class ?? '') ||
    (self.labels.data_class === undefined && self.external),
  *check({ self }) {
    if (self.pii('input') === 'NONE')
      yield { path: self.pathOf('guards.input.pii'), message: 'personal data in the input is not filtered' };
  },
  flagged: [
    { files: `\n  chat: # expect: input-pii\n    ${GPT}` },
    {
      files: `
  chat:
    ${GPT}
    labels: { data_class: confidential }
    ai_gateway:
      guardrails:
        input:
          pii: { behavior: NONE } # expect: input-pii`,
    },
  ],
  clean: [
    {
      files: `\n  chat:\n    ${GPT}\n    ai_gateway: { guardrails: { input: { pii: { behavior: BLOCK } } } }`,
    },
    { files: `\n  chat:\n    ${GPT}\n    labels: { data_class: public }` },
  ],
});
