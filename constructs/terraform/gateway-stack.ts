// What is desired as a stack of cdktf: the same resources that `synth --to terraform` prints, as the bindings' own
// constructs, so that aspects, overrides and other constructs of a program work on them. Says what it could not take.
import { ModelServing } from '@cdktf/provider-databricks/lib/model-serving';
import { ModelServingProvisionedThroughput } from '@cdktf/provider-databricks/lib/model-serving-provisioned-throughput';
import { Permissions } from '@cdktf/provider-databricks/lib/permissions';
import { DatabricksProvider } from '@cdktf/provider-databricks/lib/provider';
import { LocalBackend, type TerraformResource, TerraformStack, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import {
  asProperties,
  type DesiredForTerraform,
  PROVIDER_RANGE,
  type TerraformForm,
  terraformForm,
} from '../../src/engines';
import type { Diagnostic } from '../../src/model/diagnostic';

export interface GatewayStackProps {
  /** Of one target: by `desiredIn(folder)` or `desiredBy(app)`. */
  readonly desired: DesiredForTerraform;
  /**
   * Adds the backend, and must: without one cdktf writes a path of this machine into its output.
   * @default local, beside the stack: `<target>.tfstate`
   */
  readonly backend?: (stack: TerraformStack) => void;
  /**
   * Adds the provider.
   * @default one without credentials, for the host of the target
   */
  readonly provider?: (stack: TerraformStack) => void;
}

type Made = new (scope: Construct, id: string, config: never) => TerraformResource;

/** The bindings' constructs by the type of the resource. */
const CONSTRUCTS: Readonly<Record<string, Made>> = {
  databricks_model_serving: ModelServing,
  databricks_model_serving_provisioned_throughput: ModelServingProvisionedThroughput,
  databricks_permissions: Permissions,
};

export class GatewayStack extends TerraformStack {
  /** What Terraform cannot say, each at its place. Nothing is printed: that is for whoever runs the program. */
  readonly diagnostics: readonly Diagnostic[];
  /** By address, `databricks_model_serving.chat`. */
  readonly resources: ReadonlyMap<string, TerraformResource>;

  constructor(scope: Construct, id: string, { desired, backend, provider }: GatewayStackProps) {
    super(scope, id);
    const form = terraformForm(desired);
    this.diagnostics = form.diagnostics;
    if (provider === undefined)
      new DatabricksProvider(this, 'databricks', form.host === undefined ? {} : { host: form.host });
    else provider(this);
    if (backend === undefined) new LocalBackend(this, { path: form.statePath });
    else backend(this);
    // The bindings ask for the one version that they were made from.
    this.addOverride('terraform.required_providers.databricks.version', PROVIDER_RANGE);
    for (const name of form.variables)
      new TerraformVariable(this, name, { type: 'string', sensitive: true }).overrideLogicalId(name);
    this.resources = new Map(
      form.resources.map((one) => [`${one.type}.${one.label}`, this.#resource(one)] as const),
    );
  }

  #resource({ type, label, body, ...how }: TerraformForm['resources'][number]): TerraformResource {
    const Construct = CONSTRUCTS[type];
    if (Construct === undefined) throw new Error(`no construct for ${type}`);
    const config = {
      ...asProperties(type, body),
      ...(how.ignoreChanges.length === 0 && !how.preventDestroy
        ? {}
        : {
            lifecycle: {
              ...(how.preventDestroy ? { preventDestroy: true } : {}),
              ...(how.ignoreChanges.length === 0 ? {} : { ignoreChanges: [...how.ignoreChanges] }),
            },
          }),
    };
    // Endpoint and grants have one label; in a tree each name stands once.
    const made = new Construct(this, `${type}.${label}`, config as never);
    made.overrideLogicalId(label);
    if (how.importId !== undefined) made.importFrom(how.importId);
    return made;
  }
}
