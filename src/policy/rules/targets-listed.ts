// A provider service opens the models that it lists and no others.
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'targets-listed',
  alias: 'AIG-SEC-006',
  title: 'The models that may be asked are listed',
  why: 'Each new model of the provider can be used on the day that it appears, at its price.',
  fix: 'List the models under targets and set allow_all_targets to false.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['any-target'],
  controls: ['owasp-llm-2026:LLM04', 'dasf:32'],
  params: {},
  *check({ self }) {
    for (const path of self.said('any-target')) {
      yield { path, finding: path, message: 'every model of the provider can be asked' };
    }
  },
  flagged: [
    {
      section: 'model_provider_services',
      files: `
  main.ai.openai:
    config:
      provider_type: openai
      openai: { direct: { api_key: { secret_reference: { name: secrets/main.ai.openai } } } }
      allow_all_targets: true # expect: targets-listed`,
    },
  ],
  clean: [
    {
      section: 'model_provider_services',
      files: `
  main.ai.openai:
    config:
      provider_type: openai
      openai: { direct: { api_key: { secret_reference: { name: secrets/main.ai.openai } } } }
      targets: [{ model: gpt-5, native_api_types: [openai/v1/chat/completions] }]`,
    },
  ],
});
