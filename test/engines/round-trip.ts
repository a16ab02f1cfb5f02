// Another engine's file as a project of ours, and back: what the command does, without files and terminals.

import { takenFiles } from '../../src/cli/taking';
import { desiredDocument, loadProject, textSource } from '../../src/config';
import { authoredText } from '../../src/config/author-yaml';
import {
  bundleForm,
  fromBundle,
  fromTerraform,
  type NotTaken,
  terraformForm,
  terraformJson,
} from '../../src/engines';
import { canonicalJson, type JsonObject } from '../../src/model/json';
import type { Desired } from '../../src/model/resource';

export type EngineName = 'terraform' | 'bundle';

export interface Imported {
  readonly text: string;
  readonly desired: Desired;
  readonly notTaken: readonly NotTaken[];
}

const VALUE = (name: string) => (/version/.test(name) ? '1' : name.toLowerCase());

/** Variables without a value get one that names them. */
export function imported(root: JsonObject, engine: EngineName): Imported {
  const taken = engine === 'bundle' ? fromBundle(root) : fromTerraform(root);
  const files = takenFiles(taken, 'full');
  const sections = [...files.root, { name: 'serving_endpoints', entries: files.entries }];
  const text = `project: p\n${authoredText(sections)}`;
  const source = textSource({ 'gatewright.yaml': text });
  const valueless = files.root
    .filter(({ name }) => name === 'variables')
    .flatMap(({ entries }) => entries.filter(({ value }) => value.default === undefined));
  const variables = Object.fromEntries(
    valueless.map(({ key, value }) => [key, value.type === 'integer' ? '100' : VALUE(key)]),
  );
  const { desired, diagnostics } = loadProject({ source, variables });
  if (desired === undefined) throw new Error(`${text}\n${JSON.stringify(diagnostics, null, 1)}`);
  return { text, desired, notTaken: files.notTaken };
}

export function exported(desired: Desired, engine: EngineName): JsonObject {
  const made =
    engine === 'bundle' ? bundleForm([desired], '').document : terraformJson(terraformForm(desired));
  return JSON.parse(JSON.stringify(made)) as JsonObject;
}

/** Of a project, what both directions carry: no target, no names of the files. */
export function meaning(desired: Desired): string {
  const { resources } = desiredDocument(desired) as { resources: readonly JsonObject[] };
  return canonicalJson(
    resources.map(({ kind, name, fields, protect }) => ({ kind, name, fields, protect }) as JsonObject),
  );
}
