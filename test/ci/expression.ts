// The part of the expressions of GitHub Actions that our files use: contexts, ==, !=, &&, ||, !, and the status functions.
// Anything else is an error, so that a file cannot come to say more than is tested.
// https://docs.github.com/en/actions/reference/workflows-and-actions/expressions

export interface Scope {
  readonly contexts: Readonly<Record<string, unknown>>;
  /** Whether all before it went well. */
  readonly success: boolean;
  readonly cancelled?: boolean;
}

const TOKEN = /\s*(?:'((?:[^']|'')*)'|([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)(\(\))?|(==|!=|&&|\|\||[!()]))/y;

type Value = unknown;

export function evaluate(text: string, scope: Scope): Value {
  const tokens: { readonly kind: 'text' | 'name' | 'call' | 'sign'; readonly is: string }[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) throw new Error(`no expression: ${text.slice(at)}`);
    const [, quoted, name, call, sign] = found;
    if (quoted !== undefined) tokens.push({ kind: 'text', is: quoted.replaceAll("''", "'") });
    else if (name !== undefined) tokens.push({ kind: call === undefined ? 'name' : 'call', is: name });
    else tokens.push({ kind: 'sign', is: sign ?? '' });
  }
  let next = 0;
  const take = (sign: string) => {
    const hit = tokens[next]?.kind === 'sign' && tokens[next]?.is === sign;
    if (hit) next++;
    return hit;
  };
  const single = (): Value => {
    if (take('!')) return !truthy(single());
    if (take('(')) {
      const inside = or();
      if (!take(')')) throw new Error(`) is missing: ${text}`);
      return inside;
    }
    const token = tokens[next++];
    if (token?.kind === 'text') return token.is;
    if (token?.kind === 'call') return status(token.is, scope);
    if (token?.kind === 'name') return lookUp(token.is, scope);
    throw new Error(`no expression: ${text}`);
  };
  const equal = (): Value => {
    const left = single();
    if (take('==')) return same(left, single());
    if (take('!=')) return !same(left, single());
    return left;
  };
  const and = (): Value => {
    let left = equal();
    while (take('&&')) {
      const right = equal();
      left = truthy(left) ? right : left;
    }
    return left;
  };
  const or = (): Value => {
    let left = and();
    while (take('||')) {
      const right = and();
      left = truthy(left) ? left : right;
    }
    return left;
  };
  const value = or();
  if (next !== tokens.length) throw new Error(`more than an expression: ${text}`);
  return value;
}

/** Of an `if`: what says nothing of status asks for success. */
export function holds(condition: unknown, scope: Scope): boolean {
  if (condition === undefined) return scope.success;
  const text = String(condition)
    .trim()
    .replace(/^\$\{\{([\s\S]*)\}\}$/, '$1');
  const asks = /\b(success|failure|cancelled|always)\(\)/.test(text);
  return (asks || scope.success) && truthy(evaluate(text, scope));
}

export function filled(text: string, scope: Scope): string {
  return text.replace(/\$\{\{([\s\S]*?)\}\}/g, (_, inside: string) => String(evaluate(inside, scope) ?? ''));
}

function truthy(value: Value): boolean {
  return value !== '' && value !== undefined && value !== null && value !== false && value !== 0;
}

function same(a: Value, b: Value): boolean {
  return String(a ?? '') === String(b ?? '');
}

function status(name: string, { success, cancelled = false }: Scope): boolean {
  const known: Record<string, boolean> = {
    success: success && !cancelled,
    failure: !success && !cancelled,
    cancelled,
    always: true,
  };
  if (!(name in known)) throw new Error(`${name}() is not known here`);
  return known[name] ?? false;
}

function lookUp(path: string, { contexts }: Scope): Value {
  const [first = '', ...rest] = path.split('.');
  if (!(first in contexts)) throw new Error(`there is no context ${first}`);
  return rest.reduce<Value>(
    (value, name) => (value as Record<string, Value> | undefined)?.[name],
    contexts[first],
  );
}
