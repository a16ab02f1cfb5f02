// `gatewright migrate`: serving endpoints as services of Unity AI Gateway, written as config for review, with what became
// of every setting. Reads the workspace with GET alone; prints, or writes new files; applies nothing.
import { basename, dirname, join, relative, sep } from 'node:path';
import type { LoadedProject } from '../../config';
import { authoredText } from '../../config/author-yaml';
import type { MigratedEndpoint } from '../../config/migrate';
import { pathText } from '../../model/path';
import { survey } from '../../reconcile/survey';
import { type MigrateReport, migrateMarkdown, migrateText } from '../../render/migrate-text';
import type { Args } from '../args';
import type { Command } from '../commands';
import type { Context } from '../context';
import { EXIT } from '../exit-codes';
import { failure } from '../failure';
import { fileNames, folderInside, type NewFile, refuseOverwriting, writeNew } from '../import-files';
import { nameGiven, reaches, refuseUnmatched } from '../import-names';
import { ENDPOINTS, MADE, type Migrated, migrateEndpoints } from '../migrating';
import { includeSteps, projectLine } from '../next-steps';
import { projectDirectory, projectIfAny } from '../project';
import { paintFor, widthFor } from '../report';
import { openWorkspace, WORKSPACE_FLAGS } from '../workspace';

const DEFAULT_PARALLELISM = 64;
/** What the parts of a name may not hold: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-names */
const SCHEMA = /^[^\s./*?\u0000-\u001f\u007f]{1,255}\.[^\s./*?\u0000-\u001f\u007f]{1,255}$/;

export const command: Command = {
  operands: ['[name or glob...]'],
  flags: ['target', 'var', ...WORKSPACE_FLAGS, 'schema', 'into', 'format'],
  choices: { format: ['text', 'json', 'markdown'] },
  about:
    'Writes config for services of Unity AI Gateway that take the place of serving endpoints: a model service for each, and a ' +
    'model provider service for each provider and credential. Says of every setting whether it is equal, differs or has no ' +
    'equivalent. Reads the workspace and applies nothing: the endpoints stay as they are, and a plan of what is written makes ' +
    'new services alone. Prints, or with --into writes new files (one for each service, or all into FILE.yaml) and overwrites ' +
    'none. With -o json or markdown what became of the settings goes to stdout.',
  examples: [
    'gatewright migrate chat --schema main.ai',
    "gatewright migrate 'chat-*' --schema main.ai --into services",
    'gatewright migrate --schema main.ai --into services.yaml -o markdown',
  ],
  async run(args, context) {
    const schema = schemaAsked(args);
    const format = args.text('format') ?? 'text';
    if (format !== 'text' && args.text('into') === undefined) {
      throw failure('usage', `-o ${format} needs --into: stdout takes the config or the report`, {
        help: 'add --into FILE.yaml or --into DIR',
      });
    }
    const loaded = projectIfAny(args, context);
    const workspace = await openWorkspace(args, context, loaded?.desired ?? { target: '' }, {
      readOnly: true,
    });
    try {
      const isAsked = (one: { kind: string; name: string }) =>
        one.kind === ENDPOINTS &&
        (args.operands.length === 0 || args.operands.some((operand) => reaches(operand, one)));
      const found = await survey({
        client: workspace.client,
        kinds: [ENDPOINTS, ...MADE],
        choose: (listed) => listed.filter(isAsked),
        within: [`${schema}.*`],
        parallelism: args.number('parallelism') ?? DEFAULT_PARALLELISM,
      });
      refuseUnmatched(args.operands, {
        ...found,
        listed: found.listed.filter(({ kind }) => kind === ENDPOINTS),
      });
      const isNamed = (one: { kind: string; name: string }) =>
        args.operands.some((operand) => nameGiven(operand, one));
      const migrated = migrateEndpoints(found, loaded, { schema, isNamed });
      const into = args.text('into');
      const files = into === undefined ? [] : write(migrated, into, args, context);
      const text = migrated.entries.length === 0 ? '' : authoredText(sections(migrated));
      if (into === undefined && text !== '')
        context.stdout.write(loaded === undefined ? `${projectLine(args, context)}\n${text}` : text);
      const report: MigrateReport = {
        host: workspace.host,
        noun: 'serving endpoint',
        moving: migrated.endpoints.map(shownEndpoint),
        files: files.map((file) => relative(context.cwd, join(projectDirectory(args, context), file))),
        passedOver: [
          ...migrated.passedOver,
          ...found.unreadable.map(({ name, reason }) => ({ name, reason: `cannot be read: ${reason}` })),
        ],
        todos: migrated.todos,
        next: nextSteps(migrated, files, loaded, args, context),
      };
      const options = {
        paint: paintFor(context.stderr, context, args.on('no-color')),
        width: widthFor(context.stderr, context),
      };
      if (format === 'json') context.stdout.write(migrateJson(report));
      else if (format === 'markdown') context.stdout.write(migrateMarkdown(report));
      else context.stderr.write(migrateText(report, options));
      const isLost = found.unreadable.some((one) => args.operands.some((operand) => nameGiven(operand, one)));
      return isLost ? EXIT.failed : EXIT.ok;
    } finally {
      await workspace.close();
    }
  },
};

function migrateJson({ host, noun: _, moving, ...rest }: MigrateReport): string {
  return `${JSON.stringify({ host, endpoints: moving, ...rest }, null, 2)}\n`;
}

function schemaAsked(args: Args): string {
  const schema = args.text('schema');
  if (schema !== undefined && SCHEMA.test(schema) && !schema.startsWith('system.')) return schema;
  const problem =
    schema === undefined
      ? 'migrate needs --schema'
      : `--schema takes a CATALOG.SCHEMA of yours, not "${schema}"`;
  throw failure('usage', problem, { help: 'services lie in a schema of Unity Catalog: --schema main.ai' });
}

/** Providers first: they are what the others lead to. */
function sections({ entries }: Migrated) {
  return MADE.map((name) => ({ name, entries: entries.filter(({ kind }) => kind === name) }));
}

function shownEndpoint({ name, service, stays, told }: MigratedEndpoint): MigrateReport['moving'][number] {
  const own = service === undefined ? '' : `model_services.${service}`;
  return {
    name,
    ...(service === undefined ? {} : { service }),
    ...(stays === undefined ? {} : { stays }),
    settings: told.map(({ path, value, outcome, to, says }) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      const where = to === undefined ? undefined : pathText(to.path);
      const place =
        to === undefined || to.address === own
          ? where
          : `${to.address.slice(to.address.indexOf('.') + 1)} ${where}`;
      return {
        path,
        value: value === null ? '' : text,
        outcome,
        ...(place === undefined ? {} : { to: place }),
        says,
      };
    }),
  };
}

