// What is imported is what is there: over generated workspaces a plan of an import has no change but adopt, no difference
// and no request but for stamps; through the real command line, applying it sends just those. No secret is written.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { importEntries } from '../../src/cli/importing';
import { loadProject, textSource } from '../../src/config';
import { authoredText } from '../../src/config/author-yaml';
import { isObject, type JsonObject } from '../../src/model/json';
import { liveKey } from '../../src/plan/estate';
import { makePlan } from '../../src/plan/plan';
import { survey } from '../../src/reconcile/survey';
import type { WorkspaceState } from '../../src/simulator';
import { Surveyor } from '../cli/surveyed';
import { wholeEstates } from '../generators/config';
import { type Estate, estates } from '../generators/estate';
import { liveEstates, PLAIN_SECRET } from '../generators/live';
import { type Case, cases } from '../generators/services';
import { SECRET, Services } from '../reconcile/services';
import { casesOr, Loop, methodsOf, SEED } from './loop';

/** Two properties, 10 to 15 ms for a case of each; test/deep has more. */
const CASES = casesOr(800);
/** Through the command line, with files and a connection: of every twenty cases one. */
const WHOLE_CASES = Math.ceil(CASES / 40);
const STAMP = { add_tags: [{ key: 'gatewright_project', value: 'generated' }] };

type Seeds = readonly { readonly [member: string]: unknown }[];

/** Estates of the loop's properties, as they are before anybody manages them. */
const unstamped = (from: fc.Arbitrary<Estate>) =>
  from.map(({ live }) =>
    live.map(({ tags, ...rest }) => ({
      ...rest,
      tags: ((tags ?? []) as { key: string }[]).filter(({ key }) => key !== 'gatewright_project'),
    })),
  );
const seeds: fc.Arbitrary<Seeds> = fc.oneof(
  { weight: 3, arbitrary: liveEstates },
  { weight: 1, arbitrary: unstamped(wholeEstates) },
  { weight: 1, arbitrary: unstamped(estates) },
);

const stateOf = (live: Seeds) =>
  ({ serving_endpoints: live, settings: { update_duration_ms: 0 } }) as unknown as WorkspaceState;

describe('without a connection', () => {
  let surveyor: Surveyor;
  const counts = { cases: 0, imported: 0, passedOver: 0, leftOut: 0 };

  beforeAll(async () => {
    surveyor = await Surveyor.open();
  });

  afterAll(async () => {
    await surveyor.close();
    process.stdout.write(`import property: seed ${SEED}, ${JSON.stringify(counts)}\n`);
  });

  function holds(live: Seeds, presets: boolean, fold: boolean): void {
    const survey = surveyor.survey(stateOf(live));
    const imported = importEntries(survey, undefined, {
      manage: 'full',
      presets,
      fold,
      isNamed: () => false,
    });
    const { entries, passedOver, globs } = imported;
    const standFor = entries.reduce((sum, { key }) => sum + (globs.get(key)?.length ?? 1), 0);
    expect(standFor + passedOver.length).toBe(live.length);
    const text = `project: generated\n${authoredText([
      { name: 'presets', entries: imported.presets },
      { name: 'serving_endpoints', entries },
    ])}`;
    expect(`${text}${JSON.stringify(passedOver)}`).not.toContain(PLAIN_SECRET);
    for (const line of text.split('\n')) expect(line).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]*$/u);
    counts.cases += 1;
    counts.imported += standFor;
    counts.passedOver += passedOver.length;
    if (text.includes(' is left out')) counts.leftOut += 1;

    const { desired, diagnostics } = loadProject({ source: textSource({ 'gatewright.yaml': text }) });
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const resources = new Map(survey.found.map((one) => [liveKey(one.live.kind, one.live.name), one.live]));
    const estate = {
      resources,
      absent: new Set<string>(),
      unseen: new Map<string, string>(),
      listed: [],
      notices: [],
    };
    const { plan } = makePlan({ desired: desired!, live: estate, host: 'h', tool: 't', now: 0 });
    const { refused, observed, orphans, suppressed } = plan;
    expect({ refused, observed, orphans, suppressed }).toEqual({
      refused: [],
      observed: [],
      orphans: [],
      suppressed: [],
    });
    for (const { action, differences, steps } of plan.changes) {
      expect({ action, differences }).toEqual({ action: 'adopt', differences: [] });
      expect(steps.map(({ operation, body }) => [operation, body])).toEqual([
        ['serving-endpoints.patch-tags', STAMP],
      ]);
    }
  }

  test(
    `a plan of an import has nothing to do but adopt (${CASES} cases)`,
    () => {
      fc.assert(fc.property(seeds, fc.boolean(), fc.boolean(), holds), { numRuns: CASES, seed: SEED });
      expect(counts.imported).toBeGreaterThanOrEqual(counts.cases);
      expect(counts.leftOut / counts.cases).toBeGreaterThanOrEqual(0.15);
      expect(counts.leftOut / counts.cases).toBeLessThanOrEqual(0.7);
    },
    CASES * 300,
  );
});

