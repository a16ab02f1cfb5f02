// The files of an import: names that are safe everywhere, nothing overwritten, all or nothing.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileNames, folderInside, refuseOverwriting, writeNew } from '../../src/cli/import-files';

let project: string;

beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'gatewright-import-')));
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

test('names are those of the endpoints where they can be', () => {
  expect(fileNames(['chat', 'a_b-C', 'databricks-*', '*'])).toEqual([
    'chat.yaml',
    'a_b-C.yaml',
    'databricks.yaml',
    'endpoint-all.yaml',
  ]);
});

test('no name is a device, a flag, one of ours, or that of another where letter case means nothing', () => {
  const names = fileNames([
    'con',
    'NUL',
    'Com1',
    '-rf',
    'gatewright',
    'presets',
    'Chat',
    'chat',
    'CHAT',
    'endpoint-con',
  ]);
  expect(names).toEqual([
    'endpoint-con.yaml',
    'endpoint-NUL.yaml',
    'endpoint-Com1.yaml',
    'endpoint-rf.yaml',
    'endpoint-gatewright.yaml',
    'endpoint-presets.yaml',
    'Chat.yaml',
    'chat-2.yaml',
    'CHAT-3.yaml',
    'endpoint-con-2.yaml',
  ]);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
});

test('the folder may be new, and lies inside the project', () => {
  expect(folderInside(project, 'a/b')).toBe(join(project, 'a/b'));
  expect(folderInside(project, '.')).toBe(project);
  expect(() => folderInside(project, '..')).toThrow('lies outside the project');
  expect(() => folderInside(project, tmpdir())).toThrow('lies outside the project');
  symlinkSync(tmpdir(), join(project, 'link'));
  expect(() => folderInside(project, 'link/x')).toThrow('lies outside the project');
});

const files = [
  { name: 'a.yaml', text: 'a\n' },
  { name: 'b.yaml', text: 'b\n' },
];

test('writes all, and leaves nothing beside them', () => {
  const folder = join(project, 'new/deep');
  writeNew(folder, files);
  expect(readdirSync(folder)).toEqual(['a.yaml', 'b.yaml']);
  expect(readFileSync(join(folder, 'b.yaml'), 'utf8')).toBe('b\n');
});

test('says what is there, a link that leads nowhere included', () => {
  symlinkSync(join(project, 'nowhere'), join(project, 'b.yaml'));
  expect(() => refuseOverwriting(project, files, (name) => `x/${name}`)).toThrow(
    'this file is there: x/b.yaml',
  );
  refuseOverwriting(project, [files[0]!], (name) => name);
});

test('what comes in between is not overwritten, and what was written before it is taken back', () => {
  writeFileSync(join(project, 'b.yaml'), 'theirs');
  expect(() => writeNew(project, files)).toThrow(/EEXIST/);
  expect(readFileSync(join(project, 'b.yaml'), 'utf8')).toBe('theirs');
  expect(existsSync(join(project, 'a.yaml'))).toBe(false);
  expect(readdirSync(project)).toEqual(['b.yaml']);
});

test('a folder of the name of a file is there too', () => {
  mkdirSync(join(project, 'a.yaml'));
  expect(() => refuseOverwriting(project, files, (name) => name)).toThrow('a.yaml');
});
