// The field behaviour table of model provider services: the provider, how it is signed in to, what it offers.
import type { FieldRow } from './fields';
import { CONFIG_ROW, PAYLOAD_TABLE_FIELDS, SDK, SERVICE_FIELDS } from './service-fields';

interface Provider {
  readonly block: string;
  /** Where requests go: members of `direct` beside the ways to sign in. */
  readonly place: readonly string[];
  /** Ways to sign in; each is a member of `direct`. */
  readonly auth: readonly AuthWay[];
  /** The caller's own token may be passed on instead. */
  readonly relayed?: true;
}

/** Where in the block of each way to sign in the secret stands: `''` is the block itself, undefined nowhere. */
export const AUTH_WAYS = {
  api_key: '',
  aws_access_key: 'secret_access_key',
  entra_service_principal: 'client_secret',
  header_auth: 'api_key_value',
  service_credential: undefined,
} as const;
export type AuthWay = keyof typeof AUTH_WAYS;

const AZURE: readonly AuthWay[] = ['api_key', 'entra_service_principal', 'service_credential'];
const AWS: readonly AuthWay[] = ['aws_access_key', 'service_credential'];

/** By `config.provider_type`. Each has the block of its own name and no other. */
export const PROVIDERS: Readonly<Record<string, Provider>> = {
  EXTERNAL_MODEL_PROVIDER_TYPE_OPENAI: { block: 'openai', place: ['base_url'], auth: ['api_key'] },
  EXTERNAL_MODEL_PROVIDER_TYPE_AZURE_OPENAI: { block: 'azure_openai', place: ['base_url'], auth: AZURE },
  EXTERNAL_MODEL_PROVIDER_TYPE_ANTHROPIC: { block: 'anthropic', place: [], auth: ['api_key'], relayed: true },
  EXTERNAL_MODEL_PROVIDER_TYPE_AMAZON_BEDROCK: { block: 'amazon_bedrock', place: ['region'], auth: AWS },
  EXTERNAL_MODEL_PROVIDER_TYPE_BEDROCK_MANTLE: { block: 'bedrock_mantle', place: ['region'], auth: AWS },
  EXTERNAL_MODEL_PROVIDER_TYPE_CUSTOM: {
    block: 'custom',
    place: ['base_url'],
    auth: ['api_key', 'header_auth'],
  },
  EXTERNAL_MODEL_PROVIDER_TYPE_MICROSOFT_FOUNDRY: {
    block: 'microsoft_foundry',
    place: ['base_url'],
    auth: AZURE,
  },
  EXTERNAL_MODEL_PROVIDER_TYPE_GEMINI_ENTERPRISE: {
    block: 'gemini_enterprise',
    place: ['project_id', 'region'],
    auth: ['api_key', 'service_credential'],
  },
};

function blockRows({ block, place, auth, relayed }: Provider): FieldRow[] {
  const direct = `config.${block}.direct`;
  const relays: FieldRow[] = [
    {
      path: `config.${block}`,
      choices: [[['direct'], ['relayed']]],
      reason: 'The service signs in itself, or passes on the token of its caller.',
      source: SDK,
    },
    {
      path: `config.${block}.relayed`,
      marker: true,
      direction: 'moves',
      reason: 'It has no members: with it no credential is stored.',
      source: SDK,
    },
  ];
  return [
    ...(relayed === true ? relays : []),
    ...place.map(
      (field): FieldRow => ({
        path: `${direct}.${field}`,
        direction: 'moves',
        reason: 'Requests, and the credential with them, go to another place.',
        source: SDK,
      }),
    ),
    {
      path: direct,
      choices: [auth.map((way) => [way])],
      reason: 'There is one way to sign in.',
      source: SDK,
    },
    ...auth.flatMap((way) => secretRows(`${direct}.${way}`, AUTH_WAYS[way])),
  ];
}

function secretRows(way: string, inner: string | undefined): FieldRow[] {
  if (inner === undefined) return [];
  const secret = inner === '' ? way : `${way}.${inner}`;
  return [
    {
      path: secret,
      choices: [[['plaintext'], ['secret_reference']]],
      unsettable: true,
      reason:
        'A secret is given as it is, or as the name of a secret of Unity Catalog. It is replaced, never taken away.',
      source: SDK,
    },
    {
      path: `${secret}.plaintext`,
      secret: 'resolved',
      writeOnly: true,
      reason: 'It is taken and never answered; the object around it says that there is one.',
      source: SDK,
    },
  ];
}

/** Settings that let more through when they are on. */
const OPENING = {
  allow_all_targets: 'With it every model of the provider can be asked, not only those that are listed.',
  forward_headers: 'With it headers of the caller leave the workspace.',
  forward_query_parameters: 'With it query parameters of the caller leave the workspace.',
  forward_unmanaged_paths: 'With it requests pass that nothing here can look into.',
};

export const PROVIDER_SERVICE_FIELDS: readonly FieldRow[] = [
  // A service has the block of its provider and no other.
  { ...CONFIG_ROW, choices: [Object.values(PROVIDERS).map(({ block }) => [block])] },
  ...SERVICE_FIELDS,
  ...PAYLOAD_TABLE_FIELDS,
  {
    path: 'config.provider_type',
    immutable: true,
    unsettable: true,
    direction: 'moves',
    reason: 'It is decided when the service is made.',
    source: SDK,
  },
  ...Object.values(PROVIDERS).flatMap(blockRows),
  ...Object.entries(OPENING).map(
    ([field, reason]): FieldRow => ({
      path: `config.${field}`,
      absent: false,
      direction: 'ranked',
      ranks: [true, false],
      reason,
      source: SDK,
    }),
  ),
  {
    path: 'config.targets',
    keyed: 'target',
    items: 'whole',
    reason: 'Told apart by model, each of which is listed once.',
    source: SDK,
  },
  {
    path: 'config.targets[].native_api_types',
    unordered: true,
    direction: 'fewer',
    reason: 'A set; with another model, or another API of it, more can be asked.',
    source: SDK,
  },
  {
    path: 'config.targets[].endpoint_route',
    absent: '',
    direction: 'moves',
    reason: 'Requests for the model go to another path.',
    source: SDK,
  },
];
