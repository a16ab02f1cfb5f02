// `gatewright import`: the config that a person would have written for what is there. Reads the workspace with GET
// alone; prints, or writes new files; never touches one that exists.
import { statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import type { LoadedProject } from '../../config';
import { authoredText } from '../../config/author-yaml';
import { hasErrors } from '../../model/diagnostic';
import { kindOf } from '../../model/kinds';
import type { Manage } from '../../model/resource';
import { survey } from '../../reconcile/survey';
import { importText } from '../../render/import-text';
import type { Args } from '../args';
import type { Command } from '../commands';
import type { Context } from '../context';
import { EXIT } from '../exit-codes';
import { Failure } from '../failure';
import { fileNames, folderInside, type NewFile, refuseOverwriting, writeNew } from '../import-files';
import { importAsked, nameGiven, refuseUnmatched } from '../import-names';
import { type Imported, importEntries } from '../importing';
import { projectDirectory, readProject } from '../project';
import { paintFor, widthFor } from '../report';
import { openWorkspace, WORKSPACE_FLAGS } from '../workspace';

const ROOT = 'gatewright.yaml';
const PRESETS = 'presets.yaml';
const DEFAULT_PARALLELISM = 64;

export const command: Command = {
  operands: ['[name, glob or file...]'],
  flags: ['target', 'var', ...WORKSPACE_FLAGS, 'into', 'group', 'presets', 'fold', 'manage', 'from'],
  about:
    'Writes config for what is there: a plan of it has nothing to do but adopt, and applying that sends tags alone. Only reads ' +
    'the workspace; prints, or with --into writes new files and overwrites none. What a file declares already is passed over, ' +
    'and so is what Databricks made and nobody has set anything on. With --manage observe it is compared and never written, ' +
    'which is the cautious first step. With --from it takes a file of another engine instead: Terraform JSON, what terraform ' +
    'show -json prints of a plan or a state, or the YAML of a bundle; it says what it did not take, and writes out how the ' +
    'other engine lets go (--manage full) or leaves ai_gateway alone (--manage attach).',
  examples: [
    'gatewright import > gatewright.yaml',
    "gatewright import 'chat-*' scorer --into gateways",
    "gatewright import 'databricks-*' --fold",
    'gatewright import --from terraform state.json --into gateways',
  ],
  async run(args, context) {
    const loaded = projectIfAny(args, context);
    if (args.text('from') !== undefined) {
      const { importFrom } = require('../import-from') as typeof import('../import-from');
      return importFrom(args, context, loaded, projectLine(args, context));
    }
    const workspace = await openWorkspace(args, context, loaded?.desired ?? { target: '' }, {
      readOnly: true,
    });
    try {
      const asked = importAsked(args.operands, loaded);
      const found = await survey({
        client: workspace.client,
        kinds: asked.kinds,
        choose: asked.choose,
        names: asked.names,
        parallelism: args.number('parallelism') ?? DEFAULT_PARALLELISM,
      });
      refuseUnmatched(args.operands, found);
      const imported = importEntries(found, loaded, {
        manage: (args.text('manage') as Manage | undefined) ?? 'full',
        presets: args.on('presets'),
        fold: args.on('fold'),
        isNamed: (one) => args.operands.some((operand) => nameGiven(operand, one)),
      });
      const into = args.text('into');
      const files = into === undefined ? [] : write(imported, into, args, context);
      if (into === undefined) context.stdout.write(printed(imported, loaded, args, context));
      const unreadable = found.unreadable.map(({ name, reason }) => ({
        name,
        reason: `cannot be read: ${reason}`,
      }));
      const passedOver = [...asked.passedOver, ...imported.passedOver, ...unreadable];
      const report = {
        host: workspace.host,
        asked: countOf(imported, passedOver.length, asked.kinds),
        imported: imported.entries.map(({ key }) => named(key, imported.globs.get(key))),
        files: files.map((file) => relative(context.cwd, join(projectDirectory(args, context), file))),
        passedOver,
        todos: imported.entries.flatMap(({ key, todos }) => todos.map((text) => ({ name: key, text }))),
        next: nextSteps(imported, files, loaded, args, context),
      };
      const options = {
        paint: paintFor(context.stderr, context, args.on('no-color')),
        width: widthFor(context.stderr, context),
      };
      context.stderr.write(importText(report, options));
      const isLost = found.unreadable.some((one) => args.operands.some((operand) => nameGiven(operand, one)));
      return isLost ? EXIT.failed : EXIT.ok;
    } finally {
      await workspace.close();
    }
  },
};

/** The project of the folder; undefined where none has been begun. What is there and invalid ends the run with exit 3. */
function projectIfAny(args: Args, context: Context): LoadedProject | undefined {
  const root = statSync(join(projectDirectory(args, context), ROOT), { throwIfNoEntry: false });
  // `gatewright import > gatewright.yaml`: the shell has made the file, and nothing stands in it.
  const isBegun = root !== undefined && root.size > 0;
  if (!isBegun && args.text('target') === undefined) return undefined;
  const loaded = readProject(args, context);
  if (hasErrors(loaded.diagnostics)) throw new Failure(loaded.diagnostics, EXIT.invalid, loaded.texts);
  return loaded;
}

function countOf({ entries, globs }: Imported, others: number, kinds: readonly string[]): string {
  const stand = entries.reduce((sum, { key }) => sum + (globs.get(key)?.length ?? 1), 0);
  const all = stand + others;
  const [only, ...further] = kinds;
  const noun = only === undefined || further.length > 0 ? 'object' : kindOf(only).noun;
  return `${all} ${noun}${all === 1 ? '' : 's'}`;
}

function named(key: string, standsFor: readonly string[] | undefined): string {
  return standsFor === undefined ? key : `${key} (${standsFor.length})`;
}

function sections({ entries, presets }: Imported) {
  const kinds = [...new Set(entries.map(({ kind }) => kind))];
  return [
    { name: 'presets', entries: presets },
    ...kinds.map((name) => ({ name, entries: entries.filter(({ kind }) => kind === name) })),
  ];
}

function printed(
  imported: Imported,
  loaded: LoadedProject | undefined,
  args: Args,
  context: Context,
): string {
  if (imported.entries.length === 0) return '';
  const text = authoredText(sections(imported));
  return loaded === undefined ? `${projectLine(args, context)}\n${text}` : text;
}

/** A name that a project could have here, for whoever begins one. */
function projectLine(args: Args, context: Context): string {
  const folder = basename(projectDirectory(args, context)).replace(/[^A-Za-z0-9_.-]+/g, '-');
  const name = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(folder) ? folder : 'my-project';
  return `# Who owns what is managed here: endpoints carry it in a tag, so choose it once.\nproject: ${name}\n`;
}

/** Writes the files; their paths in the project, with "/". */
function write(imported: Imported, into: string, args: Args, context: Context): string[] {
  const project = projectDirectory(args, context);
  const folder = folderInside(project, into);
  const files = filesOf(imported, args.text('group') === 'all').map(
    ({ name, text }): NewFile => ({ name, text: context.secrets.redact(text) }),
  );
  const shown = (name: string) => relative(project, join(folder, name)).split(sep).join('/');
  refuseOverwriting(folder, files, shown);
  if (files.length > 0) writeNew(folder, files);
  return files.map(({ name }) => shown(name));
}

function filesOf(imported: Imported, together: boolean): NewFile[] {
  const { entries, presets } = imported;
  if (entries.length === 0) return [];
  const kinds = [...new Set(entries.map(({ kind }) => kind))];
  if (together) {
    const name = kinds.length === 1 ? `${kinds[0]}.yaml` : 'imported.yaml';
    return [{ name, text: authoredText(sections(imported)) }];
  }
  const names = fileNames(entries.map(({ key }) => key));
  const each = entries.map((entry, index) => ({
    name: names[index]!,
    text: authoredText([{ name: entry.kind, entries: [entry] }]),
  }));
  const shared =
    presets.length === 0
      ? []
      : [{ name: PRESETS, text: authoredText([{ name: 'presets', entries: presets }]) }];
  return [...shared, ...each];
}

function nextSteps(
  imported: Imported,
  files: readonly string[],
  loaded: LoadedProject | undefined,
  args: Args,
  context: Context,
): string[] {
  if (imported.entries.length === 0) return [];
  const isOurs = imported.entries.some(({ manage }) => manage === 'full');
  const target = args.text('target');
  const plan = `gatewright plan${target === undefined ? '' : ` -t ${target}`}: it has nothing to do${isOurs ? ' but adopt' : ''}`;
  if (files.length === 0) return [plan];
  const known = loaded === undefined ? [] : readProject(args, context).files;
  const missing = files.filter((file) => !known.includes(file));
  if (missing.length === 0) return [plan];
  const folder = missing[0]!.slice(0, missing[0]!.lastIndexOf('/') + 1);
  const patterns = folder === '' ? missing : [`${folder}*.yaml`];
  const line = `include: [${patterns.join(', ')}]`;
  if (loaded !== undefined) return [`add to ${ROOT}: ${line}`, plan];
  const project = projectLine(args, context).trim().split('\n').at(-1) ?? '';
  return [`write ${ROOT} with two lines, "${project}" and "${line}"`, plan];
}
