// The kind "MCP service": a connection to an MCP server, which of its tools are exposed, and limits.
//
// https://docs.databricks.com/api/workspace/aigateway/createmcpservice · masks and fields:
// https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/service/catalog.py (McpService, update_mcp_service)
import { invalid } from './errors';
import { isObject, type Json, type JsonObject } from './json';
import type { Kind } from './securable';
import { checkServiceLimits, SERVICE_LIMITS } from './service-limits';
import { checkServicePolicies, SERVICE_POLICIES } from './service-policies';
import type { Workspace } from './state';
import { named } from './uc-names';

const MOST_SELECTORS = 1024;
const LONGEST_SELECTOR = 256;
/** A name, or a prefix before `*`. */
const SELECTOR = /^[^*]*\*?$/;

export const MCP_SERVICES: Kind = {
  path: 'mcp-services',
  list: 'mcp_services',
  type: 'mcp_service',
  label: 'MCP service',
  shares: ['mcp-services'],
  shape: {
    fields: {
      comment: 'string',
      config: {
        fields: {
          source_connection: { fields: { name: 'string' } },
          include_tool_selectors: { list: 'string' },
          rate_limits: SERVICE_LIMITS,
          service_policies: SERVICE_POLICIES,
        },
      },
    },
  },
  masks: [
    'comment',
    'config',
    'config.source_connection.name',
    'config.include_tool_selectors',
    'config.rate_limits',
    'config.service_policies',
  ],
  systemMasks: ['config.rate_limits', 'config.service_policies'],
  settled({ workspace, config, touches }) {
    const out: JsonObject = { ...config };
    if (touches('source_connection.name'))
      out.source_connection = connectionOf(workspace, config.source_connection);
    if (touches('include_tool_selectors')) checkSelectors(config.include_tool_selectors);
    if (touches('rate_limits')) checkServiceLimits(config.rate_limits);
    if (touches('service_policies')) checkServicePolicies(config.service_policies);
    return out;
  },
  basic({ source_connection: _source, ...rest }) {
    return rest;
  },
  seeded(name, config) {
    return { config: { source_connection: { name: `connections/${name}` }, ...config }, outputs: {} };
  },
};

/** What a former connection answered of itself does not stay with another. */
function connectionOf(workspace: Workspace, wanted: Json | undefined): JsonObject {
  const at = 'config.source_connection.name';
  if (!isObject(wanted) || !wanted.name) throw invalid(`${at} is required.`);
  const name = named('connections', wanted.name, 3, at);
  const known = workspace.settings.connections;
  if (known !== undefined && !known.includes(name)) throw invalid(`${at}: '${name}' does not exist.`);
  return { name: wanted.name };
}

function checkSelectors(selectors: Json | undefined): void {
  const at = 'config.include_tool_selectors';
  const all = (selectors ?? []) as string[];
  if (all.length > MOST_SELECTORS) throw invalid(`${at}: at most ${MOST_SELECTORS} selectors are allowed.`);
  const wrong = all.findIndex((one) => one === '' || one.length > LONGEST_SELECTOR || !SELECTOR.test(one));
  if (wrong >= 0)
    throw invalid(
      `${at}[${wrong}] must be a tool name or a prefix before *, of at most ${LONGEST_SELECTOR} characters.`,
    );
}
