// Schema errors → few diagnostics, each at its place, in the words of the file: the cause, not the six lines that a
// validator says about it. Knows the shapes that the generator emits, and no kind.

import type { Finding, Findings } from './findings';
import { type Entry, locate, locateKey, type MapNode, type Node } from './node';
import { comesNext, modernSpelling, type NameHolder, SECTIONS } from './sections';
import { meant } from './suggest';
import {
  annotatedSchema,
  follow,
  type Schema,
  type SchemaError,
  schemaAt,
  type ValidatorName,
} from './validators';

/** What a schema error is about: where the value stands, and what is said there. */
interface Site {
  readonly path: readonly string[];
  readonly node: Node;
  readonly schema: Schema;
  /** Path and schema of the value around it. */
  readonly parent?: { readonly node: MapNode; readonly key: string };
}

/** `validator` is the one that found them; a definition's name where `root` is not a whole file. */
export function explain(
  errors: readonly SchemaError[],
  root: Node,
  findings: Findings,
  validator: ValidatorName,
): void {
  if (errors.length === 0) return;
  const whole = annotatedSchema(validator === 'desired' ? 'desired' : 'authoring');
  const start = whole.$defs?.[validator] === undefined ? undefined : validator;
  const top = start === undefined ? whole : (whole.$defs?.[start] ?? {});
  for (const group of byPlace(errors)) {
    const site = siteOf(group[0]!, root, whole, top);
    markBroken(site.path, root, findings);
    // Past the limit the cause is not worked out any more, only that there is one.
    const finding = findings.isFull
      ? { code: 'more-findings', message: 'more' }
      : findingFor(group, site, whole, start);
    if (finding !== undefined) findings.error(finding);
  }
}

/** One group for each value, or name of a member: its errors are one cause seen from several sides. */
function byPlace(errors: readonly SchemaError[]): SchemaError[][] {
  const groups = new Map<string, SchemaError[]>();
  for (const error of errors) {
    const name = error.propertyName ?? error.params.additionalProperty ?? '';
    const place = `${error.instancePath}\n${String(name)}\n${error.keyword === 'required' ? 'required' : ''}`;
    const group = groups.get(place);
    if (group === undefined) groups.set(place, [error]);
    else group.push(error);
  }
  return [...groups.values()];
}

function siteOf(error: SchemaError, root: Node, whole: Schema, top: Schema): Site {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  let node = root;
  let parent: Site['parent'];
  for (const segment of path) {
    const entry: Entry | undefined = node.kind === 'map' ? node.entries.get(segment) : undefined;
    const next: Node | undefined =
      entry?.value ?? (node.kind === 'list' ? node.items[Number(segment)] : undefined);
    if (next === undefined) break;
    parent = node.kind === 'map' ? { node, key: segment } : undefined;
    node = next;
  }
  return { path, node, schema: schemaAt(whole, top, path), ...(parent === undefined ? {} : { parent }) };
}

function markBroken(path: readonly string[], root: Node, findings: Findings): void {
  let node: Node | undefined = root;
  findings.markBroken(root);
  for (const segment of path) {
    node =
      node.kind === 'map'
        ? node.entries.get(segment)?.value
        : node.kind === 'list'
          ? node.items[Number(segment)]
          : undefined;
    if (node === undefined) return;
    findings.markBroken(node);
  }
}

function findingFor(
  group: readonly SchemaError[],
  site: Site,
  whole: Schema,
  start?: string,
): Finding | undefined {
  const by = (keyword: string) => group.find((error) => error.keyword === keyword);
  const named = group.find((error) => error.propertyName !== undefined);
  if (named !== undefined) return badKey(named, site, whole);
  const unknown = by('additionalProperties');
  if (unknown !== undefined)
    return unknownField(String(unknown.params.additionalProperty), site, whole, start);
  const type = by('type');
  const reference = group.some(
    (error) => error.keyword === 'pattern' && isReferencePattern(error.params.pattern),
  );
  if (by('enum') !== undefined)
    return type !== undefined || isContainer(site.node) ? wrongType(site) : unknownValue(site);
  if (by('const') !== undefined) return unknownValue(site);
  if (type !== undefined) return wrongType(site);
  const limit = by('minimum') ?? by('maximum');
  if (limit !== undefined) return outOfRange(limit, site);
  const own = group.find((error) => error.keyword === 'pattern' && !isReferencePattern(error.params.pattern));
  if (own !== undefined) return badValue(site, `must be ${says(site.schema)}`);
  if (by('minLength') !== undefined) return badValue(site, 'must not be empty');
  if (by('maxLength') !== undefined)
    return badValue(site, `is longer than ${by('maxLength')?.params.limit} characters`);
  if (by('minItems') !== undefined) return badValue(site, 'must not be empty');
  if (by('maxItems') !== undefined)
    return badValue(site, `has more than ${by('maxItems')?.params.limit} items`);
  const required = group.filter((error) => error.keyword === 'required');
  if (required.length > 0) return missingField(required, site);
  if (by('minProperties') !== undefined) return missingMember(site);
  if (reference) return wrongType(site);
  if (by('oneOf') !== undefined) return badValue(site, 'says both or neither of what excludes each other');
  // `if`, `anyOf` and `propertyNames` only repeat what another error of the same value has said.
  return undefined;
}

