// The loop's properties over whole endpoints: configs of every kind beside live ones, near or not there yet.
// What nobody declares inside an entity is what it was after a full-replace put; credentials leave nowhere.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { isList, isObject, type Json, type JsonObject } from '../../src/model/json';
import { ENVIRONMENT, type Kept, type WholeEstate, wholeEstates } from '../generators/config';
import { casesOr, Loop, methodsOf, SEED, TOKEN } from './loop';

/** Four commands over whole endpoints each, some 80 ms; test/deep has more. */
const CASES = casesOr(250);
const ALLOWED = ['adopt-removes', 'brake'].flatMap((guard) => ['--allow', guard]);

let loop: Loop;
const counts = { cases: 0, writes: 0, kept: 0, creates: 0 };

beforeAll(async () => {
  loop = await Loop.open(ENVIRONMENT);
});

afterAll(async () => {
  await loop.close();
  process.stdout.write(`whole endpoints: seed ${SEED}, ${JSON.stringify(counts)}\n`);
});

function entityOf({ endpoint, entity }: Kept): Json | undefined {
  const live = loop.simulator.snapshot().serving_endpoints?.find(({ name }) => name === endpoint) as
    | JsonObject
    | undefined;
  const config = isObject(live?.config) ? live.config : {};
  const entities = isList(config.served_entities) ? config.served_entities.filter(isObject) : [];
  return entities.find(({ name }) => name === entity);
}

async function holds(estate: WholeEstate): Promise<void> {
  loop.prepare(estate);
  counts.cases += 1;
  if (estate.kept.length > 0) counts.kept += 1;
  const planned = await loop.gatewright('plan', ...ALLOWED, '-o', 'json', '--out', 'plan.json');
  expect({ code: planned.code, err: planned.err, refused: refusedIn(planned.out) }).toEqual({
    code: 0,
    err: planned.err,
    refused: [],
  });
  expect(methodsOf(planned)).toEqual(new Set(['GET']));

  const applied = await loop.gatewright('apply', '--yes', ...ALLOWED);
  expect({ code: applied.code, out: applied.out, err: applied.err }).toEqual({
    code: 0,
    out: applied.out,
    err: applied.err,
  });
  if (applied.requests.some(({ method }) => method !== 'GET')) counts.writes += 1;
  if (applied.requests.some(({ method }) => method === 'POST')) counts.creates += 1;

  const again = await loop.gatewright('plan', '-o', 'json');
  const { changes, refused } = JSON.parse(again.out);
  expect({ code: again.code, changes, refused }).toEqual({ code: 0, changes: [], refused: [] });
  expect(methodsOf(await loop.gatewright('drift'))).toEqual(new Set(['GET']));
  for (const kept of estate.kept) {
    const found = kept.path.reduce<Json | undefined>(
      (node, name) => (isObject(node) ? node[name] : undefined),
      entityOf(kept),
    );
    expect({ kept, found }).toEqual({ kept, found: kept.value });
  }
  for (const file of readdirSync(loop.directory))
    secretless(readFileSync(join(loop.directory, file), 'utf8'));
  secretless(JSON.stringify([applied.requests, loop.simulator.snapshot()]));
  secretless(`${planned.out}${planned.err}${applied.out}${applied.err}`);
}

function refusedIn(out: string): unknown {
  return out.startsWith('{') ? JSON.parse(out).refused : out;
}

function secretless(text: string): void {
  for (const secret of [TOKEN, ...Object.values(ENVIRONMENT)]) expect(text).not.toContain(secret);
}

test(
  `whole endpoints: apply, then plan, is empty; what nobody declares stays; no secret leaves (${CASES} cases)`,
  async () => {
    await fc.assert(fc.asyncProperty(wholeEstates, holds), { numRuns: CASES, seed: SEED });
    expect(counts.writes / counts.cases).toBeGreaterThanOrEqual(0.6);
    expect(counts.kept / counts.cases).toBeGreaterThanOrEqual(0.2);
  },
  CASES * 300,
);
