// What refresh found out about the workspace, as plan takes it, and by which names plan calls it.
import type { JsonObject } from '../model/json';
import {
  addressOf,
  type Desired,
  type DesiredResource,
  type LiveResource,
  type RemovedResource,
} from '../model/resource';
import type { Listed } from './expand';
import type { Notice, Subject } from './types';

/** Keys are `liveKey(kind, name)`. */
export interface LiveEstate {
  readonly resources: ReadonlyMap<string, LiveResource>;
  /** Not in the list, and 404 on their own. */
  readonly absent: ReadonlySet<string>;
  /** Neither seen nor known to be absent, with the reason. Never created. */
  readonly unseen: ReadonlyMap<string, string>;
  /** What the list named. A glob reaches also what could not be read afterwards. */
  readonly listed: readonly Listed[];
  readonly notices: readonly Notice[];
  /** Named by what is to be written, declared by nobody, and answered with 404. */
  readonly lacking?: ReadonlySet<string>;
  /** Who asks, as item keys of an access control list: `user:ana@example.com`. Asked for only when a plan needs it. */
  readonly caller?: readonly string[];
  /** What a replace that was cut short had set aside, to be carried over by the create that ends it. */
  readonly setAside?: ReadonlyMap<string, SetAside>;
}

export interface SetAside {
  /** Of the object that was to be replaced. While it is still there, nothing was lost. */
  readonly id?: string;
  readonly carried: JsonObject;
}

/** What every entry is planned against. */
export interface DraftRequest {
  readonly desired: Pick<Desired, 'project' | 'protect'>;
  readonly live: LiveEstate;
  /** Addresses or names of those whose credentials are to be sent again. */
  readonly rotate?: readonly string[];
  /** The entries of a base, by `liveKey`: a credential that it refers to otherwise is sent again. */
  readonly past?: ReadonlyMap<string, DesiredResource>;
}

export function liveKey(kind: string, name: string): string {
  return `${kind} ${name}`;
}

const REMOVED = 'removed.';

/** Whether an address is of something that is to go. */
export function isRemoved(address: string): boolean {
  return address.startsWith(REMOVED);
}

/** Who is meant by an entry, under its own section or under `removed`. */
export function subjectOf(entry: DesiredResource | RemovedResource): Subject {
  const { kind, name } = entry;
  return { address: 'key' in entry ? addressOf(entry) : `${REMOVED}${name}`, kind, name };
}
