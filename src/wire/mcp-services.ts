// MCP services on the wire: a connection, the tools that are shown, limits.
import { LIMITS } from './service-spec';
import { unityService } from './unity-services';

export const mcpServices = unityService({
  kind: 'mcp_services',
  path: 'mcp-services',
  type: 'mcp_service',
  config: {
    source_connection: { name: true, is_deleted: 'answered', options: 'answered' },
    include_tool_selectors: true,
    rate_limits: [LIMITS],
  },
  masks: [
    { mask: 'config.source_connection.name' },
    { mask: 'config.include_tool_selectors' },
    { mask: 'config.rate_limits', system: true },
  ],
});
