// Filters that the platform gives up are not relied on.
import { GPT } from '../examples';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'no-deprecated-filter',
  alias: 'AIG-GRD-005',
  title: 'No filter is used that the platform gives up',
  why: 'Word lists and topics are deprecated; the day they go, nothing filters.',
  fix: 'Use a service policy for it, and remove the list with null.',
  severity: 'low',
  enforcement: 'advisory',
  packs: ['strict'],
  about: 'state',
  needs: ['guards.deprecated'],
  controls: [],
  params: {},
  *check({ self }) {
    for (const path of self.said('guards.deprecated')) {
      yield { path, finding: path, message: `${path.slice(path.lastIndexOf('.') + 1)} is deprecated` };
    }
  },
  flagged: [
    {
      files: `
  chat:
    ${GPT}
    ai_gateway:
      guardrails:
        input:
          invalid_keywords: [password] # expect: no-deprecated-filter`,
    },
  ],
  clean: [{ files: `\n  chat:\n    ${GPT}\n    ai_gateway: { guardrails: { input: { safety: true } } }` }],
});
