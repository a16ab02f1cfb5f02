// GET /.well-known/databricks-config: what official clients ask a host before anything else, without a token.
//
// https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/oauth.py (HostMetadata)
import { type Answer, type Call, json } from './routing';
import type { Workspace } from './state';

const WORKSPACE_ID = '1000000000000000';

export function getHostMetadata(_workspace: Workspace, call: Call): Answer {
  return json({ oidc_endpoint: `${call.origin}/oidc`, workspace_id: WORKSPACE_ID, cloud: 'AWS' });
}
