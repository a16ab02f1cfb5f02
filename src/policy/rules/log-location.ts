// Payload logs go where the policy says: prompts are data as sensitive as any.
import picomatch from 'picomatch';
import { GPT } from '../examples';
import { params } from '../params';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'log-location',
  alias: 'AIG-LOG-003',
  title: 'Payload logs go to a place that is meant for them',
  why: 'Prompts hold what people tell a model; a table in a schema that many may read spreads it.',
  fix: 'Log to one of the places in the parameter log_locations.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['logging.enabled', 'logging.catalog', 'logging.schema'],
  controls: ['owasp-llm-2026:LLM02', 'gdpr:5'],
  params: params('log_locations'),
  applies: ({ self, params: { log_locations } }) => log_locations.length > 0 && self.flag('logging.enabled'),
  *check({ self, params: { log_locations } }) {
    const place = `${self.text('logging.catalog')}.${self.text('logging.schema')}`;
    if (!picomatch.isMatch(place, [...log_locations]))
      yield { path: self.pathOf('logging.schema'), message: `payloads are logged to ${place}` };
  },
  flagged: [
    {
      params: { log_locations: ['ml.llm_logs_*'] },
      files: `
  chat:
    ${GPT}
    ai_gateway:
      inference_table_config:
        enabled: true
        catalog_name: ml
        schema_name: scratch # expect: log-location`,
    },
  ],
  clean: [
    {
      params: { log_locations: ['ml.llm_logs_*'] },
      files: `\n  chat:\n    ${GPT}\n    ai_gateway: { inference_table_config: { enabled: true, catalog_name: ml, schema_name: llm_logs_eu } }`,
    },
    { params: { log_locations: ['ml.llm_logs_*'] }, files: `\n  chat:\n    ${GPT}` },
  ],
});
