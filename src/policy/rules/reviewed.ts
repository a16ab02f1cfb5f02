// Somebody looks at it again, by a day that is not past.
import { GPT } from '../examples';
import { defineRule } from '../rule';

const LABEL = 'review_by';

export const rule = defineRule({
  id: 'reviewed',
  alias: 'AIG-LIF-002',
  title: 'A day for the next review is set, and not past',
  why: 'What nobody looks at again keeps its limits, its models and its callers for ever.',
  fix: 'Review it and set the label review_by to the next day, YYYY-MM-DD.',
  severity: 'medium',
  enforcement: 'advisory',
  packs: ['strict'],
  about: 'state',
  needs: [],
  controls: ['iso-42001:A.6.2.6'],
  params: {},
  applies: ({ self }) => self.manage === 'full',
  *check({ self, today }) {
    const day = self.labels[LABEL];
    if (day === undefined) yield { path: '', message: 'no day is set for its next review' };
    else if (!/^\d{4}-\d\d-\d\d$/.test(day)) yield { path: `labels.${LABEL}`, message: `"${day}" is no day` };
    else if (day < today) yield { path: `labels.${LABEL}`, message: `its review was due on ${day}` };
  },
  flagged: [
    { files: `\n  chat: # expect: reviewed\n    ${GPT}` },
    { files: `\n  chat: # expect: reviewed\n    ${GPT}\n    labels: { review_by: "2020-01-01" }` },
  ],
  clean: [{ files: `\n  chat:\n    ${GPT}\n    labels: { review_by: "2999-12-31" }` }],
});
