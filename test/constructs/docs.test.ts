// The example of docs/constructs.md is run as it stands, with its own tests, and compiles strictly as a user's would.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import { ROOT } from './program';

const page = readFileSync(join(ROOT, 'docs/constructs.md'), 'utf8');
const examples = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text]) => text!);

const ENTRIES: Readonly<Record<string, string>> = {
  'gatewright/constructs': '../../constructs',
  'gatewright/testing': '../../constructs/testing',
};

for (const [index, text] of examples.entries()) {
  const { code } = transformSync(text, {
    filename: `constructs-${index}.ts`,
    module: { type: 'commonjs' },
    jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
  });
  describe(`example ${index + 1}`, () => {
    new Function('require', 'exports', 'test', 'expect', code)(
      (name: string) => require(ENTRIES[name]!),
      {},
      test,
      expect,
    );
  });
}

test('there is one', () => expect(examples).toHaveLength(1));

test('the page and the examples compile strictly against the built package', () => {
  const folder = mkdtempSync(join(ROOT, 'dist/docs-'));
  try {
    for (const [index, text] of examples.entries()) writeFileSync(join(folder, `page-${index}.ts`), text);
    const options = {
      strict: true,
      paths: {
        'gatewright/constructs': [join(ROOT, 'dist/constructs/index.d.ts')],
        'gatewright/testing': [join(ROOT, 'dist/constructs/testing/index.d.ts')],
      },
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      module: 'node16',
      moduleResolution: 'node16',
      target: 'es2023',
      types: ['node', 'jest'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
    };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, include: ['*.ts', '../../examples/**/*.ts'] }),
    );
    const ended = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
    });
    expect(ended.stdout).toBe('');
    expect(ended.status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
