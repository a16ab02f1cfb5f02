// Gateway endpoints of the former generation (Beta) on the wire: read, never written, since no public call writes them.
// They are no kind: nothing declares them. https://github.com/databricks/unity-gateway (src/ucode/databricks.py)
import { isList, isObject, type Json } from '../model/json';
import type { Operation } from './operation';

export const LIST_OLDER: Operation = {
  id: 'gateway-endpoints-v2.list',
  method: 'GET',
  path: '/api/ai-gateway/v2/endpoints',
  retry: 'read',
  pace: 'read',
};

export interface OlderEndpoint {
  readonly name: string;
  /** What its requests lead to, each with its share where one is answered: `gpt-5 (80 %)`. */
  readonly destinations: readonly string[];
}

/** What of a page is understood; its shape is not documented, so what is not understood is left out. */
export function olderFromWire(page: Json | undefined): OlderEndpoint[] {
  const list = isObject(page) && isList(page.endpoints) ? page.endpoints.filter(isObject) : [];
  return list.flatMap(({ name, config }) => {
    if (typeof name !== 'string' || name === '') return [];
    const inside =
      isObject(config) && isList(config.destinations) ? config.destinations.filter(isObject) : [];
    const destinations = inside.flatMap(({ name: to, traffic_percentage: share }) => {
      if (typeof to !== 'string') return [];
      return [typeof share === 'number' ? `${to} (${share} %)` : to];
    });
    return [{ name, destinations }];
  });
}
