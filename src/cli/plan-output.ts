// A plan in the format that was asked for, for every command that has one to show. Renderers are loaded only when
// their format is.
import { relative, sep } from 'node:path';
import type { Plan } from '../plan/types';
import type { PlanView } from '../render/plan-order';
import type { Args } from './args';
import type { Context } from './context';
import { projectDirectory } from './project';
import { paintFor, widthFor } from './report';
import { toolVersion } from './version';

export const REVIEW_FORMATS = ['text', 'json', 'markdown', 'sarif', 'junit', 'github'] as const;

/** Where results without a place of their own are shown. */
export const ROOT_FILE = 'gatewright.yaml';

export function planOutput(
  plan: Plan,
  as: PlanView,
  args: Args,
  context: Context,
  options: { readonly verbose?: boolean } = {},
): string {
  switch (args.text('format')) {
    case 'json': {
      const { planJson } = require('../render/plan-json') as typeof import('../render/plan-json');
      return planJson(plan);
    }
    case 'markdown': {
      const { planMarkdown } = require('../render/plan-markdown') as typeof import('../render/plan-markdown');
      return planMarkdown(plan, { as });
    }
    case 'sarif': {
      const { planSarif } = require('../render/plan-sarif') as typeof import('../render/plan-sarif');
      const file = fromCheckout(args, context);
      return planSarif(plan, { as, file, version: toolVersion(context), fallback: ROOT_FILE });
    }
    case 'junit': {
      const { planJunit } = require('../render/plan-junit') as typeof import('../render/plan-junit');
      return planJunit(plan, as);
    }
    case 'github': {
      const { planGithub } = require('../render/plan-github') as typeof import('../render/plan-github');
      return planGithub(plan, { as, file: fromCheckout(args, context) });
    }
    default: {
      const { stdout } = context;
      const paint = paintFor(stdout, context, args.on('no-color'));
      const width = widthFor(stdout, context);
      if (as === 'drift') {
        const { driftText } = require('../render/drift-text') as typeof import('../render/drift-text');
        return driftText(plan, { paint, width });
      }
      const { planText } = require('../render/plan-text') as typeof import('../render/plan-text');
      return planText(plan, { paint, width, verbose: options.verbose === true });
    }
  }
}

/**
 * Code hosts place results by the path from the top of the checkout, wherever the step runs.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 */
export function fromCheckout(args: Args, context: Context): (file: string) => string {
  const { GITHUB_WORKSPACE: checkout } = context.env;
  const top = checkout === undefined || checkout === '' ? context.cwd : checkout;
  const way = relative(top, projectDirectory(args, context)).split(sep).join('/');
  return way === '' ? (file) => file : (file) => `${way}/${file}`;
}
