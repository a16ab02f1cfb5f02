// What the gateway takes beyond its schema: counts, principals, completeness, and what a sort of endpoint offers. Looks
// at entries after their layers are merged. Sources: https://docs.databricks.com/aws/en/ai-gateway/configure-ai-gateway-endpoints
// and https://docs.databricks.com/aws/en/ai-gateway/overview-serving-endpoints
import type { Location } from '../model/diagnostic';
import type { Reach } from '../model/keys';
import { kindOf } from '../model/kinds';
import type { DeclaredSort } from './endpoint-rules';
import type { Findings } from './findings';
import { type LayerValue, leafOf, memberOf } from './layers';
import { locate, locateKey, member, type Node } from './node';
import type { MergedEntry } from './resources';

const DOCS = 'https://docs.databricks.com/aws/en/ai-gateway/configure-ai-gateway-endpoints';
export const STAMP_TAG = 'gatewright_project';

export function checkGateway(entry: MergedEntry, sort: DeclaredSort | undefined, findings: Findings): void {
  const gateway = memberOf(entry.value, 'ai_gateway');
  checkLimits(entry, memberOf(gateway, 'rate_limits'), findings);
  checkInferenceTable(entry, memberOf(gateway, 'inference_table_config'), findings);
  checkFallback(memberOf(gateway, 'fallback_config'), findings);
  for (const side of ['input', 'output']) checkDeprecated(memberOf(gateway, 'guardrails', side), findings);
  checkFeatures(sort, gateway, findings);
  checkTags(memberOf(entry.value, 'tags'), findings);
}

function checkLimits(entry: MergedEntry, limits: LayerValue | undefined, findings: Findings): void {
  if (limits?.kind !== 'keyed') return;
  const wanted = [...limits.items].filter(([, value]) => leafOf(value) !== null);
  const units = wanted.flatMap(([, value]) => unitsOf(value));
  tooMany(units.length, mostOf(entry, undefined), 'rate limits', limits, findings);
  const groups = wanted
    .filter(([key]) => key.startsWith('user_group:'))
    .flatMap(([, value]) => unitsOf(value));
  tooMany(groups.length, mostOf(entry, 'shared'), 'limits for groups', limits, findings);
}

function mostOf(entry: MergedEntry, reach: Reach | undefined): number {
  const row = kindOf(entry.declared.section.kind).most.find(
    (most) => most.path === 'ai_gateway.rate_limits' && most.reach === reach,
  );
  return row?.items ?? Number.POSITIVE_INFINITY;
}

function unitsOf(value: LayerValue): string[] {
  return value.kind !== 'map'
    ? []
    : [...value.members].filter(([, unit]) => leafOf(unit) !== null).map(([name]) => name);
}

/** Counted after merging: a preset's limits count too. Each of calls and tokens is a limit of its own. */
function tooMany(count: number, most: number, what: string, limits: LayerValue, findings: Findings): void {
  if (count <= most) return;
  findings.error({
    code: 'too-many-limits',
    message: `${count} ${what}, and an endpoint takes ${most}`,
    at: locate(limits.node),
    because: { text: `calls and tokens count as one each: ${DOCS}` },
  });
}

/** Whom a limit in list form is about; in map form the key's pattern has said so. */
export function checkListedLimit(key: string, item: Node, findings: Findings): void {
  const colon = key.indexOf(':');
  const head = colon < 0 ? key : key.slice(0, colon);
  if (head === 'endpoint' && colon >= 0) {
    findings.error({
      code: 'bad-limit',
      message: 'a limit of the whole endpoint has no principal',
      at: locate(member(item, 'principal') ?? item),
      help: 'Add key: user, user_group or service_principal to limit somebody.',
    });
  }
  if ((head !== 'user_group' && head !== 'service_principal') || colon >= 0) return;
  findings.error({
    code: 'missing-field',
    message: `a ${head} limit needs a principal`,
    at: item.kind === 'map' ? locateKey(item, 'key') : locate(item),
    help: head === 'user_group' ? "Add principal: the group's name." : 'Add principal: the application id.',
  });
}