const isContainer = (node: Node) => node.kind !== 'scalar';
const isReferencePattern = (pattern: unknown) => typeof pattern === 'string' && pattern.includes('\\$\\{');

function says(schema: Schema): string {
  const own = [schema, ...(schema.anyOf ?? [])].find((each) => each['x-says'] !== undefined);
  return own?.['x-says'] ?? 'written differently';
}

/** How the value is called in a sentence: its key, or its number in a list. */
function nameOf(site: Site): string {
  const last = site.path.at(-1);
  if (last === undefined) return 'the file';
  return site.parent === undefined ? `item ${Number(last) + 1} of ${site.path.at(-2) ?? 'the list'}` : last;
}

function holderOf(site: Site, start: string | undefined): NameHolder | undefined {
  const isSection = (name: string | undefined) => SECTIONS.some(({ kind }) => kind === name);
  const { path } = site;
  if (start !== undefined) return path.length === 0 ? 'entry' : undefined;
  if (path.length === 0) return 'file';
  if (path.length === 2 && path[0] === 'targets') return 'target';
  if (path.length === 2 && (path[0] === 'presets' || isSection(path[0]))) return 'entry';
  return path.length === 4 && path[0] === 'targets' && isSection(path[2]) ? 'entry' : undefined;
}

function unknownField(name: string, site: Site, whole: Schema, start?: string): Finding | undefined {
  if (site.node.kind !== 'map') return undefined;
  const at = locateKey(site.node, name);
  const holder = holderOf(site, start);
  const value = site.node.entries.get(name)?.value;
  const inGateway = Object.keys(whole.$defs?.ai_gateway?.properties ?? {});
  const modern = holder === 'entry' ? modernSpelling(name) : undefined;
  if (modern !== undefined) {
    return {
      code: 'deprecated-field',
      message: `${name} is an old field of the API`,
      at,
      label: `write ${modern}`,
      help: `Move it to ${modern}.`,
    };
  }
  if (holder !== undefined && comesNext(holder, name)) {
    const misplaced =
      value?.kind === 'map' ? [...value.entries.keys()].find((key) => inGateway.includes(key)) : undefined;
    if (misplaced !== undefined && value?.kind === 'map')
      return belongsToGateway(misplaced, name, locateKey(value, misplaced));
    return {
      code: 'comes-next',
      message: `${name} is not supported yet`,
      at,
      help: 'Leave it out: what the file does not name is left as it is.',
    };
  }
  if (holder === 'entry' && inGateway.includes(name)) return belongsToGateway(name, nameOf(site), at);
  const known = Object.keys(site.schema.properties ?? {});
  const suggestion = meant(name, known);
  return {
    code: 'unknown-field',
    message: `"${name}" is not a field of ${nameOf(site)}`,
    at,
    ...(suggestion === undefined ? {} : { label: `did you mean "${suggestion}"?` }),
    because: { text: `the fields here are ${known.join(', ')}` },
  };
}

function belongsToGateway(name: string, holder: string, at: Finding['at']): Finding {
  return {
    code: 'misplaced-field',
    message: `"${name}" is not a field of ${holder}`,
    ...(at === undefined ? {} : { at }),
    label: 'belongs under ai_gateway',
    help: `Move it: ai_gateway: { ${name}: ... }`,
  };
}

