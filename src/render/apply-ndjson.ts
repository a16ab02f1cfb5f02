// What happens during an apply, for programs: one JSON object a line, as schemas/events.schema.json promises it.
// Pure: the time of each event is handed in.
import type { Plan, Subject } from '../plan/types';
import type { ApplyEvent, Outcome, Result } from '../reconcile/events';
import { safeJsonLine } from './sanitise';

export const EVENTS_FORMAT = 'gatewright/events/1';

/** `at`: milliseconds since the epoch. '' for the last event, which `finishedLine` says with its exit code. */
export function eventLine(event: ApplyEvent, plan: Plan, at: number): string {
  switch (event.type) {
    case 'started':
      return line(event.type, at, {
        format: EVENTS_FORMAT,
        project: plan.project,
        target: plan.target,
        host: plan.host,
        digest: plan.digest,
        changes: event.changes,
      });
    case 'change-started':
      return line(event.type, at, { ...about(event.subject), steps: event.steps });
    case 'step-done':
      return line(event.type, at, {
        ...about(event.subject),
        step: event.step,
        of: event.of,
        operation: event.operation,
        sent: event.sent,
      });
    case 'waiting':
      return line(event.type, at, {
        ...about(event.subject),
        reason: event.reason,
        waited_ms: Math.round(event.forMs),
      });
    case 'change-done': {
      const { subject, outcome, message, help, fields } = event.result;
      return line(event.type, at, { ...about(subject), outcome, message, help, fields });
    }
    case 'finished':
      return '';
  }
}

export interface Finished {
  readonly results: readonly Result[];
  readonly interrupted: boolean;
  readonly exit: number;
}

/** The last line. A stream without it was cut off: what it does not tell is not known. */
export function finishedLine({ results, interrupted, exit }: Finished, at: number): string {
  const outcomes: Partial<Record<Outcome, number>> = {};
  for (const { outcome } of results) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return line('finished', at, { outcomes, interrupted, exit });
}

function about({ address, kind, name }: Subject): Subject {
  return { address, kind, name };
}

/** Members that say nothing are absent. */
function line(type: ApplyEvent['type'], at: number, members: object): string {
  return `${safeJsonLine({ type, at: new Date(at).toISOString(), ...members })}\n`;
}
