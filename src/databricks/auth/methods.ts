// All methods, in the order in which they are tried: that of the Go SDK, with which the official CLI and Terraform
// provider find theirs. https://github.com/databricks/databricks-sdk-go/blob/main/config/auth_default.go
import type { Credentials } from '../credentials';
import { azureCli } from './azure-cli';
import { azureClientSecret } from './azure-client-secret';
import { databricksCli } from './databricks-cli';
import { envOidc } from './env-oidc';
import { AuthError } from './error';
import { fileOidc } from './file-oidc';
import { githubOidc } from './github-oidc';
import type { Method, Surroundings } from './method';
import { oauthM2m } from './oauth-m2m';
import { pat } from './pat';

export const METHODS: readonly Method[] = [
  pat,
  oauthM2m,
  databricksCli,
  githubOidc,
  envOidc,
  fileOidc,
  azureClientSecret,
  azureCli,
];

/**
 * The first method that can be used, or the one that `auth_type` pins. A login of a program is not tried where a
 * credential was set on purpose: half a credential must not be replaced by somebody else's login.
 * @throws AuthError `no-credentials` names each method and why it was passed over.
 */
export async function chooseMethod(surroundings: Surroundings, source: string): Promise<Credentials> {
  const { settings, origin } = surroundings;
  const pinned = settings.get('auth_type');
  if (pinned !== undefined && !METHODS.some(({ authType }) => authType === pinned)) {
    throw new AuthError(
      'auth-type-unknown',
      `${settings.nameOf('auth_type')} says "${pinned}", which is not offered here`,
      `Use one of ${METHODS.map(({ authType }) => authType).join(', ')}.`,
    );
  }
  const explicit = settings.explicit();
  const reasons: string[] = [];
  for (const method of METHODS) {
    if (pinned !== undefined && method.authType !== pinned) continue;
    if (pinned === undefined && method.login && explicit.length > 0) {
      reasons.push(`${method.authType} (not tried beside ${explicit.join(', ')})`);
      continue;
    }
    const found = await method.configure(surroundings);
    if (!('passedOver' in found)) return found;
    reasons.push(`${method.authType} (${found.passedOver})`);
  }
  throw new AuthError(
    'no-credentials',
    `no credential for ${origin} in ${source}: ${reasons.join('; ')}`,
    `Set DATABRICKS_HOST and DATABRICKS_TOKEN, or log in with \`databricks auth login --host ${origin}\`.`,
  );
}
