// Values that a schema refuses: the wrong type, not one of the words, out of range, or something missing in them.
// A value that may be a credential is never repeated.
import { nameOf, type Site } from './explain-site';
import type { Finding } from './findings';
import { otherSideValue, whyNotNull } from './known-names';
import { locate, locateKey, type Node } from './node';
import { didYouMean } from './suggest';
import type { Schema, SchemaError } from './validators';

/** The errors of one value, most telling first; `if`, `anyOf` and `propertyNames` only repeat what others say. */
export function explainValue(group: readonly SchemaError[], site: Site): Finding[] {
  const secret = site.schema['x-secret'];
  if (secret !== undefined && !isNull(site.node)) return [badSecret(site, secret)];
  const by = (keyword: string) => group.find((error) => error.keyword === keyword);
  const patterns = group.filter((error) => error.keyword === 'pattern');
  if (by('enum') !== undefined || by('const') !== undefined) {
    return [by('type') !== undefined || site.node.kind !== 'scalar' ? wrongType(site) : unknownValue(site)];
  }
  if (by('type') !== undefined) return [wrongType(site)];
  const said = limitSaid(group, site);
  if (said !== undefined) return [badValue(site, said)];
  if (patterns.some((error) => !isReferencePattern(error.params.pattern))) {
    return [badValue(site, `must be ${says(site.schema)}`)];
  }
  const twice = by('oneOf')?.params.passingSchemas;
  if (Array.isArray(twice)) return [badValue(site, `says both ${bothOf(twice, site)}`)];
  const required = group.filter((error) => error.keyword === 'required');
  if (required.length > 0) return missingFields(required, site);
  if (by('minProperties') !== undefined)
    return [missing(Object.keys(site.schema.properties ?? {}), ' or ', site)];
  // What is left is text where a reference would have been the only text.
  return patterns.length > 0 ? [wrongType(site)] : [];
}

/** Members of which only one may be there. */
function bothOf(passing: readonly unknown[], { schema }: Site): string {
  const names = passing.flatMap((index) => schema.oneOf?.[Number(index)]?.required ?? []);
  return names.length > 0 ? names.join(' and ') : 'of what excludes each other';
}

const isNull = (node: Node) => node.kind === 'scalar' && node.value === null;

/** The credential of a service in one of its two forms; others end in `_plaintext` and have a field beside them. */
const OF_SERVICE = 'plaintext';

const SECRET_HELP = {
  reference: 'Put it into a secret scope and write {{secrets/SCOPE/KEY}} here.',
  resolved: 'Write ${env.NAME} and set NAME where this is applied, or use the field without _plaintext.',
  ofService:
    'Write ${env.NAME} and set NAME where this is applied, or use secret_reference: { name: secrets/CATALOG.SCHEMA.NAME }.',
};

const SECRET_FORMS =
  'Write { secret_reference: { name: secrets/CATALOG.SCHEMA.NAME } }, or { plaintext: "${env.NAME}" }.';

