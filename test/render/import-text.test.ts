// The summary of an import: short whatever the size, and nothing in it moves a cursor.
import { type ImportReport, importText } from '../../src/render/import-text';
import { cells } from '../../src/render/width';

const NOTHING: ImportReport = {
  host: 'simulator',
  asked: '0 serving endpoints',
  imported: [],
  files: [],
  passedOver: [],
  todos: [],
  next: [],
};
const names = (n: number, head = 'e') => Array.from({ length: n }, (_, index) => `${head}${index}`);

test('nothing at all is one line', () => {
  expect(importText(NOTHING)).toBe('Imported 0 of 0 serving endpoints (simulator)\n');
});

test('reasons are said once, with the names that they hold for and where they are written', () => {
  const passedOver = [
    { name: 'chat', reason: 'declared already', place: 'a.yaml:3' },
    { name: 'fm', reason: 'nothing is set on it' },
    { name: 'search', reason: 'declared already', place: 'a.yaml:9' },
  ];
  expect(importText({ ...NOTHING, passedOver })).toBe(
    'Imported 0 of 0 serving endpoints (simulator)\nPassed over:\n' +
      '  chat (a.yaml:3), search (a.yaml:9): declared already\n  fm: nothing is set on it\n',
  );
});

test('a thousand of anything is counted, in 80 columns', () => {
  const text = importText({
    ...NOTHING,
    imported: names(1000),
    files: names(1000, 'gateways/'),
    passedOver: names(1000).map((name) => ({ name, reason: 'nothing is set on it' })),
  });
  expect(text).toContain('and 992 more');
  expect(text).toContain('1000 files in gateways/');
  for (const line of text.split('\n')) expect(cells(line)).toBeLessThanOrEqual(80);
  expect(text.split('\n').length).toBeLessThan(12);
});

test('names and reasons are shown as text', () => {
  const text = importText({
    ...NOTHING,
    imported: ['\u001b[31mred'],
    todos: [{ name: 'a\nb', text: '::error::x' }],
    passedOver: [{ name: '\u202ex', reason: '##[group]' }],
  });
  expect(text).not.toMatch(/\u001b|\u202e|##\[|^\s*::/m);
  expect(text).toContain('\\u001b[31mred');
});
