// What Databricks made, and names reserved for it: only the gateway block of such endpoints can be written.
//
// https://github.com/databricks/terraform-provider-databricks/issues/5261 (nothing but the gateway is writable)
// https://docs.databricks.com/api/workspace/servingendpoints/create (the reserved prefix)
import type { Endpoint } from './endpoint';
import { type ApiError, denied, invalid } from './errors';
import { isReserved } from './kinds';
import type { Workspace } from './state';

/** @throws ApiError as `system_refusal` says: the references do not tell 400 from 403. */
export function refuseSystemOwned(endpoint: Endpoint, workspace: Workspace, done: string): void {
  if (!endpoint.systemOwned && !isReserved(endpoint.name)) return;
  throw refusal(`Endpoint '${endpoint.name}' is managed by Databricks and cannot be ${done}.`, workspace);
}

export function refuseReservedName(name: string, workspace: Workspace): void {
  if (!isReserved(name)) return;
  throw refusal(`Endpoint name '${name}' is invalid: the prefix 'databricks-' is reserved.`, workspace);
}

/** How a write to what Databricks made is refused. */
export function refusal(message: string, workspace: Workspace): ApiError {
  return workspace.settings.system_refusal === 403 ? denied(message) : invalid(message);
}
