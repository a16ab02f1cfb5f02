// The rules, in the order of the catalogue. A rule is a file and a line here.
import type { Rule } from '../rule';
import { rule as allowedRegion } from './allowed-region';
import { rule as approvedModel } from './approved-model';
import { rule as batchLimited } from './batch-limited';
import { rule as credentialInSecretScope } from './credential-in-secret-scope';
import { rule as described } from './described';
import { rule as endpointLimit } from './endpoint-limit';
import { rule as fallbackDistinct } from './fallback-distinct';
import { rule as fallbackElsewhere } from './fallback-elsewhere';
import { rule as fallbackForTopTier } from './fallback-for-top-tier';
import { rule as forwardingClosed } from './forwarding-closed';
import { rule as identityOverKey } from './identity-over-key';
import { rule as inputPii } from './input-pii';
import { rule as limitsNested } from './limits-nested';
import { rule as logLocation } from './log-location';
import { rule as logRetention } from './log-retention';
import { rule as logStays } from './log-stays';
import { rule as managedByAdmins } from './managed-by-admins';
import { rule as noDeprecatedFilter } from './no-deprecated-filter';
import { rule as noEveryone } from './no-everyone';
import { rule as noIndividuals } from './no-individuals';
import { rule as noReplace } from './no-replace';
import { rule as noSecretInText } from './no-secret-in-text';
import { rule as noWeakening } from './no-weakening';
import { rule as outputPii } from './output-pii';
import { rule as ownerNamed } from './owner-named';
import { rule as payloadLogging } from './payload-logging';
import { rule as protectedInProduction } from './protected-in-production';
import { rule as providerAddress } from './provider-address';
import { rule as requiredTags } from './required-tags';
import { rule as reviewed } from './reviewed';
import { rule as safetyFilter } from './safety-filter';
import { rule as secretScopeAllowed } from './secret-scope-allowed';
import { rule as smallSteps } from './small-steps';
import { rule as targetsListed } from './targets-listed';
import { rule as tokenLimit } from './token-limit';
import { rule as usageTracking } from './usage-tracking';
import { rule as userLimit } from './user-limit';

export const RULES: readonly Rule[] = [
  credentialInSecretScope,
  secretScopeAllowed,
  noSecretInText,
  identityOverKey,
  forwardingClosed,
  targetsListed,
  providerAddress,
  noEveryone,
  managedByAdmins,
  noIndividuals,
  ownerNamed,
  inputPii,
  outputPii,
  safetyFilter,
  noDeprecatedFilter,
  payloadLogging,
  usageTracking,
  logLocation,
  logRetention,
  logStays,
  endpointLimit,
  userLimit,
  tokenLimit,
  limitsNested,
  batchLimited,
  fallbackForTopTier,
  fallbackElsewhere,
  fallbackDistinct,
  approvedModel,
  allowedRegion,
  requiredTags,
  described,
  reviewed,
  protectedInProduction,
  noWeakening,
  smallSteps,
  noReplace,
];
