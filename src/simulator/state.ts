// The workspace: endpoints, services, caller, knobs, time. Every change goes through `put` and `remove`, which remember
// what stood before (for stale reads) and write the state file before anybody gets an answer.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from './clock';
import type { Endpoint } from './endpoint';
import { denied, noEndpoint } from './errors';
import { isObject, type JsonObject } from './json';
import { readState } from './knobs';
import type { Securable } from './securable';
import { KINDS } from './securable-kinds';
import { securablesOf } from './securable-seeds';
import { Securables } from './securables';
import { endpointOf, idFor } from './seeds';
import type { Reading } from './shapes';
import { Shuffle } from './shuffle';
import { SignIns } from './sign-in';
import { StaleReads } from './stale';
import type { Me, Settings, WorkspaceState } from './types';

const MANUAL_UPDATE_MS = 120_000;
const REAL_UPDATE_MS = 2_000;

export class Workspace {
  settings: Settings = {};
  me: Required<Me> = callerOf(undefined);
  readonly tables = new Set<string>();
  readonly reads = new StaleReads();
  /** The services of Unity Catalog. */
  readonly securables = new Securables(this);
  readonly signIns = new SignIns();
  /** Of the former generation; nothing here writes them. */
  gatewayEndpoints: readonly JsonObject[] = [];
  /** The same for access control lists, by endpoint id, and for grants, by resource name. */
  readonly grantReads = new StaleReads();
  /** Moments, in milliseconds since 1970, of the creates and config updates of the last five minutes. */
  readonly updates: number[] = [];
  #shuffle: Shuffle | undefined;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #names = new Map<string, string>();
  readonly #updating = new Set<string>();
  #generation = 0;
  #list: string | undefined;

  constructor(
    readonly clock: Clock,
    readonly file?: string,
  ) {
    const seeding = { me: this.me, now: clock.now(), updateDuration: this.updateDuration };
    this.securables.seed(securablesOf({}, seeding));
  }

  get updateDuration(): number {
    return this.settings.update_duration_ms ?? (this.clock.manual ? MANUAL_UPDATE_MS : REAL_UPDATE_MS);
  }

  get reading(): Reading {
    return { unknown: this.settings.keeps_unknown === true ? 'keep' : 'drop' };
  }

  get shuffle(): Shuffle | undefined {
    return this.#shuffle;
  }

  /** @throws ApiError 404, or 403 when the caller holds no right on it. */
  endpoint(name: string): Endpoint {
    const found = this.#endpoints.get(name);
    if (found === undefined) throw noEndpoint(name);
    if (found.level(this.me) === undefined)
      throw denied(`You do not have permission to see the endpoint '${name}'.`);
    return found;
  }

  /** The endpoint whoever asks, or undefined. */
  peek(name: string): Endpoint | undefined {
    return this.#endpoints.get(name);
  }

  withId(id: string): Endpoint | undefined {
    const name = this.#names.get(id);
    return name === undefined ? undefined : this.#endpoints.get(name);
  }

  /** Names of endpoints whose update has not settled. */
  get updating(): Iterable<string> {
    return this.#updating;
  }

