// How a project is read for a command: which day it is comes from the clock that was handed in.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/cli/run';
import { world } from './world';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gatewright-project-'));
  writeFileSync(
    join(directory, 'gatewright.yaml'),
    'project: p\nremoved: [{ serving_endpoint: old-chat, reason: replaced by chat, since: 2026-11-20 }]\n',
  );
});
afterEach(() => rmSync(directory, { recursive: true }));

test.each([
  ['the evening before, in UTC', '2026-11-19T23:59:59Z', true],
  ['the day itself', '2026-11-20T00:00:00Z', false],
  ['later', '2027-01-01T00:00:00Z', false],
])('what is removed since a day is told to be early: %s', async (_, moment, early) => {
  const clock = { now: () => Date.parse(moment), sleep: async () => {} };
  const w = world({ cwd: directory, clock });
  expect(await run(['validate'], w)).toBe(0);
  expect(`${w.out()}${w.err()}`.includes('future-date')).toBe(early);
});
