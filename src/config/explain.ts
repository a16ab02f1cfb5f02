// Schema errors → few diagnostics, each at its place, in the words of the file: the cause, not the six lines that a
// validator says about it. Knows the shapes that the generator emits, and no kind.
import { badKey, unknownField } from './explain-names';
import { nameOf, type Site } from './explain-site';
import { explainValue } from './explain-values';
import type { Finding, Findings } from './findings';
import { locate, type Node } from './node';
import { annotatedSchema, type Schema, type SchemaError, schemaAt, type ValidatorName } from './validators';

const OWN_SCHEMA = ['desired', 'policy', 'waivers'] as const;

/** `validator` is the one that found them. */
export function explain(
  errors: readonly SchemaError[],
  root: Node,
  findings: Findings,
  validator: ValidatorName,
): void {
  if (errors.length === 0) return;
  const whole = annotatedSchema(OWN_SCHEMA.find((name) => name === validator) ?? 'authoring');
  const top = whole.$defs?.[validator] ?? whole;
  let said = 0;
  for (const group of byPlace(errors)) {
    const site = siteOf(group[0]!, root, whole, top);
    markBroken(site.path, root, findings);
    const found = findings.isFull ? [unexplained(site)] : explained(group, site);
    said += found.length;
    for (const finding of found) findings.error(finding);
  }
  // Whatever a validator refuses is refused, also where nothing here knows how to put it.
  if (said === 0) findings.error(unexplained(siteOf(errors[0]!, root, whole, top)));
}

function unexplained(site: Site): Finding {
  return {
    code: 'bad-value',
    message: `${nameOf(site)} is not what the schema expects`,
    at: locate(site.node),
  };
}

/** One group for each value, or name of a member: its errors are one cause seen from several sides. */
function byPlace(errors: readonly SchemaError[]): SchemaError[][] {
  const groups = new Map<string, SchemaError[]>();
  for (const error of errors) {
    const name = error.propertyName ?? error.params.additionalProperty ?? '';
    const place = `${error.instancePath}\n${String(name)}`;
    const group = groups.get(place);
    if (group === undefined) groups.set(place, [error]);
    else group.push(error);
  }
  return [...groups.values()];
}

function siteOf(error: SchemaError, root: Node, whole: Schema, top: Schema): Site {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  let node = root;
  let parent: Site['parent'];
  for (const segment of path) {
    const next = step(node, segment);
    if (next === undefined) break;
    parent = node.kind === 'map' ? { node, key: segment } : undefined;
    node = next;
  }
  const schema = schemaAt(whole, top, path);
  return { path, node, schema, whole, top, ...(parent === undefined ? {} : { parent }) };
}

function step(node: Node, segment: string): Node | undefined {
  if (node.kind === 'map') return node.entries.get(segment)?.value;
  return node.kind === 'list' ? node.items[Number(segment)] : undefined;
}

function markBroken(path: readonly string[], root: Node, findings: Findings): void {
  let node: Node | undefined = root;
  findings.markBroken(root);
  for (const segment of path) {
    node = step(node, segment);
    if (node === undefined) return;
    findings.markBroken(node);
  }
}

function explained(group: readonly SchemaError[], site: Site): Finding[] {
  const named = group.find((error) => error.propertyName !== undefined);
  if (named?.propertyName !== undefined) return badKey(named.propertyName, site);
  const unknown = group.find((error) => error.keyword === 'additionalProperties');
  if (unknown !== undefined) return unknownField(String(unknown.params.additionalProperty), site);
  return explainValue(group, site);
}
