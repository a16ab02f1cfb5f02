// The token endpoint and its discovery document, so that clients with machine credentials can sign in. Without the knob
// `sign_in` every client is believed, and the token is the one that the simulator accepts.
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

export function postToken(workspace: Workspace, call: Call): Answer {
  const rules = workspace.settings.sign_in;
  if (rules === undefined)
    return json({ access_token: call.token ?? 'simulator', token_type: 'Bearer', expires_in: 3600 });
  const request = { form: new URLSearchParams(call.text), authorization: call.authorization };
  const { status, body } = workspace.signIns.answer(rules, request, workspace.clock.now());
  return { ...json(body), status };
}
