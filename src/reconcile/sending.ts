// Reading and writing one object: its whole answer with what is read apart, and a step as a request. Secrets
// are put in here, at the last moment, and nowhere else.
import { ApiError } from '../databricks/errors';
import type { Client } from '../databricks/http';
import type { Assignment } from '../model/assign';
import { isObject, type Json, type JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import type { LiveResource } from '../model/resource';
import type { Change, Step, Subject } from '../plan/types';
import { operationOf, wireOf } from '../wire';
import { pages } from './pages';
import { withExtras } from './refresh';

/** The value of an environment variable that a credential refers to. */
export type SecretSource = (name: string) => string | undefined;

const ENVIRONMENT = /^\$\{env\.([A-Za-z_][A-Za-z0-9_]*)\}$/;

export class Reader {
  constructor(
    readonly subject: Subject,
    /** Whether a field that needs a read of its own matters. */
    readonly asks: (field: string) => boolean,
    readonly client: Client,
    readonly signal: AbortSignal,
  ) {}

  /** What is live, with the fields that need a read of their own; undefined when there is none of that name. */
  async find(): Promise<LiveResource | undefined> {
    const live = await this.glance();
    return live === undefined ? undefined : withExtras(live, await this.#extras(live));
  }

  /** The same in one request: enough to see whether an update is under way. */
  async glance(): Promise<LiveResource | undefined> {
    const { kind, name } = this.subject;
    const wire = wireOf(kind);
    try {
      const { body } = await this.client.call(wire.get, { name }, { signal: this.signal });
      if (!isObject(body)) throw new Error(`an answer about "${name}" that is no object`);
      return wire.fromWire(body, true);
    } catch (error) {
      if (error instanceof ApiError && error.kind === 'not-found') return undefined;
      throw error;
    }
  }

  async #extras(live: LiveResource): Promise<JsonObject | undefined> {
    const found: { [field: string]: Json } = {};
    for (const extra of wireOf(this.subject.kind).extras) {
      const params = extra.params(live);
      if (params === undefined || !this.asks(extra.field)) continue;
      found[extra.field] = extra.fromWire(await pages(this.client, extra, params, this.signal));
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
  const ours = step.ours.map((one) => {
    const name = secretOf(change, one);
    return name === undefined ? one : { ...one, value: secret(name) ?? one.value };
  });
  const filled = { operation: step.operation, ours };
  const body = wire.body(filled, change.name, live);
  const conditional = operation.conditional === true && live?.etag !== undefined;
  await client.call(operation, wire.params(operation, change.name, live), {
    signal,
    query: { ...wire.query?.(filled, change.name), ...(conditional ? { etag: live.etag } : {}) },
    ...(body === undefined ? {} : { body }),
  });
}

/**
 * The environment variable that an assignment takes its value from. Only fields that the table says so of, and only
 * what we assign: a text that somebody put into the workspace is never looked up here.
 */
function secretOf({ kind }: Change, { path, value }: Assignment): string | undefined {
  if (typeof value !== 'string' || kindOf(kind).fields.row(path, '')?.secret !== 'resolved') return undefined;
  return ENVIRONMENT.exec(value)?.[1];
}

/** Environment variables that the change needs and that are not set: asked before anything is sent. */
export function missingSecrets(change: Change, secret: SecretSource): string[] {
  const names = change.steps.flatMap((step) => step.ours).flatMap((one) => secretOf(change, one) ?? []);
  return [...new Set(names)].filter((name) => (secret(name) ?? '') === '');
}
