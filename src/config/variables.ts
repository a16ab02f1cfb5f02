// Variables: what they are worth in a target, and filling them in. One pass: a value is never read for references
// again, so no file can build one. Knows nothing of resources.
import type { Finding, Findings } from './findings';
import {
  type Entry,
  entriesOf,
  locate,
  locateKey,
  type MapNode,
  member,
  type Node,
  type Scalar,
  type ScalarNode,
  textOf,
} from './node';
import { meant } from './suggest';

const REFERENCE = /\$\$\{|\$\{([^{}]*)\}|\$\{/g;
const VARIABLE = /^var\.([A-Za-z_][A-Za-z0-9_]*)$/;

export type VariableType = 'string' | 'integer' | 'number' | 'boolean';

export interface Variable {
  readonly name: string;
  readonly holder: MapNode;
  readonly declared: Node;
  readonly type?: VariableType;
  readonly fallback?: ScalarNode;
}

/** What variables are worth in one target; those without a value are missing. */
export type Values = ReadonlyMap<string, Scalar>;

export function readVariable(name: string, holder: MapNode, declared: Node): Variable {
  const type = textOf(member(declared, 'type'));
  const fallback = member(declared, 'default');
  return {
    name,
    holder,
    declared,
    ...(isType(type) ? { type } : {}),
    ...(fallback?.kind === 'scalar' ? { fallback } : {}),
  };
}

function isType(text: string | undefined): text is VariableType {
  return text === 'string' || text === 'integer' || text === 'number' || text === 'boolean';
}

function hasType(value: Scalar, type: VariableType): boolean {
  if (type === 'integer') return Number.isSafeInteger(value);
  return typeof value === type;
}

const TYPE_WORDS = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
} as const;

/** `overrides` is what the target says, `given` what --var says; the later wins. */
export function valuesOf(
  declared: ReadonlyMap<string, Variable>,
  overrides: Node | undefined,
  given: Readonly<Record<string, string>>,
  findings: Findings,
): Values {
  const values = new Map<string, Scalar>();
  for (const variable of declared.values()) {
    const node = member(overrides, variable.name) ?? variable.fallback;
    const text = Object.hasOwn(given, variable.name) ? given[variable.name] : undefined;
    if (text !== undefined) {
      const value = readGiven(variable, text, findings);
      if (value !== undefined) values.set(variable.name, value);
    } else if (node?.kind === 'scalar' && node.value !== null) {
      values.set(variable.name, node.value);
    }
  }
  return values;
}

/** Declarations, target overrides and --var names: everything that is wrong before a value is used. */
export function checkVariables(
  declared: ReadonlyMap<string, Variable>,
  overrides: readonly Node[],
  given: Readonly<Record<string, string>>,
  findings: Findings,
): void {
  const names = [...declared.keys()];
  for (const variable of declared.values()) {
    if (variable.fallback !== undefined) checkValue(variable, variable.fallback, findings);
  }
  for (const node of overrides) {
    for (const [name, { value }] of entriesOf(node)) {
      const variable = declared.get(name);
      if (variable !== undefined) {
        checkValue(variable, value, findings);
      } else if (node.kind === 'map') {
        findings.error({ ...undeclared(name, names), at: locateKey(node, name) });
      }
    }
  }
  for (const name of Object.keys(given)) if (!declared.has(name)) findings.error(undeclared(name, names));
}

function undeclared(name: string, names: readonly string[]): Finding {
  const suggestion = meant(name, names);
  return {
    code: 'unknown-variable',
    message: `no variable is called "${name}"`,
    ...(suggestion === undefined ? {} : { label: `did you mean "${suggestion}"?` }),
    help: `Declare it under variables: { ${/^[A-Za-z_]\w*$/.test(name) ? name : 'name'}: { default: ... } }`,
  };
}

function checkValue(variable: Variable, node: Node, findings: Findings): void {
  if (node.kind !== 'scalar') return;
  if (node.refers) {
    findings.error({
      code: 'nested-variable',
      message: `the value of ${variable.name} refers to something else`,
      at: locate(node),
      help: 'A variable holds a plain value; combine several where they are used.',
    });
    return;
  }
  if (variable.type === undefined || node.value === null || hasType(node.value, variable.type)) return;
  findings.error({
    code: 'wrong-type',
    message: `${variable.name} must be ${TYPE_WORDS[variable.type]}`,
    at: locate(node),
    because: { text: 'its type is declared here', at: locateKey(variable.holder, variable.name) },
  });
}

/** Text from the command line, read as what the variable is declared to be, else as what its default is. */
function readGiven(variable: Variable, text: string, findings: Findings): Scalar | undefined {
  const usual = typeof variable.fallback?.value;
  const type = variable.type ?? (isType(usual) ? usual : 'string');
  if (type === 'string') return text;
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  const value = type === 'boolean' ? { true: true, false: false }[text] : isNumber ? Number(text) : undefined;
  if (value !== undefined && hasType(value, type)) return value;
  findings.error({
    code: 'wrong-type',
    message: `the value given for ${variable.name} is not ${TYPE_WORDS[type]}`,
    because: { text: 'its type follows from here', at: locateKey(variable.holder, variable.name) },
  });
  return undefined;
}

/** Every reference in a value, whatever the target: how it is written, and whether its variable is declared. */
export function checkReferences(
  node: Node,
  declared: ReadonlyMap<string, Variable>,
  findings: Findings,
): void {
  if (!node.refers) return;
  if (node.kind === 'list') for (const item of node.items) checkReferences(item, declared, findings);
  if (node.kind === 'map') {
    for (const [key, { value }] of node.entries) {
      if (key.includes('${')) findings.error({ ...referenceInKey, at: locateKey(node, key) });
      checkReferences(value, declared, findings);
    }
  }
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return;
  for (const match of node.value.matchAll(REFERENCE)) {
    const problem = referenceProblem(match, declared);
    if (problem !== undefined) findings.error({ ...problem, at: locate(node) });
  }
}

const referenceInKey: Finding = {
  code: 'bad-reference',
  message: 'variables stand in values, not in keys',
  help: 'Use the list form, where what the key says is a value.',
};

function referenceProblem(
  match: RegExpMatchArray,
  declared: ReadonlyMap<string, Variable>,
): Finding | undefined {
  const [whole, inner] = match;
  if (whole === '$${') return undefined;
  if (inner?.startsWith('env.')) {
    return {
      code: 'env-not-allowed',
      message: 'the environment cannot be read here',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it shows how a reference is written
      help: '${env.NAME} is for credentials alone; declare a variable and give it with --var.',
    };
  }
  const name = inner === undefined ? undefined : VARIABLE.exec(inner)?.[1];
  if (name === undefined) {
    return {
      code: 'bad-reference',
      message: inner === undefined ? '"${" is not closed' : `"${whole.slice(0, 80)}" is not a reference`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it shows how a reference is written
      help: 'Write ${var.NAME}, or $${ for the two characters themselves.',
    };
  }
  return declared.has(name) ? undefined : undeclared(name, [...declared.keys()]);
}

/** References where none may stand: the frame of the project, which is read before any variable has a value. */
export function refuseReferences(node: Node | undefined, findings: Findings): void {
  if (node === undefined || !node.refers) return;
  if (node.kind === 'scalar') {
    findings.error({
      code: 'bad-reference',
      message: 'variables cannot be used here',
      at: locate(node),
      help: 'They can be used in resources, presets and target overlays.',
    });
  } else if (node.kind === 'list') {
    for (const item of node.items) refuseReferences(item, findings);
  } else {
    for (const [key, { value }] of node.entries) {
      if (key.includes('${')) findings.error({ ...referenceInKey, at: locateKey(node, key) });
      refuseReferences(value, findings);
    }
  }
}

/**
 * The value with its variables filled in. A scalar that is one reference takes the variable's type; elsewhere the
 * variable's text is put in. What cannot be filled in is reported and stays.
 */
export function fillIn(node: Node, values: Values, target: string, findings: Findings): Node {
  if (!node.refers) return node;
  if (node.kind === 'list') {
    return {
      ...node,
      refers: false,
      items: node.items.map((item) => fillIn(item, values, target, findings)),
    };
  }
  if (node.kind === 'map') {
    const entries = new Map<string, Entry>();
    for (const [key, entry] of node.entries)
      entries.set(key, { key: entry.key, value: fillIn(entry.value, values, target, findings) });
    return { ...node, refers: false, entries };
  }
  if (typeof node.value !== 'string') return node;
  return { ...node, refers: false, value: fillText(node, node.value, values, target, findings) };
}

function fillText(
  node: ScalarNode,
  text: string,
  values: Values,
  target: string,
  findings: Findings,
): Scalar {
  const lookUp = (inner: string | undefined): Scalar | undefined => {
    const name = inner === undefined ? undefined : VARIABLE.exec(inner)?.[1];
    const value = name === undefined ? undefined : values.get(name);
    if (name !== undefined && value === undefined) {
      findings.error({
        code: 'unknown-variable',
        message: `${name} has no value${target === '' ? '' : ` in target ${target}`}`,
        at: locate(node),
        help: `Give it a default, a value under the target's variables, or --var ${name}=VALUE.`,
      });
    }
    return value;
  };
  const only = /^\$\{([^{}]*)\}$/.exec(text);
  if (only !== null) return lookUp(only[1]) ?? text;
  return text.replace(REFERENCE, (whole, inner?: string) =>
    whole === '$${' ? '${' : String(lookUp(inner) ?? whole),
  );
}
