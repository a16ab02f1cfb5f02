// Parts of files that the cases of rules are made of, so that a case shows what it is about and little else.

/** One external model, its key in a secret scope. */
export const GPT =
  'config: { served_entities: [{ name: gpt, external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key: "{{secrets/llm/openai}}" } } }] }';

/** Two models of two providers; the second stands by. */
export const GPT_AND_CLAUDE =
  'config: { served_entities: [{ name: gpt, traffic_percentage: 100, external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key: "{{secrets/llm/openai}}" } } }, { name: claude, traffic_percentage: 0, external_model: { name: claude-sonnet-4, provider: anthropic, task: llm/v1/chat, anthropic_config: { anthropic_api_key: "{{secrets/llm/anthropic}}" } } }] }';

/** Platform-made models, of which only what is named is governed. */
export const ATTACHED = 'manage: attach\n    kind: pay_per_token';
