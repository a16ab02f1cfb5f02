// Which values are credentials, and how they are kept out of the state and the request log. The fields:
// https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (ExternalModel and its *Config types),
// https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/service/catalog.py (ModelProviderServiceConfig*).
import { isObject, type Json } from './json';

/** Members that hold a credential by reference and have a `_plaintext` twin; or an object with the credential under `plaintext`. */
const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'ai21labs_api_key',
  'anthropic_api_key',
  'api_key',
  'api_key_value',
  'aws_access_key_id',
  'aws_secret_access_key',
  'client_secret',
  'cohere_api_key',
  'databricks_api_token',
  'microsoft_entra_client_secret',
  'openai_api_key',
  'palm_api_key',
  'private_key',
  'secret_access_key',
  'token',
  'value',
]);
/** Blocks in which `token` and `value` are credentials; elsewhere they are plain words. */
const AUTH_BLOCKS: ReadonlySet<string> = new Set(['api_key_auth', 'bearer_token_auth']);
const GENERIC: ReadonlySet<string> = new Set(['token', 'value']);
const REFERENCE = /^\{\{secrets\/[^/{}]+\/[^/{}]+\}\}$/;
const REDACTED = '[redacted]';

export function isReference(value: Json | undefined): boolean {
  return typeof value === 'string' && REFERENCE.test(value);
}

/** For the request log: every literal credential replaced by a mark. */
export function redact(value: Json, within = ''): Json {
  return transform(value, within, REDACTED) as Json;
}

/** For the state: every literal credential left out; `{{secrets/scope/key}}` stays, it is what GET answers. */
export function withoutSecrets<T extends Json>(value: T, within = ''): T {
  return transform(value, within, undefined) as T;
}

function transform(value: Json | undefined, within: string, mark: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => transform(item, within, mark) as Json);
  if (!isObject(value)) return value;
  const out: [string, Json][] = [];
  for (const [key, member] of Object.entries(value)) {
    const kept = isSecret(key, within, member) ? mark : transform(member, key, mark);
    if (kept !== undefined) out.push([key, kept]);
  }
  return Object.fromEntries(out);
}

function isSecret(key: string, within: string, value: Json | undefined): boolean {
  if (key === 'plaintext' || key.endsWith('_plaintext')) return true;
  if (!SECRET_FIELDS.has(key) || typeof value !== 'string' || isReference(value)) return false;
  return !GENERIC.has(key) || AUTH_BLOCKS.has(within);
}
