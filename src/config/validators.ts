// The precompiled validators, loaded when the first file is checked.

export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly schemaPath: string;
  /** Set where the name of a member, not its value, is at fault. */
  readonly propertyName?: string;
}

/** Leaves what it found on itself, as ajv does. */
interface Validator {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

type Generated = Readonly<Record<string, Validator>>;

/** Each module is read when it is needed. */
const MODULES = {
  file: () => require('./generated/validate-file.js') as Generated,
  desired: () => require('./generated/validate-desired.js') as Generated,
  serving_endpoint: () => require('./generated/validate-entry.js') as Generated,
  model_service: () => require('./generated/validate-entry.js') as Generated,
  model_provider_service: () => require('./generated/validate-entry.js') as Generated,
  mcp_service: () => require('./generated/validate-entry.js') as Generated,
  removed_entry: () => require('./generated/validate-entry.js') as Generated,
} as const;

export type ValidatorName = keyof typeof MODULES;

export function schemaErrors(name: ValidatorName, value: unknown): readonly SchemaError[] {
  const validate = MODULES[name]()[name]!;
  return validate(value) ? [] : (validate.errors ?? []);
}

/** A schema as far as explanations read it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly 'x-says'?: string;
  readonly 'x-secret'?: 'reference' | 'resolved';
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** The schemas with their annotations: read only to explain an error. */
export function annotatedSchema(name: 'authoring' | 'desired'): Schema {
  return (require('./generated/schemas.js') as Readonly<Record<typeof name, Schema>>)[name];
}

export function follow(root: Schema, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  return root.$defs?.[schema.$ref.split('/').pop()!] ?? {};
}

/** The schema of the value at a path of member names and list indexes. */
export function schemaAt(root: Schema, start: Schema, path: readonly string[]): Schema {
  let schema = follow(root, start);
  for (const segment of path) {
    const next = Object.hasOwn(schema.properties ?? {}, segment)
      ? schema.properties?.[segment]
      : ((/^\d+$/.test(segment) ? schema.items : undefined) ?? schema.additionalProperties);
    if (typeof next !== 'object') return {};
    schema = follow(root, next);
  }
  return schema;
}
