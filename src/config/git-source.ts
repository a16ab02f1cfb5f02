// The files of a project as a commit has them, without a checkout: a FileSource that answers as `diskSource` would in a
// checkout of it. Knows trees, links and sizes; nothing of YAML.
import path from 'node:path';
import {
  type Environment,
  type GitPlace,
  gitCommit,
  gitEntries,
  gitObjects,
  gitPlace,
  gitSizes,
} from './git';
import {
  type FileSource,
  MOST_BYTES_PER_FILE,
  MOST_LISTED,
  NEVER_ENTERED,
  type ReadAnswer,
  type ReadProblem,
} from './source';

export interface GitSource extends FileSource {
  /** The full id of the commit. */
  readonly commit: string;
  /** Where the folder lies in its repository, '' at its top. */
  readonly folder: string;
}

interface Folder {
  readonly kind: 'folder';
  readonly members: Map<string, Node>;
}

interface Blob {
  readonly kind: 'file' | 'link';
  readonly object: string;
}

type Node = Folder | Blob;

const LINK = '120000';
const SUBMODULE = '160000';
/** As Linux: more links than this on one way are a loop. */
const MOST_LINKS = 40;
const LONGEST_LINK = 4096;
/** How much is read ahead: what is included is mostly a whole folder, and one question to git answers for all of it. */
const READ_AHEAD = 8_000_000;

/**
 * The tree of `ref` below `directory`, a folder of a working tree; a folder that the commit does not have is empty.
 * Throws a GitProblem for a ref that names no commit here, without git, and outside a repository.
 */
export function gitSource(directory: string, ref: string, env: Environment): GitSource {
  const place = gitPlace(directory, env);
  const commit = gitCommit(place, ref);
  const root: Folder = { kind: 'folder', members: new Map() };
  for (const [file, { mode, object }] of gitEntries(place, commit, place.folder) ?? []) {
    const segments = file.split('/');
    // A folder that is another repository: what it holds is not known here.
    if (mode === SUBMODULE) folderAt(root, segments);
    else
      folderAt(root, segments.slice(0, -1)).members.set(segments.at(-1)!, {
        kind: mode === LINK ? 'link' : 'file',
        object,
      });
  }
  const tree = new Tree(place, root);
  return {
    commit,
    folder: place.folder,
    read: (file) => tree.read(file),
    list: (folder, deep) => tree.list(folder, deep),
  };
}

function folderAt(root: Folder, segments: readonly string[]): Folder {
  let folder = root;
  for (const segment of segments) {
    const found = folder.members.get(segment);
    const next: Folder = found?.kind === 'folder' ? found : { kind: 'folder', members: new Map() };
    folder.members.set(segment, next);
    folder = next;
  }
  return folder;
}

type Found = { readonly node: Node; readonly folder: Folder } | { readonly problem: ReadProblem };

class Tree {
  /** Where the root lies in the repository: a link may lead out of it and back. */
  readonly #above: readonly string[];
  readonly #sizes = new Map<string, number>();
  readonly #bytes = new Map<string, Uint8Array>();

  constructor(
    readonly place: GitPlace,
    readonly root: Folder,
  ) {
    this.#above = place.folder === '' ? [] : place.folder.split('/');
  }

  read(file: string): ReadAnswer {
    const found = this.#find(file);
    if ('problem' in found) return found;
    const { node, folder } = found;
    if (node.kind === 'folder') return { problem: 'not-a-file' };
    const bytes = this.#bytesOf(node, folder, path.posix.extname(file));
    if (bytes !== undefined) return { bytes };
    return {
      problem: (this.#sizes.get(node.object) ?? 0) > MOST_BYTES_PER_FILE ? 'too-large' : 'unreadable',
    };
  }

  list(folder: string, deep: boolean): { readonly files: readonly string[]; readonly complete: boolean } {
    const files: string[] = [];
    const entered = new Set<Folder>();
    const waiting = [folder];
    let looked = 0;
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const found = this.#find(next);
      if ('problem' in found || found.node.kind !== 'folder' || entered.has(found.node)) continue;
      entered.add(found.node);
      for (const [member, node] of found.node.members) {
        looked += 1;
        if (looked > MOST_LISTED) return { files, complete: false };
        const name = next === '' ? member : `${next}/${member}`;
        if (!this.#isFolder(name, node)) files.push(name);
        else if (deep && !NEVER_ENTERED.has(member)) waiting.push(name);
      }
    }
    return { files: files.sort(), complete: true };
  }

  /** Links that lead nowhere count as files: reading them says why. */
  #isFolder(name: string, node: Node): boolean {
    if (node.kind !== 'link') return node.kind === 'folder';
    const found = this.#find(name);
    return 'node' in found && found.node.kind === 'folder';
  }

