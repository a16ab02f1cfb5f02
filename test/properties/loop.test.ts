// What must always hold, over generated estates, through the real command line against the simulator: apply
// then plan is empty; plan and drift only GET; what nobody manages is what it was; no secret leaves.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { run } from '../../src/cli/run';
import { isObject, type JsonObject } from '../../src/model/json';
import { type SeededEndpoint, Simulator } from '../../src/simulator';
import { world } from '../cli/world';
import { type Estate, estates } from '../generators/estate';

const CASES = Number(process.env.GATEWRIGHT_CASES ?? 2_000);
const TOKEN = 'dapi-canary-7f3e9b1c55aa';
const seed = Number(process.env.GATEWRIGHT_SEED ?? Math.floor(Math.random() * 2 ** 31));

let simulator: Simulator;
let directory: string;
const counts = { cases: 0, writes: 0, unmanaged: 0, applied: 0, refused: 0 };

beforeAll(async () => {
  simulator = await Simulator.start({ token: TOKEN });
  directory = mkdtempSync(join(tmpdir(), 'gatewright-property-'));
});

afterAll(async () => {
  await simulator.close();
  rmSync(directory, { recursive: true });
  process.stdout.write(`loop properties: seed ${seed}, ${JSON.stringify(counts)}\n`);
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly methods: readonly string[];
  readonly gatewayPuts: readonly { readonly path: string; readonly body?: unknown }[];
}

async function gatewright(...argv: string[]): Promise<Ran> {
  simulator.clearRequests();
  let now = 1_790_000_000_000;
  const sleepless = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  const context = world({
    cwd: directory,
    env: { DATABRICKS_HOST: simulator.url, DATABRICKS_TOKEN: TOKEN },
    clock: sleepless,
  });
  const code = await run(argv, context);
  const ran = {
    code,
    out: context.out(),
    err: context.err(),
    methods: simulator.requests.map(({ method }) => method),
    gatewayPuts: simulator.requests.filter(
      ({ path, method }) => method === 'PUT' && path.endsWith('/ai-gateway'),
    ),
  };
  expect(`${ran.out}${ran.err}`).not.toContain(TOKEN);
  return ran;
}

function prepare(estate: Estate): void {
  simulator.seed({ serving_endpoints: estate.live as SeededEndpoint[] });
  writeFileSync(join(directory, 'gatewright.yaml'), JSON.stringify(estate.config));
}

function gatewayOf(name: string): JsonObject {
  const endpoint = simulator.snapshot().serving_endpoints?.find((one) => one.name === name);
  const gateway = endpoint === undefined ? undefined : (endpoint as JsonObject).ai_gateway;
  return isObject(gateway) ? gateway : {};
}

async function holds(estate: Estate): Promise<void> {
  prepare(estate);
  counts.cases += 1;
  const names = Object.keys(estate.unmanaged);
  const before = Object.fromEntries(names.map((name) => [name, gatewayOf(name)]));
  if (Object.values(estate.unmanaged).some((blocks) => blocks.length > 0)) counts.unmanaged += 1;

  const planned = await gatewright('plan', '--allow', 'adopt-removes', '-o', 'json', '--out', 'plan.json');
  expect({ code: planned.code, err: planned.err }).toEqual({ code: 0, err: expect.any(String) });
  expect(new Set(planned.methods)).toEqual(new Set(['GET']));
  const drift = await gatewright('drift');
  expect([0, 2]).toContain(drift.code);
  expect(new Set(drift.methods)).toEqual(new Set(['GET']));

  const applied = await gatewright('apply', '--yes', '--allow', 'adopt-removes');
  expect({ code: applied.code, out: applied.out, err: applied.err }).toEqual({
    code: 0,
    out: expect.any(String),
    err: applied.err,
  });
  if (applied.methods.some((method) => method !== 'GET')) counts.writes += 1;
  counts.applied += 1;

  const again = await gatewright('plan', '-o', 'json');
  expect({
    code: again.code,
    changes: JSON.parse(again.out).changes,
    refused: JSON.parse(again.out).refused,
  }).toEqual({ code: 0, changes: [], refused: [] });
  expect((await gatewright('drift')).code).toBe(0);
  const seen = new Set<string>();
  for (const { path, body } of applied.gatewayPuts) {
    const name = path.split('/').at(-2) ?? '';
    // What the workspace itself filled in after the first put is not ours to answer for.
    if (seen.has(name)) continue;
    seen.add(name);
    for (const block of estate.unmanaged[name] ?? []) {
      expect(JSON.stringify((body as JsonObject)[block])).toBe(JSON.stringify(before[name]?.[block]));
    }
  }
  for (const file of readdirSync(directory))
    expect(readFileSync(join(directory, file), 'utf8')).not.toContain(TOKEN);
}

test(`apply, then plan, is empty; plan only GETs; siblings stay; no secret leaves (${CASES} cases)`, async () => {
  await fc.assert(fc.asyncProperty(estates, holds), { numRuns: CASES, seed, endOnFailure: false });
  expect(counts.writes / counts.cases).toBeGreaterThanOrEqual(0.6);
  expect(counts.unmanaged / counts.cases).toBeGreaterThanOrEqual(0.2);
}, 170_000);

test('order means nothing where it means nothing: shuffled lists, live and declared, give the same digest', async () => {
  const shuffles = fc.tuple(estates, fc.integer({ min: 1, max: 2 ** 31 - 1 }));
  await fc.assert(
    fc.asyncProperty(shuffles, async ([estate, chance]) => {
      prepare(estate);
      const straight = JSON.parse((await gatewright('plan', '--allow', 'adopt-removes', '-o', 'json')).out);
      prepare(shuffled(estate, chance));
      const turned = JSON.parse((await gatewright('plan', '--allow', 'adopt-removes', '-o', 'json')).out);
      expect(turned.digest).toBe(straight.digest);
    }),
    { numRuns: CASES, seed },
  );
}, 170_000);

/** Members of objects and items of unordered lists in another order; the order of served entities is kept. */
function shuffled(estate: Estate, chance: number): Estate {
  let state = chance;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
  const turn = <T>(list: readonly T[]): T[] =>
    list
      .map((value) => ({ value, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ value }) => value);
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return turn(value.map(walk));
    if (!isObject(value)) return value;
    return Object.fromEntries(turn(Object.entries(value)).map(([key, inner]) => [key, walk(inner)]));
  };
  return {
    ...estate,
    live: walk(estate.live) as Estate['live'],
    config: walk(estate.config) as Estate['config'],
  };
}
