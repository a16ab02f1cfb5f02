// Refresh: read live with as few requests as honesty allows. One list answers for what manages only what the
// list carries; whatever may be written, whatever the list leaves out, and one more as a canary is read whole.
import { ApiError } from '../databricks/errors';
import type { Client } from '../databricks/http';
import { isObject, type JsonObject } from '../model/json';
import type { Desired, DesiredResource, LiveResource } from '../model/resource';
import { asked, compareFields, needsReplace } from '../plan/asked';
import type { Named } from '../plan/changed';
import { type LiveEstate, liveKey, type SetAside, subjectOf } from '../plan/estate';
import { expand, type Listed } from '../plan/expand';
import { takesRight } from '../plan/own-right';
import type { Notice, Subject } from '../plan/types';
import { WIRES, wireOf } from '../wire';
import { callerKeys, ME } from '../wire/caller';
import type { Extra, KindWire, Listing } from '../wire/step';
import { agree } from './agree';
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
  /** Nothing but these is asked for, by name, and no list, unless one of them turns out not to be there. */
  readonly only?: readonly Named[];
  /** Named by no entry, and to be looked for all the same. */
  readonly also?: readonly Named[];
  readonly signal?: AbortSignal;
}

export async function refresh(request: RefreshRequest): Promise<LiveEstate> {
  const live = new Live(request);
  const { select = () => true, only, also = [] } = request;
  const { resources, removed: going } = request.desired;
  if (only === undefined) await live.list([...resources, ...going, ...also]);
  else await live.readByName(only);
  const governed = expand(request.desired, [...live.resources.values()])
    .governed.map(({ resource }) => resource)
    .filter((resource) => select(subjectOf(resource)));
  const unread = governed.filter((resource) => !live.whole.has(keyOf(resource)));
  const wanted = request.mode === 'full' ? unread : unread.filter((resource) => live.needsWhole(resource));
  const canary = request.mode === 'full' || only !== undefined ? undefined : live.canary(governed, wanted);
  const removed = request.desired.removed.filter(
    (one) => select(subjectOf(one)) && !live.resources.has(keyOf(one)) && !live.whole.has(keyOf(one)),
  );
  await live.lookFor(governed.filter((resource) => live.needsWhole(resource)));
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

const besideUnlisted = (why: string) => `what stands beside it could not be listed: ${why}`;
const LISTED_AND_GONE = 'it is listed, and reading it answers that it does not exist';

function keyOf({ kind, name }: Named): string {
  return liveKey(kind, name);
}

class Live implements LiveEstate {
  readonly resources = new Map<string, LiveResource>();
  readonly absent = new Set<string>();
  readonly unseen = new Map<string, string>();
  readonly lacking = new Set<string>();
  readonly listed: Listed[] = [];
  readonly notices: Notice[] = [];
  readonly whole = new Set<string>();
  readonly setAside: ReadonlyMap<string, SetAside>;
  caller: readonly string[] = [];
  listDisagrees = false;
  readonly #extras = new Map<string, JsonObject>();
  readonly #lists = new Set<string>();
  readonly #refusedLists = new Map<string, string>();

  constructor(readonly request: RefreshRequest) {
    this.setAside = request.setAside ?? new Map();
  }

  /**
   * All lists at once that show these, and whatever may carry our stamp; what they say is taken in in one order, whichever is
   * answered first. `alone`: no other kinds.
   */
  async list(named: readonly Named[], alone = false): Promise<void> {
    const asked = WIRES.flatMap((wire) => {
      const names = named.filter(({ kind }) => kind === wire.kind);
      if (alone && names.length === 0) return [];
      return wire.lists(names.map(({ name }) => name)).map((listing) => ({ wire, listing }));
    });
    const answers: (readonly JsonObject[])[] = [];
    await eachLimited(asked, this.request.parallelism, async ({ wire, listing }, index) => {
      answers[index] = await this.#listed(wire, listing);
    });
    for (const [index, { wire }] of asked.entries()) {
      for (const raw of answers[index] ?? []) {
        const live = wire.fromWire(raw, false);
        const key = keyOf(live);
        if (!this.whole.has(key)) this.resources.set(key, live);
        else if (this.absent.delete(key)) this.unseen.set(key, LISTED_AND_GONE);
        this.listed.push({ kind: live.kind, name: live.name, sort: live.sort });
      }
    }
  }

  /** One of many lists may be refused: then what stands in it is neither there nor absent. */
  async #listed(wire: KindWire, listing: Listing): Promise<JsonObject[]> {
    try {
      const found = await pages(this.request.client, listing, {}, this.request.signal);
      this.#lists.add(liveKey(wire.kind, listing.of ?? ''));
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

  /** A 404 alone may be a lack of rights: what is to be made must be missing from the list too. */
  async readByName(names: readonly Named[]): Promise<void> {
    await this.readWhole(names);
    const declaredNames = new Set(this.request.desired.resources.map(keyOf));
    const doubtful = names.filter((one) => this.absent.has(keyOf(one)) && declaredNames.has(keyOf(one)));
    await this.list(doubtful, true);
    for (const one of doubtful) {
      const unlisted = this.#whyUnlisted(one);
      if (unlisted !== undefined && this.absent.delete(keyOf(one)))
        this.unseen.set(keyOf(one), besideUnlisted(unlisted));
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

  /** What these lead to and no entry makes: whether it is there. What may not be seen may be there. */
  async lookFor(resources: readonly DesiredResource[]): Promise<void> {
    const made = new Set(this.request.desired.resources.map(keyOf));
    const needs = resources
      .filter(({ kind }) => wireOf(kind).needsHere === true)
      .flatMap((resource) => wireOf(resource.kind).needs(this.#asked(resource)))
      .filter((need) => !made.has(keyOf(need)) && !this.resources.has(keyOf(need)));
    const distinct = [...new Map(needs.map((need) => [keyOf(need), need])).values()];
    await eachLimited(distinct, this.request.parallelism, async ({ kind, name }) => {
      try {
        await this.request.client.call(wireOf(kind).get, { name }, this.#options());
      } catch (error) {
        if (!(error instanceof ApiError) || !['not-found', 'forbidden'].includes(error.kind)) throw error;
        if (error.kind === 'not-found') this.lacking.add(liveKey(kind, name));
      }
    });
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
        const told = !this.whole.has(key) && this.#isListed({ kind, name });
        if (told && (listed === undefined || !agree(listed, live)))
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
      if (unlisted !== undefined) this.unseen.set(key, besideUnlisted(unlisted));
      else if (listed === undefined) this.absent.add(key);
      else this.unseen.set(key, LISTED_AND_GONE);
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

  #isListed({ kind, name }: Named): boolean {
    return wireOf(kind)
      .lists([name])
      .every(({ of }) => this.#lists.has(liveKey(kind, of ?? '')));
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
