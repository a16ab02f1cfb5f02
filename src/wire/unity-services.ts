// What all services of Unity Catalog share on the wire: lists by schema, create below a parent, updates by mask and
// etag, grants. What tells one kind from another is its `ServiceSpec`.
// https://docs.databricks.com/api/workspace/aigateway
import { type Assignment, assign, leavesOf, valueAt } from '../model/assign';
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import { type Path, pathText } from '../model/path';
import type { LiveResource } from '../model/resource';
import { FIELD as GRANTS, grantChanges, grantOperations, grantSteps, grantsExtra, MANAGE } from './grants';
import { type Members, sendable, unknownMembers } from './members';
import type { Operation } from './operation';
import type { Hazard, KindWire, Listing, Need, StepLike, Wanted } from './step';

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

const SYSTEM = 'system.';
/** "Page sizes larger than 100 are cut": https://docs.databricks.com/api/ai-gateway/v1/list-model-services.md */
const PAGE = '100';

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

export function unityService(spec: ServiceSpec): KindWire {
  const { fields, noun } = kindOf(spec.kind);
  const masks: readonly Mask[] = [{ mask: 'comment' }, ...spec.masks];
  const op = operationsOf(spec);
  const grants = grantOperations(spec.type);
  const operations = [...Object.values(op), grants.read, grants.change];

  const blockAt = (path: Path) => {
    for (const mask of masks) {
      const block = (mask.at ?? [mask.mask]).find((at) => isWithin(pathText(path), at));
      if (block !== undefined) return { mask, block };
    }
    return undefined;
  };
  const touched = (ours: readonly Assignment[]) =>
    masks.filter((mask) => ours.some(({ path }) => blockAt(path)?.mask === mask));

  function update({ declared, assignments }: Wanted) {
    const granted = assignments.filter(({ path }) => path[0] === GRANTS);
    const others = assignments
      .filter(({ path }) => path[0] !== GRANTS)
      .map(({ path, value }) => ({ path, value }));
    const said = new Set(others.map(({ path }) => pathText(path)));
    const along = (spec.companions?.(others, declared) ?? []).filter(({ path }) => !said.has(pathText(path)));
    // One request changes all of it at once, so no state in between is looser than both ends.
    const patch = { operation: op.patch, phase: 'config' as const, ours: [...others, ...along] };
    return [...grantSteps(granted, grants.change), ...(others.length > 0 ? [patch] : [])];
  }

  function create({ declared }: Wanted) {
    const leaves = leavesOf(declared, fields, OWN).filter(({ value }) => value !== null);
    const granted = leaves.filter(({ path }) => path[0] === GRANTS);
    const ours = leaves.filter(({ path }) => path[0] !== GRANTS);
    const made = { operation: op.create, phase: 'config' as const, ours };
    const opened = { operation: grants.change, phase: 'open' as const, ours: granted };
    return granted.length === 0 ? [made] : [made, opened];
  }

  function patchBody(ours: readonly Assignment[], live: LiveResource | undefined): JsonObject {
    const sort = live?.sort ?? OWN;
    const merged = assign(live?.fields ?? {}, ours, fields, sort);
    let body: JsonObject = {};
    for (const mask of touched(ours)) {
      for (const at of mask.at ?? [mask.mask]) {
        const path = at.split('.');
        const value = valueAt(merged, path, fields, sort);
        const whole = isObject(value) && mask.sent !== undefined ? mask.sent(value) : value;
        const cleared = fields.row(path, sort)?.keyed === undefined ? undefined : [];
        const sent = whole ?? cleared;
        if (sent !== undefined) body = assign(body, [{ path, value: sent }], fields, sort);
        // A part of the config is cleared by a config that leaves it out.
        if (path[0] === 'config' && body.config === undefined) body = { ...body, config: {} };
      }
    }
    return body;
  }

  function body(step: StepLike, _name: string, live: LiveResource | undefined): Json | undefined {
    if (step.operation === op.create.id) return assign({}, step.ours, fields, OWN);
    if (step.operation === op.patch.id) return patchBody(step.ours, live);
    if (step.operation === grants.change.id) return grantChanges(step.ours, live);
    return undefined;
  }

  function query({ operation, ours }: StepLike, name: string): Record<string, string> {
    if (operation === op.create.id)
      return { parent: `schemas/${parentOf(name)}`, [`${spec.type}_id`]: leafOf(name) };
    if (operation !== op.patch.id) return {};
    return {
      update_mask: touched(ours)
        .map(({ mask }) => mask)
        .join(','),
    };
  }

  function fromWire(raw: JsonObject): LiveResource {
    const name = nameOf(raw);
    const systemOwned = name.startsWith(SYSTEM);
    const config = isObject(raw.config) ? raw.config : undefined;
    const read = config === undefined ? undefined : counted(sendable(config, spec.config));
    const gone = config === undefined ? [] : deletedIn(config, 'config');
    return {
      kind: spec.kind,
      name,
      ...(typeof raw.create_time === 'string' ? { id: raw.create_time } : {}),
      ...(typeof raw.etag === 'string' && raw.etag !== '' ? { etag: raw.etag } : {}),
      sort: systemOwned ? 'system' : OWN,
      fields: {
        ...(typeof raw.comment === 'string' && raw.comment !== '' ? { comment: raw.comment } : {}),
        ...(isObject(read) ? { config: spec.meant?.(read) ?? read } : {}),
      },
      unknownFields: [GRANTS],
      unknownMembers: unknownMembers(config, spec.config, 'config'),
      settling: 'settled',
      ...(gone.length > 0 ? { warnings: [dangling(name, gone)] } : {}),
      systemOwned,
      raw,
    };
  }

  function nameOf(raw: JsonObject): string {
    const { name } = raw;
    const start = `${spec.path}/`;
    if (typeof name !== 'string' || !name.startsWith(start)) throw new Error(`a ${noun} without a name`);
    return name.slice(start.length);
  }

  function carried(live: LiveResource): JsonObject {
    const { comment, grants: held, config } = live.fields;
    const known = isObject(config) ? sendable(config, spec.config, true) : undefined;
    const all = { comment, config: isObject(known) ? assembled(known) : undefined, grants: held };
    return Object.fromEntries(
      Object.entries(all).flatMap(([field, value]) => (value === undefined ? [] : [[field, value]])),
    );
  }

  /** The config as its masks send it: without what cannot be sent again. */
  function assembled(config: JsonObject): JsonObject {
    const senders = new Map(
      masks.flatMap(({ at = [], sent }) => (sent === undefined ? [] : at.map((place) => [place, sent]))),
    );
    return Object.fromEntries(
      Object.entries(config).map(([member, value]) => {
        const sent = senders.get(`config.${member}`);
        return [member, sent === undefined || !isObject(value) ? value : sent(value)];
      }),
    );
  }

  function hazards(step: StepLike, live: LiveResource): Hazard[] {
    const { operation, ours } = step;
    if (operation !== op.patch.id && operation !== op.create.id) return [];
    const sent = body(step, live.name, live);
    const config = isObject(sent) && isObject(sent.config) ? sent.config : {};
    if (operation === op.create.id) return spec.hazards?.(config, ours) ?? [];
    const places = [...new Set(ours.map(({ path }) => blockAt(path)?.block ?? pathText(path)))];
    return [
      ...places.flatMap((place) => unmasked(place, live)),
      ...tableHazards(config, ours, live),
      ...(spec.hazards?.(config, ours) ?? []),
    ];
  }

  function unmasked(place: string, live: LiveResource): Hazard[] {
    const mask = masks.find(({ mask: path, at = [path] }) => at.includes(place));
    if (mask === undefined) {
      const help = 'Take it out of `preview:`, or set it by hand.';
      const message = `no update of ${live.name} can say ${place} alone, and one that says the whole config could take away what is not known here`;
      return [{ guard: 'no-mask', message, help }];
    }
    if (!live.systemOwned || mask.system === true) return [];
    const message = `${live.name} was made by the platform, which alone decides its ${place}`;
    return [{ guard: 'system-owned', message, help: 'Take that field out of the declaration.' }];
  }

  return {
    kind: spec.kind,
    lists: (names) => listings(op.list, names),
    get: op.get,
    extras: [grantsExtra(grants.read)],
    operations,
    updated: [],
    items: (answer) => itemsOf(answer, spec),
    nameOf,
    fromWire,
    sortOf: () => OWN,
    irreplaceable: () => [],
    carried,
    update,
    create,
    destroy: () => [{ operation: op.remove, phase: 'config', ours: [] }],
    needs: ({ config }) => (isObject(config) ? (spec.needs?.(config) ?? []) : []),
    params: ({ path }, name): Record<string, string> => (path.includes('{name}') ? { name } : {}),
    body,
    query,
    replaced: (path) => blockAt(path)?.block ?? pathText(path),
    hazards,
    manageRight: MANAGE,
  };
}

