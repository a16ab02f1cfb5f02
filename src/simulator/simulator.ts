// A workspace that speaks HTTP: starts, stops, and can be looked into and driven. What a request does is in routes.ts.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Clock } from './clock';
import { Served } from './served';
import { serve } from './server';
import { Workspace } from './state';
import type { Fault, RecordedRequest, SimulatorOptions, WorkspaceState } from './types';

export class Simulator {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  readonly #server: Server;
  readonly #served: Served;

  private constructor(server: Server, served: Served) {
    this.url = served.url;
    this.#server = server;
    this.#served = served;
  }

  /**
   * Listens on `host` (default 127.0.0.1) and `port` (default: any free one).
   * @throws Error when the port is taken, or the state file or seed is no state.
   */
  static async start(options: SimulatorOptions & { port?: number; host?: string } = {}): Promise<Simulator> {
    const { port = 0, host = '127.0.0.1' } = options;
    const clock = new Clock(options.clock ?? 'real', options.now);
    const workspace = new Workspace(clock, options.stateFile);
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
    const name = host.includes(':') ? `[${host}]` : host;
    const url = `http://${name}:${(server.address() as AddressInfo).port}`;
    const served = new Served(options, workspace, clock, url);
    server.on('request', (req, res) => serve(served, req, res));
    return new Simulator(server, served);
  }

  /** Stops listening and cuts open connections. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  get requests(): readonly RecordedRequest[] {
    return this.#served.requests;
  }

  clearRequests(): void {
    this.#served.requests = [];
  }

  /** @throws Error when a word in it is not known or the path is no pattern. */
  addFault(fault: Fault): void {
    this.#served.faults.add(fault);
  }

  clearFaults(): void {
    this.#served.faults.clear();
  }

  /** What the workspace holds now; a seed made of it is the same workspace. */
  snapshot(): WorkspaceState {
    return this.#served.snapshot();
  }

  /** Replaces everything that the workspace holds. @throws Error when it is no state; then nothing has changed. */
  seed(state: WorkspaceState): void {
    this.#served.workspace.seed(state);
  }

  /** Moves time forward by so many milliseconds and settles what is due. */
  advance(ms: number): void {
    this.#served.advance(ms);
  }
}
