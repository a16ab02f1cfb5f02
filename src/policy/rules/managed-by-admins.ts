// Only those named may manage: who manages may take the limits away.
import { GPT } from '../examples';
import { params } from '../params';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'managed-by-admins',
  alias: 'AIG-ACC-002',
  title: 'Only those named may manage',
  why: 'Who may manage an endpoint may edit its limits and filters away.',
  fix: 'Give it CAN_QUERY, or add it to the parameter admin_principals.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['grants'],
  controls: ['dasf:5', 'dasf:43'],
  params: params('admin_principals'),
  applies: ({ params: { admin_principals } }) => admin_principals.length > 0,
  *check({ self, params: { admin_principals } }) {
    for (const { type, principal, level, at } of self.grants) {
      const platform = type === 'group' && principal === 'admins';
      if (level === 'manage' && !platform && !admin_principals.includes(principal))
        yield { path: at, finding: at, message: `${principal} may manage it` };
    }
  },
  flagged: [
    {
      params: { admin_principals: ['ai-platform'] },
      files: `
  chat:
    ${GPT}
    permissions:
      - { group_name: support-app, permission_level: CAN_MANAGE } # expect: managed-by-admins`,
    },
  ],
  clean: [
    {
      params: { admin_principals: ['ai-platform'] },
      files: `\n  chat:\n    ${GPT}\n    permissions: [{ group_name: ai-platform, permission_level: CAN_MANAGE }]`,
    },
  ],
});
