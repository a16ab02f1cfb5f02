// The nouns of policies as files write them: which packs and rules hold, with which parameters, and what is waived.
// Plain data with places. Knows no rule.
import type { Location } from './diagnostic';
import type { Json } from './json';

/** How bad it is, least first. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type RuleSeverity = (typeof SEVERITIES)[number];

/** Who can pass it, most lenient first. advisory: said, never blocks · overridable: blocks, may be waived · mandatory: blocks, cannot be waived. */
export const ENFORCEMENTS = ['advisory', 'overridable', 'mandatory'] as const;
export type Enforcement = (typeof ENFORCEMENTS)[number];

export interface WrittenParam {
  readonly value: Json;
  readonly at: Location;
}

/** What a policy file says of one rule. */
export interface RuleSetting {
  readonly rule: string;
  readonly at: Location;
  readonly off: boolean;
  readonly severity?: RuleSeverity;
  readonly enforcement?: Enforcement;
  readonly params: Readonly<Record<string, WrittenParam>>;
}

/** What is different for some resources: those that these files declare, in these targets. */
export interface PolicyOverride {
  readonly at: Location;
  /** Globs over file names as diagnostics call them. Absent: every file. */
  readonly files?: readonly string[];
  /** Globs over target names. Absent: every target. */
  readonly targets?: readonly string[];
  readonly params: Readonly<Record<string, WrittenParam>>;
  readonly rules: readonly RuleSetting[];
}

/** A pack of the product by its name, or another file, read already. */
/** Without a place: named by the command. */
export type Extended = { readonly at?: Location } & (
  | { readonly pack: string }
  | { readonly policy: PolicyFile }
);

export interface PolicyFile {
  readonly file: string;
  readonly extends: readonly Extended[];
  /** audit: everything is judged and said, nothing blocks. */
  readonly mode: 'enforce' | 'audit';
  readonly params: Readonly<Record<string, WrittenParam>>;
  readonly rules: readonly RuleSetting[];
  readonly overrides: readonly PolicyOverride[];
}

/** One finding that somebody answered for, until a day. */
export interface Waiver {
  readonly id: string;
  readonly rule: string;
  /** The resource's address, exact; with the target in front (`prod/serving_endpoints.chat`) it holds there alone. */
  readonly resource: string;
  /** Which finding of the rule. Absent where it has only one. */
  readonly finding?: string;
  readonly category: 'mitigated' | 'accepted-risk' | 'false-positive';
  readonly reason: string;
  readonly ticket: string;
  readonly approvedBy: string;
  /** Dates such as `2026-11-20`. It holds until the end of the day, UTC. */
  readonly created: string;
  readonly expires: string;
  /** Of the value that was found; another value is another finding. */
  readonly fingerprint: string;
  readonly at: Location;
}