function badKey(error: SchemaError, site: Site, whole: Schema): Finding | undefined {
  if (site.node.kind !== 'map') return undefined;
  const name = error.propertyName ?? '';
  const rule = follow(whole, site.schema.propertyNames ?? {});
  return {
    code: 'bad-key',
    message: `"${name.slice(0, 80)}" cannot be a key of ${nameOf(site)}`,
    at: locateKey(site.node, name),
    label: `must be ${rule['x-says'] ?? 'written differently'}`,
  };
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
  null: 'null',
};

function kindOfNode(node: Node): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return 'a list';
  if (node.value === null) return 'null';
  if (typeof node.value === 'string') return 'text';
  return typeof node.value === 'boolean' ? 'true or false' : 'a number';
}

/** What a value may be, references aside. */
function expected(schema: Schema): string {
  const choice = choices(schema);
  if (choice.length > 0) return `one of ${choice.join(', ')}`;
  const types = [schema.type ?? []].flat();
  const own = isReferencePattern(schema.pattern) ? types.filter((type) => type !== 'string') : types;
  return own.map((type) => WORDS[type] ?? type).join(' or ') || 'something else';
}

function choices(schema: Schema): string[] {
  const all = [schema, ...(schema.anyOf ?? [])].flatMap((each) => each.enum ?? []);
  return all.filter((value): value is string => typeof value === 'string');
}

function wrongType(site: Site): Finding {
  const at = locate(site.node);
  const name = nameOf(site);
  if (site.node.kind === 'scalar' && site.node.value === null) {
    return {
      code: 'wrong-type',
      message: `${name} cannot be null`,
      at,
      label: `must be ${expected(site.schema)}`,
      help: 'null removes a setting, and this one cannot be removed; delete the line to leave it as it is.',
    };
  }
  return {
    code: 'wrong-type',
    message: `${name} must be ${expected(site.schema)}, not ${kindOfNode(site.node)}`,
    at,
    ...(quoting(site) ?? {}),
  };
}

function quoting(site: Site): { label: string } | undefined {
  if (site.node.kind !== 'scalar') return undefined;
  const { value } = site.node;
  const types = [site.schema.type ?? []].flat();
  const wantsNumber = types.includes('integer') || types.includes('number');
  if (typeof value === 'string' && wantsNumber && /^\d+$/.test(value))
    return { label: `write ${value} without quotes` };
  if (typeof value === 'string' && types.includes('boolean')) {
    const spoken = {
      yes: 'true',
      on: 'true',
      y: 'true',
      true: 'true',
      no: 'false',
      off: 'false',
      n: 'false',
      false: 'false',
    };
    const word = spoken[value.toLowerCase() as keyof typeof spoken];
    if (word !== undefined) return { label: `write ${word}` };
  }
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  return isPlain && types.includes('string') ? { label: `write "${value}" in quotes` } : undefined;
}

function unknownValue(site: Site): Finding {
  const written = site.node.kind === 'scalar' ? String(site.node.value) : '';
  const words = choices(site.schema);
  const suggestion = meant(written, words, site.path.at(-1));
  return {
    code: 'unknown-value',
    message: `"${written.slice(0, 80)}" is not a value of ${nameOf(site)}`,
    at: locate(site.node),
    ...(suggestion === undefined ? {} : { label: `did you mean "${suggestion}"?` }),
    because: { text: `the values are ${words.join(', ')}` },
  };
}

function outOfRange(error: SchemaError, site: Site): Finding {
  const least = error.keyword === 'minimum';
  const limit = Number(error.params.limit);
  return badValue(
    site,
    least && limit === 0 ? 'must not be negative' : `must be ${least ? 'at least' : 'at most'} ${limit}`,
  );
}

function badValue(site: Site, problem: string): Finding {
  return { code: 'bad-value', message: `${nameOf(site)} ${problem}`, at: locate(site.node) };
}

function missingField(errors: readonly SchemaError[], site: Site): Finding {
  const names = [...new Set(errors.map((error) => String(error.params.missingProperty)))];
  const alternatives = errors.every((error) => /\/(?:anyOf|oneOf)\//.test(error.schemaPath));
  return missing(names.join(alternatives ? ' or ' : ' and '), site);
}

function missingMember(site: Site): Finding {
  return missing(Object.keys(site.schema.properties ?? {}).join(' or '), site);
}

function missing(what: string, site: Site): Finding {
  const at = site.parent === undefined ? locate(site.node) : locateKey(site.parent.node, site.parent.key);
  return { code: 'missing-field', message: `${nameOf(site)} needs ${what}`, at };
}
