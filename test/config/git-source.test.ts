// Files of a commit: what a checkout of it would answer, without one. Refs are hostile until proven otherwise.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { diskSource, type FileSource, loadProject } from '../../src/config';
import { gitSource } from '../../src/config/git-source';
import { said } from './project';

let top: string;
let root: string;

const PERSON = { NAME: 'Ana', EMAIL: 'ana@example.com', DATE: '2026-01-01T00:00:00Z' };
const env = () => ({
  PATH: process.env.PATH,
  HOME: top,
  GIT_CONFIG_NOSYSTEM: '1',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((role) =>
      Object.entries(PERSON).map(([name, value]) => [`GIT_${role}_${name}`, value]),
    ),
  ),
});

function git(directory: string, ...words: string[]): string {
  return execFileSync('git', words, { cwd: directory, env: env(), stdio: 'pipe', encoding: 'utf8' }).trim();
}

function write(file: string, text: string, below = root): void {
  const at = path.join(below, file);
  fs.mkdirSync(path.dirname(at), { recursive: true });
  fs.writeFileSync(at, text);
}

function link(target: string, file: string): void {
  const at = path.join(root, file);
  fs.mkdirSync(path.dirname(at), { recursive: true });
  fs.symlinkSync(target, at);
}

function commit(name: string): string {
  git(root, 'add', '--all', '--force');
  git(root, 'commit', '--quiet', '--allow-empty', '--message', name);
  git(root, 'tag', '--force', name);
  return git(root, 'rev-parse', 'HEAD');
}

beforeEach(() => {
  top = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gatewright-')));
  root = path.join(top, 'repository');
  fs.mkdirSync(root);
  git(root, 'init', '--quiet', '--initial-branch=main');
});
afterEach(() => fs.rmSync(top, { recursive: true }));

const text = (source: FileSource, file: string) => {
  const answer = source.read(file);
  return 'bytes' in answer ? Buffer.from(answer.bytes).toString('utf8') : answer.problem;
};
const entry = (key: string) => `serving_endpoints: { ${key}: {} }\n`;
const source = (ref: string, directory = root) => gitSource(directory, ref, env());

test('a commit stays what it was, whatever stands in the working tree', () => {
  write('gatewright.yaml', 'project: p\ninclude: ["gateways/**/*.yaml"]\n');
  write('gateways/a.yaml', entry('a'));
  write('gateways/deep/b.yaml', entry('b'));
  const id = commit('v1');
  write('gatewright.yaml', 'project: q\n');
  fs.rmSync(path.join(root, 'gateways'), { recursive: true });
  for (const ref of ['v1', 'main', 'HEAD', id, id.slice(0, 10), 'refs/tags/v1']) {
    const then = source(ref);
    expect(then.commit).toBe(id);
    const project = loadProject({ source: then });
    expect(said(project)).toEqual([]);
    expect(project.desired?.resources.map(({ key }) => key)).toEqual(['a', 'b']);
  }
  commit('v2');
  expect(loadProject({ source: source('v1') }).desired?.project).toBe('p');
  expect(loadProject({ source: source('v2') }).desired?.project).toBe('q');
});

test('an annotated tag names its commit', () => {
  write('a.yaml', 'x');
  const id = commit('v1');
  git(root, 'tag', '--annotate', 'release', '--message', 'one');
  expect(source('release').commit).toBe(id);
});

test('in a folder of the repository, paths are relative to it and end at it', () => {
  write('ops/gatewright.yaml', 'project: p\ninclude: [g/*.yaml]\n');
  write('ops/g/a.yaml', entry('a'));
  write('secret.yaml', 'x');
  commit('v1');
  const then = source('v1', path.join(root, 'ops'));
  expect(then.folder).toBe('ops');
  expect(loadProject({ source: then }).desired?.resources.map(({ key }) => key)).toEqual(['a']);
  expect(text(then, '../secret.yaml')).toBe('outside');
  expect(text(then, '/etc/hostname')).toBe('outside');
});

test('a folder that the commit does not have is empty', () => {
  write('a.yaml', 'x');
  commit('v1');
  write('new/gatewright.yaml', 'project: p\n');
  const then = source('v1', path.join(root, 'new'));
  expect(then.list('', true)).toEqual({ files: [], complete: true });
  expect(said(loadProject({ source: then }))).toEqual(['no-project']);
});

