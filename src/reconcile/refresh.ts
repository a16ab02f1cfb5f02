// Refresh: read live with as few requests as honesty allows. One list answers for what manages only what the
// list carries; whatever may be written, whatever the list leaves out, and one more as a canary is read whole.

import { ApiError } from '../databricks/errors';
import type { Client } from '../databricks/http';
import { isObject } from '../model/json';
import { kindOf } from '../model/kinds';
import type { Desired, DesiredResource, LiveResource } from '../model/resource';
import { compare } from '../plan/diff';
import { expand } from '../plan/expand';
import { compareWith, declared, type LiveEstate, liveKey } from '../plan/plan';
import type { Notice } from '../plan/types';
import { WIRES, wireOf } from '../wire';
import { eachLimited } from './each';

export interface RefreshRequest {
  readonly client: Client;
  readonly desired: Desired;
  /** `list`: the list first, whole reads where needed · `full`: every governed object is read whole. */
  readonly mode: 'list' | 'full';
  /** In [0, 1): which endpoint is the canary of this run. */
  readonly random: () => number;
  readonly parallelism: number;
  readonly signal?: AbortSignal;
}

export async function refresh(request: RefreshRequest): Promise<LiveEstate> {
  const live = new Live(request);
  // Kinds that carry a stamp are read even when no entry names one: that is how orphans are found.
  const stamped = WIRES.filter(({ stampPath }) => stampPath !== undefined).map(({ kind }) => kind);
  const kinds = new Set([...stamped, ...request.desired.resources.map(({ kind }) => kind)]);
  for (const kind of kinds) await live.list(kind);
  const governed = expand(request.desired, [...live.resources.values()]).governed.map(
    ({ resource }) => resource,
  );
  const wanted =
    request.mode === 'full' ? governed : governed.filter((resource) => live.needsWhole(resource));
  const canary = request.mode === 'full' ? undefined : live.canary(governed, wanted);
  await live.readWhole(canary === undefined ? wanted : [...wanted, canary]);
  if (live.listDisagrees)
    await live.readWhole(governed.filter((resource) => !live.whole.has(keyOf(resource))));
  return live;
}

function keyOf(resource: DesiredResource): string {
  return liveKey(resource.kind, resource.name);
}

class Live implements LiveEstate {
  readonly resources = new Map<string, LiveResource>();
  readonly absent = new Set<string>();
  readonly unseen = new Map<string, string>();
  readonly notices: Notice[] = [];
  readonly whole = new Set<string>();
  listDisagrees = false;

  constructor(readonly request: RefreshRequest) {}

  async list(kind: string): Promise<void> {
    const wire = wireOf(kind);
    const { body } = await this.request.client.call(wire.list, {}, this.#options());
    for (const raw of wire.items(body)) {
      const live = wire.fromWire(raw, false);
      this.resources.set(liveKey(kind, live.name), live);
    }
  }

  /** Not listed, or listed without what is asked of it, or about to be written. */
  needsWhole(resource: DesiredResource): boolean {
    const live = this.resources.get(keyOf(resource));
    if (live === undefined) return true;
    const stampField = wireOf(resource.kind).stampPath?.[0];
    const stamped = resource.manage === 'full' && stampField !== undefined ? [stampField] : [];
    const asked = [...Object.keys(declared(resource)), ...stamped];
    if (asked.some((field) => live.unknownFields.includes(field))) return true;
    if (resource.manage === 'observe') return false;
    const ownership = resource.manage === 'full' && live.stamp !== this.request.desired.project;
    return ownership || compareWith(resource, live).differences.length > 0;
  }

  /** One listed object that nothing else reads whole, another one each run. */
  canary(
    governed: readonly DesiredResource[],
    wanted: readonly DesiredResource[],
  ): DesiredResource | undefined {
    const others = governed.filter((resource) => !wanted.includes(resource));
    return others[Math.floor(this.request.random() * others.length)];
  }

  async readWhole(resources: readonly DesiredResource[]): Promise<void> {
    await eachLimited(resources, this.request.parallelism, async (resource) => {
      const key = keyOf(resource);
      const wire = wireOf(resource.kind);
      const listed = this.resources.get(key);
      try {
        const { body } = await this.request.client.call(wire.get, { name: resource.name }, this.#options());
        if (!isObject(body)) throw new Error(`an answer about "${resource.name}" that is no object`);
        const live = wire.fromWire(body, true);
        if (listed !== undefined && !agree(listed, live)) this.#disagree(resource);
        this.resources.set(key, live);
        this.whole.add(key);
      } catch (error) {
        this.#unreadable(key, listed, error);
      }
    });
  }

  #unreadable(key: string, listed: LiveResource | undefined, error: unknown): void {
    if (!(error instanceof ApiError)) throw error;
    this.whole.add(key);
    if (error.kind === 'not-found') {
      this.resources.delete(key);
      // Listed and then 404: deleted in between, or hidden. Neither is a reason to create it.
      if (listed === undefined) this.absent.add(key);
      else this.unseen.set(key, 'it is listed, and reading it answers that it does not exist');
    } else if (error.kind === 'forbidden') {
      this.resources.delete(key);
      this.unseen.set(key, error.message);
    } else {
      throw error;
    }
  }

  #disagree(resource: DesiredResource): void {
    if (this.listDisagrees) return;
    this.listDisagrees = true;
    this.notices.push({
      code: 'list-incomplete',
      severity: 'warning',
      message: `the list says something else about "${resource.name}" than reading it does, so everything was read one by one`,
      help: 'Say --refresh full to do so from the start.',
    });
  }

  #options() {
    return this.request.signal === undefined ? {} : { signal: this.request.signal };
  }
}

/** What a list item tells is what the whole answer tells; what it leaves out is no contradiction. */
function agree(listed: LiveResource, whole: LiveResource): boolean {
  const fields = kindOf(listed.kind).fields;
  const told = Object.keys(listed.fields).filter((field) => !listed.unknownFields.includes(field));
  const pick = (from: LiveResource) =>
    Object.fromEntries(told.map((field) => [field, from.fields[field] ?? null]));
  const { differences } = compare({
    desired: pick(whole),
    live: pick(listed),
    name: whole.name,
    sort: whole.sort,
    fields,
  });
  return differences.length === 0;
}
