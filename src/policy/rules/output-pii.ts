// Personal data is filtered where data is protected or leaves the workspace: the output side.
import { GPT } from '../examples';
import { params } from '../params';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'output-pii',
  alias: 'AIG-GRD-002',
  title: 'Personal data is filtered from the output',
  why: 'An answer may hold personal data that the model saw elsewhere.',
  fix: 'Set ai_gateway.guardrails.output.pii.behavior to BLOCK or MASK.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['guards.output.pii'],
  controls: ['owasp-llm-2026:LLM02', 'dasf:54'],
  params: params('protected_classes'),
  applies: ({ self, params: { protected_classes } }) =>
    protected_classes.includes(self.labels.data_class ?? '') ||
    (self.labels.data_class === undefined && self.external),
  *check({ self }) {
    if (self.pii('output') === 'NONE')
      yield {
        path: self.pathOf('guards.output.pii'),
        message: 'personal data in the output is not filtered',
      };
  },
  flagged: [
    { files: `\n  chat: # expect: output-pii\n    ${GPT}` },
    {
      files: `
  chat:
    ${GPT}
    labels: { data_class: confidential }
    ai_gateway:
      guardrails:
        output:
          pii: { behavior: NONE } # expect: output-pii`,
    },
  ],
  clean: [
    {
      files: `\n  chat:\n    ${GPT}\n    ai_gateway: { guardrails: { output: { pii: { behavior: BLOCK } } } }`,
    },
    { files: `\n  chat:\n    ${GPT}\n    labels: { data_class: public }` },
  ],
});
