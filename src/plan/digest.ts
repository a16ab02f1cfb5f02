// Digests: what an approval is bound to. Meaning goes in; comments, places, times and what is left alone
// stay out, so that an approval survives a moved comment and falls with a changed value.
import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '../model/json';
import type { FieldDifference } from './diff';
import type { Change } from './types';

/** `sha256:` and the hex digest over canonical JSON (RFC 8785). */
export function sha256(value: Json): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
}

export function fingerprint(id: string | undefined, managed: readonly FieldDifference[]): string {
  const fields = managed.map(({ path, live }) => [[...path], live] as Json);
  return sha256({ id: id ?? null, fields: sortCanonical(fields) });
}

export function planDigest(plan: { host: string; project: string; changes: readonly Change[] }): string {
  const changes = plan.changes.map(
    (change): Json => ({
      kind: change.kind,
      name: change.name,
      id: change.id ?? null,
      action: change.action,
      after: change.after.map(({ kind, name }): Json => ({ kind, name })),
      fingerprint: change.fingerprint,
      // The fingerprint binds what was live, but only the values themselves let apply see what has moved.
      differences: sortCanonical(
        change.differences.map(
          ({ segments, live, desired, again }) =>
            [[...segments], live, desired, ...(again === undefined ? [] : [again])] as Json,
        ),
      ),
      desired: change.desired,
      carried: change.carried ?? null,
      stamp: change.stamp ?? null,
      operations: change.steps.map(
        (step): Json => ({
          operation: step.operation,
          path: step.path,
          ours: sortCanonical(step.ours.map(({ path, value }) => [[...path], value] as Json)),
          settles: step.settles ?? false,
        }),
      ),
    }),
  );
  return sha256({ host: plan.host, project: plan.project, changes: sortCanonical(changes) });
}

function sortCanonical(values: readonly Json[]): Json[] {
  return values
    .map((value) => ({ value, text: canonicalJson(value) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ value }) => value);
}
