// The config at a base: a git ref read without a checkout, or a file that synth made. What is wrong with it stops no
// plan; it only leaves origins unknown. What cannot be found at all does.
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LoadedProject } from '../config';
import { type Diagnostic, hasErrors, type Location } from '../model/diagnostic';
import type { Desired } from '../model/resource';
import { changedSince, type Named } from '../plan/changed';
import { subjectOf } from '../plan/estate';
import { type Base, unusable } from '../plan/origins';
import type { Notice, Subject } from '../plan/types';
import type { Args } from './args';
import type { Context } from './context';
import { EXIT } from './exit-codes';
import { Failure, failure } from './failure';
import { projectDirectory } from './project';

interface Past extends Pick<LoadedProject, 'diagnostics' | 'texts'> {
  /** As it was asked for. */
  readonly name: string;
  readonly commit?: string;
  readonly desired?: Desired;
  /** What a commit's files alone do not tell. */
  readonly beyond?: readonly string[];
}

/** What a plan takes of a base. */
export interface Basis {
  readonly base?: Base;
  readonly notices?: readonly Notice[];
  /** With `--since`: what is read and planned. */
  readonly changed?: (subject: Subject) => boolean;
  /** All that may be read, by name, where names tell it. */
  readonly only?: readonly Named[];
  /** Named by the base alone. */
  readonly also?: readonly Named[];
}

const ALL_PLANNED = 'Everything is read and planned instead; give a base that can be used to do less.';

export function basisOf(desired: Desired, args: Args, context: Context): Basis {
  const [base, since] = [args.text('base'), args.text('since')];
  if (base !== undefined && since !== undefined)
    throw failure('usage', '--base and --since are given both', {
      help: '--since tells origins too: keep it',
    });
  const name = base ?? since;
  if (name === undefined) return {};
  const past = readPast(name, desired.target, args, context);
  const problem = problemWith(past, desired);
  if (past.desired === undefined || problem !== undefined) {
    const { code, why, help } = problem ?? { code: 'base-invalid', why: 'it is invalid' };
    const otherwise = since === undefined ? undefined : ALL_PLANNED;
    const out = [help, otherwise].filter((one) => one !== undefined).join(' ');
    return { notices: [unusable(code, name, why, out === '' ? undefined : out)] };
  }
  const told: Base = {
    desired: past.desired,
    name,
    ...(past.commit === undefined ? {} : { commit: past.commit }),
  };
  if (since !== undefined) return basisSince({ ...told, since: true }, desired);
  const now = new Set(desired.resources.map(nameText));
  const also = past.desired.resources.filter((entry) => !entry.pattern && !now.has(nameText(entry)));
  return { base: told, also };
}

const nameText = ({ kind, name }: Named) => `${kind} ${name}`;

function basisSince(base: Base, desired: Desired): Basis {
  const changed = changedSince(desired, base.desired);
  const of = `${changed.entries} of ${desired.resources.length}`;
  const notice: Notice = {
    code: 'only-changed',
    severity: 'note',
    message: `only what changed in the config since ${base.name} is planned (${of} entries); drift elsewhere and orphans were not looked for`,
  };
  return {
    base,
    notices: [notice],
    changed: (subject) => changed.has(subject),
    ...(changed.names === undefined ? {} : { only: changed.names }),
  };
}

/** Of what may be read by name, what the flags select. */
export function selected(
  names: readonly Named[],
  desired: Desired,
  select: (subject: Subject) => boolean,
): Named[] {
  const entries = [...desired.resources.filter(({ pattern }) => !pattern), ...desired.removed];
  const subjects = new Map(entries.map((entry) => [nameText(entry), subjectOf(entry)]));
  return names.filter(({ kind, name }) =>
    select(subjects.get(nameText({ kind, name })) ?? { address: `${kind}.${name}`, kind, name }),
  );
}

/** The base as what is desired, for `drift --base`; its errors end the run with exit 3. */
export function readBaseAsDesired(name: string, args: Args, context: Context): Base {
  if (args.text('desired') !== undefined) {
    throw failure('usage', '--base and --desired are given both', {
      help: 'drift compares the workspace with one of them',
    });
  }
  const target = args.text('target');
  const past = readPast(name, target, args, context);
  const { desired, diagnostics, texts, commit } = past;
  const beyond = problemBeyond(past, target ?? desired?.target);
  if (beyond !== undefined) throw failure(beyond.code, `${name}: ${beyond.why}`, { help: beyond.help });
  if (desired === undefined || hasErrors(diagnostics)) throw new Failure(diagnostics, EXIT.invalid, texts);
  if (target !== undefined && desired.target !== target) {
    throw failure('unknown-target', `${name} was made for target "${desired.target}", not "${target}"`, {
      help: `make it for that target: gatewright synth -t ${target}`,
    });
  }
  return { desired, name, ...(commit === undefined ? {} : { commit }) };
}

