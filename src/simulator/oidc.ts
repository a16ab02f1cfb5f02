// The token endpoint and its discovery document, so that clients with machine credentials can sign in. Every
// client is believed; the token is the one that the simulator accepts.
//
// https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m
import { type Answer, type Call, json } from './routing';
import type { Workspace } from './state';

export function getAuthorizationServer(_workspace: Workspace, call: Call): Answer {
  const issuer = `${call.origin}/oidc`;
  return json({
    issuer,
    authorization_endpoint: `${issuer}/v1/authorize`,
    token_endpoint: `${issuer}/v1/token`,
  });
}

export function postToken(_workspace: Workspace, call: Call): Answer {
  return json({ access_token: call.token ?? 'simulator', token_type: 'Bearer', expires_in: 3600 });
}
