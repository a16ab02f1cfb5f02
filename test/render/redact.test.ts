// A secret that was registered leaves in no form: raw, base64, percent- or JSON-escaped.
import fc from 'fast-check';
import { createRedactor, MASK, SHORTEST_SECRET } from '../../src/render/redact';
import { manyLines, oneLine, safeJson } from '../../src/render/sanitise';

const secret = fc
  .oneof(
    fc.string({ minLength: SHORTEST_SECRET, maxLength: 200 }),
    fc.string({ minLength: SHORTEST_SECRET, maxLength: 60, unit: 'binary' }),
    fc.string({
      minLength: 8,
      maxLength: 60,
      unit: fc.constantFrom('"', '\\', '\n', '+', '/', '%', 'ü', 'k', '\u001b'),
    }),
  )
  .filter((text) => !/\p{Cs}/u.test(text));
const around = fc.string({ maxLength: 20 });

function redactorOf(...secrets: string[]) {
  const redactor = createRedactor();
  for (const one of secrets) redactor.add(one);
  return redactor;
}

test.each<[string, (text: string) => string]>([
  ['as it is', (text) => text],
  ['in JSON', (text) => JSON.stringify({ token: text })],
  ['in JSON in JSON', (text) => JSON.stringify(JSON.stringify({ token: text }))],
  ['percent-encoded', (text) => encodeURIComponent(text)],
  ['as a form field', (text) => encodeURIComponent(text).replace(/%20/g, '+')],
  ['in base64', (text) => Buffer.from(text).toString('base64')],
  ['in base64 for URLs', (text) => Buffer.from(text).toString('base64url')],
  ['sanitised for a line', oneLine],
  ['sanitised for lines', manyLines],
  ['in sanitised JSON', (text) => safeJson({ token: text })],
])('masks a secret %s, whatever stands around it', (_, form) => {
  fc.assert(
    fc.property(secret, around, around, (hidden, before, after) => {
      const redactor = redactorOf(hidden);
      const shown = redactor.redact(before + form(hidden) + after);
      expect(shown).toContain(MASK);
      expect(shown.replaceAll(MASK, '')).not.toContain(form(hidden));
    }),
  );
});

test('masks the password of Basic authentication, wherever it begins', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 9 }),
      fc.string({ minLength: 10, maxLength: 40 }),
      (user, hidden) => {
        const header = `Basic ${Buffer.from(`${user}:${hidden}`).toString('base64')}`;
        expect(redactorOf(hidden).redact(header)).toContain(MASK);
      },
    ),
  );
});

test('masks each line of a key of several lines', () => {
  const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQ\n-----END KEY-----\n';
  expect(redactorOf(key).redact('  MIIEvQIBADANBg')).toBe(`  ${MASK}`);
});

test('of two secrets, one inside the other, the longer is masked whole', () => {
  expect(redactorOf('secret-1', 'secret-12345').redact('a secret-12345 b')).toBe(`a ${MASK} b`);
});

test('leaves texts alone that hold no secret, and ignores secrets that are too short', () => {
  expect(redactorOf('abc', 'dapi-one-two').redact('abc dapi-one')).toBe('abc dapi-one');
});

test('a secret added later is masked from then on', () => {
  const redactor = redactorOf('first-secret');
  expect(redactor.redact('second-secret')).toBe('second-secret');
  redactor.add('second-secret');
  expect(redactor.redact('second-secret first-secret')).toBe(`${MASK} ${MASK}`);
});
