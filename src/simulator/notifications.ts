// PATCH .../notifications: replaces the block; nothing sent clears it.
//
// https://docs.databricks.com/api/workspace/servingendpoints/updatenotifications
import type { JsonObject } from './json';
import { refuseSystemOwned } from './ownership';
import { type Answer, type Call, json } from './routing';
import { readBody, type Shape } from './shapes';
import type { Workspace } from './state';

export const EMAIL_NOTIFICATIONS: Shape = {
  fields: { on_update_failure: { list: 'string' }, on_update_success: { list: 'string' } },
};

export function patchNotifications(workspace: Workspace, call: Call): Answer {
  const endpoint = call.writable(workspace);
  refuseSystemOwned(endpoint, workspace, 'changed');
  const { email_notifications } = readBody(
    { fields: { email_notifications: EMAIL_NOTIFICATIONS } },
    call.body,
    workspace.reading,
  );
  const { email_notifications: _replaced, ...rest } = endpoint.body;
  const body: JsonObject = email_notifications === undefined ? rest : { ...rest, email_notifications };
  workspace.put(endpoint.with({ body }));
  return json({ email_notifications, name: endpoint.name });
}
