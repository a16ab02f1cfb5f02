// Paths: parameters are encoded, and nothing that names another path gets through.
import fc from 'fast-check';
import { type Operation, PathError, pathOf } from '../../src/wire/operation';

const GET: Operation = {
  id: 'served.logs',
  method: 'GET',
  path: '/api/2.0/serving-endpoints/{name}/served-models/{entity}/logs',
  retry: 'read',
  pace: 'read',
};

test('fills in and encodes each parameter', () => {
  expect(pathOf(GET, { name: 'a b?c#d', entity: 'main.ai.ü%' })).toBe(
    '/api/2.0/serving-endpoints/a%20b%3Fc%23d/served-models/main.ai.%C3%BC%25/logs',
  );
  expect(pathOf({ ...GET, path: '/api/list' })).toBe('/api/list');
});

test.each(['', '.', '..', 'a/b', '../x', 'a\\b', 'a\nb', '\u0000', '\u007f', '\ud800'])(
  'refuses %j',
  (name) => {
    expect(() => pathOf(GET, { name, entity: 'e' })).toThrow(PathError);
  },
);

test('refuses a missing, an inherited and a foreign parameter', () => {
  expect(() => pathOf(GET, { name: 'a' })).toThrow('served.logs: the path parameter "entity" is missing');
  const inherited = Object.create({ name: 'a', entity: 'e' }) as Record<string, string>;
  expect(() => pathOf(GET, inherited)).toThrow('is missing');
  expect(() => pathOf(GET, { name: 'a', entity: 'e', id: '1' })).toThrow('"id" does not stand in');
});

test('property: what gets through stays one segment that decodes to itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      let path: string;
      try {
        path = pathOf({ ...GET, path: '/x/{name}/y' }, { name });
      } catch (error) {
        expect(error).toBeInstanceOf(PathError);
        return;
      }
      expect(new URL(path, 'https://example.com').pathname).toBe(path);
      const [, , segment, rest] = path.split('/');
      expect([decodeURIComponent(segment!), rest]).toEqual([name, 'y']);
    }),
  );
});
