// The pool without the rest of the library answers as the library's own does, and the whole is the way back.
import { createPool } from '../../src/databricks/pool';
import { json, Workspace } from './workspace';

const workspace = new Workspace();
beforeAll(() => workspace.open());
afterAll(() => workspace.close());

function moved(name: string): unknown {
  if (name === 'undici') return require('undici');
  throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
}

test.each([
  ['by its file', require],
  ['by the whole library, when its files have moved', moved],
] as const)('%s', async (_, load) => {
  workspace.script(json(200, { answered: true }));
  const pool = createPool(workspace.origin, { connections: 1, pipelining: 1 }, load);
  const { statusCode, body } = await pool.request({ method: 'GET', path: '/api/x' });
  expect([statusCode, await body.json()]).toEqual([200, { answered: true }]);
  await pool.close();
});

test('any other trouble is not hidden', () => {
  const broken = () => {
    throw new SyntaxError('half a file');
  };
  expect(() => createPool(workspace.origin, {}, broken)).toThrow('half a file');
});
