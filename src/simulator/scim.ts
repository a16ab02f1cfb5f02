// GET /api/2.0/preview/scim/v2/Me: who the token belongs to.
//
// https://docs.databricks.com/api/workspace/currentuser/me
import { type Answer, type Call, json } from './routing';
import type { Workspace } from './state';

export function getMe(workspace: Workspace, _call: Call): Answer {
  const { user_name, display_name, id, groups, service_principal } = workspace.me;
  const kind = service_principal ? 'ServicePrincipal' : 'User';
  return json({
    schemas: [
      `urn:ietf:params:scim:schemas:core:2.0:${kind}`,
      'urn:ietf:params:scim:schemas:extension:workspace:2.0:User',
    ],
    id,
    userName: user_name,
    displayName: display_name,
    active: true,
    ...(service_principal
      ? { applicationId: user_name }
      : { emails: [{ type: 'work', value: user_name, primary: true }] }),
    groups: groups.map((display, index) => ({
      display,
      type: 'direct',
      value: `${200 + index}`,
      $ref: `Groups/${200 + index}`,
    })),
  });
}
