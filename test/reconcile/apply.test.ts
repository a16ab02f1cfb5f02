// Many changes at once: who goes on when one fails, how many at a time, in which order they are reported.
import { entry, userLimit } from '../plan/make';
import { limited, Stage } from './engine';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const put = (name: string) => `/api/2.0/serving-endpoints/${name}/ai-gateway`;

async function planned(calls = 30) {
  stage.seed(names.map((name) => limited(name, 60)));
  return stage.plan(names.map((name) => entry(name, userLimit(calls))));
}

test('one that fails takes nobody along', async () => {
  const plan = await planned();
  stage.fault({ method: 'PUT', path: put('b'), status: 400 });
  const { results } = await stage.apply(plan, { parallelism: 3 });
  expect(results.map(({ subject, outcome }) => [subject.name, outcome])).toEqual([
    ['a', 'applied'],
    ['b', 'failed'],
    ['c', 'applied'],
    ['d', 'applied'],
    ['e', 'applied'],
    ['f', 'applied'],
  ]);
});

test('results stand in the order of the plan, whoever ends first', async () => {
  const plan = await planned();
  stage.fault({ method: 'PUT', path: put('a'), when: 'after', action: 'slow-body', delayMs: 3 });
  const { results, events } = await stage.apply(plan, { parallelism: 6 });
  expect(results.map(({ subject }) => subject.name)).toEqual(names);
  const ended = events.flatMap((event) => (event.type === 'change-done' ? event.result.subject.name : []));
  expect(ended.at(-1)).toBe('a');
});

test.each([1, 2, 6])('no more than %i at a time', async (parallelism) => {
  const plan = await planned();
  const { events } = await stage.apply(plan, { parallelism });
  let running = 0;
  let most = 0;
  for (const { type } of events) {
    if (type === 'change-started') running += 1;
    if (type === 'change-done') running -= 1;
    most = Math.max(most, running);
  }
  expect(most).toBe(parallelism);
});

test('an interrupt lets what runs end, and starts nothing new', async () => {
  const plan = await planned();
  const stop = new AbortController();
  stage.fault({ method: 'PUT', path: put('b'), status: 503 });
  stage.onSleep = () => stop.abort();
  const { results } = await stage.apply(plan, { interrupt: stop.signal });
  expect(results.map(({ outcome }) => outcome)).toEqual([
    'applied',
    'applied',
    ...names.slice(2).map(() => 'not-started'),
  ]);
  expect(stage.writes).toEqual(['PUT a/ai-gateway', 'PUT b/ai-gateway', 'PUT b/ai-gateway']);

  const again = await stage.apply(plan);
  expect(again.results.map(({ outcome }) => outcome)).toEqual([
    'already',
    'already',
    ...names.slice(2).map(() => 'applied'),
  ]);
});

test('a plan without changes does nothing', async () => {
  const plan = await planned(60);
  const { results, requests } = await stage.apply(plan);
  expect({ results, requests }).toEqual({ results: [], requests: [] });
});
