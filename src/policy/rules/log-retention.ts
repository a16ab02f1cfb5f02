// How long payload logs are kept is declared, within what law asks for at least and allows at most.
import { GPT } from '../examples';
import { params } from '../params';
import { defineRule } from '../rule';

const LABEL = 'log_retention_days';

export const rule = defineRule({
  id: 'log-retention',
  alias: 'AIG-LOG-004',
  title: 'How long payload logs are kept is declared',
  why: 'Logs of some systems must be kept for six months, and personal data must not be kept for ever. The API has no such field, so the file says it and a job that you own does it.',
  fix: 'Add the label log_retention_days, and own a job that deletes older rows.',
  severity: 'medium',
  enforcement: 'overridable',
  packs: ['strict'],
  about: 'state',
  needs: ['logging.enabled'],
  controls: ['eu-ai-act:19', 'eu-ai-act:26', 'gdpr:5'],
  params: params('retention_days_min', 'retention_days_max'),
  applies: ({ self }) => self.flag('logging.enabled'),
  *check({ self, params: { retention_days_min: least, retention_days_max: most } }) {
    const said = self.labels[LABEL];
    const days = Number(said);
    if (said === undefined) yield { path: '', message: 'nothing says how long its payload logs are kept' };
    else if (!Number.isInteger(days) || days < least || days > most)
      yield {
        path: `labels.${LABEL}`,
        message: `its payload logs are kept ${said} days, not ${least} to ${most}`,
      };
  },
  flagged: [
    {
      files: `
  chat: # expect: log-retention
    ${GPT}
    labels: { log_retention_days: "30" }
    ai_gateway: { inference_table_config: { enabled: true, catalog_name: ml, schema_name: logs } }
  untold: # expect: log-retention
    ${GPT}
    ai_gateway: { inference_table_config: { enabled: true, catalog_name: ml, schema_name: logs } }`,
    },
  ],
  clean: [
    {
      files: `\n  chat:\n    ${GPT}\n    labels: { log_retention_days: "200" }\n    ai_gateway: { inference_table_config: { enabled: true, catalog_name: ml, schema_name: logs } }`,
    },
    { files: `\n  chat:\n    ${GPT}` },
  ],
});
