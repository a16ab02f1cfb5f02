// Projects with programs in a temporary folder, as a user has them: the package in node_modules, the built command, and
// where Node reads no TypeScript a loader by the name of one that users install.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './program';

const REGISTER = `import { register } from 'node:module';\nregister('./hooks.mjs', import.meta.url);\n`;
const HOOKS = `import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
const { transformSync } = createRequire(${JSON.stringify(join(ROOT, 'package.json'))})('@swc/core');
export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename, sourceMaps: 'inline', module: { type: 'es6' }, jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  });
  return { format: 'module', source: code, shortCircuit: true };
}
`;

export class Stage {
  readonly home = realpathSync(mkdtempSync(join(tmpdir(), 'gatewright-app-test-')));

  constructor({ loader = true } = {}) {
    for (const [name, target] of [
      ['gatewright', ROOT],
      ['constructs', join(ROOT, 'node_modules/constructs')],
    ] as const) {
      mkdirSync(join(this.home, 'node_modules'), { recursive: true });
      symlinkSync(target, join(this.home, 'node_modules', name), 'junction');
    }
    const package_ = 'node_modules/@swc-node/register';
    if (!loader) return;
    this.write(
      `${package_}/package.json`,
      '{"name":"@swc-node/register","exports":{"./esm-register":"./register.mjs","./package.json":"./package.json"}}',
    );
    this.write(`${package_}/register.mjs`, REGISTER);
    this.write(`${package_}/hooks.mjs`, HOOKS);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.home, path)), { recursive: true });
    writeFileSync(join(this.home, path), text);
  }

  copy(example: string): void {
    cpSync(join(ROOT, 'examples', example), join(this.home, example), { recursive: true });
  }

  run(words: readonly string[], folder = '.', env: Readonly<Record<string, string>> = {}) {
    const ended = spawnSync(process.execPath, [join(ROOT, 'dist/bin/gatewright.js'), ...words], {
      cwd: join(this.home, folder),
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', COLUMNS: '200', NO_COLOR: '1', ...env },
    });
    return { code: ended.status, out: ended.stdout, err: ended.stderr };
  }

  close(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
