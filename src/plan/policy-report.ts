// What policies said of a plan, as the plan carries it: data of the published contract. Who judges is not known here.
import type { Diagnostic, Location } from '../model/diagnostic';
import type { Enforcement, RuleSeverity } from '../model/policy';
import type { Action, Difference, Subject } from './types';

/** not-applicable and pass are only counted. A waiver that is pending lifts nothing yet. */
export type Outcome = 'pass' | 'fail' | 'unknown' | 'not-applicable' | 'waived';

export interface PolicyFinding extends Subject {
  readonly rule: string;
  readonly alias: string;
  readonly severity: RuleSeverity;
  readonly enforcement: Enforcement;
  readonly outcome: 'fail' | 'unknown' | 'waived';
  /** Keeps the change of this resource out of the plan. */
  readonly blocks: boolean;
  /** Which of several findings of the rule about this resource; empty where there can be one. */
  readonly finding: string;
  /** The path of the fact at fault. */
  readonly path: string;
  readonly message: string;
  readonly help: string;
  readonly controls: readonly string[];
  /** SHA-256 of the rule, the finding and the value at fault: a waiver holds for this value alone. */
  readonly fingerprint: string;
  /** The offence, where a file states it. */
  readonly at?: Location;
  /** What holds the rule: a line of a policy file. */
  readonly because?: { readonly text: string; readonly at?: Location };
  readonly waiver?: {
    readonly id: string;
    readonly expires: string;
    readonly approved_by: string;
    readonly reason: string;
  };
  /** A waiver that is written, and not where waivers are read from. */
  readonly pending?: string;
}

/** A change that a policy keeps out of the plan. */
export interface Blocked extends Subject {
  readonly action: Action;
  readonly differences: readonly Difference[];
  /** The rules that block it. */
  readonly rules: readonly string[];
}

export interface PolicyReport {
  /** Packs and files, outermost first. */
  readonly sets: readonly string[];
  readonly mode: 'enforce' | 'audit';
  /** How often each outcome came, one for each rule and resource. */
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly findings: readonly PolicyFinding[];
  readonly blocked: readonly Blocked[];
  /** Of waivers: one that is not as it has to be is an error, and blocks. */
  readonly problems: readonly Diagnostic[];
}