/** The sort of what somebody other than the platform made. */
const OWN = 'own';

function operationsOf({ path: base }: ServiceSpec) {
  const collection = `/api/2.1/unity-catalog/${base}`;
  const one = `${collection}/{name}`;
  return {
    list: { id: `${base}.list`, method: 'GET', path: collection, retry: 'read', pace: 'read' },
    get: { id: `${base}.get`, method: 'GET', path: one, retry: 'read', pace: 'read' },
    create: { id: `${base}.create`, method: 'POST', path: collection, retry: 'create', pace: 'patch' },
    patch: {
      id: `${base}.patch`,
      method: 'PATCH',
      path: one,
      retry: 'desired-state',
      pace: 'patch',
      conditional: true,
    },
    remove: {
      id: `${base}.delete`,
      method: 'DELETE',
      path: one,
      retry: 'delete',
      pace: 'patch',
      conditional: true,
    },
  } satisfies Record<string, Operation>;
}

/** True of the block itself and of what stands in it. */
function isWithin(path: string, block: string): boolean {
  return path === block || (path.startsWith(block) && '.['.includes(path[block.length] ?? ''));
}

const parentOf = (name: string) => name.slice(0, name.lastIndexOf('.'));
const leafOf = (name: string) => name.slice(name.lastIndexOf('.') + 1);