/** Logging needs to know where to. What is attached may have it live already. */
function checkInferenceTable(entry: MergedEntry, table: LayerValue | undefined, findings: Findings): void {
  if (table?.kind !== 'map' || findings.isBroken(table.node)) return;
  const enabled = memberOf(table, 'enabled');
  if (leafOf(enabled) !== true) return;
  const missing = ['catalog_name', 'schema_name'].filter((name) => memberOf(table, name) === undefined);
  if (missing.length === 0) return;
  const finding = {
    code: 'missing-field',
    message: `an inference table that is enabled needs ${missing.join(' and ')}`,
    at: locate(enabled!.node),
    help: 'Say where the table goes: both must exist in Unity Catalog.',
  };
  if (entry.manage === 'full') findings.error(finding);
  else findings.warning({ ...finding, message: `${finding.message}, unless the endpoint has it` });
}

function checkFallback(fallback: LayerValue | undefined, findings: Findings): void {
  if (fallback?.kind !== 'map' || findings.isBroken(fallback.node)) return;
  if (memberOf(fallback, 'enabled') !== undefined) return;
  findings.error({
    code: 'missing-field',
    message: 'fallback_config needs enabled',
    at: locate(fallback.node),
    help: 'Write enabled: true or false.',
  });
}

function checkDeprecated(guardrail: LayerValue | undefined, findings: Findings): void {
  for (const name of ['invalid_keywords', 'valid_topics']) {
    const value = memberOf(guardrail, name);
    if (value === undefined || leafOf(value) === null) continue;
    findings.warning({
      code: 'deprecated-field',
      message: `${name} is deprecated`,
      at: locate(value.node),
      because: {
        text: 'https://github.com/databricks/terraform-provider-databricks/blob/main/docs/resources/model_serving.md',
      },
    });
  }
}

/** Features by sort of endpoint; what is not listed is not offered. Regions and workspaces differ, hence warnings. */
const OFFERED: Readonly<Record<string, readonly string[]>> = {
  external: [
    'rate_limits',
    'guardrails',
    'inference_table_config',
    'usage_tracking_config',
    'fallback_config',
  ],
  provisioned_throughput: ['rate_limits', 'guardrails', 'inference_table_config', 'usage_tracking_config'],
  pay_per_token: ['rate_limits', 'guardrails', 'inference_table_config', 'usage_tracking_config'],
  custom: ['rate_limits', 'inference_table_config', 'usage_tracking_config'],
  agent: ['inference_table_config'],
};

function checkFeatures(
  declared: DeclaredSort | undefined,
  gateway: LayerValue | undefined,
  findings: Findings,
): void {
  const sort = declared?.sort ?? '';
  const offered = Object.hasOwn(OFFERED, sort) ? OFFERED[sort] : undefined;
  if (declared === undefined || offered === undefined || gateway?.kind !== 'map') return;
  for (const [feature, value] of gateway.members) {
    const asksFor = leafOf(value) !== null && leafOf(memberOf(value, 'enabled')) !== false;
    // Where the config tells the sort, this one is an error of its own.
    const isFallback = feature === 'fallback_config' && declared.by === 'config';
    if (offered.includes(feature) || !asksFor || isFallback) continue;
    findings.warning({
      code: 'feature-not-offered',
      message: `${sort} endpoints do not offer ${feature}`,
      at: locate(value.node),
      because: {
        text: `${declared.by === 'kind' ? 'the kind is declared here' : 'the kind follows from what is served'}; see ${DOCS}`,
        at: locate(declared.node),
      },
    });
  }
}

function checkTags(tags: LayerValue | undefined, findings: Findings): void {
  const stamp = memberOf(tags, STAMP_TAG);
  if (stamp === undefined) return;
  const at: Location = locate(stamp.node);
  findings.error({
    code: 'reserved-tag',
    message: `the tag ${STAMP_TAG} says who manages the endpoint, and is set by itself`,
    at,
    help: 'Remove it.',
  });
}
