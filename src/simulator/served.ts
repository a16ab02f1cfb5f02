// One running workspace as the server and the control plane see it: what it holds, what it was asked, how it
// is to fail. `Simulator` is its public face.
import type { Clock } from './clock';
import { Faults } from './faults';
import { RequestLimit } from './limiter';
import type { Workspace } from './state';
import type { RecordedRequest, SimulatorOptions, WorkspaceState } from './types';
import { settle } from './updates';

export class Served {
  readonly faults = new Faults();
  readonly limit: RequestLimit | undefined;
  requests: RecordedRequest[] = [];
  #index = 0;

  constructor(
    readonly options: Readonly<SimulatorOptions>,
    readonly workspace: Workspace,
    readonly clock: Clock,
    /** http://127.0.0.1:PORT */
    readonly url: string,
  ) {
    const per = options.rateLimit?.requestsPerSecond;
    this.limit = per === undefined ? undefined : new RequestLimit(per, clock);
  }

  /** Numbers the request and keeps it; the status is filled in when it is sent. */
  record(request: Omit<RecordedRequest, 'index'>): RecordedRequest {
    const recorded = { index: this.#index++, ...request };
    this.requests.push(recorded);
    return recorded;
  }

  snapshot(): WorkspaceState {
    settle(this.workspace);
    return this.workspace.snapshot();
  }

  advance(ms: number): void {
    this.clock.advance(ms);
    settle(this.workspace);
    this.workspace.save();
  }
}
