// The journal of replaces: what an object had beyond the config, on disk from before its delete until its
// successor is proved. Holds what a reader of the workspace could read, and no credential.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject } from '../model/json';
import { liveKey, type SetAside } from '../plan/estate';
import type { Plan, Subject } from '../plan/types';
import type { Journal } from '../reconcile/apply';
import type { Args } from './args';
import type { Context } from './context';
import { projectDirectory } from './project';

const FORMAT = 'gatewright/journal/1';

/** One workspace: what was set aside in another says nothing here. */
export type Where = Pick<Plan, 'host' | 'target'>;

function folderOf(args: Args, context: Context): string {
  return join(projectDirectory(args, context), '.gatewright', 'journal');
}

function fileOf({ kind, name }: Subject, { target }: Where): string {
  const parts = [kind, name, ...(target === '' ? [] : [target])];
  return `${parts.map(encodeURIComponent).join('.')}.json`;
}

export function journalOf(args: Args, context: Context, where: Where): Journal {
  const folder = folderOf(args, context);
  return {
    keep(change, carried) {
      mkdirSync(folder, { recursive: true });
      const file = join(folder, fileOf(change, where));
      const { kind, name, id } = change;
      const { host, target } = where;
      const entry = { format: FORMAT, host, target, kind, name, id, carried };
      writeFileSync(`${file}.new`, context.secrets.redact(JSON.stringify(entry)), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
    drop: (subject) => rmSync(join(folder, fileOf(subject, where)), { force: true }),
  };
}

/** What earlier runs set aside in this workspace and did not finish. A file that is none of ours is passed over. */
export function setAsideIn(args: Args, context: Context, where: Where): ReadonlyMap<string, SetAside> {
  const folder = folderOf(args, context);
  const found = new Map<string, SetAside>();
  for (const file of filesIn(folder)) {
    const value = parsed(readFileSync(join(folder, file), 'utf8'));
    if (!isObject(value) || value.format !== FORMAT || !isObject(value.carried)) continue;
    if (value.host !== where.host || value.target !== where.target) continue;
    const id = typeof value.id === 'string' ? { id: value.id } : {};
    found.set(liveKey(String(value.kind), String(value.name)), {
      ...id,
      carried: value.carried as JsonObject,
    });
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
