// `policy list` and `policy explain`: the catalogue, and what of it holds here.
import { KINDS } from '../model/kinds';
import { CATALOGUE, PACKS } from '../policy/packs';
import type { Rule } from '../policy/rule';
import { safeJson } from '../render/sanitise';
import { wrap } from '../render/width';
import type { Args } from './args';
import type { Context } from './context';
import { EXIT, type ExitCode } from './exit-codes';
import { failure } from './failure';
import { nearest } from './nearest';
import { readPolicies } from './policies';
import { paintFor, widthFor } from './report';

export function list(operands: readonly string[], args: Args, context: Context): ExitCode {
  if (operands.length > 0)
    throw failure('usage', 'policy list takes no more words', { help: 'leave them out' });
  const policies = readPolicies(args, context);
  const rows = CATALOGUE.rules.map((rule) => {
    const held = policies?.active.rules.filter((one) => one.rule === rule) ?? [];
    const strictest = held.find(({ enforcement }) => enforcement === 'mandatory') ?? held[0];
    return { rule, held: strictest };
  });
  if (args.text('format') === 'json') {
    const rules = rows.map(({ rule, held }) => ({
      ...wordsOf(rule),
      severity: held?.severity ?? rule.severity,
      enforcement: held?.enforcement ?? rule.enforcement,
      held: held !== undefined,
    }));
    context.stdout.write(`${safeJson({ format: 'gatewright/policy-list/1', rules })}\n`);
    return EXIT.ok;
  }
  const paint = paintFor(context.stdout, context, args.on('no-color'));
  const wide = Math.max(...rows.map(({ rule }) => rule.id.length));
  for (const { rule, held } of rows) {
    const severity = held?.severity ?? rule.severity;
    const mark = policies === undefined ? '' : `${held === undefined ? ' ' : '*'} `;
    const line = `${mark}${rule.id.padEnd(wide)}  ${rule.alias}  ${severity.padEnd(8)}  ${rule.title}`;
    context.stdout.write(`${held === undefined && policies !== undefined ? paint.faint(line) : line}\n`);
  }
  const holding = policies === undefined ? undefined : rows.filter(({ held }) => held !== undefined).length;
  context.stdout.write(
    holding === undefined
      ? `\n${rows.length} rules. No policy holds here; begin with gatewright.policy.yaml: extends: [recommended]\n`
      : `\n${holding} of ${rows.length} rules hold here (*), by ${policies?.active.sets.join(', ')}.\n`,
  );
  return EXIT.ok;
}

function wordsOf({ id, alias, title, why, fix, packs, about, controls, params }: Rule) {
  return { id, alias, title, why, fix, packs, about, controls, params };
}

export function explain([name = '', ...more]: readonly string[], args: Args, context: Context): ExitCode {
  const rule = CATALOGUE.rules.find(({ id, alias }) => id === name || alias === name.toUpperCase());
  if (rule === undefined || more.length > 0) {
    const meant = nearest(
      name,
      CATALOGUE.rules.map(({ id }) => id),
    );
    throw failure('usage', more.length > 0 ? 'policy explain takes one rule' : `there is no rule "${name}"`, {
      help: meant === undefined ? '`gatewright policy list` names them all' : `did you mean "${meant}"?`,
    });
  }
  if (args.text('format') === 'json') {
    context.stdout.write(`${safeJson({ format: 'gatewright/policy-rule/1', ...wordsOf(rule) })}\n`);
    return EXIT.ok;
  }
  const width = widthFor(context.stdout, context);
  const paint = paintFor(context.stdout, context, args.on('no-color'));
  const flagged = rule.flagged[0];
  const packs = PACKS.filter((pack) => rule.packs.includes(pack.name)).map((pack) => pack.name);
  const given = flagged?.params === undefined ? [] : [`with params: ${JSON.stringify(flagged.params)}`];
  const before =
    flagged?.before === undefined
      ? []
      : ['before:', ...indented(`serving_endpoints:${flagged.before}`), 'after:'];
  const lines = [
    paint.strong(`${rule.id} (${rule.alias}): ${rule.title}`),
    `${rule.severity}, ${rule.enforcement}; in ${packs.join(', ')}; about ${rule.about === 'change' ? 'a change' : 'a state'}`,
    '',
    ...wrap(rule.why, width),
    ...wrap(`Way out: ${rule.fix}`, width),
    ...(rule.controls.length === 0 ? [] : wrap(`Controls: ${rule.controls.join(', ')}`, width)),
    ...Object.entries(rule.params).flatMap(([param, { says, default: standard }]) =>
      wrap(`Parameter ${param} (${JSON.stringify(standard)}): ${says}`, width),
    ),
    '',
    ['Flagged', ...given].join(' '),
    '',
    ...before,
    ...indented(`${flagged?.section ?? KINDS[0]?.kind}:${flagged?.files ?? ''}`),
  ];
  context.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.ok;
}

const indented = (text: string) => text.split('\n').map((line) => (line === '' ? '' : `  ${line}`));
