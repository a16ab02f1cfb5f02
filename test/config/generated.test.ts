// Generated endpoints are what their properties take them for: they load, the workspace takes their seeds, and what is
// interesting about them is there often enough.
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import documentSchema from '../../schemas/desired.schema.json';
import fileSchema from '../../schemas/gatewright.schema.json';
import { desiredDocument, readDesiredDocument } from '../../src/config';
import { canonicalJson } from '../../src/model/json';
import { type SeededEndpoint, Simulator } from '../../src/simulator';
import { ENVIRONMENT, type WholeEstate, wholeEstates } from '../generators/config';
import type { Block } from '../generators/entities';
import { load } from './project';

const entriesOf = ({ config }: WholeEstate) =>
  Object.values(config.serving_endpoints as Record<string, Block>);
const entitiesOf = (block: Block | undefined) => (block?.config as Block | undefined)?.served_entities;

const acceptsFile = new Ajv2020({ strict: false }).compile(fileSchema);
const acceptsDocument = new Ajv2020({ strict: false }).compile(documentSchema);

test('every one loads without an error, its document reads back the same, and both are what editors accept', () => {
  fc.assert(
    fc.property(wholeEstates, (estate) => {
      const loaded = load(JSON.stringify(estate.config));
      expect(loaded.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      const document = canonicalJson(desiredDocument(loaded.desired!));
      const read = readDesiredDocument(document, 'desired.json');
      expect(read.diagnostics).toEqual([]);
      for (const [validate, value] of [
        [acceptsFile, estate.config],
        [acceptsDocument, JSON.parse(document)],
      ] as const)
        expect([validate(value), validate.errors]).toEqual([true, null]);
      expect(canonicalJson(desiredDocument(read.desired!))).toBe(document);
      for (const [, name] of document.matchAll(/\$\{env\.(\w+)\}/g))
        expect(Object.keys(ENVIRONMENT)).toContain(name);
    }),
    { numRuns: 500 },
  );
});

test('the workspace takes every seed, and shows what is to be kept', async () => {
  const simulator = await Simulator.start({ token: 'generated-token' });
  try {
    fc.assert(
      fc.property(wholeEstates, (estate) => {
        simulator.seed({ serving_endpoints: estate.live as unknown as SeededEndpoint[] });
        const live = simulator.snapshot().serving_endpoints as unknown as Block[];
        for (const { endpoint, entity, path, value } of estate.kept) {
          const entities = entitiesOf(live.find(({ name }) => name === endpoint)) as Block[];
          let at: unknown = entities.find(({ name }) => name === entity);
          for (const name of path) at = (at as Block | undefined)?.[name];
          expect(at).toEqual(value);
        }
      }),
      { numRuns: 200 },
    );
  } finally {
    await simulator.close();
  }
});

test('what is interesting is there often enough', () => {
  const counts = {
    all: 0,
    made: 0,
    list: 0,
    map: 0,
    split: 0,
    environment: 0,
    kept: 0,
    plaintext: 0,
    goes: 0,
  };
  for (const estate of fc.sample(wholeEstates, { numRuns: 1_000, seed: 1 })) {
    for (const [index, entry] of entriesOf(estate).entries()) {
      const entities = entitiesOf(entry);
      if (entities === undefined) continue;
      const live = estate.live.find(({ name }) => name === `e${index}`);
      const kept = estate.kept.filter(({ endpoint }) => endpoint === `e${index}`);
      counts.all += 1;
      if (live === undefined) counts.made += 1;
      counts[Array.isArray(entities) ? 'list' : 'map'] += 1;
      if (Object.keys(entities as object).length > 1) counts.split += 1;
      if (kept.some(({ path }) => path[0] === 'environment_vars')) counts.environment += 1;
      if (kept.length > 0) counts.kept += 1;
      if (JSON.stringify(entry).includes('_plaintext')) counts.plaintext += 1;
      if (JSON.stringify(entitiesOf(live) ?? []).includes('"gone"')) counts.goes += 1;
    }
  }
  const share = (count: number) => count / counts.all;
  expect(share(counts.made)).toBeGreaterThan(0.1);
  expect(share(counts.list)).toBeGreaterThan(0.3);
  expect(share(counts.map)).toBeGreaterThan(0.3);
  expect(share(counts.split)).toBeGreaterThan(0.4);
  expect(share(counts.environment)).toBeGreaterThan(0.1);
  expect(share(counts.kept)).toBeGreaterThan(0.4);
  expect(share(counts.plaintext)).toBeGreaterThan(0.1);
  expect(share(counts.goes)).toBeGreaterThan(0.2);
});
