// `gatewright import --from terraform|bundle FILE`: what another engine's file declares, as config of ours, a report of what
// was not taken, and the handover written out. Opens no connection; overwrites nothing.
import { readFileSync, statSync } from 'node:fs';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import type { LoadedProject } from '../config';
import { type AuthoredSection, authoredText } from '../config/author-yaml';
import { isLiteralSecret } from '../config/credentials';
import { Findings } from '../config/findings';
import { plain } from '../config/node';
import { readYaml } from '../config/read-yaml';
import { SourceText } from '../config/source-text';
import {
  bundleHandover,
  fromBundle,
  fromTerraform,
  type Handover,
  type Taken,
  terraformHandover,
} from '../engines';
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import type { Manage } from '../model/resource';
import { takingText } from '../render/taking-text';
import type { Args } from './args';
import type { Context } from './context';
import { EXIT, type ExitCode } from './exit-codes';
import { Failure, failure } from './failure';
import { fileNames, folderInside, type NewFile, refuseOverwriting, writeNew } from './import-files';
import { projectDirectory } from './project';
import { paintFor, widthFor } from './report';
import { type TakenFiles, takenFiles } from './taking';

const ROOT = 'gatewright.yaml';
const SECTION = 'serving_endpoints';
const MOST_BYTES = 64_000_000;
const MOST_DEPTH = 64;
/** Of a workspace, not of a file. */
const NOT_WITH_A_FILE = ['presets', 'fold', 'host', 'profile', 'parallelism', 'timeout'] as const;

export function importFrom(
  args: Args,
  context: Context,
  loaded: LoadedProject | undefined,
  projectLine: string,
): ExitCode {
  const engine = args.text('from') ?? '';
  const [file, ...others] = args.operands;
  if (file === undefined || others.length > 0)
    throw failure('usage', `import --from ${engine} takes one file`, {
      help: `gatewright import --from ${engine} FILE`,
    });
  for (const flag of NOT_WITH_A_FILE)
    if (args.on(flag))
      throw failure('usage', `--${flag} is for a workspace and means nothing with --from`, {
        help: 'leave it out',
      });
  const manage = (args.text('manage') as Manage | undefined) ?? 'full';
  const root = rootOf(file, engine, context);
  hide(root, '', context);
  const taken = unlessDeclared(engine === 'bundle' ? fromBundle(root) : fromTerraform(root), loaded);
  const files = takenFiles(taken, manage);
  const endpoints = taken.endpoints.filter(({ address }) => files.addresses.has(address));
  const targets = taken.targets.map(({ name }) => name);
  const handover =
    engine === 'bundle' ? bundleHandover(endpoints, targets, manage) : terraformHandover(endpoints, manage);
  const line = loaded === undefined ? lineOf(projectLine, taken.project) : '';
  const into = args.text('into');
  const written = into === undefined ? [] : write(files, handover, into, args, context);
  if (into === undefined && files.entries.length > 0) context.stdout.write(printed(files, line));
  context.stderr.write(
    takingText(
      {
        from: file,
        counted: `${files.entries.length} ${kindOf(SECTION).noun}${files.entries.length === 1 ? '' : 's'}`,
        imported: files.entries.map(({ key }) => key),
        files: written.map((name) => relative(context.cwd, join(projectDirectory(args, context), name))),
        notTaken: files.notTaken,
        blocks: blocksOf(files, into === undefined ? handover : undefined, into !== undefined, line),
        next: nextOf(files, written, manage, handover, into),
      },
      {
        paint: paintFor(context.stderr, context, args.on('no-color')),
        width: widthFor(context.stderr, context),
      },
    ),
  );
  return EXIT.ok;
}

function rootOf(file: string, engine: string, context: Context): JsonObject {
  const path = resolve(context.cwd, file);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile())
    throw failure('no-file', `${file} is not a file that is there`, { help: 'name the file to take from' });
  if (stat.size > MOST_BYTES)
    throw failure('too-large', `${file} is larger than ${MOST_BYTES / 1_000_000} MB`, { help: 'split it' });
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  const isJson = /^\s*\{/.test(text) && (engine === 'terraform' || extname(file) === '.json');
  if (isJson) return json(text, file);
  if (engine === 'terraform') throw notJson(file);
  const findings = new Findings();
  const source = new SourceText(basename(file), text);
  const node = readYaml(source, findings, { literal: true });
  if (findings.hasErrors)
    throw new Failure(
      // Without the frame: what stands in a file of others may be a credential.
      findings.diagnostics().filter(({ severity }) => severity === 'error'),
      EXIT.invalid,
    );
  const root = node === undefined ? {} : plain(node);
  if (isObject(root)) return root;
  throw failure('wrong-format', `${file} is no bundle: its top is no map`, { exitCode: EXIT.invalid });
}

function notJson(file: string): Failure {
  return failure('hcl-not-read', `${file} is not JSON, and HCL is not read`, {
    help: 'take Terraform\u0027s own reading of it: terraform show -json > state.json, or terraform show -json plan.out > plan.json, and import that file',
    exitCode: EXIT.invalid,
  });
}

