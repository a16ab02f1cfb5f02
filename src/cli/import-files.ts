// The files of an import: safe names, nothing overwritten, each there whole or not at all. Knows paths and texts.
import {
  copyFileSync,
  existsSync,
  constants as fsConstants,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { failure } from './failure';

export interface NewFile {
  /** Without its folder. */
  readonly name: string;
  readonly text: string;
}

/** Devices of Windows, and files that mean something here. https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file */
const TAKEN = /^(con|prn|aux|nul|com\d|lpt\d|gatewright|presets)$/;

/** A file name for each key, in their order: no two are one where letter case means nothing. */
export function fileNames(keys: readonly string[]): string[] {
  const seen = new Set<string>();
  return keys.map((key) => {
    const plain = key.replace(/[*?]/g, '').replace(/^-+|-+$/g, '');
    const safe =
      plain === '' || TAKEN.test(plain.toLowerCase()) || key.startsWith('-')
        ? `endpoint-${plain || 'all'}`
        : plain;
    let name = safe;
    for (let number = 2; seen.has(name.toLowerCase()); number += 1) name = `${safe}-${number}`;
    seen.add(name.toLowerCase());
    return `${name}.yaml`;
  });
}

/** The folder to write into, as a path; it must lie inside the project, links followed. */
export function folderInside(project: string, into: string): string {
  const folder = resolve(project, into);
  const root = realpathSync(project);
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  const real = realpathSync(there);
  if (real !== root && !real.startsWith(root + sep)) {
    throw failure('into-outside', `${into} lies outside the project`, {
      help: 'name a folder inside it: files elsewhere cannot be included',
    });
  }
  return folder;
}

/** Refuses, before anything is written, when one of the files is there, whatever it is. */
export function refuseOverwriting(
  folder: string,
  files: readonly NewFile[],
  shown: (name: string) => string,
): void {
  const there = files.filter(
    ({ name }) => lstatSync(join(folder, name), { throwIfNoEntry: false }) !== undefined,
  );
  if (there.length === 0) return;
  const names = there.map(({ name }) => shown(name));
  throw failure(
    'file-exists',
    `an import overwrites nothing, and ${names.length === 1 ? 'this file is' : 'these files are'} there: ${names.join(', ')}`,
    {
      help: 'nothing was written; name another folder with --into, or remove them',
    },
  );
}

/** Each file is whole before it gets its name, and none gets the name of another; on an error all of them are taken back. */
export function writeNew(folder: string, files: readonly NewFile[]): void {
  mkdirSync(folder, { recursive: true });
  const aside = mkdtempSync(join(folder, '.gatewright-import-'));
  const placed: string[] = [];
  try {
    for (const { name, text } of files) writeFileSync(join(aside, name), text);
    for (const { name } of files) {
      place(join(aside, name), join(folder, name));
      placed.push(name);
    }
  } catch (error) {
    for (const name of placed) rmSync(join(folder, name), { force: true });
    throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** A link cannot replace a file; where there are none, a copy that may not either. */
function place(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK'].includes(code)) throw error;
    copyFileSync(from, to, fsConstants.COPYFILE_EXCL);
  }
}
