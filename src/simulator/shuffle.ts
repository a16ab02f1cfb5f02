// The knob `shuffle_seed`: lists whose order the API does not promise come back in another order each time,
// the same orders for the same seed. https://github.com/databricks/cli/issues/5909 and
// https://github.com/databricks/terraform-provider-databricks/issues/5119 met such orders.
import { isObject, type Json } from './json';

const UNORDERED: ReadonlySet<string> = new Set([
  'endpoints',
  'served_entities',
  'served_models',
  'routes',
  'tags',
  'rate_limits',
  'access_control_list',
  'routing.destinations',
  'targets',
  'privilege_assignments',
  'privileges',
  'supported_api_types',
]);

export class Shuffle {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  value(body: Json): Json {
    return this.#walk(body) as Json;
  }

  list<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = Math.floor(this.#next() * (i + 1));
      [out[i], out[j]] = [out[j]!, out[i]!];
    }
    return out;
  }

  #walk(value: Json | undefined, key = '', within = ''): Json | undefined {
    if (Array.isArray(value)) {
      const items = value.map((item) => this.#walk(item) as Json);
      return UNORDERED.has(key) || UNORDERED.has(`${within}.${key}`) ? this.list(items) : items;
    }
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, this.#walk(member, name, key)]),
    );
  }

  /** mulberry32: small, and the same on every machine. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
}
