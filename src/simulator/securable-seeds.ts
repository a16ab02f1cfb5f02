// From a service written by hand to a service: fills in what the server would have filled in, as seeds.ts does
// for endpoints. `null` for something that would be filled in leaves it out.

import { etagAfter } from './etags';
import { isObject, type Json, type JsonObject, objectsOf, textOf } from './json';
import { readServiceBook } from './knobs';
import { METASTORE_ID } from './metastore';
import { EVERYBODY, type Privilege, privilegesOf } from './privileges';
import { withoutSecrets } from './secrets';
import { type Earlier, type Kind, Securable } from './securable';
import { KINDS } from './securable-kinds';
import { filled, type Seeding } from './seeds';
import { timeText } from './times';
import type { WorkspaceState } from './types';
import { checkName, leafOf, SYSTEM_SCHEMA, schemaOf } from './uc-names';

/** What a workspace has when its seed does not speak of model services: some that Databricks made. */
const SYSTEM_SERVICES = ['claude-sonnet-4-6', 'gpt-5-2', 'gpt-oss-120b'];

/** @throws Error when a name is none, or given twice in its namespace */
export function securablesOf(state: WorkspaceState, seeding: Seeding): Securable[] {
  const taken = new Set<string>();
  return KINDS.flatMap((kind) => {
    const given =
      state[kind.list] ??
      (kind.list === 'model_services'
        ? SYSTEM_SERVICES.map((leaf) => ({ name: `${SYSTEM_SCHEMA}.${leaf}` }))
        : []);
    return given.map((seed) => {
      const securable = securableOf(kind, seed, seeding);
      const key = `${kind.shares[0]} ${securable.name}`;
      if (taken.has(key))
        throw new Error(`the name ${securable.name} is seeded twice in ${kind.shares.join(' and ')}`);
      taken.add(key);
      return securable;
    });
  });
}

function securableOf(kind: Kind, seed: JsonObject, seeding: Seeding): Securable {
  const written = isObject(seed) ? textOf(seed.name) : undefined;
  if (written === undefined) throw new Error(`every entry of ${kind.list} needs a name`);
  const name = checkName(
    written.startsWith(`${kind.path}/`) ? written.slice(kind.path.length + 1) : written,
    3,
    `${kind.list}: name`,
  );
  const { grants, service_policies, _simulator, ...given } = withoutSecrets(seed);
  const { complete, earlier_grants } = readServiceBook(_simulator);
  const system = schemaOf(name) === SYSTEM_SCHEMA;
  const standing: Privilege[] = system ? [{ principal: EVERYBODY, privilege: 'EXECUTE' }] : [];
  const privileges = grants === undefined ? standing : privilegesOf(grants);
  const earlier = earlierOf(earlier_grants);
  if (complete === true) return new Securable(kind, name, given, privileges, earlier);

  const { config, outputs } = kind.seeded(name, withTable(name, isObject(given.config) ? given.config : {}));
  if (service_policies !== undefined) config.service_policies = service_policies;
  const owner = system ? 'System user' : seeding.me.user_name;
  const now = timeText(seeding.now);
  const whole = given.config === null ? given : { ...given, config };
  const body = filled(
    { ...whole, name: `${kind.path}/${name}` },
    {
      config: {},
      effective_owner: owner,
      metastore_id: METASTORE_ID,
      create_time: now,
      created_by: owner,
      update_time: now,
      updated_by: owner,
      etag: etagAfter(`seed of ${kind.path}/${name}`),
      ...outputs,
    },
  );
  return new Securable(kind, name, body, privileges, earlier);
}

/** The name of the table follows from its place and prefix. */
function withTable(name: string, config: JsonObject): JsonObject {
  const block = config.inference_table;
  if (!isObject(block) || block.table !== undefined) return config;
  const schema = (textOf(block.parent) ?? '').replace(/^schemas\//, '');
  const table = `tables/${schema}.${textOf(block.table_name_prefix) || leafOf(name)}_payload`;
  return { ...config, inference_table: { ...block, table } };
}

function earlierOf(value: Json | undefined): Earlier[] {
  return objectsOf(value).map(({ until, grants }) => ({
    until: Number(until),
    grants: privilegesOf(grants),
  }));
}
