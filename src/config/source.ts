// Where the files of a project come from: a folder on disk, or anything else that answers these two questions.
// Knows paths and bytes; nothing of YAML. Paths are relative to the project and use "/".
import fs from 'node:fs';
import path from 'node:path';

export type ReadProblem = 'missing' | 'outside' | 'not-a-file' | 'too-large' | 'unreadable';

export type ReadAnswer = { readonly bytes: Uint8Array } | { readonly problem: ReadProblem };

export interface FileSource {
  /** A file's bytes, at most `MOST_BYTES_PER_FILE`. Never throws for what stands on disk. */
  read(file: string): ReadAnswer;
  /** The files in a folder ('' is the project), sorted; `deep` also below it. `complete` is false when there are too many to look at. */
  list(folder: string, deep: boolean): { readonly files: readonly string[]; readonly complete: boolean };
}

export const MOST_BYTES_PER_FILE = 1_000_000;
export const MOST_BYTES = 64_000_000;
export const MOST_FILES = 20_000;
export const MOST_LISTED = 100_000;

/** Folders that a glob never enters: they hold other people's files. */
export const NEVER_ENTERED: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/** A folder on disk. Links are followed as long as they stay inside it; what is not a regular file is refused. */
export function diskSource(directory: string): FileSource {
  let root: string | undefined;
  const rootPath = () => {
    root ??= fs.realpathSync(directory);
    return root;
  };
  const inside = (real: string) => real === rootPath() || real.startsWith(rootPath() + path.sep);

  return {
    read(file) {
      let descriptor: number | undefined;
      try {
        const real = fs.realpathSync(path.resolve(rootPath(), file));
        if (!inside(real)) return { problem: 'outside' };
        // Not blocking, so that a named pipe is refused below instead of waited for.
        descriptor = fs.openSync(real, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
        const stat = fs.fstatSync(descriptor);
        if (!stat.isFile()) return { problem: 'not-a-file' };
        if (stat.size > MOST_BYTES_PER_FILE) return { problem: 'too-large' };
        return { bytes: fs.readFileSync(descriptor) };
      } catch (error) {
        return { problem: problemOf(error) };
      } finally {
        if (descriptor !== undefined) fs.closeSync(descriptor);
      }
    },

    list(folder, deep) {
      const files: string[] = [];
      const entered = new Set<string>();
      const waiting = [folder];
      let looked = 0;
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        for (const entry of entriesOf(path.resolve(rootPath(), next), entered, inside)) {
          looked += 1;
          if (looked > MOST_LISTED) return { files, complete: false };
          const name = next === '' ? entry.name : `${next}/${entry.name}`;
          if (!entry.isFolder) files.push(name);
          else if (deep && !NEVER_ENTERED.has(entry.name)) waiting.push(name);
        }
      }
      return { files: files.sort(), complete: true };
    },
  };
}

/** Files that are texts, by name. */
export function textSource(files: Readonly<Record<string, string | Uint8Array>>): FileSource {
  return {
    read(file) {
      const text = Object.hasOwn(files, file) ? files[file] : undefined;
      if (text === undefined) return { problem: 'missing' };
      return { bytes: typeof text === 'string' ? new TextEncoder().encode(text) : text };
    },
    list(folder, deep) {
      const prefix = folder === '' ? '' : `${folder}/`;
      const below = Object.keys(files).filter((file) => file.startsWith(prefix));
      const found = below.filter((file) => deep || !file.slice(prefix.length).includes('/'));
      return { files: found.sort(), complete: true };
    },
  };
}

function problemOf(error: unknown): ReadProblem {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
  return code === 'ENXIO' || code === 'EISDIR' ? 'not-a-file' : 'unreadable';
}

/** Each folder once by its real path, which is what ends a loop of links. Links that lead nowhere count as files: reading them says why. */
function entriesOf(folder: string, entered: Set<string>, inside: (real: string) => boolean) {
  let entries: fs.Dirent[];
  try {
    const real = fs.realpathSync(folder);
    if (entered.has(real) || !inside(real)) return [];
    entered.add(real);
    entries = fs.readdirSync(real, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.map((entry) => {
    if (!entry.isSymbolicLink()) return { name: entry.name, isFolder: entry.isDirectory() };
    return { name: entry.name, isFolder: isFolder(path.join(folder, entry.name)) };
  });
}

function isFolder(link: string): boolean {
  try {
    return fs.statSync(link).isDirectory();
  } catch {
    return false;
  }
}