test('links are followed as on disk, and lead nowhere outside', () => {
  write('ops/real/a.yaml', 'a');
  write('ops/deep/er/b.yaml', 'b');
  write('beside/c.yaml', 'c');
  link('real/a.yaml', 'ops/to-file.yaml');
  link('real', 'ops/to-folder');
  link('../ops/real/a.yaml', 'ops/out-and-back.yaml');
  link('../beside/c.yaml', 'ops/out.yaml');
  link('/etc/hostname', 'ops/absolute.yaml');
  link('loop-b.yaml', 'ops/loop-a.yaml');
  link('loop-a.yaml', 'ops/loop-b.yaml');
  link('nowhere.yaml', 'ops/dangling.yaml');
  link('..', 'ops/deep/er/up');
  commit('v1');
  const then = source('v1', path.join(root, 'ops'));
  const disk = diskSource(path.join(root, 'ops'));
  const expected = {
    'to-file.yaml': 'a',
    'to-folder/a.yaml': 'a',
    'out-and-back.yaml': 'a',
    'out.yaml': 'outside',
    'absolute.yaml': 'outside',
    'loop-a.yaml': 'unreadable',
    'dangling.yaml': 'missing',
    'deep/er/up/er/b.yaml': 'b',
    'real/a.yaml/x': 'missing',
    real: 'not-a-file',
  };
  expect(Object.fromEntries(Object.keys(expected).map((file) => [file, text(then, file)]))).toEqual(expected);
  expect(Object.fromEntries(Object.keys(expected).map((file) => [file, text(disk, file)]))).toEqual(expected);
  expect(then.list('', false)).toEqual(disk.list('', false));
});

test('what is too large is not read', () => {
  write('large.yaml', 'x'.repeat(1_000_001));
  write('small.yaml', 'y');
  commit('v1');
  expect(source('v1').read('large.yaml')).toEqual({ problem: 'too-large' });
  expect(text(source('v1'), 'small.yaml')).toBe('y');
});

test('more than is read ahead at once is read all the same', () => {
  for (let index = 0; index < 12; index += 1)
    write(`g/${index}.yaml`, String(index).repeat(900_000 / String(index).length));
  commit('v1');
  const then = source('v1');
  for (let index = 0; index < 12; index += 1)
    expect(text(then, `g/${index}.yaml`).startsWith(String(index))).toBe(true);
});

test('a repository inside the repository is a folder of which nothing is known', () => {
  const inner = path.join(root, 'inner');
  fs.mkdirSync(inner);
  git(inner, 'init', '--quiet');
  write('a.yaml', 'x', inner);
  git(inner, 'add', '--all');
  git(inner, 'commit', '--quiet', '--message', 'inner');
  commit('v1');
  expect(source('v1').list('', true).files).toEqual([]);
  expect(text(source('v1'), 'inner/a.yaml')).toBe('missing');
});

describe('refs', () => {
  test.each([
    ['--upload-pack=touch pwned', 'bad-ref'],
    ['-h', 'bad-ref'],
    ['', 'bad-ref'],
    ['main\nHEAD', 'bad-ref'],
    ['main\0', 'bad-ref'],
    ['main..HEAD', 'bad-ref'],
    ['HEAD:a.yaml', 'bad-ref'],
    [':/v1', 'bad-ref'],
    ['x'.repeat(300), 'bad-ref'],
    ['^main', 'unknown-ref'],
    ['nowhere', 'unknown-ref'],
    ['0000000000000000000000000000000000000000', 'unknown-ref'],
    ['$(touch pwned)', 'unknown-ref'],
    ['main commit 5', 'unknown-ref'],
    ['HEAD^{tree}', 'unknown-ref'],
  ])('%j is refused as %s', (ref, code) => {
    write('a.yaml', 'x');
    commit('v1');
    expect(() => source(ref)).toThrow(
      expect.objectContaining({ code, help: expect.stringContaining('synth') }),
    );
    expect(fs.readdirSync(root).sort()).toEqual(['.git', 'a.yaml']);
  });

  test('a shallow clone says how to get more', () => {
    write('a.yaml', 'x');
    commit('v1');
    write('a.yaml', 'y');
    commit('v2');
    git(top, 'clone', '--quiet', '--depth=1', '--no-tags', `file://${root}`, 'clone');
    const clone = path.join(top, 'clone');
    expect(() => source('HEAD~1', clone)).toThrow(
      expect.objectContaining({
        code: 'unknown-ref',
        message: expect.stringContaining('shallow'),
        help: expect.stringContaining('fetch-depth: 0'),
      }),
    );
    expect(text(source('HEAD', clone), 'a.yaml')).toBe('y');
  });

  test('a branch that only the remote has is named as it is known here', () => {
    write('a.yaml', 'x');
    commit('v1');
    git(root, 'branch', 'topic');
    git(top, 'clone', '--quiet', `file://${root}`, 'clone');
    expect(() => source('topic', path.join(top, 'clone'))).toThrow(
      expect.objectContaining({ help: expect.stringContaining('origin/topic') }),
    );
  });
});

