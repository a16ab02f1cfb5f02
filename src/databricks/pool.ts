// The connection pool of undici without the rest of it: of what the whole library loads, three fifths of the time are
// for what no command uses (fetch, caches, mocks). Falls back to the whole, should a release move its files.
import type { Dispatcher, Pool } from 'undici';

type Load = (name: string) => unknown;

export function createPool(origin: string, options: Pool.Options, load: Load = require): Dispatcher {
  try {
    const Bare = load('undici/lib/dispatcher/pool') as typeof Pool;
    const request = load('undici/lib/api/api-request') as Dispatcher['request'];
    // The library puts its methods upon the pool when it is loaded whole.
    return Object.assign(new Bare(origin, options), { request });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    const { Pool } = load('undici') as typeof import('undici');
    return new Pool(origin, options);
  }
}
