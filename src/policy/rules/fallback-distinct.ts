// A fallback is another model that does the same task.
import { GPT_AND_CLAUDE } from '../examples';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'fallback-distinct',
  alias: 'AIG-RES-003',
  title: 'A fallback is another model for the same task',
  why: 'The same model twice fails twice; a model for another task answers with an error.',
  fix: 'Use another model whose task is the same.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['fallback', 'destinations'],
  controls: [],
  params: {},
  applies: ({ self }) => self.flag('fallback') && self.destinations.all().length > 1,
  *check({ self }) {
    const all = self.destinations.all();
    const seen = new Map<string, string>();
    for (const { name, provider, model, region, task, at } of all) {
      const key = `${provider}/${model} ${region ?? ''}`;
      const twin = seen.get(key);
      if (twin !== undefined)
        yield { path: at, finding: at, message: `${name} is the same model as ${twin}` };
      else if (task !== undefined && all[0]?.task !== undefined && task !== all[0].task)
        yield {
          path: at,
          finding: at,
          message: `${name} is for ${task}, and ${all[0].name} for ${all[0].task}`,
        };
      seen.set(key, name);
    }
  },
  flagged: [
    {
      files: `
  chat:
    ai_gateway: { fallback_config: { enabled: true } }
    config:
      served_entities:
        - { name: one, traffic_percentage: 100, external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key: "{{secrets/llm/openai}}" } } }
        - { name: two, traffic_percentage: 0, external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key: "{{secrets/llm/openai}}" } } } # expect: fallback-distinct`,
    },
  ],
  clean: [
    { files: `\n  chat:\n    ${GPT_AND_CLAUDE}\n    ai_gateway: { fallback_config: { enabled: true } }` },
  ],
});
