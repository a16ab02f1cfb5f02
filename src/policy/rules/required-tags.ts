// The tags are there by which usage is charged.
import { GPT } from '../examples';
import { params } from '../params';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'required-tags',
  alias: 'AIG-CST-001',
  title: 'The tags are there by which usage is charged',
  why: 'Billing groups usage by tag; what carries none is charged to nobody.',
  fix: 'Add the tag.',
  severity: 'medium',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['tags'],
  controls: ['owasp-llm-2026:LLM06'],
  params: params('required_tags'),
  applies: ({ params: { required_tags } }) => required_tags.length > 0,
  *check({ self, params: { required_tags } }) {
    const tags = self.tags;
    for (const name of required_tags) {
      const tag = tags.find(({ key }) => key === name);
      if (tag === undefined)
        yield { path: self.pathOf('tags'), finding: name, message: `it has no tag "${name}"` };
      else if (tag.value === '') yield { path: tag.at, finding: name, message: `its tag "${name}" is empty` };
    }
  },
  flagged: [
    {
      params: { required_tags: ['team', 'cost-center'] },
      files: `\n  chat:\n    ${GPT}\n    tags: { team: support } # expect: required-tags`,
    },
  ],
  clean: [
    { params: { required_tags: ['team'] }, files: `\n  chat:\n    ${GPT}\n    tags: { team: support }` },
  ],
});
