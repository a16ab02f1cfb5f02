// The sections of a file that declare resources. Adding a kind is a definition in the authored schema, rows in the
// model's field table, and a row here.
import { checkEndpoint } from './endpoint-rules';
import { completeEndpoint, settleTraffic, spreadTraffic } from './endpoint-shorthands';
import type { LayerValue, MapValue } from './layers';
import type { Section } from './section';
import { checkMcpService, checkModelService, checkProviderService } from './service-rules';
import {
  completeMcpService,
  completeModelService,
  completeProviderService,
  settleRouting,
} from './service-shorthands';

export type { Section };

// What a part of a name may not hold: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-names
const PART = '[^\\s./*?\\u0000-\\u001f\\u007f]{1,255}';
const LAST_OF_GLOB = '[^\\s./\\u0000-\\u001f\\u007f]{1,255}';

/** What the services of Unity Catalog have in common. */
const SERVICE = {
  fields: ['comment', 'config', 'grants'],
  attachable: ['comment', 'config', 'grants'],
  name: new RegExp(`^${PART}\\.${PART}\\.${PART}$`),
  glob: new RegExp(`^${PART}\\.${PART}\\.${LAST_OF_GLOB}$`),
  nameSays:
    'CATALOG.SCHEMA.NAME, each of 1 to 255 characters without ".", "/" and blanks (a glob only in the last)',
  reserved: { names: /^system\./, says: 'services that Databricks makes' },
  spread: (value: LayerValue) => value,
  settle: (value: MapValue) => value,
};

export const SECTIONS: readonly Section[] = [
  {
    kind: 'serving_endpoints',
    fields: [
      'config',
      'ai_gateway',
      'permissions',
      'tags',
      'description',
      'route_optimized',
      'budget_policy_id',
      'email_notifications',
      'telemetry_config',
    ],
    attachable: ['ai_gateway', 'tags', 'permissions', 'email_notifications', 'telemetry_config'],
    entry: 'serving_endpoint',
    // Length and letters: https://docs.databricks.com/api/workspace/servingendpoints/create
    name: /^[A-Za-z0-9_-]{1,63}$/,
    glob: /^[A-Za-z0-9_*?-]{1,63}$/,
    nameSays: '1 to 63 letters, digits, "-" and "_"',
    namespace: 'serving endpoints',
    reserved: { names: /^databricks-/, says: 'endpoints that Databricks makes' },
    removedAs: 'serving_endpoint',
    complete: completeEndpoint,
    spread: spreadTraffic,
    settle: settleTraffic,
    check: checkEndpoint,
  },
  {
    ...SERVICE,
    kind: 'model_services',
    entry: 'model_service',
    // One for both: https://docs.databricks.com/api/workspace/aigateway/createmodelservice
    namespace: 'model services and model provider services',
    removedAs: 'model_service',
    complete: completeModelService,
    settle: settleRouting,
    check: checkModelService,
  },
  {
    ...SERVICE,
    kind: 'model_provider_services',
    entry: 'model_provider_service',
    namespace: 'model services and model provider services',
    removedAs: 'model_provider_service',
    complete: completeProviderService,
    check: checkProviderService,
  },
  {
    ...SERVICE,
    kind: 'mcp_services',
    entry: 'mcp_service',
    namespace: 'MCP services',
    removedAs: 'mcp_service',
    complete: completeMcpService,
    check: checkMcpService,
  },
];