/** One list for each schema. The view BASIC leaves out most of what is governed; without a page size a list may end in 499. */
function listings(operation: Operation, names: readonly string[]): Listing[] {
  return [...new Set(names.filter((name) => name.includes('.')).map(parentOf))]
    .sort()
    .map((of) => ({ operation, of, query: { parent: `schemas/${of}`, page_size: PAGE, view: 'FULL' } }));
}

/** A page without services leaves the member out. */
function itemsOf(answer: Json | undefined, { kind }: ServiceSpec): JsonObject[] {
  const list = isObject(answer) ? (answer[kind] ?? []) : undefined;
  if (!isList(list) || !list.every(isObject)) throw new Error(`a list without "${kind}"`);
  return [...list] as JsonObject[];
}

/** Counts of 64 bits may come as their digits. https://protobuf.dev/programming-guides/json/ */
function counted(config: Json): Json {
  if (!isObject(config) || !isList(config.rate_limits)) return config;
  const digits = (value: Json) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value);
  const rate_limits = config.rate_limits.map((limit) => {
    if (!isObject(limit)) return limit;
    const counts = (['requests', 'tokens'] as const).filter((unit) => limit[unit] !== undefined);
    return { ...limit, ...Object.fromEntries(counts.map((unit) => [unit, digits(limit[unit] ?? null)])) };
  });
  return { ...config, rate_limits };
}

/** Where something stands whose target was deleted. */
function deletedIn(value: Json, at: string): string[] {
  if (isList(value)) {
    return value.flatMap((entry, index) => {
      const name = isObject(entry) && typeof entry.name === 'string' ? entry.name : index;
      return deletedIn(entry, `${at}[${name}]`);
    });
  }
  if (!isObject(value)) return [];
  const inner = Object.entries(value).flatMap(([name, member]) => deletedIn(member, `${at}.${name}`));
  return value.is_deleted === true ? [at, ...inner] : inner;
}

function dangling(name: string, paths: readonly string[]) {
  return {
    code: 'refers-to-deleted',
    message: `${name}: what ${paths.join(' and ')} refers to was deleted, and what depends on it fails`,
    help: 'Declare another in its place; if the same was made again, give the entry another name, so that it is written anew.',
  };
}

function tableHazards(config: JsonObject, ours: readonly Assignment[], live: LiveResource): Hazard[] {
  if (!ours.some(({ path }) => path[0] === 'config' && path[1] === 'inference_table')) return [];
  const before = isObject(live.raw.config) ? live.raw.config.inference_table : undefined;
  const after = config.inference_table;
  if (!isObject(before) || before.is_deleted === true || !isObject(after)) return [];
  const prefix = ({ table_name_prefix: text }: JsonObject) =>
    typeof text === 'string' && text !== '' ? text : leafOf(live.name);
  if (before.parent === after.parent && prefix(before) === prefix(after)) return [];
  return [
    {
      guard: 'table-moves',
      message: `the inference table of ${live.name} exists, and neither its schema nor its prefix can be changed`,
      help: 'Set inference_table to null in a change of its own, then declare the new place: nothing is logged in between.',
    },
  ];
}
