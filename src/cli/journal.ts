// The journal of replaces: what an object had beyond the config, on disk from before its delete until its
// successor is proved. Holds what a reader of the workspace could read, and no credential.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject } from '../model/json';
import { liveKey } from '../plan/estate';
import type { Change } from '../plan/types';
import type { Journal } from '../reconcile/apply';
import type { Args } from './args';
import type { Context } from './context';
import { projectDirectory } from './project';

const FORMAT = 'gatewright/journal/1';

function folderOf(args: Args, context: Context): string {
  return join(projectDirectory(args, context), '.gatewright', 'journal');
}

function fileOf({ kind, name }: Change): string {
  return `${kind}.${encodeURIComponent(name)}.json`;
}

export function journalOf(args: Args, context: Context): Journal {
  const folder = folderOf(args, context);
  return {
    keep(change, carried) {
      mkdirSync(folder, { recursive: true });
      const file = join(folder, fileOf(change));
      const { kind, name } = change;
      writeFileSync(
        `${file}.new`,
        context.secrets.redact(JSON.stringify({ format: FORMAT, kind, name, carried })),
        { mode: 0o600 },
      );
      renameSync(`${file}.new`, file);
    },
    drop: (change) => rmSync(join(folder, fileOf(change)), { force: true }),
  };
}

/** What earlier runs set aside and did not finish. A file that is none of ours is passed over. */
export function setAsideIn(args: Args, context: Context): ReadonlyMap<string, JsonObject> {
  const folder = folderOf(args, context);
  const found = new Map<string, JsonObject>();
  for (const file of filesIn(folder)) {
    const value = parsed(readFileSync(join(folder, file), 'utf8'));
    if (isObject(value) && value.format === FORMAT && isObject(value.carried)) {
      found.set(liveKey(String(value.kind), String(value.name)), value.carried);
    }
  }
  return found;
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith('.json'));
  } catch {
    return [];
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
