// `synth --to bundle`: what is desired as a Databricks bundle, a target for each of ours. A bundle leaves nothing as it is:
// what a file does not name is said to go. https://docs.databricks.com/aws/en/dev-tools/bundles/resources
import type { Diagnostic } from '../model/diagnostic';
import { equalJson, isObject, type Json, type JsonObject } from '../model/json';
import type { Path } from '../model/path';
import { addressOf, type Desired, type DesiredResource } from '../model/resource';
import { labelsOf } from './labels';
import { BUNDLE_ROWS, BUNDLE_TAKES_AWAY } from './rows';
import { type Engine, placeOf, refuseAll, say } from './say';
import { type Block, bundleFields, type Fields, KIND, PERMISSIONS, TERRAFORM_RESOURCES } from './shape';
import { aboutRemoved } from './terraform';

/** https://github.com/databricks/cli/blob/main/libs/dyn/dynvar/ref.go */
const REFERENCE = /\$\{[A-Za-z][^}]*\}/;

const ENGINE: Engine = {
  title: 'a bundle',
  word: 'bundle',
  rows: BUNDLE_ROWS,
  keeps: false,
  // It has no way to write the characters of a reference and not mean one.
  text: (value) => (REFERENCE.test(value) ? undefined : value),
  fromEnvironment: (name) => `\${var.${name}}`,
  secretGoesTo: 'its state and its plans show the value',
};

export interface BundleForm {
  readonly document: JsonObject;
  readonly diagnostics: readonly Diagnostic[];
}

const STAYS = 'Keep it with gatewright, beside the bundle.';
const FIELDS: Fields = {
  ...bundleFields(),
  permissions: TERRAFORM_RESOURCES[PERMISSIONS]!.fields.access_control as Block,
};

interface Target {
  readonly desired: Desired;
  readonly isDefault: boolean;
  readonly endpoints: ReadonlyMap<string, JsonObject>;
}

/** One project in each of its targets; `defaultTarget` is the one that is meant where none is named. */
export function bundleForm(project: readonly Desired[], defaultTarget: string): BundleForm {
  const deployed = project.filter(({ target, host }) => target !== '' && host !== 'simulator');
  const meant = deployed.length === 0 ? project : deployed;
  const diagnostics: Diagnostic[] = project.flatMap(aboutTarget);
  const variables = new Set<string>();
  const labels = labelsOf([...new Set(meant.flatMap(({ resources }) => resources.map(({ key }) => key)))]);
  const targets = meant.map((desired): Target => {
    diagnostics.push(...aboutRemoved(desired, 'bundle', 'a bundle'));
    const endpoints = new Map<string, JsonObject>();
    for (const resource of desired.resources) {
      const said = endpointOf(resource, desired.protect);
      diagnostics.push(...said.diagnostics);
      for (const name of said.environment) variables.add(name);
      if (said.body !== undefined) endpoints.set(labels.get(resource.key)!, said.body);
    }
    return { desired, isDefault: desired.target === defaultTarget, endpoints };
  });
  const named = deployed.length === 0 ? [] : targets;
  const shared = sharedBy(targets);
  return {
    document: {
      bundle: { name: project[0]?.project ?? '' },
      ...(variables.size === 0 ? {} : { variables: variablesOf([...variables].sort()) }),
      ...(shared.size === 0 ? {} : { resources: resourcesOf(shared) }),
      ...(named.length === 0
        ? {}
        : {
            targets: Object.fromEntries(
              named.map((target) => [target.desired.target, targetOf(target, shared)]),
            ),
          }),
    },
    // What holds in several targets is said once.
    diagnostics: distinct(diagnostics),
  };
}

