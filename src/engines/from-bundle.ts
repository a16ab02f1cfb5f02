// `import --from bundle`: the serving endpoints of a bundle's YAML as entries of ours, its variables and targets with them.
// https://docs.databricks.com/aws/en/dev-tools/bundles/settings
import { emptyObject, isList, isObject, type Json, type JsonObject } from '../model/json';
import { type Block, bundleFields, type Fields, type Leaf, PERMISSIONS, TERRAFORM_RESOURCES } from './shape';
import {
  keyAndName,
  type NotTaken,
  type Taken,
  type TakenEndpoint,
  type TakenTarget,
  type TakenVariable,
  Taker,
  type Texts,
  withEntities,
  withModernRoutes,
} from './take';

const FIELDS: Fields = {
  ...bundleFields(),
  name: { type: 'string', property: '' },
  permissions: TERRAFORM_RESOURCES[PERMISSIONS]!.fields.access_control as Block,
};
const SECTION = 'model_serving_endpoints';
/** Stands for `${bundle.target}`, which we have no word for. */
const TARGET = 'bundle_target';
const OURS = new Set(['resources', SECTION, 'variables', 'targets', 'environments', 'bundle']);

export function fromBundle(root: JsonObject): Taken {
  const notTaken: NotTaken[] = [];
  const bundle = isObject(root.bundle) ? root.bundle : {};
  const name = typeof bundle.name === 'string' && !bundle.name.includes('${') ? bundle.name : undefined;
  const texts = new BundleTexts(name);
  const endpoints: TakenEndpoint[] = [];
  const keys = new Map<string, string>();
  const common = endpointsOf(root, '', notTaken);
  for (const [label, body] of Object.entries(common)) {
    const address = `resources.${SECTION}.${label}`;
    const made = endpointOf(label, address, body, texts, notTaken);
    if (made === undefined) continue;
    endpoints.push(made);
    keys.set(label, made.key);
  }
  const targets: TakenTarget[] = [];
  for (const [target, said] of membersOf(root.targets ?? root.environments)) {
    if (!isObject(said)) continue;
    const overlays = emptyObject();
    for (const [label, body] of Object.entries(endpointsOf(said, `targets.${target}.`, notTaken))) {
      const address = `targets.${target}.resources.${SECTION}.${label}`;
      const key = keys.get(label);
      const made = endpointOf(label, address, body, texts, notTaken);
      if (made === undefined) continue;
      if (key === undefined) endpoints.push({ ...made, onlyIn: target });
      else overlays[key] = made.entry;
    }
    targets.push({ name: target, entry: targetOf(said, target, overlays, notTaken) });
  }
  for (const member of Object.keys(root))
    if (
      member === 'include' ||
      member === 'permissions' ||
      (!OURS.has(member) && root.resources === undefined)
    )
      notTaken.push({ address: member, path: '', reason: WHY[member] ?? 'it declares no serving endpoint' });
  const declared = Object.fromEntries(membersOf(root.variables));
  return {
    endpoints,
    variables: [...texts.used.values()].map((used) => withDefault(used, declared[used.name], notTaken)),
    targets: texts.used.has(TARGET)
      ? targets.map(({ name: target, entry }) => ({ name: target, entry: withTarget(entry, target) }))
      : targets,
    notTaken,
    ...(name === undefined ? {} : { project: name }),
  };
}

const WHY: Readonly<Record<string, string>> = {
  include: 'other files are not followed: import each of them',
  permissions: 'permissions of the whole bundle are not those of an endpoint: name them there',
};

const membersOf = (value: Json | undefined) => (isObject(value) ? Object.entries(value) : []);

/** Under `resources`, or at the top where a file is one that a bundle includes in part. */
function endpointsOf(holder: JsonObject, way: string, notTaken: NotTaken[]): Record<string, JsonObject> {
  const resources = isObject(holder.resources) ? holder.resources : way === '' ? holder : {};
  const section = resources[SECTION];
  if (isObject(holder.resources)) {
    for (const [kind, all] of Object.entries(resources))
      if (kind !== SECTION && isObject(all))
        for (const label of Object.keys(all))
          notTaken.push({
            address: `${way}resources.${kind}.${label}`,
            path: '',
            reason: 'it is no serving endpoint',
          });
  }
  return Object.fromEntries(
    membersOf(section).filter((entry): entry is [string, JsonObject] => isObject(entry[1])),
  );
}

