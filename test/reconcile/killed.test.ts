// Killed at any request, before it arrived or after, with whatever was to come: running again ends where an
// undisturbed run ends, with new plans and with the saved one. No state file is needed to go on.
import type { JsonObject } from '../../src/model/json';
import type { Fault } from '../../src/simulator';
import { STAMP, Stage } from './stage';

/** A daily run kills at every fourth request, from another one on each time; the deep one at each. */
const EVERY = Number(process.env.GATEWRIGHT_EVERY ?? 4);
const FIRST = 1 + Math.floor(Math.random() * EVERY);

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const own = (version: string) => ({
  served_entities: [{ name: 'own', entity_name: 'ml.models.own', entity_version: version }],
});
const limits = (...calls: number[]) => ({
  rate_limits: calls.map((count, index) => ({
    calls: count,
    key: 'user',
    ...(index === 0 ? {} : { principal: `u${index}@example.com` }),
    renewal_period: 'minute',
  })),
});
const table = (schema_name: string) => ({
  inference_table_config: { enabled: true, catalog_name: 'ml', schema_name, table_name_prefix: 'moves' },
});

const STORIES: Record<string, { live: JsonObject[]; file: string; flags?: string[] }> = {
  'adopts, tightens before it opens, tags': {
    live: [{ name: 'chat', ai_gateway: limits(60, 5), tags: [{ key: 'cost', value: '1' }] }],
    file: `serving_endpoints:
  chat:
    ai_gateway:
      rate_limits: [{ key: user, calls: 600 }]
      guardrails: { input: { safety: true, pii: { behavior: BLOCK } } }
    tags: [{ key: team, value: support }]
`,
    flags: ['--allow', 'adopt-removes'],
  },
  'moves a logging table': {
    live: [{ name: 'moves', ai_gateway: { ...table('logs'), ...limits(60) }, tags: [STAMP] }],
    file: `serving_endpoints:
  moves:
    ai_gateway:
      inference_table_config: { enabled: true, catalog_name: ml, schema_name: audit }
      rate_limits: { user: { calls: 5 } }
  databricks-gpt: { manage: attach, ai_gateway: { rate_limits: { user: { calls: 0 } } } }
`,
  },
  'rolls out a config between what tightens and what opens': {
    live: [{ name: 'rolls', config: own('1'), ai_gateway: limits(60), tags: [STAMP] }],
    file: `serving_endpoints:
  rolls:
    config: { served_entities: [{ name: own, entity_name: ml.models.own, entity_version: "2" }] }
    ai_gateway: { rate_limits: { user: { calls: 600 }, endpoint: { calls: 10 } } }
    permissions: { "group:support": CAN_QUERY }
`,
  },
  'makes one, makes one anew, deletes one, lets one go': {
    live: [
      { name: 'anew', config: own('1'), ai_gateway: limits(60), tags: [STAMP, { key: 'cost', value: '1' }] },
      { name: 'old', tags: [STAMP] },
      { name: 'let-go', tags: [STAMP] },
    ],
    file: `serving_endpoints:
  made:
    config: { served_entities: [{ name: own, entity_name: ml.models.own, entity_version: "1" }] }
    permissions: { "group:support": CAN_QUERY }
  anew:
    config: { served_entities: [{ name: own, entity_name: ml.models.own, entity_version: "1" }] }
    route_optimized: true
removed:
  - { serving_endpoint: old, reason: replaced, since: 2026-01-01 }
  - { serving_endpoint: let-go, reason: goes to others, since: 2026-01-01, destroy: false }
`,
    flags: ['--allow', 'replace:anew'],
  },
};

/** From its request number `at` on, nothing that a run sends gets an answer; that one may still arrive. */
function killed(at: number, arrives: boolean): Fault[] {
  const dead: Fault = { action: 'reset', nth: at + 1, times: 0 };
  return [{ action: 'reset', nth: at, when: arrives ? 'after' : 'before' }, dead];
}

/** What matters of the workspace: no time, no id, no version. */
function state(): JsonObject[] {
  const endpoints = (stage.simulator.snapshot().serving_endpoints ?? []) as JsonObject[];
  return endpoints.map(({ name, ai_gateway, tags, permissions, route_optimized, config }) => {
    const { config_version: _, served_entities } = (config ?? {}) as JsonObject;
    const entities = ((served_entities ?? []) as JsonObject[]).map(({ name: entity, entity_version }) => ({
      entity: entity ?? null,
      entity_version: entity_version ?? null,
    }));
    const rest = { ai_gateway, tags, permissions, route_optimized, entities };
    return { name, ...JSON.parse(JSON.stringify(rest)) } as JsonObject;
  });
}

describe.each(Object.entries(STORIES))('a run that %s', (_, { live, file, flags = [] }) => {
  const begin = () =>
    stage.set(file, {
      settings: { update_duration_ms: 30_000 },
      serving_endpoints: [...live, { name: 'databricks-gpt' }] as never,
    });

  async function undisturbed(...words: string[]) {
    begin();
    if (words[0] === 'plan.json') await stage.gatewright(['plan', '--out', 'plan.json', ...flags]);
    const ran = await stage.gatewright(['apply', ...words]);
    expect(ran).toMatchObject({ code: 0 });
    return { requests: ran.requests.length, end: state() };
  }

  test.each([
    ['with a new plan', ['--yes', ...flags]],
    ['with the saved plan', ['plan.json']],
  ])(
    '%s',
    async (_words, words) => {
      const { requests, end } = await undisturbed(...words);
      for (let at = FIRST; at <= requests; at += EVERY) {
        for (const arrives of [false, true]) {
          begin();
          if (words[0] === 'plan.json') await stage.gatewright(['plan', '--out', 'plan.json', ...flags]);
          stage.watch.begin();
          const first = await stage.gatewright(['apply', ...words], { faults: killed(at, arrives) });
          const again = await stage.gatewright(['apply', ...words]);
          // Where a kill leaves it is a state between two requests too.
          expect({ at, arrives, looser: stage.watch.end() }).toEqual({ at, arrives, looser: [] });
          const where = { at, arrives, first: first.out + first.err, again: again.out + again.err };
          expect({ ...where, code: again.code, end: state() }).toEqual({ ...where, code: 0, end });
          const plan = await stage.gatewright(['plan', '--detailed-exitcode']);
          expect({ ...where, code: plan.code, plan: plan.out }).toEqual({
            ...where,
            code: 0,
            plan: plan.out,
          });
        }
      }
    },
    170_000,
  );
});
