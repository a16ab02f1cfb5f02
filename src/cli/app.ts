// Runs the program that `app` names, as a child without credentials, and brings back what it handed over. Shows what it
// printed where it failed. Knows nothing of what a program declares.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppRun, RunApp } from '../config';
import type { Finding } from '../config/findings';
import { manyLines } from '../render/sanitise';
import { appCommand, appEnvironment } from './app-command';
import type { Context } from './context';

/** Milliseconds. A program that declares a thousand endpoints takes one or two seconds. */
const PATIENCE = 120_000;
const MOST_OUTPUT = 16_000_000;
/** Of what a program printed, the end is what says why it failed. */
const MOST_LINES = 200;

const known = new WeakMap<Context, Map<string, AppRun>>();

/** Runs a program once, however often a command reads the project. */
export function appRunner(directory: string, context: Context, patience = PATIENCE): RunApp {
  return (app) => {
    const runs = known.get(context) ?? new Map<string, AppRun>();
    known.set(context, runs);
    const key = `${directory}\n${app}`;
    const ran = runs.get(key) ?? runApp(app, directory, context, patience);
    runs.set(key, ran);
    return ran;
  };
}

function runApp(app: string, given: string, context: Context, patience: number): AppRun {
  const directory = realpathSync(given);
  const node = {
    path: process.execPath,
    version: process.versions.node,
    typescript: (process.features as { readonly typescript?: unknown }).typescript,
  };
  const command = appCommand(app, directory, node);
  if ('problem' in command) return command;
  const handover = mkdtempSync(join(tmpdir(), 'gatewright-app-'));
  try {
    const preload = join(context.home, 'dist/src/cli/app-handover.js');
    const ended = spawnSync(command.program, command.words, {
      cwd: directory,
      env: appEnvironment(context.env, { directory, preload, handover }),
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      timeout: patience,
      killSignal: 'SIGKILL',
      maxBuffer: MOST_OUTPUT,
      windowsHide: true,
    });
    const files = readdirSync(handover).sort();
    const problem =
      problemOf(ended, command.program, patience) ?? (files.length === 0 ? DECLARES_NOTHING : undefined);
    if (problem !== undefined) {
      show(ended.stdout, context);
      show(ended.stderr, context);
      return { problem };
    }
    return { documents: files.map((file) => readFileSync(join(handover, file), 'utf8')), directory };
  } finally {
    rmSync(handover, { recursive: true, force: true });
  }
}

const DECLARES_NOTHING: Finding = {
  code: 'app-declares-nothing',
  message: 'the program ended without a GatewayApp',
  help: 'Let it make one: new GatewayApp(), of the package gatewright/constructs that this command belongs to.',
};

function problemOf(
  { error, status, signal }: Pick<ReturnType<typeof spawnSync>, 'error' | 'status' | 'signal'>,
  program: string,
  patience: number,
): Finding | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const failed = (message: string, help: string): Finding => ({ code: 'app-failed', message, help });
  const shown = 'What it printed stands above.';
  if (code === 'ENOENT')
    return failed(
      `there is no program ${program}`,
      'Install it in the project, or name a file such as gateways.ts.',
    );
  if (code === 'ETIMEDOUT') return failed(`the program did not end within ${patience / 1000} s`, shown);
  if (code === 'ENOBUFS') return failed(`the program printed more than ${MOST_OUTPUT / 1_000_000} MB`, shown);
  if (error !== undefined) return failed(`the program could not be run: ${code ?? 'no reason given'}`, shown);
  if (signal !== null) return failed(`the program was ended by ${signal}`, shown);
  return status === 0 ? undefined : failed(`the program ended with exit code ${status}`, shown);
}

/** Nothing was printed by what was never started. */
function show(printed: string | null, context: Context): void {
  const text = printed ?? '';
  const { redact } = require('../config/credentials') as typeof import('../config/credentials');
  const lines = text.trimEnd().split('\n');
  if (text.trim() === '') return;
  const left = lines.length > MOST_LINES ? [`(${lines.length - MOST_LINES} lines before these)`] : [];
  context.stderr.write(`${manyLines(redact([...left, ...lines.slice(-MOST_LINES)].join('\n')))}\n`);
}
