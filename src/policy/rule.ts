// What a rule is: its words, its parameters, its cases, and a check that yields offences. A rule is pure; it reads the
// day from its context. Rules see facts, never fields.
import type { Enforcement, RuleSeverity } from '../model/policy';
import type { Direction } from '../model/resource';
import type { Action } from '../plan/types';
import type { Self } from './self';
import type { FactName } from './view';

export type Pack = 'recommended' | 'strict';

/** A parameter of a rule. All rules that name one share it, so it is declared once, in `params.ts`. */
export type ParamSpec =
  | { readonly type: 'texts'; readonly default: readonly string[]; readonly says: string }
  | { readonly type: 'number'; readonly default: number; readonly says: string }
  | { readonly type: 'text'; readonly default: string; readonly says: string };

interface ParamTypes {
  readonly texts: readonly string[];
  readonly number: number;
  readonly text: string;
}

export type Params<P extends Readonly<Record<string, ParamSpec>>> = {
  readonly [K in keyof P]: ParamTypes[P[K]['type']];
};

/** Something about a change that moves governance. */
export interface Move {
  readonly path: string;
  readonly segments: readonly string[];
  readonly live: unknown;
  readonly desired: unknown;
  readonly direction: Direction;
}

export interface ChangeView {
  readonly action: Action;
  readonly moves: readonly Move[];
}

export interface RuleContext<P> {
  readonly self: Self;
  /** As the workspace has it; absent while nobody asked it, and for what is to be created. */
  readonly oldSelf?: Self;
  /** Absent when nothing changes, and while no plan was made. */
  readonly change?: ChangeView;
  /** All resources that are judged in this run. */
  readonly stack: readonly Self[];
  readonly params: P;
  /** A date such as `2026-11-20`. */
  readonly today: string;
}

export interface Offence {
  /** Path of the fact at fault. What is missing is reported where it would stand. */
  readonly path: string;
  readonly message: string;
  /** Which of several findings of this rule: part of what a waiver names. Default: the path where there may be several. */
  readonly finding?: string;
  /** Default: the rule's. */
  readonly fix?: string;
}

/** Entries of a section, indented by two; a line that must be flagged ends with `# expect: <rule>`. */
export interface Case {
  /** Default: the first kind that there is. */
  readonly section?: string;
  readonly files: string;
  /** Of a change: what the workspace has before. */
  readonly before?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

export interface Rule<P extends Readonly<Record<string, ParamSpec>> = Readonly<Record<string, ParamSpec>>> {
  /** Kebab-case words, a public contract. */
  readonly id: string;
  /** The number under which the first catalogue listed it. */
  readonly alias: string;
  readonly title: string;
  /** What may happen otherwise, one or two sentences. */
  readonly why: string;
  /** The way out, one sentence. */
  readonly fix: string;
  readonly severity: RuleSeverity;
  readonly enforcement: Enforcement;
  readonly packs: readonly Pack[];
  /** A rule about changes is silent until a plan is made. */
  readonly about: 'state' | 'change';
  /** Facts without which it does not apply. */
  readonly needs: readonly FactName[];
  /** Labels, not claims: `owasp-llm-2026:LLM06`. */
  readonly controls: readonly string[];
  readonly params: P;
  /** False: not applicable. */
  applies?(context: RuleContext<Params<P>>): boolean;
  check(context: RuleContext<Params<P>>): Iterable<Offence>;
  readonly flagged: readonly Case[];
  readonly clean: readonly Case[];
}

/** Keeps the types of the parameters for the check and forgets them for everybody else. */
export function defineRule<P extends Readonly<Record<string, ParamSpec>>>(rule: Rule<P>): Rule {
  return rule as unknown as Rule;
}
