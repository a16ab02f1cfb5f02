// How the program that `app` names is started: its words, a loader for TypeScript, and the environment that it sees.
// Starts nothing.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Finding } from '../config/findings';

export interface NodeRuntime {
  readonly path: string;
  /** `20.18.1` */
  readonly version: string;
  /** What `process.features.typescript` says. https://nodejs.org/api/process.html#processfeaturestypescript */
  readonly typescript: unknown;
}

export interface Started {
  readonly program: string;
  readonly words: readonly string[];
}

const SCRIPT = /\.[cm]?[jt]s$/;
const TYPESCRIPT = /\.[cm]?ts$/;

/** Loaders that the project may have, by their documentation: package, and the flag that loads it. */
const LOADERS: readonly { readonly name: string; readonly flag: string }[] = [
  // https://tsx.is/dev-api/node-cli
  { name: 'tsx', flag: '--import=tsx' },
  // https://github.com/swc-project/swc-node/tree/master/packages/register
  { name: '@swc-node/register', flag: '--import=@swc-node/register/esm-register' },
  // https://github.com/unjs/jiti
  { name: 'jiti', flag: '--import=jiti/register' },
];

/** `gateways.ts`, `node dist/gateways.js` or any command; words are split at blanks, quotes keep them together. */
export function appCommand(
  app: string,
  directory: string,
  node: NodeRuntime,
): Started | { readonly problem: Finding } {
  const words = wordsOf(app);
  const [first = '', ...rest] = words;
  const isNode = first === 'node';
  if (!isNode && !SCRIPT.test(first)) return { program: first, words: rest };
  const [flags, script, ...args] = isNode ? splitFlags(rest) : [[], first, ...rest];
  if (script !== undefined && SCRIPT.test(script) && !existsSync(resolve(directory, script))) {
    const help = TYPESCRIPT.test(script)
      ? 'Name a file of the project.'
      : 'Build the program first, or name its TypeScript file.';
    return { problem: { code: 'app-missing', message: `${script} does not exist`, help } };
  }
  if (script === undefined || !TYPESCRIPT.test(script) || flags.some(loadsSomething))
    return { program: node.path, words: [...flags, ...(script === undefined ? [] : [script]), ...args] };
  const loader = loaderFlags(directory, node);
  if (loader === undefined) return { problem: noLoader(node) };
  return { program: node.path, words: [...loader, ...flags, script, ...args] };
}

function noLoader({ version }: NodeRuntime): Finding {
  return {
    code: 'app-no-loader',
    message: `Node ${version} does not read TypeScript, and the project has no loader for it`,
    help: `Use Node 22.18 or newer, or install one: npm install --save-dev tsx (or ${LOADERS.slice(1)
      .map(({ name }) => name)
      .join(', ')}). Or compile the program and write: app: node dist/gateways.js`,
  };
}

/** Node's own type stripping where there is, else what the project has installed. */
function loaderFlags(directory: string, node: NodeRuntime): readonly string[] | undefined {
  if (node.typescript) return [];
  const loader = LOADERS.find(({ name }) => isInstalled(name, directory));
  if (loader !== undefined) return [loader.flag];
  // Behind a flag since 22.6: https://nodejs.org/api/typescript.html#type-stripping
  const [major = 0, minor = 0] = node.version.split('.').map(Number);
  const canStrip = major > 22 || (major === 22 && minor >= 6);
  return canStrip ? ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'] : undefined;
}

function isInstalled(name: string, from: string): boolean {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', name, 'package.json'))) return true;
    if (dirname(folder) === folder) return false;
  }
}

function loadsSomething(flag: string): boolean {
  return /^(-r|--require|--import|--loader|--experimental-loader|--experimental-(strip|transform)-types)\b/.test(
    flag,
  );
}

/** Flags with a value of their own stand as `--flag=value`, or the value is a word that is no script. */
function splitFlags(words: readonly string[]): [string[], ...string[]] {
  const at = words.findIndex((word) => !word.startsWith('-') && SCRIPT.test(word));
  return at < 0 ? [[...words]] : [words.slice(0, at), ...words.slice(at)];
}

function wordsOf(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  );
}

/**
 * What a program sees of the environment: how to find programs and folders, the language, and what is named for it.
 * A list of what passes, because nobody can list what is secret.
 */
const PASSES =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TERM|COLUMNS|NO_COLOR|FORCE_COLOR|CI|TMPDIR|TEMP|TMP|NODE_ENV|NODE_PATH|GATEWRIGHT_APP_\w+|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|USERPROFILE|HOMEDRIVE|HOMEPATH|APPDATA|LOCALAPPDATA|PROGRAMFILES|PROGRAMDATA)$/i;

export function appEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  options: { readonly directory: string; readonly preload: string; readonly handover: string },
): Record<string, string> {
  const passed = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && PASSES.test(entry[0]),
  );
  const path = passed.find(([name]) => name.toUpperCase() === 'PATH');
  const [pathName, pathText] = path ?? ['PATH', ''];
  const separator = process.platform === 'win32' ? ';' : ':';
  return {
    ...Object.fromEntries(passed),
    // As npm does for scripts: the project's own programs come first.
    [pathName]: [join(options.directory, 'node_modules', '.bin'), pathText].filter(Boolean).join(separator),
    NODE_OPTIONS: [`--require=${quoted(options.preload)}`, '--enable-source-maps', env.NODE_OPTIONS ?? '']
      .join(' ')
      .trim(),
    GATEWRIGHT_HANDOVER: options.handover,
  };
}

/** https://nodejs.org/api/cli.html#node_optionsoptions */
function quoted(path: string): string {
  return /[\s"\\]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&')}"` : path;
}
