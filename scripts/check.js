// `npm run check`: what holds without running the product: types, style, the shape of the code, generated
// files, the package. One line each; what a failed one said follows it. Ends with the totals.
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');

const CHECKS = [
  ['types', 'tsc', '-p', 'tsconfig.json'],
  ['format and lint', 'biome', 'ci', '--colors=off', '--diagnostic-level=error'],
  ['architecture', 'jest', 'test/architecture.test.ts'],
  ['generated files are up to date', 'node', 'scripts/generate.js', '--check'],
  ['fields of the Terraform provider are up to date', 'node', 'scripts/terraform-fields.js', '--check'],
  ['package contents', 'jest', 'test/package.test.ts'],
];

const root = join(__dirname, '..');
const PATH = `${join(root, 'node_modules/.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`;
let failed = 0;
for (const [name, program, ...words] of CHECKS) {
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH },
    shell: process.platform === 'win32',
  });
  if (status === 0) {
    console.log(`ok      ${name}`);
    continue;
  }
  failed++;
  console.log(`FAILED  ${name} (${program} ${words.join(' ')})`);
  console.log(`${stdout ?? ''}${stderr ?? ''}`.trimEnd().replace(/^/gm, '        '));
}
console.log(`${CHECKS.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
