// The desired document: what `synth` prints and `plan --desired` takes. It says what is desired and not where it was
// written; reading it back is strict, because whoever plans from it may not have made it.
import type { Diagnostic } from '../model/diagnostic';
import { isObject, type Json, type JsonObject } from '../model/json';
import type { Desired, Origin } from '../model/resource';
import { explain } from './explain';
import { Findings } from './findings';
import { locate, member, type Node, plain } from './node';
import { readYaml } from './read-yaml';
import { SourceText } from './source-text';
import { schemaErrors } from './validators';

export const DESIRED_FORMAT = 'gatewright/desired/1';

/** Sorted by kind and key, or name; without origins. Held by `schemas/desired.schema.json`. */
export function desiredDocument(desired: Desired): JsonObject {
  const { project, target, host, protect, resources, removed } = desired;
  return {
    format: DESIRED_FORMAT,
    project,
    target,
    ...(host === undefined ? {} : { host }),
    protect,
    resources: sorted(resources, ({ kind, key }) => `${kind}\n${key}`).map(({ origins: _, ...resource }) => ({
      ...resource,
    })),
    removed: sorted(removed, ({ kind, name }) => `${kind}\n${name}`).map(({ origin: _, ...entry }) => ({
      ...entry,
    })),
  };
}

function sorted<T>(list: readonly T[], by: (each: T) => string): T[] {
  return [...list].sort((a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0));
}

/** A document back as what is desired; every origin is the document itself, layer `file`. */
export function readDesiredDocument(
  text: string,
  file: string,
): { readonly desired?: Desired; readonly diagnostics: readonly Diagnostic[] } {
  const findings = new Findings();
  const source = new SourceText(file, text);
  const node = readYaml(source, findings);
  if (node === undefined || node.kind !== 'map') {
    if (!findings.hasErrors) {
      const message = `${file} is not a desired document`;
      findings.error({ code: 'wrong-format', message, at: source.location({ start: 0, end: 1 }) });
    }
    return { diagnostics: findings.diagnostics() };
  }
  const value = plain(node);
  explain(schemaErrors('desired', value), node, findings, 'desired');
  if (findings.hasErrors || !isObject(value)) return { diagnostics: findings.diagnostics() };
  return { desired: fromDocument(value, node), diagnostics: findings.diagnostics() };
}

/** The schema has been held against it, so the shape is known. */
function fromDocument(value: JsonObject, node: Node): Desired {
  const { format: _, resources, removed, ...head } = value;
  const placed = (section: string, list: Json | undefined) =>
    (list as readonly JsonObject[]).map((entry, index): [JsonObject, Origin] => {
      const places = member(node, section);
      const at = places?.kind === 'list' ? places.items[index] : undefined;
      return [entry, { ...locate(at ?? node), layer: 'file' }];
    });
  return {
    ...(head as object),
    resources: placed('resources', resources).map(([entry, at]) => ({ ...entry, origins: { '': at } })),
    removed: placed('removed', removed).map(([entry, origin]) => ({ ...entry, origin })),
  } as unknown as Desired;
}
