// What a block needs and does not say. Nothing is asked for where a name may only be misspelt.
import type { Findings } from './findings';
import { isSaid, type LayerValue, memberOf } from './layers';
import { locate } from './node';

/** `who` begins the sentence. Where live may have the rest, what is missing is a warning. */
export function checkNeeds(
  who: string,
  block: LayerValue,
  fields: readonly string[],
  findings: Findings,
  severity: 'error' | 'warning' = 'error',
): void {
  const absent = fields.filter((field) => !isSaid(memberOf(block, field)));
  if (absent.length > 0) reportMissing(who, block, absent.join(' and '), findings, severity);
}

export function reportMissing(
  who: string,
  block: LayerValue,
  what: string,
  findings: Findings,
  severity: 'error' | 'warning' = 'error',
): void {
  if (findings.isBroken(block.node)) return;
  const message = `${who} needs ${what}${severity === 'error' ? '' : ', unless the service has it'}`;
  findings[severity]({ code: 'missing-field', message, at: locate(block.node) });
}
