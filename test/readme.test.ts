// The README's transcript is what the demo prints, word for word.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');

test('the demo tells its story to the end, and the README quotes it', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/demo.js'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, transcript] = /<!-- transcript[^>]*-->\n```\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(stdout).toContain(transcript);
}, 60_000);
