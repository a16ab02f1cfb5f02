// Azure as far as a login needs it: which cloud a workspace is in, by its host.
// https://learn.microsoft.com/en-us/azure/databricks/dev-tools/auth/aad-token-manual

export interface AzureCloud {
  /** Where Entra ID hands out tokens. */
  readonly login: string;
  /** What a token for the Azure management API is asked for. */
  readonly management: string;
}

/** The application that every Azure Databricks workspace is. */
export const AZURE_DATABRICKS = '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d';

export const RESOURCE_HEADER = 'x-databricks-azure-workspace-resource-id';
export const MANAGEMENT_HEADER = 'x-databricks-azure-sp-management-token';

const CLOUDS: readonly (AzureCloud & { readonly zone: string })[] = [
  {
    zone: '.azuredatabricks.net',
    login: 'https://login.microsoftonline.com',
    management: 'https://management.core.windows.net/',
  },
  {
    zone: '.databricks.azure.us',
    login: 'https://login.microsoftonline.us',
    management: 'https://management.core.usgovcloudapi.net/',
  },
  {
    zone: '.databricks.azure.cn',
    login: 'https://login.chinacloudapi.cn',
    management: 'https://management.core.chinacloudapi.cn/',
  },
];

/** Undefined when the host is not Azure's: an Azure token has no business there. */
export function azureCloud(origin: string): AzureCloud | undefined {
  const { hostname } = new URL(origin);
  return CLOUDS.find(({ zone }) => hostname.endsWith(zone));
}

export const NOT_AZURE = 'the workspace is not on Azure';

/** A tenant becomes part of a path and of a command line. */
export function isTenant(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9.-]{0,254}$/.test(text);
}
