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
import { didYouMean } from './suggest';

export const REFERENCE = /\$\$\{|\$\{([^{}]*)\}|\$\{/g;
/** A credential that is taken from the environment while applying; until then it stays as it is written. */
export const FROM_ENVIRONMENT = /^\$\{env\.([A-Za-z_][A-Za-z0-9_]*)\}$/;
export const VARIABLE = /^var\.([A-Za-z_][A-Za-z0-9_]*)$/;

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
      values.set(variable.name, readGiven(variable, text, findings));
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
        findings.error(() => ({ ...undeclared(name, names), at: locateKey(node, name) }));
      }
    }
  }
  for (const name of Object.keys(given))
    if (!declared.has(name)) findings.error(() => undeclared(name, names));
}

export function undeclared(name: string, names: readonly string[]): Finding {
  return {
    code: 'unknown-variable',
    message: `no variable is called "${name.slice(0, 80)}"`,
    ...didYouMean(name, names),
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
function readGiven(variable: Variable, text: string, findings: Findings): Scalar {
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
  // Some value of that type, so that its uses are not reported too.
  return type === 'boolean' ? false : 0;
}

/** What variables may make of all texts together, in characters: a small file must not become a large one. */
const MOST_FILLED = 64_000_000;

/** Fills in variables for one target. */
export class FillIn {
  #filled = 0;

  constructor(
    private readonly values: Values,
    private readonly target: string,
    private readonly findings: Findings,
  ) {}

  /**
   * The value with its variables filled in. A scalar that is one reference takes the variable's type; elsewhere the
   * variable's text is put in. What cannot be filled in is reported and stays.
   */
  node(node: Node): Node {
    if (!node.refers) return node;
    if (node.kind === 'list')
      return { ...node, refers: false, items: node.items.map((item) => this.node(item)) };
    if (node.kind === 'map') {
      const entries = new Map<string, Entry>();
      for (const [key, entry] of node.entries)
        entries.set(key, { key: entry.key, value: this.node(entry.value) });
      return { ...node, refers: false, entries };
    }
    if (typeof node.value !== 'string') return node;
    if (FROM_ENVIRONMENT.test(node.value)) return { ...node, refers: false };
    return { ...node, refers: false, filledIn: true, value: this.#text(node, node.value) };
  }

  #text(node: ScalarNode, text: string): Scalar {
    const only = /^\$\{([^{}]*)\}$/.exec(text);
    if (only !== null) return this.#lookUp(only[1], node) ?? text;
    const filled = text.replace(REFERENCE, (whole, inner?: string) => {
      if (whole === '$${') return '${';
      const value = String(this.#lookUp(inner, node) ?? whole);
      this.#filled += value.length;
      return this.#filled > MOST_FILLED ? '' : value;
    });
    if (this.#filled > MOST_FILLED) {
      const message = `variables make more than ${MOST_FILLED} characters of text`;
      this.findings.error(() => ({ code: 'too-large', message, at: locate(node) }));
    }
    return filled;
  }

  #lookUp(inner: string | undefined, node: Node): Scalar | undefined {
    const name = inner === undefined ? undefined : VARIABLE.exec(inner)?.[1];
    const value = name === undefined ? undefined : this.values.get(name);
    if (name !== undefined && value === undefined) {
      this.findings.error(() => ({
        code: 'unknown-variable',
        message: `${name} has no value${this.target === '' ? '' : ` in target ${this.target}`}`,
        at: locate(node),
        help: `Give it a default, a value under the target's variables, or --var ${name}=VALUE.`,
      }));
    }
    return value;
  }
}
