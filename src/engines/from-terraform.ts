// `import --from terraform`: the serving endpoints of Terraform JSON, of a plan or of a state as entries of ours, with the
// grants that belong to them. https://developer.hashicorp.com/terraform/internals/json-format
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import {
  type Block,
  type Fields,
  PERMISSIONS,
  SERVING,
  SERVING_UNITS,
  TERRAFORM_RESOURCES,
  terraformFields,
} from './shape';
import {
  keyAndName,
  type NotTaken,
  type Taken,
  type TakenEndpoint,
  Taker,
  type Texts,
  withEntities,
  withModernRoutes,
} from './take';
import { ANSWERED, blockOf, memberOf, TerraformTexts } from './terraform-texts';

interface Found {
  readonly type: string;
  readonly label: string;
  /** With its module and its index, where it has them. */
  readonly address: string;
  readonly body: JsonObject;
}

/** What Terraform says about a resource and not of the object. */
const META = new Set([
  'lifecycle',
  'count',
  'for_each',
  'provider',
  'depends_on',
  'provisioner',
  'connection',
  'timeouts',
  '//',
]);
/** Worked out by the provider. */
const COMPUTED = new Set(['id', 'serving_endpoint_id', 'endpoint_url', 'object_type']);
/** Answered for every entity, and refused beside an external model. https://github.com/databricks/terraform-provider-databricks/issues/3690 */
const NOT_EXTERNAL = [
  'workload_size',
  'workload_type',
  'scale_to_zero_enabled',
  'min_provisioned_concurrency',
  'max_provisioned_concurrency',
];
const WRITTEN_AGAIN =
  'it stands for several: import it from the state, where each has its values (terraform show -json)';

/** Whether the values were answered by the workspace, not written by somebody. */
export const isAnswered = (root: JsonObject) =>
  isObject(root.values) || isObject(root.planned_values) || (root.version === 4 && isList(root.resources));

export function fromTerraform(root: JsonObject): Taken {
  const answered = isAnswered(root);
  const texts = new TerraformTexts(root);
  const notTaken: NotTaken[] = [];
  const found = answered ? ofState(root) : ofConfig(root);
  const endpoints = new Map<string, TakenEndpoint & { readonly id: string | undefined }>();
  for (const one of found) {
    if (one.type !== SERVING && one.type !== SERVING_UNITS) continue;
    const made = endpointOf(one, answered ? ANSWERED : texts, answered, notTaken);
    if (made !== undefined) endpoints.set(one.address, made);
  }
  for (const one of found) {
    if (one.type === SERVING || one.type === SERVING_UNITS) continue;
    const isGrant =
      one.type === PERMISSIONS &&
      one.body.serving_endpoint_id !== undefined &&
      one.body.serving_endpoint_id !== null;
    if (isGrant) grant(one, endpoints, answered ? ANSWERED : texts, texts, answered, notTaken);
    else if (!/^databricks_secret(_scope|_acl)?$/.test(one.type))
      notTaken.push({ address: one.address, path: '', reason: 'it is no serving endpoint' });
  }
  for (const name of Object.keys(blockOf(root.module) ?? {}))
    if (!answered)
      notTaken.push({
        address: `module.${name}`,
        path: '',
        reason: 'modules are not followed: import from the state',
      });
  return {
    endpoints: [...endpoints.values()].map(({ id: _, ...endpoint }) => endpoint),
    variables: [...texts.used.values()],
    targets: [],
    notTaken,
  };
}

function endpointOf(one: Found, texts: Texts, answered: boolean, all: NotTaken[]) {
  const taker = new Taker(one.address, texts, answered);
  const done = (): void => void all.push(...taker.notTaken);
  if (one.body.count !== undefined || one.body.for_each !== undefined) {
    taker.not([], WRITTEN_AGAIN);
    done();
    return undefined;
  }
  const lifecycle = blockOf(one.body.lifecycle) ?? {};
  const ignored = ignoredBy(lifecycle);
  const fields: Fields = { ...terraformFields(one.type), name: { type: 'string', property: '' } };
  const body = Object.fromEntries(
    Object.entries(withEntities(answered ? withoutAnswered(one.body) : one.body)).filter(([name, value]) => {
      if (META.has(name) || (answered && COMPUTED.has(name))) return false;
      if (!ignored.has(name)) return true;
      if (value !== null) taker.not([name], 'ignore_changes leaves it to others, and so do we');
      return false;
    }),
  );
  const { name, ...said } = taker.members(body, fields);
  done();
  if (name === undefined) return undefined;
  const { key, named } = keyAndName(name, one.label);
  const entry: JsonObject = {
    ...named,
    ...(lifecycle.prevent_destroy === true ? { protect: true } : {}),
    ...withModernRoutes(said),
  };
  const id = typeof one.body.serving_endpoint_id === 'string' ? one.body.serving_endpoint_id : undefined;
  return { address: one.address, label: one.label, key, entry, beside: [] as string[], id };
}

