// "Did you mean".
import fc from 'fast-check';
import { distance, meant, nearest } from '../../src/config/suggest';

test.each([
  ['', '', 0],
  ['a', '', 1],
  ['kitten', 'sitting', 3],
  ['chta', 'chat', 1],
  ['abc', 'abc', 0],
])('from %j to %j it is %d', (a, b, expected) => {
  expect(distance(a, b)).toBe(expected);
});

test('a distance is the same both ways, and zero only from a word to itself', () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(distance(a, b)).toBe(distance(b, a));
      expect(distance(a, b) === 0).toBe(a === b);
      expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});

test('short words are not stretched', () => {
  expect(nearest('id', ['kind', 'name'])).toBeUndefined();
  expect(nearest('tag', ['tags'])).toBe('tags');
});

test('a word in another case, and a word of another tool', () => {
  expect(meant('minute', ['MINUTE'])).toBe('MINUTE');
  expect(meant('rpm', ['calls', 'tokens'])).toBe('calls');
  expect(meant('rpm', ['tokens'])).toBeUndefined();
  expect(meant('constructor', ['calls'], 'constructor')).toBeUndefined();
});
