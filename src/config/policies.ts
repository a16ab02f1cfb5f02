// Policy files and waivers: text → the nouns of policies, with places. What a file extends is read along with it. Knows
// no rule: whether a name is one is for who holds the catalogue.
import { posix } from 'node:path';
import type { Diagnostic, Location } from '../model/diagnostic';
import {
  ENFORCEMENTS,
  type Extended,
  type PolicyFile,
  type PolicyOverride,
  type RuleSetting,
  SEVERITIES,
  type Waiver,
  type WrittenParam,
} from '../model/policy';
import { decode } from './decode';
import { explain } from './explain';
import { Findings } from './findings';
import {
  entriesOf,
  locate,
  locateKey,
  type MapNode,
  member,
  type Node,
  plain,
  textOf,
  textsOf,
} from './node';
import { readYaml } from './read-yaml';
import type { FileSource } from './source';
import type { SourceText } from './source-text';
import { schemaErrors } from './validators';

export const POLICY_FILE = 'gatewright.policy.yaml';
export const WAIVERS_FILE = 'gatewright.waivers.yaml';
const MOST_POLICIES = 100;

export interface ReadPolicies<T> {
  /** Absent when the file cannot be read or is not one; also where it need not exist and does not. */
  readonly read?: T;
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

/** A policy file with all that it extends. Absent files are an error unless `optional`. */
export function readPolicyFile(source: FileSource, file: string, optional = false): ReadPolicies<PolicyFile> {
  const reader = new Reader(source);
  const read = reader.policy(file, optional, undefined, []);
  return reader.done(read);
}

export function readWaiversFile(
  source: FileSource,
  file: string,
  optional = false,
): ReadPolicies<readonly Waiver[]> {
  const reader = new Reader(source);
  const node = reader.node(file, 'waivers', optional, undefined);
  const list = node === undefined ? undefined : member(node, 'waivers');
  return reader.done(
    node === undefined
      ? undefined
      : list?.kind === 'list'
        ? list.items.flatMap((item) => waiverIn(item))
        : [],
  );
}

const says = {
  missing: 'does not exist',
  outside: 'leads outside of its folder',
  'not-a-file': 'is not a regular file',
  'too-large': 'is too large',
  unreadable: 'cannot be read',
} as const;

class Reader {
  readonly #findings = new Findings();
  readonly #texts = new Map<string, string>();

  constructor(private readonly source: FileSource) {}

  done<T>(read: T | undefined): ReadPolicies<T> {
    const bad = this.#findings.hasErrors;
    return {
      ...(read === undefined || bad ? {} : { read }),
      diagnostics: this.#findings.diagnostics(),
      texts: this.#texts,
    };
  }

  node(
    file: string,
    schema: 'policy' | 'waivers',
    optional: boolean,
    at: Location | undefined,
  ): MapNode | undefined {
    const answer = this.source.read(file);
    if ('problem' in answer) {
      if (answer.problem === 'missing' && optional) return undefined;
      const message = `${file} ${says[answer.problem]}`;
      this.#findings.error({ code: 'policy-unreadable', message, ...(at === undefined ? {} : { at }) });
      return undefined;
    }
    const { source, sound } = decode(file, answer.bytes, this.#findings);
    this.#texts.set(file, source.text);
    const node = sound ? readYaml(source, this.#findings, { literal: true }) : undefined;
    if (node?.kind === 'map') {
      explain(schemaErrors(schema, plain(node)), node, this.#findings, schema);
      return node;
    }
    if (!this.#findings.hasErrors) this.#empty(file, source, schema);
    return undefined;
  }

  #empty(file: string, source: SourceText, schema: string): void {
    const message = `${file} says nothing, and is to be ${schema === 'policy' ? 'a policy' : 'a file of waivers'}`;
    this.#findings.error({ code: 'policy-empty', message, at: source.location({ start: 0, end: 1 }) });
  }

  policy(
    file: string,
    optional: boolean,
    at: Location | undefined,
    above: readonly string[],
  ): PolicyFile | undefined {
    if (above.includes(file) || this.#texts.size >= MOST_POLICIES) {
      const message = above.includes(file) ? `${file} extends itself` : 'too many policy files';
      this.#findings.error({ code: 'policy-cycle', message, ...(at === undefined ? {} : { at }) });
      return undefined;
    }
    const node = this.node(file, 'policy', optional, at);
    if (node === undefined || this.#findings.hasErrors) return undefined;
    const overrides = member(node, 'overrides');
    return {
      file,
      extends: textsOf(member(node, 'extends')).flatMap((one) => this.#extended(one, file, [...above, file])),
      mode: textOf(member(node, 'mode')) === 'audit' ? 'audit' : 'enforce',
      params: paramsIn(member(node, 'params')),
      rules: settingsIn(member(node, 'rules')),
      overrides: overrides?.kind === 'list' ? overrides.items.map(overrideIn) : [],
    };
  }

  #extended(
    { text, node }: { readonly text: string; readonly node: Node },
    file: string,
    above: readonly string[],
  ): Extended[] {
    const at = locate(node);
    if (!/\.ya?ml$/.test(text)) return [{ at, pack: text }];
    const policy = this.policy(posix.join(posix.dirname(file), text), false, at, above);
    return policy === undefined ? [] : [{ at, policy }];
  }
}

function paramsIn(node: Node | undefined): Record<string, WrittenParam> {
  return Object.fromEntries(
    [...entriesOf(node)].map(([name, { value }]) => [name, { value: plain(value), at: locate(value) }]),
  );
}

function settingsIn(node: Node | undefined): RuleSetting[] {
  if (node?.kind !== 'map') return [];
  return [...node.entries].map(([rule, { value }]) => {
    const word = textOf(value) ?? '';
    const severity = SEVERITIES.find((one) => one === (textOf(member(value, 'severity')) ?? word));
    const enforcement = ENFORCEMENTS.find((one) => one === (textOf(member(value, 'enforcement')) ?? word));
    return {
      rule,
      at: locateKey(node, rule),
      off: word === 'off',
      ...(severity === undefined ? {} : { severity }),
      ...(enforcement === undefined ? {} : { enforcement }),
      params: paramsIn(member(value, 'params')),
    };
  });
}

function overrideIn(node: Node): PolicyOverride {
  const texts = (name: 'files' | 'targets') => {
    const listed = member(node, name);
    return listed === undefined ? {} : { [name]: textsOf(listed).map(({ text }) => text) };
  };
  return {
    at: locate(node),
    ...texts('files'),
    ...texts('targets'),
    params: paramsIn(member(node, 'params')),
    rules: settingsIn(member(node, 'rules')),
  };
}

function waiverIn(node: Node): Waiver[] {
  const text = (name: string) => textOf(member(node, name)) ?? '';
  const finding = textOf(member(node, 'finding'));
  return [
    {
      id: text('id'),
      rule: text('rule'),
      resource: text('resource'),
      ...(finding === undefined ? {} : { finding }),
      category: text('category') as Waiver['category'],
      reason: text('reason'),
      ticket: text('ticket'),
      approvedBy: text('approved_by'),
      created: text('created'),
      expires: text('expires'),
      fingerprint: text('fingerprint'),
      at: locate(node),
    },
  ];
}
