// What to do after files were written: the line of gatewright.yaml that includes them, or the file that has it.
import { basename } from 'node:path';
import type { LoadedProject } from '../config';
import type { Args } from './args';
import type { Context } from './context';
import { projectDirectory, readProject } from './project';

const ROOT = 'gatewright.yaml';

/** `files`: in the project, with "/"; what was written `into` decides whether more may come. Empty when all are included. */
export function includeSteps(
  files: readonly string[],
  loaded: LoadedProject | undefined,
  args: Args,
  context: Context,
): string[] {
  const isFolder = !/\.ya?ml$/.test(args.text('into') ?? '');
  const known = loaded === undefined || files.length === 0 ? [] : readProject(args, context).files;
  const missing = files.filter((file) => !known.includes(file));
  if (missing.length === 0) return [];
  const folder = missing[0]!.slice(0, missing[0]!.lastIndexOf('/') + 1);
  const patterns = folder === '' || !isFolder ? missing : [`${folder}*.yaml`];
  const line = `include: [${patterns.join(', ')}]`;
  if (loaded !== undefined) return [`add to ${ROOT}: ${line}`];
  const project = projectLine(args, context).trim().split('\n').at(-1) ?? '';
  return [`write ${ROOT} with two lines, "${project}" and "${line}"`];
}

/** A name that a project could have here, for whoever begins one. */
export function projectLine(args: Args, context: Context): string {
  const folder = basename(projectDirectory(args, context)).replace(/[^A-Za-z0-9_.-]+/g, '-');
  const name = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(folder) ? folder : 'my-project';
  return `# Who owns what is managed here: endpoints carry it in a tag, so choose it once.\nproject: ${name}\n`;
}
