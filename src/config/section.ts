// What a section of a file is: the row of a kind that the language is read by. Types only.
import type { Findings } from './findings';
import type { LayerValue, MapValue } from './layers';
import type { Node } from './node';
import type { MergedEntry } from './resources';
import type { ValidatorName } from './validators';

export interface Section {
  /** The section of the file, and the kind of its resources. */
  readonly kind: string;
  /** Members of an entry that are sent; the rest steers us. */
  readonly fields: readonly string[];
  /** Those of them that may be written on an object that somebody else made. */
  readonly attachable: readonly string[];
  /** The validator of an entry once its variables are filled in. */
  readonly entry: ValidatorName;
  /** What a name must look like; `glob` adds what a pattern may use. */
  readonly name: RegExp;
  readonly glob: RegExp;
  readonly nameSays: string;
  /** Kinds with the same one have no name in common. */
  readonly namespace: string;
  /** Names that Databricks keeps for what it makes. */
  readonly reserved: { readonly names: RegExp; readonly says: string };
  /** Its member in an entry under `removed`. */
  readonly removedAs: string;
  /** Shorthands said in full: in a layer as it was written, then by item. */
  complete(node: Node, findings: Findings): Node;
  spread(value: LayerValue, findings: Findings): LayerValue;
  /** What follows from an entry as a whole, once its layers are merged. */
  settle(value: MapValue): MapValue;
  /** What an entry takes beyond its schema, once its layers are merged. */
  check(entry: MergedEntry, findings: Findings): void;
}