test('outside a repository, and without git, it is said what to do instead', () => {
  const bare = fs.mkdtempSync(path.join(top, 'none-'));
  expect(() => gitSource(bare, 'main', { ...env(), GIT_CEILING_DIRECTORIES: top })).toThrow(
    expect.objectContaining({ code: 'no-repository', help: expect.stringContaining('synth') }),
  );
  expect(() => gitSource(root, 'main', { ...env(), PATH: top })).toThrow(
    expect.objectContaining({ code: 'no-git' }),
  );
});

test('a bare repository that was committed into a folder is not obeyed', () => {
  write('a.yaml', 'outer');
  const planted = path.join(root, 'planted');
  git(root, 'init', '--quiet', '--bare', 'planted');
  fs.appendFileSync(path.join(planted, 'config'), '[alias]\n\tx = !touch pwned\n');
  commit('v1');
  try {
    expect(source('v1', planted).folder).toBe('planted');
  } catch (error) {
    expect(error).toMatchObject({ code: 'no-repository' });
  }
});

test('git is handed no credential', () => {
  const bin = path.join(top, 'bin');
  write('git', '#!/bin/sh\nenv > "$HOME/seen"\nexit 1\n', bin);
  fs.chmodSync(path.join(bin, 'git'), 0o755);
  const handed = {
    ...env(),
    PATH: `${bin}:${process.env.PATH}`,
    DATABRICKS_TOKEN: 'canary',
    GITHUB_TOKEN: 'canary',
  };
  expect(() => gitSource(root, 'main', handed)).toThrow(expect.objectContaining({ code: 'no-repository' }));
  expect(fs.readFileSync(path.join(top, 'seen'), 'utf8')).not.toContain('canary');
});

test('whatever is committed, the commit answers as a checkout of it does', () => {
  const name = fc.constantFrom('a', 'b', 'c.yaml', 'd.yaml', '.e', 'ä ö');
  const way = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
  // Node takes `..` behind the name of a link for the folder that the link stands in, an operating system does not.
  const target = fc
    .tuple(fc.array(fc.constantFrom('..', '.'), { maxLength: 3 }), fc.array(name, { maxLength: 3 }))
    .map(([up, names]) => [...up, ...names].join('/') || '.');
  const thing = fc.oneof(
    fc.record({ at: way, text: fc.string({ maxLength: 20 }) }),
    fc.record({ at: way, target }),
  );
  fc.assert(
    fc.property(fc.array(thing, { maxLength: 12 }), fc.array(way, { maxLength: 20 }), (things, asked) => {
      const folder = path.join(root, 'ops');
      fs.rmSync(folder, { recursive: true, force: true });
      fs.mkdirSync(folder);
      for (const one of things) {
        try {
          if ('text' in one) write(one.at, one.text, folder);
          else link(one.target, `ops/${one.at}`);
        } catch {
          // Something else stands there, or a link leads elsewhere.
        }
      }
      // Git keeps no empty folders, and neither does what is compared.
      pruneEmpty(folder);
      fs.mkdirSync(folder, { recursive: true });
      commit('v1');
      const disk = diskSource(folder);
      const then = source('v1', folder);
      const all = disk.list('', true);
      for (const file of [...asked, ...all.files]) {
        const [here, there] = [text(disk, file), text(then, file)];
        // A link that leads out and to nothing is missing on disk; what lies outside is not looked at in a tree.
        if (!(here === 'missing' && there === 'outside')) expect(there).toBe(here);
      }
      // Whether a link leads to a folder out there is not known either.
      const inside = ({ files }: { files: readonly string[] }) =>
        files.filter((file) => text(then, file) !== 'outside');
      expect(inside(then.list('', false))).toEqual(inside(disk.list('', false)));
      if (!things.some((one) => 'target' in one)) expect(then.list('', true)).toEqual(all);
    }),
    { numRuns: Number(process.env.GATEWRIGHT_CASES ?? 60) },
  );
}, 120_000);

function pruneEmpty(folder: string): void {
  for (const member of fs.readdirSync(folder, { withFileTypes: true }))
    if (member.isDirectory()) pruneEmpty(path.join(folder, member.name));
  if (fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
}
