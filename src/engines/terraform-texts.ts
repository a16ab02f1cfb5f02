// Texts of Terraform's JSON, which are templates: what they come to without Terraform, in our spelling. Literals, variables,
// locals with a literal value, and attributes that the same file gives; anything else is for Terraform alone.
// https://developer.hashicorp.com/terraform/language/expressions/strings
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import type { Leaf } from './shape';
import type { TakenVariable, Texts } from './take';

type Answer = { readonly text: string } | { readonly reason: string };

const VARIABLE = /^var\.([A-Za-z_][A-Za-z0-9_]*)$/;
const LOCAL = /^local\.([A-Za-z_][A-Za-z0-9_-]*)$/;
const ATTRIBUTE = /^([a-z][a-z0-9_]*)\.([A-Za-z_][A-Za-z0-9_-]*)\.([a-z_]+)$/;
const MOST_STEPS = 8;

/** Values that were answered are no templates. */
export const ANSWERED: Texts = { ours: (value) => ({ text: escaped(value) }) };

const escaped = (text: string) => text.replaceAll('${', () => '$${');

export class TerraformTexts implements Texts {
  readonly used = new Map<string, TakenVariable>();

  constructor(private readonly root: JsonObject) {}

  ours(value: string, path: readonly string[], leaf: Leaf): Answer {
    const parts = partsOf(value);
    const alone = parts.length === 1 && parts[0]?.isExpression === true ? parts[0].text : undefined;
    const variable = VARIABLE.exec(alone ?? '')?.[1];
    if (variable !== undefined && path.at(-1)?.endsWith('_plaintext') === true)
      return { text: `\${env.${variable}}` };
    return this.#join(parts, alone === undefined ? undefined : leaf, 0);
  }

  /** The whole text of an attribute as it stands in the file, for what refers to it. */
  addressIn(value: Json | undefined): string | undefined {
    const parts = typeof value === 'string' ? partsOf(value) : [];
    return parts.length === 1 && parts[0]?.isExpression === true ? parts[0].text : undefined;
  }

  #join(parts: readonly Part[], leaf: Leaf | undefined, steps: number): Answer {
    let text = '';
    for (const part of parts) {
      const said = part.isExpression
        ? this.#expression(part.text, leaf, steps)
        : { text: escaped(part.text) };
      if ('reason' in said) return said;
      text += said.text;
    }
    return { text };
  }

  #expression(expression: string, leaf: Leaf | undefined, steps: number): Answer {
    const unknown = {
      reason: `\${${expression.slice(0, 60)}} is an expression, which only Terraform can work out`,
    };
    if (steps > MOST_STEPS) return unknown;
    const variable = VARIABLE.exec(expression)?.[1];
    if (variable !== undefined) return this.#use(variable, leaf);
    const local = LOCAL.exec(expression)?.[1];
    if (local !== undefined)
      return this.#literal(memberOf(blockOf(this.root.locals), local), steps) ?? unknown;
    const [, type = '', label = '', attribute = ''] = ATTRIBUTE.exec(expression) ?? [];
    const resource = blockOf(memberOf(blockOf(memberOf(this.root.resource, type)), label));
    if (type === 'databricks_secret' && attribute === 'config_reference') {
      const scope = this.#literal(memberOf(resource, 'scope'), steps);
      const key = this.#literal(memberOf(resource, 'key'), steps);
      if (scope === undefined || key === undefined || 'reason' in scope || 'reason' in key) return unknown;
      return { text: `{{secrets/${scope.text}/${key.text}}}` };
    }
    const isScope = type === 'databricks_secret_scope' && attribute === 'id';
    return this.#literal(memberOf(resource, isScope ? 'name' : attribute), steps) ?? unknown;
  }

  #literal(value: Json | undefined, steps: number): Answer | undefined {
    if (typeof value === 'string') return this.#join(partsOf(value), undefined, steps + 1);
    return typeof value === 'number' || typeof value === 'boolean' ? { text: String(value) } : undefined;
  }

  #use(name: string, leaf: Leaf | undefined): Answer {
    const declared = blockOf(memberOf(this.root.variable, name));
    const fallback = memberOf(declared, 'default');
    const plain = typeof fallback === 'string' ? plainOf(fallback) : fallback;
    const isScalar = ['string', 'number', 'boolean'].includes(typeof plain);
    const type = leaf?.type === 'number' ? 'integer' : leaf?.type === 'bool' ? 'boolean' : undefined;
    const before = this.used.get(name);
    this.used.set(name, {
      ...before,
      name,
      ...(type === undefined ? {} : { type }),
      ...(isScalar && memberOf(declared, 'sensitive') !== true ? { fallback: plain as string } : {}),
    });
    return { text: `\${var.${name}}` };
  }
}

interface Part {
  readonly isExpression: boolean;
  readonly text: string;
}

/** Literals and the insides of `${...}`; a directive `%{...}` is an expression too. */
function partsOf(template: string): Part[] {
  const parts: Part[] = [];
  let literal = '';
  for (let at = 0; at < template.length; ) {
    const three = template.slice(at, at + 3);
    if (three === '$${' || three === '%%{') {
      literal += three.slice(1);
      at += 3;
    } else if (three.startsWith('${') || three.startsWith('%{')) {
      const end = closing(template, at + 2);
      if (literal !== '') parts.push({ isExpression: false, text: literal });
      literal = '';
      const inner = template.slice(at + 2, end).trim();
      parts.push({ isExpression: true, text: three.startsWith('$') ? inner : `%{${inner}}` });
      at = end + 1;
    } else {
      literal += template[at];
      at += 1;
    }
  }
  return literal === '' && parts.length > 0 ? parts : [...parts, { isExpression: false, text: literal }];
}

/** The brace that closes an expression; braces nest, and those in quotes do not count. */
function closing(template: string, from: number): number {
  let depth = 1;
  let quoted = false;
  for (let at = from; at < template.length; at += 1) {
    const character = template[at];
    if (character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === '{') depth += 1;
    else if (!quoted && character === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return template.length;
}

function plainOf(template: string): string | undefined {
  const [only, ...others] = partsOf(template);
  return others.length === 0 && only?.isExpression === false ? only.text : undefined;
}

/** In JSON a block may stand as itself or as a list of blocks. */
export function blockOf(value: Json | undefined): JsonObject | undefined {
  const [only] = isList(value) ? value : [value];
  return isObject(only) ? only : undefined;
}

export function memberOf(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
