// What is live is not deleted and made anew.
import { GPT } from '../examples';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'no-replace',
  alias: 'AIG-CHG-003',
  title: 'What is live is not replaced',
  why: 'A replace is a delete and a create: callers are refused meanwhile, and the id and what hangs on it are gone.',
  fix: 'Declare a new endpoint beside it, move the callers, then remove the old one.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'change',
  needs: [],
  controls: [],
  params: {},
  *check({ change }) {
    if (change?.action === 'replace') yield { path: '', message: 'it is deleted and made anew' };
  },
  flagged: [
    {
      before: `\n  chat:\n    ${GPT}\n    description: Old.`,
      files: `\n  chat: # expect: no-replace\n    ${GPT}\n    description: New.`,
    },
  ],
  clean: [
    {
      before: `\n  chat:\n    ${GPT}`,
      files: `\n  chat:\n    ${GPT}\n    tags: { team: support }`,
    },
  ],
});