interface Problem {
  readonly code: string;
  readonly why: string;
  readonly help?: string;
}

/** Code of another commit is not run, least of all beside a token: what it adds has to come as a file. */
function problemBeyond({ beyond = [] }: Past, target: string | undefined): Required<Problem> | undefined {
  if (beyond.length === 0) return undefined;
  const chosen = target === undefined || target === '' ? '' : ` -t ${target}`;
  return {
    code: 'base-needs-code',
    why: `its gatewright.yaml has ${beyond.join(' and ')}, and code of another commit is not run here`,
    help: `Make a file of it, in a checkout of that commit: gatewright synth${chosen} > base.json; then say --base base.json.`,
  };
}

function problemWith(past: Past, desired: Desired): Problem | undefined {
  const beyond = problemBeyond(past, desired.target);
  if (beyond !== undefined) return beyond;
  const error = past.diagnostics.find(({ severity }) => severity === 'error');
  const why =
    desired.target === '' ? 'it has targets, and none is meant' : `it has no target ${desired.target}`;
  const lacks = { code: 'base-without-target', why };
  if (error?.code === 'no-project') return { code: 'base-without-project', why: error.message };
  if (error?.code === 'unknown-target' && error.at === undefined) return lacks;
  if (error !== undefined) {
    const { at, message } = error;
    const place = at === undefined ? '' : `${at.file}:${at.line}:${at.column}: `;
    return { code: 'base-invalid', why: `${place}${message}` };
  }
  if (past.desired === undefined) return undefined;
  if (past.desired.target !== desired.target) return lacks;
  const [then, now] = [past.desired.host, desired.host];
  if (then === undefined || now === undefined || then === now) return undefined;
  return { code: 'base-elsewhere', why: `there the target is ${then}, here it is ${now}` };
}

/** `x.json`, `./x` and `/x` are files; anything else is a git ref. */
function isFile(name: string): boolean {
  return name.endsWith('.json') || /^(\.{0,2}[/\\]|[A-Za-z]:[/\\])/.test(name);
}

function readPast(name: string, target: string | undefined, args: Args, context: Context): Past {
  return isFile(name) ? readFile(name, args, context) : readRef(name, target, args, context);
}

function readFile(name: string, args: Args, context: Context): Past {
  const { DESIRED_FORMAT, readDesiredDocument } = require('../config') as typeof import('../config');
  const path = resolve(projectDirectory(args, context), name);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    throw failure('no-base', `there is no file ${name}`, {
      help: 'make one in a checkout of the base: gatewright synth > base.json. A name that ends in .json or holds a path is taken for a file, any other for a git ref',
    });
  }
  const text = readFileSync(path, 'utf8');
  if (!text.includes(DESIRED_FORMAT)) {
    throw failure('no-base', `${name} is not what synth prints`, {
      help: 'make it in a checkout of the base: gatewright synth > base.json',
    });
  }
  return { name, ...readDesiredDocument(text, name), texts: new Map([[name, text]]) };
}

function readRef(name: string, target: string | undefined, args: Args, context: Context): Past {
  const { loadProject } = require('../config') as typeof import('../config');
  const { gitSource } = require('../config/git-source') as typeof import('../config/git-source');
  const directory = projectDirectory(args, context);
  const source = gitSource(directory, name, context.env);
  const loaded = loadProject({
    source,
    variables: args.pairs('var'),
    past: true,
    ...(target === undefined || target === '' ? {} : { target }),
  });
  const folder = source.folder === '' ? '' : `${source.folder}/`;
  const { beyond } = loaded;
  return { name, commit: source.commit, beyond, ...placedAt((file) => `${name}:${folder}${file}`, loaded) };
}

/** As git calls a file of a commit, so that `git show` finds it: `main:gatewright.yaml`. */
function placedAt(fileOf: (file: string) => string, { desired, diagnostics, texts }: LoadedProject) {
  const place = <T extends Location>(at: T): T => ({ ...at, file: fileOf(at.file) });
  const moved = diagnostics.map((diagnostic): Diagnostic => {
    const { at, because } = diagnostic;
    return {
      ...diagnostic,
      ...(at === undefined ? {} : { at: place(at) }),
      ...(because?.at === undefined ? {} : { because: { ...because, at: place(because.at) } }),
    };
  });
  return {
    diagnostics: moved,
    texts: new Map([...texts].map(([file, text]) => [fileOf(file), text])),
    ...(desired === undefined
      ? {}
      : {
          desired: {
            ...desired,
            resources: desired.resources.map((resource) => ({
              ...resource,
              origins: Object.fromEntries(
                Object.entries(resource.origins).map(([path, origin]) => [path, place(origin)]),
              ),
            })),
            removed: desired.removed.map((entry) => ({ ...entry, origin: place(entry.origin) })),
          },
        }),
  };
}
