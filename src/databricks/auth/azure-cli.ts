// The login of the Azure CLI, for workspaces on Azure.
// https://learn.microsoft.com/en-us/azure/databricks/dev-tools/auth/azure-cli
import {
  AZURE_DATABRICKS,
  azureCloud,
  isTenant,
  MANAGEMENT_HEADER,
  NOT_AZURE,
  RESOURCE_HEADER,
} from './azure';
import { bearerCredentials, type Token } from './bearer';
import { type Method, type PassedOver, printable, type Surroundings } from './method';
import { askProgram, loginLost } from './program';

export const azureCli: Method = {
  authType: 'azure-cli',
  login: true,
  async configure(surroundings) {
    const cloud = azureCloud(surroundings.origin);
    if (cloud === undefined) return { passedOver: NOT_AZURE };
    const fetch = () => fetchToken(surroundings, cloud.management);
    const first = await fetch();
    if ('passedOver' in first) return first;
    return bearerCredentials({
      authType: 'azure-cli',
      clock: surroundings.clock,
      secrets: [],
      first,
      fetch: async () => {
        const token = await fetch();
        if ('passedOver' in token) throw loginLost('azure-cli', token);
        return token;
      },
    });
  },
};

async function fetchToken(surroundings: Surroundings, management: string): Promise<Token | PassedOver> {
  const token = await ask(surroundings, AZURE_DATABRICKS);
  const workspace = surroundings.settings.get('azure_workspace_resource_id');
  if ('passedOver' in token || workspace === undefined) return token;
  // Users without rights on the resource have no management token and need none.
  const proof = await ask(surroundings, management);
  if ('passedOver' in proof) return token;
  return {
    ...token,
    headers: {
      [RESOURCE_HEADER]: printable(workspace, 'azure_workspace_resource_id'),
      [MANAGEMENT_HEADER]: proof.value,
    },
  };
}

async function ask(surroundings: Surroundings, resource: string): Promise<Token | PassedOver> {
  const { run, settings } = surroundings;
  const args = ['account', 'get-access-token', '--resource', resource, '--output', 'json'];
  const tenant = settings.get('azure_tenant_id');
  const named = tenant !== undefined && isTenant(tenant);
  let printed = await askProgram(run, 'az', named ? [...args, '--tenant', tenant] : args);
  // A managed identity refuses to be told its tenant.
  if ('passedOver' in printed && named) printed = await askProgram(run, 'az', args);
  if ('passedOver' in printed) return printed;
  const value = printed.answer.accessToken;
  if (typeof value !== 'string') return { passedOver: '"az" printed no accessToken' };
  return { value: printable(value, 'the token of the Azure CLI'), expiresAt: expiryOf(printed.answer) };
}

/** `expires_on` in seconds since 1970; older versions print only local time without a zone. */
function expiryOf({
  expires_on: seconds,
  expiresOn: local,
}: {
  readonly [key: string]: unknown;
}): number | undefined {
  if (typeof seconds === 'number') return seconds * 1000;
  if (typeof local !== 'string') return undefined;
  const at = Date.parse(local.replace(' ', 'T').replace(/(\.\d{3})\d+$/, '$1'));
  return Number.isNaN(at) ? undefined : at;
}
