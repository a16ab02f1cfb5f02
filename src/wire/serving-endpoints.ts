// Serving endpoints on the wire: what a list item and a get answer mean, and which requests make a set of
// assignments true. https://docs.databricks.com/api/workspace/servingendpoints
import { type Assignment, assign, valueAt } from '../model/assign';
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS, type KeyCodec } from '../model/keys';
import { kindOf } from '../model/kinds';
import { item, itemKey, pathText } from '../model/path';
import type { LiveResource } from '../model/resource';
import { AI_GATEWAY_MEMBERS, unknownMembers } from './ai-gateway';
import type { Operation } from './operation';
import type { KindWire, StepDraft, Wanted, WantedAssignment } from './step';

const KIND = 'serving_endpoints';
const BASE = '/api/2.0/serving-endpoints';

/** The tag that says whose a fully managed endpoint is. */
export const STAMP_TAG = 'gatewright_project';
const STAMP_PATH = ['tags', item(STAMP_TAG)];

const LIST: Operation = {
  id: 'serving-endpoints.list',
  method: 'GET',
  path: BASE,
  retry: 'read',
  pace: 'read',
};
const GET: Operation = {
  id: 'serving-endpoints.get',
  method: 'GET',
  path: `${BASE}/{name}`,
  retry: 'read',
  pace: 'read',
};
const PUT_AI_GATEWAY: Operation = {
  id: 'serving-endpoints.put-ai-gateway',
  method: 'PUT',
  path: `${BASE}/{name}/ai-gateway`,
  retry: 'desired-state',
  pace: 'patch',
};
const PATCH_TAGS: Operation = {
  id: 'serving-endpoints.patch-tags',
  method: 'PATCH',
  path: `${BASE}/{name}/tags`,
  retry: 'desired-state',
  pace: 'patch',
};

const SETTLING: Readonly<Record<string, LiveResource['settling']>> = {
  NOT_UPDATING: 'settled',
  IN_PROGRESS: 'pending',
  UPDATE_FAILED: 'failed',
  UPDATE_CANCELED: 'cancelled',
};

/** https://github.com/databricks/terraform-provider-databricks/issues/5796 */
const OTHER_PATH = {
  code: 'other-path',
  message:
    'what is set here holds for calls to the serving endpoint; calls to the same model through Unity AI Gateway pass it by',
};

/** Fields of ours that a list item may leave out though the endpoint has them. */
const MAY_BE_LEFT_OUT = ['ai_gateway', 'tags'] as const;

function fromWire(raw: JsonObject, whole: boolean): LiveResource {
  const tags = isList(raw.tags) ? raw.tags.filter(isObject) : [];
  const stamp = tags.find((tag) => tag.key === STAMP_TAG)?.value;
  const sort = sortOf(raw);
  const state = isObject(raw.state) ? raw.state.config_update : undefined;
  return {
    kind: KIND,
    name: nameOf(raw),
    ...(typeof raw.id === 'string' && raw.id !== '' ? { id: raw.id } : {}),
    sort,
    fields: {
      ...(isObject(raw.ai_gateway) ? { ai_gateway: raw.ai_gateway } : {}),
      ...(isList(raw.tags) ? { tags: tags.filter((tag) => tag.key !== STAMP_TAG) } : {}),
    },
    unknownFields: whole ? [] : MAY_BE_LEFT_OUT.filter((field) => raw[field] === undefined),
    unknownMembers: unknownMembers(raw.ai_gateway, AI_GATEWAY_MEMBERS, 'ai_gateway'),
    ...(typeof stamp === 'string' ? { stamp } : {}),
    settling: (typeof state === 'string' ? SETTLING[state] : undefined) ?? 'settled',
    systemOwned: sort === 'pay_per_token',
    ...(sort === 'pay_per_token' ? { caution: OTHER_PATH } : {}),
    raw,
  };
}

function nameOf(raw: JsonObject): string {
  if (typeof raw.name !== 'string' || raw.name === '') throw new Error('a serving endpoint without a name');
  return raw.name;
}

