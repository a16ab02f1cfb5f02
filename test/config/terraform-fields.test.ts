// The schema against the field sets of the Terraform bindings: nothing that they can declare of an endpoint is missing.
import fs from 'node:fs';
import project from '../../schemas/gatewright.schema.json';

type Fields = { [field: string]: Fields | null };

const declared = fs.readFileSync(
  require.resolve('@cdktf/provider-databricks/lib/model-serving/index.d.ts'),
  'utf8',
);

const snake = (name: string) =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace('ai21_labs', 'ai21labs');

/** The members of an interface of the bindings, those that are interfaces themselves with theirs. */
function ofBindings(name: string): Fields {
  const body = new RegExp(`export interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(declared)?.[1];
  if (body === undefined) throw new Error(`the bindings have no ${name}`);
  return Object.fromEntries(
    [...body.matchAll(/readonly (\w+)\??: (\w*)/g)].map(([, field, type]) => [
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

const properties = project.$defs.serving_endpoint.properties as Readonly<Record<string, Schema>>;

test.each([
  ['ai_gateway', 'ModelServingAiGateway'],
  ['tags', 'ModelServingTags'],
  ['email_notifications', 'ModelServingEmailNotifications'],
])('%s has the fields of %s', (field, name) => {
  expect(ofSchema(properties[field]!)).toEqual(ofBindings(name));
});

/** Paths of the first that the second has not. */
function beyond(some: Fields, others: Fields, at = ''): string[] {
  return Object.entries(some).flatMap(([field, inner]) => {
    const path = at === '' ? field : `${at}.${field}`;
    const other = others[field];
    if (other === undefined) return [path];
    return inner === null || other === null ? [] : beyond(inner, other, path);
  });
}

test('config has every field of the bindings but the deprecated ones, and what they do not know yet', () => {
  const ours = ofSchema(properties.config!) as Fields;
  const theirs = ofBindings('ModelServingConfigA');
  expect(beyond(theirs, ours)).toEqual(['auto_capture_config', 'served_models']);
  expect(beyond(ours, theirs)).toEqual([
    'served_entities.traffic_percentage',
    'served_entities.burst_scaling_enabled',
  ]);
});

test('an endpoint has every field of the bindings but the deprecated one and those of Terraform itself', () => {
  const ours = Object.fromEntries(Object.keys(properties).map((field) => [field, null]));
  const theirs = ofBindings('ModelServingConfig extends cdktf.TerraformMetaArguments');
  expect(beyond(theirs, ours).sort()).toEqual(['id', 'rate_limits', 'timeouts']);
});
