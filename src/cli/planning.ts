// What plan, apply and drift share: the desired state, a refresh, a plan. One path, so that what is shown
// and what is applied cannot be two things.
import { readFileSync } from 'node:fs';
import { basename, isAbsolute, resolve } from 'node:path';
import { hasErrors } from '../model/diagnostic';
import type { Desired } from '../model/resource';
import { subjectOf } from '../plan/estate';
import type { PlanProblem } from '../plan/file';
import type { Plan, Subject } from '../plan/types';
import type { Args } from './args';
import { type Basis, selected } from './base';
import type { Context } from './context';
import { EXIT, type ExitCode } from './exit-codes';
import { Failure, failure } from './failure';
import type { FlagName } from './flags';
import { setAsideIn } from './journal';
import { PROJECT_FLAGS, projectDirectory, readProject } from './project';
import { printDiagnostics } from './report';
import { toolVersion } from './version';
import { WORKSPACE_FLAGS, type Workspace } from './workspace';

export const PLANNING_FLAGS: readonly FlagName[] = [
  ...PROJECT_FLAGS,
  ...WORKSPACE_FLAGS,
  'base',
  'desired',
  'refresh',
  'select',
  'exclude',
  'allow',
];

const DEFAULT_PARALLELISM = 64;

/** The desired state; warnings go to stderr, errors end the run with exit 3. */
export function readDesired(args: Args, context: Context): Desired {
  const file = args.text('desired');
  const loaded = file === undefined ? readProject(args, context) : readSynthesised(file, args, context);
  if (hasErrors(loaded.diagnostics) || loaded.desired === undefined) {
    throw new Failure(loaded.diagnostics, EXIT.invalid, loaded.texts);
  }
  printDiagnostics(loaded.diagnostics, context, { texts: loaded.texts, noColour: args.on('no-color') });
  return loaded.desired;
}

function readSynthesised(file: string, args: Args, context: Context) {
  const { readDesiredDocument } = require('../config') as typeof import('../config');
  const text = readFileSync(resolve(projectDirectory(args, context), file), 'utf8');
  // Where it lies says nothing to who reads of it, and is another path on every machine.
  const shown = isAbsolute(file) ? basename(file) : file;
  const document = readDesiredDocument(text, shown);
  const target = args.text('target');
  // The file may come from somebody who is not trusted with every target.
  if (target !== undefined && document.desired !== undefined && document.desired.target !== target) {
    throw failure(
      'unknown-target',
      `${file} was made for target "${document.desired.target}", not "${target}"`,
      {
        help: `make it for that target: gatewright synth -t ${target}`,
      },
    );
  }
  return { ...document, texts: new Map([[shown, text]]) };
}

export async function makePlanFor(
  desired: Desired,
  workspace: Workspace,
  args: Args,
  context: Context,
  { base, notices = [], changed, only, also = [] }: Basis = {},
): Promise<Plan> {
  const { refresh } = require('../reconcile/refresh') as typeof import('../reconcile/refresh');
  const { makePlan } = require('../plan/plan') as typeof import('../plan/plan');
  const asked = selection(args);
  const select = both(asked, changed);
  refuseUnknownAllowance(args.texts('allow'));
  const rotate = args.texts('rotate');
  refuseUnknownRotation(rotate, desired);
  const live = await refresh({
    client: workspace.client,
    desired,
    mode: args.text('refresh') === 'full' ? 'full' : 'list',
    random: () => context.random(),
    setAside: setAsideIn(args, context, { host: workspace.host, target: desired.target }),
    parallelism: args.number('parallelism') ?? DEFAULT_PARALLELISM,
    also,
    ...(select === undefined ? {} : { select }),
    ...(only === undefined ? {} : { only: asked === undefined ? only : selected(only, desired, asked) }),
  });
  const { plan, diagnostics } = makePlan({
    desired,
    live,
    host: workspace.host,
    tool: toolVersion(context),
    now: context.clock.now(),
    allow: args.texts('allow'),
    rotate,
    notices,
    ...(base === undefined ? {} : { base }),
    ...(select === undefined ? {} : { select }),
  });
  if (hasErrors(diagnostics)) throw new Failure(diagnostics, EXIT.invalid);
  if (asked !== undefined) refuseEmptySelection(plan, desired, asked, args);
  return plan;
}

