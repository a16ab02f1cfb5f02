// Model provider services on the wire: one block per provider, and a credential that is taken and never answered.
import { type Assignment, leavesOf } from '../model/assign';
import { isObject, type Json, type JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import type { Path } from '../model/path';
import { AUTH_WAYS, type AuthWay, PROVIDERS } from '../model/provider-service-fields';
import type { Members } from './members';
import { TARGET } from './model-services';
import { LIMITS, TABLE } from './service-spec';
import type { Hazard } from './step';
import { unityService } from './unity-services';

const KIND = 'model_provider_services';
const BLOCKS = Object.values(PROVIDERS).map(({ block }) => block);
const SECRET: Members = { plaintext: true, secret_reference: { name: true } };

const AUTH: Readonly<Record<AuthWay, Members>> = {
  api_key: SECRET,
  aws_access_key: { access_key_id: true, secret_access_key: SECRET },
  entra_service_principal: { tenant_id: true, client_id: true, client_secret: SECRET },
  header_auth: { api_key_name: true, api_key_value: SECRET },
  service_credential: { name: true, id: 'answered', is_deleted: 'answered' },
};
const DIRECT: Members = { base_url: true, organization: true, region: true, project_id: true, ...AUTH };

/** Which way to sign in a path is part of: `config.openai.direct.api_key.plaintext`. */
function wayIn([config, block = '', direct, way = '']: Path): { block: string; way: AuthWay } | undefined {
  const inside = config === 'config' && BLOCKS.includes(block) && direct === 'direct';
  return inside && Object.hasOwn(AUTH_WAYS, way) ? { block, way: way as AuthWay } : undefined;
}

/**
 * What is declared of a credential goes along as a whole when something of it changes, or when a change takes the
 * place of a token that was passed on. Left alone it stays as it is stored: nobody can tell whether it differs.
 */
function companions(ours: readonly Assignment[], declared: JsonObject): Assignment[] {
  const { fields } = kindOf(KIND);
  return leavesOf({ config: declared.config ?? null }, fields, '').filter(({ path, value }) => {
    const found = wayIn(path);
    if (found === undefined || value === null) return false;
    return ours.some((other) => {
      const [, block, member] = other.path;
      return block === found.block && (wayIn(other.path) !== undefined || member === 'relayed');
    });
  });
}

/** Without a way to sign in whose secret is not in it: sent so it keeps what is stored, and half of one might not. */
function withoutStored(block: JsonObject): JsonObject {
  if (!isObject(block.direct)) return block;
  const direct = Object.entries(block.direct).filter(([way, value]) => !stored(way, value));
  return { ...block, direct: Object.fromEntries(direct) };
}

/** Whether the secret of a way to sign in stands where it cannot be read. */
function stored(way: string, value: Json): boolean {
  const inner = Object.hasOwn(AUTH_WAYS, way) ? AUTH_WAYS[way as AuthWay] : undefined;
  if (inner === undefined || !isObject(value)) return false;
  const secret = inner === '' ? value : value[inner];
  return !isObject(secret) || (secret.plaintext === undefined && secret.secret_reference === undefined);
}

/** A credential that would be changed by half, or that a new service would not have. */
function hazards(config: JsonObject, ours: readonly Assignment[]): Hazard[] {
  const creates = ours.some(({ path }) => path[1] === 'provider_type');
  return BLOCKS.flatMap((block) => {
    const value = config[block];
    if (!isObject(value) || isObject(value.relayed)) return [];
    const direct = isObject(value.direct) ? value.direct : {};
    const signs = Object.keys(direct).some((way) => Object.hasOwn(AUTH_WAYS, way));
    const changed = ours.some((one) => wayIn(one.path)?.block === block && one.value !== null);
    const turned = ours.some(({ path }) => path[1] === block && path[2] === 'relayed');
    if (signs || !(creates || changed || turned)) return [];
    return [
      {
        guard: 'credential-lost',
        message: `config.${block} would be signed in to without a secret: the one that is stored cannot be read`,
        help: 'Declare the secret too: as secret_reference, or as plaintext: ${env.NAME}.',
      },
    ];
  });
}

const plain = (field: string) => ({ mask: `config.${field}` });

export const modelProviderServices = unityService({
  kind: KIND,
  path: 'model-provider-services',
  type: 'model_provider_service',
  config: {
    provider_type: true,
    ...Object.fromEntries(BLOCKS.map((block) => [block, { direct: DIRECT, relayed: {} }])),
    allow_all_targets: true,
    targets: [TARGET],
    forward_headers: true,
    forward_query_parameters: true,
    forward_unmanaged_paths: true,
    pricing: { default_discount_basis_points: true },
    rate_limits: [LIMITS],
    inference_table: TABLE,
  },
  masks: [
    { mask: 'config.provider', at: BLOCKS.map((block) => `config.${block}`), sent: withoutStored },
    plain('allow_all_targets'),
    plain('targets'),
    plain('forward_headers'),
    plain('forward_query_parameters'),
    plain('forward_unmanaged_paths'),
    plain('pricing.default_discount_basis_points'),
    plain('rate_limits'),
    plain('inference_table'),
  ],
  companions,
  hazards,
});
