// A tree of constructs → the desired document and what was found, through the reader of projects.
import { desiredDocument, loadProject, textSource } from '../../src/config';
import type { Diagnostic } from '../../src/model/diagnostic';
import type { JsonObject } from '../../src/model/json';
import type { GatewayApp } from '../gateway-app';

export interface SynthOptions {
  /** The text of the gatewright.yaml that the program belongs to, for targets, presets and overlays. @default one with the app's project */
  readonly root?: string;
  /** @default the default target */
  readonly target?: string;
  /** What --var would say. @default none */
  readonly variables?: Readonly<Record<string, string>>;
}

const APP = 'app: the program under test\n';

export function synth(
  app: GatewayApp,
  { root, target, variables }: SynthOptions,
): { readonly document?: JsonObject; readonly diagnostics: readonly Diagnostic[] } {
  const yaml = root ?? `project: ${app.project ?? 'test'}\n`;
  const text = /^app:/m.test(yaml) ? yaml : `${yaml.trimEnd()}\n${APP}`;
  const { desired, diagnostics } = loadProject({
    source: textSource({ 'gatewright.yaml': text }),
    runApp: () => ({ documents: [JSON.stringify(app.toDeclared())], directory: process.cwd() }),
    ...(target === undefined ? {} : { target }),
    ...(variables === undefined ? {} : { variables }),
  });
  return { ...(desired === undefined ? {} : { document: desiredDocument(desired) }), diagnostics };
}