function ignoredBy(lifecycle: JsonObject): ReadonlySet<string> {
  const { ignore_changes: ignored } = lifecycle;
  return new Set(
    isList(ignored)
      ? ignored.filter((each) => typeof each === 'string').map((each) => String(each).replace(/\[0\]$/, ''))
      : [],
  );
}

const ACCESS = TERRAFORM_RESOURCES[PERMISSIONS]!.fields.access_control as Block;

function grant(
  one: Found,
  endpoints: Map<string, TakenEndpoint & { readonly id: string | undefined }>,
  texts: Texts,
  templates: TerraformTexts,
  answered: boolean,
  all: NotTaken[],
): void {
  const way = one.body.serving_endpoint_id;
  const refers = templates.addressIn(way)?.replace(/\.(serving_endpoint_id|id)$/, '');
  const [address, endpoint] =
    [...endpoints].find(([address, { id }]) => (answered ? id === way : address === refers)) ?? [];
  const taker = new Taker(one.address, texts, answered);
  if (endpoint === undefined || address === undefined)
    taker.not([], 'it is about an endpoint that was not taken from this file');
  else {
    const said = taker.members({ permissions: one.body.access_control ?? null }, { permissions: ACCESS });
    endpoints.set(address, {
      ...endpoint,
      entry: { ...endpoint.entry, ...said },
      beside: [...endpoint.beside, one.address],
    });
  }
  all.push(...taker.notTaken);
}

function ofConfig(root: JsonObject): Found[] {
  return Object.entries(blockOf(root.resource) ?? {}).flatMap(([type, labels]) =>
    Object.entries(blockOf(labels) ?? {}).flatMap(([label, value]) => {
      const body = blockOf(value);
      return body === undefined ? [] : [{ type, label, address: `${type}.${label}`, body }];
    }),
  );
}

function ofState(root: JsonObject): Found[] {
  if (isList(root.resources)) return root.resources.filter(isObject).flatMap(ofRawState);
  const values = root.values ?? root.planned_values;
  return ofModule(memberOf(values, 'root_module'));
}

function ofModule(module: Json | undefined): Found[] {
  const own = memberOf(module, 'resources');
  const inner = memberOf(module, 'child_modules');
  const found = (isList(own) ? own : []).filter(isObject).flatMap((one): Found[] => {
    const { mode, type, name, address, values } = one;
    if (mode === 'data' || typeof type !== 'string' || typeof address !== 'string' || !isObject(values))
      return [];
    return [{ type, label: String(name), address, body: values }];
  });
  return [...found, ...(isList(inner) ? inner : []).flatMap(ofModule)];
}

function ofRawState({ mode, type, name, module, instances }: JsonObject): Found[] {
  if (mode === 'data' || typeof type !== 'string' || !isList(instances)) return [];
  return instances.filter(isObject).flatMap(({ attributes, index_key: index }): Found[] => {
    if (!isObject(attributes)) return [];
    const at = index === undefined || index === null ? '' : `[${JSON.stringify(index)}]`;
    const way = typeof module === 'string' ? `${module}.` : '';
    return [{ type, label: String(name), address: `${way}${type}.${String(name)}${at}`, body: attributes }];
  });
}

/** What a state holds because it holds everything. */
function withoutAnswered({ route_optimized: optimised, ...rest }: JsonObject): JsonObject {
  const body: JsonObject = optimised === true ? { ...rest, route_optimized: true } : rest;
  const config = blockOf(body.config);
  const entities = memberOf(config, 'served_entities');
  if (config === undefined || !isList(entities)) return body;
  const plain = entities.map((entity) => {
    const isExternal = isObject(entity) && isList(entity.external_model) && entity.external_model.length > 0;
    return isExternal
      ? Object.fromEntries(Object.entries(entity).filter(([name]) => !NOT_EXTERNAL.includes(name)))
      : entity;
  });
  return { ...body, config: { ...config, served_entities: plain } };
}
