// What a serving endpoint as a whole takes beyond its schema: fields that its sort does not have, what may be written on
// an endpoint of somebody else's, who may be given permissions. Looks at entries after their layers are merged.
import { checkChoices, patternOf, valuesAt } from './choices';
import { checkEntities, wantedEntities } from './entity-rules';
import { checkEnvironmentNames } from './environment-names';
import type { Findings } from './findings';
import { checkGateway } from './gateway-rules';
import { isSaid, type LayerValue, leafOf, memberOf, textLeaf } from './layers';
import { locate } from './node';
import type { MergedEntry } from './resources';
import { checkTraffic } from './traffic-rules';

/** The sort of an endpoint, as far as the file tells it, and where it does. */
export interface DeclaredSort {
  readonly sort: string;
  readonly node: LayerValue['node'];
  /** The entry's `kind`, or what it serves. */
  readonly by: 'kind' | 'config';
}

const MODELS = patternOf('config.served_entities[].external_model');

export function checkEndpoint(entry: MergedEntry, findings: Findings): void {
  const config = memberOf(entry.value, 'config');
  const entities = memberOf(config, 'served_entities');
  const sort = declaredSort(entry);
  checkGateway(entry, sort, findings);
  checkChoices(entry, findings);
  if (entities?.kind === 'keyed') checkEntities(entities, entry.manage === 'full', findings);
  if (config !== undefined) checkTraffic(config, entry.manage === 'full', findings);
  checkFallback(entry, findings);
  checkAttached(entry, findings);
  checkSort(entry, findings);
  checkCustomOnly(entry, findings);
  checkPermissions(entry, findings);
  for (const model of valuesAt(entry.value, MODELS)) checkEnvironmentNames(model, findings);
}

/** What the config serves; an agent cannot be told from another custom model. */
function servedSort(entry: MergedEntry): DeclaredSort | undefined {
  const entities = [...wantedEntities(memberOf(entry.value, 'config', 'served_entities')).values()];
  const external = entities.map((entity) => memberOf(entity, 'external_model')).find(isSaid);
  if (external !== undefined) return { sort: 'external', node: external.node, by: 'config' };
  const throughput = ['provisioned_model_units', 'min_provisioned_throughput', 'max_provisioned_throughput'];
  const provisioned = entities
    .flatMap((entity) => throughput.map((field) => memberOf(entity, field)))
    .find(isSaid);
  if (provisioned !== undefined)
    return { sort: 'provisioned_throughput', node: provisioned.node, by: 'config' };
  const names = entities.map((entity) => memberOf(entity, 'entity_name')).filter(isSaid);
  const own =
    names.length === entities.length && !names.some((name) => textLeaf(name)?.startsWith('system.ai.'));
  return own && names[0] !== undefined ? { sort: 'custom', node: names[0].node, by: 'config' } : undefined;
}

export function declaredSort(entry: MergedEntry): DeclaredSort | undefined {
  const kind = memberOf(entry.value, 'kind');
  const sort = textLeaf(kind);
  if (kind !== undefined && sort !== undefined) return { sort, node: kind.node, by: 'kind' };
  return servedSort(entry);
}

/** Which sorts a config can be of, by the sort that the entry says. */
const SERVES: Readonly<Record<string, readonly string[]>> = {
  external: ['external'],
  provisioned_throughput: ['provisioned_throughput'],
  custom: ['custom'],
  agent: ['custom'],
  pay_per_token: [],
};

function checkSort(entry: MergedEntry, findings: Findings): void {
  const kind = memberOf(entry.value, 'kind');
  const config = memberOf(entry.value, 'config');
  const sort = textLeaf(kind) ?? '';
  const may = Object.hasOwn(SERVES, sort) ? SERVES[sort] : undefined;
  const served = servedSort(entry);
  if (kind === undefined || config === undefined || may === undefined) return;
  if (may.length > 0 && (served === undefined || may.includes(served.sort))) return;
  findings.error({
    code: 'wrong-kind',
    message:
      served === undefined || may.length === 0
        ? `the config of ${sort} endpoints cannot be written`
        : `the config is that of an endpoint of kind ${served.sort}, not ${sort}`,
    at: locate(may.length === 0 ? config.node : (served?.node ?? config.node)),
    because: { text: 'the kind is declared here', at: locate(kind.node) },
    help:
      may.length === 0
        ? 'Leave config out: Databricks runs these endpoints.'
        : 'Correct kind, or leave it out.',
  });
}

