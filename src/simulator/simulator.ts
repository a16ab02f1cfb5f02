// A workspace that speaks HTTP: its life, its request log, its faults. What a request does is in routes.ts.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Clock } from './clock';
import { Faults } from './faults';
import { RequestLimit } from './limiter';
import { serve } from './server';
import { Workspace } from './state';
import type { Fault, RecordedRequest, SimulatorOptions, WorkspaceState } from './types';
import { settle } from './updates';

export class Simulator {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  /** @internal */
  readonly workspace: Workspace;
  /** @internal */
  readonly limit: RequestLimit | undefined;
  readonly #server: Server;
  readonly #faults = new Faults();
  #requests: RecordedRequest[] = [];
  #index = 0;

  private constructor(
    readonly options: Readonly<SimulatorOptions>,
    workspace: Workspace,
    server: Server,
    host: string,
  ) {
    this.workspace = workspace;
    this.#server = server;
    const per = options.rateLimit?.requestsPerSecond;
    this.limit = per === undefined ? undefined : new RequestLimit(per, workspace.clock);
    const { port } = server.address() as AddressInfo;
    this.url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  }

  /**
   * Listens on `host` (default 127.0.0.1) and `port` (default: any free one).
   * @throws Error when the port is taken, or the state file or seed is no state.
   */
  static async start(options: SimulatorOptions & { port?: number; host?: string } = {}): Promise<Simulator> {
    const { port = 0, host = '127.0.0.1' } = options;
    const workspace = new Workspace(new Clock(options.clock ?? 'real', options.now), options.stateFile);
    if (options.state !== undefined) workspace.seed(options.state);
    else workspace.load();
    const server = createServer({ keepAliveTimeout: 60_000 });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const simulator = new Simulator(options, workspace, server, host);
    server.on('request', (req, res) => serve(simulator, req, res));
    return simulator;
  }

  /** Stops listening and cuts open connections. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  get requests(): readonly RecordedRequest[] {
    return this.#requests;
  }

  clearRequests(): void {
    this.#requests = [];
  }

  get faults(): Fault[] {
    return this.#faults.all;
  }

  addFault(fault: Fault): void {
    this.#faults.add(fault);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  snapshot(): WorkspaceState {
    settle(this.workspace);
    return this.workspace.snapshot();
  }

  /** Replaces everything that the workspace holds. @throws Error when it is no state; then nothing has changed. */
  seed(state: WorkspaceState): void {
    this.workspace.seed(state);
  }

  /** Moves time forward and settles what is due. */
  advance(ms: number): void {
    this.workspace.clock.advance(ms);
    settle(this.workspace);
    this.workspace.save();
  }

  /** @internal Numbers the request and keeps it; the status is filled in when it is sent. */
  record(request: Omit<RecordedRequest, 'index'>): RecordedRequest {
    const recorded = { index: this.#index++, ...request };
    this.#requests.push(recorded);
    return recorded;
  }

  /** @internal */
  faultFor(request: RecordedRequest): Fault | undefined {
    return this.#faults.next(request);
  }
}
