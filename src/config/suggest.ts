// "Did you mean": the nearest word of a closed list, or what people call the thing elsewhere.

/** Longer words are compared by their beginnings: the cost grows with the product of both lengths. */
const LONGEST = 64;

/** Edits (insert, delete, replace, swap two neighbours) between two words. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const same = a[i] === b[j] ? 0 : 1;
      const swapped = i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j];
      const edits = Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + same);
      next.push(swapped ? Math.min(edits, before[j - 1]! + 1) : edits);
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}

/** The nearest of `words`, if it is near enough to be a slip: a third of the letters, one in a short word. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const asked = word.slice(0, LONGEST).toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(asked.length / 3)) + 1;
  for (const candidate of words) {
    if (Math.abs(candidate.length - asked.length) >= least) continue;
    const edits = distance(asked, candidate.toLowerCase());
    if (edits < least && edits < candidate.length) {
      best = candidate;
      least = edits;
    }
  }
  return best;
}

/** Names that other tools and other versions of the API use. By field, '' for any. */
const OTHER_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  key: {
    user_id: 'user',
    user_name: 'user',
    users: 'user',
    group: 'user_group',
    group_name: 'user_group',
    sp: 'service_principal',
    application_id: 'service_principal',
    service: 'endpoint',
    global: 'endpoint',
  },
  renewal_period: { min: 'minute', minutes: 'minute', '1m': 'minute', per_minute: 'minute' },
  'service key': {
    endpoint: 'service',
    global: 'service',
    all: 'service',
    default: 'user_default',
    per_user: 'user_default',
    users: 'user_default',
    user_id: 'user',
    user_name: 'user',
    group: 'user_group',
    group_name: 'user_group',
    sp: 'service_principal',
    application_id: 'service_principal',
  },
  'service renewal_period': {
    min: 'minute',
    minutes: 'minute',
    '1m': 'minute',
    hours: 'hour',
    hourly: 'hour',
    '1h': 'hour',
  },
  'service destination_type': {
    foundation_model: 'pay_per_token',
    destination_type_foundation_model: 'pay_per_token',
    ppt: 'pay_per_token',
    pt: 'provisioned_throughput',
    external_model: 'external',
  },
  'service provider_type': {
    azure: 'azure_openai',
    bedrock: 'amazon_bedrock',
    aws: 'amazon_bedrock',
    foundry: 'microsoft_foundry',
    gemini: 'gemini_enterprise',
    google: 'gemini_enterprise',
  },
  behavior: { DENY: 'BLOCK', REJECT: 'BLOCK', REDACT: 'MASK', ANONYMIZE: 'MASK', OFF: 'NONE', ALLOW: 'NONE' },
  provider: {
    azure: 'openai',
    'azure-openai': 'openai',
    bedrock: 'amazon-bedrock',
    aws: 'amazon-bedrock',
    google: 'google-cloud-vertex-ai',
    'vertex-ai': 'google-cloud-vertex-ai',
    gemini: 'google-cloud-vertex-ai',
    databricks: 'databricks-model-serving',
    ai21: 'ai21labs',
  },
  openai_api_type: { azure_ad: 'azuread', entra: 'azuread', azure_openai: 'azure' },
  permission_level: {
    READ: 'CAN_VIEW',
    CAN_READ: 'CAN_VIEW',
    CAN_USE: 'CAN_QUERY',
    QUERY: 'CAN_QUERY',
    MANAGE: 'CAN_MANAGE',
  },
  kind: {
    ppt: 'pay_per_token',
    foundation_model_api: 'pay_per_token',
    external_model: 'external',
    pt: 'provisioned_throughput',
  },
  '': {
    requests: 'calls',
    rpm: 'calls',
    qpm: 'calls',
    tpm: 'tokens',
    inference_table: 'inference_table_config',
    usage_tracking: 'usage_tracking_config',
    fallback: 'fallback_config',
    fallbacks: 'fallback_config',
    limits: 'rate_limits',
    period: 'renewal_period',
    level: 'permission_level',
    model_name: 'entity_name',
    model_version: 'entity_version',
    access_control_list: 'permissions',
    permission: 'permissions',
    served_models: 'served_entities',
    catalog: 'catalog_name',
    schema: 'schema_name',
    table_prefix: 'table_name_prefix',
    prefix: 'table_name_prefix',
    model_serving_endpoints: 'serving_endpoints',
    endpoints: 'serving_endpoints',
    vars: 'variables',
    environments: 'targets',
    includes: 'include',
  },
};

/** What a field is called here that other tools and other versions of the API call so. */
export function otherName(word: string): string | undefined {
  const names = OTHER_NAMES[''] ?? {};
  return Object.hasOwn(names, word) ? names[word] : undefined;
}

/** The word of `words` that was probably meant, by another name, letter case, or a slip. */
export function meant(word: string, words: readonly string[], field = ''): string | undefined {
  const lower = word.toLowerCase();
  const other = Object.entries(Object.hasOwn(OTHER_NAMES, field) ? (OTHER_NAMES[field] ?? {}) : {}).find(
    ([name]) => name.toLowerCase() === lower,
  )?.[1];
  if (other !== undefined && words.includes(other)) return other;
  return words.find((candidate) => candidate.toLowerCase() === lower) ?? nearest(word, words);
}

/** The label of a diagnostic about `word`, if something was probably meant. */
export function didYouMean(word: string, words: readonly string[], field = ''): { readonly label?: string } {
  const suggestion = meant(word, words, field);
  return suggestion === undefined ? {} : { label: `did you mean "${suggestion}"?` };
}