  nextId(name: string): string {
    this.#generation++;
    return idFor(name, this.#generation);
  }

  /** Replaces or adds; what was read before is kept for stale reads. */
  put(endpoint: Endpoint): void {
    this.#remember(endpoint.name);
    this.#hold(endpoint);
    this.save();
  }

  /** What time did to it, which no read may lag behind. */
  settle(endpoint: Endpoint): void {
    this.#hold(endpoint);
    this.save();
  }

  remove(endpoint: Endpoint): void {
    this.#remember(endpoint.name);
    this.#endpoints.delete(endpoint.name);
    this.#updating.delete(endpoint.name);
    if (endpoint.id !== undefined) this.#names.delete(endpoint.id);
    this.#list = undefined;
    this.securables.targetGone(`serving-endpoints/${endpoint.name}`);
    this.save();
  }

  /** `{"endpoints": [...]}` of all that the caller may see. */
  list(stale: boolean): string {
    const late = this.reads.keys(stale);
    if (late.length === 0 && this.#shuffle === undefined) {
      this.#list ??= wrapped(this.#items().values());
      return this.#list;
    }
    const items = this.#items();
    for (const name of late) {
      const older = this.reads.take(name, stale);
      if (older === null) items.delete(name);
      else if (older !== undefined) items.set(name, older.item);
    }
    const texts = [...items.values()];
    return wrapped(this.#shuffle === undefined ? texts : this.#shuffle.list(texts));
  }

  /** Replaces everything. @throws Error when it is no state; then nothing has changed. */
  seed(given: WorkspaceState): void {
    const state = readState(given);
    const me = callerOf(state.me);
    const settings = { ...state.settings };
    const now = this.clock.now();
    const updateDuration = settings.update_duration_ms ?? this.updateDuration;
    const endpoints = (state.serving_endpoints ?? []).map((one) =>
      endpointOf(one, { me, now, updateDuration }),
    );
    const securables = securablesOf(state, { me, now, updateDuration });
    const gatewayEndpoints = gatewayEndpointsOf(state.gateway_endpoints_v2 ?? [], me.user_name);
    const names = new Set<string>();
    for (const { name } of endpoints) {
      if (names.has(name)) throw new Error(`the endpoint ${name} is seeded twice`);
      names.add(name);
    }
    this.me = me;
    this.settings = settings;
    this.#shuffle = settings.shuffle_seed === undefined ? undefined : new Shuffle(settings.shuffle_seed);
    this.tables.clear();
    for (const table of state.tables ?? []) this.tables.add(table);
    for (const endpoint of endpoints) for (const table of payloadTables(endpoint)) this.tables.add(table);
    for (const securable of securables) for (const table of tablesOf(securable)) this.tables.add(table);
    this.securables.seed(securables);
    this.gatewayEndpoints = gatewayEndpoints;
    for (const held of [this.#endpoints, this.#names, this.#updating]) held.clear();
    this.reads.clear();
    this.grantReads.clear();
    this.updates.length = 0;
    this.#list = undefined;
    this.#generation = state.generation ?? 0;
    if (state.advanced_ms !== undefined) this.clock.advanced = state.advanced_ms;
    for (const endpoint of endpoints) this.#hold(endpoint);
    this.save();
  }

  snapshot(): WorkspaceState {
    return JSON.parse(this.#text());
  }

  /** @throws Error when the file is there and holds no state. */
  load(): void {
    if (this.file === undefined) return;
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    try {
      this.seed(JSON.parse(text));
    } catch (error) {
      throw new Error(`${this.file} holds no state of a simulator: ${(error as Error).message}`);
    }
  }

  /** Whole file beside, then rename: a kill at any moment leaves the old state or the new one. */
  save(): void {
    if (this.file === undefined) return;
    mkdirSync(dirname(this.file), { recursive: true });
    const beside = `${this.file}.${process.pid}.tmp`;
    writeFileSync(beside, this.#text(), { mode: 0o600 });
    renameSync(beside, this.file);
  }

  #hold(endpoint: Endpoint): void {
    this.#endpoints.set(endpoint.name, endpoint);
    if (endpoint.id !== undefined) this.#names.set(endpoint.id, endpoint.name);
    if (endpoint.updating) this.#updating.add(endpoint.name);
    else this.#updating.delete(endpoint.name);
    this.#list = undefined;
  }

  #remember(name: string): void {
    const before = this.#endpoints.get(name);
    const older =
      before === undefined
        ? null
        : { detail: before.detail(this.me), item: before.item(this.me, this.settings) };
    this.reads.wrote(name, older, this.settings.stale_reads ?? 0);
  }

  #items(): Map<string, string> {
    const items = new Map<string, string>();
    for (const [name, endpoint] of this.#endpoints) {
      if (endpoint.level(this.me) === undefined) continue;
      items.set(name, endpoint.item(this.me, this.settings, this.#shuffle));
    }
    return items;
  }

  #text(): string {
    const rest = JSON.stringify({
      me: this.me,
      settings: this.settings,
      tables: [...this.tables],
      advanced_ms: this.clock.advanced,
      generation: this.#generation,
      gateway_endpoints_v2: this.gatewayEndpoints,
    });
    const endpoints = [...this.#endpoints.values()].map((endpoint) => endpoint.state);
    const services = new Map(KINDS.map((kind) => [kind, [] as string[]]));
    for (const securable of this.securables.all) services.get(securable.kind)!.push(securable.state);
    const lists = [...services].map(([{ list }, texts]) => `,"${list}":[\n${texts.join(',\n')}\n]`);
    return `${rest.slice(0, -1)},"serving_endpoints":[\n${endpoints.join(',\n')}\n]${lists.join('')}}\n`;
  }
}

function wrapped(items: Iterable<string>): string {
  return `{"endpoints":[${[...items].join(',')}]}`;
}

/** The payload table that a seeded endpoint writes. */
function payloadTables(endpoint: Endpoint): string[] {
  const block = isObject(endpoint.body.ai_gateway)
    ? endpoint.body.ai_gateway.inference_table_config
    : undefined;
  if (!isObject(block) || block.enabled !== true) return [];
  return [`${block.catalog_name}.${block.schema_name}.${block.table_name_prefix ?? endpoint.name}_payload`];
}

/** The same of a service, from the resource name that its config answers. */
function tablesOf({ config }: Securable): string[] {
  const block = config.inference_table;
  if (!isObject(block) || typeof block.table !== 'string' || block.is_deleted === true) return [];
  return [block.table.replace(/^tables\//, '')];
}

function gatewayEndpointsOf(seeds: readonly JsonObject[], creator: string): JsonObject[] {
  return seeds.map((seed) => {
    if (!isObject(seed) || typeof seed.name !== 'string' || seed.name === '')
      throw new Error('every entry of gateway_endpoints_v2 needs a name');
    return { id: idFor(`v2 ${seed.name}`, 0), created_by: creator, ...seed };
  });
}

function callerOf(me: Me | undefined): Required<Me> {
  const user_name = me?.user_name ?? 'ana@example.com';
  return {
    user_name,
    display_name: me?.display_name ?? user_name,
    id: me?.id ?? '1000000000000001',
    groups: me?.groups ?? ['users', 'admins'],
    service_principal: me?.service_principal ?? false,
  };
}
