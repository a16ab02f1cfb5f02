// Rights belong to groups and applications, not to people.
import { GPT } from '../examples';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'no-individuals',
  alias: 'AIG-ACC-003',
  title: 'Rights belong to groups and applications',
  why: 'A right of a person outlives the job that needed it, and each has to be reviewed by itself.',
  fix: 'Grant it to a group that the person is in.',
  severity: 'medium',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['grants'],
  controls: ['dasf:43'],
  params: {},
  *check({ self }) {
    for (const { type, principal, level, at } of self.grants) {
      if (type === 'user' && level !== 'view')
        yield { path: at, finding: at, message: `${principal} is a person and may ${level} it` };
    }
  },
  flagged: [
    {
      files: `
  chat:
    ${GPT}
    permissions:
      - { user_name: ana@example.com, permission_level: CAN_QUERY } # expect: no-individuals`,
    },
  ],
  clean: [
    {
      files: `\n  chat:\n    ${GPT}\n    permissions: [{ group_name: support-app, permission_level: CAN_QUERY }, { user_name: ana@example.com, permission_level: CAN_VIEW }]`,
    },
  ],
});
