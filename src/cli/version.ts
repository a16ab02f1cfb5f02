// The version of this tool, from its own package.json.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './context';

export function toolVersion({ home }: Pick<Context, 'home'>): string {
  return JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version;
}
