// What an external model takes beyond its schema: the block of its provider and no other, and in it the credentials and
// fields that the provider needs. One row for each provider.
// https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (ExternalModel and its *Config types)
import { PROVIDER_BLOCKS } from '../model/endpoint-config-fields';
import type { Findings } from './findings';
import { isSaid, type LayerValue, type MapValue, memberOf, textLeaf } from './layers';
import { locate } from './node';

type Provider = keyof typeof PROVIDER_BLOCKS;

interface Row {
  /** Fields and credentials that are needed; a credential in either of its forms. */
  readonly needs?: readonly string[];
  /** One of these is needed, and only one may be there; a list stands for fields that go together. */
  readonly either?: readonly (readonly string[])[];
  /** More is needed where a field says so. */
  readonly when?: { readonly field: string; readonly needs: Readonly<Record<string, readonly string[]>> };
}

const AZURE = ['openai_api_base', 'openai_api_version', 'openai_deployment_name'];
const ENTRA = ['microsoft_entra_tenant_id', 'microsoft_entra_client_id', 'microsoft_entra_client_secret'];

const ROWS: Readonly<Record<Provider, Row>> = {
  ai21labs: { needs: ['ai21labs_api_key'] },
  anthropic: { needs: ['anthropic_api_key'] },
  'amazon-bedrock': {
    needs: ['aws_region', 'bedrock_provider'],
    either: [['aws_access_key_id', 'aws_secret_access_key'], ['instance_profile_arn']],
  },
  cohere: { needs: ['cohere_api_key'] },
  custom: { needs: ['custom_provider_url'], either: [['api_key_auth'], ['bearer_token_auth']] },
  'databricks-model-serving': { needs: ['databricks_workspace_url', 'databricks_api_token'] },
  'google-cloud-vertex-ai': { needs: ['project_id', 'region', 'private_key'] },
  openai: {
    when: {
      field: 'openai_api_type',
      needs: {
        openai: ['openai_api_key'],
        azure: ['openai_api_key', ...AZURE],
        azuread: [...AZURE, ...ENTRA],
      },
    },
  },
  palm: { needs: ['palm_api_key'] },
};

/** What each way to authenticate with a provider of one's own needs. */
const AUTH: Readonly<Record<string, readonly string[]>> = {
  api_key_auth: ['key', 'value'],
  bearer_token_auth: ['token'],
};

/** `whole` is false where live may have what is not declared here: then only what is said can be wrong. */
export function checkExternalModel(model: MapValue, whole: boolean, findings: Findings): void {
  const provider = memberOf(model, 'provider');
  const name = textLeaf(provider) as Provider | undefined;
  if (whole) checkNeeds(model, ['name', 'provider', 'task'], 'an external model', findings);
  if (provider === undefined || name === undefined || !Object.hasOwn(ROWS, name)) return;
  const own = PROVIDER_BLOCKS[name];
  for (const block of Object.values(PROVIDER_BLOCKS)) {
    const written = memberOf(model, block);
    if (block === own || !isSaid(written)) continue;
    findings.error({
      code: 'excluded-field',
      message: `the provider ${name} takes ${own}, not ${block}`,
      at: locate(written.node),
      because: { text: 'the provider is declared here', at: locate(provider.node) },
      help: `Write ${own}; null removes the other where a lower layer says it.`,
    });
  }
  if (whole) checkNeeds(model, [own], `the provider ${name}`, findings);
  const block = memberOf(model, own);
  if (block?.kind === 'map') checkBlock(own, block, ROWS[name], whole, findings);
}

function checkBlock(own: string, block: MapValue, row: Row, whole: boolean, findings: Findings): void {
  checkEither(own, block, row, whole, findings);
  for (const [auth, needs] of Object.entries(AUTH)) {
    const way = memberOf(block, auth);
    if (whole && way?.kind === 'map') checkNeeds(way, needs, auth, findings);
  }
  if (!whole) return;
  checkNeeds(block, row.needs ?? [], own, findings);
  if (row.when === undefined) return;
  const says = textLeaf(memberOf(block, row.when.field)) ?? 'openai';
  checkNeeds(block, row.when.needs[says] ?? [], `${row.when.field} ${says}`, findings);
}

function checkEither(own: string, block: MapValue, row: Row, whole: boolean, findings: Findings): void {
  if (row.either === undefined) return;
  const begun = row.either.filter((fields) => fields.some((field) => isGiven(block, field)));
  const [first, second] = begun.map((fields) => saidOf(block, fields.find((field) => isGiven(block, field))!));
  if (first !== undefined && second !== undefined) {
    findings.error({
      code: 'excluded-field',
      message: `${row.either.map((fields) => fields.join(' and ')).join(', or ')}: one way to authenticate, not both`,
      at: locate(second.node),
      because: { text: 'the other is declared here', at: locate(first.node) },
      help: 'Keep one of them.',
    });
  } else if (whole && begun.length === 0) {
    missing(block, row.either.map((fields) => fields.join(' and ')).join(', or '), own, findings);
  } else if (whole && begun[0] !== undefined) {
    checkNeeds(block, begun[0], own, findings);
  }
}

/** A credential is given in either of its forms. */
function saidOf(block: MapValue, field: string): LayerValue | undefined {
  return [field, `${field}_plaintext`].map((form) => memberOf(block, form)).find(isSaid);
}

function isGiven(block: MapValue, field: string): boolean {
  return saidOf(block, field) !== undefined;
}

function checkNeeds(block: MapValue, fields: readonly string[], who: string, findings: Findings): void {
  const absent = fields.filter((field) => !isGiven(block, field));
  if (absent.length > 0) missing(block, absent.join(' and '), who, findings);
}

/** Not where a name may only be misspelt. */
function missing(block: MapValue, what: string, who: string, findings: Findings): void {
  if (findings.isBroken(block.node)) return;
  const at = locate(block.node);
  findings.error({ code: 'missing-field', message: `${who} needs ${what}`, at });
}
