// Entries that say the same of objects with similar names, as one glob: only where the glob reaches exactly what the
// entries name and nothing else that is there. What comes later is another matter: it will be reached too.
import picomatch from 'picomatch';
import { canonicalJson } from '../model/json';
import type { Authored } from './author';

export interface Folded {
  readonly entries: readonly Authored[];
  /** By the glob's key, the names that it stands for. */
  readonly globs: ReadonlyMap<string, readonly string[]>;
}

/** `listed` is all that the workspace has. Only entries with a `kind`, which is the glob's filter, are folded. */
export function foldGlobs(
  entries: readonly Authored[],
  listed: readonly { readonly kind: string; readonly name: string; readonly sort: string }[],
): Folded {
  const groups = new Map<string, Authored[]>();
  for (const entry of entries) {
    if (entry.manage === 'full' || entry.value.kind === undefined || entry.notes.length > 0) continue;
    const same = `${entry.kind} ${canonicalJson(entry.value)}`;
    groups.set(same, [...(groups.get(same) ?? []), entry]);
  }
  const globs = new Map<string, readonly string[]>();
  const folded = new Map<Authored, Authored | undefined>();
  for (const group of groups.values()) {
    const names = group.map(({ key }) => key);
    const glob = `${beginning(names)}*`;
    const matches = picomatch(glob, { dot: true });
    const { kind, value } = group[0]!;
    const reached = listed.filter((one) => one.kind === kind && one.sort === value.kind && matches(one.name));
    const isExact = reached.length === names.length && reached.every(({ name }) => names.includes(name));
    if (group.length < 2 || !isExact || globs.has(glob)) continue;
    globs.set(glob, names);
    for (const entry of group) folded.set(entry, undefined);
    folded.set(group[0]!, { ...group[0]!, key: glob });
  }
  const kept = entries.flatMap((entry) => (folded.has(entry) ? (folded.get(entry) ?? []) : entry));
  return { entries: kept, globs };
}

/** What all names begin with. */
function beginning(names: readonly string[]): string {
  const [first = '', ...others] = names;
  let length = first.length;
  while (!others.every((name) => name.startsWith(first.slice(0, length)))) length -= 1;
  return first.slice(0, length);
}
