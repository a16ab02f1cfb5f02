// Files on disk: what is followed, what is refused, and where a project ends.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { diskSource, loadProject } from '../../src/config';
import { said } from './project';

let top: string;
let root: string;

beforeEach(() => {
  top = fs.mkdtempSync(path.join(os.tmpdir(), 'gatewright-'));
  root = path.join(top, 'project');
  fs.mkdirSync(root);
});
afterEach(() => fs.rmSync(top, { recursive: true }));

function write(file: string, text: string): void {
  const at = path.join(root, file);
  fs.mkdirSync(path.dirname(at), { recursive: true });
  fs.writeFileSync(at, text);
}

const loaded = (root_ = 'gatewright.yaml') => loadProject({ source: diskSource(root), root: root_ });
const entry = (key: string) => `serving_endpoints: { ${key}: {} }\n`;

test('globs find files, sorted, each once', () => {
  write(
    'gatewright.yaml',
    'project: p\ninclude: [gateways/*.yaml, "gateways/**/*.yaml", gateways/b.yaml, "*.yaml", "more/{x,y}.yml"]\n',
  );
  write('gateways/b.yaml', entry('b'));
  write('gateways/a.yaml', entry('a'));
  write('gateways/deep/c.yaml', entry('c'));
  write('gateways/.hidden.yaml', entry('hidden'));
  write('gateways/node_modules/m.yaml', entry('m'));
  write('more/x.yml', entry('x'));
  const project = loaded();
  expect(said(project)).toEqual([]);
  expect(project.files).toEqual([
    'gatewright.yaml',
    'gateways/a.yaml',
    'gateways/b.yaml',
    'gateways/deep/c.yaml',
    'more/x.yml',
  ]);
  expect(project.desired?.resources.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'x']);
});

test('the root file may stand in a folder, and includes are relative to it', () => {
  write('ops/gatewright.yaml', 'project: p\ninclude: [g/*.yaml, ../shared.yaml]\n');
  write('ops/g/a.yaml', entry('a'));
  write('shared.yaml', entry('b'));
  const project = loaded('ops/gatewright.yaml');
  expect(said(project)).toEqual([]);
  expect(project.files).toEqual(['ops/gatewright.yaml', 'ops/g/a.yaml', 'shared.yaml']);
});

test('without a root file it is said what to do', () => {
  const project = loaded();
  expect(said(project)).toEqual(['no-project']);
  expect(project.diagnostics[0]?.help).toContain('gatewright init');
});

test.each([
  ['../outside.yaml', 'include-outside'],
  ['/etc/hostname', 'include-outside'],
  ['C:/x.yaml', 'include-outside'],
  ['https://example.com/x.yaml', 'include-outside'],
  ['file:///etc/hostname', 'include-outside'],
  ['a\\\\b.yaml', 'include-outside'],
  ['!a.yaml', 'include-outside'],
  ['g/../../outside.yaml', 'include-outside'],
  ['missing.yaml', 'include-missing'],
  ['folder', 'include-missing'],
  ['link-out.yaml', 'include-outside'],
  ['link-folder/outside.yaml', 'include-outside'],
  ['link-loop.yaml', 'unreadable'],
  ['pipe.yaml', 'include-missing'],
])('include %s is refused as %s', (pattern, code) => {
  fs.writeFileSync(path.join(top, 'outside.yaml'), entry('a'));
  write('gatewright.yaml', `project: p\ninclude: ["${pattern}"]\n`);
  write('folder/x', '');
  fs.symlinkSync(path.join(top, 'outside.yaml'), path.join(root, 'link-out.yaml'));
  fs.symlinkSync(top, path.join(root, 'link-folder'));
  fs.symlinkSync('link-loop.yaml', path.join(root, 'link-loop.yaml'));
  execFileSync('mkfifo', [path.join(root, 'pipe.yaml')]);
  const project = loaded();
  expect(said(project)).toEqual([`${code} <"${pattern}">`]);
  expect(project.desired).toBeUndefined();
});

test('a glob that leads out through a link is refused too', () => {
  fs.writeFileSync(path.join(top, 'outside.yaml'), entry('a'));
  write('gatewright.yaml', 'project: p\ninclude: ["*.yml", "sub/**/*.yaml"]\n');
  fs.symlinkSync(path.join(top, 'outside.yaml'), path.join(root, 'x.yml'));
  fs.mkdirSync(path.join(root, 'sub'));
  fs.symlinkSync(top, path.join(root, 'sub/up'));
  expect(said(loaded())).toEqual(['include-outside <"*.yml">', 'warning include-missing <"sub/**/*.yaml">']);
});

test('links inside the project are followed, and loops of folders end', () => {
  write('gatewright.yaml', 'project: p\ninclude: ["g/**/*.yaml"]\n');
  write('g/a.yaml', '');
  write('real/b.yaml', entry('b'));
  fs.symlinkSync('../real', path.join(root, 'g/link'));
  fs.symlinkSync('.', path.join(root, 'g/loop'));
  const project = loaded();
  expect(said(project)).toEqual([]);
  expect(project.files).toEqual(['gatewright.yaml', 'g/a.yaml', 'g/link/b.yaml']);
});

test('a file that is too large is not read', () => {
  write('gatewright.yaml', `project: p # ${'x'.repeat(1_000_000)}`);
  expect(diskSource(root).read('gatewright.yaml')).toEqual({ problem: 'too-large' });
  expect(said(loaded())).toEqual(['too-large']);
});

test('a folder that does not exist has no files', () => {
  expect(diskSource(root).list('nowhere', true)).toEqual({ files: [], complete: true });
  expect(diskSource(path.join(top, 'nowhere')).read('gatewright.yaml')).toEqual({ problem: 'missing' });
});

test('what stands in several files comes together, and twice is an error with both places', () => {
  write('gatewright.yaml', 'project: p\ninclude: [a.yaml, b.yaml]\nvariables: { x: { default: 1 } }\n');
  write('a.yaml', `${entry('a')}variables: { y: { default: 1 } }\npresets: { s: {} }\n`);
  write('b.yaml', `${entry('a')}variables: { x: { default: 2 } }\npresets: { s: {} }\n`);
  const project = loaded();
  expect(said(project)).toEqual(['duplicate-name <a>', 'duplicate-name <x>', 'duplicate-name <s>']);
  expect(project.diagnostics.map(({ because }) => because?.at?.file)).toEqual([
    'a.yaml',
    'gatewright.yaml',
    'a.yaml',
  ]);
});

test('an included file holds neither project, targets nor includes', () => {
  write('gatewright.yaml', 'project: p\ninclude: [a.yaml]\n');
  write('a.yaml', 'project: q\ninclude: [b.yaml]\ntargets: { a: {} }\n');
  expect(said(loaded())).toEqual(['root-only <project>', 'root-only <include>', 'root-only <targets>']);
});
