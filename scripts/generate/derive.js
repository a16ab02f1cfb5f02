// From the authored schema to its forms. authoring: what a file may say (partial, nullable, shorthands, map forms,
// ${var.NAME} in any scalar). plain: the same after variables are filled in. desired: the strict, normalised document.
// Annotations are explained at the top of the authored schema.

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
/** A scalar that is one reference and nothing else: it takes the variable's type. */
const WHOLE = '^\\$\\{var\\.[A-Za-z_][A-Za-z0-9_]*\\}$';
/** Text with at least one reference in it: what it becomes is checked once variables are filled in. */
const HOLDS = '\\$\\{';

const WORDS = ['title', 'description', 'examples', 'default', 'deprecated', 'x-says', 'x-root', 'x-secret'];

const clone = (value) => JSON.parse(JSON.stringify(value));
const types = (schema) => (schema.type === undefined ? [] : [schema.type].flat());

function withoutUndefined(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

const eachRequired = (names) => names.map((name) => ({ required: [name] }));

class Derivation {
  constructor(source, form) {
    this.defs = source.$defs;
    this.form = form;
  }

  def(name) {
    const schema = this.defs[name];
    return this.schema(schema, schema['x-literal'] === true);
  }

  /** A reference with annotations of its own is inlined, so that no `anyOf` hides the cause of an error. */
  follow(schema) {
    if (schema.$ref === undefined) return schema;
    const { $ref, ...beside } = schema;
    return { ...this.defs[$ref.split('/').pop()], ...beside };
  }

  schema(schema, literal) {
    if (schema.$ref !== undefined) {
      const beside = Object.keys(schema).filter((key) => key !== '$ref' && key !== 'x-field');
      if (beside.length === 0) return { $ref: schema.$ref };
      return this.schema(this.follow(schema), literal);
    }
    if (schema['x-pick'] !== undefined) return this.schema(this.picked(schema), literal);
    if (schema['x-union'] !== undefined) return this.schema(this.united(schema), literal);
    const isLiteral = literal || schema['x-literal'] === true;
    if (schema['x-keyed'] !== undefined) return this.keyed(schema, isLiteral);
    if (schema.enum !== undefined) return this.enumeration(schema, isLiteral);
    if (types(schema).includes('object')) return this.object(schema, isLiteral);
    if (types(schema).includes('array')) return this.list(schema, isLiteral);
    return this.scalar(schema, isLiteral);
  }

  /** A definition with what it picks from others. */
  whole(name) {
    const base = this.defs[name];
    return base['x-pick'] === undefined ? base : this.picked(base);
  }

  picked(schema) {
    const { from, without } = schema['x-pick'];
    const base = this.whole(from);
    const picked = Object.entries(base.properties).filter(([name]) => !without.includes(name));
    const { 'x-pick': _, 'x-frame': __, ...own } = schema;
    const short = base['x-short'];
    return {
      ...base,
      ...own,
      'x-frame': undefined,
      properties: { ...Object.fromEntries(picked), ...schema.properties },
      required: base.required?.filter((name) => !without.includes(name)),
      'x-short': short && { ...short, defaults: short.defaults.filter((name) => !without.includes(name)) },
    };
  }

  united(schema) {
    const { of, without, descriptions } = schema['x-union'];
    const { 'x-union': _, ...own } = schema;
    const all = of.map((name) => this.whole(name).properties);
    const names = [...new Set(all.flatMap(Object.keys))].filter((name) => !without.includes(name));
    const properties = Object.fromEntries(
      names.map((name) => {
        const members = all.flatMap((each) => each[name] ?? []);
        const united = members.reduce((first, next) => this.joined(first, next));
        const description = descriptions[name];
        return [name, description === undefined ? united : { ...united, description }];
      }),
    );
    return { ...own, properties };
  }

  /** Of what two definitions call the same: the first, or where both are maps of known members, the members of both. */
  joined(first, next) {
    const [one, other] = [this.follow(first), this.follow(next)];
    if (first.$ref === next.$ref && first.$ref !== undefined) return first;
    if (one.properties === undefined || other.properties === undefined) return first;
    return { ...one, properties: { ...other.properties, ...one.properties } };
  }

  /** Words and constraints that every form keeps. */
  kept(schema, ...names) {
    return withoutUndefined(Object.fromEntries([...WORDS, ...names].map((name) => [name, schema[name]])));
  }

  typeOf(schema, more = []) {
    const number = schema['x-number'] && this.form !== 'desired' ? ['integer'] : [];
    const all = [...types(schema), ...number, ...more, ...(schema['x-nullable'] ? ['null'] : [])];
    if (all.length === 0) return undefined;
    return all.length === 1 ? all[0] : [...new Set(all)];
  }

  object(schema, literal) {
    const properties = Object.fromEntries(
      Object.entries(schema.properties ?? {})
        .filter(([, member]) => this.form !== 'desired' || !member['x-authoring'])
        .map(([name, member]) => [name, this.schema(member, literal)]),
    );
    const required = this.required(schema);
    return withoutUndefined({
      type: this.typeOf(schema),
      ...this.kept(schema, 'minProperties', 'x-kind'),
      properties: schema.properties === undefined ? undefined : properties,
      // Inlined: an error inside a reference would not say whose name it is about.
      propertyNames:
        schema.propertyNames === undefined ? undefined : this.schema(this.follow(schema.propertyNames), true),
      additionalProperties: schema['x-open']
        ? true
        : schema.additionalProperties === undefined
          ? false
          : this.schema(schema.additionalProperties, literal),
      required: required.length > 0 ? required : undefined,
      ...this.together(schema),
      ...(schema['x-one'] === undefined ? {} : { oneOf: eachRequired(schema['x-one']) }),
      ...(schema['x-any'] === undefined ? {} : { anyOf: eachRequired(schema['x-any']) }),
    });
  }

  /** What a file may leave out, the normalised document always says. */
  required(schema) {
    const all = schema.required ?? [];
    const short = schema['x-short']?.defaults ?? [];
    return this.form === 'desired' ? all : all.filter((name) => !short.includes(name));
  }

  together(schema) {
    const names = schema['x-short']?.together ?? [];
    if (names.length === 0) return {};
    const each = eachRequired(names);
    return this.form === 'desired' ? { oneOf: each } : { anyOf: each };
  }

  /** Words of the API, which a file may write shorter: the normalised document has them whole. */
  long(schema) {
    const beginning = this.form === 'desired' ? schema['x-long'] : undefined;
    if (beginning === undefined) return {};
    return { pattern: `^${beginning}[A-Z0-9_]+$`, 'x-says': `a word that begins with ${beginning}` };
  }

  keyed(schema, literal) {
    const { keys, values } = schema['x-keyed'];
    return {
      type: ['object', ...this.nullableType(schema, 'array')],
      ...this.kept(schema, 'maxItems'),
      items: this.schema(schema.items, literal),
      propertyNames: keys,
      additionalProperties: this.schema(values, literal),
    };
  }

  nullableType(schema, type) {
    return schema['x-nullable'] ? [type, 'null'] : [type];
  }

  list(schema, literal) {
    return withoutUndefined({
      type: this.typeOf(schema),
      ...this.kept(schema, 'minItems', 'maxItems'),
      items: this.schema(schema.items, literal),
    });
  }

  enumeration(schema, literal) {
    const values = schema['x-nullable'] ? [...schema.enum, null] : schema.enum;
    if (!this.interpolated(literal)) return { ...this.kept(schema), enum: values };
    return { ...this.kept(schema), anyOf: [{ enum: values }, { type: 'string', pattern: HOLDS }] };
  }

  interpolated(literal) {
    return this.form === 'authoring' && !literal;
  }

  scalar(schema, literal) {
    const constraints = ['pattern', 'minLength', 'maxLength', 'minimum', 'maximum'];
    const limits = { ...this.kept(schema, ...constraints), ...this.long(schema) };
    if (!this.interpolated(literal)) return withoutUndefined({ type: this.typeOf(schema), ...limits });
    if (types(schema).length === 1 && schema.type !== 'string') {
      return { type: this.typeOf(schema, ['string']), ...limits, pattern: WHOLE };
    }
    const narrow =
      schema.pattern !== undefined || (schema.minLength ?? 0) > 0 || schema.maxLength !== undefined;
    if (!narrow) return { type: this.typeOf(schema), ...limits };
    const { pattern, minLength, maxLength, 'x-says': says, ...words } = limits;
    const strict = withoutUndefined({ pattern, minLength, maxLength, 'x-says': says });
    return { type: this.typeOf(schema), ...words, anyOf: [strict, { type: 'string', pattern: HOLDS }] };
  }
}

function derived(source, form, skip = []) {
  const derivation = new Derivation(source, form);
  return Object.fromEntries(
    Object.keys(source.$defs)
      .filter((name) => !skip.includes(name) && !source.$defs[name]['x-frame'])
      .map((name) => [name, derivation.def(name)]),
  );
}

function authoringSchema(source) {
  const { file, ...defs } = derived(source, 'authoring');
  return { $schema: DIALECT, $id: 'urn:gatewright:schema:project:1', ...file, $defs: defs };
}

/** Not published: each layer of a resource is held against it once its variables are filled in. */
function plainSchema(source) {
  const { file, ...defs } = derived(source, 'plain');
  return { $schema: DIALECT, $id: 'urn:gatewright:schema:plain:1', ...file, $defs: defs };
}

/** The kinds are the sections of a file that carry `x-kind`; their fields are what carries `x-field`. */
function desiredSchema(source) {
  const frame = [
    'file',
    'variable',
    'target',
    'preset',
    'removed_entry',
    ...Object.keys(source.$defs).filter((n) => n.endsWith('_overlay')),
  ];
  const defs = derived(source, 'desired', frame);
  const kinds = Object.values(source.$defs.file.properties).filter(
    (section) => section['x-kind'] !== undefined,
  );
  const entries = kinds.map((section) => {
    const name = section.additionalProperties.$ref.split('/').pop();
    return { kind: section['x-kind'], name, entry: source.$defs[name] };
  });
  for (const { name, entry } of entries) {
    defs[`${name}_fields`] = {
      type: 'object',
      description: 'What is declared: absent is unmanaged, null removes, a value sets.',
      properties: Object.fromEntries(
        Object.keys(entry.properties)
          .filter((field) => entry.properties[field]['x-field'])
          .map((field) => [field, { $ref: entry.properties[field].$ref }]),
      ),
      additionalProperties: false,
    };
    delete defs[name];
  }
  for (const name of Object.keys(defs).filter((name) => name.endsWith('_key'))) delete defs[name];
  const first = entries[0].entry.properties;
  const removed = source.$defs.removed_entry.properties;
  return {
    $schema: DIALECT,
    $id: 'urn:gatewright:schema:desired:1',
    title: 'Gatewright desired document',
    description:
      'What a project declares for one target: variables filled in, layers merged, shorthands expanded.',
    type: 'object',
    properties: {
      format: { const: 'gatewright/desired/1', description: 'The format and its version.' },
      project: {
        type: 'string',
        pattern: source.$defs.file.properties.project.pattern,
        description: 'Who owns what is managed fully.',
      },
      target: { type: 'string', description: 'The target; empty when the project has none.' },
      host: {
        type: 'string',
        description: 'The workspace, or `simulator`; absent when the environment decides.',
      },
      protect: { type: 'boolean', description: 'Refuse to delete or replace anything in this target.' },
      resources: {
        type: 'array',
        items: { $ref: '#/$defs/resource' },
        description: 'Sorted by kind, then key.',
      },
      removed: {
        type: 'array',
        items: { $ref: '#/$defs/removed' },
        description: 'What is to go. Sorted by kind, then name.',
      },
    },
    required: ['format', 'project', 'target', 'protect', 'resources', 'removed'],
    additionalProperties: false,
    $defs: {
      resource: {
        type: 'object',
        description: 'One entry of the project.',
        properties: {
          kind: { enum: entries.map(({ kind }) => kind), description: 'The section of the file.' },
          key: {
            type: 'string',
            minLength: 1,
            description: 'The key in the file; with the kind it is the address.',
          },
          name: {
            type: 'string',
            minLength: 1,
            description: 'The name in the workspace, or a glob when pattern is true.',
          },
          pattern: { type: 'boolean', description: 'Whether name is a glob.' },
          manage: { enum: clone(first.manage.enum), description: first.manage.description },
          protect: { type: 'boolean', description: 'Refuse to delete or replace it.' },
          labels: {
            type: 'object',
            additionalProperties: { type: 'string' },
            description: first.labels.description,
          },
          only: { type: 'string', description: 'The sort of object that a glob governs.' },
          fields: { type: 'object', description: 'What is declared.' },
          preview: { type: 'object', additionalProperties: true, description: first.preview.description },
        },
        required: ['kind', 'key', 'name', 'pattern', 'manage', 'protect', 'labels', 'fields', 'preview'],
        additionalProperties: false,
        allOf: entries.map(({ kind, name }) => ({
          if: { properties: { kind: { const: kind } } },
          // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
          then: { properties: { fields: { $ref: `#/$defs/${name}_fields` } } },
        })),
      },
      removed: {
        type: 'object',
        description: source.$defs.removed_entry.description,
        properties: {
          kind: { enum: entries.map(({ kind }) => kind), description: 'The section of the file.' },
          name: { type: 'string', minLength: 1, description: 'The name in the workspace.' },
          reason: { type: 'string', minLength: 1, description: removed.reason.description },
          since: { type: 'string', pattern: removed.since.pattern, description: removed.since.description },
          destroy: { type: 'boolean', description: removed.destroy.description },
        },
        required: ['kind', 'name', 'reason', 'since', 'destroy'],
        additionalProperties: false,
      },
      ...defs,
    },
  };
}

/** Without our annotations: what editors and other validators read. */
function published(schema) {
  if (Array.isArray(schema)) return schema.map(published);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !key.startsWith('x-'))
      .map(([key, value]) => [key, key === 'examples' || key === 'default' ? value : published(value)]),
  );
}

module.exports = { authoringSchema, plainSchema, desiredSchema, published };
