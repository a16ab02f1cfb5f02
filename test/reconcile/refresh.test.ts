// Refresh against the simulator: what is asked of the workspace, what is believed of its answers, and what is
// never taken for absent.
import { attached, entry, userLimit } from '../plan/make';
import { limited, ours, Stage } from './engine';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const said = ({ notices }: { readonly notices: readonly { code: string; message: string }[] }) =>
  notices.map(({ code, message }) => `${code}: ${message}`);

describe('requests', () => {
  test('any number of endpoints that the list answers for cost one list and one canary', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    stage.seed(names.map((name) => limited(name, 5)));
    await stage.refresh(names.map((name) => entry(name, userLimit(5))));
    expect(stage.requests).toEqual(['GET list', 'GET a']);
  });

  test('chance decides which endpoint is the canary', async () => {
    const entries = ['a', 'b', 'c', 'd'].map((name) => entry(name, userLimit(5)));
    const seen: string[] = [];
    for (const chance of [0, 0.3, 0.6, 0.999]) {
      stage.seed(['a', 'b', 'c', 'd'].map((name) => limited(name, 5)));
      await stage.refresh(entries, { random: () => chance });
      seen.push(stage.requests[1] ?? '');
    }
    expect(seen).toEqual(['GET a', 'GET b', 'GET c', 'GET d']);
  });

  test('what is about to be written is read whole, once', async () => {
    stage.seed([limited('a', 5), limited('b', 6)]);
    await stage.refresh([entry('a', userLimit(6)), entry('b', userLimit(7))]);
    expect(stage.requests).toEqual(['GET list', 'GET a', 'GET b']);
  });

  test('a stamp that is due is a write too', async () => {
    stage.seed([{ name: 'a' }]);
    await stage.refresh([entry('a', {})]);
    expect(stage.requests).toEqual(['GET list', 'GET a']);
  });

  test('what is only observed is read by list, whatever differs', async () => {
    stage.seed([limited('a', 5), limited('b', 5)]);
    await stage.refresh([
      entry('a', userLimit(6), { manage: 'observe' }),
      entry('b', userLimit(6), { manage: 'observe' }),
    ]);
    expect(stage.requests).toEqual(['GET list', 'GET a']);
  });

  test('what the list leaves out is unknown, so it is read where it is asked for', async () => {
    const settings = { list_omits: ['ai_gateway'] };
    stage.seed([limited('a', 5), limited('b', 5), limited('c', 5)], { settings });
    const live = await stage.refresh([entry('a', userLimit(5)), entry('b', {}), entry('c', userLimit(5))]);
    expect(stage.requests).toEqual(['GET list', 'GET a', 'GET c', 'GET b']);
    expect(live.resources.get('serving_endpoints a')?.fields.ai_gateway).toBeDefined();
    expect(said(live)).toEqual([]);
  });

  test('an exact name that is not listed is asked for, a glob is not', async () => {
    stage.seed([]);
    const live = await stage.refresh([attached('gone', userLimit(5)), attached('x*', userLimit(5))]);
    expect(stage.requests).toEqual(['GET list', 'GET gone']);
    expect([...live.absent]).toEqual(['serving_endpoints gone']);
  });

  test('what is not selected is not asked for', async () => {
    stage.seed([limited('a', 5), limited('b', 5)]);
    const entries = [entry('a', userLimit(6)), entry('b', userLimit(6)), entry('gone', {})];
    await stage.refresh(entries, { select: ({ name }) => name === 'b' });
    expect(stage.requests).toEqual(['GET list', 'GET b']);
  });

  test('full: each on its own', async () => {
    const names = ['a', 'b', 'c'];
    stage.seed(names.map((name) => limited(name, 5)));
    await stage.refresh(
      names.map((name) => entry(name, userLimit(5))),
      { mode: 'full' },
    );
    expect(stage.requests).toEqual(['GET list', 'GET a', 'GET b', 'GET c']);
  });
});

