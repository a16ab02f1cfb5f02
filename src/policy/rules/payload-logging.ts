// In production payloads are logged.
import { ATTACHED, GPT } from '../examples';
import { inProduction, params } from '../params';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'payload-logging',
  alias: 'AIG-LOG-001',
  title: 'Payloads are logged in production',
  why: 'Without the requests and answers there is no evidence of what was said, and nothing to investigate.',
  fix: 'Enable ai_gateway.inference_table_config, at a place with narrow grants.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['logging.enabled'],
  controls: ['eu-ai-act:12', 'dasf:37', 'dasf:55', 'iso-42001:A.6.2.8'],
  params: params('production_targets'),
  applies: ({ self, params: { production_targets } }) =>
    !self.systemOwned && self.manage !== 'attach' && inProduction(self, production_targets),
  *check({ self }) {
    if (!self.flag('logging.enabled'))
      yield { path: self.pathOf('logging.enabled'), message: 'requests and answers are not logged' };
  },
  flagged: [
    { files: `\n  chat: # expect: payload-logging\n    ${GPT}` },
    {
      files: `
  chat:
    ${GPT}
    ai_gateway:
      inference_table_config:
        enabled: false # expect: payload-logging`,
    },
  ],
  clean: [
    {
      files: `\n  chat:\n    ${GPT}\n    ai_gateway: { inference_table_config: { enabled: true, catalog_name: ml, schema_name: logs } }`,
    },
    { files: `\n  chat:\n    ${GPT}\n    labels: { env: dev }` },
    {
      files: `\n  databricks-gpt:\n    ${ATTACHED}\n    ai_gateway: { rate_limits: { user: { calls: 30 } } }`,
    },
  ],
});
