// A collection read to its end: page after page, until none is named. What has no pages is one.
import type { Client } from '../databricks/http';
import { isObject, type JsonObject } from '../model/json';
import type { Operation, PathParams, Query } from '../wire/operation';

export interface Paged {
  readonly operation: Operation;
  readonly query?: Query;
}

/** An empty page need not be the last. @throws Error when a page names itself as the next one */
export async function pages(
  client: Client,
  { operation, query = {} }: Paged,
  params: PathParams,
  signal?: AbortSignal,
): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  let token: string | undefined;
  for (;;) {
    const asked = token === undefined ? query : { ...query, page_token: token };
    const { body } = await client.call(operation, params, { query: asked, signal });
    const page = isObject(body) ? body : {};
    found.push(page);
    const { next_page_token: next } = page;
    if (typeof next !== 'string' || next === '') return found;
    if (next === token) throw new Error(`${operation.id} answers the same page again and again`);
    token = next;
  }
}
