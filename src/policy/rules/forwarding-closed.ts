// Nothing passes a provider service that the gateway cannot look into.
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'forwarding-closed',
  alias: 'AIG-SEC-005',
  title: 'What a caller adds is not forwarded',
  why: 'Forwarded paths, headers and parameters reach the provider past every limit and filter.',
  fix: 'Leave it out, or set it to false.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['forwarding'],
  controls: ['owasp-llm-2026:LLM04', 'dasf:32'],
  params: {},
  *check({ self }) {
    for (const path of self.said('forwarding')) {
      yield {
        path,
        finding: path,
        message: `${path.slice(path.lastIndexOf('.') + 1)} lets through what the gateway does not look into`,
      };
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
      targets: [{ model: gpt-5, native_api_types: [openai/v1/chat/completions] }]
      forward_unmanaged_paths: true # expect: forwarding-closed`,
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
      targets: [{ model: gpt-5, native_api_types: [openai/v1/chat/completions] }]
      forward_unmanaged_paths: false`,
    },
  ],
});
