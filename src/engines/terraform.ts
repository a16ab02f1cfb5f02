// `synth --to terraform`: what is desired as Terraform JSON, with what Terraform cannot say as diagnostics. What the config
// leaves as it is stays so by ignore_changes. https://developer.hashicorp.com/terraform/language/syntax/json
import type { Diagnostic } from '../model/diagnostic';
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import type { Desired, DesiredResource } from '../model/resource';
import { labelsOf } from './labels';
import { TERRAFORM_ROWS } from './rows';
import { type Engine, refuseAll, say } from './say';
import {
  type Block,
  type Fields,
  KIND,
  PERMISSIONS,
  PROVIDER,
  SERVING,
  SERVING_UNITS,
  TERRAFORM_RESOURCES,
  terraformFields,
} from './shape';

/** Nothing that Terraform writes for us is older; the next major version may change fields. */
export const PROVIDER_RANGE = `>= ${PROVIDER.version}, < 2.0.0`;
/** The first with import blocks. https://developer.hashicorp.com/terraform/language/import */
const TERRAFORM_RANGE = '>= 1.5.0';

const ENGINE: Engine = {
  title: 'Terraform',
  word: 'terraform',
  rows: TERRAFORM_ROWS,
  keeps: true,
  // In its JSON every text is a template.
  text: (value) => value.replace(/[$%]\{/g, (opening) => `${opening[0]}${opening}`),
  fromEnvironment: (name) => `\${var.${name}}`,
  secretGoesTo: 'its state keeps the value, readable',
};

export interface TerraformResource {
  readonly type: string;
  readonly label: string;
  /** In the provider's field names; texts are templates. */
  readonly body: JsonObject;
  readonly ignoreChanges: readonly string[];
  readonly preventDestroy: boolean;
  /** It is there already, under this name: it is taken in, not made. */
  readonly importId?: string;
}

export interface TerraformForm {
  readonly resources: readonly TerraformResource[];
  /** Credentials that come in as variables, by name. */
  readonly variables: readonly string[];
  /** Absent where the environment of the provider decides. */
  readonly host?: string;
  /** Relative to where Terraform runs. */
  readonly statePath: string;
  readonly diagnostics: readonly Diagnostic[];
}

const THEIRS = "Terraform owns what it names, and this endpoint is somebody else's";
const STAYS = 'Keep it with gatewright, beside Terraform.';

export function terraformForm(desired: Desired): TerraformForm {
  const diagnostics: Diagnostic[] = [...aboutTarget(desired), ...aboutRemoved(desired)];
  const own = desired.resources.filter((resource) => {
    if (resource.kind === KIND && resource.manage === 'full') return true;
    const why =
      resource.kind !== KIND
        ? 'this version says only serving endpoints to Terraform'
        : resource.manage === 'observe'
          ? 'Terraform has nothing that only watches'
          : resource.pattern
            ? 'Terraform knows no patterns of names'
            : THEIRS;
    diagnostics.push(...refuseAll(resource, ENGINE, why, STAYS));
    return false;
  });
  const labels = labelsOf(own.map(({ key }) => key));
  const variables = new Set<string>();
  const resources = own.flatMap((resource) => {
    const said = resourcesOf(resource, labels.get(resource.key)!, desired.protect);
    diagnostics.push(...said.diagnostics);
    for (const name of said.environment) variables.add(name);
    return said.resources;
  });
  return {
    resources,
    variables: [...variables].sort(),
    ...(desired.host === undefined || desired.host === 'simulator' ? {} : { host: desired.host }),
    statePath: desired.target === '' ? 'terraform.tfstate' : `${desired.target}.tfstate`,
    diagnostics,
  };
}

function resourcesOf(resource: DesiredResource, label: string, protectAll: boolean) {
  const { permissions, ...rest } = resource.fields;
  const type = isInUnits(resource) ? SERVING_UNITS : SERVING;
  const fields = terraformFields(type);
  const said = say({ ...resource, fields: rest }, fields, ENGINE);
  const hasConfig = Object.hasOwn(said.body, 'config');
  const endpoint: TerraformResource = {
    type,
    label,
    body: { name: resource.name, ...said.body },
    ignoreChanges: said.kept,
    preventDestroy: resource.protect || protectAll,
    ...(hasConfig ? {} : { importId: resource.name }),
  };
  const grants =
    permissions === undefined ? undefined : permissionsOf(resource, permissions, `${type}.${label}`, label);
  return {
    resources: [endpoint, ...(grants?.resource === undefined ? [] : [grants.resource])],
    environment: said.environment,
    diagnostics: [...said.diagnostics, ...(grants?.diagnostics ?? [])],
  };
}

const ACCESS = TERRAFORM_RESOURCES[PERMISSIONS]!.fields.access_control as Block;
const PERMISSION_FIELDS: Fields = { permissions: ACCESS };

function permissionsOf(resource: DesiredResource, permissions: Json, address: string, label: string) {
  const only = { ...resource, fields: { permissions }, preview: {} };
  const said = say(only, PERMISSION_FIELDS, ENGINE);
  const entries = said.body.permissions;
  const diagnostics = [...said.diagnostics];
  if (isList(entries) && entries.length === 0) {
    diagnostics.push(
      ...refuseAll(only, ENGINE, 'databricks_permissions must name somebody', STAYS).slice(0, 1),
    );
    return { diagnostics };
  }
  if (!isList(entries)) return { diagnostics };
  const body: JsonObject = {
    serving_endpoint_id: `\${${address}.serving_endpoint_id}`,
    access_control: entries,
  };
  const made: TerraformResource = {
    type: PERMISSIONS,
    label,
    body,
    ignoreChanges: [],
    preventDestroy: false,
  };
  return { resource: made, diagnostics };
}

/** Made by a request of its own, which has a resource of its own. */
function isInUnits({ fields }: DesiredResource): boolean {
  const list = isObject(fields.config) ? fields.config.served_entities : undefined;
  const entities = (isList(list) ? list : isObject(list) ? Object.values(list) : []).filter(
    (one) => one !== null,
  );
  const inUnits = (entity: Json) => isObject(entity) && typeof entity.provisioned_model_units === 'number';
  return entities.length > 0 && entities.every(inUnits);
}

function aboutTarget({ host, target }: Desired): Diagnostic[] {
  if (host !== 'simulator') return [];
  return [
    {
      code: 'no-workspace',
      severity: 'note',
      message: `target ${target} is the embedded workspace: Terraform goes where the environment of its provider leads`,
      help: 'Choose a target with a host: --target.',
    },
  ];
}

export function aboutRemoved({ removed }: Desired, word = 'terraform', title = 'Terraform'): Diagnostic[] {
  return removed.map(({ name, origin: { layer: _, ...at } }) => ({
    code: `not-in-${word}`,
    severity: 'warning',
    message: `that ${name} is to go is left out: ${title} deletes what it has made and is no longer named, and nothing else`,
    at,
    help: 'Delete it with gatewright apply before you hand over.',
  }));
}

/** The document that `terraform` reads as `main.tf.json`. */
export function terraformJson(form: TerraformForm): JsonObject {
  const resource: { [type: string]: { [label: string]: Json } } = {};
  for (const { type, label, body, ignoreChanges, preventDestroy } of form.resources) {
    const lifecycle = {
      ...(preventDestroy ? { prevent_destroy: true } : {}),
      ...(ignoreChanges.length === 0 ? {} : { ignore_changes: [...ignoreChanges] }),
    };
    resource[type] ??= {};
    resource[type]![label] = { ...body, ...(Object.keys(lifecycle).length === 0 ? {} : { lifecycle }) };
  }
  const imports = form.resources.flatMap(({ type, label, importId }) =>
    importId === undefined ? [] : [{ to: `${type}.${label}`, id: importId }],
  );
  return {
    terraform: {
      required_version: TERRAFORM_RANGE,
      required_providers: { databricks: { source: PROVIDER.source, version: PROVIDER_RANGE } },
      backend: { local: { path: form.statePath } },
    },
    provider: { databricks: form.host === undefined ? {} : { host: form.host } },
    ...(form.variables.length === 0
      ? {}
      : {
          variable: Object.fromEntries(
            form.variables.map((name) => [name, { type: 'string', sensitive: true }]),
          ),
        }),
    ...(imports.length === 0 ? {} : { import: imports }),
    ...(Object.keys(resource).length === 0 ? {} : { resource }),
  };
}
