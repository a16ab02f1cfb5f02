// From an endpoint written by hand to an endpoint: fills in what the server would have filled in. `null` for
// something that would be filled in leaves it out; any other `null` is answered as null.
import { createHash } from 'node:crypto';
import { firstGrants, grantsOf, withInherited } from './acl';
import { Endpoint } from './endpoint';
import { completeConfig, entityName } from './entities';
import { byText, isObject, type JsonObject, objectsOf, textOf } from './json';
import { entitiesOf, isReserved, kindOf } from './kinds';
import { readBook } from './knobs';
import { withoutSecrets } from './secrets';
import type { Me, SeededEndpoint } from './types';

export interface Seeding {
  readonly me: Required<Me>;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly updateDuration: number;
}

/** Hex of 32 digits, as the API's ids; the same endpoint of the same seed has the same id in every run. */
export function idFor(name: string, generation: number): string {
  return createHash('sha256').update(`${generation} ${name}`).digest('hex').slice(0, 32);
}

export function endpointOf(seed: SeededEndpoint, seeding: Seeding): Endpoint {
  if (!isObject(seed) || textOf(seed.name) === undefined || seed.name === '')
    throw new Error('every entry of serving_endpoints needs a name');
  const { permissions, _simulator, ...given } = withoutSecrets(seed);
  const { complete, ...book } = readBook(_simulator);
  if (complete === true) return new Endpoint(given, grantsOf(permissions), book);

  const body = isSystem(given) ? systemBody(given, seeding) : ownedBody(given, seeding);
  const order = entitiesOf(given.config).map((entity) => entityName(entity) ?? '');
  if (order.length > 1) book.entity_order ??= order;
  const busy = isObject(body.state) && body.state.config_update === 'IN_PROGRESS';
  if (busy && book.settles_at === undefined) book.settles_at = seeding.now + seeding.updateDuration;
  return new Endpoint(body, seededGrants(permissions, body, seeding), book);
}

function seededGrants(permissions: SeededEndpoint['permissions'], body: JsonObject, seeding: Seeding) {
  if (textOf(body.id) === undefined) return [];
  if (permissions === undefined)
    return firstGrants(
      textOf(body.creator),
      seeding.me.service_principal && body.creator === seeding.me.user_name,
    );
  const grants = grantsOf(permissions);
  return withInherited(
    grants.filter((grant) => grant.from === undefined),
    grants,
  );
}

/** Pay-per-token: said so, or carrying a foundation model without id or creator, or a `databricks-` name and nothing else said. */
function isSystem(given: JsonObject): boolean {
  if (kindOf(given) === 'pay_per_token') return true;
  const bare = ['id', 'creator', 'config', 'endpoint_type', 'pending_config'].every((key) => !given[key]);
  return bare && isReserved(given.name as string);
}

/** https://github.com/databricks/terraform-provider-databricks/issues/3845 · usage tracking is on by default for these. */
function systemBody(given: JsonObject, seeding: Seeding): JsonObject {
  const name = given.name as string;
  const model = `system.ai.${name}`;
  const config: JsonObject = {
    served_entities: [
      {
        name,
        entity_name: model,
        type: 'FOUNDATION_MODEL',
        foundation_model: { name: model, display_name: name },
      },
    ],
  };
  return filled(given, {
    creation_timestamp: seeding.now,
    last_updated_timestamp: seeding.now,
    state: { ready: 'READY', config_update: 'NOT_UPDATING' },
    config,
    task: 'llm/v1/chat',
    endpoint_type: 'FOUNDATION_MODEL_API',
    ai_gateway: { usage_tracking_config: { enabled: true } },
  });
}

function ownedBody(given: JsonObject, seeding: Seeding): JsonObject {
  const creator = given.creator === null ? undefined : (textOf(given.creator) ?? seeding.me.user_name);
  const serves = isObject(given.config) && entitiesOf(given.config).length > 0;
  const pending = isObject(given.pending_config);
  const body = filled(given, {
    id: idFor(given.name as string, 0),
    creator: seeding.me.user_name,
    creation_timestamp: seeding.now,
    last_updated_timestamp: seeding.now,
    state: {
      ready: serves ? 'READY' : 'NOT_READY',
      config_update: pending ? 'IN_PROGRESS' : 'NOT_UPDATING',
    },
    description: '',
    route_optimized: false,
  });
  const making = { creator, now: seeding.now };
  if (serves) {
    body.config = {
      config_version: 1,
      ...completeConfig(given.config as JsonObject, { ...making, deployment: 'DEPLOYMENT_READY' }),
    };
  }
  if (isObject(given.pending_config)) {
    const next = isObject(body.config) ? Number(body.config.config_version ?? 1) + 1 : 1;
    body.pending_config = {
      config_version: next,
      start_time: seeding.now,
      ...completeConfig(given.pending_config, { ...making, deployment: 'DEPLOYMENT_CREATING' }),
    };
  }
  if (Array.isArray(body.tags)) {
    body.tags = objectsOf(body.tags).sort((a, b) => byText(textOf(a.key) ?? '', textOf(b.key) ?? ''));
  }
  return body;
}

/** `given` with what it does not say; `null` for such a member leaves it out. */
export function filled(given: JsonObject, defaults: JsonObject): JsonObject {
  const out: JsonObject = { ...given };
  for (const [key, value] of Object.entries(defaults)) {
    if (given[key] === undefined) out[key] = value;
    else if (given[key] === null) delete out[key];
    else if (key === 'state' && isObject(value)) out[key] = { ...value, ...(given[key] as JsonObject) };
  }
  return out;
}
