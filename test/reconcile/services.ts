// Services of Unity Catalog, planned and applied in this process against a simulated workspace: entries as the
// configuration hands them over, a clock that moves only while somebody sleeps, and a hand that writes in between.
import { type Client, createClient } from '../../src/databricks/http';
import type { JsonObject } from '../../src/model/json';
import type { DesiredResource, RemovedResource } from '../../src/model/resource';
import { makePlan, type PlanRequest } from '../../src/plan/plan';
import type { Change, Plan } from '../../src/plan/types';
import { apply } from '../../src/reconcile/apply';
import type { Result } from '../../src/reconcile/events';
import { refresh } from '../../src/reconcile/refresh';
import { type RecordedRequest, Simulator } from '../../src/simulator';

type State = Parameters<Simulator['seed']>[0];

export const MODEL = 'model_services';
export const PROVIDER = 'model_provider_services';
export const MCP = 'mcp_services';
export const SECRET = 'sk-canary-5b1f';

export function entry(
  kind: string,
  name: string,
  fields: JsonObject,
  more: Partial<DesiredResource> = {},
): DesiredResource {
  return {
    kind,
    key: name,
    name,
    pattern: /[*?]/.test(name),
    manage: 'full',
    protect: false,
    labels: {},
    fields,
    preview: {},
    origins: {},
    ...more,
  };
}

export function removed(kind: string, name: string): RemovedResource {
  const origin = { file: 'gatewright.yaml', line: 1, column: 1, layer: 'file' };
  return { kind, name, reason: 'no longer used', since: '2026-01-01', destroy: true, origin };
}

/** By an item key: `limit('user:ana@example.com', { requests: 5 })`. */
export function limit(key: string, counts: { requests?: number; tokens?: number }, period = 'MINUTE') {
  const [head = '', principal] = key.split(':');
  return {
    key: `RATE_LIMIT_KEY_${head.toUpperCase()}`,
    ...(principal === undefined ? {} : { principal }),
    renewal_period: `RATE_LIMIT_RENEWAL_PERIOD_${period}`,
    ...counts,
  };
}

export function payPerToken(name: string, more: JsonObject = {}): JsonObject {
  return {
    name,
    destination_type: 'DESTINATION_TYPE_PAY_PER_TOKEN_FOUNDATION_MODEL',
    pay_per_token_config: { model: `models/system.ai.${name}` },
    ...more,
  };
}

export function external(name: string, provider: string, model: string, more: JsonObject = {}): JsonObject {
  return {
    name,
    destination_type: 'DESTINATION_TYPE_EXTERNAL_FOUNDATION_MODEL',
    external_model_config: {
      model_provider_service: `model-provider-services/${provider}`,
      target: { model },
    },
    ...more,
  };
}

export function provisioned(name: string, endpoint: string, more: JsonObject = {}): JsonObject {
  return {
    name,
    destination_type: 'DESTINATION_TYPE_PROVISIONED_THROUGHPUT_FOUNDATION_MODEL',
    provisioned_throughput_config: { model_serving_endpoint: `serving-endpoints/${endpoint}` },
    ...more,
  };
}

export function routed(...destinations: JsonObject[]): JsonObject {
  return { routing: { destinations } };
}

export function openai(model = 'gpt-5', more: JsonObject = {}): JsonObject {
  return {
    provider_type: 'EXTERNAL_MODEL_PROVIDER_TYPE_OPENAI',
    openai: { direct: { api_key: { plaintext: '${env.OPENAI_KEY}' } } },
    targets: [{ model, native_api_types: ['openai/v1/responses'] }],
    ...more,
  };
}

export interface Told {
  readonly plan: Plan;
  readonly requests: readonly RecordedRequest[];
}

export class Services {
  #now = 0;
  readonly clock = {
    now: () => this.#now,
    sleep: async (ms: number) => {
      this.#now += ms;
      this.simulator.advance(ms);
    },
  };

  private constructor(
    readonly simulator: Simulator,
    readonly client: Client,
  ) {}