function checkAttached(entry: MergedEntry, findings: Findings): void {
  if (entry.manage !== 'attach') return;
  const manage = memberOf(entry.value, 'manage');
  const { fields, attachable } = entry.declared.section;
  for (const field of fields) {
    const value = memberOf(entry.value, field);
    if (value === undefined || attachable.includes(field)) continue;
    findings.error({
      code: 'not-attachable',
      message: `${field} is written only on endpoints that are managed fully`,
      at: locate(value.node),
      ...(manage === undefined ? {} : { because: { text: 'this one is attached', at: locate(manage.node) } }),
      help: `Leave it out, or manage the endpoint fully. What can be attached is ${attachable.join(', ')}.`,
    });
  }
}

/**
 * Fallback goes through the entities in their order, and external models alone have it.
 * https://docs.databricks.com/aws/en/ai-gateway/configure-ai-gateway-endpoints
 */
function checkFallback(entry: MergedEntry, findings: Findings): void {
  const enabled = memberOf(entry.value, 'ai_gateway', 'fallback_config', 'enabled');
  const entities = memberOf(entry.value, 'config', 'served_entities');
  if (enabled === undefined || leafOf(enabled) !== true || entities?.kind !== 'keyed') return;
  const served = servedSort(entry);
  const at = locate(enabled.node);
  if (served !== undefined && served.sort !== 'external') {
    findings.error({
      code: 'feature-not-offered',
      message: 'only external models have fallback',
      at,
      because: {
        text: `what is served here is ${served.sort.replaceAll('_', ' ')}`,
        at: locate(served.node),
      },
      help: 'Remove fallback_config.',
    });
  } else if (!entities.whole) {
    findings.error({
      code: 'no-order',
      message: 'fallback goes by the order of the served entities, and a map has none',
      at,
      because: { text: 'they are declared as a map here', at: locate(entities.node) },
      help: 'Declare served_entities as a list, first choice first.',
    });
  } else if (wantedEntities(entities).size < 2) {
    findings.warning({
      code: 'no-effect',
      message: 'fallback needs a second served entity to fall back to',
      at,
      because: { text: 'the served entities stand here', at: locate(entities.node) },
    });
  }
}

/** https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (CreateServingEndpoint) */
const CUSTOM_ONLY = ['telemetry_config', 'route_optimized'];
const NOT_CUSTOM: Readonly<Record<string, readonly string[]>> = {
  telemetry_config: ['external', 'pay_per_token'],
  route_optimized: ['external', 'pay_per_token', 'provisioned_throughput'],
};

function checkCustomOnly(entry: MergedEntry, findings: Findings): void {
  const sort = declaredSort(entry);
  for (const field of CUSTOM_ONLY) {
    const value = memberOf(entry.value, field);
    const refused = sort !== undefined && NOT_CUSTOM[field]?.includes(sort.sort);
    if (!refused || !isSaid(value) || leafOf(value) === false) continue;
    findings.error({
      code: 'feature-not-offered',
      message: `${field} is for custom models`,
      at: locate(value.node),
      because: { text: `this endpoint is ${sort.sort.replaceAll('_', ' ')}`, at: locate(sort.node) },
      help: 'Remove it.',
    });
  }
  const telemetry = memberOf(entry.value, 'telemetry_config');
  const [names, profile] = ['table_names', 'telemetry_profile_id'].map((name) => memberOf(telemetry, name));
  if (!isSaid(names) || !isSaid(profile)) return;
  findings.error({
    code: 'excluded-field',
    message: 'telemetry_profile_id cannot stand beside table_names',
    at: locate(profile.node),
    because: { text: 'table_names stands here', at: locate(names.node) },
    help: 'Keep one of them.',
  });
}

const ACL = 'https://docs.databricks.com/aws/en/security/auth/access-control';

function checkPermissions(entry: MergedEntry, findings: Findings): void {
  const permissions = memberOf(entry.value, 'permissions');
  if (permissions === undefined) return;
  const kind = memberOf(entry.value, 'kind');
  const bySystem = entry.name.startsWith('databricks-') && kind === undefined;
  if (textLeaf(kind) === 'pay_per_token' || bySystem) {
    findings.error({
      code: 'no-permissions',
      message: 'endpoints that Databricks makes have no permissions of their own',
      at: locate(permissions.node),
      ...(kind === undefined
        ? {}
        : { because: { text: 'the kind is declared here', at: locate(kind.node) } }),
      help: bySystem
        ? 'Grant EXECUTE on the model in system.ai instead; where the endpoint is one of your own, add its kind.'
        : 'Grant EXECUTE on the model in system.ai instead.',
    });
  }
  const admins = memberOf(permissions, 'group:admins');
  if (permissions.kind !== 'keyed' || admins === undefined) return;
  findings.error({
    code: 'reserved-principal',
    message: 'the group admins always manages the endpoint, and cannot be granted or refused it',
    at: locate(admins.node),
    because: { text: `https://github.com/databricks/terraform-provider-databricks/issues/3111, ${ACL}` },
    help: 'Remove it.',
  });
}
