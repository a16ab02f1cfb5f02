// What an entry is called in the workspace: whether it can be, whether it is a glob, and that no two entries are one
// object. Looks at entries after their layers are merged.
import type { Location } from '../model/diagnostic';
import type { Findings } from './findings';
import { memberOf } from './layers';
import { locate } from './node';
import type { MergedEntry } from './resources';

export function isGlob(name: string): boolean {
  return /[*?]/.test(name);
}

/** The place of what gives the name: the member, else the entry's key. */
export function locateName({ value, declared }: Pick<MergedEntry, 'value' | 'declared'>): Location {
  const node = memberOf(value, 'name')?.node;
  return node === undefined ? declared.at : locate(node);
}

/** False, with an error, when nothing can be called so. */
export function isName(entry: MergedEntry, findings: Findings): boolean {
  const { name, pattern, manage } = entry;
  const { section } = entry.declared;
  const at = locateName(entry);
  if (!(pattern ? section.glob : section.name).test(name)) {
    findings.error({
      code: 'bad-name',
      message: `"${name.slice(0, 80)}" cannot be a name`,
      at,
      label: `must be ${section.nameSays}`,
    });
    return false;
  }
  if (manage !== 'full') return true;
  if (pattern) {
    findings.error({
      code: 'bad-name',
      message: `the glob "${name}" cannot be managed fully`,
      at,
      help: 'Add manage: attach to govern what matches, or manage: observe to compare only.',
    });
  } else if (section.reserved.names.test(name)) {
    findings.error({
      code: 'reserved-name',
      message: `the prefix of "${name}" is reserved for ${section.reserved.says}`,
      at,
      help: 'Add manage: attach to govern what Databricks made.',
    });
  }
  return true;
}

/** Two entries for one live object would overwrite each other; two kinds may share one namespace. */
export function refuseTwins(entries: readonly MergedEntry[], findings: Findings): void {
  const first = new Map<string, MergedEntry>();
  for (const entry of entries) {
    const { namespace } = entry.declared.section;
    const identity = `${namespace}\n${entry.name}`;
    const before = first.get(identity);
    if (before === undefined || (entry.pattern && !isSameKind(entry, before))) {
      if (before === undefined) first.set(identity, entry);
      continue;
    }
    findings.error({
      code: 'duplicate-name',
      message: `${addressOf(entry)} and ${addressOf(before)} both have the name "${entry.name}"`,
      at: locateName(entry),
      because: {
        text: isSameKind(entry, before)
          ? 'the other stands here'
          : `the other stands here; ${namespace} share one namespace`,
        at: locateName(before),
      },
    });
  }
}

const isSameKind = (one: MergedEntry, other: MergedEntry) =>
  one.declared.section.kind === other.declared.section.kind;
const addressOf = ({ declared }: MergedEntry) => `${declared.section.kind}.${declared.name}`;