function endpointOf(resource: DesiredResource, protectAll: boolean) {
  if (resource.kind !== KIND || resource.manage !== 'full' || !isObject(resource.fields.config)) {
    const why =
      resource.kind !== KIND
        ? 'this version says only serving endpoints to a bundle'
        : resource.manage === 'observe'
          ? 'a bundle has nothing that only watches'
          : resource.pattern
            ? 'a bundle knows no patterns of names'
            : resource.manage === 'attach'
              ? "a bundle owns what it names, and this endpoint is somebody else's"
              : 'a bundle makes what it names, and the file does not say what this endpoint serves';
    return { body: undefined, environment: [], diagnostics: refuseAll(resource, ENGINE, why, STAYS) };
  }
  const said = say(resource, FIELDS, ENGINE);
  if (!Object.hasOwn(said.body, 'config')) {
    const { config: _, ...others } = resource.fields;
    const left = refuseAll(
      { ...resource, fields: others },
      ENGINE,
      'a bundle wants all of its config',
      STAYS,
    );
    const diagnostics = [...said.diagnostics.filter(({ code }) => code === 'not-in-bundle'), ...left];
    return { body: undefined, environment: [], diagnostics };
  }
  const { permissions, ...rest } = said.body;
  const body: JsonObject = {
    name: resource.name,
    ...rest,
    ...(Array.isArray(permissions) ? { permissions: permissions.map(levelled) } : {}),
    ...(resource.protect || protectAll ? { lifecycle: { prevent_destroy: true } } : {}),
  };
  const diagnostics = [...said.diagnostics, ...takenAway(resource)];
  return { body, environment: said.environment, diagnostics };
}

/** A bundle calls it `level`. https://docs.databricks.com/aws/en/dev-tools/bundles/permissions */
function levelled(entry: Json): Json {
  if (!isObject(entry)) return entry;
  const { permission_level: level, ...who } = entry;
  return { level: level ?? null, ...who };
}

function takenAway(resource: DesiredResource): Diagnostic[] {
  const isSaid = (path: Path): boolean =>
    path.reduce<Json | undefined>((at, name) => (isObject(at) ? at[name] : undefined), resource.fields) !==
    undefined;
  const missing = BUNDLE_TAKES_AWAY.filter((text) => {
    const path = text.split('.');
    const around = path.slice(0, -1);
    return !isSaid(path) && (around.length === 0 || isObject(resource.fields[around[0]!]));
  });
  return missing.map((text) => {
    const at = placeOf(resource, text.split('.'));
    return {
      code: 'not-preserved',
      severity: 'warning',
      message: `${addressOf(resource)}.${text} is not declared, and a bundle takes away what it does not name`,
      ...(at === undefined ? {} : { at }),
      help: 'Declare what is there (gatewright import shows it) before the bundle is deployed.',
    };
  });
}

/** Said in every target in the same words: one entry for all, because lists of an override are added, not replaced. */
function sharedBy(targets: readonly Target[]): Map<string, JsonObject> {
  const [first, ...others] = targets;
  const isShared = ([label, body]: [string, JsonObject]) =>
    others.every(({ endpoints }) => equalJson(endpoints.get(label), body));
  return new Map([...(first?.endpoints ?? [])].filter(isShared));
}

const resourcesOf = (endpoints: ReadonlyMap<string, JsonObject>): JsonObject => ({
  model_serving_endpoints: Object.fromEntries(endpoints),
});

function targetOf(
  { desired, isDefault, endpoints }: Target,
  shared: ReadonlyMap<string, JsonObject>,
): JsonObject {
  const own = new Map([...endpoints].filter(([label]) => !shared.has(label)));
  return {
    ...(isDefault ? { default: true } : {}),
    ...(desired.host === undefined ? {} : { workspace: { host: desired.host } }),
    ...(own.size === 0 ? {} : { resources: resourcesOf(own) }),
  };
}

const variablesOf = (names: readonly string[]): JsonObject =>
  Object.fromEntries(
    names.map((name) => [name, { description: `a credential: give it as BUNDLE_VAR_${name}` }]),
  );

function aboutTarget({ host, target }: Desired): Diagnostic[] {
  if (host !== 'simulator') return [];
  const message = `target ${target} is left out: it is the embedded workspace, which no bundle can be deployed to`;
  return [{ code: 'no-workspace', severity: 'note', message }];
}

function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((one) => [JSON.stringify(one), one])).values()];
}
