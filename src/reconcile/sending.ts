// Reading and writing one object: its whole answer with what is read apart, and a step as a request. Secrets
// are put in here, at the last moment, and nowhere else.
import { ApiError } from '../databricks/errors';
import type { Client } from '../databricks/http';
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import type { LiveResource } from '../model/resource';
import type { Change, Step } from '../plan/types';
import { operationOf, wireOf } from '../wire';
import { pages } from './pages';
import { withExtras } from './refresh';

/** The value of an environment variable that a credential refers to. */
export type SecretSource = (name: string) => string | undefined;

const ENVIRONMENT = /^\$\{env\.([A-Za-z_][A-Za-z0-9_]*)\}$/;

export class Reader {
  constructor(
    readonly change: Change,
    readonly client: Client,
    readonly signal: AbortSignal,
  ) {}

  /** What is live; undefined when there is none of that name. */
  async find(): Promise<LiveResource | undefined> {
    const { change, client, signal } = this;
    const wire = wireOf(change.kind);
    try {
      const { body } = await client.call(wire.get, { name: change.name }, { signal });
      if (!isObject(body)) throw new Error(`an answer about "${change.name}" that is no object`);
      const live = wire.fromWire(body, true);
      return withExtras(live, await this.#extras(live));
    } catch (error) {
      if (error instanceof ApiError && error.kind === 'not-found') return undefined;
      throw error;
    }
  }

  async #extras(live: LiveResource): Promise<JsonObject | undefined> {
    const { change, client, signal } = this;
    const found: { [field: string]: Json } = {};
    for (const extra of wireOf(change.kind).extras) {
      const params = extra.params(live);
      const touched =
        change.desired[extra.field] !== undefined || change.carried?.[extra.field] !== undefined;
      if (params === undefined || !touched) continue;
      found[extra.field] = extra.fromWire(await pages(client, extra, params, signal));
    }
    return Object.keys(found).length === 0 ? undefined : found;
  }
}

export interface Sending {
  readonly change: Change;
  readonly step: Step;
  readonly live: LiveResource | undefined;
  readonly client: Client;
  readonly signal: AbortSignal;
  readonly secret: SecretSource;
}

export async function send({ change, step, live, client, signal, secret }: Sending): Promise<void> {
  const wire = wireOf(change.kind);
  const operation = operationOf(change.kind, step.operation);
  const body = wire.body(step, change.name, live);
  const conditional = operation.conditional === true && live?.etag !== undefined;
  await client.call(operation, wire.params(operation, change.name, live), {
    signal,
    query: { ...wire.query?.(step, change.name), ...(conditional ? { etag: live.etag } : {}) },
    ...(body === undefined ? {} : { body: withSecrets(body, secret) }),
  });
}

function withSecrets(value: Json, secret: SecretSource): Json {
  if (typeof value === 'string') {
    const name = ENVIRONMENT.exec(value)?.[1];
    return name === undefined ? value : (secret(name) ?? value);
  }
  if (isList(value)) return value.map((inner) => withSecrets(inner, secret));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withSecrets(inner, secret)]));
}

/** Environment variables that the change needs and that are not set: asked before anything is sent. */
export function missingSecrets(change: Change, secret: SecretSource): string[] {
  const names = change.steps
    .flatMap((step) => step.ours)
    .flatMap(({ value }) => (typeof value === 'string' ? (ENVIRONMENT.exec(value)?.[1] ?? []) : []));
  return [...new Set(names)].filter((name) => (secret(name) ?? '') === '');
}
