// Order means nothing where it means nothing: shuffled lists and members, live and declared, give the same plan.
import fc from 'fast-check';
import { isObject } from '../../src/model/json';
import { type Estate, estates } from '../generators/estate';
import { casesOr, Loop, SEED } from './loop';

/** Two plans by the command line each, some 15 to 25 ms; test/deep has more. */
const CASES = casesOr(800);
let loop: Loop;
const counts = { cases: 0, changes: 0 };

beforeAll(async () => {
  loop = await Loop.open();
});

afterAll(async () => {
  await loop.close();
  process.stdout.write(`order property: seed ${SEED}, ${JSON.stringify(counts)}\n`);
});

const cases = fc.tuple(estates, fc.integer({ min: 1, max: 2 ** 31 - 1 }));

test(
  `a shuffled estate has the same digest (${CASES} cases)`,
  async () => {
    const digestOf = async (estate: Estate) => {
      loop.prepare(estate);
      const { out } = await loop.gatewright('plan', '--allow', 'adopt-removes', '-o', 'json');
      return JSON.parse(out) as { digest: string; changes: unknown[] };
    };
    await fc.assert(
      fc.asyncProperty(cases, async ([estate, chance]) => {
        const straight = await digestOf(estate);
        counts.cases += 1;
        if (straight.changes.length > 0) counts.changes += 1;
        expect((await digestOf(shuffled(estate, chance))).digest).toBe(straight.digest);
      }),
      { numRuns: CASES, seed: SEED },
    );
    expect(counts.changes / counts.cases).toBeGreaterThanOrEqual(0.6);
  },
  CASES * 300,
);

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
