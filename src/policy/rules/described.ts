// It says what it is for, and is named as agreed.
import picomatch from 'picomatch';
import { GPT } from '../examples';
import { params } from '../params';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'described',
  alias: 'AIG-LIF-001',
  title: 'It says what it is for, and is named as agreed',
  why: 'A register of what exists needs a purpose for each row.',
  fix: 'Add the label purpose; a description can be given only when an endpoint is made.',
  severity: 'low',
  enforcement: 'advisory',
  packs: ['strict'],
  about: 'state',
  needs: [],
  controls: ['iso-42001:A.4.2'],
  params: params('name_pattern'),
  applies: ({ self }) => self.manage === 'full',
  *check({ self, params: { name_pattern } }) {
    if (name_pattern !== '' && !picomatch.isMatch(self.name, name_pattern))
      yield { path: '', finding: 'name', message: `its name does not match ${name_pattern}` };
    const told =
      self.labels.purpose !== undefined || (self.has('description') && self.text('description') !== '');
    if (!told) yield { path: '', finding: 'purpose', message: 'nothing says what it is for' };
  },
  flagged: [
    { files: `\n  chat: # expect: described\n    ${GPT}` },
    {
      params: { name_pattern: '*-prod' },
      files: `\n  chat: # expect: described\n    ${GPT}\n    labels: { purpose: answers for support }`,
    },
  ],
  clean: [
    { files: `\n  chat:\n    ${GPT}\n    labels: { purpose: answers for support }` },
    {
      params: { name_pattern: '*-prod' },
      files: `\n  chat-prod:\n    ${GPT}\n    description: Answers for support.`,
    },
  ],
});
