// Members that exclude each other, by the field table: of each block, one alternative at most. Looks at an entry after
// its layers are merged, because two layers may each say one of them.
import type { FieldRow } from '../model/fields';
import { KINDS } from '../model/kinds';
import type { Findings } from './findings';
import { isSaid, type LayerValue, leafOf, memberOf } from './layers';
import { locate } from './node';
import type { MergedEntry } from './resources';

type Pattern = readonly string[];

/** `config.served_entities[].external_model`, segment by segment. */
export function patternOf(path: string): Pattern {
  return path.replaceAll('[]', '.[]').split('.');
}

const CHOICES = new Map(
  KINDS.map(({ kind, rows }) => [
    kind,
    rows.filter((row) => row.choices !== undefined).map((row) => ({ row, pattern: patternOf(row.path) })),
  ]),
);

export function checkChoices(entry: MergedEntry, findings: Findings): void {
  for (const { row, pattern } of CHOICES.get(entry.declared.section.kind) ?? [])
    for (const block of valuesAt(entry.value, pattern)) checkBlock(block, row, findings);
}

function checkBlock(block: LayerValue, row: FieldRow, findings: Findings): void {
  for (const choice of row.choices ?? []) {
    const said = choice.flatMap((members) => members.find((name) => isSaid(memberOf(block, name))) ?? []);
    const [first, second] = said;
    if (first === undefined || second === undefined) continue;
    findings.error(() => ({
      code: 'excluded-field',
      message: `${second} cannot stand beside ${first}`,
      at: locate(memberOf(block, second)!.node),
      because: { text: `${first} stands here`, at: locate(memberOf(block, first)!.node) },
      help: 'Keep one of them; null removes what a lower layer says.',
    }));
  }
}

/** A null among alternatives says that another is said; alone it would take away what cannot be missing. */
export function checkNothingChosen(entry: MergedEntry, findings: Findings): void {
  for (const { row, pattern } of CHOICES.get(entry.declared.section.kind) ?? [])
    for (const block of valuesAt(entry.value, pattern))
      for (const choice of row.choices ?? []) checkChosen(block, choice.flat(), row, findings);
}

function checkChosen(block: LayerValue, names: readonly string[], row: FieldRow, findings: Findings): void {
  if (names.some((name) => isSaid(memberOf(block, name)))) return;
  const name = names.find((each) => leafOf(memberOf(block, each)) === null);
  if (name === undefined) return;
  findings.error({
    code: 'wrong-type',
    message: `${name} cannot be null where nothing takes its place`,
    at: locate(memberOf(block, name)!.node),
    because: { text: row.reason },
    help: `Write one of ${names.join(', ')}, or delete the line to leave it as it is.`,
  });
}

/** Every value whose path has the pattern. */
export function* valuesAt(value: LayerValue, pattern: Pattern, depth = 0): Generator<LayerValue> {
  const segment = pattern[depth];
  if (segment === undefined) {
    yield value;
  } else if (segment === '[]') {
    if (value.kind === 'keyed')
      for (const item of value.items.values()) yield* valuesAt(item, pattern, depth + 1);
  } else {
    const inner = memberOf(value, segment);
    if (inner !== undefined) yield* valuesAt(inner, pattern, depth + 1);
  }
}
