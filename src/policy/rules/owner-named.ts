// Somebody answers for it, and that is not one person.
import { ATTACHED, GPT } from '../examples';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'owner-named',
  alias: 'AIG-ACC-004',
  title: 'An owner is named, and is a group or an application',
  why: 'Without an owner nobody is asked when limits bite or a model retires; a person leaves.',
  fix: 'Add the label owner: group:NAME (or service-principal:NAME).',
  severity: 'medium',
  enforcement: 'advisory',
  packs: ['strict'],
  about: 'state',
  needs: [],
  controls: ['iso-42001:A.3.2', 'nist-ai-rmf:GOVERN-2.1'],
  params: {},
  applies: ({ self }) => self.manage === 'full',
  *check({ self }) {
    const owner = self.labels.owner;
    if (owner === undefined) yield { path: '', message: 'nobody is named as its owner' };
    else if (!/^(group|service-principal):./.test(owner))
      yield { path: 'labels.owner', message: `its owner "${owner}" is neither a group nor an application` };
  },
  flagged: [
    { files: `\n  chat: # expect: owner-named\n    ${GPT}` },
    { files: `\n  chat: # expect: owner-named\n    ${GPT}\n    labels: { owner: ana@example.com }` },
  ],
  clean: [
    { files: `\n  chat:\n    ${GPT}\n    labels: { owner: "group:support" }` },
    {
      files: `\n  databricks-gpt:\n    ${ATTACHED}\n    ai_gateway: { rate_limits: { user: { calls: 30 } } }`,
    },
  ],
});
