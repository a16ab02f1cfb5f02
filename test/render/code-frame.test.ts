// Carets stand under the words that they mean, whatever the line is made of.
import fc from 'fast-check';
import { frame, frameLines, hideCredentials } from '../../src/render/code-frame';
import { cells, wrap } from '../../src/render/width';

function marked(line: string, column: number, length: number, width = 70) {
  const { source, start, carets } = frame(line, { file: 'a', line: 1, column, length }, width);
  return { source, carets: ' '.repeat(start) + '^'.repeat(carets) };
}

test('plain', () => {
  expect(marked('      rate_limit:', 7, 10)).toEqual({
    source: '      rate_limit:',
    carets: '      ^^^^^^^^^^',
  });
});

test('a tab is as wide as it is shown', () => {
  expect(marked('\tname: x', 2, 4)).toEqual({ source: '    name: x', carets: '    ^^^^' });
});

test('wide characters take two cells, combining ones none', () => {
  expect(marked('日本: x', 5, 1)).toEqual({ source: '日本: x', carets: '      ^' });
  expect(marked('日本: x', 1, 2).carets).toBe('^^^^');
  expect(marked('e\u0301: x', 5, 1).carets).toBe('   ^');
});

test('an astral character is two code units of the column', () => {
  expect(marked('👍: x', 5, 1)).toEqual({ source: '👍: x', carets: '    ^' });
});

test('control characters are shown as escapes and counted so', () => {
  expect(marked('a\u001b: x', 5, 1)).toEqual({ source: 'a\\u001b: x', carets: '         ^' });
});

test('past the end of the line', () => {
  expect(marked('ab', 3, 1).carets).toBe('  ^');
  expect(marked('ab', 99, 5).carets).toBe('  ^');
  expect(marked('', 1, 1)).toEqual({ source: '', carets: '^' });
});

test('a Windows line end is not shown', () => {
  expect(marked('ab\r', 1, 2)).toEqual({ source: 'ab', carets: '^^' });
});

test('a long line is cut around the place', () => {
  const line = `${'x'.repeat(100)} here ${'y'.repeat(100)}`;
  const shown = marked(line, 102, 4, 40);
  expect(shown.source).toBe('...xxxxxxxxxxxxxx here yyyyyyyyyyyyyy...');
  expect(shown.source.slice(shown.carets.indexOf('^'), shown.carets.length)).toBe('here');
});

test('the marked text stands above the carets, within the width', () => {
  const unit = fc.constantFrom('a', 'b', ' ', '\t', 'ü', '日', '\u001b');
  fc.assert(
    fc.property(
      fc.string({ unit, maxLength: 150 }),
      fc.string({ unit: fc.constantFrom('M'), minLength: 1, maxLength: 10 }),
      fc.string({ unit, maxLength: 150 }),
      fc.integer({ min: 40, max: 90 }),
      (before, word, after, width) => {
        const shown = marked(before + word + after, before.length + 1, word.length, width);
        expect(cells(shown.source)).toBeLessThanOrEqual(width);
        expect(shown.carets.trim()).toHaveLength(word.length);
        let position = 0;
        let under = '';
        for (const character of shown.source) {
          if (position >= shown.carets.indexOf('^') && position < shown.carets.length) under += character;
          position += cells(character);
        }
        expect(under).toBe(word);
      },
    ),
  );
});

test('a label that does not fit goes below the carets', () => {
  const at = { file: 'a', line: 7, column: 50, length: 4 };
  const label = 'this label is much too long to stand beside the carets of this line';
  const lines = frameLines(`${' '.repeat(49)}name: x`, at, label, { width: 80, gutter: 2, mark: (x) => x });
  expect(lines).toEqual([
    '   |',
    ` 7 | ${' '.repeat(49)}name: x`,
    `   | ${' '.repeat(49)}^^^^`,
    `   | ${label}`,
  ]);
});

describe('credentials in the quoted line', () => {
  test.each([
    ['openai_api_key_plaintext: abc123def', 'openai_api_key_plaintext: *********'],
    ['{ openai_api_key: "my key", a: b }', '{ openai_api_key: "** ***", a: b }'],
    ["token: 'it is'", "token: '** **'"],
    ['x: sk-proj-0123456789', 'x: ******************'],
    ['- dapi0123456789abcdef # mine', '- ******************** # mine'],
    ['openai_api_key: "{{secrets/llm/openai}}"', 'openai_api_key: "{{secrets/llm/openai}}"'],
    ['openai_api_key: ${env.KEY}', 'openai_api_key: ${env.KEY}'],
    ['      rate_limit: 3', '      rate_limit: 3'],
    ['tokens: 20000', 'tokens: 20000'],
    ['password:', 'password:'],
  ])('%s', (line, shown) => {
    expect(hideCredentials(line)).toBe(shown);
  });

  test('keep the length of the line', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const line = `api_key: ${value}`;
        return hideCredentials(line).length === line.length;
      }),
    );
  });
});

test('wrapped words fit', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('overlong word', 4)).toEqual(['overlong', 'word']);
});
