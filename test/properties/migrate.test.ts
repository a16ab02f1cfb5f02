// Nothing is dropped in silence: over generated endpoints, every declared value is told to be equal, to differ or to have
// no equivalent; what is told to be carried is in the config; the config loads and plans to creates alone.
import fc from 'fast-check';
import { migrateEndpoints } from '../../src/cli/migrating';
import { loadProject, textSource } from '../../src/config';
import { authoredText } from '../../src/config/author-yaml';
import type { Told } from '../../src/config/migrate';
import { valueAt } from '../../src/model/assign';
import { canonicalJson, isList, isObject, type Json, type JsonObject } from '../../src/model/json';
import { kindOf } from '../../src/model/kinds';
import type { DesiredResource } from '../../src/model/resource';
import { liveKey } from '../../src/plan/estate';
import { makePlan } from '../../src/plan/plan';
import type { WorkspaceState } from '../../src/simulator';
import { Surveyor } from '../cli/surveyed';
import { wholeEstates } from '../generators/config';
import { estates } from '../generators/estate';
import { liveEstates, PLAIN_SECRET } from '../generators/live';
import { casesOr, SEED } from './loop';

type Seeds = readonly { readonly [member: string]: unknown }[];
const seeds: fc.Arbitrary<Seeds> = fc.oneof(
  { weight: 3, arbitrary: liveEstates },
  { weight: 1, arbitrary: wholeEstates.map(({ live }) => live) },
  { weight: 1, arbitrary: estates.map(({ live }) => live) },
) as fc.Arbitrary<Seeds>;

let surveyor: Surveyor;
/** Some 12 ms each. */
const CASES = casesOr(800);
const counts = { cases: 0, migrated: 0, stay: 0, equal: 0, differs: 0, none: 0, providers: 0, shared: 0 };

beforeAll(async () => {
  surveyor = await Surveyor.open();
});

afterAll(async () => {
  await surveyor.close();
  process.stdout.write(`migrate property: seed ${SEED}, ${JSON.stringify(counts)}\n`);
});

/** What says which item of a list it is, and stands in the path of what is told. */
const IDENTITY =
  /^(key|principal|renewal_period|user_name|group_name|service_principal_name|served_entity_name|name)$/;

interface Leaf {
  readonly field: string;
  /** Names around it that tell it from others. */
  readonly among: readonly string[];
  readonly value: Json;
}

/** Every single value of an endpoint, found without the product's notion of paths. */
function leaves(value: Json | undefined, field: string, among: readonly string[]): Leaf[] {
  if (value === undefined || value === null) return [];
  if (isObject(value)) {
    const named = Object.entries(value).flatMap(([name, each]) =>
      IDENTITY.test(name) && typeof each === 'string' && each !== 'minute' ? [each] : [],
    );
    const isItem = /^(rate_limits|tags|permissions|served_entities|routes)$/.test(field);
    return Object.entries(value).flatMap(([name, each]) =>
      isItem && IDENTITY.test(name) ? [] : leaves(each, name, isItem ? [...among, ...named] : among),
    );
  }
  if (!isList(value)) return [{ field, among, value }];
  const isKeyed = value.some(isObject);
  return isKeyed
    ? value.flatMap((each) => leaves(each, field, among))
    : value.map((each) => ({ field, among, value: each }));
}

