// The schema against the field sets of the Terraform bindings: nothing that they can declare of the gateway is missing.
import fs from 'node:fs';
import project from '../../schemas/gatewright.schema.json';

type Fields = { [field: string]: Fields | null };

const declared = fs.readFileSync(
  require.resolve('@cdktf/provider-databricks/lib/model-serving/index.d.ts'),
  'utf8',
);

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The members of an interface of the bindings, those that are interfaces themselves with theirs. */
function ofBindings(name: string): Fields {
  const body = new RegExp(`export interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(declared)?.[1];
  if (body === undefined) throw new Error(`the bindings have no ${name}`);
  return Object.fromEntries(
    [...body.matchAll(/readonly (\w+)\??: (\w+)/g)].map(([, field, type]) => [
      snake(field!),
      type!.startsWith('ModelServing') ? ofBindings(type!) : null,
    ]),
  );
}

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

function ofSchema(schema: Schema): Fields | null {
  const name = schema.$ref?.split('/').pop();
  const followed = name === undefined ? schema : (project.$defs as Readonly<Record<string, Schema>>)[name]!;
  if (followed.items !== undefined && followed.properties === undefined) {
    const inner = ofSchema(followed.items);
    return inner;
  }
  if (followed.properties === undefined) return null;
  return Object.fromEntries(
    Object.entries(followed.properties).map(([field, each]) => [field, ofSchema(each)]),
  );
}

test.each([
  ['ai_gateway', 'ModelServingAiGateway'],
  ['tags', 'ModelServingTags'],
])('%s has the fields of %s', (field, name) => {
  const properties = project.$defs.serving_endpoint.properties as Readonly<Record<string, Schema>>;
  expect(ofSchema(properties[field]!)).toEqual(ofBindings(name));
});
