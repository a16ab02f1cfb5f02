// Traffic of what has to stay up moves in small steps.
import { GPT_AND_CLAUDE } from '../examples';
import { params } from '../params';
import { defineRule } from '../rule';

const half = (text: string) =>
  text
    .replace('traffic_percentage: 100', 'traffic_percentage: 50')
    .replace('traffic_percentage: 0', 'traffic_percentage: 50');

export const rule = defineRule({
  id: 'small-steps',
  alias: 'AIG-CHG-002',
  title: 'Traffic moves in small steps',
  why: 'A model that is worse, slower or down is noticed on a tenth of the traffic as well as on all of it.',
  fix: 'Move at most as many points at once as the parameter max_step says.',
  severity: 'medium',
  enforcement: 'overridable',
  packs: ['strict'],
  about: 'change',
  needs: ['destinations'],
  controls: [],
  params: params('max_step', 'top_tiers'),
  applies: ({ self, oldSelf, params: { top_tiers } }) =>
    oldSelf !== undefined && top_tiers.includes(self.labels.tier ?? ''),
  *check({ self, oldSelf, params: { max_step } }) {
    const before = new Map(oldSelf?.destinations.all().map(({ name, share }) => [name, share]));
    for (const { name, share, at } of self.destinations.all()) {
      const moved = share - (before.get(name) ?? 0);
      if (moved > max_step)
        yield { path: at, finding: at, message: `${name} takes over ${moved} points of the traffic at once` };
    }
  },
  flagged: [
    {
      before: `\n  chat:\n    labels: { tier: tier-1 }\n    ${GPT_AND_CLAUDE}`,
      files: `\n  chat:\n    labels: { tier: tier-1 }\n    ${half(GPT_AND_CLAUDE)} # expect: small-steps`,
    },
  ],
  clean: [
    {
      params: { max_step: 50 },
      before: `\n  chat:\n    labels: { tier: tier-1 }\n    ${GPT_AND_CLAUDE}`,
      files: `\n  chat:\n    labels: { tier: tier-1 }\n    ${half(GPT_AND_CLAUDE)}`,
    },
  ],
});
