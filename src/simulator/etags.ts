// etags of services: another one after every write, and a write that names an older one is refused.
//
// https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/service/catalog.py (etag: base64 in
// JSON and, URL-encoded, in the query; empty or left out: unconditional)
import { createHash } from 'node:crypto';
import { ApiError } from './errors';
import type { Securable } from './securable';
import type { Settings } from './types';

/** Deterministic, so that the same run gives the same etags. */
export function etagAfter(former: string): string {
  return createHash('sha256').update(`etag ${former}`).digest().subarray(0, 16).toString('base64');
}

/** How a mismatch is answered; the sources name none. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: 'FAILED_PRECONDITION',
  409: 'ABORTED',
  412: 'PRECONDITION_FAILED',
};

/** @throws ApiError as `etag_refusal` says */
export function refuseStaleEtag(found: Securable, query: URLSearchParams, settings: Settings): void {
  const given = query.get('etag');
  if (given === null || given === '' || given === found.body.etag) return;
  const status = settings.etag_refusal ?? 409;
  throw new ApiError(
    status,
    REFUSALS[status] ?? 'ABORTED',
    `${found.kind.label} '${found.name}' has changed since it was read: the etag does not match.`,
  );
}