/** Writes the files; their paths in the project, with "/". */
function write(migrated: Migrated, into: string, args: Args, context: Context): string[] {
  const project = projectDirectory(args, context);
  const isFile = /\.ya?ml$/.test(into);
  const folder = folderInside(project, isFile ? dirname(into) : into);
  const files = (isFile ? together(migrated, basename(into)) : apart(migrated)).map(
    ({ name, text }): NewFile => ({ name, text: context.secrets.redact(text) }),
  );
  const shown = (name: string) => relative(project, join(folder, name)).split(sep).join('/');
  refuseOverwriting(folder, files, shown, 'a migration');
  if (files.length > 0) writeNew(folder, files);
  return files.map(({ name }) => shown(name));
}

function together(migrated: Migrated, name: string): NewFile[] {
  return migrated.entries.length === 0 ? [] : [{ name, text: authoredText(sections(migrated)) }];
}

/** A file for each service; they share their names, so that none of a later run is in the way. */
function apart({ entries }: Migrated): NewFile[] {
  const names = fileNames(entries.map(({ key }) => key.slice(key.lastIndexOf('.') + 1)));
  return entries.map((entry, index) => ({
    name: names[index]!,
    text: authoredText([{ name: entry.kind, entries: [entry] }]),
  }));
}

function nextSteps(
  { entries }: Migrated,
  files: readonly string[],
  loaded: LoadedProject | undefined,
  args: Args,
  context: Context,
): string[] {
  if (entries.length === 0) return [];
  const target = args.text('target');
  return [
    ...includeSteps(files, loaded, args, context),
    `gatewright plan${target === undefined ? '' : ` -t ${target}`}: it makes new services and changes nothing else`,
    'move the callers, and only then remove the endpoints',
  ];
}
