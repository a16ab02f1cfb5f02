// `preview` is for what the schema does not know. What it knows is declared where it belongs, or two places would say it.
import type { Findings } from './findings';
import { locateKey, type MapNode, type Node } from './node';
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
    const items = inner.additionalProperties;
    if (
      value.kind === 'map' &&
      value.entries.size > 0 &&
      typeof items === 'object' &&
      inner.items !== undefined
    ) {
      // A keyed list: its items are known, and what they hold may be new.
      for (const [key, { value: item }] of value.entries) {
        if (item.kind === 'map' && item.entries.size > 0)
          checkKnown(item, follow(whole, items), whole, findings);
        else refuseKnown(value, key, findings);
      }
      continue;
    }
    if (value.kind === 'map' && inner.properties !== undefined) {
      checkKnown(value, inner, whole, findings);
      continue;
    }
    refuseKnown(node, name, findings);
  }
}

function refuseKnown(holder: MapNode, name: string, findings: Findings): void {
  findings.error(() => ({
    code: 'known-field',
    message: `${name.slice(0, 80)} is a field that the schema knows`,
    at: locateKey(holder, name),
    help: 'Declare it outside of preview.',
  }));
}
