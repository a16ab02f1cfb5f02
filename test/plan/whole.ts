// A plan made of what people write: a gatewright.yaml and endpoints as GET answers them. Nothing is asked.
import type { JsonObject } from '../../src/model/json';
import { type LiveEstate, liveKey } from '../../src/plan/estate';
import { makePlan, type PlanRequest } from '../../src/plan/plan';
import type { Change, Plan } from '../../src/plan/types';
import { withExtras } from '../../src/reconcile/refresh';
import { servingEndpoints as wire } from '../../src/wire/serving-endpoints';
import { load, said } from '../config/project';

export const STAMP = { key: 'gatewright_project', value: 'p' };

/** `body` stands below `chat:`. `permissions` of a live endpoint are its direct entries. */
export function planFor(body: string, live: JsonObject | undefined, more: Partial<PlanRequest> = {}): Plan {
  const text = `project: p\nserving_endpoints:\n  chat:\n${body
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n`;
  const loaded = load(text);
  if (loaded.desired === undefined) throw new Error(said(loaded).join('\n'));
  const estate: LiveEstate = {
    resources: new Map(live === undefined ? [] : [[liveKey(wire.kind, 'chat'), liveOf(live)]]),
    absent: new Set(live === undefined ? [liveKey(wire.kind, 'chat')] : []),
    unseen: new Map(),
    listed: live === undefined ? [] : [liveOf(live)],
    notices: [],
    caller: ['user:ana@example.com'],
  };
  const request = {
    desired: loaded.desired,
    live: estate,
    host: 'https://workspace.example.com',
    tool: '0.0.0',
    now: 0,
  };
  return makePlan({ ...request, ...more }).plan;
}

/** Complete enough to be somebody's, and ours: id, creator, stamp. */
export function liveOf({ permissions, ...raw }: JsonObject) {
  const live = wire.fromWire(
    { name: 'chat', id: 'e1', creator: 'ana@example.com', tags: [STAMP], ...raw },
    true,
  );
  return withExtras(live, permissions === undefined ? undefined : { permissions });
}

export function changeOf({ changes, refused }: Plan): Change {
  const [change] = changes;
  if (change === undefined) throw new Error(`no change; refused: ${JSON.stringify(refused)}`);
  return change;
}

/** `[operation, body]` of each step, as it would be sent now. */
export function stepsOf(plan: Plan): [string, JsonObject][] {
  return changeOf(plan).steps.map(({ operation, body }) => [
    operation.replace(/^.*\./, ''),
    body as JsonObject,
  ]);
}
