// What a migration says of hostile names, and that its forms agree on what they tell.
import { type MigrateReport, migrateMarkdown, migrateText } from '../../src/render/migrate-text';

const REPORT: MigrateReport = {
  host: 'simulator',
  noun: 'serving endpoint',
  moving: [
    {
      name: 'chat',
      service: 'main.ai.chat',
      settings: [
        { path: 'description', value: 'a | b\u001b[31m @ana', outcome: 'equal', to: 'comment', says: '' },
        { path: 'tags[team]', value: 'support', outcome: 'none', says: 'no tags there' },
        { path: 'tags[cost]', value: '7', outcome: 'none', says: 'no tags there' },
      ],
    },
    { name: 'scorer', stays: 'a model of your own', settings: [] },
  ],
  files: [],
  passedOver: [{ name: 'mail', reason: 'main.ai.mail is there already' }],
  todos: [{ name: 'main.ai.openai', text: 'put a secret there' }],
  next: [],
};

test('as text', () => {
  expect(migrateText(REPORT)).toBe(`Migrated 1 of 3 serving endpoints (simulator)
chat → main.ai.chat
  equal
    description a | b\\u001b[31m @ana
  no equivalent
    tags[team] support, tags[cost] 7: no tags there
Stay as they are:
  scorer: a model of your own
Passed over:
  mail: main.ai.mail is there already
Needs a hand:
  main.ai.openai: put a secret there
`);
});

test('as Markdown: no cell ends early, nobody is mentioned', () => {
  const text = migrateMarkdown(REPORT);
  expect(text).not.toContain('\u001b');
  expect(text).not.toMatch(/@ana/);
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
  for (const row of rows) expect(row.replace(/\\\|/g, '').split('|')).toHaveLength(7);
  expect(rows.filter((row) => row.includes('no equivalent'))).toHaveLength(2);
});
