// What several entries say word for word, said once: gateway blocks that at least three share become a preset. What an
// entry says together with its preset is what it said before.
import { canonicalJson, isObject, type JsonObject } from '../model/json';
import type { Authored } from './author';
import type { AuthoredEntry } from './author-yaml';

const LEAST = 3;
/** The block whose members are shared. */
const BLOCK = 'ai_gateway';

export interface Lifted {
  readonly presets: readonly AuthoredEntry[];
  readonly entries: readonly Authored[];
}

/** `taken`: names of presets that the project has. */
export function liftPresets(entries: readonly Authored[], taken: ReadonlySet<string>): Lifted {
  const counts = new Map<string, number>();
  for (const said of entries.flatMap((entry) => sharable(entry)))
    counts.set(said, (counts.get(said) ?? 0) + 1);
  const groups = new Map<string, Authored[]>();
  for (const entry of entries) {
    const common = sharable(entry).filter((said) => (counts.get(said) ?? 0) >= LEAST);
    if (common.length > 0) groups.set(common.join('\n'), [...(groups.get(common.join('\n')) ?? []), entry]);
  }
  const presets: AuthoredEntry[] = [];
  const lifted = new Map<Authored, Authored>();
  for (const [common, members] of groups) {
    if (members.length < LEAST) continue;
    const names = common.split('\n').map((said) => said.slice(0, said.indexOf(':')));
    const key = freeName(presets.length, taken);
    const block = members[0]!.value[BLOCK] as JsonObject;
    presets.push({ key, value: { [BLOCK]: pick(block, (name) => names.includes(name)) }, notes: [] });
    for (const entry of members) lifted.set(entry, without(entry, names, key));
  }
  return { presets, entries: entries.map((entry) => lifted.get(entry) ?? entry) };
}

/** `rate_limits:{...}`: what may be shared, each as text that is equal where the value is. Never what a note speaks of. */
function sharable({ value, notes }: Authored): string[] {
  const block = isObject(value[BLOCK]) ? value[BLOCK] : {};
  const noted = new Set(notes.filter(({ at }) => at[0] === BLOCK).map(({ at }) => at[1]));
  return Object.keys(block)
    .filter((name) => !noted.has(name))
    .map((name) => `${name}:${canonicalJson(block[name])}`);
}

function without(entry: Authored, names: readonly string[], preset: string): Authored {
  const block = entry.value[BLOCK];
  const rest = isObject(block) ? pick(block, (name) => !names.includes(name)) : {};
  const isGone = Object.keys(rest).length === 0;
  const others = pick(entry.value, (name) => name !== BLOCK || !isGone);
  return { ...entry, value: { preset, ...others, ...(isGone ? {} : { [BLOCK]: rest }) } };
}

function pick(object: JsonObject, wanted: (name: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => wanted(name)));
}

/** The n-th of `standard`, `standard-2`, ... that is free. */
function freeName(index: number, taken: ReadonlySet<string>): string {
  let left = index;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'standard' : `standard-${number}`;
    if (taken.has(name)) continue;
    if (left === 0) return name;
    left -= 1;
  }
}