/** Says nothing of the value: also what is no credential by its looks may be one. */
function badSecret(site: Site, secret: 'reference' | 'resolved'): Finding {
  const value = site.node.kind === 'scalar' ? site.node.value : '';
  const isReference = typeof value === 'string' && /^(\{\{|\$\{|$)/.test(value);
  const filled = site.node.kind === 'scalar' && site.node.filledIn === true;
  return {
    code: isReference || site.node.kind !== 'scalar' ? 'bad-value' : 'literal-credential',
    message: isReference
      ? `${nameOf(site)} must be ${says(site.schema)}`
      : `${nameOf(site)} holds a literal credential${filled ? ', with its variables filled in' : ''}`,
    at: locate(site.node),
    help: SECRET_HELP[site.path.at(-1) === OF_SERVICE ? 'ofService' : secret],
  };
}

const LIMITS: Readonly<Record<string, (limit: number) => string>> = {
  minimum: (limit) => (limit === 0 ? 'must not be negative' : `must be at least ${limit}`),
  maximum: (limit) => `must be at most ${limit}`,
  minLength: () => 'must not be empty',
  maxLength: (limit) => `is longer than ${limit} characters`,
  minItems: () => 'must not be empty',
  maxItems: (limit) => `has more than ${limit} items`,
};

function limitSaid(group: readonly SchemaError[], site: Site): string | undefined {
  const error = group.find(({ keyword }) => Object.hasOwn(LIMITS, keyword));
  if (error === undefined) return undefined;
  // A pattern that explains itself says more than a length.
  if (error.keyword.endsWith('Length') && says(site.schema) !== UNSAID) return undefined;
  return LIMITS[error.keyword]?.(Number(error.params.limit));
}

const isReferencePattern = (pattern: unknown) => typeof pattern === 'string' && pattern.includes('\\$\\{');

const UNSAID = 'written differently';

function says(schema: Schema): string {
  const own = [schema, ...(schema.anyOf ?? [])].find((each) => each['x-says'] !== undefined);
  return own?.['x-says'] ?? UNSAID;
}

/** What variables made of it, since the file shows only their names. */
function becauseOf(node: Node): Pick<Finding, 'because'> {
  if (node.kind !== 'scalar' || !node.filledIn) return {};
  return {
    because: { text: `with its variables filled in it is ${JSON.stringify(node.value).slice(0, 80)}` },
  };
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
};

function kindOfNode(node: Node): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return 'a list';
  if (typeof node.value === 'string') return 'text';
  if (typeof node.value === 'number') return Number.isInteger(node.value) ? 'a number' : 'a fraction';
  return String(node.value);
}

/** The types that a value may have; a reference and null go without saying. */
function expectedTypes(schema: Schema): string[] {
  const types = [schema.type ?? []].flat().filter((type) => type !== 'null');
  return isReferencePattern(schema.pattern) ? types.filter((type) => type !== 'string') : types;
}

function expected(schema: Schema): string {
  const choice = choices(schema);
  if (choice.length > 0) return `one of ${choice.join(', ')}`;
  return (
    expectedTypes(schema)
      .map((type) => WORDS[type] ?? type)
      .join(' or ') || 'something else'
  );
}

function choices(schema: Schema): string[] {
  const all = [schema, ...(schema.anyOf ?? [])].flatMap((each) => each.enum ?? each.const ?? []);
  return all.filter((value): value is string => typeof value === 'string');
}

function wrongType(site: Site): Finding {
  const at = locate(site.node);
  const name = nameOf(site);
  if (isNull(site.node)) {
    const why = whyNotNull(site.path);
    return {
      code: 'wrong-type',
      message: `${name} cannot be null`,
      at,
      label: `must be ${expected(site.schema)}`,
      ...(why === undefined ? {} : { because: { text: why } }),
      help: 'null removes a setting, and this one cannot be removed; delete the line to leave it as it is.',
    };
  }
  const label = rewritten(site);
  const message = `${name} must be ${expected(site.schema)}, not ${kindOfNode(site.node)}`;
  return {
    code: 'wrong-type',
    message,
    at,
    ...(label === undefined ? {} : { label }),
    ...becauseOf(site.node),
    ...(Object.hasOwn(site.schema.properties ?? {}, OF_SERVICE) ? { help: SECRET_FORMS } : {}),
  };
}

/** Words for true and false that YAML 1.2 reads as text. */
const SPOKEN: Readonly<Record<string, string>> = {
  yes: 'true',
  on: 'true',
  y: 'true',
  true: 'true',
  no: 'false',
  off: 'false',
  n: 'false',
  false: 'false',
};

/** How the same thing is written with the right type. */
function rewritten(site: Site): string | undefined {
  if (site.node.kind !== 'scalar' || site.node.filledIn) return undefined;
  const { value } = site.node;
  const types = expectedTypes(site.schema);
  const wantsNumber = types.includes('integer') || types.includes('number');
  if (typeof value === 'string' && wantsNumber && /^\d{1,15}$/.test(value))
    return `write ${value} without quotes`;
  if (typeof value === 'string' && types.includes('boolean')) {
    const word = Object.hasOwn(SPOKEN, value.toLowerCase()) ? SPOKEN[value.toLowerCase()] : undefined;
    return word === undefined ? undefined : `write ${word}`;
  }
  const isBare = typeof value === 'number' || typeof value === 'boolean';
  return isBare && types.includes('string') ? `write "${value}" in quotes` : undefined;
}

function unknownValue(site: Site): Finding {
  const written = site.node.kind === 'scalar' ? String(site.node.value) : '';
  const words = choices(site.schema);
  const otherSide = otherSideValue(site.path.at(-1), written);
  const text = words.length === 1 ? `the only value is ${words[0]}` : `the values are ${words.join(', ')}`;
  return {
    code: 'unknown-value',
    message: `"${written.slice(0, 80)}" is not a value of ${nameOf(site)}`,
    at: locate(site.node),
    ...didYouMean(written, words, site.path.at(-1)),
    because: { text },
    ...(otherSide === undefined ? {} : { help: otherSide }),
  };
}

function badValue(site: Site, problem: string): Finding {
  const message = `${nameOf(site)} ${problem}`;
  return { code: 'bad-value', message, at: locate(site.node), ...becauseOf(site.node) };
}

/** Alternatives of which one is needed are one finding, as are several names that are all needed. */
function missingFields(errors: readonly SchemaError[], site: Site): Finding[] {
  const isAlternative = (error: SchemaError) => /\/(?:anyOf|oneOf)\//.test(error.schemaPath);
  const names = (some: readonly SchemaError[]) => [
    ...new Set(some.map((error) => String(error.params.missingProperty))),
  ];
  const needed = names(errors.filter((error) => !isAlternative(error)));
  const either = names(errors.filter(isAlternative));
  if (needed.length > 0) return [missing(needed, ' and ', site)];
  return [missing(either, ' or ', site)];
}

function missing(names: readonly string[], joined: string, site: Site): Finding {
  const at = site.parent === undefined ? locate(site.node) : locateKey(site.parent.node, site.parent.key);
  return { code: 'missing-field', message: `${nameOf(site)} needs ${names.join(joined)}`, at };
}
