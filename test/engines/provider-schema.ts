// Judges Terraform JSON by the field list alone: unknown members, wrong types, missing ones, blocks that stand twice, and
// texts that are templates of something else than what is declared. Knows nothing of how the JSON was made.
import table from '../../src/engines/generated/terraform-fields.json';

interface Field {
  readonly type?: string;
  readonly block?: string;
  readonly required?: boolean;
  readonly fields?: Record<string, Field>;
}

type Json = unknown;
type Members = Record<string, Json>;

const META = ['lifecycle', 'count', 'for_each', 'provider', 'depends_on'];
const isMembers = (value: Json): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const LEAVES: Readonly<Record<string, (value: Json) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  bool: (value) => typeof value === 'boolean',
  'list(string)': (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  'map(string)': (value) =>
    isMembers(value) && Object.values(value).every((each) => typeof each === 'string'),
};

function faultsOf(body: Members, fields: Record<string, Field>, at: string): string[] {
  const missing = Object.entries(fields)
    .filter(([name, { required }]) => required === true && body[name] === undefined)
    .map(([name]) => `${at}.${name} is missing`);
  const wrong = Object.entries(body).flatMap(([name, value]) => {
    const field = fields[name];
    const path = `${at}.${name}`;
    if (field === undefined) return [`${path} is unknown`];
    if (field.type !== undefined) return LEAVES[field.type]!(value) ? [] : [`${path} is no ${field.type}`];
    const items = Array.isArray(value) ? value : [value];
    if (field.block === 'one' && items.length !== 1) return [`${path} stands ${items.length} times`];
    return items.flatMap((each) =>
      isMembers(each) ? faultsOf(each, field.fields!, path) : [`${path} is no block`],
    );
  });
  return [...missing, ...wrong];
}

/** `ai_gateway[0].guardrails` must name a field that there is, and none that the body says. */
function faultOfIgnored(text: string, body: Members, fields: Record<string, Field>): string | undefined {
  let members: Json = body;
  let inner: Record<string, Field> | undefined = fields;
  for (const segment of text.split('.')) {
    const name = segment.replace(/\[0\]$/, '');
    const field: Field | undefined = inner?.[name];
    if (field === undefined) return `ignore_changes: there is no ${text}`;
    inner = field.fields;
    members = isMembers(members) ? members[name] : undefined;
  }
  return members === undefined ? undefined : `ignore_changes: ${text} is declared`;
}

/** Every `${...}` of a text that is not escaped. */
export function templatesIn(value: Json): string[] {
  if (typeof value === 'string')
    return [...value.replaceAll(/\$\$\{|%%\{/g, '').matchAll(/[$%]\{[^}]*\}?/g)].map(([text]) => text);
  if (typeof value !== 'object' || value === null) return [];
  return [...Object.keys(value), ...Object.values(value)].flatMap(templatesIn);
}

export function faults(document: Members): string[] {
  const found: string[] = [];
  const declared = document as {
    terraform?: { backend?: Members; required_providers?: Record<string, { version?: string }> };
    resource?: Record<string, Record<string, Members>>;
    variable?: Members;
    import?: { to: string }[];
  };
  if (Object.keys(declared.terraform?.backend ?? {}).length !== 1) found.push('no backend');
  if (!/^>= [\d.]+, < [\d.]+$/.test(declared.terraform?.required_providers?.databricks?.version ?? ''))
    found.push('the version of the provider is no range');
  const addresses = new Set<string>();
  for (const [type, labels] of Object.entries(declared.resource ?? {})) {
    const fields = (table.resources as Record<string, { fields: Record<string, Field> }>)[type]?.fields;
    for (const [label, resource] of Object.entries(labels)) {
      const at = `${type}.${label}`;
      addresses.add(at);
      if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(label)) found.push(`${at}: not a name`);
      if (fields === undefined) {
        found.push(`${type} is unknown`);
        continue;
      }
      const body = Object.fromEntries(Object.entries(resource).filter(([name]) => !META.includes(name)));
      found.push(...faultsOf(body, fields, at));
      const { ignore_changes: ignored = [], ...rest } = (resource.lifecycle ?? {}) as {
        ignore_changes?: string[];
      };
      if (Object.keys(rest).some((name) => name !== 'prevent_destroy')) found.push(`${at}: lifecycle`);
      for (const text of ignored) found.push(...[faultOfIgnored(text, body, fields) ?? []].flat());
    }
  }
  for (const { to } of declared.import ?? []) if (!addresses.has(to)) found.push(`import: no ${to}`);
  for (const text of templatesIn(declared.resource ?? {})) {
    const variable = /^\$\{var\.(\w+)\}$/.exec(text)?.[1];
    const address = /^\$\{([\w-]+\.[\w-]+)\.serving_endpoint_id\}$/.exec(text)?.[1];
    const isKnown =
      variable === undefined
        ? addresses.has(address ?? '')
        : Object.hasOwn(declared.variable ?? {}, variable);
    if (!isKnown) found.push(`${text} leads nowhere`);
  }
  return found;
}