describe('services', () => {
  let services: Services;
  const counts = { cases: 0, imported: 0, passedOver: 0, leftOut: 0, noted: 0 };

  beforeAll(async () => {
    services = await Services.open();
  });

  afterAll(async () => {
    await services.close();
    process.stdout.write(`import of services: seed ${SEED}, ${JSON.stringify(counts)}\n`);
  });

  async function holds({ state }: Case): Promise<void> {
    services.seed(state);
    const before = services.simulator.snapshot();
    services.simulator.clearRequests();
    const found = await survey({
      client: services.client,
      kinds: ['model_services', 'model_provider_services', 'mcp_services'],
      choose: (listed) => listed,
      within: ['main.ai.*', 'system.ai.*'],
      parallelism: 8,
    });
    const wishes = { manage: 'full', presets: false, fold: false, isNamed: () => false } as const;
    const { entries, passedOver } = importEntries(found, undefined, wishes);
    const requests = services.simulator.requests;
    expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(entries.length + passedOver.length).toBe(found.listed.length);
    for (const { key, manage } of entries) expect(manage).toBe(key.startsWith('system.') ? 'attach' : 'full');
    const kinds = [...new Set(entries.map(({ kind }) => kind))];
    const sections = kinds.map((name) => ({ name, entries: entries.filter(({ kind }) => kind === name) }));
    const text = `project: generated\n${authoredText(sections)}`;
    expect(text).not.toContain(SECRET);
    expect(text).not.toMatch(/^\s+service_policies:/m);
    counts.cases += 1;
    counts.imported += entries.length;
    counts.passedOver += passedOver.length;
    if (text.includes(' is left out')) counts.leftOut += 1;
    if (text.includes('Service policies are attached')) counts.noted += 1;

    const { desired, diagnostics } = loadProject({ source: textSource({ 'gatewright.yaml': text }) });
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const { plan } = await services.plan(desired!.resources);
    const { refused, observed, orphans, changes } = plan;
    expect({ refused, observed, orphans, changes }).toEqual({
      refused: [],
      observed: [],
      orphans: [],
      changes: [],
    });
    expect(services.simulator.snapshot()).toEqual(before);
  }

  test(
    `a plan of an import has nothing to do (${CASES} cases)`,
    async () => {
      await fc.assert(fc.asyncProperty(cases, holds), { numRuns: CASES, seed: SEED });
      expect(counts.imported / counts.cases).toBeGreaterThanOrEqual(0.5);
      expect(counts.noted / counts.cases).toBeGreaterThanOrEqual(0.1);
    },
    CASES * 120,
  );
});

describe('through the command line', () => {
  let loop: Loop;

  beforeAll(async () => {
    loop = await Loop.open();
  });

  afterAll(() => loop.close());

  function held(): unknown[] {
    return (loop.simulator.snapshot().serving_endpoints ?? []).map((endpoint) => {
      const { tags, ...rest } = endpoint as JsonObject;
      const list = Array.isArray(tags) ? tags : [];
      return { ...rest, tags: list.filter((tag) => isObject(tag) && tag.key !== 'gatewright_project') };
    });
  }

  async function holds(live: Seeds): Promise<void> {
    const { directory, simulator } = loop;
    const folder = join(directory, 'gateways');
    rmSync(folder, { recursive: true, force: true });
    writeFileSync(join(directory, 'gatewright.yaml'), 'project: generated\ninclude: [gateways/*.yaml]\n');
    simulator.seed(stateOf(live));
    const before = held();

    const imported = await loop.gatewright('import', '--into', 'gateways', '--presets', '--fold');
    expect({ code: imported.code, err: imported.err }).toEqual({ code: 0, err: imported.err });
    expect(methodsOf(imported)).toEqual(new Set(['GET']));
    mkdirSync(folder, { recursive: true });
    const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    for (const text of [...files, imported.out, imported.err]) expect(text).not.toContain(PLAIN_SECRET);

    const planned = await loop.gatewright('plan', '-o', 'json');
    expect({ code: planned.code, err: planned.err }).toEqual({ code: 0, err: planned.err });
    const { changes, refused, observed, orphans } = JSON.parse(planned.out);
    expect({ refused, observed, orphans }).toEqual({ refused: [], observed: [], orphans: [] });
    for (const { action, differences } of changes)
      expect({ action, differences }).toEqual({ action: 'adopt', differences: [] });

    const applied = await loop.gatewright('apply', '--yes');
    expect({ code: applied.code, out: applied.out }).toEqual({ code: 0, out: applied.out });
    const writes = applied.requests.filter(({ method }) => method !== 'GET');
    for (const { method, path, body } of writes) {
      const where = expect.stringMatching(/^\/api\/2\.0\/serving-endpoints\/[^/]+\/tags$/);
      expect({ method, path, body }).toEqual({ method: 'PATCH', path: where, body: STAMP });
    }
    expect(writes.length).toBe(changes.length);
    expect(held()).toEqual(before);
  }

  test(
    `applying an import sends stamps alone (${WHOLE_CASES} cases)`,
    async () => {
      await fc.assert(fc.asyncProperty(seeds, holds), { numRuns: WHOLE_CASES, seed: SEED });
    },
    WHOLE_CASES * 1000,
  );
});
