// Secrets come from scopes that the policy names, so that production does not run on a key of a sandbox.
import { GPT } from '../examples';
import { params } from '../params';
import { defineRule } from '../rule';

const SCOPE = /^\{\{secrets\/([^/}]+)\//;

export const rule = defineRule({
  id: 'secret-scope-allowed',
  alias: 'AIG-SEC-002',
  title: 'Secrets come from the scopes named',
  why: 'A key from another scope may belong to another stage or another team, and its use is charged there.',
  fix: 'Use a key from one of the scopes in the parameter secret_scopes.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: [],
  controls: ['dasf:33'],
  params: params('secret_scopes'),
  applies: ({ params: { secret_scopes } }) => secret_scopes.length > 0,
  *check({ self, params: { secret_scopes } }) {
    for (const { text, field, at } of self.credentials) {
      const scope = SCOPE.exec(text)?.[1];
      if (scope !== undefined && !secret_scopes.includes(scope))
        yield { path: at, finding: at, message: `${field} comes from the scope "${scope}"` };
    }
  },
  flagged: [
    {
      params: { secret_scopes: ['llm-prod'] },
      files: `
  chat:
    config:
      served_entities:
        - name: gpt
          external_model:
            name: gpt-5
            provider: openai
            task: llm/v1/chat
            openai_config:
              openai_api_key: "{{secrets/llm-dev/openai}}" # expect: secret-scope-allowed`,
    },
  ],
  clean: [{ params: { secret_scopes: ['llm'] }, files: `\n  chat:\n    ${GPT}` }],
});
