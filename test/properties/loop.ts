// What the loop's properties share: the real command line, in this process, against a simulator of its own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/cli/run';
import { type RecordedRequest, type SeededEndpoint, Simulator } from '../../src/simulator';
import { world } from '../cli/world';
import type { Estate } from '../generators/estate';
import { type Watch, watched } from '../governed/watch';

/** How many cases a property has, and where they start: both may be given to repeat a run. Where a case costs much it has fewer. */
export const casesOr = (usual: number) => Number(process.env.GATEWRIGHT_CASES ?? usual);
export const CASES = casesOr(2_000);
export const SEED = Number(process.env.GATEWRIGHT_SEED ?? Math.floor(Math.random() * 2 ** 31));
export const TOKEN = 'dapi-canary-7f3e9b1c55aa';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly requests: readonly RecordedRequest[];
}

export class Loop {
  private constructor(
    readonly simulator: Simulator,
    readonly watch: Watch,
    readonly directory: string,
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async open(environment: Readonly<Record<string, string>> = {}): Promise<Loop> {
    const { simulator, watch } = await watched(Simulator.start, { token: TOKEN, clock: 'manual' });
    return new Loop(simulator, watch, mkdtempSync(join(tmpdir(), 'gatewright-property-')), environment);
  }

  async close(): Promise<void> {
    await this.simulator.close();
    rmSync(this.directory, { recursive: true });
  }

  prepare(estate: Estate): void {
    this.simulator.seed({ serving_endpoints: estate.live as unknown as SeededEndpoint[] });
    writeFileSync(join(this.directory, 'gatewright.yaml'), JSON.stringify(estate.config));
  }

  /** Time passes only while the command sleeps, for the workspace too. No state on the way is less governed than both ends. */
  async gatewright(...argv: string[]): Promise<Ran> {
    this.simulator.clearRequests();
    let now = 1_790_000_000_000;
    const context = world({
      cwd: this.directory,
      env: { DATABRICKS_HOST: this.simulator.url, DATABRICKS_TOKEN: TOKEN, ...this.environment },
      clock: {
        now: () => now,
        sleep: async (ms) => {
          now += ms;
          this.simulator.advance(ms);
        },
      },
    });
    this.watch.begin();
    const code = await run(argv, context);
    expect(this.watch.end()).toEqual([]);
    const ran = { code, out: context.out(), err: context.err(), requests: [...this.simulator.requests] };
    expect(`${ran.out}${ran.err}`).not.toContain(TOKEN);
    return ran;
  }
}

export const methodsOf = ({ requests }: Ran) => new Set(requests.map(({ method }) => method));
