// Limits bind: nobody's own is above everybody's together, and those of groups do not promise far more than there is.
import { GPT } from '../examples';
import { params } from '../params';
import { defineRule } from '../rule';
import type { Limit } from '../view';

const UNITS = ['requests', 'tokens'] as const;
const NAMES = { requests: 'calls', tokens: 'tokens' } as const;

export const rule = defineRule({
  id: 'limits-nested',
  alias: 'AIG-LIM-004',
  title: 'Limits lie within one another',
  why: 'A limit above the one for everybody together never binds, and what groups were promised cannot be kept.',
  fix: 'Lower it, or raise the limit of the endpoint.',
  severity: 'medium',
  enforcement: 'overridable',
  packs: ['recommended', 'strict'],
  about: 'state',
  needs: ['limits'],
  controls: ['owasp-llm-2026:LLM06'],
  params: params('overcommit'),
  *check({ self, params: { overcommit } }) {
    const limits = self.limits.all();
    for (const unit of UNITS) {
      const ceiling = least(
        limits.filter(({ scope }) => scope === 'service'),
        unit,
      );
      if (ceiling === undefined) continue;
      for (const { scope, at, [unit]: own } of limits) {
        if (scope !== 'service' && own !== undefined && own > ceiling)
          yield {
            path: at,
            finding: `${at}.${NAMES[unit]}`,
            message: `${own} ${NAMES[unit]} a minute are more than the ${ceiling} for everybody together`,
          };
      }
      const shared = limits.filter(({ scope }) => scope === 'group' || scope === 'service-principal');
      const sum = shared.reduce((total, limit) => total + (limit[unit] ?? 0), 0);
      if (sum > ceiling * overcommit && shared.every((limit) => (limit[unit] ?? 0) <= ceiling))
        yield {
          path: self.pathOf('limits'),
          finding: `sum.${NAMES[unit]}`,
          message: `groups and applications were promised ${sum} ${NAMES[unit]} a minute, more than ${overcommit} times the ${ceiling} that there are`,
        };
    }
  },
  flagged: [
    {
      files: `
  chat:
    ${GPT}
    ai_gateway:
      rate_limits:
        endpoint: { calls: 100 }
        user: { calls: 500 } # expect: limits-nested`,
    },
    {
      files: `
  chat:
    ${GPT}
    ai_gateway:
      rate_limits:
        endpoint: { calls: 100 } # expect: limits-nested
        "user_group:a": { calls: 90 }
        "user_group:b": { calls: 90 }
        "user_group:c": { calls: 90 }
        "user_group:d": { calls: 90 }
        "user_group:e": { calls: 90 }`,
    },
  ],
  clean: [
    {
      files: `\n  chat:\n    ${GPT}\n    ai_gateway: { rate_limits: { endpoint: { calls: 100 }, user: { calls: 50, tokens: 90000 }, "user_group:a": { calls: 80 } } }`,
    },
    { files: `\n  chat:\n    ${GPT}\n    ai_gateway: { rate_limits: { user: { calls: 500 } } }` },
  ],
});

function least(limits: readonly Limit[], unit: (typeof UNITS)[number]): number | undefined {
  const counts = limits.flatMap((limit) => limit[unit] ?? []);
  return counts.length === 0 ? undefined : Math.min(...counts);
}
