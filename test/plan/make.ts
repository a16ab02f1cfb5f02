// Builds what a plan is made of, short enough to read in a test: entries, live endpoints, a request.
import type { JsonObject } from '../../src/model/json';
import type { DesiredResource, LiveResource } from '../../src/model/resource';
import { type LiveEstate, liveKey } from '../../src/plan/estate';
import { makePlan, type PlanRequest } from '../../src/plan/plan';
import type { Notice } from '../../src/plan/types';
import { wireOf } from '../../src/wire';

const KIND = 'serving_endpoints';
export const PROJECT = 'llm-platform';

export function entry(key: string, fields: JsonObject, more: Partial<DesiredResource> = {}): DesiredResource {
  return {
    kind: KIND,
    key,
    name: key,
    pattern: /[*?]/.test(key),
    manage: 'full',
    protect: false,
    labels: {},
    fields,
    preview: {},
    origins: { '': { file: 'gatewright.yaml', line: 1, column: 1, layer: 'file' } },
    ...more,
  };
}

export function attached(key: string, fields: JsonObject, more: Partial<DesiredResource> = {}) {
  return entry(key, fields, { manage: 'attach', ...more });
}

/** As GET answers it. `stamp: null` leaves it without one. */
export function live(name: string, raw: JsonObject = {}, stamp: string | null = PROJECT): LiveResource {
  const tags = Array.isArray(raw.tags) ? raw.tags : [];
  const stamped = stamp === null ? [] : [{ key: 'gatewright_project', value: stamp }];
  return wireOf(KIND).fromWire({ name, id: `id-${name}`, ...raw, tags: [...tags, ...stamped] }, true);
}

export interface Estate {
  readonly live?: readonly LiveResource[];
  /** Listed, and not to be read: name and reason. */
  readonly unseen?: Readonly<Record<string, string>>;
  readonly notices?: readonly Notice[];
}

export function estate({ live: resources = [], unseen = {}, notices = [] }: Estate): LiveEstate {
  return {
    resources: new Map(resources.map((one) => [liveKey(one.kind, one.name), one])),
    absent: new Set(),
    unseen: new Map(Object.entries(unseen).map(([name, reason]) => [liveKey(KIND, name), reason])),
    listed: [...resources, ...Object.keys(unseen).map((name) => ({ kind: KIND, name, sort: 'external' }))],
    notices,
  };
}

export function planOf(
  resources: readonly DesiredResource[],
  workspace: Estate,
  more: Partial<PlanRequest> = {},
) {
  return makePlan({
    desired: { project: PROJECT, target: '', protect: false, resources, removed: [] },
    live: estate(workspace),
    host: 'https://workspace.example.com',
    tool: '0.0.0',
    now: 0,
    ...more,
  });
}

export function userLimit(calls: number | null): JsonObject {
  return { ai_gateway: { rate_limits: { user: { calls } } } };
}

export function withUserLimit(calls: number): JsonObject {
  return { ai_gateway: { rate_limits: [{ key: 'user', calls, renewal_period: 'minute' }] } };
}