/** The message of the parser would quote the text. */
function json(text: string, file: string): JsonObject {
  let root: Json;
  try {
    root = JSON.parse(text) as Json;
  } catch {
    throw failure('wrong-format', `${file} is not JSON`, { exitCode: EXIT.invalid, help: 'is it whole?' });
  }
  if (depthOf(root) > MOST_DEPTH)
    throw failure('too-deep', `${file} is nested more than ${MOST_DEPTH} deep`, { exitCode: EXIT.invalid });
  return root as JsonObject;
}

/** Level by level, so that no depth can overflow the stack. */
function depthOf(root: Json): number {
  let depth = 0;
  let level: readonly Json[] = [root];
  for (; level.length > 0 && depth <= MOST_DEPTH; depth += 1)
    level = level.flatMap((value) => (isList(value) ? value : isObject(value) ? Object.values(value) : []));
  return depth;
}

/** A state holds credentials in plain text: none of them may reach a file or a terminal. */
function hide(value: Json, holder: string, context: Context): void {
  if (isList(value)) for (const each of value) hide(each, holder, context);
  if (!isObject(value)) return;
  for (const name of Object.keys(value)) {
    const inner = value[name] ?? null;
    if (typeof inner === 'string' && isLiteralSecret(holder, name, inner)) context.secrets.add(inner);
    else hide(inner, name, context);
  }
}

/** Nothing is declared twice. */
function unlessDeclared(taken: Taken, loaded: LoadedProject | undefined): Taken {
  const names = new Map(
    (loaded?.names ?? []).filter(({ section }) => section === SECTION).map(({ name, at }) => [name, at]),
  );
  const isThere = ({ key }: Taken['endpoints'][number]) => names.has(key);
  const there = taken.endpoints.filter(isThere).map(({ address, key }) => {
    const at = names.get(key);
    return { address, path: '', reason: `declared already at ${at?.file}:${at?.line}` };
  });
  return {
    ...taken,
    endpoints: taken.endpoints.filter((one) => !isThere(one)),
    notTaken: [...taken.notTaken, ...there],
  };
}

const lineOf = (line: string, project: string | undefined) =>
  project !== undefined && /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(project)
    ? line.replace(/^project: .*$/m, `project: ${project}`)
    : line;

const section = ({ entries }: TakenFiles): AuthoredSection => ({ name: SECTION, entries });

function printed(files: TakenFiles, line: string): string {
  const text = authoredText(line === '' ? [section(files)] : [...files.root, section(files)]);
  return line === '' ? text : `${line}\n${text}`;
}

/** What has a place of its own that we may not write to. */
function blocksOf(files: TakenFiles, handover: Handover | undefined, isWritten: boolean, line: string) {
  const root = authoredText(files.root);
  const isPrinted = !isWritten && line !== '';
  return [
    ...(root === '' || isPrinted ? [] : [{ title: `Add to ${ROOT}:`, text: root }]),
    ...(handover === undefined ? [] : [{ title: `Handover (${handover.file}):`, text: handover.text }]),
  ];
}

function write(
  files: TakenFiles,
  handover: Handover | undefined,
  into: string,
  args: Args,
  context: Context,
): string[] {
  if (files.entries.length === 0) return [];
  const project = projectDirectory(args, context);
  const folder = folderInside(project, into);
  const names = fileNames(files.entries.map(({ key }) => key));
  const texts: NewFile[] =
    args.text('group') === 'all'
      ? [{ name: `${SECTION}.yaml`, text: authoredText([section(files)]) }]
      : files.entries.map((entry, index) => ({
          name: names[index]!,
          text: authoredText([{ name: SECTION, entries: [entry] }]),
        }));
  const all = [
    ...texts,
    ...(handover === undefined ? [] : [{ name: handover.file, text: handover.text }]),
  ].map(({ name, text }): NewFile => ({ name, text: context.secrets.redact(text) }));
  const shown = (name: string) => relative(project, join(folder, name)).split(sep).join('/');
  refuseOverwriting(folder, all, shown);
  writeNew(folder, all);
  return all.map(({ name }) => shown(name));
}

function nextOf(
  files: TakenFiles,
  written: readonly string[],
  manage: Manage,
  handover: Handover | undefined,
  into: string | undefined,
): string[] {
  if (files.entries.length === 0) return [];
  const folder = written[0]?.replace(/[^/]*$/, '') ?? '';
  const valueless = valuelessIn(files);
  return [
    ...(into === undefined ? [] : [`${ROOT} includes them by the line: include: [${folder}*.yaml]`]),
    ...(valueless.length === 0
      ? []
      : [`give a value to ${valueless.join(', ')}: a default, under a target, or --var`]),
    ...(handover === undefined
      ? []
      : [`hand over first, as ${into === undefined ? 'below' : handover.file} says`]),
    `gatewright plan: what is live and not as the file says is shown there${manage === 'full' ? '; the rest is to adopt' : ''}`,
  ];
}

/** Variables that have neither a default nor a value in every target. */
function valuelessIn({ root }: TakenFiles): string[] {
  const of = (name: string) => root.find((one) => one.name === name)?.entries ?? [];
  const targets = of('targets').map(({ value }) => (isObject(value.variables) ? value.variables : {}));
  const isGiven = (name: string) =>
    targets.length > 0 && targets.every((values) => values[name] !== undefined);
  return of('variables').flatMap(({ key, value }) =>
    value.default !== undefined || isGiven(key) ? [] : [key],
  );
}
