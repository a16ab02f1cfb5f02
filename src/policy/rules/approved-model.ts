// Only models that somebody approved.
import picomatch from 'picomatch';
import { GPT } from '../examples';
import { params } from '../params';
import { defineRule } from '../rule';

export const rule = defineRule({
  id: 'approved-model',
  alias: 'AIG-MOD-001',
  title: 'Every model is approved',
  why: 'Each new provider is a supplier with terms, a place and a way of using what it is sent.',
  fix: 'Use an approved model, or have it approved and added to the parameter approved_models.',
  severity: 'high',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['destinations'],
  controls: ['dasf:32', 'owasp-llm-2026:LLM04', 'iso-42001:A.10.3', 'nist-ai-rmf:GOVERN-6.1'],
  params: params('approved_models'),
  applies: ({ params: { approved_models } }) => approved_models.length > 0,
  *check({ self, params: { approved_models } }) {
    for (const { name, provider, model, at } of self.destinations) {
      if (!picomatch.isMatch(`${provider}/${model}`, [...approved_models]))
        yield { path: at, finding: at, message: `${provider}/${model} (${name}) is not approved` };
    }
  },
  flagged: [
    { params: { approved_models: ['anthropic/*'] }, files: `\n  chat:\n    ${GPT} # expect: approved-model` },
  ],
  clean: [{ params: { approved_models: ['openai/gpt-5*'] }, files: `\n  chat:\n    ${GPT}` }],
});
