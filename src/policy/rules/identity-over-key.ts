// Where a provider takes an identity of the platform, that is used instead of a key.
import { GPT } from '../examples';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'identity-over-key',
  alias: 'AIG-SEC-004',
  title: 'An identity is used where the provider takes one',
  why: 'A key has to be rotated, can be copied, and says nothing about who uses it.',
  fix: 'For Amazon Bedrock name an instance profile, for Azure OpenAI an Entra application, instead of a key.',
  severity: 'medium',
  enforcement: 'advisory',
  packs: ['strict'],
  about: 'state',
  needs: ['destinations'],
  controls: ['dasf:33'],
  params: {},
  *check({ self }) {
    for (const { identityOffered, auth, name, provider, at } of self.destinations) {
      if (identityOffered && auth === 'key')
        yield { path: at, finding: at, message: `${name} uses a key of ${provider}` };
    }
  },
  flagged: [
    {
      files: `
  chat:
    config:
      served_entities:
        - name: nova
          external_model:
            name: nova-pro # expect: identity-over-key
            provider: amazon-bedrock
            task: llm/v1/chat
            amazon_bedrock_config:
              aws_region: eu-west-1
              bedrock_provider: amazon
              aws_access_key_id: "{{secrets/llm/id}}"
              aws_secret_access_key: "{{secrets/llm/key}}"`,
    },
  ],
  clean: [
    { files: `\n  chat:\n    ${GPT}` },
    {
      files: `
  chat:
    config:
      served_entities:
        - name: nova
          external_model:
            name: nova-pro
            provider: amazon-bedrock
            task: llm/v1/chat
            amazon_bedrock_config:
              aws_region: eu-west-1
              bedrock_provider: amazon
              instance_profile_arn: arn:aws:iam::123456789012:instance-profile/llm`,
    },
  ],
});
