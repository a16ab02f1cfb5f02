// An MCP service of Unity AI Gateway as a construct: a connection to an MCP server, and which of its tools are offered.
import type { Construct } from 'constructs';
import type { McpServiceConfig } from '../src/config/generated/types';
import type { JsonObject } from '../src/model/json';
import type { McpServiceProps } from './generated/props';
import { UnityService } from './unity-services';

export class McpService extends UnityService {
  /** An entry in the API's own spelling. */
  static fromApi(scope: Construct, name: string, entry: McpServiceConfig): McpService {
    return new McpService(scope, name, { verbatim: entry } as McpServiceProps);
  }

  /** The id is the name, CATALOG.SCHEMA.NAME. */
  constructor(scope: Construct, name: string, props: McpServiceProps = {}) {
    const { verbatim } = props as { readonly verbatim?: JsonObject };
    super(
      scope,
      name,
      verbatim ?? props,
      'mcp_services',
      verbatim === undefined ? 'McpServiceProps' : 'Verbatim',
    );
  }
}
