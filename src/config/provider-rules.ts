// What a model provider service takes beyond its schema: the block of its provider, in it the address and one way to
// sign in, and its models. One row for each provider. Source:
// https://github.com/databricks/terraform-provider-databricks/blob/main/docs/resources/ai_gateway_model_provider_service.md
import { PROVIDER_TYPE_BLOCKS } from '../model/service-fields';
import { checkEnvironmentNames } from './environment-names';
import type { Findings } from './findings';
import { isSaid, type LayerValue, leafOf, type MapValue, memberOf, textLeaf } from './layers';
import { checkNeeds, reportMissing } from './needs';
import { locate } from './node';
import type { MergedEntry } from './resources';

interface Row {
  /** What `direct` needs. */
  readonly needs: readonly string[];
  /** Ways to sign in, of which one is needed. */
  readonly ways: readonly string[];
  /** The token of each caller may be passed on instead. */
  readonly relayed?: true;
}

const AZURE: Row = {
  needs: ['base_url'],
  ways: ['api_key', 'entra_service_principal', 'service_credential'],
};

const ROWS: Readonly<Record<string, Row>> = {
  openai: { needs: [], ways: ['api_key'] },
  azure_openai: AZURE,
  anthropic: { needs: [], ways: ['api_key'], relayed: true },
  amazon_bedrock: { needs: ['region'], ways: ['aws_access_key', 'service_credential'] },
  custom: { needs: ['base_url'], ways: ['api_key'] },
  microsoft_foundry: AZURE,
  gemini_enterprise: { needs: ['project_id', 'region'], ways: ['api_key'] },
};

/** What each way to sign in needs besides its secret, and where in it the secret stands; '' is the way itself. */
const WAYS: Readonly<Record<string, { readonly needs: readonly string[]; readonly secret?: string }>> = {
  api_key: { needs: [], secret: '' },
  aws_access_key: { needs: ['access_key_id'], secret: 'secret_access_key' },
  entra_service_principal: { needs: ['tenant_id', 'client_id'], secret: 'client_secret' },
  service_credential: { needs: ['name'] },
};

const BLOCKS: Readonly<Record<string, string>> = PROVIDER_TYPE_BLOCKS;
const CUSTOM = 'EXTERNAL_MODEL_PROVIDER_TYPE_CUSTOM';

export function checkProvider(entry: MergedEntry, findings: Findings): void {
  const config = memberOf(entry.value, 'config');
  if (config?.kind !== 'map') return;
  checkEnvironmentNames(config, findings);
  checkType(entry, config, findings);
  checkTargets(entry, config, findings);
  const complete = entry.manage === 'full';
  for (const [name, row] of Object.entries(ROWS)) {
    const block = memberOf(config, name);
    if (block?.kind === 'map' && complete) checkBlock(name, block, row, isPreviewed(entry, name), findings);
  }
}

/** What is newer than the schema may be a way to sign in. */
function isPreviewed(entry: MergedEntry, block: string): boolean {
  return memberOf(entry.value, 'preview', 'config', block) !== undefined;
}

function checkType(entry: MergedEntry, config: MapValue, findings: Findings): void {
  const type = memberOf(config, 'provider_type');
  const word = textLeaf(type) ?? '';
  const own = Object.hasOwn(BLOCKS, word) ? BLOCKS[word] : undefined;
  const said = Object.values(BLOCKS).filter((block) => isSaid(memberOf(config, block)));
  const [other] = said;
  if (type === undefined || own === undefined || said.length > 1) return;
  if (other === undefined && entry.manage === 'full' && !isPreviewed(entry, own)) {
    reportMissing(`the provider ${word}`, config, own, findings);
  } else if (other !== undefined && other !== own) {
    findings.error({
      code: 'excluded-field',
      message: `the provider ${word} takes ${own}, not ${other}`,
      at: locate(memberOf(config, other)!.node),
      because: { text: 'the provider is declared here', at: locate(type.node) },
      help: `Write ${own}, or leave provider_type out: the block says it.`,
    });
  }
}

/** A credential may be there already, and is kept where none is sent. */
function checkBlock(name: string, block: MapValue, row: Row, more: boolean, findings: Findings): void {
  const direct = memberOf(block, 'direct');
  if (direct?.kind !== 'map') {
    const relayed = row.relayed === true && isSaid(memberOf(block, 'relayed'));
    if (!relayed && !more) reportMissing(name, block, row.relayed ? 'direct or relayed' : 'direct', findings);
    return;
  }
  checkNeeds(`${name}.direct`, direct, row.needs, findings);
  const way = row.ways.find((each) => isSaid(memberOf(direct, each)));
  if (way === undefined) {
    if (!more) reportMissing(`${name}.direct`, direct, row.ways.join(' or '), findings, 'warning');
    return;
  }
  checkWay(way, memberOf(direct, way)!, findings);
}

function checkWay(way: string, value: LayerValue, findings: Findings): void {
  const row = WAYS[way];
  if (row === undefined || value.kind !== 'map') return;
  checkNeeds(way, value, row.needs, findings);
  if (row.secret === undefined) return;
  const secret = row.secret === '' ? value : memberOf(value, row.secret);
  const who = row.secret === '' ? way : row.secret;
  if (secret === undefined) {
    reportMissing(way, value, row.secret, findings, 'warning');
  } else if (secret.kind === 'map') {
    const forms = ['plaintext', 'secret_reference'].filter((form) => isSaid(memberOf(secret, form)));
    if (forms.length === 0) reportMissing(who, secret, 'secret_reference or plaintext', findings, 'warning');
    const reference = memberOf(secret, 'secret_reference');
    if (reference?.kind === 'map') checkNeeds('secret_reference', reference, ['name'], findings);
  }
}

function checkTargets(entry: MergedEntry, config: MapValue, findings: Findings): void {
  const targets = memberOf(config, 'targets');
  const all = memberOf(config, 'allow_all_targets');
  const type = memberOf(config, 'provider_type');
  if (textLeaf(type) === CUSTOM && all !== undefined && leafOf(all) === true) {
    findings.warning({
      code: 'feature-not-offered',
      message: 'a custom provider cannot allow all targets',
      at: locate(all.node),
      because: {
        text: 'the types of the API say so: https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/service/catalog.py',
        at: locate(type!.node),
      },
      help: 'List its models in targets.',
    });
  }
  if (entry.manage !== 'full' || leafOf(all) === true) return;
  const whole = targets?.kind === 'keyed' && targets.whole;
  const none =
    targets !== undefined &&
    (leafOf(targets) === null || (whole && ![...targets.items.values()].some(isSaid)));
  const what = 'at least one model in targets, or allow_all_targets: true';
  if (none && !findings.isBroken(targets.node))
    findings.error({ code: 'missing-field', message: `config needs ${what}`, at: locate(targets.node) });
  const makes = Object.values(BLOCKS).some((block) => isSaid(memberOf(config, block)));
  if (targets === undefined && all === undefined && makes)
    reportMissing('config', config, what, findings, 'warning');
}
