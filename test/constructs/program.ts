// A construct program run in the test's own process: what it hands over goes through the loader as a child's would.
import { join } from 'node:path';
import type { GatewayApp } from '../../constructs';
import {
  desiredDocument,
  type LoadedProject,
  loadProject,
  type ProjectRequest,
  textSource,
} from '../../src/config';
import { canonicalJson } from '../../src/model/json';
import { liveKey } from '../../src/plan/estate';
import { makePlan } from '../../src/plan/plan';
import { servingEndpoints as wire } from '../../src/wire/serving-endpoints';
import type { Block } from '../generators/entities';
import { liveOf } from '../plan/whole';

export const ROOT = join(__dirname, '../..');

/** The project `gatewright.yaml` with what the app declares; places are named from the top of the repository. */
export function loadApp(
  app: GatewayApp,
  files: Readonly<Record<string, string>> = {},
  request: Partial<ProjectRequest> = {},
): LoadedProject {
  const yaml = 'project: p\napp: gateways.ts\n';
  return loadProject({
    source: textSource({ 'gatewright.yaml': yaml, ...files }),
    runApp: () => ({ documents: [JSON.stringify(app.toDeclared())], directory: ROOT }),
    ...request,
  });
}

export function documentOf(loaded: LoadedProject): string {
  if (loaded.desired === undefined) throw new Error(JSON.stringify(loaded.diagnostics, null, 2));
  return canonicalJson(desiredDocument(loaded.desired));
}

/** `code file:line label`, one a diagnostic. */
export function told(loaded: LoadedProject): string[] {
  return loaded.diagnostics.map(
    ({ code, at, label }) => `${code} ${at?.file}:${at?.line}${label === undefined ? '' : ` ${label}`}`,
  );
}

/** The line of the test that holds a mark. */
export function lineOf(text: string, mark: string): number {
  const found = text.split('\n').flatMap((line, index) => (line.endsWith(`// ${mark}`) ? [index + 1] : []));
  if (found.length !== 1) throw new Error(`${found.length} lines hold ${mark}`);
  return found[0]!;
}

/** The digest of what an apply would do to these live endpoints. */
export function digestOf({ desired }: LoadedProject, endpoints: readonly Block[]): string {
  const live = endpoints.map((endpoint) => liveOf({ id: `id-${endpoint.name}`, ...endpoint } as never));
  const names = desired!.resources
    .map(({ name }) => name)
    .filter((name) => !live.some((each) => each.name === name));
  const { plan } = makePlan({
    desired: desired!,
    live: {
      resources: new Map(live.map((each) => [liveKey(wire.kind, each.name), each])),
      absent: new Set(names.map((name) => liveKey(wire.kind, name))),
      unseen: new Map(),
      listed: live,
      notices: [],
      caller: ['user:ana@example.com'],
    },
    host: 'https://workspace.example.com',
    tool: '0.0.0',
    now: 0,
  });
  return plan.digest;
}
