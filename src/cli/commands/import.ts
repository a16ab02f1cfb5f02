// `gatewright import`: the config that a person would have written for what is there. Reads the workspace with GET
// alone; prints, or writes new files; never touches one that exists.
import { join, relative, sep } from 'node:path';
import type { LoadedProject } from '../../config';
import { authoredText } from '../../config/author-yaml';
import { kindOf } from '../../model/kinds';
import type { Manage } from '../../model/resource';
import { type OlderEndpoints, olderEndpoints } from '../../reconcile/older-endpoints';
import { survey } from '../../reconcile/survey';
import { importText } from '../../render/import-text';
import { wireOf } from '../../wire';
import type { Args } from '../args';
import type { Command } from '../commands';
import type { Context } from '../context';
import { EXIT } from '../exit-codes';
import { fileNames, folderInside, type NewFile, refuseOverwriting, writeNew } from '../import-files';
import { importAsked, nameGiven, refuseUnmatched } from '../import-names';
import { type Imported, importEntries } from '../importing';
import { includeSteps, projectLine } from '../next-steps';
import { projectDirectory, projectIfAny } from '../project';
import { paintFor, widthFor } from '../report';
import { openWorkspace, WORKSPACE_FLAGS } from '../workspace';

const PRESETS = 'presets.yaml';
const DEFAULT_PARALLELISM = 64;

export const command: Command = {
  operands: ['[name, glob or file...]'],
  flags: ['target', 'var', ...WORKSPACE_FLAGS, 'into', 'group', 'presets', 'fold', 'manage', 'from'],
  about:
    'Writes config for what is there: all serving endpoints, or what is named; services of Unity Catalog as ' +
    'CATALOG.SCHEMA.NAME. A plan of it has nothing to do but adopt, and applying that sends tags alone. Only reads ' +
    'the workspace; prints, or with --into writes new files and overwrites none. What a file declares already is passed over, ' +
    'and so is what Databricks made and nobody has set anything on. With --manage observe it is compared and never written, ' +
    'which is the cautious first step. With --from it takes a file of another engine instead: Terraform JSON, what terraform ' +
    'show -json prints of a plan or a state, or the YAML of a bundle; it says what it did not take, and writes out how the ' +
    'other engine lets go (--manage full) or leaves ai_gateway alone (--manage attach).',
  examples: [
    'gatewright import > gatewright.yaml',
    "gatewright import 'chat-*' scorer --into gateways",
    "gatewright import 'databricks-*' --fold",
    "gatewright import 'main.ai.*' 'system.ai.*' --into services",
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
        within: asked.within,
        parallelism: args.number('parallelism') ?? DEFAULT_PARALLELISM,
      });
      refuseUnmatched(args.operands, found);
      const older = args.operands.length === 0 ? await olderEndpoints(workspace.client) : { found: [] };
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
        notManaged: olderLines(older),
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

/** What no file can declare, and the way on. */
function olderLines({ found, unreadable }: OlderEndpoints): string[] {
  if (unreadable !== undefined)
    return [`gateway endpoints of the former Beta could not be read: ${unreadable}`];
  if (found.length === 0) return [];
  return [
    ...found.map(
      ({ name, destinations }) =>
        `${name}: gateway endpoint of the former Beta${destinations.length === 0 ? '' : `, to ${destinations.join(', ')}`}`,
    ),
    'These cannot be written by any public call, so Gatewright leaves them alone. Declare a model service with the same destinations (a model_services entry), grant EXECUTE on it, move its callers, then delete the old one in the UI.',
  ];
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
  const isStamped = imported.entries.some(
    ({ kind, manage }) => manage === 'full' && wireOf(kind).stampPath !== undefined,
  );
  const target = args.text('target');
  const plan = `gatewright plan${target === undefined ? '' : ` -t ${target}`}: it has nothing to do${isStamped ? ' but adopt' : ''}`;
  return [...includeSteps(files, loaded, args, context), plan];
}