describe('a list that is not to be believed', () => {
  const names = ['a', 'b', 'c'];
  const entries = names.map((name) => entry(name, userLimit(5)));
  const list = (...endpoints: unknown[]) =>
    stage.fault({ operation: 'serving-endpoints.list', status: 200, body: { endpoints } as never });
  const asIfWell = () => list(...names.map((name) => limited(name, 5)));

  test('is found out by the canary, and then everything is read', async () => {
    stage.seed(names.map((name) => limited(name, 9)));
    asIfWell();
    const live = await stage.refresh(entries, { random: () => 0.5 });
    expect(stage.requests).toEqual(['GET list', 'GET b', 'GET a', 'GET c']);
    expect(said(live)).toEqual([
      'list-incomplete: the list says something else about "b" than reading it does, so everything was read one by one',
    ]);
    for (const name of names) {
      expect(live.resources.get(`serving_endpoints ${name}`)?.fields.ai_gateway).toEqual(
        limited(name, 9).ai_gateway,
      );
    }
  });

  test('also when it lies about whose an endpoint is', async () => {
    const tags = [{ key: 'gatewright_project', value: 'search-team' }];
    stage.seed(names.map((name) => limited(name, 5, { tags })));
    asIfWell();
    const live = await stage.refresh(entries);
    expect(live.notices.map(({ code }) => code)).toEqual(['list-incomplete']);
    expect([...live.resources.values()].map(({ stamp }) => stamp)).toEqual(names.map(() => 'search-team'));
  });

  test('also when it leaves one out', async () => {
    stage.seed(names.map((name) => limited(name, 5)));
    list(...names.slice(1).map((name) => limited(name, 5)));
    const live = await stage.refresh(entries);
    expect(stage.requests.sort()).toEqual(['GET a', 'GET b', 'GET c', 'GET list']);
    expect(said(live)).toEqual([
      'list-incomplete: the list leaves out "a", which can be read, so everything was read one by one',
    ]);
    expect([...live.absent, ...live.unseen.keys()]).toEqual([]);
  });

  test('says nothing where everything is read anyway', async () => {
    stage.seed(names.map((name) => limited(name, 9)));
    asIfWell();
    expect(said(await stage.refresh(entries, { mode: 'full' }))).toEqual([]);
  });
});

describe('never absent', () => {
  const get = (status: number) => ({ operation: 'serving-endpoints.get', status, times: 0 });
  const asked = [entry('a', userLimit(5))];

  test.each([
    ['is listed and may not be read', [ours('a')], 403],
    ['is listed and then not found', [ours('a')], 404],
    ['is not listed and may not be read', [], 403],
  ])('what %s', async (_, seeded, status) => {
    stage.seed(seeded);
    stage.fault(get(status));
    const live = await stage.refresh(asked);
    expect([...live.absent]).toEqual([]);
    expect([...live.unseen.keys()]).toEqual(['serving_endpoints a']);
    expect(live.resources.size).toBe(0);
    expect(live.listed.map(({ name }) => name)).toEqual(seeded.map(({ name }) => name));
  });

  test('anything, when the list may not be read', async () => {
    stage.seed([]);
    stage.fault({ operation: 'serving-endpoints.list', status: 403, times: 0 });
    await expect(stage.refresh(asked)).rejects.toMatchObject({ code: 'api-forbidden' });
    expect(stage.requests).toEqual(['GET list']);
  });

  test('anything, when the workspace is in trouble: it is asked again, then the run ends', async () => {
    stage.seed([ours('a')]);
    stage.fault(get(500));
    await expect(stage.refresh(asked)).rejects.toMatchObject({ code: 'api-internal' });
    expect(stage.requests.filter((line) => line === 'GET a')).toHaveLength(4);
  });

  test('anything, when the list has another shape', async () => {
    stage.seed([ours('a')]);
    stage.fault({ operation: 'serving-endpoints.list', status: 200, body: { items: [] }, times: 0 });
    const live = await stage.refresh(asked);
    expect(live.notices.map(({ code }) => code)).toEqual(['list-incomplete']);
    stage.seed([ours('a')]);
    stage.fault({ operation: 'serving-endpoints.list', status: 200, body: [] as never, times: 0 });
    await expect(stage.refresh(asked)).rejects.toThrow();
  });
});
