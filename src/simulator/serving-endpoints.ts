// GET list and GET one. Reads only.
//
// https://docs.databricks.com/api/workspace/servingendpoints/list · no parameters, no pages
import { noEndpoint } from './errors';
import type { Answer, Call } from './routing';
import type { Workspace } from './state';

export function listEndpoints(workspace: Workspace, call: Call): Answer {
  return { status: 200, text: workspace.list(call.stale) };
}

export function getEndpoint(workspace: Workspace, call: Call): Answer {
  const name = call.params.name!;
  const older = workspace.reads.take(name, call.stale);
  if (older === null) throw noEndpoint(name);
  if (older !== undefined) return { status: 200, text: older.detail };
  return { status: 200, text: call.endpoint(workspace).detail(workspace.me, workspace.shuffle) };
}
