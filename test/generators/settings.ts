// Arbitrary settings beside an endpoint's config and gateway: who may do what, who is told, where telemetry goes.
import fc from 'fast-check';
import type { Block } from './entities';

const level = fc.constantFrom('CAN_VIEW', 'CAN_QUERY', 'CAN_MANAGE');
const PRINCIPALS = ['group:ops', 'group:dev', 'user:bo@example.com', 'service_principal:6f1c'];
export const grants = fc.dictionary(fc.constantFrom(...PRINCIPALS), level, { maxKeys: 3 });

export function aclEntries(map: Readonly<Record<string, string>>): Block[] {
  const FIELDS: Readonly<Record<string, string>> = {
    user: 'user_name',
    group: 'group_name',
    service_principal: 'service_principal_name',
  };
  return Object.entries(map).map(([key, permission_level]) => {
    const colon = key.indexOf(':');
    return { [FIELDS[key.slice(0, colon)]!]: key.slice(colon + 1), permission_level };
  });
}

/** Permissions as a file says them: a list, or a map with nulls. */
export const permissionsConfig = fc.oneof(
  grants.map(aclEntries),
  fc.dictionary(fc.constantFrom(...PRINCIPALS), fc.option(level, { nil: null, freq: 5 }), { maxKeys: 3 }),
);

const addresses = fc.uniqueArray(fc.constantFrom('ana@example.com', 'bo@example.com', 'ops@example.com'), {
  maxLength: 3,
});
export const notifications = fc.record(
  { on_update_failure: addresses, on_update_success: addresses },
  { requiredKeys: [] },
);

export const telemetry = fc.record(
  {
    telemetry_profile_id: fc.constantFrom('profile-a', 'profile-b'),
    enabled_telemetry_features: fc.uniqueArray(
      fc.constantFrom('TELEMETRY_FEATURE_LOGS', 'TELEMETRY_FEATURE_METRICS', 'TELEMETRY_FEATURE_TRACES'),
      { minLength: 1, maxLength: 3 },
    ),
  },
  { requiredKeys: ['telemetry_profile_id'] },
);
