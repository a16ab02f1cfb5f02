// What tells one kind of Unity Catalog service from another on the wire, and the names that they share.
import type { Assignment } from '../model/assign';
import type { JsonObject } from '../model/json';
import type { Members } from './members';
import type { Hazard, Need } from './step';

/** One path that an `update_mask` takes. */
export interface Mask {
  readonly mask: string;
  /** Where its value stands in the body, when not where the mask says. */
  readonly at?: readonly string[];
  /** It can be set also on what the platform made. */
  readonly system?: true;
  /** What of the value is sent, when not all of it. */
  sent?(value: JsonObject): JsonObject;
}

export interface ServiceSpec {
  /** Also the member of a list answer. */
  readonly kind: string;
  /** The first part of a resource name: `model-services`. */
  readonly path: string;
  /** As grants and ids call it: `model_service`. */
  readonly type: string;
  /** What `config` is known to hold. Policies are not among it: they are shown and never touched. */
  readonly config: Members;
  /** Beside the comment. Never `config`: what such a mask leaves out it clears, policies included. */
  readonly masks: readonly Mask[];
  /** The config that an answer means, where it says less than it means. */
  meant?(config: JsonObject): JsonObject;
  needs?(config: JsonObject): Need[];
  /** What must go along with these assignments: write-only values that the API wants again. */
  companions?(ours: readonly Assignment[], declared: JsonObject): Assignment[];
  hazards?(config: JsonObject, ours: readonly Assignment[]): Hazard[];
}

/** The sort of what somebody other than the platform made. */
export const OWN = 'own';

export const LIMITS: Members = {
  key: true,
  principal: true,
  renewal_period: true,
  requests: true,
  tokens: true,
};
export const TABLE: Members = {
  parent: true,
  table_name_prefix: true,
  table: 'answered',
  is_deleted: 'answered',
};

export const parentOf = (name: string) => name.slice(0, name.lastIndexOf('.'));
export const leafOf = (name: string) => name.slice(name.lastIndexOf('.') + 1);