function refuseUnknownAllowance(allowances: readonly string[]): void {
  const { ALLOWABLE, allowable } = require('../plan/guards') as typeof import('../plan/guards');
  const unknown = allowances.find((text) => !allowable(text));
  if (unknown === undefined) return;
  throw failure('usage', `--allow takes ${ALLOWABLE.join(', ')}, not "${unknown}"`, {
    help: 'name the guard, and after a colon the resource: --allow adopt-removes:chat',
  });
}

/** A misspelt name would leave a credential as it is, and say nothing. */
function refuseUnknownRotation(names: readonly string[], { resources }: Desired): void {
  const subjects = resources.map(subjectOf);
  const unknown = names.find((name) => !subjects.some((one) => one.name === name || one.address === name));
  if (unknown === undefined) return;
  throw failure('usage', `--rotate ${unknown} names no entry of the config`, {
    help: 'give an address such as model_provider_services.main.ai.openai, or a name',
  });
}

/** A misspelt pattern would otherwise look like an estate without changes. */
function refuseEmptySelection(
  plan: Plan,
  desired: Desired,
  select: (subject: Subject) => boolean,
  args: Args,
): void {
  const patterns = args.texts('select');
  const { changes, unchanged, observed, refused } = plan;
  const reached = changes.length + unchanged.length + observed.length + refused.length;
  const named = [...desired.resources, ...desired.removed].some((entry) => select(subjectOf(entry)));
  if (patterns.length === 0 || reached > 0 || named) return;
  throw failure('usage', `--select ${patterns.join(', ')} selects nothing`, {
    help: 'a pattern is held against addresses such as serving_endpoints.chat, and against names',
  });
}

type Selection = ((subject: Subject) => boolean) | undefined;

function both(one: Selection, other: Selection): Selection {
  if (one === undefined || other === undefined) return one ?? other;
  return (subject) => one(subject) && other(subject);
}

/** `--select` and `--exclude` match an address, `serving_endpoints.chat`, or a name alone. */
function selection(args: Args): Selection {
  const select = args.texts('select');
  const exclude = args.texts('exclude');
  if (select.length === 0 && exclude.length === 0) return undefined;
  const picomatch = require('picomatch') as typeof import('picomatch');
  const wanted = select.length === 0 ? () => true : picomatch([...select]);
  const unwanted = exclude.length === 0 ? () => false : picomatch([...exclude]);
  return ({ address, name }) => (wanted(address) || wanted(name)) && !unwanted(address) && !unwanted(name);
}

/** A refusal outranks differences; differences count only when asked for. */
export function planExit(plan: Plan, detailed: boolean): ExitCode {
  if (plan.refused.length > 0) return EXIT.refused;
  return detailed && plan.changes.length > 0 ? EXIT.differences : EXIT.ok;
}

/**
 * A saved plan, as `plan --out` wrote it. Anything else is refused with its reason; `toShow` lets pass what is
 * only altered, and hands back the reason.
 */
export function readPlanFile(
  file: string,
  context: Context,
  args: Args,
  toShow = false,
): { readonly plan: Plan; readonly problem?: PlanProblem } {
  const path = resolve(projectDirectory(args, context), file);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw failure('not-a-plan', `${file} is not JSON`, {
        help: 'make one with `gatewright plan --out FILE`',
      });
    throw error;
  }
  const { checkPlan } = require('../plan/file') as typeof import('../plan/file');
  const problem = checkPlan(value);
  if (problem === undefined) return { plan: value as Plan };
  if (toShow && problem.code === 'altered-plan') return { plan: value as Plan, problem };
  throw failure(problem.code, `${file}: ${problem.message}`, { help: problem.help });
}
