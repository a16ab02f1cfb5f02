// The schemas of policy files and waivers. What editors read names each rule, pack and parameter; what the program
// validates with leaves unknown names to the program, which knows better what was meant.
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
const clone = (value) => JSON.parse(JSON.stringify(value));

const TYPES = {
  texts: { type: 'array', items: { type: 'string' } },
  number: { type: 'number' },
  text: { type: 'string' },
};

const named = (source, name) => ({
  $schema: DIALECT,
  $id: `urn:gatewright:schema:${name}:1`,
  ...clone(source),
});

function policySchema(source) {
  return named(source, 'policy');
}

function publishedPolicySchema(source, { rules, packs, params }) {
  const schema = named(source, 'policy');
  const { setting } = schema.$defs;
  schema.properties.extends.items = {
    anyOf: [
      { enum: packs.map(({ name }) => name) },
      { type: 'string', pattern: '\\.ya?ml$', description: 'Another policy file.' },
    ],
  };
  schema.$defs.params = {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(params)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, spec]) => [
          name,
          { ...TYPES[spec.type], description: spec.says, default: spec.default },
        ]),
    ),
    additionalProperties: false,
  };
  schema.$defs.rules = {
    type: 'object',
    properties: Object.fromEntries(
      [...rules]
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ id, alias, title, why }) => [
          id,
          { ...clone(setting), description: `${title}. ${why} (${alias})` },
        ]),
    ),
    patternProperties: { '^AIG-[A-Z]{3}-\\d{3}$': { $ref: '#/$defs/setting' } },
    additionalProperties: false,
  };
  return schema;
}

function waiversSchema(source) {
  return named(source, 'waivers');
}

module.exports = { policySchema, publishedPolicySchema, waiversSchema };
