// PUT .../rate-limits: the deprecated limits. Kept, and never read back: no GET answers them.
//
// https://docs.databricks.com/api/workspace/servingendpoints/put
import { invalid } from './errors';
import { type Json, objectsOf } from './json';
import { type Answer, type Call, json } from './routing';
import { readBody, type Shape } from './shapes';
import type { Workspace } from './state';

export const LEGACY_LIMITS: Shape = {
  list: {
    fields: { calls: 'integer', key: { oneOf: ['user', 'endpoint'] }, renewal_period: { oneOf: ['minute'] } },
    required: ['calls', 'renewal_period'],
  },
};

export function putRateLimits(workspace: Workspace, call: Call): Answer {
  const endpoint = call.writable(workspace);
  const body = readBody({ fields: { rate_limits: LEGACY_LIMITS } }, call.body, workspace.reading);
  const rate_limits = checkLegacyLimits(body.rate_limits ?? []);
  workspace.put(endpoint.with({ book: { ...endpoint.book, rate_limits } }));
  return json({ rate_limits });
}

/** The limits with their key filled in. @throws ApiError 400 */
export function checkLegacyLimits(limits: Json): Json {
  const filled = objectsOf(limits).map((limit) => ({ ...limit, key: limit.key ?? 'endpoint' }));
  for (const [index, limit] of objectsOf(limits).entries()) {
    if (Number(limit.calls) < 0) throw invalid(`rate_limits[${index}].calls must not be negative.`);
  }
  if (new Set(filled.map((limit) => limit.key)).size < filled.length)
    throw invalid('rate_limits: a key is given twice.');
  return filled;
}
