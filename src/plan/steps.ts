// From drafts of the wire to the steps of a plan: ordered by phase, with the request as it would be sent now.
import type { Json } from '../model/json';
import type { LiveResource } from '../model/resource';
import { wireOf } from '../wire';
import { pathOf, type Query } from '../wire/operation';
import { PHASES, type StepDraft } from '../wire/step';
import type { Step, Subject } from './types';

export function orderedSteps(
  drafts: readonly StepDraft[],
  subject: Subject,
  live: LiveResource | undefined,
): Step[] {
  const rank = ({ phase }: StepDraft) => PHASES.indexOf(phase);
  return [...drafts].sort((a, b) => rank(a) - rank(b)).map((draft) => stepOf(draft, subject, live));
}

export function stepOf(
  { operation, phase, ours, settles, note }: StepDraft,
  subject: Subject,
  live: LiveResource | undefined,
): Step {
  const wire = wireOf(subject.kind);
  const body: Json | undefined = wire.body({ operation: operation.id, ours }, subject.name, live);
  return {
    operation: operation.id,
    phase,
    method: operation.method,
    path:
      pathShown(operation, wire.params(operation, subject.name, live), subject) +
      queryShown(operation, wire.query?.({ operation: operation.id, ours }, subject.name), subject),
    ...(body === undefined ? {} : { body }),
    ours,
    ...(settles === undefined ? {} : { settles }),
    ...(note === undefined ? {} : { note }),
  };
}

/** A parameter that only a create will tell stands as `{id:chat}`. */
function pathShown(
  operation: StepDraft['operation'],
  params: Readonly<Record<string, string>>,
  subject: Subject,
): string {
  const unknown = Object.keys(params).filter((name) => params[name] === '');
  const shown = pathOf(operation, {
    ...params,
    ...Object.fromEntries(unknown.map((name) => [name, 'UNKNOWN'])),
  });
  return unknown.reduce((path, name) => path.replace('UNKNOWN', `{${name}:${subject.name}}`), shown);
}

/** An etag is another one by the time that the request is sent: it stands as `{etag:main.ai.chat}`. */
function queryShown(operation: StepDraft['operation'], query: Query | undefined, subject: Subject): string {
  const shown = Object.entries(query ?? {}).map(
    ([name, value]) => `${name}=${encodeURIComponent(value).replace(/%2F/g, '/').replace(/%2C/g, ',')}`,
  );
  if (operation.conditional === true) shown.push(`etag={etag:${subject.name}}`);
  return shown.length === 0 ? '' : `?${shown.join('&')}`;
}
