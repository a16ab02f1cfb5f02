// What an external model takes beyond its schema: the block of its provider, and in it the credentials and fields that
// the provider needs. One row for each provider.
// https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (ExternalModel and its *Config types)
import { PROVIDER_BLOCKS } from '../model/endpoint-config-fields';
import type { Findings } from './findings';
import { isSaid, type LayerValue, type MapValue, memberOf, textLeaf } from './layers';
import { locate } from './node';
import { didYouMean } from './suggest';

type Provider = keyof typeof PROVIDER_BLOCKS;

interface Row {
  /** Fields and credentials that are needed; a credential in either of its forms. */
  readonly needs?: readonly string[];
  /** Ways of which one is needed; its fields go together. */
  readonly either?: readonly (readonly string[])[];
  /** More is needed where a field says so. */
  readonly when?: {
    readonly field: string;
    readonly absent: string;
    readonly needs: Readonly<Record<string, readonly string[]>>;
  };
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
      absent: 'openai',
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

/** Known at the time of writing, in any case; more are added. */
export const BEDROCK_PROVIDERS = ['anthropic', 'cohere', 'ai21labs', 'amazon'];
export const TASKS = ['llm/v1/chat', 'llm/v1/completions', 'llm/v1/embeddings'];

/** `whole` is false where live may have what is not declared here: then only what is said can be wrong. */
export function checkExternalModel(model: MapValue, whole: boolean, findings: Findings): void {
  const provider = memberOf(model, 'provider');
  const name = textLeaf(provider) as Provider | undefined;
  if (whole) checkNeeds('an external model', model, ['name', 'provider', 'task'], findings);
  checkKnown(memberOf(model, 'task'), TASKS, findings);
  if (provider === undefined || name === undefined || !Object.hasOwn(ROWS, name)) return;
  const own = PROVIDER_BLOCKS[name];
  const other = Object.values(PROVIDER_BLOCKS).find((block) => isSaid(memberOf(model, block)));
  const block = memberOf(model, own);
  if (block?.kind === 'map') {
    checkKnown(memberOf(block, 'bedrock_provider'), BEDROCK_PROVIDERS, findings);
    if (whole) checkBlock(own, block, ROWS[name], findings);
  } else if (other !== undefined) {
    findings.error({
      code: 'excluded-field',
      message: `the provider ${name} takes ${own}, not ${other}`,
      at: locate(memberOf(model, other)!.node),
      because: { text: 'the provider is declared here', at: locate(provider.node) },
      help: `Write ${own}; null removes the other where a lower layer says it.`,
    });
  } else if (whole) {
    checkNeeds(`the provider ${name}`, model, [own], findings);
  }
}

function checkBlock(own: string, block: MapValue, row: Row, findings: Findings): void {
  checkNeeds(own, block, row.needs ?? [], findings);
  if (row.either !== undefined) {
    const chosen = row.either.find((fields) => fields.some((field) => isGiven(block, field)));
    if (chosen !== undefined) checkNeeds(own, block, chosen, findings);
    else missing(own, block, row.either.map((fields) => fields.join(' and ')).join(', or '), findings);
  }
  for (const [auth, needs] of Object.entries(AUTH)) {
    const way = memberOf(block, auth);
    if (way?.kind === 'map') checkNeeds(auth, way, needs, findings);
  }
  if (row.when === undefined) return;
  const { field, absent, needs } = row.when;
  const type = memberOf(block, field);
  const says = textLeaf(type) ?? absent;
  const who = isSaid(type) ? `${own} with ${field} ${says}` : own;
  checkNeeds(who, block, Object.hasOwn(needs, says) ? (needs[says] ?? []) : [], findings);
}

/** A word that nobody knows may be new, or misspelt. */
export function checkKnown(
  value: LayerValue | undefined,
  known: readonly string[],
  findings: Findings,
): void {
  const word = textLeaf(value);
  if (value === undefined || word === undefined) return;
  if (known.some((each) => each.toLowerCase() === word.toLowerCase())) return;
  findings.warning(() => ({
    code: 'unknown-value',
    message: `"${word.slice(0, 80)}" is not among the known values`,
    at: locate(value.node),
    ...didYouMean(word, known),
    because: { text: `known are ${known.join(', ')}; others are sent as they are` },
  }));
}

/** A credential is given in either of its forms. */
function isGiven(block: MapValue, field: string): boolean {
  return [field, `${field}_plaintext`].some((form) => isSaid(memberOf(block, form)));
}

function checkNeeds(who: string, block: MapValue, fields: readonly string[], findings: Findings): void {
  const absent = fields.filter((field) => !isGiven(block, field));
  if (absent.length > 0) missing(who, block, absent.join(' and '), findings);
}

/** Not where a name may only be misspelt. */
function missing(who: string, block: MapValue, what: string, findings: Findings): void {
  if (findings.isBroken(block.node)) return;
  findings.error({ code: 'missing-field', message: `${who} needs ${what}`, at: locate(block.node) });
}
