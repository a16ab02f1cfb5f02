// The kinds of services that Unity Catalog holds, one row each.
import { MCP_SERVICES } from './mcp-services';
import { MODEL_PROVIDER_SERVICES } from './model-provider-services';
import { MODEL_SERVICES } from './model-services';
import type { Kind } from './securable';

export const KINDS: readonly Kind[] = [MODEL_SERVICES, MODEL_PROVIDER_SERVICES, MCP_SERVICES];
