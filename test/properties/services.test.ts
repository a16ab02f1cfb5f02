// What must always hold of services, over generated ones: apply, then plan, is empty; a plan only GETs; only granular
// masks are sent, always with an etag; what no entry names stays as it was, policies above all; no secret is shown.
import fc from 'fast-check';
import { equalJson, isList, isObject, type Json, type JsonObject } from '../../src/model/json';
import { type Case, cases } from '../generators/services';
import { entry, SECRET, Services } from '../reconcile/services';
import { casesOr, SEED } from './loop';

/** Three plans and an apply each, some 20 ms; test/deep has more. */
const CASES = casesOr(600);
const counts = { cases: 0, services: 0, created: 0, patched: 0, granted: 0, idle: 0, between: 0 };

let services: Services;
beforeAll(async () => {
  services = await Services.open();
});
afterAll(async () => {
  await services.close();
  process.stdout.write(`service properties: seed ${SEED}, ${JSON.stringify(counts)}\n`);
});

const NEVER =
  /(^|,)(\*|config|config\.routing|config\.routing\.fallback|config\.pricing|config\.service_policies)(,|$)/;

function held(kind: string, name: string): JsonObject | undefined {
  const all = (services.simulator.snapshot() as unknown as Record<string, JsonObject[]>)[kind] ?? [];
  return all.find((one) => String(one.name).endsWith(`/${name}`));
}

type Grants = ReadonlyMap<string, readonly string[]>;

function grantsOf(live: JsonObject | undefined): Grants {
  const list = isList(live?.grants) ? live.grants.filter(isObject) : [];
  return new Map(list.map(({ principal, privileges }) => [String(principal), names(privileges ?? [])]));
}

/** Of what is held directly. */
function names(privileges: Json): string[] {
  const list = isList(privileges) ? privileges : [];
  return list.filter((one) => typeof one === 'string');
}

/** Members of the config that the entry does not name, and grants when it names none. */
function unmanaged(live: JsonObject | undefined, fields: JsonObject): Json {
  const config = isObject(live?.config) ? live.config : {};
  const named = isObject(fields.config) ? Object.keys(fields.config) : [];
  const rest = Object.entries(config).filter(([member]) => !named.includes(member));
  return {
    ...Object.fromEntries(rest),
    ...(fields.grants === undefined ? { grants: live?.grants ?? [] } : {}),
    ...(fields.comment === undefined ? { comment: live?.comment ?? '' } : {}),
  };
}

async function holds({ state, entries }: Case): Promise<void> {
  services.seed(state);
  const wanted = entries.map(({ kind, name, manage, fields }) =>
    entry(kind, name, fields as JsonObject, { manage }),
  );
  const before = wanted.map(({ kind, name, fields }) => unmanaged(held(kind, name), fields));
  const made = wanted.map(({ kind, name }) => held(kind, name) === undefined);
  counts.cases += 1;
  counts.services += wanted.length;

  const { plan, requests } = await services.plan(wanted);
  expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(['GET']));
  expect(plan.refused).toEqual([]);
  expect(JSON.stringify(plan)).not.toContain(SECRET);
  const turned = await services.plan([...wanted].reverse());
  expect(turned.plan.digest).toBe(plan.digest);
  const grantsBefore = new Map(wanted.map(({ name, kind }) => [name, grantsOf(held(kind, name))]));
  const between: { readonly name: string; readonly held: Grants }[] = [];
  const { results, writes } = await services.apply(plan, async (operation, _, name) => {
    const kind = wanted.find((one) => one.name === name)?.kind ?? '';
    if (operation.endsWith('-services.patch')) between.push({ name, held: grantsOf(held(kind, name)) });
  });
  expect(results.filter(({ outcome }) => outcome !== 'applied')).toEqual([]);
  const again = await services.plan(wanted);
  expect([again.plan.changes, again.plan.refused]).toEqual([[], []]);

  for (const { operation, query } of writes) {
    if (operation === 'grants.patch') counts.granted += 1;
    if (operation?.endsWith('.create')) counts.created += 1;
    if (!operation?.endsWith('s.patch') || operation === 'grants.patch') continue;
    counts.patched += 1;
    expect(query.update_mask).not.toMatch(NEVER);
    expect(query.etag).toBeDefined();
  }
  // When the config moves, who is to lose a privilege has lost it, and nobody has gained one yet.
  for (const { name, held: then } of between) {
    const is = grantsOf(held(wanted.find((one) => one.name === name)?.kind ?? '', name));
    for (const [principal, privileges] of then) {
      for (const ends of [grantsBefore.get(name), is])
        expect(ends?.get(principal)).toEqual(expect.arrayContaining([...privileges]));
    }
    counts.between += 1;
  }
  if (plan.changes.length === 0) counts.idle += 1;
  // One request for all of its config: nobody sees half of a change.
  for (const { name } of wanted)
    expect(writes.filter((one) => one.path.endsWith(`services/${name}`)).length).toBeLessThanOrEqual(1);
  for (const [index, { kind, name, fields }] of wanted.entries()) {
    if (made[index]) continue;
    const after = unmanaged(held(kind, name), fields);
    if (!equalJson(after, before[index])) expect(after).toEqual(before[index]);
  }
}

test(
  `services: apply, then plan, is empty; masks are granular; the rest stays (${CASES} cases)`,
  async () => {
    await fc.assert(fc.asyncProperty(cases, holds), { numRuns: CASES, seed: SEED });
    expect(counts.patched / counts.cases).toBeGreaterThanOrEqual(0.5);
    expect(counts.created / counts.cases).toBeGreaterThanOrEqual(0.2);
  },
  CASES * 300,
);
