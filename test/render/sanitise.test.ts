// Nothing that came from a file or an API may move a cursor, hide, or command a runner.
import fc from 'fast-check';
import { manyLines, oneLine, safeJson } from '../../src/render/sanitise';

const HOSTILE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '\u001b',
      '\r',
      '\n',
      '\t',
      '\u202e',
      '\u200b',
      ':',
      '#',
      '[',
      ' ',
      'a',
      '\u009b',
      '\ud800',
    ),
  }),
);

test.each([
  ['colour', '\u001b[31mred', '\\u001b[31mred'],
  ['one-byte CSI', '\u009b2J', '\\u009b2J'],
  ['carriage return', 'safe\revil', 'safe\\u000devil'],
  ['right-to-left override', 'a\u202eb', 'a\\u202eb'],
  ['isolates', '\u2066a\u2069', '\\u2066a\\u2069'],
  ['zero width', 'chat\u200b-prod', 'chat\\u200b-prod'],
  ['byte order mark', '\ufeffa', '\\ufeffa'],
  ['tag letters', 'a\u{e0041}', 'a\\u{e0041}'],
  ['lone surrogate', 'a\ud800', 'a\\ud800'],
  ['line separator', 'a\u2028b', 'a\\u2028b'],
  ['workflow command', '::error::x', '\\u003a:error::x'],
  ['old workflow command', 'a ##[add-mask]x', 'a #\\u0023[add-mask]x'],
  ['ordinary words', 'Größe: 日本 ✓ "x" 100%', 'Größe: 日本 ✓ "x" 100%'],
])('%s', (_, given, shown) => {
  expect(oneLine(given)).toBe(shown);
});

test('a line holds no unseen character', () => {
  fc.assert(fc.property(text, (given) => !HOSTILE.test(oneLine(given))));
});

test('several lines hold none but line ends and tabs, and no line is a workflow command', () => {
  fc.assert(
    fc.property(text, (given) => {
      const shown = manyLines(given);
      expect(shown.replace(/[\n\t]/g, '')).not.toMatch(HOSTILE);
      for (const line of shown.split('\n')) {
        expect(line.trim().startsWith('::')).toBe(false);
        expect(line).not.toContain('##[');
      }
    }),
  );
});

test('sanitising twice is sanitising once', () => {
  fc.assert(fc.property(text, (given) => oneLine(oneLine(given)) === oneLine(given)));
});

test('JSON reads back to the same value and holds nothing unseen', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.array(text), (value, texts) => {
      const document = safeJson({ value, texts });
      expect(document.replace(/\n/g, '')).not.toMatch(HOSTILE);
      expect(document).not.toContain('##[');
      expect(JSON.parse(document)).toEqual(JSON.parse(JSON.stringify({ value, texts })));
    }),
  );
});
