// What a workspace still has of the former generation of gateway endpoints. Reads alone; a workspace without that API has
// none.
import { ApiError } from '../databricks/errors';
import type { Client } from '../databricks/http';
import { LIST_OLDER, type OlderEndpoint, olderFromWire } from '../wire/older-endpoints';
import { pages } from './pages';

export interface OlderEndpoints {
  readonly found: readonly OlderEndpoint[];
  /** Why nobody knows whether there are any. */
  readonly unreadable?: string;
}

/** Without a page size such lists may be slow: https://github.com/databricks/unity-gateway */
const QUERY = { page_size: '100' };

export async function olderEndpoints(client: Client, signal?: AbortSignal): Promise<OlderEndpoints> {
  try {
    const found = await pages(client, { operation: LIST_OLDER, query: QUERY }, {}, signal);
    return { found: found.flatMap(olderFromWire) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.kind === 'not-found' || error.kind === 'feature-disabled') return { found: [] };
    return { found: [], unreadable: error.detail };
  }
}
