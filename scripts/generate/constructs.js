// From the plain schema to the props of the constructs: camelCase names, docs with `@default`, and the table that says
// where the names of members are data and keep their spelling. Everything of a kind follows from its definition.

/** What a props type is called where the name of its definition would say too little or too much. */
const NAMES = {
  serving_endpoint: 'ServingEndpointProps',
  model_service: 'ModelServiceProps',
  model_provider_service: 'ModelProviderServiceProps',
  mcp_service: 'McpServiceProps',
  config: 'EndpointConfig',
  tags: 'TagList',
  variable: 'VariableProps',
  removed_entry: 'RemovedProps',
};
const ALSO = ['variable', 'removed_entry'];

const pascal = (name) =>
  name
    .split(/[_-]/)
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join('');
const camel = (name) => pascal(name).replace(/^./, (letter) => letter.toLowerCase());
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const listOf = (item) => `readonly ${/^\w+$/.test(item) ? item : `(${item})`}[]`;
const types = (schema) => (schema.type === undefined ? [] : [schema.type].flat());

class Emission {
  constructor(source, plain) {
    this.source = source.$defs;
    this.plain = plain.$defs;
    this.texts = new Map();
    this.shapes = {};
    this.contents = new Map();
  }

  /** Props of a definition, and of all that it is made of. */
  def(name) {
    return this.named(NAMES[name] ?? pascal(name), this.plain[name], this.fieldsOf(name) ?? new Set());
  }

  /** Members that are sent, where a definition tells them from those that steer us. */
  fieldsOf(name) {
    const { properties } = this.source[name];
    const sent = Object.keys(properties ?? {}).filter((member) => properties[member]['x-field']);
    return sent.length > 0 ? new Set(sent) : undefined;
  }

  /** Writes an interface under a free name; the same content keeps its name. */
  named(wanted, schema, sent, within = '') {
    const content = JSON.stringify(schema);
    const taken = this.contents.get(wanted);
    if (taken === content) return wanted;
    if (taken !== undefined) return this.named(`${within}${wanted}`, schema, sent);
    this.contents.set(wanted, content);
    const members = Object.entries(schema.properties);
    const inner = {};
    this.texts.set(wanted, undefined);
    const required = new Set(schema.required ?? []);
    const lines = members.map(([member, value]) => {
      const prop = camel(member);
      if (snake(prop) !== member) throw new Error(`${member} cannot be told from ${prop}`);
      const { text, shape } = this.type(value, wanted, member);
      if (shape !== undefined) inner[prop] = shape;
      const standard = required.has(member) ? undefined : this.standard(value, member, sent);
      return `${this.doc(this.follow(value).description, standard)}  readonly ${prop}${required.has(member) ? '' : '?'}: ${text};\n`;
    });
    this.texts.set(
      wanted,
      `${this.doc(schema.description, undefined, '')}export interface ${wanted} {\n${lines.join('')}}\n`,
    );
    this.shapes[wanted] = { fields: inner };
    return wanted;
  }

  follow(schema) {
    return schema.$ref === undefined ? schema : { ...this.plain[schema.$ref.split('/').pop()], ...schema };
  }

  /** What holds where a member is left out. */
  standard(schema, member, sent) {
    const { default: value, description } = this.follow(schema);
    if (value !== undefined) return JSON.stringify(value).replace(/"/g, "'");
    if (/by default/.test(description)) return undefined;
    return sent === undefined || sent.has(member) ? 'left as it is' : 'none';
  }

  doc(text, standard, indent = '  ') {
    const said = [text, standard === undefined ? undefined : `@default ${standard}`].filter(Boolean);
    if (said.length === 0) return '';
    const lines = said.join('\n').replace(/\*\//g, '*\\/').split('\n');
    if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
    return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
  }

  type(schema, within, member) {
    const followed = this.follow(schema);
    const base = this.inner(followed, within, this.nameFor(schema, member));
    const isNull = types(followed).includes('null') || followed.enum?.includes(null);
    return { ...base, text: isNull ? `${base.text} | null` : base.text };
  }

  nameFor(schema, member) {
    const def = schema.$ref?.split('/').pop();
    return def === undefined ? pascal(member) : (NAMES[def] ?? pascal(def));
  }

  inner(schema, within, wanted) {
    const kinds = types(schema).filter((kind) => kind !== 'null');
    if (schema.enum !== undefined) {
      const values = schema.enum.filter((value) => value !== null).map((value) => `'${value}'`);
      return { text: [...values, 'Variable'].join(' | ') };
    }
    if (schema.properties !== undefined) {
      const name = this.named(wanted, schema, undefined, within);
      return { text: name, shape: name };
    }
    if (kinds.includes('object')) return this.map(schema, within, wanted, kinds);
    if (kinds.includes('array')) {
      const item = this.type(schema.items, within, wanted);
      const list = {
        text: listOf(item.text),
        ...this.shape({ items: item.shape }, `${within}${wanted}List`),
      };
      return kinds.includes('string') ? { ...list, text: `string | ${list.text}` } : list;
    }
    return { text: this.scalar(schema, kinds) };
  }

  map(schema, within, wanted, kinds) {
    if (schema.additionalProperties === true) {
      this.shapes.Verbatim = { verbatim: true };
      return { text: 'Readonly<Record<string, unknown>>', shape: 'Verbatim' };
    }
    const value = this.type(schema.additionalProperties, within, `${wanted}Entry`);
    const text = `Readonly<Record<string, ${value.text}>>`;
    const name = `${within}${wanted}Map`;
    if (!kinds.includes('array')) return { text, ...this.shape({ values: value.shape }, name, true) };
    const item = this.type(schema.items, within, `${wanted}Item`);
    const shape = this.shape({ values: value.shape, items: item.shape }, name, true);
    return { text: `${listOf(item.text)} | ${text}`, ...shape };
  }

  /** Only what the regular rule does not say: keys that are data, and members that hold such. */
  shape(entry, name, isMap = false) {
    const { values, items } = entry;
    if (!isMap && items === undefined) return {};
    this.shapes[name] = {
      ...(isMap ? { values: values ?? '' } : {}),
      ...(items === undefined ? {} : { items }),
    };
    return { shape: name };
  }

  scalar(schema, kinds) {
    if (schema['x-secret'] === 'reference') return 'SecretSource';
    if (schema['x-secret'] === 'resolved') return 'EnvironmentSource';
    const words = kinds.map((kind) => (kind === 'integer' ? 'number' : kind));
    const unique = [...new Set(words)];
    return [...unique, ...(unique.includes('string') ? [] : ['Variable'])].join(' | ');
  }
}

/** The two generated files of `constructs/`. */
function constructModules(source, plain) {
  const emission = new Emission(source, plain);
  const kinds = Object.entries(source.$defs.file.properties).filter(([, section]) => section['x-kind']);
  const entries = kinds.map(([, section]) => section.additionalProperties.$ref.split('/').pop());
  for (const name of [...entries, ...ALSO]) emission.def(name);
  const head = '// Generated by scripts/generate.js from schemas/source.\n';
  const props = [...emission.texts.values()].join('\n');
  const shapes = JSON.stringify(emission.shapes, null, 2);
  return {
    'constructs/generated/props.ts': `${head}import type { EnvironmentSource, SecretSource, Variable } from '../references';\n\n${props}`,
    'constructs/generated/spelling.ts': `${head}export const SHAPES = ${shapes};\n`,
  };
}

module.exports = { constructModules };
