// What an engine takes: the fields of its resources, as a tree. Terraform's is read out of the provider's bindings; what
// a bundle takes beyond it, or does not, is said here. Data; knows nothing of what is declared.
import table from './generated/terraform-fields.json';

export interface Leaf {
  readonly type: string;
  readonly required?: boolean;
  /** As the bindings spell it: `ai21LabsConfig`. */
  readonly property: string;
}

export interface Block {
  /** one: at most one · list, set: any number. */
  readonly block: string;
  readonly required?: boolean;
  readonly property: string;
  readonly fields: Fields;
}

export type Field = Leaf | Block;
export type Fields = { readonly [name: string]: Field };

export const isBlock = (field: Field): field is Block => 'block' in field;

/** The version of the provider that the field list was read from. */
export const PROVIDER: { readonly source: string; readonly version: string } = table.provider;

export const TERRAFORM_RESOURCES = table.resources as unknown as {
  readonly [type: string]: { readonly fields: Fields };
};

/** The kind of ours that is said; the bindings know no other. */
export const KIND = 'serving_endpoints';

export const SERVING = 'databricks_model_serving';
export const SERVING_UNITS = 'databricks_model_serving_provisioned_throughput';
export const PERMISSIONS = 'databricks_permissions';

/** Terraform's own, or deprecated and never declared by us: nothing is said of them, also not that they stay. */
const NOT_OURS: ReadonlySet<string> = new Set(['id', 'name', 'timeouts', 'rate_limits']);

export function without(fields: Fields, names: ReadonlySet<string>): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)));
}

const withinConfig = (fields: Fields, change: (config: Fields) => Fields): Fields => {
  const config = fields.config;
  return config === undefined || !isBlock(config)
    ? fields
    : { ...fields, config: { ...config, fields: change(config.fields) } };
};

/** The fields of a serving endpoint that Terraform can be told; `name` stands apart. */
export function terraformFields(type: string): Fields {
  const { fields } = TERRAFORM_RESOURCES[type]!;
  return withinConfig(without(fields, NOT_OURS), (config) => without(config, new Set(['served_models'])));
}

const leaf = (type: string): Leaf => ({ type, property: '' });

/**
 * A bundle takes what the SDK's create request has. https://github.com/databricks/cli/blob/main/bundle/config/resources/model_serving_endpoint.go
 * Of that the bindings lack what is newer than they are.
 */
export function bundleFields(): Fields {
  const fields = withinConfig(without(TERRAFORM_RESOURCES[SERVING]!.fields, NOT_OURS), (config) => {
    const entities = config.served_entities as Block;
    const known = without(config, new Set(['served_models', 'auto_capture_config']));
    const more = { ...entities.fields, burst_scaling_enabled: leaf('bool') };
    return { ...known, served_entities: { ...entities, fields: more } };
  });
  return {
    ...fields,
    telemetry_config: {
      block: 'one',
      property: '',
      fields: {
        telemetry_profile_id: leaf('string'),
        enabled_telemetry_features: leaf('list(string)'),
        inference_table_config: {
          ...leafBlock,
          fields: { name: leaf('string'), sampling_fraction: leaf('number') },
        },
        table_names: {
          ...leafBlock,
          fields: {
            annotations: leaf('string'),
            logs: leaf('string'),
            metrics: leaf('string'),
            traces: leaf('string'),
          },
        },
      },
    },
  };
}

const leafBlock = { block: 'one', property: '' } as const;
