// What all services of Unity Catalog share on the wire: lists by schema, create below a parent, updates by mask and
// etag, grants. What tells one kind from another is its `ServiceSpec`.
// https://docs.databricks.com/api/workspace/aigateway
import { type Assignment, assign, leavesOf, valueAt } from '../model/assign';
import { isObject, type Json, type JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import { type Path, pathText } from '../model/path';
import type { LiveResource } from '../model/resource';
import { FIELD as GRANTS, grantChanges, grantOperations, grantSteps, grantsExtra, MANAGE } from './grants';
import { sendable } from './members';
import type { Operation } from './operation';
import { itemsOf, liveOf, nameOf } from './service-answers';
import { maskHazards, tableHazards } from './service-hazards';
import { leafOf, type Mask, OWN, parentOf, type ServiceSpec } from './service-spec';
import type { Hazard, KindWire, Listing, StepLike, Wanted } from './step';

/** At most 100: https://docs.databricks.com/api/ai-gateway/v1/list-model-services.md */
const PAGE = '100';

export function unityService(spec: ServiceSpec): KindWire {
  const { fields } = kindOf(spec.kind);
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
      ...places.flatMap((place) => maskHazards(place, masks, live)),
      ...tableHazards(config, ours, live),
      ...(spec.hazards?.(config, ours) ?? []),
    ];
  }

  return {
    kind: spec.kind,
    lists: (names) => listings(op.list, names),
    get: op.get,
    extras: [grantsExtra(grants.read)],
    operations,
    updated: [],
    items: (answer) => itemsOf(answer, spec),
    nameOf: (raw) => nameOf(raw, spec),
    fromWire: (raw) => liveOf(raw, spec),
    sortOf: () => OWN,
    implied: () => ({}),
    irreplaceable: () => [],
    carried,
    update,
    create,
    destroy: () => [{ operation: op.remove, phase: 'config', ours: [] }],
    needsHere: true,
    needs: ({ config }) => (isObject(config) ? (spec.needs?.(config) ?? []) : []),
    params: ({ path }, name): Record<string, string> => (path.includes('{name}') ? { name } : {}),
    body,
    query,
    replaced: (path) => blockAt(path)?.block ?? pathText(path),
    hazards,
    manageRight: MANAGE,
  };
}

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

/** One list for each schema. The view BASIC leaves out most of what is governed; without a page size a list may end in 499. */
function listings(operation: Operation, names: readonly string[]): Listing[] {
  return [...new Set(names.filter((name) => name.includes('.')).map(parentOf))]
    .sort()
    .map((of) => ({ operation, of, query: { parent: `schemas/${of}`, page_size: PAGE, view: 'FULL' } }));
}

/** True of the block itself and of what stands in it. */
function isWithin(path: string, block: string): boolean {
  return path === block || (path.startsWith(block) && '.['.includes(path[block.length] ?? ''));
}
