// Refresh: read live with as few requests as honesty allows. One list answers for what manages only what the
// list carries; whatever may be written, whatever the list leaves out, and one more as a canary is read whole.
import { ApiError } from '../databricks/errors';
import type { Client } from '../databricks/http';
import { isObject, type Json, type JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import type { Desired, DesiredResource, LiveResource } from '../model/resource';
import { asked, compareFields, needsReplace } from '../plan/asked';
import { compare } from '../plan/diff';
import { type LiveEstate, liveKey, type SetAside, subjectOf } from '../plan/estate';
import { expand, type Listed } from '../plan/expand';
import { takesRight } from '../plan/own-right';
import type { Notice, Subject } from '../plan/types';
import { WIRES, wireOf } from '../wire';
import { callerKeys, ME } from '../wire/caller';
import type { Extra, KindWire, Listing } from '../wire/step';
import { eachLimited } from './each';
import { pages } from './pages';

export interface RefreshRequest {
  readonly client: Client;
  readonly desired: Desired;
  /** `list`: the list first, whole reads where needed · `full`: every governed object is read whole. */
  readonly mode: 'list' | 'full';
  /** In [0, 1): which endpoint is the canary of this run. */
  readonly random: () => number;
  readonly parallelism: number;
  readonly setAside?: ReadonlyMap<string, SetAside>;
  /** What is not selected is not read on its own. */
  readonly select?: (subject: Subject) => boolean;
  readonly signal?: AbortSignal;
}

interface Named {
  readonly kind: string;
  readonly name: string;
}

export async function refresh(request: RefreshRequest): Promise<LiveEstate> {
  const live = new Live(request);
  await live.list();
  const { select = () => true } = request;
  const governed = expand(request.desired, [...live.resources.values()])
    .governed.map(({ resource }) => resource)
    .filter((resource) => select(subjectOf(resource)));
  const wanted =
    request.mode === 'full' ? governed : governed.filter((resource) => live.needsWhole(resource));
  const canary = request.mode === 'full' ? undefined : live.canary(governed, wanted);
  const removed = request.desired.removed.filter(
    (one) => select(subjectOf(one)) && !live.resources.has(keyOf(one)),
  );
  await live.readWhole([...wanted, ...(canary === undefined ? [] : [canary]), ...removed]);
  if (live.listDisagrees)
    await live.readWhole(governed.filter((resource) => !live.whole.has(keyOf(resource))));
  await live.readExtras(governed);
  await live.readWhole(
    governed.filter((resource) => !live.whole.has(keyOf(resource)) && live.needsWhole(resource)),
  );
  if (live.takesRights(governed)) await live.readCaller();
  return live;
}

function keyOf({ kind, name }: Named): string {
  return liveKey(kind, name);
}

class Live implements LiveEstate {
  readonly resources = new Map<string, LiveResource>();
  readonly absent = new Set<string>();
  readonly unseen = new Map<string, string>();
  readonly listed: Listed[] = [];
  readonly notices: Notice[] = [];
  readonly whole = new Set<string>();
  readonly setAside: ReadonlyMap<string, SetAside>;
  caller: readonly string[] = [];
  listDisagrees = false;
  readonly #extras = new Map<string, JsonObject>();
  readonly #refusedLists = new Map<string, string>();

  constructor(readonly request: RefreshRequest) {
    this.setAside = request.setAside ?? new Map();
  }

  /** All lists at once; what they say is taken in in one order, whichever is answered first. */
  async list(): Promise<void> {
    const asked = WIRES.flatMap((wire) => {
      const names = this.request.desired.resources.filter(({ kind }) => kind === wire.kind);
      return wire.lists(names.map(({ name }) => name)).map((listing) => ({ wire, listing }));
    });
    const answers: (readonly JsonObject[])[] = [];
    await eachLimited(asked, this.request.parallelism, async ({ wire, listing }, index) => {
      answers[index] = await this.#listed(wire, listing);
    });
    for (const [index, { wire }] of asked.entries()) {
      for (const raw of answers[index] ?? []) {
        const live = wire.fromWire(raw, false);
        this.resources.set(keyOf(live), live);
        this.listed.push({ kind: live.kind, name: live.name, sort: live.sort });
      }
    }
  }

  /** One of many lists may be refused: then what stands in it is neither there nor absent. */
  async #listed(wire: KindWire, listing: Listing): Promise<JsonObject[]> {
    try {
      const found = await pages(this.request.client, listing, {}, this.request.signal);
      return found.flatMap((page) => wire.items(page));
    } catch (error) {
      const refused = error instanceof ApiError && (error.kind === 'forbidden' || error.kind === 'not-found');
      if (!refused || listing.of === undefined) throw error;
      this.#refusedLists.set(liveKey(wire.kind, listing.of), error.message);
      this.notices.push({
        code: 'list-refused',
        severity: 'warning',
        message: `what there is in ${listing.of} could not be listed: ${error.message}`,
        help: 'Check the name, and whether you may use it.',
      });
      return [];
    }
  }

  /** Not listed, or listed without what is asked of it, or about to be written. */
  needsWhole(resource: DesiredResource): boolean {
    const live = this.resources.get(keyOf(resource));
    if (live === undefined) return !this.absent.has(keyOf(resource)) && !this.unseen.has(keyOf(resource));
    const wire = wireOf(resource.kind);
    const stampField = wire.stampPath?.[0];
    const stamped = resource.manage === 'full' && stampField !== undefined ? [stampField] : [];
    const apart = wire.extras.map(({ field }) => field);
    const desired = this.#asked(resource);
    const needed = [...Object.keys(desired), ...stamped].filter((field) => !apart.includes(field));
    if (needed.some((field) => live.unknownFields.includes(field))) return true;
    if (resource.manage === 'observe') return false;
    const ownership = stamped.length > 0 && live.stamp !== this.request.desired.project;
    const known = without(desired, live.unknownFields);
    return ownership || compareFields(known, live).differences.length > 0;
  }

  #asked(resource: DesiredResource): JsonObject {
    const key = keyOf(resource);
    return asked(resource, this.resources.get(key), this.setAside.get(key), this.request.desired.project);
  }

  /** One listed object that nothing else reads whole, another one each run. */
  canary(
    governed: readonly DesiredResource[],
    wanted: readonly DesiredResource[],
  ): DesiredResource | undefined {
    const read = new Set(wanted);
    const others = governed.filter((resource) => !read.has(resource));
    return others[Math.floor(this.request.random() * others.length)];
  }

  async readWhole(resources: readonly Named[]): Promise<void> {
    await eachLimited(resources, this.request.parallelism, async ({ kind, name }) => {
      const key = liveKey(kind, name);
      const wire = wireOf(kind);
      const listed = this.resources.get(key);
      try {
        const { body } = await this.request.client.call(wire.get, { name }, this.#options());
        if (!isObject(body)) throw new Error(`an answer about "${name}" that is no object`);
        const live = withExtras(wire.fromWire(body, true), this.#extras.get(key));
        if (!this.whole.has(key) && (listed === undefined || !agree(listed, live)))
          this.#disagree(name, listed !== undefined);
        this.resources.set(key, live);
        this.whole.add(key);
      } catch (error) {
        this.#unreadable({ kind, name }, listed, error);
      }
    });
  }

  /** Fields with a read of their own: where they are declared, and all of them where a replace would lose them. */
  async readExtras(governed: readonly DesiredResource[]): Promise<void> {
    const reads = governed.flatMap((resource) => {
      const live = this.resources.get(keyOf(resource));
      if (live === undefined) return [];
      const desired = this.#asked(resource);
      const all =
        this.whole.has(keyOf(resource)) && needsReplace(desired, live, compareFields(desired, live));
      return wireOf(resource.kind)
        .extras.filter(({ field }) => all || desired[field] !== undefined)
        .map((extra) => ({ live, extra }));
    });
    await eachLimited(reads, this.request.parallelism, async ({ live, extra }) =>
      this.#readExtra(live, extra),
    );
  }

  async #readExtra(live: LiveResource, extra: Extra): Promise<void> {
    const params = extra.params(live);
    if (params === undefined) return;
    const key = keyOf(live);
    try {
      const value = extra.fromWire(await pages(this.request.client, extra, params, this.request.signal));
      this.#extras.set(key, { ...this.#extras.get(key), [extra.field]: value });
      this.resources.set(key, withExtras(live, this.#extras.get(key)));
    } catch (error) {
      if (!(error instanceof ApiError) || (error.kind !== 'forbidden' && error.kind !== 'not-found'))
        throw error;
      this.resources.delete(key);
      this.unseen.set(key, `its ${extra.field}: ${error.message}`);
    }
  }

  /** Whether somebody would lose a right to manage: then it matters who asks. */
  takesRights(governed: readonly DesiredResource[]): boolean {
    return governed.some((resource) => {
      const live = this.resources.get(keyOf(resource));
      if (live === undefined) return false;
      return compareFields(this.#asked(resource), live).differences.some((difference) =>
        takesRight(resource.kind, difference),
      );
    });
  }

  async readCaller(): Promise<void> {
    const { body } = await this.request.client.call(ME, {}, this.#options());
    this.caller = callerKeys(body);
  }

  #unreadable(named: Named, listed: LiveResource | undefined, error: unknown): void {
    if (!(error instanceof ApiError)) throw error;
    const key = keyOf(named);
    const unlisted = this.#whyUnlisted(named);
    this.whole.add(key);
    if (error.kind === 'not-found') {
      this.resources.delete(key);
      // Listed and then 404: deleted in between, or hidden. Neither is a reason to create it.
      if (listed === undefined && unlisted === undefined) this.absent.add(key);
      else if (unlisted !== undefined)
        this.unseen.set(key, `what stands beside it could not be listed: ${unlisted}`);
      else this.unseen.set(key, 'it is listed, and reading it answers that it does not exist');
    } else if (error.kind === 'forbidden') {
      this.resources.delete(key);
      this.unseen.set(key, error.message);
    } else {
      throw error;
    }
  }

  #whyUnlisted({ kind, name }: Named): string | undefined {
    const lists = wireOf(kind).lists([name]);
    return lists.map(({ of }) => this.#refusedLists.get(liveKey(kind, of ?? ''))).find((why) => why);
  }

  #disagree(name: string, named: boolean): void {
    if (this.listDisagrees || this.request.mode === 'full') return;
    this.listDisagrees = true;
    const what = named
      ? `says something else about "${name}" than reading it does`
      : `leaves out "${name}", which can be read`;
    this.notices.push({
      code: 'list-incomplete',
      severity: 'warning',
      message: `the list ${what}, so everything was read one by one`,
      help: 'Say --refresh full to do so from the start.',
    });
  }

  #options() {
    return this.request.signal === undefined ? {} : { signal: this.request.signal };
  }
}

function without(fields: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

/** The object with what was read of it apart. */
export function withExtras(live: LiveResource, extras: JsonObject | undefined): LiveResource {
  if (extras === undefined) return live;
  const known = Object.keys(extras);
  return {
    ...live,
    fields: { ...live.fields, ...extras },
    unknownFields: live.unknownFields.filter((field) => !known.includes(field)),
  };
}

/** What a list item tells is what the whole answer tells; what it leaves out is no contradiction. */
function agree(listed: LiveResource, whole: LiveResource): boolean {
  const fields = kindOf(listed.kind).fields;
  const told = Object.keys(listed.fields).filter((field) => !listed.unknownFields.includes(field));
  const pick = (from: LiveResource): JsonObject =>
    Object.fromEntries(told.map((field): [string, Json] => [field, from.fields[field] ?? null]));
  const { differences } = compare({
    desired: pick(whole),
    live: pick(listed),
    name: whole.name,
    sort: whole.sort,
    fields,
  });
  const sameStamp = !told.includes('tags') || listed.stamp === whole.stamp;
  return differences.length === 0 && sameStamp;
}
