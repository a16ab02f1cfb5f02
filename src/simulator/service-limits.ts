// Rate limits of services: requests and tokens, by minute or hour, for a service, each user, or a principal.
// Not those of serving endpoints, which have other words.
//
// https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/service/catalog.py (RateLimit)
import { invalid } from './errors';
import { type Json, objectsOf, textOf } from './json';
import type { Shape } from './shapes';

/** Which keys take a principal. */
const PRINCIPAL: Readonly<Record<string, 'never' | 'required'>> = {
  RATE_LIMIT_KEY_SERVICE: 'never',
  RATE_LIMIT_KEY_USER_DEFAULT: 'never',
  RATE_LIMIT_KEY_USER: 'required',
  RATE_LIMIT_KEY_USER_GROUP: 'required',
  RATE_LIMIT_KEY_SERVICE_PRINCIPAL: 'required',
};
const PERIODS = ['RATE_LIMIT_RENEWAL_PERIOD_MINUTE', 'RATE_LIMIT_RENEWAL_PERIOD_HOUR'];
export const COUNTS = ['requests', 'tokens'] as const;
const MOST = 20;
const MOST_FOR_GROUPS = 5;

export const SERVICE_LIMITS: Shape = {
  list: {
    fields: {
      key: { oneOf: Object.keys(PRINCIPAL) },
      principal: 'string',
      renewal_period: { oneOf: PERIODS },
      requests: 'int64',
      tokens: 'int64',
    },
    required: ['key', 'renewal_period'],
  },
};

/** @throws ApiError 400 */
export function checkServiceLimits(limits: Json | undefined): void {
  const all = objectsOf(limits);
  if (all.length > MOST) throw invalid(`At most ${MOST} rate limits are allowed per service.`);
  if (all.filter((limit) => limit.key === 'RATE_LIMIT_KEY_USER_GROUP').length > MOST_FOR_GROUPS)
    throw invalid(`At most ${MOST_FOR_GROUPS} user group rate limits are allowed per service.`);
  const seen = new Set<string>();
  for (const [index, limit] of all.entries()) {
    const at = `config.rate_limits[${index}]`;
    const given = COUNTS.filter((count) => limit[count] !== undefined);
    if (given.length === 0) throw invalid(`${at}: requests or tokens must be set.`);
    const named = textOf(limit.principal) !== undefined && limit.principal !== '';
    const rule = PRINCIPAL[limit.key as string];
    if (rule === 'never' && named) throw invalid(`${at}: the key ${limit.key} takes no principal.`);
    if (rule === 'required' && !named) throw invalid(`${at}: the key ${limit.key} needs a principal.`);
    for (const count of given) {
      if (Number(limit[count]) < 0) throw invalid(`${at}.${count} must not be negative.`);
      const identity = JSON.stringify([limit.key, limit.principal ?? '', limit.renewal_period, count]);
      if (seen.has(identity))
        throw invalid(`${at}: ${count} of the same key, principal and period are limited twice.`);
      seen.add(identity);
    }
  }
}
