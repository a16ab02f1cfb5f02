// Keyed lists: how an item of a list on the wire becomes a key and a value, and back. One codec per list
// shape, a closed set; each obeys `keyOf(entry(key, value)) === key` (a law test holds it).
import { isList, isObject, type Json, type JsonObject } from './json';
import { serviceLimit } from './service-limits';

export interface KeyCodec {
  /** The key of a list item, or undefined when the item does not carry one. */
  keyOf(entry: JsonObject): string | undefined;
  /** What the item says besides its key; a scalar where the item is a pair. */
  valueOf(entry: JsonObject): Json;
  /** The list items that say `value` under `key`. Usually one; a limit has one per unit. */
  entries(key: string, value: Json): JsonObject[];
  /** Why a text cannot be a key, or undefined when it can. */
  problem(key: string): string | undefined;
  /** The order of the list means something: a declared list keeps it. */
  readonly ordered?: true;
  /** Several list items may say one value between them: a limit in calls and one in tokens. */
  readonly joined?: true;
  /** Of limits: whom the item reaches. `plan/direction.ts` weighs an added limit against those that it overrides. */
  reach?(key: string): Reach;
  /** Of limits, where not all are by the minute: counts of one period do not compare with those of another. */
  period?(key: string): string;
}

/**
 * ceiling: everybody, always · default: whoever has none of their own · shared: a group, which overrides the
 * default · own: one user or application, which overrides both.
 * https://docs.databricks.com/aws/en/ai-gateway/configure-ai-gateway-endpoints
 */
export type Reach = 'ceiling' | 'default' | 'shared' | 'own';

/** A pair such as a tag: `{key, value}`. */
function pair(keyField: string, valueField: string): KeyCodec {
  return {
    keyOf: (entry) => (typeof entry[keyField] === 'string' ? entry[keyField] : undefined),
    valueOf: (entry) => entry[valueField] ?? '',
    entries: (key, value) => [{ [keyField]: key, [valueField]: value }],
    problem: (key) => (key === '' ? `an empty ${keyField}` : undefined),
  };
}

/** An object whose key is one of its fields, such as a served entity by `name`. */
function named(keyField: string): KeyCodec {
  return {
    keyOf: (entry) => (typeof entry[keyField] === 'string' ? entry[keyField] : undefined),
    valueOf: (entry) => Object.fromEntries(Object.entries(entry).filter(([field]) => field !== keyField)),
    entries: (key, value) => [{ [keyField]: key, ...(isObject(value) ? value : {}) }],
    problem: (key) => (key === '' ? `an empty ${keyField}` : undefined),
  };
}

export const LIMIT_KEYS = ['endpoint', 'user', 'user_group', 'service_principal'] as const;
const LIMIT_UNITS = ['calls', 'tokens'] as const;

/**
 * A serving endpoint's rate limit. Identity is (key, principal, period, unit); the item key is
 * `user`, `user:ana@example.com`, `user_group:analysts`, the value `{calls, tokens}`. The period is
 * always a minute here, so it is not part of the text.
 * https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (AiGatewayRateLimit)
 */
const limit: KeyCodec = {
  joined: true,
  keyOf(entry) {
    const key = entry.key ?? 'endpoint';
    const period = entry.renewal_period ?? 'minute';
    if (typeof key !== 'string' || typeof period !== 'string') return undefined;
    const principal = entry.principal;
    const text = typeof principal === 'string' && principal !== '' ? `${key}:${principal}` : key;
    return period === 'minute' ? text : `${text}/${period}`;
  },
  valueOf: (entry) =>
    Object.fromEntries(
      LIMIT_UNITS.filter((unit) => entry[unit] !== undefined).map((unit) => [unit, entry[unit] ?? null]),
    ),
  entries(key, value) {
    const colon = key.indexOf(':');
    const identity: JsonObject =
      colon < 0 ? { key } : { key: key.slice(0, colon), principal: key.slice(colon + 1) };
    if (!isObject(value)) return [];
    return LIMIT_UNITS.filter((unit) => typeof value[unit] === 'number').map((unit) => ({
      ...identity,
      renewal_period: 'minute',
      [unit]: value[unit] ?? null,
    }));
  },
  problem(key) {
    const colon = key.indexOf(':');
    const head = colon < 0 ? key : key.slice(0, colon);
    if (!(LIMIT_KEYS as readonly string[]).includes(head))
      return `"${head}" is not one of ${LIMIT_KEYS.join(', ')}`;
    if (colon >= 0 && key.length === colon + 1) return `nothing stands after "${head}:"`;
    return undefined;
  },
  reach(key) {
    if (key === 'user') return 'default';
    if (key.startsWith('user_group:')) return 'shared';
    return key.includes(':') ? 'own' : 'ceiling';
  },
};

const PRINCIPALS = {
  user: 'user_name',
  group: 'group_name',
  service_principal: 'service_principal_name',
} as const;

/** An access control entry: `group:support-app` → `CAN_QUERY`. */
const principal: KeyCodec = {
  keyOf(entry) {
    for (const [head, field] of Object.entries(PRINCIPALS)) {
      if (typeof entry[field] === 'string') return `${head}:${entry[field]}`;
    }
    return undefined;
  },
  valueOf: (entry) => entry.permission_level ?? '',
  entries(key, value) {
    const colon = key.indexOf(':');
    const field = PRINCIPALS[key.slice(0, colon) as keyof typeof PRINCIPALS];
    return [{ [field]: key.slice(colon + 1), permission_level: value }];
  },
  problem(key) {
    const head = key.split(':', 1)[0] ?? '';
    if (!Object.hasOwn(PRINCIPALS, head))
      return `"${head}" is not one of ${Object.keys(PRINCIPALS).join(', ')}`;
    return key.length > head.length + 1 ? undefined : `nothing stands after "${head}:"`;
  },
};

/** Privileges of one principal: `support` → `[EXECUTE]`. https://docs.databricks.com/api/workspace/grants/get */
const grant: KeyCodec = {
  ...pair('principal', 'privileges'),
  valueOf: (entry) => entry.privileges ?? [],
};

export const KEY_CODECS = {
  limit,
  service_limit: serviceLimit,
  tag: pair('key', 'value'),
  entity: { ...named('name'), ordered: true },
  route: pair('served_entity_name', 'traffic_percentage'),
  principal,
  destination: named('name'),
  fallback: { ...named('name'), ordered: true },
  target: named('model'),
  grant,
} satisfies Record<string, KeyCodec>;

export type KeyCodecName = keyof typeof KEY_CODECS;

export interface Keyed {
  /** True when the list form was written (or read live): items that are not here are not wanted. */
  readonly whole: boolean;
  readonly items: ReadonlyMap<string, Json>;
}

/**
 * Either form of a keyed list by key. Entries of one key merge (a limit in calls and one in tokens stand
 * as two list items and are one value). Items without a key are left out: callers that write a list back
 * work on the list itself.
 */
export function keyed(codec: KeyCodec, value: Json | undefined): Keyed {
  const items = new Map<string, Json>();
  if (isList(value)) {
    for (const entry of value) {
      const key = isObject(entry) ? codec.keyOf(entry) : undefined;
      if (key === undefined || !isObject(entry)) continue;
      const before = items.get(key);
      const now = codec.valueOf(entry);
      items.set(key, isObject(before) && isObject(now) ? { ...before, ...now } : now);
    }
    return { whole: true, items };
  }
  if (isObject(value)) for (const key of Object.keys(value)) items.set(key, value[key] ?? null);
  return { whole: false, items };
}
