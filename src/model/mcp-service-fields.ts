// The field behaviour table of MCP services.
import type { FieldRow } from './fields';
import { CONFIG_ROW, SDK, SERVICE_FIELDS } from './service-fields';

export const MCP_SERVICE_FIELDS: readonly FieldRow[] = [
  CONFIG_ROW,
  ...SERVICE_FIELDS,
  {
    path: 'config.source_connection',
    unsettable: true,
    reason: 'Without a connection there is no server to ask.',
    source: SDK,
  },
  {
    path: 'config.source_connection.name',
    unsettable: true,
    direction: 'moves',
    reason: 'Another server answers.',
    source: SDK,
  },
  {
    path: 'config.include_tool_selectors',
    unordered: true,
    absent: [],
    direction: 'selects',
    reason: 'A set of tools, or of beginnings of their names; none exposes all tools.',
    source: SDK,
  },
];
