// Which declarable fields have no sentence of their own: a list to review, so that a field that matters to callers does
// not slip in unsaid. GATEWRIGHT_UPDATE=1 writes it; then read the diff.
import project from '../../schemas/gatewright.schema.json';
import type { EffectRule } from '../../src/model/effect-rules';
import { KINDS, type Kind } from '../../src/model/kinds';
import { expectGolden } from '../render/golden';

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

const sections = project.properties as Readonly<Record<string, { additionalProperties?: Schema }>>;
const defs = project.$defs as Readonly<Record<string, Schema>>;

function followed(schema: Schema): Schema {
  const name = schema.$ref?.split('/').pop();
  return name === undefined ? schema : followed(defs[name] ?? {});
}

/** Paths of leaves, an item of a list as `[]`; pairs and what is keyed by a member are leaves of their own. */
function leaves(schema: Schema, at: readonly string[]): string[][] {
  const { properties, items } = followed(schema);
  if (properties !== undefined)
    return Object.entries(properties).flatMap(([name, inner]) => leaves(inner, [...at, name]));
  return items === undefined ? [[...at]] : leaves(items, [...at, '[]']);
}

/** Of an item: they say which it is. */
const KEYS = ['key', 'principal', 'renewal_period'];
/** Words for files alone; they are never sent, so they do nothing. */
const OF_FILES = ['preset', 'name', 'manage', 'protect', 'only_in', 'labels', 'kind', 'preview'];

function ruleOf(kind: Kind, path: readonly string[]): EffectRule | undefined {
  const rules = path.flatMap((_, depth) => {
    const pattern = path
      .slice(0, depth + 1)
      .join('.')
      .replaceAll('.[]', '[]');
    const row = kind.rows.find((one) => one.path === pattern && one.effect !== undefined);
    return row?.effect ?? [];
  });
  return rules.at(-1);
}

test('the fields that are told by name alone are these', () => {
  const lines = KINDS.flatMap((kind) => {
    const fields = leaves(sections[kind.kind]?.additionalProperties ?? {}, []);
    const told = fields.filter(([head = '']) => !OF_FILES.includes(head));
    expect(told.length).toBeGreaterThan(5);
    return told.flatMap((path) => {
      if (KEYS.includes(path.at(-1) ?? '')) return [];
      const rule = ruleOf(kind, path);
      if (rule !== undefined && rule.family !== 'setting') return [];
      const text = path.join('.').replaceAll('.[]', '[]');
      return [`${kind.kind} ${text}${rule === undefined ? '' : `: ${rule.of}`}`];
    });
  });
  expectGolden('test/plan/generic-effects.txt', `${[...new Set(lines)].sort().join('\n')}\n`);
});
