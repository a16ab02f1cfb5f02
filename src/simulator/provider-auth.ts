// Providers of external models: one row each says which block it takes, what the block holds, and how it signs
// in. A credential is checked and dropped: what is kept says only that there is one.
//
// https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/service/catalog.py (ModelProviderServiceConfig*)
import { invalid } from './errors';
import { isObject, type Json, type JsonObject } from './json';
import type { Shape } from './shapes';
import { named } from './uc-names';

interface Provider {
  readonly block: string;
  readonly fields: readonly string[];
  readonly required: readonly string[];
  /** Ways to sign in, of which one is taken. */
  readonly auth: readonly string[];
  /** The caller's own token may be passed on instead. */
  readonly relayed?: true;
}

const row = (block: string, fields: string[], required: string[], auth: string[]): Provider => ({
  block,
  fields,
  required,
  auth,
});
const AZURE_AUTH = ['api_key', 'entra_service_principal', 'service_credential'];
const AWS_AUTH = ['aws_access_key', 'service_credential'];

export const CUSTOM = 'EXTERNAL_MODEL_PROVIDER_TYPE_CUSTOM';

export const PROVIDERS: Readonly<Record<string, Provider>> = {
  EXTERNAL_MODEL_PROVIDER_TYPE_OPENAI: row('openai', ['base_url', 'organization'], [], ['api_key']),
  EXTERNAL_MODEL_PROVIDER_TYPE_AZURE_OPENAI: row('azure_openai', ['base_url'], ['base_url'], AZURE_AUTH),
  EXTERNAL_MODEL_PROVIDER_TYPE_ANTHROPIC: { ...row('anthropic', [], [], ['api_key']), relayed: true },
  EXTERNAL_MODEL_PROVIDER_TYPE_AMAZON_BEDROCK: row('amazon_bedrock', ['region'], ['region'], AWS_AUTH),
  EXTERNAL_MODEL_PROVIDER_TYPE_BEDROCK_MANTLE: row('bedrock_mantle', ['region'], ['region'], AWS_AUTH),
  [CUSTOM]: row('custom', ['base_url'], ['base_url'], ['api_key', 'header_auth']),
  EXTERNAL_MODEL_PROVIDER_TYPE_MICROSOFT_FOUNDRY: row(
    'microsoft_foundry',
    ['base_url'],
    ['base_url'],
    AZURE_AUTH,
  ),
  EXTERNAL_MODEL_PROVIDER_TYPE_GEMINI_ENTERPRISE: row(
    'gemini_enterprise',
    ['project_id', 'region'],
    ['project_id', 'region'],
    ['api_key', 'service_credential'],
  ),
};

const SECRET: Shape = {
  fields: { plaintext: 'string', secret_reference: { fields: { name: 'string' }, required: ['name'] } },
};

/** Ways to sign in: the block of each, and where in it the secret stands; `self`: it is the secret. */
const AUTH: Readonly<Record<string, { shape: Shape; secret?: string }>> = {
  api_key: { shape: SECRET, secret: 'self' },
  aws_access_key: {
    shape: { fields: { access_key_id: 'string', secret_access_key: SECRET }, required: ['access_key_id'] },
    secret: 'secret_access_key',
  },
  entra_service_principal: {
    shape: {
      fields: { tenant_id: 'string', client_id: 'string', client_secret: SECRET },
      required: ['tenant_id', 'client_id'],
    },
    secret: 'client_secret',
  },
  header_auth: {
    shape: { fields: { api_key_name: 'string', api_key_value: SECRET }, required: ['api_key_name'] },
    secret: 'api_key_value',
  },
  service_credential: { shape: { fields: { name: 'string' }, required: ['name'] } },
};

export function providerShape({ fields, auth, relayed }: Provider): Shape {
  const direct: Record<string, Shape> = {};
  for (const field of fields) direct[field] = 'string';
  for (const way of auth) direct[way] = AUTH[way]!.shape;
  return { fields: { direct: { fields: direct }, ...(relayed && { relayed: { fields: {} } }) } };
}

/**
 * The block as it is stored: without any secret, and with the credential of `old` where it brings none.
 * @throws ApiError 400
 */
export function signedIn(
  provider: Provider,
  wanted: JsonObject,
  old: Json | undefined,
  at: string,
): JsonObject {
  const kept = isObject(old) ? old : {};
  if (isObject(wanted.relayed)) {
    if (wanted.direct !== undefined) throw invalid(`${at}: either direct or relayed, not both.`);
    return wanted;
  }
  if (!isObject(wanted.direct) && isObject(kept.relayed)) return { ...wanted, relayed: kept.relayed };
  const direct = isObject(wanted.direct) ? wanted.direct : {};
  const before = isObject(kept.direct) ? kept.direct : {};
  for (const field of provider.required) {
    if (!direct[field]) throw invalid(`${at}.direct.${field} is required.`);
  }
  const given = provider.auth.filter((way) => direct[way] !== undefined);
  if (given.length > 1) throw invalid(`${at}.direct: either ${given.join(' or ')}, not more than one.`);
  const way = given[0] ?? provider.auth.find((one) => before[one] !== undefined);
  if (way === undefined) throw invalid(`${at}.direct: one of ${provider.auth.join(', ')} is required.`);
  const block =
    given.length === 0 ? before[way] : credential(way, direct[way], before[way], `${at}.direct.${way}`);
  return { ...wanted, direct: { ...direct, [way]: block } };
}

function credential(way: string, given: Json | undefined, old: Json | undefined, at: string): Json {
  const block = given as JsonObject;
  const before = isObject(old) ? old : undefined;
  const { secret } = AUTH[way]!;
  if (secret === undefined) {
    named('credentials', block.name, 1, `${at}.name`);
    return block;
  }
  if (secret === 'self') return keptSecret(block, before, at);
  return { ...block, [secret]: keptSecret(block[secret], before?.[secret], `${at}.${secret}`) };
}

/** What may be read back of a secret: a reference, or that there is one. */
function keptSecret(given: Json | undefined, old: Json | undefined, at: string): JsonObject {
  const { plaintext, secret_reference: reference } = isObject(given) ? given : {};
  if (plaintext !== undefined && reference !== undefined)
    throw invalid(`${at}: either plaintext or secret_reference, not both.`);
  if (plaintext === '') throw invalid(`${at}.plaintext must not be empty.`);
  if (isObject(reference)) {
    named('secrets', reference.name, 3, `${at}.secret_reference.name`);
    return { secret_reference: reference };
  }
  if (plaintext !== undefined) return {};
  if (isObject(old)) return old;
  throw invalid(`${at}: plaintext or secret_reference is required.`);
}
