// What `npm publish` would send: that it holds what it must and nothing else, and that it works where only it
// and its declared dependencies are. Needs no registry: the tarball is unpacked as npm would, dependencies are links.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');
const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
/** https://opensource.org/licenses: those that ask for no more than a notice. */
const PERMISSIVE = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0'];

/** Entries that need the optional peers. */
const OF_PEERS = ['./constructs/terraform'];

let elsewhere: string;
let files: string[];

beforeAll(() => {
  elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'gatewright-package-')));
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', elsewhere];
  const [packed] = JSON.parse(
    execFileSync('npm', words, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  files = packed.files.map((file: { path: string }) => file.path);
  const modules = join(elsewhere, 'node_modules');
  const home = join(modules, 'gatewright');
  mkdirSync(home, { recursive: true });
  execFileSync('tar', ['-xzf', join(elsewhere, packed.filename), '--strip-components=1', '-C', home]);
  for (const name of Object.keys(MANIFEST.dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name), 'junction');
  }
  writeFileSync(
    join(elsewhere, 'gatewright.yaml'),
    'project: small\nserving_endpoints:\n  chat:\n    ai_gateway: { rate_limits: { user: { calls: 60 } } }\n',
  );
}, 60_000);

afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

function node(...words: string[]) {
  const ended = spawnSync(process.execPath, words, {
    cwd: elsewhere,
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  return { code: ended.status, out: ended.stdout, err: ended.stderr };
}

function gatewright(...words: string[]) {
  return node(join(elsewhere, 'node_modules/gatewright', MANIFEST.bin.gatewright), ...words);
}

test('the command says its version', () => {
  expect(gatewright('--version')).toEqual({ code: 0, out: `gatewright ${MANIFEST.version}\n`, err: '' });
});

test('it validates a project', () => {
  expect(gatewright('validate')).toEqual({ code: 0, out: 'valid: 1 resource in 1 file\n', err: '' });
});

test('it prints its schemas', () => {
  expect(JSON.parse(gatewright('schema', 'gatewright').out).$schema).toMatch(/^https:\/\/json-schema\.org\//);
});

test.each(
  Object.keys(MANIFEST.exports)
    .filter((name) => !name.includes('*') && !name.endsWith('.json') && !OF_PEERS.includes(name))
    .map((name) => name.replace(/^\./, 'gatewright')),
)('%s can be required, and has types', (name) => {
  const { code, out, err } = node('-e', `console.log(Object.keys(require('${name}')).length)`);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(Number(out)).toBeGreaterThan(0);
  const entry = MANIFEST.exports[name.replace('gatewright', '.')];
  expect(files).toContain(entry.types.slice(2));
});

test.each(OF_PEERS)('%s can be required where the optional peers are, and only there', (name) => {
  const script = `console.log(Object.keys(require('${name.replace(/^\./, 'gatewright')}')).length)`;
  expect(node('-e', script).err).toMatch(/Cannot find module '(@cdktf\/provider-databricks|cdktf)/);
  const modules = join(elsewhere, 'node_modules');
  const peers = Object.keys(MANIFEST.peerDependencies);
  for (const peer of peers) {
    expect(MANIFEST.peerDependenciesMeta[peer]).toEqual({ optional: true });
    mkdirSync(dirname(join(modules, peer)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', peer), join(modules, peer), 'junction');
  }
  try {
    const { code, out, err } = node('-e', script);
    expect({ code, err, out: Number(out) }).toEqual({ code: 0, err: '', out: 4 });
  } finally {
    for (const peer of peers) rmSync(join(modules, peer));
  }
});

test('it holds what was built, the schemas and the papers', () => {
  expect(files).toEqual(
    expect.arrayContaining(['LICENSE', 'CHANGELOG.md', 'README.md', 'dist/bin/gatewright.js']),
  );
  expect(files.filter((file) => /^schemas\/[a-z]+\.schema\.json$/.test(file)).length).toBeGreaterThan(0);
});

test('it holds no test, no source and no record of the build', () => {
  const strangers = files.filter(
    (file) =>
      /(^|\/)(test|scripts|bench|docs|examples|source|node_modules|\.gatewright)\//.test(file) ||
      /(?<!\.d)\.ts$|tsbuildinfo|\.tgz$|\.env/.test(file),
  );
  expect(strangers).toEqual([]);
});

test('it runs nothing when it is installed', () => {
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
    expect(MANIFEST.scripts).not.toHaveProperty(script);
});

test('its dependencies have licences that ask for no more than a notice', () => {
  const seen = new Map<string, string>();
  const visit = (name: string, from: string) => {
    const path = require.resolve(`${name}/package.json`, { paths: [from] });
    if (seen.has(path)) return;
    const manifest = JSON.parse(readFileSync(path, 'utf8'));
    seen.set(path, `${name}: ${manifest.license}`);
    for (const next of Object.keys(manifest.dependencies ?? {})) visit(next, dirname(path));
  };
  for (const name of Object.keys(MANIFEST.dependencies)) visit(name, ROOT);
  expect([...seen.values()].filter((text) => !PERMISSIVE.includes(text.split(': ')[1] ?? ''))).toEqual([]);
  expect(seen.size).toBeGreaterThanOrEqual(Object.keys(MANIFEST.dependencies).length);
});
