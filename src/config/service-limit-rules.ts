// What limits of services take beyond their schema: how many, and whom they name. Sources:
// https://docs.databricks.com/aws/en/ai-gateway/rate-limits and
// https://github.com/databricks/terraform-provider-databricks/blob/main/docs/resources/ai_gateway_model_service.md (RateLimit)
import { KEY_CODECS, type Reach } from '../model/keys';
import { kindOf } from '../model/kinds';
import type { Findings } from './findings';
import { isSaid, type KeyedValue, leafOf, memberOf } from './layers';
import { locate, locateKey, member, type Node, textOf } from './node';
import type { MergedEntry } from './resources';
import { LIMIT_KEY, longWord } from './service-words';

const DOCS = 'https://docs.databricks.com/aws/en/ai-gateway/rate-limits';
const PATH = 'config.rate_limits';

const NAMELESS = ['service', 'user_default'].map((word) => longWord(word, LIMIT_KEY));
const NAMED: Readonly<Record<string, string>> = {
  [longWord('user', LIMIT_KEY)]:
    "Add principal: the user's e-mail address; the limit of every user is user_default.",
  [longWord('user_group', LIMIT_KEY)]: "Add principal: the group's name.",
  [longWord('service_principal', LIMIT_KEY)]: 'Add principal: the application id.',
};

/** Whom a limit in list form is about; in map form the key's pattern has said so. */
export function checkListedServiceLimit(item: Node, findings: Findings): void {
  const key = textOf(member(item, 'key')) ?? '';
  const principal = member(item, 'principal');
  if (principal !== undefined && NAMELESS.includes(key)) {
    findings.error({
      code: 'bad-limit',
      message: `a limit of ${key} has no principal`,
      at: locate(principal),
      help: 'Write key: user, user_group or service_principal to limit somebody.',
    });
  }
  if (principal !== undefined || !Object.hasOwn(NAMED, key)) return;
  findings.error({
    code: 'missing-field',
    message: `a limit of ${key} needs a principal`,
    at: item.kind === 'map' ? locateKey(item, 'key') : locate(item),
    help: NAMED[key]!,
  });
}

/** Counted after merging: a preset's limits count too. */
export function checkServiceLimits(entry: MergedEntry, findings: Findings): void {
  const limits = memberOf(entry.value, 'config', 'rate_limits');
  if (limits?.kind !== 'keyed') return;
  const wanted = [...limits.items].filter(([, value]) => isSaid(value)).map(([key]) => key);
  const groups = wanted.filter((key) => KEY_CODECS.service_limit.reach?.(key) === 'shared');
  tooMany(wanted.length, mostOf(entry, undefined), 'rate limits', limits, findings);
  tooMany(groups.length, mostOf(entry, 'shared'), 'limits for groups', limits, findings);
  if (entry.declared.section.kind === 'mcp_services') checkTokens(limits, findings);
}

function mostOf(entry: MergedEntry, reach: Reach | undefined): number {
  const row = kindOf(entry.declared.section.kind).most.find(
    (most) => most.path === PATH && most.reach === reach,
  );
  return row?.items ?? Number.POSITIVE_INFINITY;
}

function tooMany(count: number, most: number, what: string, limits: KeyedValue, findings: Findings): void {
  if (count <= most) return;
  findings.error({
    code: 'too-many-limits',
    message: `${count} ${what}, and a service takes ${most}`,
    at: locate(limits.node),
    because: { text: `each key, principal and period counts as one: ${DOCS}` },
  });
}

/** The API takes them; the documentation knows limits of requests only. */
function checkTokens(limits: KeyedValue, findings: Findings): void {
  for (const limit of limits.items.values()) {
    const tokens = memberOf(limit, 'tokens');
    if (tokens === undefined || leafOf(tokens) === null) continue;
    findings.warning({
      code: 'feature-not-offered',
      message: 'MCP services are limited by requests; a limit of tokens may do nothing',
      at: locate(tokens.node),
      because: { text: DOCS },
      help: 'Write requests.',
    });
  }
}
