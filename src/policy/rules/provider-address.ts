// Requests go to addresses that are encrypted and known.
import picomatch from 'picomatch';
import { params } from '../params';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'provider-address',
  alias: 'AIG-SEC-007',
  title: 'Requests go to https addresses of known hosts',
  why: 'An address decides who receives the prompts and the key; a look-alike host or plain http gives both away.',
  fix: 'Correct the address, or add its host to the parameter provider_hosts.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['urls'],
  controls: ['dasf:32', 'owasp-llm-2026:LLM04'],
  params: params('provider_hosts'),
  *check({ self, params: { provider_hosts } }) {
    const known = picomatch([...provider_hosts], { nocase: true });
    for (const { text, at } of self.urls) {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      if (url?.protocol !== 'https:')
        yield { path: at, finding: at, message: `${at} is not an https address` };
      else if (provider_hosts.length > 0 && !known(url.hostname))
        yield { path: at, finding: at, message: `${at} leads to ${url.hostname}, which is not a known host` };
    }
  },
  flagged: [
    {
      params: { provider_hosts: ['*.openai.azure.com'] },
      files: `
  plain:
    config:
      served_entities:
        - name: own
          external_model:
            name: own-model
            provider: custom
            task: llm/v1/chat
            custom_provider_config:
              custom_provider_url: http://llm.example.com/v1/chat # expect: provider-address
              bearer_token_auth: { token: "{{secrets/llm/own}}" }
  elsewhere:
    config:
      served_entities:
        - name: own
          external_model:
            name: own-model
            provider: custom
            task: llm/v1/chat
            custom_provider_config:
              custom_provider_url: https://llm.example.com/v1/chat # expect: provider-address
              bearer_token_auth: { token: "{{secrets/llm/own}}" }`,
    },
  ],
  clean: [
    {
      params: { provider_hosts: ['llm.example.com'] },
      files: `
  own:
    config:
      served_entities:
        - name: own
          external_model:
            name: own-model
            provider: custom
            task: llm/v1/chat
            custom_provider_config:
              custom_provider_url: https://llm.example.com/v1/chat
              bearer_token_auth: { token: "{{secrets/llm/own}}" }`,
    },
  ],
});
