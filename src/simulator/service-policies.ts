// Service policies: the guardrails of services, attached in the UI. No official client writes them; the shape
// is the one that public scripts send with `update_mask=config.service_policies`.
//
// https://docs.databricks.com/aws/en/data-governance/unity-catalog/service-policies/
import { invalid } from './errors';
import { type Json, objectsOf } from './json';
import type { Shape } from './shapes';

/** `options` are texts throughout, also switches and numbers: "false", "10", "pre_call,post_call". */
export const SERVICE_POLICIES: Shape = {
  list: {
    fields: {
      name: 'string',
      handler: 'string',
      policy_type: { oneOf: ['POLICY_TYPE_BUILTIN', 'POLICY_TYPE_CUSTOM'] },
      rank: 'integer',
      options: { map: 'string' },
    },
    required: ['name', 'handler', 'policy_type'],
  },
};

/** @throws ApiError 400 */
export function checkServicePolicies(policies: Json | undefined): void {
  const names = new Set<unknown>();
  for (const { name } of objectsOf(policies)) {
    if (names.has(name)) throw invalid(`config.service_policies: '${name}' is attached twice.`);
    names.add(name);
  }
}