/**
 * Which sort of endpoint an answer describes. `endpoint_type` is undocumented, so it decides only where
 * present; the name prefix alone never does, because customers' endpoints are called `databricks-...` too.
 * https://github.com/databricks/terraform-provider-databricks/issues/3845
 */
export function sortOf(raw: JsonObject): string {
  const config = isObject(raw.config) ? raw.config : {};
  const pending = isObject(raw.pending_config) ? raw.pending_config : {};
  const listed = [config.served_entities, config.served_models, pending.served_entities].find(
    (list): list is readonly Json[] => isList(list) && list.length > 0,
  );
  const entities = (listed ?? []).filter(isObject);
  const ownerless = raw.id === undefined && raw.creator === undefined;
  if (raw.endpoint_type === 'FOUNDATION_MODEL_API') return 'pay_per_token';
  if (ownerless && entities.some((entity) => isObject(entity.foundation_model))) return 'pay_per_token';
  if (entities.some((entity) => isObject(entity.external_model))) return 'external';
  const provisioned = ['provisioned_model_units', 'min_provisioned_throughput', 'max_provisioned_throughput'];
  if (entities.some((entity) => provisioned.some((field) => entity[field] !== undefined))) {
    return 'provisioned_throughput';
  }
  if (entities.some((entity) => isObject(entity.foundation_model) && entity.entity_name !== undefined)) {
    return 'provisioned_throughput';
  }
  if (typeof raw.task === 'string' && raw.task.startsWith('agent/')) return 'agent';
  if (isObject(raw.tile_endpoint_metadata)) return 'agent';
  return entities.length === 0 ? 'no_config' : 'custom';
}

function items(answer: Json | undefined): JsonObject[] {
  // The list leaves `endpoints` out when there are none.
  const list = isObject(answer) ? (answer.endpoints ?? []) : undefined;
  if (!isList(list) || !list.every(isObject))
    throw new Error('a list of serving endpoints without "endpoints"');
  return [...list] as JsonObject[];
}

function steps({ name, live, assignments, stamp, fields }: Wanted): StepDraft[] {
  const gateway = assignments.filter(({ path }) => path[0] === 'ai_gateway');
  const tags: Assignment[] = assignments
    .filter(({ path }) => path[0] === 'tags')
    .map(({ path, value }) => ({ path, value }));
  if (stamp !== undefined) tags.push({ path: STAMP_PATH, value: stamp });
  const params = { name };
  const drafts: StepDraft[] = gatewaySteps(gateway, live, fields).map((draft) => ({
    ...draft,
    operation: PUT_AI_GATEWAY,
    params,
  }));
  if (tags.length > 0) drafts.push({ operation: PATCH_TAGS, params, phase: 'tighten', ours: tags });
  return drafts;
}

/** One PUT, or two where a single one would pass through a state that is looser than both ends, or the API refuses one. */
function gatewaySteps(
  wanted: readonly WantedAssignment[],
  live: LiveResource,
  fields: Wanted['fields'],
): Pick<StepDraft, 'phase' | 'ours' | 'note'>[] {
  if (wanted.length === 0) return [];
  const bare = (list: readonly WantedAssignment[]): Assignment[] =>
    list.map(({ path, value }) => ({ path, value }));
  const tightening = withCompanions(wanted, live, fields);
  const loosening = wanted.some(({ direction }) => direction === 'loosens');
  const switches = offFirst(wanted, live, fields);
  if (switches.length > 0) {
    return [
      {
        phase: 'tighten',
        ours: [
          ...bare(tightening.filter(({ path }) => !switches.some((s) => samePath(s.off.path, path)))),
          ...switches.map((s) => s.off),
        ],
        note: 'Requests are not logged between this step and the next: the API moves a table only while logging is off.',
      },
      {
        phase: 'open',
        ours: [
          ...bare(wanted.filter(({ path }) => !switches.some((s) => samePath(s.on.path, path)))),
          ...switches.map((s) => s.on),
        ],
      },
    ];
  }
  const both = tightening.length > 0 && loosening;
  if (both && fitsInBetween(tightening, live, fields)) {
    return [
      { phase: 'tighten', ours: bare(tightening) },
      { phase: 'open', ours: bare(wanted) },
    ];
  }
  return [{ phase: loosening ? 'open' : 'tighten', ours: bare(wanted) }];
}

