// A service principal of Entra ID with a client secret.
// https://learn.microsoft.com/en-us/azure/databricks/dev-tools/auth/azure-sp
import {
  AZURE_DATABRICKS,
  azureCloud,
  isTenant,
  MANAGEMENT_HEADER,
  NOT_AZURE,
  RESOURCE_HEADER,
} from './azure';
import { bearerCredentials, type Token } from './bearer';
import { AuthError } from './error';
import { type Method, printable, type Surroundings } from './method';
import { tokenOf } from './token-client';

export const azureClientSecret: Method = {
  authType: 'azure-client-secret',
  async configure(surroundings) {
    const { settings, origin, clock } = surroundings;
    const missing = settings.missing('azure_client_id', 'azure_client_secret', 'azure_tenant_id');
    if (missing !== undefined) return { passedOver: missing };
    const cloud = azureCloud(origin);
    if (cloud === undefined) return { passedOver: NOT_AZURE };
    const tenant = settings.get('azure_tenant_id')!;
    if (!isTenant(tenant)) {
      throw new AuthError(
        'bad-credential',
        `${settings.nameOf('azure_tenant_id')} is not a tenant`,
        'It is a GUID or a domain such as example.onmicrosoft.com.',
      );
    }
    const url = `${cloud.login}/${tenant}/oauth2/token`;
    const workspace = settings.get('azure_workspace_resource_id');
    return bearerCredentials({
      authType: 'azure-client-secret',
      clock,
      secrets: settings.secrets(),
      fetch: async () => {
        const token = await ask(surroundings, url, AZURE_DATABRICKS);
        if (workspace === undefined) return token;
        // A principal that is not a member of the workspace proves instead that it may manage the resource.
        const management = await ask(surroundings, url, cloud.management);
        return {
          ...token,
          headers: {
            [RESOURCE_HEADER]: printable(workspace, settings.nameOf('azure_workspace_resource_id')),
            [MANAGEMENT_HEADER]: management.value,
          },
        };
      },
    });
  },
};

async function ask({ settings, clock, tokens }: Surroundings, url: string, resource: string): Promise<Token> {
  const answer = await tokens.ask({
    url,
    form: {
      grant_type: 'client_credentials',
      client_id: settings.get('azure_client_id')!,
      client_secret: settings.get('azure_client_secret')!,
      resource,
    },
    secrets: settings.secrets(),
    help: `Check ${settings.nameOf('azure_client_id')}, ${settings.nameOf('azure_client_secret')} and ${settings.nameOf('azure_tenant_id')}.`,
  });
  return tokenOf(answer, url, clock.now());
}