function endpointOf(label: string, address: string, body: JsonObject, texts: BundleTexts, all: NotTaken[]) {
  const taker = new Taker(address, texts);
  const { lifecycle, ...rest } = body;
  const permissions = isList(rest.permissions)
    ? { permissions: rest.permissions.map((each) => (isObject(each) ? unlevelled(each) : each)) }
    : {};
  const said = taker.members(withEntities({ ...rest, ...permissions }), FIELDS);
  const { name, ...fields } = said;
  all.push(...taker.notTaken);
  if (name === undefined && taker.notTaken.some(({ path }) => path === 'name')) return undefined;
  const { key, named } = keyAndName(name, label);
  const isKept = isObject(lifecycle) && lifecycle.prevent_destroy === true;
  const entry = { ...named, ...(isKept ? { protect: true } : {}), ...withModernRoutes(fields) };
  return { address, label, key, entry, beside: [] };
}

function unlevelled({ level, ...who }: JsonObject): JsonObject {
  return { ...who, ...(level === undefined ? {} : { permission_level: level }) };
}

function targetOf(said: JsonObject, target: string, overlays: JsonObject, notTaken: NotTaken[]): JsonObject {
  const workspace = isObject(said.workspace) ? said.workspace : {};
  const host = workspace.host;
  const isPlain = typeof host === 'string' && /^https:\/\/[^${}/]+\/?$/.test(host);
  if (host !== undefined && !isPlain)
    notTaken.push({
      address: `targets.${target}`,
      path: 'workspace.host',
      reason: 'it is no plain https address',
    });
  const variables = Object.fromEntries(
    membersOf(said.variables).flatMap(([name, value]) => {
      const plain = isObject(value) ? value.default : value;
      return isScalar(plain) ? [[name, plain]] : [];
    }),
  );
  return {
    ...(said.default === true ? { default: true } : {}),
    ...(isPlain ? { host: String(host).replace(/\/$/, '') } : {}),
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
    ...(Object.keys(overlays).length === 0 ? {} : { serving_endpoints: overlays }),
  };
}

function withTarget(entry: JsonObject, target: string): JsonObject {
  return { ...entry, variables: { ...(isObject(entry.variables) ? entry.variables : {}), [TARGET]: target } };
}

const isScalar = (value: Json | undefined): value is boolean | number | string =>
  ['boolean', 'number', 'string'].includes(typeof value);

function withDefault(used: TakenVariable, declared: Json | undefined, notTaken: NotTaken[]): TakenVariable {
  const fallback = isObject(declared) ? declared.default : declared;
  if (isScalar(fallback) && !String(fallback).includes('${')) return { ...used, fallback };
  if (isObject(declared) && declared.lookup !== undefined)
    notTaken.push({
      address: `variables.${used.name}`,
      path: 'lookup',
      reason: 'nothing is looked up: give the value',
    });
  return used;
}

class BundleTexts implements Texts {
  readonly used = new Map<string, TakenVariable>();

  constructor(private readonly bundle: string | undefined) {}

  ours(value: string, path: readonly string[], leaf: Leaf) {
    let reason: string | undefined;
    const alone = /^\$\{(?:var|variables)\.([A-Za-z_][A-Za-z0-9_]*)(?:\.value)?\}$/.exec(value)?.[1];
    if (alone !== undefined && path.at(-1)?.endsWith('_plaintext') === true)
      return { text: `\${env.${alone}}` };
    const text = value.replace(/\$\{([^{}]*)\}|\$\{/g, (whole, inner?: string) => {
      const name = /^(?:var|variables)\.([A-Za-z_][A-Za-z0-9_]*)(?:\.value)?$/.exec(inner ?? '')?.[1];
      if (name !== undefined) return this.#use(name, value === whole ? leaf : undefined);
      if (inner === 'bundle.target' || inner === 'bundle.environment') return this.#use(TARGET);
      if (inner === 'bundle.name' && this.bundle !== undefined) return this.bundle;
      if (inner === undefined || !/^[A-Za-z]/.test(inner)) return `$${whole}`;
      reason ??= `\${${inner.slice(0, 60)}} is known to the bundle alone`;
      return '';
    });
    return reason === undefined ? { text } : { reason };
  }

  #use(name: string, leaf?: Leaf): string {
    const type = leaf?.type === 'number' ? 'integer' : leaf?.type === 'bool' ? 'boolean' : undefined;
    if (!this.used.has(name) || type !== undefined)
      this.used.set(name, { name, ...(type === undefined ? {} : { type }) });
    return `\${var.${name}}`;
  }
}