function isTold({ field, among, value }: Leaf, told: readonly Told[]): boolean {
  return told.some((one) => {
    const isThere =
      one.path.includes(field) || /^(permissions|tags|config\.traffic_config\.routes)\[/.test(one.path);
    const isSame = one.value === '***' || JSON.stringify(one.value).includes(JSON.stringify(value));
    return (
      isThere &&
      isSame &&
      among.every((name) => one.path.includes(name) || JSON.stringify(one.value).includes(name))
    );
  });
}

function holds(live: Seeds): void {
  const survey = surveyor.survey({
    serving_endpoints: live,
    settings: { update_duration_ms: 0 },
  } as unknown as WorkspaceState);
  const migrated = migrateEndpoints(survey, undefined, { schema: 'main.ai', isNamed: () => true });
  const { endpoints, entries, passedOver } = migrated;
  expect(endpoints.length + passedOver.length).toBe(survey.found.length);
  const kinds = ['model_provider_services', 'model_services'];
  const sections = kinds.map((name) => ({ name, entries: entries.filter(({ kind }) => kind === name) }));
  const text = `project: migrated\n${authoredText(sections)}`;
  expect(`${text}${JSON.stringify(migrated)}`).not.toContain(PLAIN_SECRET);
  const { desired, diagnostics } = loadProject({ source: textSource({ 'gatewright.yaml': text }) });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const resources = desired!.resources;
  const byAddress = new Map(resources.map((one) => [`${one.kind}.${one.key}`, one]));
  counts.cases += 1;
  counts.providers += resources.filter(({ kind }) => kind === 'model_provider_services').length;

  for (const { name, service, told } of endpoints) {
    const found = survey.found.find((one) => one.live.name === name);
    for (const leaf of leaves(found!.live.fields, '', []))
      if (!isTold(leaf, told)) expect({ name, leaf, told }).toBe('told');
    const paths = told.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    counts[service === undefined ? 'stay' : 'migrated'] += 1;
    if (service !== undefined) expect(byAddress.has(`model_services.${service}`)).toBe(true);
    for (const one of told) {
      counts[one.outcome] += 1;
      if (one.outcome === 'none') continue;
      if (service === undefined) expect(one).toBe('none');
      carried(one, byAddress);
    }
  }

  // A header with its credential is newer than the schema: under `preview` it tells one provider from another too.
  const blocks = resources.flatMap(({ kind, fields, preview }) => {
    if (kind !== 'model_provider_services' || !isObject(fields.config)) return [];
    const { targets, ...provider } = fields.config;
    if (isList(targets) && targets.length > 1) counts.shared += 1;
    return [canonicalJson([provider, preview])];
  });
  expect(new Set(blocks).size).toBe(blocks.length);

  const estate = {
    resources: new Map(survey.found.map((one) => [liveKey(one.live.kind, one.live.name), one.live])),
    absent: new Set(resources.map(({ kind, name }) => liveKey(kind, name))),
    unseen: new Map<string, string>(),
    listed: [],
    notices: [],
  };
  const { plan } = makePlan({ desired: desired!, live: estate, host: 'h', tool: 't', now: 0 });
  expect(plan.refused).toEqual([]);
  expect(plan.changes.map(({ action, kind, name }) => [action, liveKey(kind, name)]).sort()).toEqual(
    resources.map(({ kind, name }) => ['create', liveKey(kind, name)]).sort(),
  );
}

/** What is told to have a place has it, and where it is told to be equal it is. */
function carried({ to, outcome, value }: Told, byAddress: ReadonlyMap<string, DesiredResource>): void {
  if (to === undefined) return;
  const resource = byAddress.get(to.address);
  expect(resource).toBeDefined();
  const { kind, fields, preview } = resource!;
  const whole: JsonObject[] = [fields, preview];
  const there = whole
    .map((each) => valueAt(each, to.path, kindOf(kind).fields, 'own'))
    .find((each) => each !== undefined);
  // A share of everything, and no comment, go without saying.
  const standard =
    to.path.at(-1) === 'traffic_percentage' ? 100 : to.path.at(-1) === 'comment' ? '' : undefined;
  if (there === undefined && standard === undefined) expect({ to, value }).toBe('there');
  if (outcome === 'equal')
    expect(JSON.stringify(there ?? standard)).toContain(
      String(typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value)),
    );
}

test(
  `every setting of an endpoint is told, and carried as it is told (${CASES} cases)`,
  () => {
    fc.assert(fc.property(seeds, holds), { numRuns: CASES, seed: SEED });
    expect(counts.migrated / counts.cases).toBeGreaterThanOrEqual(0.5);
    expect(counts.none).toBeGreaterThan(0);
    expect(counts.providers).toBeGreaterThan(0);
  },
  CASES * 300,
);
