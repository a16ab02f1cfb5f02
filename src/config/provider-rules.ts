// What a model provider service takes beyond its schema: the block of its provider, in it the address and one way to
// sign in, and its models. One row for each provider. Source:
// https://github.com/databricks/terraform-provider-databricks/blob/main/docs/resources/ai_gateway_model_provider_service.md
import { AUTH_WAYS, type AuthWay, PROVIDERS } from '../model/provider-service-fields';
import { checkEnvironmentNames } from './environment-names';
import type { Findings } from './findings';
import { isSaid, type LayerValue, leafOf, type MapValue, memberOf, textLeaf } from './layers';
import { checkNeeds, reportMissing } from './needs';
import { locate } from './node';
import type { MergedEntry } from './resources';
import { PROVIDER_BLOCKS as BLOCKS } from './service-words';

/** May be left out: https://api.openai.com/v1 is meant. */
const STANDARD_PLACE = 'openai';

/** What each way to sign in needs beside its secret. */
const WAY_NEEDS: Readonly<Partial<Record<AuthWay, readonly string[]>>> = {
  aws_access_key: ['access_key_id'],
  entra_service_principal: ['tenant_id', 'client_id'],
  service_credential: ['name'],
};

/** Came after the release that the schema follows, by block. */
const LATER_WAYS: Readonly<Record<string, AuthWay>> = {
  custom: 'header_auth',
  gemini_enterprise: 'service_credential',
};

const CUSTOM = 'EXTERNAL_MODEL_PROVIDER_TYPE_CUSTOM';

export function checkProvider(entry: MergedEntry, findings: Findings): void {
  const config = memberOf(entry.value, 'config');
  if (config?.kind !== 'map') return;
  checkEnvironmentNames(config, findings);
  checkType(entry, config, findings);
  checkTargets(entry, config, findings);
  const complete = entry.manage === 'full';
  for (const row of Object.values(PROVIDERS)) {
    const block = memberOf(config, row.block);
    if (block?.kind === 'map' && complete) checkBlock(block, row, isPreviewed(entry, row.block), findings);
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
function checkBlock(
  value: MapValue,
  { block, place, auth, relayed }: (typeof PROVIDERS)[string],
  isPreviewedToo: boolean,
  findings: Findings,
): void {
  const direct = memberOf(value, 'direct');
  if (direct?.kind !== 'map') {
    const passesOn = relayed === true && isSaid(memberOf(value, 'relayed'));
    if (!passesOn && !isPreviewedToo)
      reportMissing(block, value, relayed ? 'direct or relayed' : 'direct', findings);
    return;
  }
  if (block !== STANDARD_PLACE) checkNeeds(`${block}.direct`, direct, place, findings);
  const ways = auth.filter((way) => way !== LATER_WAYS[block]);
  const way = ways.find((each) => isSaid(memberOf(direct, each)));
  if (way !== undefined) checkWay(way, memberOf(direct, way)!, findings);
  else if (!isPreviewedToo) reportMissing(`${block}.direct`, direct, ways.join(' or '), findings, 'warning');
}

function checkWay(way: AuthWay, value: LayerValue, findings: Findings): void {
  if (value.kind !== 'map') return;
  checkNeeds(way, value, WAY_NEEDS[way] ?? [], findings);
  const inner = AUTH_WAYS[way];
  if (inner === undefined) return;
  const secret = inner === '' ? value : memberOf(value, inner);
  if (secret === undefined) {
    reportMissing(way, value, inner, findings, 'warning');
  } else if (secret.kind === 'map') {
    const forms = ['plaintext', 'secret_reference'].filter((form) => isSaid(memberOf(secret, form)));
    if (forms.length === 0)
      reportMissing(inner || way, secret, 'secret_reference or plaintext', findings, 'warning');
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
