// Names for resources in an engine's files: what both engines take, each once, and the same for the same keys.

/** `chat.v2` → `chat_v2`; of two keys that would meet, the later in order gets a number. */
export function labelsOf(keys: readonly string[]): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  const taken = new Set<string>();
  const plain = (key: string) => key.replace(/[^A-Za-z0-9_-]/g, '_').replace(/^(?![A-Za-z_])/, '_');
  // Keys that need no change keep their names, whoever comes before them.
  const inOrder = [...keys].sort(
    (a, b) => Number(plain(a) !== a) - Number(plain(b) !== b) || (a < b ? -1 : 1),
  );
  for (const key of inOrder) {
    const first = plain(key);
    let label = first;
    for (let number = 2; taken.has(label); number += 1) label = `${first}_${number}`;
    taken.add(label);
    labels.set(key, label);
  }
  return labels;
}
