// A workspace, a client and a clock that move together: whoever sleeps moves the time of both, so that a test of
// waiting takes no time. Entries are written as in test/plan/make.ts.
import type { Credentials } from '../../src/databricks/credentials';
import { type Client, createClient } from '../../src/databricks/http';
import type { Desired, DesiredResource } from '../../src/model/resource';
import { makePlan, type PlanRequest } from '../../src/plan/plan';
import type { Plan } from '../../src/plan/types';
import { type ApplyRequest, apply } from '../../src/reconcile/apply';
import type { ApplyEvent, Result } from '../../src/reconcile/events';
import { type RefreshRequest, refresh } from '../../src/reconcile/refresh';
import { type Fault, type SeededEndpoint, Simulator, type WorkspaceState } from '../../src/simulator';
import { PROJECT } from '../plan/make';

const START = Date.UTC(2026, 0, 1);
export const GRACE_MS = 6_000;
const CREDENTIALS: Credentials = {
  authType: 'pat',
  headers: async () => ({ authorization: 'Bearer any' }),
  refresh: async () => false,
  secrets: () => [],
};

export interface Applied {
  readonly results: readonly Result[];
  readonly events: readonly ApplyEvent[];
  /** `PUT chat/ai-gateway`, in the order of arrival. */
  readonly requests: readonly string[];
}

export class Stage {
  readonly slept: number[] = [];
  #now = START;
  /** Called before each sleep: a test may interrupt, or change the workspace behind our back. */
  onSleep: (ms: number) => void | Promise<void> = () => undefined;

  private constructor(
    readonly simulator: Simulator,
    readonly client: Client,
  ) {}

  static async open(): Promise<Stage> {
    const simulator = await Simulator.start({ clock: 'manual' });
    const stage: { clock?: Stage['clock'] } = {};
    const client = createClient({
      origin: simulator.url,
      credentials: CREDENTIALS,
      userAgent: 'test/1',
      readOnly: false,
      clock: { now: () => stage.clock!.now(), sleep: (ms, signal) => stage.clock!.sleep(ms, signal) },
      random: () => 0.5,
    });
    const opened = new Stage(simulator, client);
    stage.clock = opened.clock;
    return opened;
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.simulator.close();
  }

  readonly clock = {
    now: () => this.#now,
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      // The grace of an interrupt passes only where a test says so, by another figure.
      if (ms === GRACE_MS) return endless(signal);
      this.slept.push(ms);
      await this.onSleep(ms);
      signal?.throwIfAborted();
      this.#now += ms;
      this.simulator.advance(ms);
    },
  };

  /** A new workspace, and a new count of what was asked and slept. */
  seed(endpoints: readonly SeededEndpoint[], more: WorkspaceState = {}): void {
    this.simulator.clearFaults();
    this.simulator.seed({ ...more, serving_endpoints: [...endpoints] });
    this.forget();
    this.onSleep = () => undefined;
  }

  forget(): void {
    this.simulator.clearRequests();
    this.slept.length = 0;
  }

  fault(...faults: Fault[]): void {
    for (const fault of faults) this.simulator.addFault(fault);
  }

  refresh(resources: readonly DesiredResource[], more: Partial<RefreshRequest> = {}) {
    return refresh({
      client: this.client,
      desired: desiredOf(resources),
      mode: 'list',
      random: () => 0,
      parallelism: 1,
      ...more,
    });
  }

  async plan(resources: readonly DesiredResource[], more: Partial<PlanRequest> = {}): Promise<Plan> {
    const live = await this.refresh(resources);
    const made = makePlan({
      desired: desiredOf(resources),
      live,
      host: this.simulator.url,
      tool: '0.0.0',
      now: this.#now,
      ...more,
    });
    expect(made.diagnostics).toEqual([]);
    return made.plan;
  }

  async apply(
    { changes, pending = [] }: Pick<Plan, 'changes'> & Partial<Pick<Plan, 'pending'>>,
    more: Partial<ApplyRequest> = {},
  ): Promise<Applied> {
    this.forget();
    const events: ApplyEvent[] = [];
    const run = apply({
      plan: { changes, pending },
      client: this.client,
      clock: this.clock,
      parallelism: 1,
      proofMs: 60_000,
      settleMs: 45 * 60_000,
      graceMs: GRACE_MS,
      wait: true,
      secret: () => undefined,
      ...more,
    });
    for await (const event of run) events.push(event);
    const last = events.at(-1);
    return { results: last?.type === 'finished' ? last.results : [], events, requests: this.requests };
  }

  get requests(): string[] {
    return this.simulator.requests.map(
      ({ method, path }) =>
        `${method} ${path.replace(/^\/api\/2\.0\/(serving-endpoints\/?)?/, '') || 'list'}`,
    );
  }

  get writes(): string[] {
    return this.requests.filter((line) => !line.startsWith('GET'));
  }

  endpoint(name: string): SeededEndpoint | undefined {
    return this.simulator.snapshot().serving_endpoints?.find((one) => one.name === name);
  }
}

function endless(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
}

function desiredOf(resources: readonly DesiredResource[]): Desired {
  return { project: PROJECT, target: '', protect: false, resources, removed: [] };
}

/** A live endpoint of ours, as GET answers it. */
export function ours(name: string, more: Partial<SeededEndpoint> = {}): SeededEndpoint {
  return {
    name,
    id: `id-${name}`,
    tags: [{ key: 'gatewright_project', value: PROJECT }],
    ...more,
  };
}

export function limited(name: string, calls: number, more: Partial<SeededEndpoint> = {}): SeededEndpoint {
  return ours(name, {
    ai_gateway: { rate_limits: [{ calls, key: 'user', renewal_period: 'minute' }] },
    ...more,
  });
}
