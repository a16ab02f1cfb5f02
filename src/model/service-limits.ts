// The rate limit of a Unity Catalog service as an item of a keyed list: how its identity becomes a text and
// back. Reads the API's long words and the short ones of a file; writes the long ones.
import type { Json, JsonObject } from './json';
import type { KeyCodec } from './keys';

const KEY = 'RATE_LIMIT_KEY_';
const PERIOD = 'RATE_LIMIT_RENEWAL_PERIOD_';

/** Whom a limit may be for, and whether it names somebody. */
const NAMES = { service: false, user_default: false, user: true, user_group: true, service_principal: true };
export const SERVICE_LIMIT_KEYS = Object.keys(NAMES) as (keyof typeof NAMES)[];
export const SERVICE_LIMIT_PERIODS = ['minute', 'hour'] as const;
const UNITS = ['requests', 'tokens'] as const;

/** `RATE_LIMIT_KEY_USER_DEFAULT` and `user_default` are one word. */
function short(value: Json | undefined, prefix: string): string | undefined {
  if (typeof value !== 'string') return undefined;
  return (value.startsWith(prefix) ? value.slice(prefix.length) : value).toLowerCase();
}

const NAMES_A_PERIOD = /\/(minute|hour)$/;

function parted(text: string): { head: string; principal?: string; period: string } {
  const [, period = 'minute'] = NAMES_A_PERIOD.exec(text) ?? [];
  const who = text.replace(NAMES_A_PERIOD, '');
  const colon = who.indexOf(':');
  if (colon < 0) return { head: who, period };
  return { head: who.slice(0, colon), principal: who.slice(colon + 1), period };
}

/**
 * Identity is (key, principal, period); one entry may count requests and tokens. The item key is `service`,
 * `user_default`, `user:ana@example.com`, with `/hour` behind it when hourly. `/minute` stands only behind a
 * principal whose name itself ends so, and cannot be mistaken then.
 * https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/service/catalog.py (RateLimit)
 */
export const serviceLimit: KeyCodec = {
  joined: true,
  keyOf(entry) {
    const head = short(entry.key ?? 'service', KEY);
    const period = short(entry.renewal_period ?? 'minute', PERIOD);
    if (head === undefined || period === undefined) return undefined;
    const { principal } = entry;
    const who = typeof principal === 'string' && principal !== '' ? `${head}:${principal}` : head;
    return period === 'minute' && !NAMES_A_PERIOD.test(who) ? who : `${who}/${period}`;
  },
  valueOf: (entry) =>
    Object.fromEntries(
      UNITS.filter((unit) => entry[unit] !== undefined).map((unit) => [unit, entry[unit] ?? null]),
    ),
  entries(key, value) {
    const counts = UNITS.filter((unit) => typeof (value as JsonObject | null)?.[unit] === 'number');
    if (counts.length === 0) return [];
    const { head, principal, period } = parted(key);
    return [
      {
        key: `${KEY}${head.toUpperCase()}`,
        ...(principal === undefined ? {} : { principal }),
        renewal_period: `${PERIOD}${period.toUpperCase()}`,
        ...Object.fromEntries(counts.map((unit) => [unit, (value as JsonObject)[unit] ?? null])),
      },
    ];
  },
  problem(key) {
    const { head, principal, period } = parted(key);
    if (!Object.hasOwn(NAMES, head)) return `"${head}" is not one of ${SERVICE_LIMIT_KEYS.join(', ')}`;
    const named = NAMES[head as keyof typeof NAMES];
    if (named && (principal ?? '') === '') return `"${head}" needs a name: ${head}:...`;
    if (!named && principal !== undefined) return `"${head}" takes no name`;
    const plain = key.replace(/\/minute$/, '');
    if (period === 'minute' && plain !== key && !NAMES_A_PERIOD.test(plain))
      return `"${plain}" says the same: a limit is by the minute unless it says /hour`;
    return undefined;
  },
  reach(key) {
    const { head } = parted(key);
    if (head === 'user_default') return 'default';
    if (head === 'user_group') return 'shared';
    return head === 'service' ? 'ceiling' : 'own';
  },
  period: (key) => parted(key).period,
};
