// In production, and for what talks to people outside, nobody is let in by a group that everybody is in.
import { GPT } from '../examples';
import { inProduction, params } from '../params';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'no-everyone',
  alias: 'AIG-ACC-001',
  title: 'Not everybody may query',
  why: 'A grant to everybody opens the spending and the data path to each new account, and nobody notices.',
  fix: 'Grant it to the groups and applications that need it.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['grants'],
  controls: ['dasf:5', 'dasf:24', 'dasf:43'],
  params: params('everyone_groups', 'production_targets', 'facing_users'),
  applies: ({ self, params: { production_targets, facing_users } }) =>
    inProduction(self, production_targets) || facing_users.includes(self.labels.exposure ?? ''),
  *check({ self, params: { everyone_groups } }) {
    for (const { type, principal, level, at } of self.grants) {
      if (type === 'group' && everyone_groups.includes(principal) && level !== 'view')
        yield { path: at, finding: at, message: `everybody in "${principal}" may ${level} it` };
    }
  },
  flagged: [
    {
      files: `
  chat:
    ${GPT}
    permissions:
      - { group_name: users, permission_level: CAN_QUERY } # expect: no-everyone`,
    },
  ],
  clean: [
    {
      files: `\n  chat:\n    ${GPT}\n    permissions: [{ group_name: support-app, permission_level: CAN_QUERY }]`,
    },
    {
      files: `\n  chat:\n    ${GPT}\n    labels: { env: dev }\n    permissions: [{ group_name: users, permission_level: CAN_QUERY }]`,
    },
  ],
});