  static async open(): Promise<Services> {
    const simulator = await Simulator.start({ clock: 'manual' });
    const services: { clock?: Services['clock'] } = {};
    const clock = {
      now: () => services.clock?.now() ?? 0,
      sleep: async (ms: number) => services.clock?.sleep(ms),
    };
    const client = createClient({
      origin: simulator.url,
      credentials: {
        authType: 'pat',
        headers: async () => ({ authorization: 'Bearer any' }),
        refresh: async () => false,
        secrets: () => [],
      },
      userAgent: 'test',
      readOnly: false,
      clock,
      random: () => 0.5,
    });
    const opened = new Services(simulator, client);
    services.clock = opened.clock;
    return opened;
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.simulator.close();
  }

  /** What `src/simulator/README.md` calls a state, without the services that a workspace has by itself. */
  seed(state: object): void {
    this.simulator.clearFaults();
    this.simulator.seed({ model_services: [], ...(state as State) });
  }

  /** As GET answers it. */
  live(kind: 'model_services' | 'model_provider_services' | 'mcp_services', name: string): JsonObject {
    const found = this.simulator.snapshot()[kind]?.find((one) => String(one.name).endsWith(`/${name}`));
    if (found === undefined) throw new Error(`no ${name} among ${kind}`);
    return found as JsonObject;
  }

  config(kind: Parameters<Services['live']>[0], name: string): JsonObject {
    return this.live(kind, name).config as JsonObject;
  }

  /** A request as somebody in the UI would make it. */
  async byHand(method: string, path: string, body?: JsonObject): Promise<void> {
    const answer = await fetch(`${this.simulator.url}${path}`, {
      method,
      headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }

  async plan(
    resources: readonly DesiredResource[],
    more: Partial<PlanRequest> & { readonly removed?: readonly RemovedResource[] } = {},
  ): Promise<Told> {
    const { removed: gone = [], ...rest } = more;
    const desired = { project: 'p', target: '', protect: false, resources, removed: gone };
    this.simulator.clearRequests();
    const live = await refresh({
      client: this.client,
      desired,
      mode: 'list',
      random: () => 0.5,
      parallelism: 4,
    });
    const { plan } = makePlan({ desired, live, host: this.simulator.url, tool: '0', now: 0, ...rest });
    return { plan, requests: [...this.simulator.requests] };
  }

  /** `before` is asked before each write, and may write itself. */
  async apply(
    plan: Plan,
    before: (operation: string, write: number, name: string) => Promise<void> = async () => {},
  ): Promise<{ results: readonly Result[]; writes: readonly RecordedRequest[] }> {
    let write = 0;
    const client: Client = {
      origin: this.client.origin,
      stats: this.client.stats,
      close: () => this.client.close(),
      call: async (operation, params, options) => {
        if (operation.method !== 'GET') await before(operation.id, ++write, params?.name ?? '');
        return this.client.call(operation, params, options);
      },
    };
    this.simulator.clearRequests();
    let results: readonly Result[] = [];
    for await (const event of apply({
      plan,
      client,
      clock: this.clock,
      parallelism: 4,
      proofMs: 60_000,
      settleMs: 600_000,
      graceMs: 0,
      wait: true,
      secret: () => SECRET,
    })) {
      if (event.type === 'finished') results = event.results;
    }
    const writes = this.simulator.requests.filter(({ method }) => method !== 'GET');
    return { results, writes };
  }

  /** Plans, applies, and plans again, which must find nothing. */
  async settle(
    resources: readonly DesiredResource[],
    more: Parameters<Services['plan']>[1] = {},
  ): Promise<readonly RecordedRequest[]> {
    const { plan } = await this.plan(resources, more);
    expect(plan.refused).toEqual([]);
    const { results, writes } = await this.apply(plan);
    expect(results.map(({ outcome, message }) => [outcome, message])).toEqual(
      results.map(() => ['applied', undefined]),
    );
    const again = await this.plan(resources, more);
    expect([again.plan.changes, again.plan.refused]).toEqual([[], []]);
    return writes;
  }
}

export function only(plan: Plan): Change {
  const [change, ...others] = plan.changes;
  if (change === undefined || others.length > 0)
    throw new Error(`${plan.changes.length} changes; refused: ${JSON.stringify(plan.refused)}`);
  return change;
}

/** What was sent, without etags, which differ from run to run. */
export function sent(writes: readonly RecordedRequest[]): unknown[] {
  return writes.map(({ method, path, query, body }) => {
    const { etag: _, ...rest } = query;
    return [method, path.replace('/api/2.1/unity-catalog/', ''), rest, body];
  });
}
