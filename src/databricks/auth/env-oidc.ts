// An identity token that the CI system put into a variable, exchanged at the workspace.
// https://docs.databricks.com/aws/en/dev-tools/auth/oauth-federation-provider
import { exchangeCredentials } from './exchange';
import type { Method } from './method';

export const envOidc: Method = {
  authType: 'env-oidc',
  async configure(surroundings) {
    const missing = surroundings.settings.missing('oidc_token');
    if (missing !== undefined) return { passedOver: missing };
    const token = surroundings.settings.get('oidc_token')!;
    return exchangeCredentials('env-oidc', surroundings, async () => token);
  },
};