/**
 * What tightens, and what must come with it: a block is switched on together with its place, or the API
 * refuses it; and what the server would fill in unasked is said at the first chance.
 */
function withCompanions(
  wanted: readonly WantedAssignment[],
  live: LiveResource,
  fields: Wanted['fields'],
): readonly WantedAssignment[] {
  const tightens = ({ direction }: WantedAssignment) => direction === 'tightens';
  const switched = new Set(wanted.filter(tightens).map(({ path }) => pathText(path)));
  const companion = ({ path }: WantedAssignment) => {
    const row = fields.row(path, live.sort);
    const unsaid = valueAt(live.fields, path, fields, live.sort) === undefined;
    return switched.has(row?.twoStep ?? '') || (row?.serverFills === true && unsaid);
  };
  return wanted.filter((one) => tightens(one) || companion(one));
}

/** Blocks that must be off before what is wanted can be set: the API refuses to move an inference table that is on. */
function offFirst(wanted: readonly WantedAssignment[], live: LiveResource, fields: Wanted['fields']) {
  const found = new Map<string, { off: Assignment; on: Assignment }>();
  for (const { path } of wanted) {
    const text = fields.row(path, live.sort)?.twoStep;
    if (text === undefined) continue;
    const toggle = text.split('.');
    if (valueAt(live.fields, toggle, fields, live.sort) !== true) continue;
    if (valueAt(live.fields, path, fields, live.sort) === undefined) continue;
    const asked = wanted.find((other) => samePath(other.path, toggle));
    // A block that goes altogether moves nowhere.
    if (asked?.value === null) continue;
    found.set(text, {
      off: { path: toggle, value: false },
      on: { path: toggle, value: asked?.value ?? true },
    });
  }
  return [...found.values()];
}

/**
 * The state between two PUTs holds the items of both ends; where the API would refuse so many, one PUT is
 * taken instead, which has no state in between.
 */
function fitsInBetween(
  tightening: readonly Assignment[],
  live: LiveResource,
  fields: Wanted['fields'],
): boolean {
  const between = assign(live.fields, tightening, fields, live.sort);
  return kindOf(KIND).most.every(({ path, reach, items }) => {
    const segments = path.split('.');
    const list = valueAt(between, segments, fields, live.sort);
    const codec: KeyCodec = KEY_CODECS[fields.row(segments, live.sort)?.keyed ?? 'tag'];
    const counts = (entry: Json) =>
      isObject(entry) && (reach === undefined || codec.reach?.(codec.keyOf(entry) ?? '') === reach);
    return !isList(list) || list.filter(counts).length <= items;
  });
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return pathText(a) === pathText(b);
}

function body(
  step: { readonly operation: string; readonly ours: readonly Assignment[] },
  live: LiveResource,
): Json | undefined {
  const { fields } = kindOf(KIND);
  if (step.operation === PATCH_TAGS.id) return tagsBody(step.ours);
  const now = isObject(live.raw.ai_gateway) ? { ai_gateway: live.raw.ai_gateway } : {};
  const merged = assign(now, step.ours, fields, live.sort);
  return isObject(merged.ai_gateway) ? merged.ai_gateway : {};
}

function tagsBody(ours: readonly Assignment[]): JsonObject {
  const add = ours.filter(({ value }) => value !== null);
  const remove = ours.filter(({ value }) => value === null);
  const key = ({ path }: Assignment) => itemKey(path[1] ?? '[]');
  return {
    ...(add.length > 0 ? { add_tags: add.map((one) => ({ key: key(one), value: one.value })) } : {}),
    ...(remove.length > 0 ? { delete_tags: remove.map(key) } : {}),
  };
}

export const servingEndpoints: KindWire = {
  kind: KIND,
  stampPath: STAMP_PATH,
  list: LIST,
  get: GET,
  items,
  nameOf,
  fromWire,
  steps,
  body,
  operations: [LIST, GET, PUT_AI_GATEWAY, PATCH_TAGS],
};
