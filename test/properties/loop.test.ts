// What must always hold, over generated estates, through the real command line against the simulator: apply
// then plan is empty; plan and drift only GET; what nobody manages is what it was; no secret leaves.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { isObject, type JsonObject } from '../../src/model/json';
import { type Estate, estates } from '../generators/estate';
import { casesOr, Loop, methodsOf, SEED, TOKEN } from './loop';

/** Four commands each, some 40 to 50 ms; test/deep has more. */
const CASES = casesOr(1_000);
let loop: Loop;
const counts = { cases: 0, writes: 0, unmanaged: 0 };

beforeAll(async () => {
  loop = await Loop.open();
});

afterAll(async () => {
  await loop.close();
  process.stdout.write(`loop properties: seed ${SEED}, ${JSON.stringify(counts)}\n`);
});

function gatewayOf(name: string): JsonObject {
  const endpoint = loop.simulator.snapshot().serving_endpoints?.find((one) => one.name === name);
  const gateway = endpoint === undefined ? undefined : (endpoint as JsonObject).ai_gateway;
  return isObject(gateway) ? gateway : {};
}

async function holds(estate: Estate): Promise<void> {
  loop.prepare(estate);
  counts.cases += 1;
  const before = Object.fromEntries(Object.keys(estate.unmanaged).map((name) => [name, gatewayOf(name)]));
  if (Object.values(estate.unmanaged).some((blocks) => blocks.length > 0)) counts.unmanaged += 1;

  const planned = await loop.gatewright(
    'plan',
    '--allow',
    'adopt-removes',
    '-o',
    'json',
    '--out',
    'plan.json',
  );
  expect({ code: planned.code, err: planned.err }).toEqual({ code: 0, err: planned.err });
  expect(methodsOf(planned)).toEqual(new Set(['GET']));

  const applied = await loop.gatewright('apply', '--yes', '--allow', 'adopt-removes');
  expect({ code: applied.code, out: applied.out, err: applied.err }).toEqual({
    code: 0,
    out: applied.out,
    err: applied.err,
  });
  if (applied.requests.some(({ method }) => method !== 'GET')) counts.writes += 1;

  const again = await loop.gatewright('plan', '-o', 'json');
  const { changes, refused } = JSON.parse(again.out);
  expect({ code: again.code, changes, refused }).toEqual({ code: 0, changes: [], refused: [] });
  const drift = await loop.gatewright('drift');
  expect(drift.code).toBe(0);
  expect(methodsOf(drift)).toEqual(new Set(['GET']));
  siblingsWentBackAsTheyCame(estate, applied.requests, before);
  for (const file of readdirSync(loop.directory)) {
    expect(readFileSync(join(loop.directory, file), 'utf8')).not.toContain(TOKEN);
  }
}

/** Byte for byte, in the first put of each endpoint: what the workspace fills in after that is not ours to answer for. */
function siblingsWentBackAsTheyCame(
  estate: Estate,
  requests: Awaited<ReturnType<Loop['gatewright']>>['requests'],
  before: Readonly<Record<string, JsonObject>>,
): void {
  const seen = new Set<string>();
  for (const { method, path, body } of requests) {
    const name = path.split('/').at(-2) ?? '';
    if (method !== 'PUT' || !path.endsWith('/ai-gateway') || seen.has(name)) continue;
    seen.add(name);
    for (const block of estate.unmanaged[name] ?? []) {
      expect(JSON.stringify((body as JsonObject)[block])).toBe(JSON.stringify(before[name]?.[block]));
    }
  }
}

test(
  `apply, then plan, is empty; plan only GETs; siblings stay; no secret leaves (${CASES} cases)`,
  async () => {
    await fc.assert(fc.asyncProperty(estates, holds), { numRuns: CASES, seed: SEED });
    expect(counts.writes / counts.cases).toBeGreaterThanOrEqual(0.6);
    expect(counts.unmanaged / counts.cases).toBeGreaterThanOrEqual(0.2);
  },
  CASES * 300,
);
