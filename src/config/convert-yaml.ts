// The library's YAML tree → our nodes: plain values with places, maps without prototypes or repeated keys. Everything
// is looked at once: the library's own check for repeated keys is quadratic.
import type { Alias, Pair, YAMLMap, YAMLSeq, Node as YamlNode, Scalar as YamlScalar } from 'yaml';
import { isAlias, isMap, isScalar } from 'yaml';
import { forbiddenCharacter } from './decode';
import type { Findings } from './findings';
import type { Entry, ListNode, MapNode, Node, ScalarNode } from './node';
import type { ReadOptions } from './read-yaml';
import type { SourceText, Span } from './source-text';

/** What aliases may add to a file when they are read where they are used. */
const MOST_REPEATED = 100_000;

/** Names through which objects reach their prototypes. */
export const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

export const LONE_SURROGATE = /[\uD800-\uDFFF]/u;

export class ConvertYaml {
  readonly #anchors = new Map<string, Node>();
  #repeated = 0;

  constructor(
    private readonly source: SourceText,
    private readonly findings: Findings,
    private readonly options: ReadOptions,
  ) {}

  root(contents: unknown): Node | undefined {
    // A document of comments alone has an empty value.
    if (isBlank(contents)) return undefined;
    return this.#node(contents, this.#spanOf(contents), true);
  }

