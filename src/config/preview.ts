// `preview` is for what the schema does not know. What it knows is declared where it belongs, or two places would say it.
import type { Findings } from './findings';
import { locateKey, type Node } from './node';
import { annotatedSchema, follow, type Schema, type ValidatorName } from './validators';

export function checkPreview(preview: Node | undefined, entry: ValidatorName, findings: Findings): void {
  if (preview?.kind !== 'map' || preview.entries.size === 0) return;
  const whole = annotatedSchema('authoring');
  checkKnown(preview, whole.$defs?.[entry] ?? {}, whole, findings);
}

function checkKnown(node: Node, schema: Schema, whole: Schema, findings: Findings): void {
  if (node.kind !== 'map') return;
  for (const [name, { value }] of node.entries) {
    const known = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined;
    if (known === undefined) continue;
    const inner = follow(whole, known);
    if (value.kind === 'map' && inner.properties !== undefined) {
      checkKnown(value, inner, whole, findings);
      continue;
    }
    findings.error(() => ({
      code: 'known-field',
      message: `${name} is a field that the schema knows`,
      at: locateKey(node, name),
      help: 'Declare it outside of preview.',
    }));
  }
}
