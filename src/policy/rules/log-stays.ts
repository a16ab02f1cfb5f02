// A payload log does not move unnoticed: it is off in between, and what was logged stays behind.
import { GPT } from '../examples';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'log-stays',
  alias: 'AIG-LOG-005',
  title: 'A payload log is not moved in passing',
  why: 'Logging is off while it moves, and the trail continues in another table.',
  fix: 'Move it in a change of its own, with a waiver that names who knows.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'change',
  needs: ['logging.enabled', 'logging.catalog', 'logging.schema'],
  controls: ['eu-ai-act:12', 'iso-42001:A.6.2.8'],
  params: {},
  applies: ({ oldSelf }) => oldSelf?.flag('logging.enabled') === true,
  *check({ self, oldSelf }) {
    if (oldSelf === undefined || !self.flag('logging.enabled')) return;
    for (const fact of ['logging.catalog', 'logging.schema'] as const) {
      const [before, after] = [oldSelf.text(fact), self.text(fact)];
      if (before !== after)
        yield {
          path: self.pathOf(fact),
          finding: self.pathOf(fact),
          message: `its payload log moves from ${before} to ${after}`,
        };
    }
  },
  flagged: [
    {
      before: `\n  chat:\n    ${GPT}\n    ai_gateway: { inference_table_config: { enabled: true, catalog_name: ml, schema_name: logs } }`,
      files: `
  chat:
    ${GPT}
    ai_gateway:
      inference_table_config:
        enabled: true
        catalog_name: ml
        schema_name: other # expect: log-stays`,
    },
  ],
  clean: [
    {
      before: `\n  chat:\n    ${GPT}\n    ai_gateway: { inference_table_config: { enabled: false } }`,
      files: `\n  chat:\n    ${GPT}\n    ai_gateway: { inference_table_config: { enabled: true, catalog_name: ml, schema_name: logs } }`,
    },
  ],
});