  #node(yaml: unknown, fallback: Span, isTop: boolean): Node {
    if (isAlias(yaml)) return this.#alias(yaml);
    const node = isMap(yaml)
      ? this.#map(yaml, isTop)
      : isScalar(yaml) || yaml === null || yaml === undefined
        ? this.#scalar(yaml as YamlScalar | null, fallback)
        : this.#list(yaml as YAMLSeq);
    const anchor = (yaml as (YamlNode & { anchor?: string }) | null)?.anchor;
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    return node;
  }

  #alias(alias: Alias): Node {
    const span = this.#spanOf(alias);
    const target = this.#anchors.get(alias.source);
    if (target === undefined) {
      this.#refuse('unsupported-yaml', `no finished value is called "${alias.source}" before this`, span);
      return this.#nothing(span);
    }
    this.#repeated += target.size;
    if (this.#repeated <= MOST_REPEATED) return target;
    this.#refuse('too-large', `aliases repeat more than ${MOST_REPEATED} values`, span);
    return this.#nothing(span);
  }

  #map(map: YAMLMap, isTop: boolean): MapNode {
    const entries = new Map<string, Entry>();
    let refers = false;
    let size = 1;
    for (const pair of map.items as Pair[]) {
      const span = this.#spanOf(pair.key, this.#spanOf(map));
      const key = this.#key(pair.key, span);
      if (isTop && key !== undefined && this.options.mayBeBlank?.has(key) && isBlank(pair.value)) continue;
      const value = this.#node(pair.value, span, false);
      if (key === undefined || !this.#keyAllowed(key, span, entries)) continue;
      entries.set(key, { key: span, value });
      refers ||= value.refers || this.#refers(key);
      size += value.size;
    }
    return { kind: 'map', entries, refers, size, source: this.source, ...this.#spanOf(map) };
  }

  #key(key: unknown, span: Span): string | undefined {
    if (!isScalar(key)) {
      const help = isMap(key) ? 'YAML reads {{...}} as maps: put it in quotes.' : undefined;
      this.#refuse('unsupported-yaml', 'a key must be plain text', span, help);
      return undefined;
    }
    const text = typeof key.value === 'string' ? key.value : (key.source ?? '');
    if (text === '' && key.type === 'PLAIN') {
      this.#refuse('unsupported-yaml', 'a key is missing before ":"', span);
      return undefined;
    }
    if (text === '<<' && key.type === 'PLAIN') {
      this.#refuse(
        'unsupported-yaml',
        'merge keys are not supported',
        span,
        'Use presets for what entries share.',
      );
      return undefined;
    }
    this.#checkText(text, key, span);
    return text;
  }

  #keyAllowed(key: string, span: Span, entries: ReadonlyMap<string, Entry>): boolean {
    if (FORBIDDEN_KEYS.has(key)) {
      this.#refuse('forbidden-key', `"${key}" cannot be a key`, span);
      return false;
    }
    const first = entries.get(key);
    if (first === undefined) return true;
    this.findings.error(() => ({
      code: 'duplicate-key',
      message: `"${key.slice(0, 80)}" stands twice in the same map`,
      at: this.source.location(span),
      because: { text: 'first written here', at: this.source.location(first.key) },
      help: 'Remove one of them, or put what both hold into one.',
    }));
    return false;
  }

  #list(list: YAMLSeq): ListNode {
    const items: Node[] = [];
    let refers = false;
    let size = 1;
    const span = this.#spanOf(list);
    for (const each of list.items) {
      const item = this.#node(each, this.#spanOf(each, span), false);
      items.push(item);
      refers ||= item.refers;
      size += item.size;
    }
    return { kind: 'list', items, refers, size, source: this.source, ...span };
  }

  #scalar(scalar: YamlScalar | null, fallback: Span): ScalarNode {
    if (scalar === null || isBlank(scalar)) return this.#blank(fallback);
    const span = this.#spanOf(scalar, fallback);
    const { value } = scalar;
    if (typeof value === 'string') {
      this.#checkText(value, scalar, span);
      return { kind: 'scalar', value, refers: this.#refers(value), size: 1, source: this.source, ...span };
    }
    if (typeof value === 'number') return this.#number(value, scalar, span);
    const known = typeof value === 'boolean' ? value : null;
    return { kind: 'scalar', value: known, refers: false, size: 1, source: this.source, ...span };
  }

  /** `rate_limits:` with nothing after it reads as null, and null removes: that has to be written. */
  #blank(span: Span): ScalarNode {
    const help = 'Write null to remove the setting, or delete the line.';
    this.#refuse('empty-value', 'nothing stands here', span, help);
    return this.#nothing(span);
  }

  #number(value: number, scalar: YamlScalar, span: Span): ScalarNode {
    const shown = scalar.source ?? String(value);
    if (!Number.isFinite(value))
      this.#refuse('unsupported-yaml', `${shown} is not a number that JSON knows`, span);
    else if (Number.isInteger(value) && !Number.isSafeInteger(value))
      this.#refuse(
        'unsafe-integer',
        `${shown} is too large to be kept exactly`,
        span,
        'Write it in quotes if it is a name.',
      );
    // -0 and 0 are one number on the wire.
    return {
      kind: 'scalar',
      value: value === 0 ? 0 : value,
      refers: false,
      size: 1,
      source: this.source,
      ...span,
    };
  }

  #checkText(text: string, scalar: YamlScalar, span: Span): void {
    // Elsewhere the file's own check has seen every character; escapes are decoded only in double quotes.
    if (scalar.type !== 'QUOTE_DOUBLE') return;
    const forbidden = forbiddenCharacter(text);
    if (forbidden !== undefined)
      this.#refuse('forbidden-character', `this text holds ${forbidden.name}`, span);
    else if (LONE_SURROGATE.test(text))
      this.#refuse('forbidden-character', 'this text holds half a character', span);
  }

  #nothing(span: Span): ScalarNode {
    return { kind: 'scalar', value: null, refers: false, size: 1, source: this.source, ...span };
  }

  #refers(text: string): boolean {
    return !this.options.literal && text.includes('${');
  }

  #refuse(code: string, message: string, span: Span, help?: string): void {
    this.findings.error(() => ({
      code,
      message,
      at: this.source.location(span),
      ...(help === undefined ? {} : { help }),
    }));
  }

  #spanOf(yaml: unknown, fallback: Span = { start: 0, end: 1 }): Span {
    const range = (yaml as { range?: [number, number, number] | null } | null)?.range;
    return range ? { start: range[0], end: Math.max(range[1], range[0]) } : fallback;
  }
}

function isBlank(yaml: unknown): boolean {
  return yaml === null || (isScalar(yaml) && yaml.source === '' && yaml.type === 'PLAIN');
}
