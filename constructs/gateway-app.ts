// The root of a construct tree: collects what its constructs declare into one document, the same that a file holds.
// Knows no file, no workspace, no Terraform. Whoever runs the program finds it through a registry of the process.
import { RootConstruct } from 'constructs';
import type { JsonObject } from '../src/model/json';
import type { Declaration, DeclaredEntry } from './declaration';
import type { RemovedProps, VariableProps } from './generated/props';
import { type Place, placeOfCaller } from './place';
import { Variable } from './references';
import { apiSpelling } from './spelling';

export const DECLARED_FORMAT = 'gatewright/declared/1';

export interface GatewayAppProps {
  /** Who owns what is managed fully: 1 to 63 letters, digits, ".", "_" and "-". @default what gatewright.yaml says */
  readonly project?: string;
}

/** What a program hands over: the entries of a file, each with the place where it was written. */
export interface DeclaredDocument {
  readonly format: typeof DECLARED_FORMAT;
  readonly project?: { readonly name: string; readonly at?: Place };
  readonly entries: readonly DeclaredEntry[];
  readonly removed: readonly { readonly value: JsonObject; readonly at?: Place }[];
}

/** Set up by whoever runs the program; a symbol, so that two copies of this package find each other. */
const REGISTRY = Symbol.for('gatewright.apps');

export class GatewayApp extends RootConstruct {
  readonly project: string | undefined;
  readonly #at = placeOfCaller();
  readonly #variables: DeclaredEntry[] = [];
  readonly #removed: { readonly value: JsonObject; readonly at?: Place }[] = [];

  constructor(props: GatewayAppProps = {}) {
    super();
    this.project = props.project;
    const registry = (globalThis as Record<symbol, unknown>)[REGISTRY];
    if (Array.isArray(registry)) registry.push(this);
  }

  /** Declares a variable that a target or --var may set; `Variable.named` refers to one that a file declares. */
  variable(name: string, props: VariableProps = {}): Variable {
    const at = placeOfCaller();
    const value = apiSpelling(props, 'VariableProps');
    const entry = { section: 'variables', key: name, construct: '', value, places: [] };
    this.#variables.push(at === undefined ? entry : { ...entry, at });
    return Variable.named(name);
  }

  /** Names something that is to go. Leaving a construct out deletes nothing. */
  removed(props: RemovedProps): this {
    const at = placeOfCaller();
    const value = apiSpelling(props, 'RemovedProps');
    this.#removed.push(at === undefined ? { value } : { value, at });
    return this;
  }

  /** What the tree declares, with places: what a program hands over. */
  toDeclared(): DeclaredDocument {
    const problems = this.node.findAll().flatMap((construct) => construct.node.validate());
    if (problems.length > 0) throw new Error(problems.join('\n'));
    const entries = this.node.findAll().flatMap((each) => (declares(each) ? [each.declared()] : []));
    const project =
      this.project === undefined
        ? {}
        : { project: { name: this.project, ...(this.#at === undefined ? {} : { at: this.#at }) } };
    return {
      format: DECLARED_FORMAT,
      ...project,
      entries: [...this.#variables, ...entries],
      removed: this.#removed,
    };
  }

  /**
   * The document that the tree declares, without places. JSON is YAML: written to `gatewright.yaml` it is the project.
   * @throws Error when two constructs declare one entry
   */
  toDocument(): JsonObject {
    const { entries, removed } = this.toDeclared();
    const sections: Record<string, Record<string, JsonObject>> = {};
    const first = new Map<string, DeclaredEntry>();
    for (const entry of entries) {
      const address = `${entry.section}.${entry.key}`;
      const before = first.get(address);
      if (before !== undefined)
        throw new Error(`${address} is declared twice: by ${before.construct} and by ${entry.construct}`);
      first.set(address, entry);
      sections[entry.section] ??= {};
      sections[entry.section]![entry.key] = entry.value;
    }
    return {
      ...(this.project === undefined ? {} : { project: this.project }),
      ...sections,
      ...(removed.length === 0 ? {} : { removed: removed.map(({ value }) => value) }),
    };
  }
}

/** By its shape: a library may bring a copy of this package along. */
function declares<T>(construct: T): construct is T & Declaration {
  return typeof (construct as Partial<Declaration>).declared === 'function';
}
