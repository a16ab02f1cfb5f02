// A credential is a reference into a secret scope. That it is no literal is held when files are read, and cannot be waived.
import { GPT } from '../examples';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'credential-in-secret-scope',
  alias: 'AIG-SEC-001',
  title: 'Credentials are references into a secret scope',
  why: 'What is filled in from the environment passes through the machine that applies, and nobody can see later which key is in use.',
  fix: 'Put it into a secret scope and write {{secrets/SCOPE/KEY}}, in the field without _plaintext; of a service, name a secret of Unity Catalog.',
  severity: 'critical',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: [],
  controls: ['dasf:33', 'owasp-llm-2026:LLM02'],
  params: {},
  *check({ self }) {
    for (const { form, field, at } of self.credentials) {
      if (form === 'resolved')
        yield { path: at, finding: at, message: `${field} does not come from a secret scope` };
    }
  },
  flagged: [
    {
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
              openai_api_key_plaintext: "\${env.OPENAI_KEY}" # expect: credential-in-secret-scope`,
    },
  ],
  clean: [{ files: `\n  chat:\n    ${GPT}` }],
});
