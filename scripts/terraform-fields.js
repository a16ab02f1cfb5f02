// `node scripts/terraform-fields.js [--check]`: what the Terraform provider takes, read out of the generated bindings
// of the installed @cdktf/provider-databricks, into src/engines/generated. The product itself needs no bindings.
const { readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const RESOURCES = {
  databricks_model_serving: 'model-serving',
  databricks_model_serving_provisioned_throughput: 'model-serving-provisioned-throughput',
  databricks_permissions: 'permissions',
};
const FILE = join(__dirname, '../src/engines/generated/terraform-fields.json');

const home = dirname(require.resolve('@cdktf/provider-databricks/package.json'));
const capital = (name) => name.charAt(0).toUpperCase() + name.slice(1);

/** The leaf types of the bindings in Terraform's words. */
const TYPES = {
  string: 'string',
  number: 'number',
  boolean: 'bool',
  stringList: 'list(string)',
  stringMap: 'map(string)',
};

function resource(folder) {
  const code = readFileSync(join(home, 'lib', folder, 'index.js'), 'utf8');
  const types = readFileSync(join(home, 'lib', folder, 'index.d.ts'), 'utf8');
  const className = folder.split('-').map(capital).join('');

  /** Whether a property is required, by the name of its interface. */
  const required = (holder, property) => {
    const body = new RegExp(`export interface ${holder}(?: extends [\\w.]+)? \\{([\\s\\S]*?)\\n\\}`).exec(
      types,
    )?.[1];
    const mark = new RegExp(`readonly ${property}(\\??):`).exec(body ?? '')?.[1];
    if (mark === undefined) throw new Error(`${folder}: ${holder} has no ${property}`);
    return mark === '';
  };

  const fieldsOf = (body, holder) => {
    const fields = {};
    const row =
      /^ {8,12}(\w+): \{\n\s+value: (.*),\n\s+isBlock: (\w+),\n\s+type: "(\w+)",\n\s+storageClassType: "(\w+)",/gm;
    for (const [, name, value, isBlock, type, storage] of body.matchAll(row)) {
      const property = /(?:struct\.|this\._)(\w+)/.exec(value)?.[1];
      if (property === undefined) throw new Error(`${folder}: cannot read ${name}: ${value}`);
      const isNeeded = required(holder, property);
      const says = { property, ...(isNeeded ? { required: true } : {}) };
      if (isBlock === 'false') {
        if (TYPES[storage] === undefined) throw new Error(`${folder}: ${name} is a ${storage}`);
        fields[name] = { ...says, type: TYPES[storage] };
        continue;
      }
      const mapper = /(\w+)ToHclTerraform/.exec(value)?.[1];
      const inner = new RegExp(`^function ${mapper}ToHclTerraform\\([\\s\\S]*?^\\}`, 'm').exec(code)?.[0];
      if (inner === undefined) throw new Error(`${folder}: no ${mapper}ToHclTerraform`);
      const block = type === 'struct' || !value.includes('listMapperHcl(') ? 'one' : type;
      fields[name] = { ...says, block, fields: fieldsOf(inner, capital(mapper)) };
    }
    if (Object.keys(fields).length === 0) throw new Error(`${folder}: ${holder} has no fields`);
    return fields;
  };

  const root = /^ {4}synthesizeHclAttributes\(\) \{[\s\S]*?^ {4}\}/m.exec(code)?.[0];
  if (root === undefined) throw new Error(`${folder}: no synthesizeHclAttributes`);
  return { fields: fieldsOf(root, `${className}Config`) };
}

const code = readFileSync(join(home, 'lib/model-serving/index.js'), 'utf8');
const text = `${JSON.stringify(
  {
    provider: { source: 'databricks/databricks', version: /providerVersion: '([^']+)'/.exec(code)[1] },
    resources: Object.fromEntries(
      Object.entries(RESOURCES).map(([name, folder]) => [name, resource(folder)]),
    ),
  },
  null,
  1,
)}\n`;

if (process.argv.includes('--check')) {
  const held = readFileSync(FILE, 'utf8');
  if (held !== text) {
    console.error(
      'src/engines/generated/terraform-fields.json is not what the bindings say: run node scripts/terraform-fields.js',
    );
    process.exitCode = 1;
  }
} else writeFileSync(FILE, text);
