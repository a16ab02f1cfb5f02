// Generated services are what their properties take them for: the workspace takes their seeds, what is declared whole it
// takes too once it is normalised, and what is interesting about them is there often enough.
import fc from 'fast-check';
import type { JsonObject } from '../../src/model/json';
import { Simulator, type WorkspaceState } from '../../src/simulator';
import {
  grantsConfig,
  mcpServiceConfig,
  modelServiceConfig,
  PROVIDER,
  providerServiceConfig,
  serviceEstates,
} from '../generators/service-config';
import { fieldsOf, load } from './project';

type Block = Record<string, unknown>;

let simulator: Simulator;
beforeAll(async () => {
  simulator = await Simulator.start({ token: 'generated-token', clock: 'manual' });
});
afterAll(() => simulator.close());

async function call(method: string, path: string, body: unknown): Promise<{ status: number; text: string }> {
  const response = await fetch(`${simulator.url}/api/2.1/unity-catalog${path}`, {
    method,
    headers: { authorization: 'Bearer generated-token', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

test('the workspace takes every seed, and answers it as it was written', () => {
  fc.assert(
    fc.property(serviceEstates, ({ live }) => {
      simulator.seed(live as unknown as WorkspaceState);
      const state = simulator.snapshot() as unknown as Record<string, Block[]>;
      for (const section of ['model_services', 'model_provider_services', 'mcp_services'] as const)
        for (const { name, config } of live[section]) {
          const found = state[section]?.find((each) => String(each.name).endsWith(`/${name}`));
          expect(found?.config).toMatchObject(config as Block);
        }
    }),
  );
});

/** Without what removes something: there is nothing yet. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => (each === null ? [] : [[name, withoutNulls(each)]])),
  );
}

/** What destinations lead to. */
const STANDING = fc.sample(serviceEstates, { numRuns: 1, seed: 1 }).map(({ live }) => ({
  serving_endpoints: live.serving_endpoints,
  model_provider_services: live.model_provider_services.filter(({ name }) => name === PROVIDER),
}))[0]!;

const CREATED = {
  model_services: {
    path: '/model-services',
    id: 'model_service_id',
    config: modelServiceConfig(),
    isWhole: ({ routing }: Block) => Array.isArray((routing as Block | undefined)?.destinations),
  },
  model_provider_services: {
    path: '/model-provider-services',
    id: 'model_provider_service_id',
    config: providerServiceConfig(),
    isWhole: ({ targets }: Block) => Array.isArray(targets),
  },
  mcp_services: {
    path: '/mcp-services',
    id: 'mcp_service_id',
    config: mcpServiceConfig(),
    isWhole: ({ source_connection }: Block) => source_connection !== undefined,
  },
} as const;

test.each(Object.entries(CREATED))(
  'the workspace takes %s that are declared whole, as the normal form has them',
  async (kind, { path, id, config, isWhole }) => {
    // The map form owns its keys alone: what stands in it is for what there is already.
    const whole = config.filter(
      (each) => isWhole(each) && (each.rate_limits === undefined || Array.isArray(each.rate_limits)),
    );
    await fc.assert(
      fc.asyncProperty(whole, grantsConfig(), async (each, grants) => {
        simulator.seed({
          ...STANDING,
          model_services: [],
          mcp_services: [],
        } as unknown as WorkspaceState);
        const loaded = load(
          JSON.stringify({ project: 'p', [kind]: { 'main.ai.made': { config: each, grants } } }),
        );
        const fields = fieldsOf(loaded) as JsonObject;
        const body = withoutNulls({ config: fields.config });
        const made = await call('POST', `${path}?parent=schemas/main.ai&${id}=made`, body);
        expect([made.status, made.text]).toEqual([200, made.text]);
        if (!Array.isArray(fields.grants)) return;
        const type = id.slice(0, -'_id'.length);
        const changes = fields.grants.map((grant) => {
          const { principal, privileges } = grant as JsonObject;
          return { principal, add: privileges };
        });
        expect((await call('PATCH', `/permissions/${type}/main.ai.made`, { changes })).status).toBe(200);
      }),
      { numRuns: 60 },
    );
  },
);

test('what is interesting is there often enough', () => {
  const counts = { all: 0, list: 0, map: 0, hour: 0, split: 0, fallback: 0, short: 0, grants: 0 };
  for (const { config } of fc.sample(serviceEstates, { numRuns: 1_000, seed: 1 })) {
    for (const section of Object.keys(CREATED)) {
      for (const entry of Object.values(config[section] as Record<string, Block>)) {
        const { rate_limits, routing } = (entry.config ?? {}) as Block;
        const { destinations, fallback } = (routing ?? {}) as {
          destinations?: unknown[];
          fallback?: unknown;
        };
        const text = JSON.stringify(entry);
        counts.all += 1;
        if (Array.isArray(rate_limits)) counts.list += 1;
        else if (rate_limits) counts.map += 1;
        if (/\/hour"|"hour"|_HOUR"/.test(text)) counts.hour += 1;
        if ((destinations?.length ?? 0) > 1) counts.split += 1;
        if (fallback !== undefined) counts.fallback += 1;
        if (/"destination_type":"[a-z]|"key":"[a-z]/.test(text)) counts.short += 1;
        if (entry.grants !== undefined) counts.grants += 1;
      }
    }
  }
  const share = (count: number) => count / counts.all;
  for (const [name, least] of [
    ['list', 0.1],
    ['map', 0.1],
    ['hour', 0.1],
    ['split', 0.03],
    ['fallback', 0.05],
    ['short', 0.1],
    ['grants', 0.2],
  ] as const)
    expect([name, share(counts[name]) >= least]).toEqual([name, true]);
});
