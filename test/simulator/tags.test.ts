import { call, start, stopAll } from './support';

afterEach(stopAll);

const SEED = {
  serving_endpoints: [
    { name: 'chat', tags: [{ key: 'b', value: '1' }, { key: 'a' }] },
    { name: 'databricks-gpt' },
  ],
};

async function workspace(settings = {}) {
  const simulator = await start({ state: { ...SEED, settings } });
  const patch = (body: unknown, name = 'chat') =>
    call(simulator, 'PATCH', `/serving-endpoints/${name}/tags`, body);
  const tags = async () => (await call(simulator, 'GET', '/serving-endpoints/chat')).body.tags;
  return { patch, tags };
}

test('adds, overwrites and deletes, and answers all tags by key', async () => {
  const { patch, tags } = await workspace();
  const after = [
    { key: 'b', value: '2' },
    { key: 'c', value: '' },
  ];
  const answer = await patch({
    add_tags: [
      { key: 'c', value: '' },
      { key: 'b', value: '2' },
    ],
    delete_tags: ['a', 'never'],
  });
  expect(answer).toMatchObject({ status: 200, body: { tags: after } });
  expect(await tags()).toEqual(after);
});

test.each([
  { add_tags: [{ value: 'x' }] },
  { add_tags: [{ key: '' }] },
  { add_tags: [{ key: 'x' }, { key: 'x' }] },
  { add_tags: [{ key: 'x' }], delete_tags: ['x'] },
  { delete_tags: [{ key: 'x' }] },
])('refuses %j', async (body) => {
  const { patch, tags } = await workspace();
  expect((await patch(body)).status).toBe(400);
  expect(await tags()).toHaveLength(2);
});

test('tags of what Databricks made cannot be changed', async () => {
  const { patch } = await workspace();
  expect((await patch({ add_tags: [{ key: 'x' }] }, 'databricks-gpt')).body.error_code).toBe(
    'INVALID_PARAMETER_VALUE',
  );
  const other = await workspace({ system_refusal: 403 });
  expect((await other.patch({ add_tags: [{ key: 'x' }] }, 'databricks-gpt')).body.error_code).toBe(
    'PERMISSION_DENIED',
  );
});
