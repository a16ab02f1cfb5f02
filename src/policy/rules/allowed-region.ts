// Requests stay in the regions that the policy names, fallbacks included.
import { GPT } from '../examples';
import { params } from '../params';
import { defineRule } from '../rule';

const NOVA = (region: string) => `
  chat:
    config:
      served_entities:
        - name: nova
          external_model:
            name: nova-pro # expect: allowed-region
            provider: amazon-bedrock
            task: llm/v1/chat
            amazon_bedrock_config: { aws_region: ${region}, bedrock_provider: amazon, instance_profile_arn: "arn:aws:iam::123456789012:instance-profile/llm" }`;

export const rule = defineRule({
  id: 'allowed-region',
  alias: 'AIG-MOD-002',
  title: 'Requests stay in the regions allowed',
  why: 'A failover is the moment when data leaves the place that it was promised to stay in.',
  fix: 'Use a model in one of the regions in the parameter allowed_regions.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['destinations'],
  controls: ['gdpr:44'],
  params: params('allowed_regions'),
  applies: ({ params: { allowed_regions } }) => allowed_regions.length > 0,
  *check({ self, params: { allowed_regions } }) {
    for (const { name, region, hosting, provider, at } of self.destinations) {
      if (region !== undefined && !allowed_regions.includes(region))
        yield { path: at, finding: at, message: `${name} is in ${region}` };
      // Nobody says where such a provider answers from: for restricted data that is not good enough.
      else if (region === undefined && hosting === 'external' && self.labels.data_class === 'restricted')
        yield { path: at, finding: at, message: `nothing says in which region ${provider} answers` };
    }
  },
  flagged: [
    { params: { allowed_regions: ['eu-west-1'] }, files: NOVA('us-east-1') },
    {
      params: { allowed_regions: ['eu-west-1'] },
      files: `\n  chat:\n    labels: { data_class: restricted }\n    ${GPT} # expect: allowed-region`,
    },
  ],
  clean: [
    { params: { allowed_regions: ['eu-west-1'] }, files: NOVA('eu-west-1').replace(/ # expect.*/, '') },
    { params: { allowed_regions: ['eu-west-1'] }, files: `\n  chat:\n    ${GPT}` },
  ],
});
