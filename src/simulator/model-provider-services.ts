// The kind "model provider service": a provider with its credential, the models it offers, what is passed on.
//
// https://docs.databricks.com/api/workspace/aigateway/createmodelproviderservice · masks and fields:
// https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/service/catalog.py (ModelProviderService, update_model_provider_service)
import { invalid } from './errors';
import { isObject, type Json, type JsonObject } from './json';
import { INFERENCE_TABLE, inferenceTable } from './payload-tables';
import { CUSTOM, PROVIDERS, providerShape, signedIn } from './provider-auth';
import type { Draft, Kind } from './securable';
import { checkServiceLimits, SERVICE_LIMITS } from './service-limits';
import { checkServicePolicies, SERVICE_POLICIES } from './service-policies';
import { checkTargets, MODEL_TARGET } from './targets';

const BLOCKS = Object.values(PROVIDERS).map(({ block }) => block);
const DISCOUNT = 'config.pricing.default_discount_basis_points';
const WHOLE_PRICE = 10_000;
const INT32_MIN = -(2 ** 31);

export const MODEL_PROVIDER_SERVICES: Kind = {
  path: 'model-provider-services',
  list: 'model_provider_services',
  type: 'model_provider_service',
  label: 'Model provider service',
  shares: ['model-services', 'model-provider-services'],
  shape: {
    fields: {
      comment: 'string',
      config: {
        fields: {
          provider_type: { oneOf: Object.keys(PROVIDERS) },
          ...Object.fromEntries(Object.values(PROVIDERS).map((row) => [row.block, providerShape(row)])),
          allow_all_targets: 'boolean',
          targets: { list: MODEL_TARGET },
          forward_headers: 'boolean',
          forward_query_parameters: 'boolean',
          forward_unmanaged_paths: 'boolean',
          pricing: { fields: { default_discount_basis_points: 'integer' } },
          rate_limits: SERVICE_LIMITS,
          inference_table: INFERENCE_TABLE,
          service_policies: SERVICE_POLICIES,
        },
      },
    },
  },
  masks: [
    'comment',
    'config',
    'config.provider',
    'config.allow_all_targets',
    'config.targets',
    'config.forward_headers',
    'config.forward_query_parameters',
    'config.forward_unmanaged_paths',
    DISCOUNT,
    'config.rate_limits',
    'config.inference_table',
    'config.service_policies',
  ],
  systemMasks: [],
  /** The provider lies in a block of its own name; of the pricing there is nothing but the discount. */
  placeOf(mask, config) {
    if (mask === DISCOUNT) return 'config.pricing';
    if (mask !== 'config.provider') return mask;
    const provider = PROVIDERS[config.provider_type as string];
    if (provider === undefined)
      throw invalid(`config.provider: ${config.provider_type} cannot be written here.`);
    return `config.${provider.block}`;
  },
  settled(draft) {
    const { config, touches } = draft;
    const out: JsonObject = { ...config };
    if (touches('provider')) Object.assign(out, providerOf(draft));
    if (touches('targets') || touches('allow_all_targets'))
      checkTargets(config, config.provider_type === CUSTOM);
    if (touches('pricing.default_discount_basis_points')) checkPricing(config.pricing);
    if (touches('rate_limits')) checkServiceLimits(config.rate_limits);
    if (touches('service_policies')) checkServicePolicies(config.service_policies);
    const table = inferenceTable(draft);
    if (table !== undefined) out.inference_table = table;
    return out;
  },
  basic({ inference_table: _details, ...rest }) {
    const out: JsonObject = { ...rest };
    for (const block of BLOCKS) {
      const held = out[block];
      if (!isObject(held) || !isObject(held.direct)) continue;
      const { service_credential: _resolved, ...direct } = held.direct;
      out[block] = { ...held, direct };
    }
    return out;
  },
  seeded(_name, config) {
    const known = Object.entries(PROVIDERS).find(([, { block }]) => isObject(config[block]));
    const type = known?.[0] ?? 'EXTERNAL_MODEL_PROVIDER_TYPE_OPENAI';
    const bare = known === undefined && config.provider_type === undefined;
    const standing = bare ? { openai: { direct: { api_key: {} } }, allow_all_targets: true } : {};
    return { config: { provider_type: type, ...standing, ...config }, outputs: {} };
  },
};

function providerOf({ config, before }: Draft): JsonObject {
  const type = config.provider_type;
  if (type === undefined) throw invalid('config.provider_type is required.');
  if (before.provider_type !== undefined && before.provider_type !== type)
    throw invalid(`config.provider_type cannot be changed; it is ${before.provider_type}.`);
  const provider = PROVIDERS[type as string]!;
  const at = `config.${provider.block}`;
  const other = BLOCKS.find((block) => block !== provider.block && config[block] !== undefined);
  if (other !== undefined) throw invalid(`config: ${type} takes ${provider.block}, not ${other}.`);
  const wanted = config[provider.block];
  if (!isObject(wanted)) throw invalid(`${at} is required for ${type}.`);
  return { [provider.block]: signedIn(provider, wanted, before[provider.block], at) };
}

function checkPricing(pricing: Json | undefined): void {
  if (!isObject(pricing) || pricing.default_discount_basis_points === undefined) return;
  const discount = pricing.default_discount_basis_points as number;
  if (discount > WHOLE_PRICE || discount < INT32_MIN)
    throw invalid(`${DISCOUNT} must be between ${INT32_MIN} and ${WHOLE_PRICE}.`);
}