  /** Where a path ends once every link on the way is followed. */
  #find(file: string): Found {
    const normal = path.posix.normalize(file);
    if (path.posix.isAbsolute(normal) || normal === '..' || normal.startsWith('../'))
      return { problem: 'outside' };
    const waiting = normal === '.' ? [] : normal.split('/').filter((segment) => segment !== '');
    /** The way from the root, and how far above it we are. */
    const way: Node[] = [];
    let above = 0;
    let links = 0;
    const here = (): Node => way.at(-1) ?? this.root;
    for (let segment = waiting.shift(); segment !== undefined; segment = waiting.shift()) {
      const folder = here();
      if (above === 0 && folder.kind !== 'folder') return { problem: 'missing' };
      if (segment === '' || segment === '.') continue;
      if (segment === '..') {
        if (way.pop() === undefined) above += 1;
        if (above > this.#above.length) return { problem: 'outside' };
        continue;
      }
      if (above > 0) {
        // Only the way back is known: what lies beside the project is none of it.
        if (segment !== this.#above[this.#above.length - above]) return { problem: 'outside' };
        above -= 1;
        continue;
      }
      if (folder.kind !== 'folder') return { problem: 'missing' };
      const node = folder.members.get(segment);
      if (node === undefined) return { problem: 'missing' };
      if (node.kind !== 'link') {
        way.push(node);
        continue;
      }
      links += 1;
      const target = links > MOST_LINKS ? undefined : this.#targetOf(node, folder);
      if (target === undefined) return { problem: 'unreadable' };
      if (target.startsWith('/')) return { problem: 'outside' };
      waiting.unshift(...target.split('/'));
    }
    if (above > 0) return { problem: 'outside' };
    const holder = way.at(-2) ?? this.root;
    return { node: here(), folder: holder.kind === 'folder' ? holder : this.root };
  }

  #targetOf(link: Blob, folder: Folder): string | undefined {
    const bytes = this.#bytesOf(link, folder, '');
    return bytes === undefined || bytes.length > LONGEST_LINK
      ? undefined
      : Buffer.from(bytes).toString('utf8');
  }

  /** Undefined when it is too large, or not to be had. With it come the files of the same folder that end alike. */
  #bytesOf(blob: Blob, folder: Folder, ending: string): Uint8Array | undefined {
    if (this.#bytes.has(blob.object)) return this.#bytes.get(blob.object);
    const alike = [...folder.members]
      .filter(
        ([name, { kind }]) => kind === blob.kind && (kind === 'link' || path.posix.extname(name) === ending),
      )
      .flatMap(([, node]) => (node.kind === 'folder' ? [] : [node.object]));
    const wanted = [...new Set([blob.object, ...alike])];
    const unknown = wanted.filter((object) => !this.#sizes.has(object));
    if (unknown.length > 0)
      for (const [object, size] of gitSizes(this.place, unknown)) this.#sizes.set(object, size);
    if ((this.#sizes.get(blob.object) ?? MOST_BYTES_PER_FILE + 1) > MOST_BYTES_PER_FILE) return undefined;
    this.#fetch(wanted);
    return this.#bytes.get(blob.object);
  }

  /** The first of them, and as many others as there is room for. */
  #fetch(objects: readonly string[]): void {
    const wanted: string[] = [];
    let room = READ_AHEAD;
    for (const object of objects) {
      const size = this.#sizes.get(object) ?? MOST_BYTES_PER_FILE + 1;
      if (size > MOST_BYTES_PER_FILE || size > room || this.#bytes.has(object)) continue;
      wanted.push(object);
      room -= size;
    }
    for (const [object, bytes] of gitObjects(this.place, wanted)) this.#bytes.set(object, bytes);
  }
}
